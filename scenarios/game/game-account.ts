/**
 * Tells a run of a game as the game's own story: who did what in which zone, who was lost and came back. What clients and
 * server say to each other about sessions is left out.
 */
import { protocol, type AnyApp } from '../../core/index.ts'
import { describeStep, type AccountLine } from '../account.ts'
import type { ClientNote } from '../observer/client-note.ts'
import type { Output, Turn } from '../observer/observation.ts'
import { prefixOf } from '../observer/wire.ts'
import type { RunEvent } from '../runner/run-result.ts'
import type { Difference } from '../state/differences.ts'
import { inShort } from '../state/in-short.ts'

/** What a failure is about: a client, and the places where what it sees is not what is so. */
export interface About {
  readonly client: string
  readonly paths: readonly string[]
}

const VALUE_LENGTH_MAX = 60
const PHASES = {
  healed: 'the network is well again: everybody who wants to must get back',
  leaving: 'everybody leaves',
  stopped: 'the server stops',
} as const

export class GameAccount {
  readonly #apps: readonly AnyApp[]
  readonly #clientOf = new Map<number, string>()
  readonly #lines: AccountLine[] = []
  #taken = 0
  readonly #views: {
    readonly client: string
    readonly atMs: number
    readonly who: string
    readonly change: Difference
  }[] = []

  constructor(apps: readonly AnyApp[]) {
    this.#apps = apps
  }

  /** Everything so far. */
  get lines(): readonly AccountLine[] {
    return this.#lines.map((line) => this.#named(line))
  }

  /** Those that were not taken before. */
  takeLines(): readonly AccountLine[] {
    const taken = this.#lines.slice(this.#taken).map((line) => this.#named(line))
    this.#taken += taken.length
    return taken
  }

  /** Sessions are called by the client that has them. */
  withNames(text: string): string {
    return text.replaceAll(/\bsession (\d+)\b/g, (whole, id: string) => {
      const client = this.#clientOf.get(Number(id))
      return client === undefined ? whole : `${client}'s session`
    })
  }

  add(event: RunEvent): void {
    const { atMs } = event
    switch (event.kind) {
      case 'step':
        this.#say(atMs, 'scenario', describeStep(event.step))
        return
      case 'phase':
        this.#say(atMs, 'scenario', PHASES[event.phase])
        return
      case 'client':
        this.#addNote(atMs, event.client, event.note)
        return
      case 'turn':
        this.#addTurn(atMs, event.turn)
        return
      case 'view':
        for (const change of event.note.changes) {
          const { client, kind } = event.note
          const who = kind === 'sees' ? `${client} sees` : `is shown to ${client}`
          this.#views.push({ client, atMs, who, change })
        }
        return
    }
  }

  /** How what `client` sees and what it is shown have come apart, at these places alone. */
  storyOf({ client, paths }: About): readonly AccountLine[] {
    const isAbout = ({ path }: Difference): boolean =>
      paths.some((each) => path === '' || path === each || each.startsWith(`${path}.`) || each.startsWith(`${path}[`))
    return this.#views
      .filter((view) => view.client === client && isAbout(view.change))
      .map(({ atMs, who, change }) => {
        const { path, expected, actual } = change
        const text = `${path === '' ? 'the whole view' : path}: from ${valueInWords(expected)} to ${valueInWords(actual)}`
        return { atMs, who, text, isRoutine: false }
      })
  }

  #named(line: AccountLine): AccountLine {
    return { ...line, text: this.withNames(line.text) }
  }

  #say(atMs: number, who: string, text: string, isRoutine = false): void {
    this.#lines.push({ atMs, who, text, isRoutine })
  }

  #addNote(atMs: number, client: string, note: ClientNote): void {
    switch (note.kind) {
      case 'status': {
        const { status } = note
        if (status.kind === 'connected') {
          const isBack = this.#clientOf.get(status.sessionId) === client
          this.#clientOf.set(status.sessionId, client)
          this.#say(atMs, client, isBack ? 'is back in its session' : 'has a new session')
        } else if (status.kind === 'waiting') {
          this.#say(atMs, client, `has lost its connection (${status.code})`)
        } else if (status.kind === 'ended') {
          this.#say(atMs, client, `has ended (${status.code})`)
        } else if (status.kind === 'idle') {
          this.#say(atMs, client, 'has disconnected')
        }
        return
      }
      case 'said':
      case 'heard': {
        const text = note.bytes === undefined ? undefined : this.#describe(note.bytes)
        if (text !== undefined)
          this.#say(atMs, client, `${note.kind === 'said' ? '->' : '<-'} ${text}`, note.kind === 'heard')
        return
      }
      case 'dial':
      case 'opened':
      case 'closed':
        return
    }
  }

  #addTurn(atMs: number, { outputs }: Turn): void {
    for (const output of outputs) {
      const text = describeOutput(output)
      if (text !== undefined) this.#say(atMs, 'server', text)
    }
  }

  /** Undefined: it is about a session. */
  #describe(bytes: Uint8Array): string | undefined {
    const prefix = prefixOf(bytes)
    if (prefix === protocol.prefix) return undefined
    const app = this.#apps.find((each) => each.prefix === prefix)
    const decoded = app?.codec.decode(bytes)
    if (app === undefined || decoded === undefined || typeof decoded === 'string')
      return `${bytes.length} bytes that cannot be read`
    return `${app.name} ${decoded.type} ${inShort(decoded.message, VALUE_LENGTH_MAX * 2)}`
  }
}

function valueInWords(value: unknown): string {
  return value === undefined ? 'nothing' : inShort(value, VALUE_LENGTH_MAX)
}

/** Undefined: what the clients tell says as much. */
function describeOutput(output: Output): string | undefined {
  switch (output.kind) {
    case 'handler': {
      if (output.handler === 'handleTick' || output.handler.startsWith('rpc.')) return undefined
      const session = output.session === undefined ? '' : ` for session ${output.session}`
      const reason = output.reason === undefined ? '' : ` (${output.reason})`
      const failed = output.failure === undefined ? '' : `, which ${output.failure}`
      return `zone '${output.zone}': ${output.handler}${session}${reason}${failed}`
    }
    case 'report':
      return output.text
    default:
      return undefined
  }
}
