/**
 * The client's half of the session protocol: dials, requests a session, answers beacons, keeps the token, notices a lost
 * connection, comes back and resumes, or starts anew where its session is lost.
 *
 * This file turns what comes from outside (calls, connections, timers, the store) into events of the client's table
 * (`client-table.ts`), and carries out the row of each. Nothing is kept for sending later: what must be said again
 * after a resume is the game's to know.
 */
import type { SchemaApp } from '../app/app.ts'
import { readPrefix } from '../app/codec.ts'
import type { Schema } from '../app/message-types.ts'
import { assert } from '../errors.ts'
import type { Network } from '../injected.ts'
import { Liveness } from '../liveness.ts'
import { checkOptionNames } from '../option-names.ts'
import { checkDuration } from '../options.ts'
import { decodeServerMessage, protocol, PROTOCOL_PREFIX, readDenialReason, type SessionNew } from '../protocol.ts'
import { ClientEffects, idOf, messageOf, type EventData } from './client-effects.ts'
import type { ClientEvents, ClientStatus, SessionEstablished } from './client-events.ts'
import {
  appMessageEvent,
  closedEvent,
  deniedEvent,
  isTokenDenied,
  isUntold,
  maySend,
  sessionNewEvent,
  tokenDeniedEvent,
} from './client-guards.ts'
import { CLIENT_OPTION_NAMES, type ClientInit } from './client-init.ts'
import { ClientRooms } from './client-rooms.ts'
import { ClientShell } from './client-shell.ts'
import { clientRowsOf, type ClientRow, type ClientRows } from './client-table.ts'
import type { ClientCall, ClientTap } from './client-tap.ts'
import { ClientTelling } from './client-telling.ts'
import { ClientTimers, type RunTurn } from './client-timers.ts'
import type { ClientEvent, ClientState } from './client-words.ts'
import { Dialling } from './dialling.ts'
import { ListenerErrors } from './emitter.ts'
import { GuardedParts } from './guarded-parts.ts'
import type { Room } from './room.ts'
import type { LinkOwner, ServerLink } from './server-link.ts'
import { SessionKeeper } from './session-keeper.ts'
import { SessionRequests } from './session-requests.ts'
import { SignOfLife } from './sign-of-life.ts'
import { memoryStore } from './token-store.ts'

export type { ClientEvents, ClientStatus, SessionEstablished, SessionZone } from './client-events.ts'
export type { ClientInit } from './client-init.ts'

const NOTHING: EventData = {}
const NOTHING_TO_DO = (): void => undefined

