/** What a campaign is about: the apps, and, with `--from`, the scenario that it draws around, out of a file of either kind. */
import { existsSync } from 'node:fs'
import { crc32 } from '../../recording/checksum.ts'
import { withWhatIf, type Scenario } from '../../scenarios/index.ts'
import { RECORDING_SUFFIX } from '../../transports/index.ts'
import { CommandError, ExitCode, usageError } from '../exit-codes.ts'
import { loadApps, type LoadedApps } from '../load-apps.ts'
import { describeReading, readRecording } from '../recorded-scenario.ts'
import { recordingsAt } from '../recordings.ts'
import { findScenario } from '../scenario-source.ts'

export interface SubjectOptions {
  readonly from?: string | undefined
  readonly until?: number | undefined
  readonly app?: string | undefined
  readonly keepRandom?: boolean | undefined
}

export interface LoadedSubject extends LoadedApps {
  /** Absent: whole scenarios are drawn. */
  readonly around?: Scenario
  readonly from: From | undefined
}

/** A file as the options name it. */
export interface From {
  readonly file: string
  readonly untilMs: number | null
  /** The recorded random values are not kept. Absent: they are. */
  readonly keepRandom?: false
  /** Of the scenario that it is, or was made into. */
  readonly checksum: number
}

export interface Subject {
  readonly loaded: LoadedSubject
  /** What there is to say about the file. */
  readonly lines: readonly string[]
  /** What a campaign ends with that has found nothing: the file may have been damaged. */
  readonly exitCode: ExitCode
}

/** `from`: a recording or a folder with one, a file with a scenario, or the name of a scenario. Throws a usage error. */
export async function loadSubject({ from, until, app, keepRandom = true }: SubjectOptions): Promise<Subject> {
  const isRecording = from !== undefined && (from.endsWith(RECORDING_SUFFIX) || isPlace(from))
  if (until !== undefined && !isRecording) throw usageError('--until is for --from with a recording')
  if (!keepRandom && from === undefined) throw usageError('--no-keep-random is for --from')
  if (from === undefined) {
    const loaded = await loadApps(app)
    if (loaded.apps.some(({ isBotless, game }) => isBotless === true && game === undefined)) {
      throw usageError(
        `--app: ${app} is a server program, which has no bots: say with --from whose clients are to play`,
      )
    }
    return { loaded: { ...loaded, from: undefined }, lines: [], exitCode: ExitCode.ok }
  }
  if (isRecording) return await loadRecording(from, until, app, keepRandom)
  const { breaks: _breaks, ...found } = findScenario(from).scenario
  const scenario = keepRandom ? found : withWhatIf(found, { keepRandom })
  const loaded = await loadApps(app, scenario.server.tickMs)
  return {
    loaded: withScenario(loaded, scenario, { file: from, untilMs: null, keepRandom }),
    lines: [],
    exitCode: ExitCode.ok,
  }
}

async function loadRecording(
  from: string,
  untilMs: number | undefined,
  app: string | undefined,
  keepRandom: boolean,
): Promise<Subject> {
  const notes: string[] = []
  const sources = recordingsAt(from, (line) => notes.push(line))
  const [source] = sources
  if (source === undefined || sources.length > 1) {
    throw usageError(`--from takes one recording, and ${from} has ${sources.length}: name its file`)
  }
  const loaded = await loadApps(app)
  const read = readRecording(source, { ...loaded, option: '--app', untilMs, keepRandom })
  const lines = [...notes, ...describeReading(read)]
  if (read.made === undefined) throw new CommandError(ExitCode.damagedFile, lines)
  const exitCode = read.damage === undefined && !read.isHeadless ? ExitCode.ok : ExitCode.damagedFile
  const taken = { file: from, untilMs: untilMs ?? null, keepRandom }
  return { loaded: withScenario(loaded, read.made.scenario, taken), lines, exitCode }
}

function withScenario(
  loaded: LoadedApps,
  around: Scenario,
  { keepRandom, ...file }: Pick<From, 'file' | 'untilMs'> & { readonly keepRandom: boolean },
): LoadedSubject {
  const checksum = crc32(new TextEncoder().encode(JSON.stringify(around)))
  return { ...loaded, around, from: { ...file, ...(!keepRandom && { keepRandom }), checksum } }
}

/** What to add to the command line of a campaign that is to draw around the same. */
export function fromWords({ from }: LoadedSubject): readonly string[] {
  if (from === undefined) return []
  return [
    '--from',
    from.file,
    ...(from.untilMs === null ? [] : ['--until', `${from.untilMs}ms`]),
    ...(from.keepRandom === false ? ['--no-keep-random'] : []),
  ]
}

function isPlace(place: string): boolean {
  return existsSync(place) && !/\.json$/i.test(place)
}
