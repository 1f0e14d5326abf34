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

export type ClientEffects = Readonly<Record<ClientEffect, (row: ClientRow, data: EventData) => void>>

export function clientEffects(parts: EffectParts): ClientEffects {
  const { shell, dialling, timers, liveness, sign, store, requests, rooms, telling, onEvent } = parts
  const link = (): ServerLink => the(dialling.link)
  let retryInMs = 0
  return {
    begin_connection: () => dialling.begin(),
    dial: () => dialling.dial(),
    redial: () => {
      try {
        dialling.dial()
      } catch (error) {
        onEvent('redial_threw', { reason: `dialling failed: ${messageOf(error)}` })
      }
    },
    leave_connection: () => dialling.leave(),
    close_left: ({ closesLeft }) => dialling.closeLeft(closesLeft),
    close_connection: ({ closes }, data) => {
      const { code, reason } = endingOf(closes, data)
      dialling.close(code, reason)
    },

    start_connect_timer: () => {
      timers.set('connect', parts.connectTimeoutMs, () => onEvent('connect_timeout'))
    },
    stop_connect_timer: () => timers.cancel('connect'),
    start_retry_timer: () => {
      retryInMs = dialling.drawWait(() => idOf(telling.status, store) !== undefined)
      try {
        timers.set('retry', retryInMs, () => onEvent('retry_due'))
        if (shell.taps.isOn) shell.taps.emit.retryAt(shell.nowMs + retryInMs, retryInMs)
      } catch (error) {
        // Without a timer nothing would ever end the wait.
        parts.onError(error)
        onEvent('no_timer')
      }
    },
    stop_retry_timer: () => timers.cancel('retry'),
    start_liveness: () => liveness.start(),
    stop_liveness: () => liveness.stop(),
    note_life: () => liveness.heard(),
    ask_sign: () => sign.ask(() => requests.askForSign(link())),
    stop_sign: () => sign.stop(),

    reset_failures: () => dialling.resetFailures(),
    count_unopened: () => dialling.countUnopened(),
    reset_unopened: () => dialling.resetUnopened(),
    note_loss: () => dialling.noteLoss(),

    watch_store: () => store.watch(parts.onStoreChange),
    unwatch_store: () => store.unwatch(),
    send_request: () => requests.request(link()),
    store_token: (_row, data) => {
      const session = the(data.session)
      store.received(session.id, session.reconnect_token, link().attempt)
    },
    forget_session: () => store.forget(),
    take_session: (_row, { session }) => {
      link().sessionId = the(session).id
    },
    know_session: (_row, { state }) => telling.takeSession(link(), the(link().sessionId), state),
    answer_beacon: (_row, { beacon }) => requests.answerBeacon(link(), the(beacon)),

    hold_message: (_row, { bytes }) => void link().held.push(the(bytes)),
    tell_status: ({ to, tells }, data) => {
      const kind = STATUS_OF[to]
      const ending = endingOf(tells, data)
      if (kind === 'connected') telling.tellStatus({ kind, sessionId: the(link().sessionId) })
      else if (kind === 'waiting')
        telling.tellStatus({ kind, retryInMs, code: ending.code, reason: dialling.explain(ending.reason) })
      else if (kind === 'ended') telling.tellStatus({ kind, ...ending })
      else telling.tellStatus({ kind })
    },
    tell_session: () => telling.tellSession(),
    tell_held: () => {
      const told = link()
      // A listener may have ended or replaced the connection.
      for (const bytes of told.held.splice(0)) if (told === dialling.link) rooms.receive(told, bytes)
    },
    tell_message: (_row, { bytes }) => rooms.receive(link(), the(bytes)),
    tell_lost: () => telling.tell('session_lost', { id: the(link().requested).sessionId }),
    tell_denied: (_row, { denial }) => telling.tell('denied', { reason: the(denial) }),
    tell_latency: (_row, { latencyMs }) => telling.tell('latency', the(latencyMs)),
    tell_undecodable: (_row, data) => telling.tellUndecodable(PROTOCOL_PREFIX, the(data.why), the(data.bytes)),
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
