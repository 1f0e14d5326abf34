/** `overworld inspect`: what a recording says, a line for each event. */
import { protocol, type AnyApp } from '../../core/index.ts'
import type { Entry, RecordingHeader } from '../../recording/index.ts'
import { describeEntry } from '../../sim/index.ts'
import { arena, chat } from '../../scenarios/index.ts'
import { RecordingFileReader, type RecordingSource } from '../../transports/index.ts'
import { ExitCode } from '../exit-codes.ts'
import { Incomplete } from '../incomplete.ts'
import { formatSeconds } from '../numbers.ts'
import { patiently, type Patience } from '../patience.ts'
import { parseCount, parseDuration } from '../parse.ts'
import { loadProgram } from '../load-program.ts'
import { describeDamage, isOtherSchema, recordingsAt } from '../recordings.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

interface InspectOptions {
  readonly session?: number
  readonly from?: number
  readonly to?: number
  readonly all?: boolean
  readonly program?: string
  readonly json?: boolean
}

export const inspectCommand: Subcommand = {
  usage: 'inspect',
  summary: 'Look into a recording: who connected, what was said, how it ended',
  examples: [
    ['overworld inspect recordings', 'everything but beacons, most timers and what the server read'],
    ['overworld inspect recordings --session 7', 'one session, over all of its connections'],
    ['overworld inspect recordings --from 60s --to 90s --all', 'half a minute, in full'],
    ['overworld inspect recordings --json | jq .text', 'a JSON object a line, for programs'],
  ],
  define(command, terminal, exitWith) {
    command
      .argument('<file|dir>', 'a recording, or a folder of them')
      .option('--session <id>', 'only what concerns this session', parseCount)
      .option('--from <duration>', 'from this time after the boot on, such as 60s', parseDuration)
      .option('--to <duration>', 'until this time after the boot', parseDuration)
      .option('--all', 'beacons, timers and what the server read, too')
      .option('--program <file>', 'a module with the server program, whose apps say what the messages mean')
      .option('--json', 'a JSON object a line')
      .addHelpText(
        'after',
        '\nExit codes: 0 all was intact, 2 bad usage, 4 a file is damaged: everything before it was shown.',
      )
      .action(async (place: string, options: InspectOptions) =>
        exitWith(await patiently(terminal, (patience) => inspect(place, options, terminal, patience))),
      )
  },
}

async function inspect(
  place: string,
  options: InspectOptions,
  terminal: Terminal,
  patience: Patience,
): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.ok
  for (const source of recordingsAt(place, terminal.err)) {
    if (!(await inspectOne(source, options, terminal, patience))) exitCode = ExitCode.damagedFile
  }
  return exitCode
}

/** Whether it was intact. */
async function inspectOne(
  source: RecordingSource,
  options: InspectOptions,
  terminal: Terminal,
  patience: Patience,
): Promise<boolean> {
  const reader = new RecordingFileReader(source.files)
  const { from = 0, to = Infinity } = options
  let view: View | undefined
  let isFirst = true
  const incomplete = new Incomplete()
  for (const { header, entries } of reader.blocks()) {
    if (isFirst && header !== undefined) {
      const { apps, hints } = await appsOf(header, options.program)
      view = new View(apps, options)
      if (options.json !== true) terminal.out(`${source.name}, ${describeHeader(header)}`)
      for (const hint of hints) terminal.err(`${source.name}: ${hint}`)
    }
    isFirst = false
    for (const entry of entries) {
      incomplete.see(entry)
      const shown = view?.see(entry)
      if (view === undefined || shown === undefined || view.atMs < from || view.atMs > to) continue
      terminal.out(options.json === true ? JSON.stringify(shown) : formatShown(shown))
    }
    if (view !== undefined && view.atMs > to) return true
    const atMs = view?.atMs ?? 0
    await patience.pause(() => `${source.name}: shown up to ${formatSeconds(atMs / 1000)}`)
  }
  const notWhole = incomplete.describe()
  // Whoever asks for a part gets that part alone as the result.
  const isPart = options.from !== undefined || options.session !== undefined
  if (notWhole !== undefined) (options.json === true || isPart ? terminal.err : terminal.out)(notWhole)
  if (reader.damage === undefined) return true
  terminal.err(describeDamage(reader.damage))
  return false
}

interface Known {
  readonly apps: readonly AnyApp[]
  readonly hints: readonly string[]
}

/**
 * Messages are decoded by an app of the same schema only: another app with the same prefix would make something else of
 * them. A program that is given is believed, and what has changed since is said.
 */
