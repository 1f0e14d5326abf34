/**
 * The server's end of one connection: what is sent over it, what is known of the peer, and which session it serves. A
 * connection that was replaced serves none. What comes in is read in `client-input.ts`.
 */
import type { Outgoing } from '../app/outgoing.ts'
import type { CloseCode } from '../close-codes.ts'
import { Link } from '../connection/link.ts'
import { judgeBuffer } from '../connection/slow-reader.ts'
import type { Delivery } from '../delivery.ts'
import { assert } from '../errors.ts'
import type { Connection } from '../injected.ts'
import type { Limits } from '../options.ts'
import { encodeDenied, encodeSessionState, type DenialReason } from '../protocol.ts'
import type { Counters } from '../stats.ts'
import type { Shell } from '../turns/shell.ts'
import type { Turns } from '../turns/turns.ts'
import type { Member } from './membership.ts'
import type { PeerFault, SessionEvent } from './session-events.ts'
import type { ConnectionProxy, InProcessProxy, Session, ZoneView } from './views.ts'

/** What an event carries for its effects: only what comes from outside. */
export interface EventData {
  /** What the peer, or the network, closed the connection with. */
  readonly code?: number
  /** What is adopted. */
  readonly proxy?: ClientLink | InProcessProxy | undefined
  readonly usedToken?: Uint8Array
}

/** A session as its connection sees it. */
export interface LinkOwner extends Member {
  apply(event: SessionEvent, data?: EventData): void
  /** Asserts that `event` has a row. `link`: which connection is closed where it has none; default: its own. */
  expect(event: SessionEvent, link?: ClientLink): void
  /** What its connection is closed with for `fault`. */
  closeCodeFor(fault: PeerFault): CloseCode
  /** Something came from the client. */
  heard(): void
  /** The client answers a beacon. */
  ping(id: number): void
  isLate(attempt: number | undefined): boolean
  /** A request without a token, which is served. */
  start(event: 'request_new' | 'request_repeated', attempt: number | undefined): void
  /** `link`, which serves the provisional session `from`, brought the valid token `usedToken`. */
  resume(link: ClientLink, from: LinkOwner, usedToken: Uint8Array, attempt: number | undefined): void
}

export interface LinkParts {
  readonly shell: Shell
  readonly turns: Turns
  readonly counters: Counters
  readonly limits: Limits
  /** It is asked to close. */
  readonly onClosing: (link: ClientLink) => void
}

export class ClientLink implements ConnectionProxy {
  readonly connection: Link
  /** The id of the last beacon that was sent here, by whichever session; 0: none. */
  lastBeacon = 0
  /** How many bad tokens it has brought. */
  badTokens = 0
  /** Of the apps that its client has announced, the prefixes of those that differ; undefined: it has announced nothing. */
  skewed: readonly number[] | undefined
  readonly #parts: LinkParts
  #session: LinkOwner | undefined
  /** We asked the connection to close, or it has closed. */
  #isClosing = false

  /** `listener`: the number of the one that accepted it; 0: it was handed to `server.accept`. */
  constructor(parts: LinkParts, connection: Connection, listener: number) {
    this.#parts = parts
    this.connection = new Link(parts.shell, connection, listener)
  }

  get session(): LinkOwner | undefined {
    return this.#session
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Attaches the connection to `session`. */
  serve(session: LinkOwner): void {
    this.#session = session
    this.#tellServes(session)
  }

  /** Detaches the connection from its session. */
  release(): void {
    this.#session = undefined
    this.#tellServes(undefined)
  }

  /** False: it was dropped. */
  send(outgoing: Outgoing, delivery: Delivery = outgoing.delivery): boolean {
    const { counters, limits } = this.#parts
    if (this.#isClosing) {
      counters.droppedDisconnectedTotal++
      return false
    }
    switch (judgeBuffer(this.connection.bufferedBytes, delivery, limits)) {
      case 'close':
        counters.slowReadersTotal++
        this.fail('slow_reader', 'reads too slowly')
        return false
      case 'drop':
        counters.droppedSlowTotal++
        return false
      case 'send':
        counters.messagesOutTotal++
        counters.bytesOutTotal += outgoing.bytes.length
        this.connection.sendMessage(outgoing, delivery)
        return true
    }
  }

  /** Directly after each `session_new`; nothing where the client has announced nothing: it might not skip it. */
  sendSessionState(zone: ZoneView | undefined): void {
    if (this.skewed !== undefined) this.send(encodeSessionState(zone, this.skewed))
  }

  deny(reason: DenialReason): void {
    if (this.send(encodeDenied(reason))) this.#parts.counters.denialsTotal++
  }

  close(code: number, reason = ''): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#parts.onClosing(this)
    this.connection.close(code, reason)
  }

  /** The connection has closed. */
  closed(): void {
    this.#isClosing = true
  }

  /** Closes the connection for what its peer did; its session has lost it, after what was asked for before. */
  fail(fault: PeerFault, reason: string): void {
    const session = this.#session
    assert(session !== undefined, 'a connection of no session has a peer that did something')
    this.close(session.closeCodeFor(fault), reason)
    this.#parts.turns.ask(() => this.#session?.apply(fault))
  }

  #tellServes(session: Session | undefined): void {
    const { taps } = this.#parts.shell
    if (taps.isOn) taps.emit.serves(this.connection.number, session)
  }
}