export class Client {
  readonly #errors = new ListenerErrors()
  readonly #shell: ClientShell
  readonly #taps: ClientShell['taps']
  readonly #store: SessionKeeper
  readonly #dialling: Dialling
  readonly #rooms: ClientRooms
  readonly #telling: ClientTelling
  readonly #effects: ClientEffects
  readonly #owner: LinkOwner = {
    handleOpened: (link) => {
      const tell = this.#taps.isOn ? () => this.#taps.begin.opened(link.number) : undefined
      this.#run(() => this.#handle(this.#ifCurrent(link, 'opened')), tell)
    },
    // As `#run`, without closures: nothing else comes as often.
    handleMessage: (link, bytes, delivery) => {
      const isTurn = this.#taps.isOn && this.#shell.begin()
      if (this.#taps.isOn) this.#taps.begin.message(link.number, bytes, delivery)
      try {
        this.#handleMessage(link, bytes)
      } catch (error) {
        this.#fail(error)
      } finally {
        if (isTurn) this.#shell.end()
      }
      this.#errors.comeOut()
    },
    handleIgnored: (link, what) => {
      const tell = this.#taps.isOn ? () => this.#taps.begin.ignored(link.number, what) : undefined
      // A text frame is no sign of life: it may be a proxy's.
      this.#run(() => what === 'sign_of_life' && this.#handle(this.#ifCurrent(link, 'alive')), tell)
    },
    handleClosed: (link, code, reason) => {
      const tell = this.#taps.isOn ? () => this.#taps.begin.closed(link.number, code, reason) : undefined
      this.#run(() => this.#handleClosed(link, code, reason), tell)
    },
    handleDrained: (link) => {
      if (this.#taps.isOn) this.#run(NOTHING_TO_DO, () => this.#taps.begin.drained(link.number))
    },
  }
  #state: ClientState = 'idle'
  /** Those of the present state. */
  #rows: ClientRows = clientRowsOf('idle')
  /** Counts rows that lead to another state or another connection. */
  #moves = 0

  /**
   * Throws `bad_option`, also for a clock, a randomness, a network or a store that cannot work, and for the name of an option that
   * does not exist.
   */
  constructor(init: ClientInit) {
    checkOptionNames('Client', init, CLIENT_OPTION_NAMES)
    const onError = (error: unknown): void => this.#errors.keep(error)
    const parts = new GuardedParts(init, onError)
    const now = (): number => parts.now()
    const shell = new ClientShell(now, (error) => this.#errors.keepFirst(error), init.taps ?? [], init.causes)
    this.#shell = shell
    this.#taps = shell.taps
    const store = new SessionKeeper(init.store ?? memoryStore(), shell, onError)
    const { connectTimeout = 5_000, disconnectTimeout = 5_000, livenessTimeout = 5_000 } = init
    checkDuration('connectTimeout', connectTimeout)
    checkDuration('disconnectTimeout', disconnectTimeout)
    checkDuration('livenessTimeout', livenessTimeout)
    // A liveness timeout of 0 is off.
    const patienceMs = livenessTimeout || Infinity
    const owner = this.#owner
    this.#store = store
    this.#dialling = new Dialling(init, {
      parts,
      shell,
      owner,
      patienceMs,
      disconnectTimeoutMs: disconnectTimeout,
      onError,
    })
    this.#rooms = new ClientRooms({
      client: this,
      errors: this.#errors,
      shell,
      linkToSend: () => (maySend(this.#state) ? this.#dialling.link : undefined),
      onUndecodable: (prefix, why, bytes) => this.#telling.tellUndecodable(prefix, why, bytes),
    })
    this.#telling = new ClientTelling(this.#errors, shell, (prefix) => this.#rooms.appOf(prefix))
    const run: RunTurn = (handle, tell) => this.#run(handle, tell)
    const timers = new ClientTimers(parts, shell, run, () => this.#handle('stale_timer'))
    this.#effects = new ClientEffects({
      shell,
      dialling: this.#dialling,
      timers,
      liveness: new Liveness(livenessTimeout, {
        now,
        setTimer: timers.only('liveness'),
        onSilent: () => this.#handle('silent'),
      }),
      sign: new SignOfLife({ now, setTimer: timers.only('sign'), onSilent: () => this.#handle('no_sign') }),
      store,
      requests: new SessionRequests(store, () => this.#rooms.apps),
      rooms: this.#rooms,
      telling: this.#telling,
      connectTimeoutMs: connectTimeout,
      onEvent: (event, data) => this.#handle(event, data),
      onStoreChange: () => {
        const tell = this.#taps.isOn ? () => this.#taps.begin.storeChanged() : undefined
        this.#run(() => this.#handleStoreChange(), tell)
      },
      onError,
    })
  }

  get status(): ClientStatus {
    return this.#telling.status
  }

  /**
   * The session that this client has, or would come back to. While it is connected it is its own, whatever another
   * program with the same store has stored since.
   */
  get sessionId(): number | undefined {
    return idOf(this.status, this.#store)
  }

  /** The session as the last `session` event told of it; undefined unless the client is connected. */
  get session(): SessionEstablished | undefined {
    return this.status.kind === 'connected' ? this.#telling.session : undefined
  }

  /** How many messages could not be decoded so far: see `undecodable` among the events. */
  get undecodableTotal(): number {
    return this.#telling.undecodableTotal
  }

  get address(): string {
    return this.#dialling.address
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (value: ClientEvents[Name]) => void): () => void {
    return this.#telling.on(name, listener)
  }

  /**
   * This client's side of an app. Before `connect`, so that the server hears which version of the schema this client has.
   */
  app<S extends Schema>(app: SchemaApp<S>): Room<S> {
    return this.#rooms.room(app)
  }

  /**
   * Dials, at once: also while waiting for a retry, and after an end. While connected it goes over to a new
   * connection: the server takes the session over, so that nobody sees a disconnect. Throws what the network throws for an address that it cannot use.
   *
   * @param to Another address, or another network, from now on.
   */
  connect(to: { readonly address?: string; readonly network?: Network } = {}): void {
    this.#call(this.#taps.isOn ? { method: 'connect', address: to.address } : undefined, () => {
      this.#dialling.aim(to)
      try {
        this.#handle('connect_called')
      } catch (error) {
        this.#handle('dial_threw')
        throw error
      }
    })
  }

  /**
   * For a program that knows more than its client: the machine has a network again, or the page is shown again. While
   * waiting, the client dials at once. While connected, it asks the server for a sign of life; if nothing is heard
   * within 2 s, the connection is given up. In other statuses nothing happens. Never throws what dialling throws.
   */
  wake(): void {
    this.#call(this.#taps.isOn ? { method: 'wake' } : undefined, () => this.#guard(() => this.#handle('wake_called')))
  }

  /** Closes the connection; the session waits for its `disconnectTimeout`, and `connect` resumes it. */
  disconnect(): void {
    this.#call(this.#taps.isOn ? { method: 'disconnect' } : undefined, () => this.#handle('disconnect_called'))
  }

  /** Ends the session: no grace, nothing to come back to. */
  end(): void {
    this.#call(this.#taps.isOn ? { method: 'end' } : undefined, () => this.#handle('end_called'))
  }

  /**
   * Adds a tap, which sees what happens from now on. Returns how to remove it. A tap watches: where it calls the client,
   * that throws `called_from_tap`; where it throws, it is removed, and its error comes out as those of listeners do.
   */
  tap(tap: ClientTap): () => void {
    return this.#taps.add(tap)
  }

  #call(call: ClientCall | undefined, run: () => void): void {
    this.#shell.call(call, run)
    this.#errors.comeOut()
  }