async function appsOf(header: RecordingHeader, programFile: string | undefined): Promise<Known> {
  if (programFile !== undefined) {
    const { apps } = await loadProgram(programFile, header)
    const changed = apps.filter((app) => {
      const recorded = header.apps.find(({ prefix }) => prefix === app.prefix)
      return recorded !== undefined && isOtherSchema(app.schemaHash, recorded.schemaHash)
    })
    const names = changed.map(({ name }) => `'${name}'`).join(', ')
    return {
      apps,
      hints: changed.length === 0 ? [] : [`the schema of ${names} has changed since: messages may read wrongly`],
    }
  }
  const apps = [chat, arena].filter((app) => {
    return header.apps.some(({ prefix, schemaHash }) => prefix === app.prefix && schemaHash === app.schemaHash)
  })
  const others = header.apps.filter(({ prefix }) => !apps.some((app) => app.prefix === prefix))
  const whose =
    header.importedFrom === ''
      ? others.map(({ name, prefix }) => `'${name}' (prefix ${prefix})`).join(', ')
      : 'all apps'
  if (whose === '') return { apps, hints: [] }
  return { apps, hints: [`messages of ${whose} are shown as bytes: say with --program what they mean`] }
}

function describeHeader({ version, commit, startedAt, part, isRedacted, importedFrom }: RecordingHeader): string {
  const since = new Date(startedAt).toISOString()
  const made = importedFrom === '' ? `made ${since}` : `imported from ${importedFrom}, which begins ${since},`
  const code = commit === '' ? version : `${version} (${commit})`
  const rest = `${isRedacted ? ', redacted' : ''}${part > 0 ? `, from its file ${part + 1} on` : ''}`
  return `${made} by version ${code}${rest}`
}

interface Shown {
  readonly atMs: number
  readonly kind: Entry['kind']
  readonly connection: number | null
  readonly session: number | null
  readonly text: string
}

function formatShown({ atMs, session, text }: Shown): string {
  const who = session === null ? '' : `session ${session}`
  return `${(atMs / 1000).toFixed(3).padStart(10)} s  ${who.padEnd(12)} ${text}`
}

const READINGS: ReadonlySet<Entry['kind']> = new Set(['random_bytes', 'random_number', 'buffered'])
const TIMERS: ReadonlySet<Entry['kind']> = new Set(['fired', 'set_timer', 'cancelled', 'elapsed'])
/** Timers whose end decides about sessions. The others fire all the time. */
const DEADLINES: ReadonlySet<string> = new Set(['request', 'grace', 'drain'])
const ROUTINE = /(<-|->) session_(beacon|ping|pong) /

function isRoutine(entry: Entry): boolean {
  if (entry.kind === 'fired') return entry.owner === undefined || !DEADLINES.has(entry.owner.name)
  return READINGS.has(entry.kind) || TIMERS.has(entry.kind)
}

function sessionOfTimer(entry: Entry): number | undefined {
  if (!('owner' in entry) || entry.owner === undefined) return undefined
  return 'session' in entry.owner ? entry.owner.session : undefined
}

/** Knows which connection is whose at the moment: what the server tells a client of its session says so. */
class View {
  readonly #apps: readonly AnyApp[]
  readonly #options: InspectOptions
  readonly #sessions = new Map<number, number>()
  #startMs: number | undefined
  #nowMs = 0

  constructor(apps: readonly AnyApp[], options: InspectOptions) {
    this.#apps = apps
    this.#options = options
  }

  /** Of the last input, since the boot. */
  get atMs(): number {
    return this.#nowMs - (this.#startMs ?? this.#nowMs)
  }

  /** Undefined: it is not asked for. */
  see(entry: Entry): Shown | undefined {
    if ('atMs' in entry) {
      this.#nowMs = entry.atMs
      this.#startMs ??= entry.atMs
    }
    const connection = 'connection' in entry ? entry.connection : undefined
    if (entry.kind === 'sent' && connection !== undefined) this.#hear(connection, entry.bytes)
    const session = connection === undefined ? sessionOfTimer(entry) : this.#sessions.get(connection)
    if (entry.kind === 'closed' && connection !== undefined) this.#sessions.delete(connection)
    if (this.#options.session !== undefined && session !== this.#options.session) return undefined
    if (this.#options.all !== true && isRoutine(entry)) return undefined
    const text = describeEntry(entry, this.#apps)
    if (this.#options.all !== true && ROUTINE.test(text)) return undefined
    return { atMs: this.atMs, kind: entry.kind, connection: connection ?? null, session: session ?? null, text }
  }

  #hear(connection: number, bytes: Uint8Array): void {
    if (bytes[0] !== protocol.prefix >> 8 || bytes[1] !== (protocol.prefix & 0xff)) return
    const decoded = protocol.codec.decode(bytes)
    if (typeof decoded === 'string' || decoded.type !== 'session_new') return
    const { id } = decoded.message
    if (typeof id !== 'number') return
    // A session has one connection at a time.
    for (const [other, session] of this.#sessions) if (session === id) this.#sessions.delete(other)
    this.#sessions.set(connection, id)
  }
}
