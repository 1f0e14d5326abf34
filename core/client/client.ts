/**
 * The other half of the session protocol: dials, requests a session, answers beacons, keeps the token, notices a lost
 * connection, comes back and resumes, or starts anew where its session is lost.
 *
 * Everything that comes from a connection which was given up is ignored, its close included. Nothing is kept for
 * sending later: what must be said again after a resume is the game's to know.
 */
import type { App, AnyApp } from '../app/app.ts'
import { readPrefix } from '../app/codec.ts'
import type { Schema } from '../app/message-types.ts'
import { CloseCode, mayComeBack } from '../close-codes.ts'
import type { Network, Timer } from '../injected.ts'
import { checkDuration } from '../options.ts'
import {
  decodeServerMessage,
  protocol,
  PROTOCOL_PREFIX,
  readDenialReason,
  type DenialReason,
  type SessionState,
} from '../protocol.ts'
import { Liveness } from '../liveness.ts'
import { encodeSchemas } from '../schema-announcement.ts'
import { backoffMs } from './backoff.ts'
import type { ClientEvents, ClientStatus, SessionEstablished, SessionZone } from './client-events.ts'
import type { ClientInit } from './client-init.ts'
import { Emitter, ListenerErrors } from './emitter.ts'
import { GuardedParts } from './guarded-parts.ts'
import { ClientRoom, type Room } from './room.ts'
import { ServerLink, type LinkOwner } from './server-link.ts'
import { SessionKeeper } from './session-keeper.ts'
import { SignOfLife } from './sign-of-life.ts'
import { memoryStore } from './token-store.ts'
import { UndecodableCounts, type UndecodableWhy } from './undecodable.ts'
import { explainUnopened } from './unopened.ts'

export type { ClientEvents, ClientStatus, SessionEstablished, SessionZone } from './client-events.ts'
export type { ClientInit } from './client-init.ts'

/** App messages that come before the `session` event are held, so many at most (design section 7). */
const HELD_MAX = 64