  #ifCurrent(link: ServerLink, event: ClientEvent): ClientEvent {
    return link === this.#dialling.link ? event : 'stale_link'
  }

  #handleMessage(link: ServerLink, bytes: Uint8Array): void {
    if (link !== this.#dialling.link) {
      this.#handle('stale_link')
      return
    }
    if (readPrefix(bytes) === PROTOCOL_PREFIX) this.#handleProtocol(link, bytes)
    else this.#handle(appMessageEvent(this.#state, link.held.length), { bytes })
  }

  #handleClosed(link: ServerLink, code: number, reason: string): void {
    // There is nothing left to close, and not every code that one hears may be sent.
    link.connection = undefined
    this.#handle(this.#ifCurrent(link, closedEvent(code)), { code, reason })
  }

  #handleProtocol(link: ServerLink, bytes: Uint8Array): void {
    this.#handle('protocol_message', { bytes })
    const decoded = decodeServerMessage(bytes)
    if (decoded === undefined || typeof decoded === 'string') {
      this.#handle('undecodable', { bytes, why: decoded === 'malformed' ? decoded : 'unknown_message' })
      return
    }
    if (this.#taps.isOn) this.#taps.emit.decoded(link.number, protocol, decoded.type, decoded.message)
    if (decoded.type === 'session_new') {
      this.#handleSessionNew(link, decoded.message)
      return
    }
    // Anything else directly after `session_new`: the server is one that sends no `session_state`.
    const state = decoded.type === 'session_state' ? decoded.message : undefined
    if (state !== undefined || isUntold(this.#state)) this.#handle('session_state', { state })
    // A listener may have ended or replaced the connection.
    if (link !== this.#dialling.link) return
    switch (decoded.type) {
      case 'session_state':
        return
      case 'session_beacon':
        this.#handle('beacon', { beacon: decoded.message.id })
        return
      case 'session_pong':
        this.#handle('pong', { latencyMs: decoded.message.latency })
        return
      case 'session_denied':
        this.#handleDenied(link, decoded.message.reason)
        return
    }
  }

  #handleSessionNew(link: ServerLink, session: SessionNew): void {
    const told = this.status.kind === 'connected' ? this.status.sessionId : undefined
    const event = sessionNewEvent(session.id, link.sessionId, told)
    this.#handle(event, { session })
    if (event !== 'session_again') this.#handleStoreChange()
  }

  #handleDenied(link: ServerLink, reasonNumber: number): void {
    const { requested } = link
    const reason = readDenialReason(reasonNumber)
    const isAboutToken = isTokenDenied({
      reason,
      hasAsked: requested !== undefined,
      hasSession: link.sessionId !== undefined,
    })
    if (isAboutToken && requested !== undefined)
      this.#handle(tokenDeniedEvent(this.#store.hasOtherThan(requested.token)))
    else this.#handle(deniedEvent(reason), { denial: reason })
  }

  /**
   * Two programs with one store that began at the same time have a session each, and one of them would stay as a twin:
   * the earlier one ends its session.
   */
  #handleStoreChange(): void {
    const own = this.#dialling.link?.sessionId
    if (own !== undefined && this.#store.isSuperseded(own)) this.#handle('superseded')
  }

  /** Looks the event up in the table, and carries its row out. An event that cannot happen is a failed assertion. */
  #handle(event: ClientEvent, data: EventData = NOTHING): void {
    const row = this.#rows.get(event)
    if (this.#taps.isOn) this.#tellDecided(event, row)
    if (row === 'ignored') return
    if (row === undefined) assert(false, `the client is ${this.#state}, and '${event}' happens`)
    if (row.isMove) this.#moves++
    const moves = this.#moves
    if (row.to !== this.#state) {
      this.#state = row.to
      this.#rows = clientRowsOf(row.to)
    }
    for (const effect of row.effects) {
      this.#effects.carryOut(effect, row, data)
      // A listener has moved the client on, or a timer could not be set: the rest is no longer due.
      if (this.#moves !== moves) return
    }
  }

  /**
   * Something that comes from outside, and for which nobody waits. If it throws halfway (a clock or a network that
   * breaks its contract, or an assertion), the connection is given up: after that the client's state is whole again.
   */
  #run(handle: () => void, tell?: () => void): void {
    const isTurn = tell !== undefined && this.#shell.begin()
    tell?.()
    try {
      this.#guard(handle)
    } finally {
      if (isTurn) this.#shell.end()
    }
    this.#errors.comeOut()
  }

  #guard(handle: () => void): void {
    try {
      handle()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#errors.keep(error)
    this.#handle('failed', { reason: messageOf(error) })
  }

  #tellDecided(event: ClientEvent, row: ClientRow | 'ignored' | undefined): void {
    if (row !== undefined) this.#taps.emit.decided(event, this.#state, row === 'ignored' ? undefined : row.to)
  }
}
