/**
 * A session: the server's record of one client, independent of any connection. It carries out the effects of the
 * table in `transitions.ts`, and holds what belongs to them: tokens, timers, membership, and the slot for its proxy.
 */
import type { AnyApp, SchemaApp } from '../app/app.ts'
import type { MessageName, RpcName, Schema, Sendable } from '../app/message-types.ts'
import { Outgoing } from '../app/outgoing.ts'
import { CloseCode } from '../close-codes.ts'
import { setDeadline } from '../turns/deadline.ts'
import { assert, OverworldError } from '../errors.ts'
import type { Timer } from '../injected.ts'
import { checkDuration, type ServerOptions } from '../options.ts'
import type { OutsideCall } from '../turns/outside-calls.ts'
import type { TimerOwner } from '../turns/timer-owner.ts'
import { runUserCode } from '../turns/user-code.ts'
import { encodePong } from '../protocol.ts'
import { ClientLink, type EventData, type LinkOwner } from './client-link.ts'
import { Credentials } from './credentials.ts'
import { Grace } from './grace.ts'
import { proxyEvent } from './guards.ts'
import type { Member, MemberZone } from './membership.ts'
import { kindOf, ProxySlot, type OwnProxy, type SlotParts } from './proxy-slot.ts'
import type { SessionOptions } from './session-options.ts'
import type { PeerFault, SessionEffect, SessionEvent, SessionStatus } from './session-events.ts'
import type { Tokens } from './tokens.ts'
import { findRow, type Row, type Transition } from './transitions.ts'
import type { Action, Proxy, Serializer, SessionDisconnect, SessionId, ZoneView } from './views.ts'

export interface SessionParts extends SlotParts {
  readonly options: ServerOptions
  readonly tokens: Tokens
  readonly zones: {
    /** A join, a part or an rpc of the program. Throws what is wrong with it. */
    call(session: Member, app: AnyApp, type: string, message: object, zone?: ZoneView): void
  }
  /** The session's status changed, from `undefined` when it came to be. */
  moved(session: SessionCore, from: SessionStatus | undefined): void
}

const DENIALS = {
  deny_no_session: 'no_session',
  deny_bad_token: 'bad_token',
  deny_already_in_session: 'already_in_session',
} as const

export class SessionCore implements LinkOwner, Member {
  readonly id: SessionId
  readonly #parts: SessionParts
  readonly #slot: ProxySlot
  readonly #grace: Grace
  #status: SessionStatus = 'preconnect'
  readonly #credentials: Credentials
  #disconnectCallback: SessionDisconnect | undefined
  #gameData: unknown
  #requestTimer: Timer | undefined
  #zone: MemberZone | undefined

