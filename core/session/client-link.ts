/**
 * One connection as the server sees it: reads what its client says, and hands it to the session that the connection
 * serves at the moment. A connection that was replaced serves none, so whatever it still says, its close included,
 * touches nothing.
 *
 * Decoding comes first, then the status (design section 7). Nothing that a peer sends ever throws from here.
 */
import type { DecodedMessage } from '../app/codec.ts'
import { readPrefix } from '../app/codec.ts'
import type { Outgoing } from '../app/outgoing.ts'
import { Link } from '../connection/link.ts'
import type { Context } from '../context.ts'
import { assert } from '../errors.ts'
import type { Delivery } from '../delivery.ts'
import type { Connection, ConnectionHandler } from '../injected.ts'
import {
  decodeClientMessage,
  encodeDenied,
  encodeSessionState,
  protocol,
  PROTOCOL_PREFIX,
  type ClientMessage,
  type DenialReason,
  type SessionRequest,
} from '../protocol.ts'
import type { AnyApp } from '../app/app.ts'
import { findSkewed } from '../schema-announcement.ts'
import type { Undecodable } from '../report.ts'
import type { ZoneView } from '../zone/zone.ts'
import { closeEvent, requestEvent } from './guards.ts'
import type { Session } from './session.ts'
import type { PeerFault } from './session-events.ts'

export class ClientLink implements ConnectionHandler {
  readonly connection: Link
  /** The id of the last beacon that was sent here, by whichever session; 0: none. */
  lastBeacon = 0
  readonly #context: Context
  #session: Session | undefined
  #badTokens = 0
  /** Of the apps that its client has announced, the prefixes of those that differ; undefined: it has announced nothing. */
  #skewed: readonly number[] | undefined
  /** We asked the connection to close, or it has closed. */
  #isClosing = false
  #windowStart = 0
  #windowMessages = 0
  #windowBytes = 0

  /** `listener`: the number of the one that accepted it; 0: it was handed to `server.accept`. */
  constructor(context: Context, connection: Connection, listener: number) {
    this.#context = context
    this.connection = new Link(context.shell, connection, listener)
  }

  /** A liveness timeout of 0 is off: the peer is waited for for ever. */
  get patienceMs(): number {
    return this.#context.options.livenessTimeout || Infinity
  }

  /** Whose messages travel here; undefined once the connection was replaced or let go. */
  get session(): Session | undefined {
    return this.#session
  }

  /** No message travels here any more. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  opened(): void {
    this.#context.turns.run(() => {
      const { taps } = this.#context.shell
      if (taps.isOn) taps.begin('opened', this.connection.number)
      this.#open()
    })
  }

  message(bytes: Uint8Array, delivery: Delivery): void {
    this.#context.turns.run(() => {
      const { taps } = this.#context.shell
      if (taps.isOn) taps.begin('message', this.connection.number, bytes, delivery)
      this.#read(bytes)
    })
  }

  /** Nothing to do: what is sent is either buffered by the connection or dropped. */
  drained(): void {
    const { taps } = this.#context.shell
    if (taps.isOn) this.#context.turns.run(() => taps.begin('drained', this.connection.number))
  }