export class Client {
  readonly #parts: GuardedParts
  readonly #store: SessionKeeper
  readonly #connectTimeout: number
  readonly #disconnectTimeout: number
  readonly #errors = new ListenerErrors()
  readonly #events = new Emitter<ClientEvents>(this.#errors)
  readonly #rooms = new Map<number, ClientRoom<never>>()
  readonly #liveness: Liveness
  readonly #sign = new SignOfLife({
    now: () => this.#parts.now(),
    setTimer: (delayMs, fire) => this.#setTimer(delayMs, fire),
    onSilent: () => this.#lose(CloseCode.livenessTimeout, 'the server gave no sign of life'),
  })
  /** How long it waits for a silent server; a liveness timeout of 0 is off. */
  readonly #patienceMs: number
  readonly #owner: LinkOwner = {
    handleOpened: (link) => this.#run(() => this.#handleOpened(link)),
    handleMessage: (link, bytes) => this.#run(() => this.#handleMessage(link, bytes)),
    handleAlive: (link) => this.#run(() => this.#handleAlive(link)),
    handleClosed: (link, code, reason) => this.#run(() => this.#handleClosed(link, code, reason)),
  }
  #address: string
  #network: Network
  #status: ClientStatus = { kind: 'idle' }
  /** The one connection that counts. */
  #link: ServerLink | undefined
  /** The connection before it, while the session is on its way over. */
  #left: ServerLink | undefined
  #connectTimer: Timer | undefined
  #retryTimer: Timer | undefined
  #failures = 0
  /** Dials in a row whose connection did not open. */
  #unopened = 0
  #session: SessionEstablished | undefined
  readonly #undecodable = new UndecodableCounts()
  /** When the last connection with a session was lost (ms). */
  #lostAt: number | undefined

  /** Throws `bad_option`, also for a clock, a randomness, a network or a store that cannot work. */
  constructor(init: ClientInit) {
    const keepError = (error: unknown): void => this.#errors.keep(error)
    this.#parts = new GuardedParts(init, keepError)
    this.#store = new SessionKeeper(init.store ?? memoryStore(), keepError)
    this.#address = init.address
    this.#network = init.network
    this.#connectTimeout = init.connectTimeout ?? 5_000
    this.#disconnectTimeout = init.disconnectTimeout ?? 5_000
    const livenessTimeout = init.livenessTimeout ?? 5_000
    checkDuration('connectTimeout', this.#connectTimeout)
    checkDuration('disconnectTimeout', this.#disconnectTimeout)
    checkDuration('livenessTimeout', livenessTimeout)
    this.#patienceMs = livenessTimeout || Infinity
    this.#liveness = new Liveness(livenessTimeout, {
      now: () => this.#parts.now(),
      setTimer: (delayMs, fire) => this.#setTimer(delayMs, fire),
      onSilent: () => this.#lose(CloseCode.livenessTimeout, 'nothing was heard from the server'),
    })
  }

  get status(): ClientStatus {
    return this.#status
  }

  /**
   * The session that this client has, or would come back to. While it is connected it is its own, whatever another
   * program with the same store has stored since.
   */
  get sessionId(): number | undefined {
    return this.#status.kind === 'connected' ? this.#status.sessionId : this.#store.sessionId
  }

  /** The session as the last `session` event told of it; undefined unless the client is connected. */
  get session(): SessionEstablished | undefined {
    return this.#status.kind === 'connected' ? this.#session : undefined
  }

  /** How many messages could not be decoded so far: see `undecodable` among the events. */
  get undecodableTotal(): number {
    return this.#undecodable.total
  }

  get address(): string {
    return this.#address
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (value: ClientEvents[Name]) => void): () => void {
    return this.#events.on(name, listener)
  }

  /**
   * This client's side of an app. Before `connect`, so that the server hears which version of the schema this client has.
   */
  app<S extends Schema>(app: App<S>): Room<S> {
    const known = this.#rooms.get(app.prefix)
    if (known !== undefined) return known as unknown as Room<S>
    const room = new ClientRoom<S>(app, this, (to, type, message) => this.#sendToApp(to, type, message), this.#errors)
    this.#rooms.set(app.prefix, room as unknown as ClientRoom<never>)
    return room
  }

  /**
   * Dials, at once: also while waiting for a retry, and after an end. While connected it goes over to a new
   * connection: the server takes the session over, so that nobody sees a disconnect. Throws what the network throws for an address that it cannot use.
   *
   * @param to Another address, or another network, from now on.
   */
  connect(to: { readonly address?: string; readonly network?: Network } = {}): void {
    this.#address = to.address ?? this.#address
    this.#network = to.network ?? this.#network
    this.#failures = 0
    if (this.#link?.hasSession === true) this.#leave(this.#link)
    else this.#abandonLink(CloseCode.normal, 'connecting anew')
    try {
      this.#dial()
    } catch (error) {
      this.#rest()
      throw error
    }
    this.#errors.comeOut()
  }

  /**
   * For a program that knows more than its client: the machine has a network again, or the page is shown again. While
   * waiting, the client dials at once. While connected, it asks the server for a sign of life; if nothing is heard
   * within 2 s, the connection is given up. In other statuses nothing happens. Never throws what dialling throws.
   */
  wake(): void {
    this.#run(() => {
      if (this.#status.kind === 'waiting') {
        this.#retryTimer?.cancel()
        // What failed before was another network: the waits begin anew.
        this.#failures = 0
        this.#dialAgain()
      } else if (this.#status.kind === 'connected') {
        // A request without a token on a connection that has a session is answered with what the client knows.
        this.#sign.ask(() => this.#link?.connection?.send(protocol.codec.encode('session_request', {})))
      }
    })
  }

  /** Closes the connection; the session waits for its `disconnectTimeout`, and `connect` resumes it. */
  disconnect(): void {
    this.#rest()
    this.#errors.comeOut()
  }

  /** Ends the session: no grace, nothing to come back to. */
  end(): void {
    this.#abandon(CloseCode.ended, '')
    this.#store.forget()
    this.#become({ kind: 'ended', code: CloseCode.ended, reason: '' })
    this.#errors.comeOut()
  }

  #rest(): void {
    this.#abandon(CloseCode.normal, '')
    this.#become({ kind: 'idle' })
  }

  #dial(): void {
    const link = new ServerLink(this.#owner, this.#patienceMs)
    this.#link = link
    this.#connectTimer = this.#setTimer(this.#connectTimeout, () =>
      this.#lose(CloseCode.abnormal, 'no session within the connect timeout'),
    )
    this.#become({ kind: 'connecting' })
    // A listener of that event may have called `connect` or `end` already.
    if (this.#link !== link) return
    link.connection = this.#network.connect(this.#address, link)
  }

  /** Nobody waits for what a retry throws: it is a lost connection, and the next retry may succeed. */
  #dialAgain(): void {
    try {
      this.#dial()
    } catch (error) {
      this.#lose(CloseCode.abnormal, `dialling failed: ${messageOf(error)}`)
    }
  }

  #handleOpened(link: ServerLink): void {
    if (link === this.#link) this.#request(link)
  }

  #handleAlive(link: ServerLink): void {
    if (link === this.#link) {
      this.#sign.stop()
      this.#liveness.heard()
    }
  }

  #handleMessage(link: ServerLink, bytes: Uint8Array): void {
    if (link !== this.#link) return
    this.#liveness.heard()
    this.#sign.stop()
    if (readPrefix(bytes) === PROTOCOL_PREFIX) this.#handleProtocol(link, bytes)
    else if (link.isTold) this.#handleApp(bytes)
    else if (link.held.length < HELD_MAX) link.held.push(bytes)
  }

  #handleClosed(link: ServerLink, code: number, reason: string): void {
    // There is nothing left to close, and not every code that one hears may be sent.
    link.connection = undefined
    if (link === this.#link) this.#lose(code, reason)
  }

  #request(link: ServerLink): void {
    const { session, attempt } = this.#store.beginAttempt()
    link.requested = session
    link.attempt = attempt
    const apps = [...this.#rooms.values()].map(({ app }) => app)
    const schemas = encodeSchemas(apps, protocol)
    const message = session === undefined ? { attempt, schemas } : { reconnect_token: session.token, attempt, schemas }
    link.connection?.send(protocol.codec.encode('session_request', message))
  }

  #handleProtocol(link: ServerLink, bytes: Uint8Array): void {
    const decoded = decodeServerMessage(bytes)
    if (decoded === undefined || typeof decoded === 'string') {
      this.#reportUndecodable(PROTOCOL_PREFIX, decoded === 'malformed' ? decoded : 'unknown_message', bytes)
      return
    }
    if (decoded.type === 'session_new') {
      this.#handleSessionNew(link, decoded.message.id, decoded.message.reconnect_token)
      return
    }
    // Anything else directly after `session_new`: the server is one that sends no `session_state`.
    const state = decoded.type === 'session_state' ? decoded.message : undefined
    if (link.hasSession && !link.isTold) this.#tellSession(link, state)
    // A listener may have ended or replaced the connection.
    if (link !== this.#link) return
    switch (decoded.type) {
      case 'session_state':
        return
      case 'session_beacon':
        link.connection?.send(protocol.codec.encode('session_ping', { id: decoded.message.id }))
        return
      case 'session_pong':
        this.#events.emit('latency', decoded.message.latency)
        return
      case 'session_denied':
        this.#handleDenied(link, readDenialReason(decoded.message.reason))
        return
    }
  }

  #handleSessionNew(link: ServerLink, id: number, token: Uint8Array): void {
    // Kept before anything else is handled.
    this.#store.received(id, token, link.attempt)
    // Told again: the answer to a repeated request, or the server has given this connection to another session.
    if (link.sessionId === id) return
    link.sessionId = id
    this.#closeLeft(CloseCode.normal)
    this.#handleStoreChange()
  }

  /** `state`: where the session is; undefined where the server does not say. */
  #tellSession(link: ServerLink, state: SessionState | undefined): void {
    const id = link.sessionId
    if (id === undefined) return
    link.toldId = id
    this.#connectTimer?.cancel()
    this.#failures = 0
    this.#liveness.start()
    this.#session = {
      id,
      resumed: link.requested?.sessionId === id,
      zone: this.#zoneOf(state),
      isZoneKnown: state !== undefined,
      skewed: (state?.skewed ?? []).flatMap((prefix) => this.#appOf(prefix) ?? []),
    }
    this.#become({ kind: 'connected', sessionId: id })
    // A listener may have ended or replaced the connection.
    if (link === this.#link) this.#events.emit('session', this.#session)
    for (const held of link.held.splice(0)) if (link === this.#link) this.#handleApp(held)
  }

  #zoneOf(state: SessionState | undefined): SessionZone | undefined {
    if (state?.zone === undefined || state.zone_app === undefined) return undefined
    return { app: this.#appOf(state.zone_app), prefix: state.zone_app, name: state.zone }
  }

  #appOf(prefix: number): AnyApp | undefined {
    return this.#rooms.get(prefix)?.app
  }

  #handleDenied(link: ServerLink, reason: DenialReason | undefined): void {
    if (reason === undefined) return
    if (reason === 'bad_token' && link.requested !== undefined && !link.hasSession) {
      const { sessionId: id, token } = link.requested
      // Another program with the same store has the session's next token, or another session.
      if (!this.#store.hasOtherThan(token)) {
        this.#store.forget()
        this.#events.emit('session_lost', { id })
      }
      if (link === this.#link) this.#request(link)
      return
    }
    this.#events.emit('denied', { reason })
  }

  #handleApp(bytes: Uint8Array): void {
    const prefix = readPrefix(bytes)
    const room = prefix === undefined ? undefined : this.#rooms.get(prefix)
    if (room === undefined) {
      this.#reportUndecodable(prefix, prefix === undefined ? 'malformed' : 'unknown_app', bytes)
      return
    }
    const decoded = room.app.codec.decode(bytes)
    if (typeof decoded === 'object') room.receive(decoded.type, decoded.message)
    else this.#reportUndecodable(prefix, decoded === 'empty' ? 'unknown_message' : decoded, bytes)
  }

  #reportUndecodable(prefix: number | undefined, why: UndecodableWhy, bytes: Uint8Array): void {
    const app = prefix === undefined ? undefined : this.#appOf(prefix)
    const isSkewed = app !== undefined && this.#session?.skewed.includes(app) === true
    const count = this.#undecodable.count(prefix, why)
    this.#events.emit('undecodable', { app, prefix, why, isSkewed, bytes, count })
  }

  #sendToApp(app: AnyApp, type: string, message: object): boolean {
    const bytes = app.codec.encode(type, message)
    const link = this.#link
    if (link === undefined || link.toldId === undefined || link.connection === undefined) return false
    link.connection.send(bytes, app.deliveryOf(type))
    return true
  }

  /** The connection is lost, or given up: come back, unless `code` forbids it. */
  #lose(code: number, reason: string): void {
    this.#unopened = this.#link?.hasOpened === false ? this.#unopened + 1 : 0
    this.#abandon(code, reason)
    if (!mayComeBack(code)) {
      this.#become({ kind: 'ended', code, reason })
      return
    }
    const retryInMs = backoffMs(this.#failures++, this.#mayBeAlive(), this.#parts)
    try {
      this.#retryTimer = this.#setTimer(retryInMs, () => this.#dialAgain())
    } catch (error) {
      // Without a timer nothing would ever end the wait.
      this.#errors.keep(error)
      this.#become({ kind: 'idle' })
      return
    }
    const why = explainUnopened(this.#unopened, reason, this.#address)
    this.#become({ kind: 'waiting', retryInMs, code, reason: why })
  }

  #mayBeAlive(): boolean {
    if (this.#lostAt === undefined || this.sessionId === undefined) return false
    return this.#parts.now() - this.#lostAt < this.#disconnectTimeout
  }

  /** From now on nothing of the current connection counts, but it stays open until the session has gone over. */
  #leave(link: ServerLink): void {
    this.#connectTimer?.cancel()
    this.#liveness.stop()
    this.#sign.stop()
    this.#closeLeft(CloseCode.normal)
    this.#left = link
    this.#link = undefined
  }

  #closeLeft(code: number): void {
    const left = this.#left
    this.#left = undefined
    this.#close(left, code, '')
  }

  /** From now on nothing of any connection counts. */
  #abandon(code: number, reason: string): void {
    if (this.#link?.hasSession === true || this.#left !== undefined) this.#lostAt = this.#parts.now()
    this.#closeLeft(code === CloseCode.ended ? code : CloseCode.normal)
    this.#abandonLink(code, reason)
  }

  /** The same of the current one alone: the session may be on its way over from another. */
  #abandonLink(code: number, reason: string): void {
    this.#connectTimer?.cancel()
    this.#retryTimer?.cancel()
    this.#sign.stop()
    this.#liveness.stop()
    const link = this.#link
    this.#link = undefined
    this.#close(link, code === CloseCode.abnormal ? CloseCode.normal : code, reason)
  }

  #close(link: ServerLink | undefined, code: number, reason: string): void {
    try {
      link?.connection?.close(code, reason)
    } catch (error) {
      this.#errors.keep(error)
    }
  }

  /**
   * Two programs with one store that began at the same time have a session each, and one of them would stay as a twin:
   * the earlier one ends its session.
   */
  #handleStoreChange(): void {
    const link = this.#link
    if (link?.sessionId === undefined || !this.#store.isSuperseded(link.sessionId)) return
    this.#abandon(CloseCode.ended, '')
    this.#become({ kind: 'ended', code: CloseCode.takenOver, reason: 'another program with this store has a session' })
  }

  #become(status: ClientStatus): void {
    this.#status = status
    if (status.kind === 'idle' || status.kind === 'ended') this.#store.unwatch()
    else this.#store.watch(() => this.#run(() => this.#handleStoreChange()))
    this.#events.emit('status', status)
  }

  #setTimer(delayMs: number, fire: () => void): Timer | undefined {
    return this.#parts.setTimer(delayMs, () => this.#run(fire))
  }

  /**
   * Something that comes from outside, and for which nobody waits. If it throws halfway (a clock or a network that
   * breaks its contract), the connection is given up: after that the client's state is whole again.
   */
  #run(handle: () => void): void {
    try {
      handle()
    } catch (error) {
      this.#errors.keep(error)
      const { kind } = this.#status
      if (kind === 'connecting' || kind === 'connected') this.#lose(CloseCode.abnormal, messageOf(error))
    }
    this.#errors.comeOut()
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
