/** Recordings as scenarios: the same clients do the same again, against the server of now. */
import { BlockReader, type RecordingHeader } from 'overworld'
import {
  NAMED_SCENARIOS,
  readScenario,
  runScenario,
  scenarioOfRecording,
  simulatedArena,
  simulatedChat,
  type RecordingScenario,
  type RunResult,
  type Scenario,
} from 'overworld/scenarios'
import { describe, expect, it } from 'vitest'
import { entriesOf, filesOf, recordingBoot, type RecordedLife } from './recorded-run.ts'

const apps = [simulatedChat, simulatedArena(100)]
const codecs = apps.map(({ app }) => app)

interface RecordedRun {
  readonly result: RunResult
  readonly lives: readonly RecordedLife[]
  /** When everybody was told to leave. */
  readonly leavingAtMs: number
}

function record(scenario: Scenario): RecordedRun {
  const lives: RecordedLife[] = []
  let leavingAtMs = 0
  const result = runScenario(scenario, {
    apps,
    boot: recordingBoot(lives, { configuration: { server: serverOptionsOf(scenario) } }),
    onEvent(event) {
      if (event.kind === 'phase' && event.phase === 'leaving') leavingAtMs = event.atMs
    },
  })
  return { result, lives, leavingAtMs }
}

function serverOptionsOf({ server }: Scenario): object {
  const { disconnectTimeoutMs = 5_000, livenessTimeoutMs = 10_000 } = server
  return { disconnectTimeout: disconnectTimeoutMs, livenessTimeout: livenessTimeoutMs }
}

function convert(life: RecordedLife, untilMs = Infinity): RecordingScenario {
  const files = filesOf(life)
  const reader = new BlockReader()
  let header: RecordingHeader | undefined
  for (const file of files) for (const block of reader.push(file)) header ??= block.header
  if (header === undefined) throw new Error('a recording without a header')
  return scenarioOfRecording({ header, entries: entriesOf(files), apps: codecs, untilMs })
}

/** For each session that is in a zone: which one. */
function membersOf({ clients }: RunResult): readonly string[] {
  const zones = new Map([...clients.values()].map(({ sessionId, zone }) => [sessionId, zone]))
  return [...zones.values()].filter((zone) => zone !== undefined).sort()
}
const SESSION_PREFIX = '0064'
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A server that has lost its memory makes another recording, which has no end of its own. */
const CLEAN = NAMED_SCENARIOS.filter(({ steps }) => !steps.some(({ do: what }) => what === 'crash'))

describe('a recorded run of a named scenario, as a scenario over clean links', () => {
  it.each(CLEAN.map(({ name }) => name))('%s: holds, hears the same, and ends where it ended', (name) => {
    const scenario = NAMED_SCENARIOS.find((each) => each.name === name)
    if (scenario === undefined) throw new Error(name)
    const { result, lives, leavingAtMs } = record(scenario)
    const [life] = lives
    if (life === undefined) throw new Error('nothing was recorded')
    const heardThen = [...entriesOf(filesOf(life))].flatMap((entry) =>
      entry.kind === 'message' && entry.atMs < leavingAtMs ? [toHex(entry.bytes)] : [],
    )
    const { scenario: again } = convert(life, leavingAtMs - 1)
    const heardNow: string[] = []
    const rerun = runScenario(again, {
      apps,
      onEvent(event) {
        if (event.kind === 'turn' && event.turn.input.kind === 'message') heardNow.push(toHex(event.turn.input.bytes))
      },
    })
    expect(rerun.failure).toBeUndefined()
    expect(membersOf(rerun)).toEqual(membersOf(result))
    expect(wordsOf(heardNow)).toEqual(wordsOf(heardThen))
    expect(readScenario(JSON.parse(JSON.stringify(again)))).toEqual(again)
  })
})

/** What was said, joins and parts included: each once, since these are repeated where that is needed. */
function wordsOf(heard: readonly string[]): readonly string[] {
  return [...new Set(heard.filter((hex) => !hex.startsWith(SESSION_PREFIX)))].sort()
}
