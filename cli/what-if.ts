/** `overworld replay --as-scenario`: the clients of a recording once more, over links of the user's choice. */
import { withWhatIf, type Scenario, type WhatIf } from '../scenarios/index.ts'
import type { World } from '../sim/index.ts'
import type { RecordingSource } from '../transports/index.ts'
import { runTelling } from './account-of-run.ts'
import { ExitCode, usageError } from './exit-codes.ts'
import { loadApps, type LoadedApps } from './load-apps.ts'
import type { Patience } from './patience.ts'
import { networkWords, type NetworkName } from './network.ts'
import { describeReading, readRecording } from './recorded-scenario.ts'
import { formatSeconds } from './numbers.ts'
import { forEachRecording } from './recordings.ts'
import { describeRun, runToJson } from './run-report.ts'
import { writeScenarioFile } from './scenario-file.ts'
import { shellCommand } from './shell-words.ts'
import type { Terminal } from './terminal.ts'

/** Options of `overworld replay` that go with `--as-scenario` only. */
export interface WhatIfOptions {
  readonly link?: string
  readonly loss?: number
  readonly delay?: number
  readonly jitter?: number
  readonly outage?: NonNullable<WhatIf['outages']>
  readonly seed?: number
  readonly network?: NetworkName
  readonly save?: string
  readonly app?: string
  readonly trace?: boolean
  readonly keepRandom?: boolean
}

export interface WhatIfRequest extends WhatIfOptions {
  readonly until?: number
  readonly program?: string
  readonly json?: boolean
}

export async function askWhatIf(
  sources: readonly RecordingSource[],
  options: WhatIfRequest,
  terminal: Terminal,
  patience: Patience,
): Promise<ExitCode> {
  if (options.save !== undefined && sources.length > 1) {
    throw usageError(`--save takes one recording, and there are ${sources.length}: name its file`)
  }
  if (options.program !== undefined && options.app !== undefined) {
    throw usageError('--program and --app both say what the server is: give one')
  }
  const loaded = await loadApps(options.program ?? options.app)
  const asked: Asked[] = []
  const refused = await forEachRecording(sources, terminal, async (source) => {
    asked.push(await askOne(source, options, loaded, terminal, patience))
  })
  if (options.json === true) {
    const held = asked.every(({ outcome }) => outcome !== 'broken')
    terminal.out(JSON.stringify({ held, runs: asked.map(({ json }) => json) }))
  }
  if (asked.some(({ outcome }) => outcome === 'broken')) return ExitCode.failed
  return asked.some(({ isDamaged }) => isDamaged) ? ExitCode.damagedFile : refused
}

interface Asked {
  readonly outcome: 'held' | 'broken' | 'nothing'
  readonly isDamaged: boolean
  readonly json: object
}

async function askOne(
  source: RecordingSource,
  options: WhatIfRequest,
  loaded: LoadedApps,
  terminal: Terminal,
  patience: Patience,
): Promise<Asked> {
  const isJson = options.json === true
  const say = isJson ? terminal.err : terminal.out
  const read = readRecording(source, {
    ...loaded,
    option: '--program',
    untilMs: options.until,
    keepRandom: options.keepRandom !== false,
  })
  const { made, damage } = read
  for (const line of describeReading(read)) say(line)
  const json = { recording: source.name, damage: damage ?? null, leftOut: made?.omissions ?? [] }
  const isDamaged = damage !== undefined || read.isHeadless
  if (made === undefined) return { outcome: 'nothing', isDamaged, json }
  const scenario = withWhatIf(made.scenario, whatIfOf(options))
  if (options.save !== undefined) {
    writeScenarioFile(options.save, scenario)
    say(`saved as ${options.save}`)
  }
  const { network = 'message', trace = false } = options
  const isTold = !isJson || trace
  let world: World | undefined
  const setting = {
    ...loaded,
    network,
    patience,
    onWorld: (made: World) => void (world = made),
    onProgress: () => terminal.progress(() => describeProgress(world?.nowMs ?? 0, scenario)),
  }
  const result = await runTelling(scenario, setting, trace ? 'all' : 'steps', (line) => {
    if (isTold) terminal.out(line)
  })
  const replayCommand = replayCommandOf(source, options, loaded)
  if (!isJson) for (const line of describeRun(result, network, loaded.apps, replayCommand)) terminal.out(line)
  return {
    outcome: result.held ? 'held' : 'broken',
    isDamaged,
    json: { ...json, ...runToJson(result, network, options.save, replayCommand) },
  }
}

function describeProgress(nowMs: number, { durationMs }: Scenario): string {
  return `${formatSeconds(nowMs / 1000)} of ${formatSeconds(durationMs / 1000)} have passed`
}

function whatIfOf({ link: preset, loss, delay, jitter, outage, seed }: WhatIfOptions): WhatIf {
  const link = {
    ...(delay !== undefined && { delayMs: delay }),
    ...(jitter !== undefined && { jitterMs: jitter }),
    ...(loss !== undefined && { loss }),
  }
  return {
    link,
    ...(preset !== undefined && { preset }),
    ...(outage !== undefined && { outages: outage }),
    ...(seed !== undefined && { seed }),
  }
}

/** What was saved, or the same question once more. */
function replayCommandOf({ files }: RecordingSource, options: WhatIfRequest, { words }: LoadedApps): string {
  const {
    save: saved,
    link,
    loss,
    delay,
    jitter,
    outage = [],
    seed,
    until,
    network = 'message',
    keepRandom = true,
  } = options
  const overworld = ['npx', '--no-install', 'overworld']
  const setting = [...words, ...networkWords(network)]
  if (saved !== undefined) return shellCommand(...overworld, 'run', saved, ...setting)
  const [file = ''] = files
  const question = [
    ...(until === undefined ? [] : ['--until', `${until}ms`]),
    ...(link === undefined ? [] : ['--link', link]),
    ...(delay === undefined ? [] : ['--delay', `${delay}ms`]),
    ...(jitter === undefined ? [] : ['--jitter', `${jitter}ms`]),
    ...(loss === undefined ? [] : ['--loss', String(loss)]),
    ...outage.flatMap(({ atMs, forMs }) => ['--outage', `${forMs}ms@${atMs}ms`]),
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
    ...(keepRandom ? [] : ['--no-keep-random']),
  ]
  return shellCommand(...overworld, 'replay', placeOf(files, file), '--as-scenario', ...question, ...setting)
}

/** A recording of several files is replayed by its folder. */
function placeOf(files: readonly string[], first: string): string {
  return files.length === 1 ? first : first.replace(/[^\\/]+$/, '')
}