  alive(): void {
    this.#context.turns.run(() => {
      const { taps } = this.#context.shell
      if (taps.isOn) taps.begin('ignored', this.connection.number, 'sign_of_life')
      if (!this.#isClosing) this.#session?.heard()
    })
  }

  ignored(): void {
    this.#context.turns.run(() => {
      const { taps } = this.#context.shell
      if (taps.isOn) taps.begin('ignored', this.connection.number, 'text_frame')
      this.#context.counters.textFrameTotal++
      if (this.#session === undefined || this.#isClosing) return
      this.#session.heard()
      this.#limitRate(0)
    })
  }

  closed(code: number, reason: string): void {
    this.#context.turns.run(() => {
      const { taps } = this.#context.shell
      if (taps.isOn) taps.begin('closed', this.connection.number, code, reason)
      this.#isClosing = true
      this.#context.connections.remove(this)
      this.#session?.apply(closeEvent(code), { code })
    })
  }

  /** From now on this connection is `session`'s. */
  serve(session: Session): void {
    this.#session = session
    this.#tellServes(session)
    this.#context.connections.settle(this)
    this.#context.placed(session, this)
  }

  /** From now on this connection is nobody's. */
  release(): void {
    this.#session = undefined
    this.#tellServes(undefined)
  }

  /** False: it was dropped. */
  send(outgoing: Outgoing, delivery: Delivery = outgoing.delivery): boolean {
    const { counters, options } = this.#context
    if (this.#isClosing) {
      counters.droppedDisconnectedTotal++
      return false
    }
    const buffered = this.connection.bufferedBytes
    if (buffered > options.limits.bufferedBytesHard) {
      counters.slowReadersTotal++
      this.#fail('slow_reader', 'reads too slowly')
      return false
    }
    if (buffered > options.limits.bufferedBytesSoft && delivery.mode !== 'reliable') {
      counters.droppedSlowTotal++
      return false
    }
    counters.messagesOutTotal++
    counters.bytesOutTotal += outgoing.bytes.length
    this.connection.sendMessage(outgoing, delivery)
    return true
  }

  /** Directly after each `session_new`; nothing where the client has announced nothing: it might not skip it. */
  sendSessionState(zone: ZoneView | undefined): void {
    if (this.#skewed !== undefined) this.send(encodeSessionState(zone, this.#skewed))
  }

  deny(reason: DenialReason): void {
    if (this.send(encodeDenied(reason))) this.#context.counters.denialsTotal++
  }

  close(code: number, reason = ''): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#context.connections.closing(this)
    this.connection.close(code, reason)
  }

  #open(): void {
    const { connections } = this.#context
    const refusal = connections.add(this)
    if (refusal !== undefined) {
      this.close(refusal.code, refusal.reason)
      return
    }
    this.#session = this.#context.startProvisional(this)
    this.#tellServes(this.#session)
  }

  #tellServes(session: Session | undefined): void {
    const { taps } = this.#context.shell
    if (taps.isOn) taps.emit('serves', this.connection.number, session)
  }

  #tellDecoded(session: Session, app: AnyApp, { type, message }: DecodedMessage): void {
    const { taps } = this.#context.shell
    if (taps.isOn) taps.emit('decoded', this.connection.number, session, app, type, message)
  }

  #read(bytes: Uint8Array): void {
    const session = this.#session
    if (session === undefined || this.#isClosing) return
    const { counters, options } = this.#context
    counters.messagesInTotal++
    counters.bytesInTotal += bytes.length
    session.heard()
    if (!this.#limitRate(bytes.length)) return
    if (bytes.length > options.limits.messageBytes) {
      counters.oversizedTotal++
      this.#fail('bad_input', `a message above ${options.limits.messageBytes} bytes`)
    } else {
      this.#dispatch(session, bytes)
    }
  }

  #dispatch(session: Session, bytes: Uint8Array): void {
    const { counters } = this.#context
    const prefix = readPrefix(bytes)
    if (prefix === PROTOCOL_PREFIX) {
      const message = decodeClientMessage(bytes)
      if (message === 'malformed') this.#malformed()
      else if (message === 'empty') counters.emptyMessageTotal++
      else if (message === undefined) counters.unexpectedMessageTotal++
      else {
        this.#tellDecoded(session, protocol, message)
        this.#handleProtocol(session, message)
      }
      return
    }
    if (prefix === undefined) {
      this.#malformed()
      return
    }
    const app = this.#context.apps.get(prefix)
    if (app === undefined) {
      counters.unknownPrefixTotal++
      return
    }
    const message = app.codec.decode(bytes)
    if (message === 'malformed') this.#handleMalformed(session, app)
    else if (message === 'empty') this.#handleUnknown(session, app)
    else if (!app.handled.has(message.type)) counters.unexpectedMessageTotal++
    else this.#handleApp(session, app, message)
  }

  #handleProtocol(session: Session, message: ClientMessage): void {
    switch (message.type) {
      case 'session_request':
        this.#handleRequest(session, message.message)
        return
      case 'session_ping':
        if (session.status === 'connected') session.ping(message.message.id)
        else session.apply('other_message')
        return
    }
  }

  #handleRequest(session: Session, request: SessionRequest): void {
    const { reconnect_token: token, attempt, schemas } = request
    if (schemas.length > 0) {
      const skewed = findSkewed(schemas, this.#context.apps)
      if (skewed === 'malformed') {
        this.#malformed()
        return
      }
      this.#skewed = skewed
    }
    const owner = token === undefined ? undefined : this.#context.tokens.find(token)
    const { admission, giver } = this.#context.admissionFor(this)
    const event = requestEvent({
      status: session.status,
      hasToken: token !== undefined && token.length > 0,
      isKnown: owner !== undefined,
      isLate: owner?.isLate(attempt) === true,
      badTokensBefore: this.#badTokens,
      admission,
    })
    switch (event) {
      case 'request_new':
        giver?.apply('place_given')
        session.start(event, attempt)
        this.#context.connections.settle(this)
        this.#context.placed(session, this)
        return
      case 'request_repeated':
        session.start(event, attempt)
        return
      case 'request_resume':
        assert(owner !== undefined && token !== undefined, 'a resume without a token')
        owner.resume(this, session, token, attempt)
        return
      case 'request_bad_token':
      case 'request_bad_token_last':
        this.#badTokens++
        session.apply(event)
        return
      default:
        session.apply(event)
    }
  }

  #handleApp(session: Session, app: AnyApp, decoded: DecodedMessage): void {
    const { type, message } = decoded
    this.#tellDecoded(session, app, decoded)
    if (session.status !== 'connected') {
      session.apply('other_message')
      return
    }
    const denial = this.#context.zones.handle(session, app, type, message)
    if (denial !== undefined) this.deny(denial)
  }

  /**
   * A client with another version of the schema is not thrown out for what it cannot know: its message is ignored. It was
   * told that it is skewed, and its messages count against the limit like all others.
   */
  #handleMalformed(session: Session, app: AnyApp): void {
    this.#reportUndecodable(session, app, 'malformed')
    if (!this.#isSkewed(app)) this.#malformed()
  }

  #handleUnknown(session: Session, app: AnyApp): void {
    this.#context.counters.emptyMessageTotal++
    this.#reportUndecodable(session, app, 'unknown_message')
  }

  #reportUndecodable(session: Session, app: AnyApp, why: Undecodable['why']): void {
    this.#context.counters.undecodableTotal++
    this.#context.reportUndecodable({ kind: 'undecodable', app, session, why, isSkewed: this.#isSkewed(app) })
  }

  #isSkewed({ prefix }: AnyApp): boolean {
    return this.#skewed?.includes(prefix) === true
  }

  #malformed(): void {
    this.#context.counters.malformedTotal++
    this.#fail('bad_input', 'malformed message')
  }

  /** Closes the connection for what its peer did; its session has lost it, after what was asked for before. */
  #fail(fault: PeerFault, reason: string): void {
    const session = this.#session
    assert(session !== undefined, 'a connection of no session has a peer that did something')
    this.close(session.closeCodeFor(fault), reason)
    this.#context.turns.ask(() => this.#session?.apply(fault))
  }

  #tooMany(reason: string): false {
    this.#context.counters.rateLimitedTotal++
    this.#fail('too_many_messages', reason)
    return false
  }

  /** False: it was too much, and the connection is closed. */
  #limitRate(bytes: number): boolean {
    const { turns, options } = this.#context
    const { messagesPerSecond, bytesPerSecond } = options.limits
    if (turns.now - this.#windowStart >= 1_000) {
      this.#windowStart = turns.now
      this.#windowMessages = 0
      this.#windowBytes = 0
    }
    this.#windowBytes += bytes
    if (++this.#windowMessages > messagesPerSecond) {
      return this.#tooMany(`more than ${messagesPerSecond} messages a second`)
    }
    if (this.#windowBytes > bytesPerSecond) {
      return this.#tooMany(`more than ${bytesPerSecond} bytes a second`)
    }
    return true
  }
}