  /** Internal: sessions are started by `server.sessions.start` or by a connection. */
  constructor(parts: SessionParts, id: number, proxy: OwnProxy, options: SessionOptions) {
    this.#parts = parts
    this.id = id as SessionId
    this.#credentials = new Credentials(parts.tokens, this)
    this.#slot = new ProxySlot(parts, this, proxy, options.serializer, () => {
      parts.counters.livenessTimeoutsTotal++
      this.apply('liveness_timeout')
    })
    this.#disconnectCallback =
      'disconnectCallback' in options ? options.disconnectCallback : parts.options.disconnectCallback
    this.#gameData = options.gameData
    this.#grace = new Grace(parts, id, options.disconnectTimeout ?? parts.options.disconnectTimeout, () =>
      this.apply('grace_over'),
    )
  }

  get status(): SessionStatus {
    return this.#status
  }

  get proxy(): Proxy | undefined {
    return this.#slot.proxy
  }

  set proxy(proxy: Proxy | undefined) {
    this.#assertAlive()
    this.#parts.turns.call(() => this.#setProxy(proxy), this.#outside('set proxy', proxy))
  }

  get serializer(): Serializer {
    return this.#slot.serializer
  }

  set serializer(serializer: Serializer) {
    this.#assertAlive()
    if (serializer === undefined && this.#slot.proxy instanceof ClientLink) {
      throw new OverworldError('foreign_serializer', "a connection carries bytes: its serializer must be 'protobuf'")
    }
    this.#parts.turns.set(
      () => {
        this.#slot.serializer = serializer
      },
      this.#outside('set serializer', serializer),
    )
  }

  get latency(): number | undefined {
    return this.#slot.latency
  }

  get disconnectCallback(): SessionDisconnect | undefined {
    return this.#disconnectCallback
  }

  set disconnectCallback(callback: SessionDisconnect | undefined) {
    this.#assertAlive()
    this.#parts.turns.set(
      () => {
        this.#disconnectCallback = callback
      },
      this.#outside('set disconnectCallback', callback),
    )
  }

  get gameData(): unknown {
    return this.#gameData
  }

  set gameData(gameData: unknown) {
    this.#assertAlive()
    this.#parts.turns.set(
      () => {
        this.#gameData = gameData
      },
      this.#outside('set gameData', gameData),
    )
  }

  get disconnectTimeout(): number {
    return this.#grace.timeoutMs
  }

  set disconnectTimeout(timeoutMs: number) {
    this.#assertAlive()
    checkDuration('disconnectTimeout', timeoutMs)
    this.#parts.turns.call(
      () => {
        this.#assertAlive()
        this.#grace.setTimeout(timeoutMs)
      },
      this.#outside('set disconnectTimeout', timeoutMs),
    )
  }

  get token(): Uint8Array | undefined {
    return this.#credentials.token?.slice()
  }

  get zone(): MemberZone | undefined {
    return this.#zone
  }

  send<S extends Schema, const Name extends RpcName<S>>(
    app: SchemaApp<S>,
    type: Name,
    message: Sendable<S, Name>,
  ): void {
    const outgoing = new Outgoing(app, type, message)
    const action: Action = { kind: 'reply', app, type, message }
    const outside = this.#outside('send', app, type, message)
    this.#parts.shell.ask(() => this.deliver(outgoing), action, this, undefined, outside)
  }

  join<S extends Schema>(app: SchemaApp<S>, message: Sendable<S, 'join' & MessageName<S>>, zone?: ZoneView): void {
    const call = (): void => this.#parts.zones.call(this, app, 'join', message, zone)
    this.#parts.turns.call(call, this.#outside('join', app, message, zone))
  }

  part<S extends Schema>(app: SchemaApp<S>, message: Sendable<S, 'part' & MessageName<S>>): void {
    const call = (): void => this.#parts.zones.call(this, app, 'part', message)
    this.#parts.turns.call(call, this.#outside('part', app, message))
  }

  rpc<S extends Schema, const Name extends RpcName<S>>(
    app: SchemaApp<S>,
    type: Name,
    message: Sendable<S, Name>,
  ): void {
    const call = (): void => this.#parts.zones.call(this, app, type, message)
    this.#parts.turns.call(call, this.#outside('rpc', app, type, message))
  }

  disconnect(): void {
    this.#parts.turns.call(() => this.apply('disconnect_called'), this.#outside('disconnect'))
  }

  stop(): void {
    this.#parts.turns.call(() => this.apply('stop'), this.#outside('stop'))
  }

  // What follows is for the rest of the core.

  begin(status: 'preconnect' | 'connected'): void {
    this.#status = status
    this.#parts.moved(this, undefined)
    this.#tellStatus(undefined, undefined)
    if (status === 'preconnect') {
      const owner: TimerOwner = { name: 'request', session: this.id }
      this.#requestTimer = setDeadline(this.#parts.shell, owner, this.#parts.options.requestTimeout, () =>
        this.apply('request_timeout'),
      )
    }
  }

  /** The one place where a status changes. */
  apply(event: SessionEvent, data: EventData = {}): void {
    const row = this.expect(event)
    if (row.kind === 'ignored') {
      const { taps } = this.#parts.shell
      if (taps.isOn) taps.emit.eventIgnored(this, event)
      return
    }
    const from = this.#status
    this.#status = row.to
    if (row.to !== from) this.#parts.moved(this, from)
    this.#tellStatus(from, event)
    if (row.counts !== undefined) this.#parts.counters[row.counts]++
    for (const effect of row.effects) this.#carryOut(effect, row, data)
  }

  /**
   * The row for `event`. Without one there is a mistake of ours, and nothing has been done yet: `link`, which the
   * input belongs to, is closed with 4012, so that its client reconnects, and the input is dropped and reported.
   */
  expect(event: SessionEvent, link: ClientLink | undefined = this.#slot.link): Row {
    const row = findRow(this.#status, event)
    if (row === undefined) link?.close(CloseCode.trouble)
    assert(row !== undefined, `'${event}' for a session that is ${this.#status}`)
    return row
  }

  /** What its connection is closed with for `fault`. */
  closeCodeFor(fault: PeerFault): CloseCode {
    const row = this.expect(fault)
    assert(row.kind === 'transition' && row.closes !== undefined, `'${fault}' closes nothing`)
    return row.closes
  }

  /** `link`, which serves the provisional session `from`, or is its own, brought the valid token `usedToken`. */
  resume(link: ClientLink, from: LinkOwner, usedToken: Uint8Array, attempt: number | undefined): void {
    this.expect('resume', link)
    from.apply('request_resume')
    this.#credentials.resume(usedToken, attempt)
    this.apply('resume', { proxy: link, usedToken })
  }

  /** A request without a token, which is served. */
  start(event: 'request_new' | 'request_repeated', attempt: number | undefined): void {
    this.expect(event)
    this.#credentials.accept(attempt)
    this.apply(event)
  }

  /** Whether a request with this attempt number comes after one that was accepted later than it was made. */
  isLate(attempt: number | undefined): boolean {
    return this.#credentials.isLate(attempt)
  }

  /** Something came from the client. */
  heard(): void {
    this.#slot.heard()
  }

  ping(id: number): void {
    const latency = this.#slot.answered(id)
    if (latency === undefined) {
      this.#parts.counters.unknownPingTotal++
      return
    }
    // Beacons of an earlier connection are forgotten: who answers has received the `session_new` before this one.
    this.#credentials.prove()
    this.#slot.sendProtocol(encodePong(latency))
  }

  /** A message from a zone, or from `send`. */
  deliver(outgoing: Outgoing): void {
    if (this.#status === 'connected') this.#slot.deliver(outgoing)
    else if (this.#status === 'gone') this.#parts.counters.droppedGoneTotal++
    else this.#parts.counters.droppedDisconnectedTotal++
  }

  /** Only its zone calls this. */
  setZone(zone: MemberZone | undefined): void {
    this.#zone = zone
  }

  #setProxy(proxy: Proxy | undefined): void {
    this.#assertAlive()
    const isSame = proxy === this.#slot.proxy
    const event = proxyEvent({ status: this.#status, isSame, proxy: kindOf(proxy) })
    switch (event) {
      case 'unchanged':
        return
      case 'not_requested':
        throw new OverworldError('not_connected', `session ${this.id} has not been requested yet`)
      case 'proxy_closed':
        throw new OverworldError('not_connected', 'the connection has closed: it cannot be a proxy')
      case 'disconnect_called':
      case 'receiver_set':
        this.apply(event, { proxy: proxy as OwnProxy })
        return
      case 'connection_set':
        this.#takeConnection(proxy as ClientLink)
        return
    }
  }

  #takeConnection(link: ClientLink): void {
    const other = link.session instanceof SessionCore ? link.session : undefined
    this.expect('connection_set')
    other?.expect('connection_taken')
    this.#credentials.countAs(other === undefined ? undefined : other.#credentials)
    other?.apply('connection_taken')
    this.apply('connection_set', { proxy: link })
  }

  #carryOut(effect: SessionEffect, row: Transition, data: EventData): void {
    switch (effect) {
      case 'cancel_request_timer':
        this.#requestTimer?.cancel()
        this.#requestTimer = undefined
        return
      case 'cancel_grace':
        this.#grace.cancel()
        return
      case 'issue_token':
        this.#credentials.issue()
        return
      case 'rotate_token':
        assert(data.usedToken !== undefined, 'a resume without a token')
        this.#credentials.rotate(data.usedToken)
        return
      case 'revoke_tokens':
        this.#credentials.revoke()
        return
      case 'adopt_proxy':
        assert(data.proxy !== undefined, 'nothing to adopt')
        this.#slot.letGo(row.closes)
        this.#slot.adopt(data.proxy)
        return
      case 'drop_proxy':
        this.#slot.letGo(row.closes)
        return
      case 'send_session_new':
        this.#slot.sendSessionNew(this.#credentials.token)
        return
      case 'send_session_state':
        this.#slot.sendSessionState(this.#zone)
        return
      case 'send_beacon':
        this.#slot.sendBeacon()
        return
      case 'start_heartbeat':
        this.#slot.startHeartbeat()
        return
      case 'stop_heartbeat':
        this.#slot.stopHeartbeat()
        return
      case 'start_grace':
        this.#credentials.lose()
        this.#grace.start()
        return
      case 'deny_no_session':
      case 'deny_bad_token':
      case 'deny_already_in_session':
        this.#slot.deny(DENIALS[effect])
        return
      case 'run_callback': {
        const callback = this.#disconnectCallback
        if (callback !== undefined) {
          this.#runCallback(callback, data.code ?? row.closes ?? row.tells ?? CloseCode.abnormal)
        }
        return
      }
      case 'tell_zone_disconnect':
        this.#zone?.memberDisconnected(this)
        return
      case 'tell_zone_reconnect':
        this.#zone?.memberReconnected(this)
        return
      case 'leave_zone':
        assert(row.parts !== undefined, 'a zone is left for no reason')
        this.#zone?.memberLeft(this, row.parts)
        return
    }
  }

  #runCallback(callback: SessionDisconnect, code: number): void {
    const { taps } = this.#parts.shell
    this.#slot.guard('disconnectCallback', () => {
      if (!taps.isOn) return callback(this, code)
      taps.emit.callback(this, 'disconnectCallback', code)
      return runUserCode(
        () => callback(this, code),
        (returned, thrown) => taps.emit.callbackEnds(this, 'disconnectCallback', returned, thrown),
      )
    })
  }

  /** Also where the status stays the same. */
  #tellStatus(from: SessionStatus | undefined, event: SessionEvent | undefined): void {
    const { taps } = this.#parts.shell
    if (taps.isOn) taps.emit.status(this, from, this.#status, event)
  }

  #outside(method: string, ...args: readonly unknown[]): OutsideCall {
    return { on: this, method, args }
  }

  #assertAlive(): void {
    if (this.#status !== 'gone') return
    throw new OverworldError('session_gone', `session ${this.id} is gone: nothing about it can be set any more`)
  }
}
