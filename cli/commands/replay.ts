/**
 * `overworld replay`: what was recorded happens again, and is compared byte for byte; or its clients do again what they
 * did, over other links (`what-if.ts`).
 */
import path from 'node:path'
import type { ServerProgram } from '../../core/index.ts'
import type { Block, Entry, RecordingHeader } from '../../recording/index.ts'
import {
  explainCause,
  findCause,
  replaySteps,
  type Divergence,
  type DivergenceCause,
  type ReplayOptions,
  type ReplayResult,
} from '../../sim/index.ts'
import { RecordingFileReader, type RecordingDamage, type RecordingSource } from '../../transports/index.ts'
import { ExitCode, usageError } from '../exit-codes.ts'
import { findVersion } from '../find-version.ts'
import { formatCount, formatNumber, formatSeconds, sum } from '../numbers.ts'
import { loadProgram } from '../load-program.ts'
import { networkOption } from '../network.ts'
import { patiently, type Patience } from '../patience.ts'
import { parseDuration, parseOutage, parseProbability, parseSeed } from '../parse.ts'
import { describeChanges, describeDamage, forEachRecording, recordingsAt } from '../recordings.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'
import { askWhatIf, type WhatIfOptions } from '../what-if.ts'

interface ReplayCommandOptions extends WhatIfOptions {
  readonly until?: number
  readonly program?: string
  readonly json?: boolean
  readonly asScenario?: boolean
}

export const replayCommand: Subcommand = {
  usage: 'replay',
  summary: 'Run a recording of a server again, and compare all that it does byte for byte',
  examples: [
    ['overworld serve --record recordings', 'makes one'],
    ['overworld replay recordings', 'all recordings in a folder, each from its boot to its end'],
    ['overworld replay recordings --until 90s', 'as far as 90 s after the boot'],
    ['overworld replay recordings --program ./my-server.js', 'of your own server (docs/recording.md)'],
    ['overworld replay recordings --json | jq .identical', 'for programs'],
    [
      'overworld replay recordings --as-scenario --program ./my-server.js',
      'its clients once more, and what is not as it should be',
    ],
    ['overworld replay day.owrec --as-scenario --link 3g --outage 3s@12s', 'what if they had been on 3G, in a tunnel?'],
    [
      'overworld replay day.owrec --as-scenario --loss 5% --save day.json',
      'kept, for `overworld run` and `fuzz --from`',
    ],
  ],
  define(command, terminal, exitWith) {
    command
      .argument('<file|dir>', 'a recording, or a folder of them')
      .option('--until <duration>', 'no further than this after the boot, such as 90s', parseDuration)
      .option('--program <file>', 'a module whose default export is the server program that was recorded')
      .option('--json', 'end with the result as one JSON object; everything else goes to standard error')
      .option('--as-scenario', 'instead: the recorded clients do the same again in the simulator, with these')
      .option('--link <network>', 'their network, by name, such as 3g (docs/scenarios.md lists them)')
      .option('--delay <duration>', 'one way, such as 80ms (default: 20ms)', parseDuration)
      .option('--jitter <duration>', 'how far that spreads', parseDuration)
      .option('--loss <share>', 'of the packets, such as 5%', parseProbability)
      .option('--outage <duration@time>', 'nothing reaches anybody, such as 3s@12s (repeatable)', parseOutage)
      .option('--seed <number>', 'for every random choice, 0 to 4294967295 (default: 1)', parseSeed)
      .addOption(networkOption().default(undefined))
      .option('--no-keep-random', 'other random values than the recorded ones, from the beginning')
      .option('--app <file>', 'a module with your own apps, where that is not the whole program')
      .option('--save <file>', 'write the scenario, for `overworld run` and `overworld fuzz --from`')
      .option('--trace', 'tell every message')
      .addHelpText('after', REPLAY_EXIT_CODES)
      .action(async (place: string, options: ReplayCommandOptions) => {
        exitWith(await patiently(terminal, (patience) => replayAll(place, options, terminal, patience)))
      })
  },
}

const REPLAY_EXIT_CODES = `
Exit codes: 0 identical, 1 it came out differently, 2 bad usage, 4 a damaged file, whose intact part was replayed.
With --as-scenario: 0 all held, 1 an invariant broke, 2 and 4 as above.`

