/** All sessions of a server that are alive, by id; and starting one by hand. */
import { addressKey } from '../address-key.ts'
import { OverworldError } from '../errors.ts'
import { checkDuration } from '../options.ts'
import type { OutsideCall } from '../turns/outside-calls.ts'
import { AddressLedger } from './address-ledger.ts'
import type { ClientLink, LinkOwner } from './client-link.ts'
import type { SessionOptions } from './session-options.ts'
import { SessionCore, type SessionParts } from './session.ts'
import type { InProcessProxy, Session } from './views.ts'
import type { SessionStatus } from './session-events.ts'

export interface StartOptions extends SessionOptions {
  /** Who receives the session's messages. */
  readonly proxy: InProcessProxy
  /** A session by hand needs no request. */
  readonly status?: 'connected'
}

/** What users see: `server.sessions`. */
export interface Sessions extends Iterable<Session> {
  readonly size: number
  get(id: number): Session | undefined
  /** Starts the session of an NPC, an agent or a test. Throws `server_stopped`, `bad_option`. */
  start(options: StartOptions): Session
}

export interface Place {
  readonly hasPlace: boolean
  /** On a full server: a session in grace, of another address that has many of those. It must end first. */
  readonly giver?: LinkOwner | undefined
}

export class SessionRegistry implements Sessions {
  readonly #parts: SessionParts
  readonly #isStopped: () => boolean
  readonly #byId = new Map<number, SessionCore>()
  readonly #addresses = new AddressLedger()
  readonly #byStatus = new Map<SessionStatus, number>()
  #lastId: number

  constructor(parts: SessionParts, isStopped: () => boolean) {
    this.#parts = parts
    this.#lastId = parts.shell.firstSessionId - 1
    this.#isStopped = isStopped
  }

  get size(): number {
    return this.#byId.size
  }

  [Symbol.iterator](): Iterator<SessionCore> {
    return this.#byId.values()
  }

  get(id: number): SessionCore | undefined {
    return this.#byId.get(id)
  }

  start(options: StartOptions): SessionCore {
    if (options.disconnectTimeout !== undefined) checkDuration('disconnectTimeout', options.disconnectTimeout)
    if (this.#isStopped()) throw new OverworldError('server_stopped', 'the server has stopped: it takes no sessions')
    const outside: OutsideCall = { on: 'sessions', method: 'start', args: [options] }
    return this.#parts.turns.enter(() => {
      const session = new SessionCore(this.#parts, ++this.#lastId, options.proxy, options)
      session.begin('connected')
      this.#parts.counters.sessionsStartedTotal++
      return session
    }, outside)
  }

  startProvisional(link: ClientLink): SessionCore {
    const session = new SessionCore(this.#parts, ++this.#lastId, link, {})
    session.begin('preconnect')
    return session
  }

  countIn(status: SessionStatus): number {
    return this.#byStatus.get(status) ?? 0
  }

  /** Those that have a session in their own right: not the provisional ones. */
  get established(): number {
    return this.countIn('connected') + this.countIn('disconnected')
  }

  /** `link` serves `session`, which counts for its address from now on. */
  placed(session: LinkOwner, link: ClientLink): void {
    this.#addresses.assign(session, addressKey(link.connection.remoteAddress))
  }

  /** Where a session of a new client at `link` finds a place. */
  placeFor(link: ClientLink): Place {
    const { sessions, sessionsPerAddress } = this.#parts.options.limits
    const address = addressKey(link.connection.remoteAddress)
    if (this.#addresses.countOf(address) >= sessionsPerAddress) return { hasPlace: false }
    if (this.established < sessions) return { hasPlace: true }
    const giver = this.#addresses.candidateFor(address)
    return { hasPlace: giver !== undefined, giver }
  }

  moved(session: SessionCore, from: SessionStatus | undefined): void {
    if (session.status === 'disconnected') this.#addresses.lost(session)
    else if (session.status === 'connected') this.#addresses.returned(session)
    else if (session.status === 'gone') this.#addresses.forget(session)
    if (from === undefined) this.#byId.set(session.id, session)
    else this.#byStatus.set(from, this.countIn(from) - 1)
    if (session.status === 'gone') this.#byId.delete(session.id)
    else this.#byStatus.set(session.status, this.countIn(session.status) + 1)
  }
}
