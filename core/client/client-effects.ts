/** What each effect of the client's table does. */
import type { Liveness } from '../liveness.ts'
import { assert } from '../errors.ts'
import { PROTOCOL_PREFIX, type DenialReason, type SessionNew, type SessionState } from '../protocol.ts'
import type { ClientStatus } from './client-events.ts'
import type { ClientRooms } from './client-rooms.ts'
import type { ClientShell } from './client-shell.ts'
import { STATUS_OF, type Ending, type ClientRow } from './client-table.ts'
import type { ClientTelling } from './client-telling.ts'
import type { ClientTimers } from './client-timers.ts'
import type { ClientEffect, ClientEvent } from './client-words.ts'
import type { Dialling } from './dialling.ts'
import type { ServerLink } from './server-link.ts'
import type { SessionKeeper } from './session-keeper.ts'
import type { SessionRequests } from './session-requests.ts'
import type { SignOfLife } from './sign-of-life.ts'
import type { UndecodableWhy } from './undecodable.ts'

/** What an event brings along. */
export interface EventData {
  /** What a connection was closed with; the reason also of an exception. */
  readonly code?: number
  readonly reason?: string
  readonly bytes?: Uint8Array
  readonly why?: UndecodableWhy
  readonly session?: SessionNew
  /** Undefined where the server does not say where the session is. */
  readonly state?: SessionState | undefined
  readonly beacon?: number
  readonly latencyMs?: number
  readonly denial?: DenialReason | undefined
}

export interface EffectParts {
  readonly shell: ClientShell
  readonly dialling: Dialling
  readonly timers: ClientTimers
  readonly liveness: Liveness
  readonly sign: SignOfLife
  readonly store: SessionKeeper
  readonly requests: SessionRequests
  readonly rooms: ClientRooms
  readonly telling: ClientTelling
  readonly connectTimeoutMs: number
  readonly onEvent: (event: ClientEvent, data?: EventData) => void
  readonly onStoreChange: () => void
  readonly onError: (error: unknown) => void
}

export class ClientEffects {
  readonly #parts: EffectParts
  #retryInMs = 0

  constructor(parts: EffectParts) {
    this.#parts = parts
  }

  /** The effects of messages come first: they are carried out much more often than all others. */
  carryOut(effect: ClientEffect, row: ClientRow, data: EventData): void {
    const { dialling, liveness, requests, rooms, sign, store, telling, timers } = this.#parts
    switch (effect) {
      case 'note_life':
        return liveness.heard()
      case 'stop_sign':
        return sign.stop()
      case 'tell_message':
        return rooms.receive(this.#link, the(data.bytes))
      case 'answer_beacon':
        return requests.answerBeacon(this.#link, the(data.beacon))
      case 'tell_latency':
        return telling.tell('latency', the(data.latencyMs))
      case 'hold_message':
        return void this.#link.held.push(the(data.bytes))

      case 'begin_connection':
        return dialling.begin()
      case 'dial':
        return dialling.dial()
      case 'redial':
        return this.#redial()
      case 'leave_connection':
        return dialling.leave()
      case 'close_left':
        return dialling.closeLeft(row.closesLeft)
      case 'close_connection': {
        const { code, reason } = endingOf(row.closes, data)
        return dialling.close(code, reason)
      }

      case 'start_connect_timer':
        return this.#startConnectTimer()
      case 'stop_connect_timer':
        return timers.cancel('connect')
      case 'start_retry_timer':
        return this.#startRetryTimer()
      case 'stop_retry_timer':
        return timers.cancel('retry')
      case 'start_liveness':
        return liveness.start()
      case 'stop_liveness':
        return liveness.stop()
      case 'ask_sign':
        return sign.ask(() => requests.askForSign(this.#link))

      case 'reset_failures':
        return dialling.resetFailures()
      case 'count_unopened':
        return dialling.countUnopened()
      case 'reset_unopened':
        return dialling.resetUnopened()
      case 'note_loss':
        return dialling.noteLoss()

      case 'watch_store':
        return store.watch(this.#parts.onStoreChange)
      case 'unwatch_store':
        return store.unwatch()
      case 'send_request':
        return requests.request(this.#link)
      case 'store_token':
        return this.#storeToken(the(data.session))
      case 'forget_session':
        return store.forget()
      case 'take_session':
        this.#link.sessionId = the(data.session).id
        return
      case 'know_session':
        return telling.takeSession(this.#link, the(this.#link.sessionId), data.state)

      case 'tell_status':
        return this.#tellStatus(row, data)
      case 'tell_session':
        return telling.tellSession()
      case 'tell_held':
        return this.#tellHeld()
      case 'tell_lost':
        return telling.tell('session_lost', { id: the(this.#link.requested).sessionId })
      case 'tell_denied':
        return telling.tell('denied', { reason: the(data.denial) })
      case 'tell_undecodable':
        return telling.tellUndecodable(PROTOCOL_PREFIX, the(data.why), the(data.bytes))
    }
  }

  get #link(): ServerLink {
    return the(this.#parts.dialling.link)
  }

  #redial(): void {
    const { dialling, onEvent } = this.#parts
    try {
      dialling.dial()
    } catch (error) {
      onEvent('redial_threw', { reason: `dialling failed: ${messageOf(error)}` })
    }
  }

  #startConnectTimer(): void {
    const { connectTimeoutMs, onEvent, timers } = this.#parts
    timers.set('connect', connectTimeoutMs, () => onEvent('connect_timeout'))
  }

  #startRetryTimer(): void {
    const { dialling, onError, onEvent, shell, store, telling, timers } = this.#parts
    const retryInMs = dialling.drawWait(() => idOf(telling.status, store) !== undefined)
    this.#retryInMs = retryInMs
    try {
      timers.set('retry', retryInMs, () => onEvent('retry_due'))
      if (shell.taps.isOn) shell.taps.emit.retryAt(shell.nowMs + retryInMs, retryInMs)
    } catch (error) {
      // Without a timer nothing would ever end the wait.
      onError(error)
      onEvent('no_timer')
    }
  }

  #storeToken(session: SessionNew): void {
    this.#parts.store.received(session.id, session.reconnect_token, this.#link.attempt)
  }

  #tellStatus({ to, tells }: ClientRow, data: EventData): void {
    const { dialling, telling } = this.#parts
    const kind = STATUS_OF[to]
    const ending = endingOf(tells, data)
    if (kind === 'connected') telling.tellStatus({ kind, sessionId: the(this.#link.sessionId) })
    else if (kind === 'waiting')
      telling.tellStatus({
        kind,
        retryInMs: this.#retryInMs,
        code: ending.code,
        reason: dialling.explain(ending.reason),
      })
    else if (kind === 'ended') telling.tellStatus({ kind, ...ending })
    else telling.tellStatus({ kind })
  }

  #tellHeld(): void {
    const { dialling, rooms } = this.#parts
    const told = this.#link
    // A listener may have ended or replaced the connection.
    for (const bytes of told.held.splice(0)) if (told === dialling.link) rooms.receive(told, bytes)
  }
}

/** The session that the client has, or would come back to. */
export function idOf(status: ClientStatus, store: SessionKeeper): number | undefined {
  return status.kind === 'connected' ? status.sessionId : store.sessionId
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function endingOf(ending: Ending | undefined, data: EventData): Required<Ending> {
  return { code: ending?.code ?? data.code ?? 0, reason: ending?.reason ?? data.reason ?? '' }
}

/** What an effect needs is there in every row that has the effect. */
function the<Value>(value: Value | undefined): Value {
  assert(value !== undefined, 'an effect of the client lacks what its event brings')
  return value
}