/** They make no difference to a replay byte for byte, so that who gives one wants something else. */
const WITH_SCENARIO = ['link', 'delay', 'jitter', 'loss', 'outage', 'seed', 'network', 'app', 'save', 'trace'] as const

interface Replayed {
  readonly source: RecordingSource
  /** Undefined: there was nothing intact to replay. */
  readonly result: ReplayResult | undefined
  readonly damage: RecordingDamage | undefined
  /** Why it diverged, in words. */
  readonly cause: readonly string[] | undefined
}

async function replayAll(
  place: string,
  options: ReplayCommandOptions,
  terminal: Terminal,
  patience: Patience,
): Promise<ExitCode> {
  const sources = recordingsAt(place, terminal.err)
  if (options.asScenario === true) return await askWhatIf(sources, options, terminal, patience)
  const stray = WITH_SCENARIO.find((name) => options[name] !== undefined)
  if (options.keepRandom === false) throw usageError('--no-keep-random is for --as-scenario')
  if (stray !== undefined) throw usageError(`--${stray} is for --as-scenario`)
  const say = options.json === true ? terminal.err : terminal.out
  const startedMs = performance.now()
  const all: Replayed[] = []
  const refused = await forEachRecording(sources, terminal, async (source) => {
    const replayed = await replayOne(source, options, patience)
    for (const line of describe(replayed)) say(line)
    all.push(replayed)
  })
  const wallSeconds = (performance.now() - startedMs) / 1000
  const summary = toJson(all, wallSeconds)
  if (options.json === true) terminal.out(JSON.stringify(summary))
  else if (summary.inputs > 0) terminal.out(describeSpeed(summary.recordedSeconds, wallSeconds))
  if (all.some(({ result }) => result?.divergence !== undefined)) return ExitCode.failed
  return all.some(({ damage }) => damage !== undefined) ? ExitCode.damagedFile : refused
}

async function replayOne(
  source: RecordingSource,
  options: ReplayCommandOptions,
  patience: Patience,
): Promise<Replayed> {
  const first = new RecordingFileReader(source.files)
  // The header says which program it is; everything else is read again.
  first.blocks().next()
  const { header } = first
  if (header === undefined) {
    return { source, result: undefined, damage: first.damage ?? lastDamage(source), cause: undefined }
  }
  if (header.isRedacted) throw usageError(`${source.name} is redacted: it can be inspected, but not replayed`)
  if (header.importedFrom !== '') {
    throw usageError(
      `${source.name} was imported from ${header.importedFrom}: it has what was seen on the wire, and nothing of what ` +
        'the server read; `overworld inspect` shows it, and --as-scenario runs it, but it cannot be replayed exactly',
    )
  }
  if (header.part > 0) {
    throw usageError(
      `${source.name} is file ${header.part + 1} of a recording, which begins with file 1: replay its folder`,
    )
  }
  const program = await loadProgram(options.program, header)
  const { until: untilMs = Infinity } = options
  let inputs = 0
  const pause = (): Promise<void> => patience.pause(() => `${source.name}: ${formatCount(inputs, 'input')} replayed`)
  const { result, damage } = await replayFiles(source, program, { untilMs, onInput: () => void inputs++ }, pause)
  if (result.divergence === undefined) return { source, result, damage, cause: undefined }
  const again = await replayFiles(source, program, { untilMs }, pause)
  const cause = await explain(header, program, options, findCause(result, again.result))
  return { source, result, damage, cause }
}

async function replayFiles(
  { files }: RecordingSource,
  program: ServerProgram,
  options: ReplayOptions,
  pause: () => Promise<void>,
): Promise<{ readonly result: ReplayResult; readonly damage: RecordingDamage | undefined }> {
  const reader = new RecordingFileReader(files)
  const blocks = reader.blocks()
  try {
    const steps = replaySteps(entriesOf(blocks), program, options)
    let step = steps.next()
    for (; step.done !== true; step = steps.next()) await pause()
    const result = step.value
    // A recording that has ended is followed by nothing but damage.
    if (result.end === 'ended') for (const _ of blocks);
    return { result, damage: reader.damage }
  } finally {
    blocks.return()
  }
}

