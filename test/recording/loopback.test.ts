/**
 * Each named scenario on real sockets, recorded into files and replayed. OVERWORLD_LOOPBACK=full runs them in real
 * time, all at once.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { Entry, ServerProgram } from 'overworld'
import {
  NAMED_SCENARIOS,
  runScenarioOnLoopback,
  simulatedArena,
  simulatedChat,
  type Scenario,
} from 'overworld/scenarios'
import { replay, type BootServer } from 'overworld/sim'
import { findRecordings, RecordingFileReader, recordToFolder, type RecordingToFolder } from 'overworld/transports'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Life {
  readonly program: ServerProgram
  readonly folder: string
  readonly recording: RecordingToFolder
}

const isFull = process.env['OVERWORLD_LOOPBACK'] === 'full'
const SPEED = isFull ? 1 : Infinity
const AT_ONCE = isFull ? NAMED_SCENARIOS.length : 1

describe('a named scenario on real loopback sockets replays identically', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'overworld-loopback-'))
  const lives = new Map<string, readonly Life[]>()

  beforeAll(async () => {
    const waiting = [...NAMED_SCENARIOS]
    const runSome = async (): Promise<void> => {
      for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
        lives.set(scenario.name, await record(scenario, folder))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, runSome))
  }, 900_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(NAMED_SCENARIOS.map(({ name }) => name))('%s', (name) => {
    const recorded = lives.get(name) ?? []
    expect(recorded.length).toBeGreaterThan(0)
    let sessions = 0
    for (const life of recorded) {
      const [source] = findRecordings(life.folder)
      const reader = new RecordingFileReader(source?.files ?? [])
      const result = replay(entriesOf(reader), life.program, {
        onInput: (_input, server) => (sessions = Math.max(sessions, server?.stats().sessionsStartedTotal ?? 0)),
      })
      expect(result.divergence).toBeUndefined()
      expect(result).toMatchObject({ identical: true, end: 'ended' })
      expect(reader.damage).toBeUndefined()
    }
    expect(sessions).toBeGreaterThan(0)
  })
})

/** Each life of its server. */
async function record(scenario: Scenario, folder: string): Promise<readonly Life[]> {
  const lives: Life[] = []
  const boot: BootServer = (program, { clock, random, network, shell }) => {
    const ofLife = path.join(folder, `${scenario.name}-${lives.length}`)
    const recording = recordToFolder(program, network, { folder: ofLife, clock, random, shell })
    lives.push({ program, folder: ofLife, recording })
    return recording.server
  }
  const { tickMs = 100 } = scenario.server
  const apps = [simulatedChat, simulatedArena(tickMs)]
  const { failure } = await runScenarioOnLoopback(scenario, { apps, boot, speed: SPEED })
  expect(failure).toBeUndefined()
  for (const { recording } of lives) await recording.end('the scenario is over')
  return lives
}

function* entriesOf(reader: RecordingFileReader): Generator<Entry> {
  for (const { entries } of reader.blocks()) yield* entries
}
