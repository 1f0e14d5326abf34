/** Recordings as scenarios (`overworld replay --as-scenario`, `overworld fuzz --from`). */
import { OverworldError } from '../core/index.ts'
import type { Block, Entry } from '../recording/index.ts'
import { scenarioOfRecording, type RecordingScenario, type SimulatedApp } from '../scenarios/index.ts'
import { RecordingFileReader, type RecordingDamage, type RecordingSource } from '../transports/index.ts'
import { usageError } from './exit-codes.ts'
import { askFor, servedProgram } from './load-program.ts'
import { formatCount, formatNumber, formatSeconds } from './numbers.ts'
import { describeDamage } from './recordings.ts'

export interface ReadingOptions {
  readonly apps: readonly SimulatedApp[]
  /** Undefined: the user has given no module, so that `apps` are the reference apps. */
  readonly appFile: string | undefined
  /** With which the command takes a module of the user's own. */
  readonly option: '--app' | '--program'
  readonly untilMs: number | undefined
  /** The random values of the recording are kept while its history is. */
  readonly keepRandom: boolean
}

export interface ReadRecording {
  /** Undefined: nothing of it is intact. */
  readonly made: RecordingScenario | undefined
  readonly damage: RecordingDamage | undefined
  /** It begins in the middle: its first file is not there. */
  readonly isHeadless: boolean
}

/** Throws a usage error where the recording is of no use for this. */
export function readRecording(
  { name, files }: RecordingSource,
  { apps, appFile, option, untilMs, keepRandom }: ReadingOptions,
): ReadRecording {
  const reader = new RecordingFileReader(files)
  const blocks = reader.blocks()
  const first = blocks.next()
  const { header } = reader
  if (first.done === true || header === undefined) return { made: undefined, damage: reader.damage, isHeadless: false }
  const served = servedProgram(header.configuration)
  try {
    if (appFile === undefined && served !== undefined) throw usageError(`${name}: ${askFor(option, served)}`)
    const made = scenarioOfRecording({
      header,
      entries: entriesOf(first.value, blocks),
      apps: apps.map(({ app }) => app),
      isOfProgram: apps.some(({ program }) => program !== undefined),
      ...(untilMs !== undefined && { untilMs }),
      ...(keepRandom && { keepRandom: apps }),
    })
    refuseYears(name, made.scenario.durationMs, untilMs)
    return { made, damage: reader.damage, isHeadless: header.part > 0 }
  } catch (error) {
    if (!(error instanceof OverworldError) || error.code !== 'bad_option') throw error
    const isOfOthers = header.apps.some(({ prefix }) => !apps.some(({ app }) => app.prefix === prefix))
    throw usageError(`${name}: ${error.message}${isOfOthers ? '; give your own with --app' : ''}`)
  } finally {
    blocks.return()
  }
}

/** A longer one is simulated only on request: a clock that was set while a capture was taken makes years of it. */
const SPAN_MS_MAX = 7 * 24 * 3_600_000

function refuseYears(name: string, spanMs: number, untilMs: number | undefined): void {
  if (spanMs <= SPAN_MS_MAX || untilMs !== undefined) return
  const days = formatNumber(spanMs / (24 * 3_600_000))
  throw usageError(`${name} spans ${days} days: say with --until how much of it is to be simulated, such as --until 1h`)
}

function* entriesOf(first: Block, rest: Iterable<Block>): Generator<Entry, void> {
  yield* first.entries
  for (const { entries } of rest) yield* entries
}

/** What became of the recording, in words. */
export function describeReading({ made, damage, isHeadless }: ReadRecording): readonly string[] {
  return [
    ...(made === undefined ? [] : describeMade(made)),
    ...(isHeadless ? ['its first file is missing: who was there already begins anew'] : []),
    ...(damage === undefined ? [] : [describeDamage(damage)]),
  ]
}

function describeMade({ scenario, offsetMs, omissions }: RecordingScenario): readonly string[] {
  const { clients, steps, durationMs } = scenario
  const figures = [
    formatCount(clients.length, 'client'),
    formatCount(steps.length, 'step'),
    formatSeconds(durationMs / 1000),
  ].join(', ')
  // Below that nobody would notice.
  const isMoved = offsetMs >= 500
  const moved = isMoved
    ? `; it begins ${formatSeconds(offsetMs / 1000)} after the boot that \`inspect\` counts from`
    : ''
  return [
    `${scenario.name}: ${figures}${moved}`,
    ...(omissions.length === 0 ? [] : [`left out: ${omissions.join('; ')}`]),
  ]
}