/** Leaves the rest to whoever reads on. */
function* entriesOf(blocks: Iterator<Block, void>): Generator<Entry, void> {
  for (let next = blocks.next(); next.done !== true; next = blocks.next()) yield* next.value.entries
}

async function explain(
  header: RecordingHeader,
  program: ServerProgram,
  options: ReplayCommandOptions,
  cause: DivergenceCause,
): Promise<readonly string[]> {
  const { program: file } = options
  const code = await (file === undefined ? findVersion() : findVersion(path.dirname(path.resolve(file))))
  const changes = describeChanges(header, program, code)
  const comparison = changes.length > 0 ? 'changed' : header.commit === '' ? 'unknown' : 'same'
  return [...changes, explainCause(cause, comparison)]
}

/** Whoever takes the first block only does not see how the rest ends. */
function lastDamage({ files }: RecordingSource): RecordingDamage | undefined {
  const reader = new RecordingFileReader(files)
  for (const _ of reader.blocks());
  return reader.damage
}

function describe({ source, result, damage, cause }: Replayed): string[] {
  const lines: string[] = []
  if (result !== undefined) {
    const { inputs, outputs, divergence } = result
    const figures = `${formatCount(inputs, 'input')}, ${formatCount(outputs, 'output')}`
    lines.push(
      `${source.name}: ${figures}, ${divergence === undefined ? 'identical' : 'then it DIVERGED'}${describeEnd(result)}`,
    )
    if (divergence !== undefined)
      lines.push(
        ...describeDivergence(divergence),
        ...(cause ?? []).map((line, at) => (at === 0 ? `why: ${line}` : `  ${line}`)),
      )
  }
  if (damage !== undefined) lines.push(describeDamage(damage))
  return lines
}

function describeEnd({ end, endWhy }: ReplayResult): string {
  switch (end) {
    case 'unrecordable':
      return `, as far as it can be replayed (${endWhy})`
    case 'cut_off':
      return '; the recording was cut off there'
    default:
      return ''
  }
}

function describeDivergence(divergence: Divergence): string[] {
  const { atMs, input, connection, session, zone, recorded, now, bytes, ledTo } = divergence
  const where = [
    `${(atMs / 1000).toFixed(3)} s after the boot, input ${formatNumber(input)}`,
    ...(connection === undefined ? [] : [`connection ${connection}`]),
    ...(session === undefined ? [] : [`session ${session}`]),
    ...(zone === undefined ? [] : [`zone '${zone}'`]),
  ]
  return [
    `at ${where.join(', ')}`,
    `  recorded: ${recorded}`,
    `  now:      ${now}`,
    ...(bytes === undefined
      ? []
      : [`  byte ${bytes.at}, recorded: ${bytes.recorded}`, `  byte ${bytes.at}, now:      ${bytes.now}`]),
    'what led to it:',
    ...ledTo.map((line) => `  ${line}`),
  ]
}

function describeSpeed(recordedSeconds: number, wallSeconds: number): string {
  const times = recordedSeconds / wallSeconds
  const speed = times >= 1 ? `, ${formatNumber(times)} times as fast as it happened` : ''
  return `${formatSeconds(recordedSeconds)} of recording replayed in ${formatSeconds(wallSeconds)}${speed}`
}

interface Summary {
  readonly identical: boolean
  readonly inputs: number
  readonly outputs: number
  readonly recordedSeconds: number
  readonly wallSeconds: number
  readonly divergence: (Divergence & { readonly recording: string; readonly cause: string | undefined }) | null
  readonly damage: RecordingDamage | null
}

function toJson(all: readonly Replayed[], wallSeconds: number): Summary {
  const diverged = all.find(({ result }) => result?.divergence !== undefined)
  const results = all.flatMap(({ result }) => (result === undefined ? [] : [result]))
  return {
    identical: diverged === undefined && results.length > 0,
    inputs: sum(results.map(({ inputs }) => inputs)),
    outputs: sum(results.map(({ outputs }) => outputs)),
    recordedSeconds: sum(results.map(({ recordedSeconds }) => recordedSeconds)),
    wallSeconds,
    divergence:
      diverged?.result?.divergence === undefined
        ? null
        : { ...diverged.result.divergence, recording: diverged.source.name, cause: diverged.cause?.join('\n  ') },
    damage: all.find(({ damage }) => damage !== undefined)?.damage ?? null,
  }
}
