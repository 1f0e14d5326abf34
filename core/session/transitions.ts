/**
 * The life of a session, as a table: in this status, on this event, these effects are carried out in this order, and
 * then the session is in that status. The row also has what a status change needs to know: the close code of the proxy,
 * the reason that the zone gets, the counter. Which event an input is, is decided by the pure functions in `guards.ts`.
 * `session.ts` carries the effects out; nothing else changes a status. The diagram in `docs/session.md` is generated
 * from here.
 *
 * A status is set before its effects run, so that callbacks see it. A pair of status and event is a transition, or it is
 * ignored for the reason in its row. A pair without a row cannot occur: `SessionCore.apply` asserts that before any effect.
 */
import { CloseCode } from '../close-codes.ts'
import { assert } from '../errors.ts'
import type { CounterName } from '../stats.ts'
import type { SessionEffect, SessionEvent, SessionStatus } from './session-events.ts'

export interface Transition {
  readonly kind: 'transition'
  readonly from: SessionStatus
  readonly on: SessionEvent
  readonly to: SessionStatus
  readonly effects: readonly SessionEffect[]
  /** What the proxy is closed with, and what the callback is told. Absent: the server does not close it. */
  readonly closes?: CloseCode
  /** What the callback is told where the proxy is not closed, and no peer has said why. */
  readonly tells?: CloseCode
  /** The reason of `handlePart`, where the session leaves its zone. */
  readonly parts?: 'ended' | 'timeout' | 'stopped'
  /** The counter of `server.stats()` that is incremented. */
  readonly counts?: CounterName
}

/** A pair that does occur, and changes nothing. */
export interface IgnoredPair {
  readonly kind: 'ignored'
  readonly from: SessionStatus
  readonly on: SessionEvent
  /** Why it occurs, and why nothing is done. */
  readonly because: string
}

export type Row = Transition | IgnoredPair

const LOST = 'sessionsDisconnectedTotal'
const STOPPED = 'sessionsStoppedTotal'
const REFUSED = 'connectionsRefusedTotal'

/** Which session it is, then where that is. */
const TELL = ['send_session_new', 'send_session_state'] as const
const START = ['cancel_request_timer', 'issue_token', ...TELL, 'start_heartbeat', 'send_beacon'] as const
/** A session without trace: nobody has heard of it yet. */
const VANISH = ['cancel_request_timer', 'drop_proxy'] as const
const LOSE = ['stop_heartbeat', 'drop_proxy', 'start_grace', 'run_callback', 'tell_zone_disconnect'] as const
const COME_BACK = ['rotate_token', ...TELL, 'start_heartbeat', 'send_beacon', 'tell_zone_reconnect'] as const
/** By hand: no new token, but the client is told whose session this is. */
const BE_GIVEN = ['issue_token', ...TELL, 'start_heartbeat', 'send_beacon', 'tell_zone_reconnect'] as const
const END = ['stop_heartbeat', 'cancel_grace', 'revoke_tokens'] as const
const STOP = ['leave_zone', 'drop_proxy', ...END] as const
const STOP_AWAY = ['leave_zone', ...END] as const

const CHANGES: readonly Omit<Transition, 'kind'>[] = [
  { from: 'preconnect', on: 'request_new', to: 'connected', effects: START, counts: 'sessionsStartedTotal' },
  { from: 'preconnect', on: 'request_while_draining', to: 'gone', effects: VANISH, closes: CloseCode.draining },
  {
    from: 'preconnect',
    on: 'request_while_full',
    to: 'gone',
    effects: VANISH,
    closes: CloseCode.full,
    counts: REFUSED,
  },
  { from: 'preconnect', on: 'request_resume', to: 'gone', effects: VANISH },
  {
    from: 'preconnect',
    on: 'request_late',
    to: 'gone',
    effects: VANISH,
    closes: CloseCode.takenOver,
    counts: 'lateRequestsTotal',
  },
  {
    from: 'preconnect',
    on: 'request_bad_token',
    to: 'preconnect',
    effects: ['deny_bad_token'],
    counts: 'badTokensTotal',
  },
  {
    from: 'preconnect',
    on: 'request_bad_token_last',
    to: 'gone',
    effects: ['deny_bad_token', ...VANISH],
    closes: CloseCode.badTokens,
    counts: 'badTokensTotal',
  },
  { from: 'preconnect', on: 'other_message', to: 'preconnect', effects: ['deny_no_session'] },
  { from: 'preconnect', on: 'request_timeout', to: 'gone', effects: VANISH, closes: CloseCode.requestTimeout },
  { from: 'preconnect', on: 'crowded_out', to: 'gone', effects: VANISH, closes: CloseCode.full, counts: REFUSED },
  {
    from: 'preconnect',
    on: 'crowded_out_of_address',
    to: 'gone',
    effects: VANISH,
    closes: CloseCode.tooMany,
    counts: REFUSED,
  },
  { from: 'preconnect', on: 'connection_closed', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'bad_input', to: 'gone', effects: VANISH, closes: CloseCode.malformed },
  { from: 'preconnect', on: 'too_many_messages', to: 'gone', effects: VANISH, closes: CloseCode.tooMany },
  { from: 'preconnect', on: 'slow_reader', to: 'gone', effects: VANISH, closes: CloseCode.slowReader },
  { from: 'preconnect', on: 'connection_taken', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'disconnect_called', to: 'gone', effects: VANISH, closes: CloseCode.normal },
  { from: 'preconnect', on: 'client_ended', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'stop', to: 'gone', effects: VANISH, closes: CloseCode.stopped },
  { from: 'preconnect', on: 'server_stop', to: 'gone', effects: VANISH, closes: CloseCode.restarting },
  { from: 'preconnect', on: 'drain_over', to: 'gone', effects: VANISH, closes: CloseCode.draining },

  { from: 'connected', on: 'request_repeated', to: 'connected', effects: TELL },
  { from: 'connected', on: 'request_again', to: 'connected', effects: ['deny_already_in_session'] },
  { from: 'connected', on: 'connection_closed', to: 'disconnected', effects: LOSE, counts: LOST },
  { from: 'connected', on: 'bad_input', to: 'disconnected', effects: LOSE, closes: CloseCode.malformed, counts: LOST },
  {
    from: 'connected',
    on: 'too_many_messages',
    to: 'disconnected',
    effects: LOSE,
    closes: CloseCode.tooMany,
    counts: LOST,
  },
  {
    from: 'connected',
    on: 'slow_reader',
    to: 'disconnected',
    effects: LOSE,
    closes: CloseCode.slowReader,
    counts: LOST,
  },
  {
    from: 'connected',
    on: 'liveness_timeout',
    to: 'disconnected',
    effects: LOSE,
    closes: CloseCode.livenessTimeout,
    counts: LOST,
  },
  {
    from: 'connected',
    on: 'disconnect_called',
    to: 'disconnected',
    effects: LOSE,
    closes: CloseCode.normal,
    counts: LOST,
  },
  {
    from: 'connected',
    on: 'connection_taken',
    to: 'disconnected',
    effects: LOSE,
    tells: CloseCode.takenOver,
    counts: LOST,
  },
  {
    from: 'connected',
    on: 'client_ended',
    to: 'gone',
    effects: ['drop_proxy', 'run_callback', 'leave_zone', ...END],
    parts: 'ended',
    counts: 'sessionsEndedTotal',
  },
  {
    from: 'connected',
    on: 'resume',
    to: 'connected',
    effects: ['adopt_proxy', ...COME_BACK],
    closes: CloseCode.takenOver,
    counts: 'sessionsTakenOverTotal',
  },
  {
    from: 'connected',
    on: 'receiver_set',
    to: 'connected',
    effects: ['stop_heartbeat', 'adopt_proxy', 'tell_zone_reconnect'],
    closes: CloseCode.takenOver,
    counts: 'sessionsTakenOverTotal',
  },
  {
    from: 'connected',
    on: 'connection_set',
    to: 'connected',
    effects: ['adopt_proxy', ...BE_GIVEN],
    closes: CloseCode.takenOver,
    counts: 'sessionsTakenOverTotal',
  },
  {
    from: 'connected',
    on: 'stop',
    to: 'gone',
    effects: STOP,
    closes: CloseCode.stopped,
    parts: 'stopped',
    counts: STOPPED,
  },
  {
    from: 'connected',
    on: 'server_stop',
    to: 'gone',
    effects: STOP,
    closes: CloseCode.restarting,
    parts: 'stopped',
    counts: STOPPED,
  },
  {
    from: 'connected',
    on: 'drain_over',
    to: 'gone',
    effects: STOP,
    closes: CloseCode.draining,
    parts: 'stopped',
    counts: STOPPED,
  },

  {
    from: 'disconnected',
    on: 'resume',
    to: 'connected',
    effects: ['cancel_grace', 'adopt_proxy', ...COME_BACK],
    counts: 'sessionsResumedTotal',
  },
  {
    from: 'disconnected',
    on: 'receiver_set',
    to: 'connected',
    effects: ['cancel_grace', 'adopt_proxy', 'tell_zone_reconnect'],
    counts: 'sessionsResumedTotal',
  },
  {
    from: 'disconnected',
    on: 'connection_set',
    to: 'connected',
    effects: ['cancel_grace', 'adopt_proxy', ...BE_GIVEN],
    counts: 'sessionsResumedTotal',
  },
  {
    from: 'disconnected',
    on: 'grace_over',
    to: 'gone',
    effects: ['leave_zone', ...END],
    parts: 'timeout',
    counts: 'sessionsExpiredTotal',
  },
  {
    from: 'disconnected',
    on: 'place_given',
    to: 'gone',
    effects: ['leave_zone', ...END],
    parts: 'timeout',
    counts: 'sessionsEvictedTotal',
  },
  { from: 'disconnected', on: 'stop', to: 'gone', effects: STOP_AWAY, parts: 'stopped', counts: STOPPED },
  { from: 'disconnected', on: 'server_stop', to: 'gone', effects: STOP_AWAY, parts: 'stopped', counts: STOPPED },
  { from: 'disconnected', on: 'drain_over', to: 'gone', effects: STOP_AWAY, parts: 'stopped', counts: STOPPED },
]

const NOTHINGS: readonly Omit<IgnoredPair, 'kind'>[] = [
  {
    from: 'disconnected',
    on: 'disconnect_called',
    because: 'The program calls `disconnect()` on a session that has lost its connection before. It goes on waiting.',
  },
  {
    from: 'gone',
    on: 'disconnect_called',
    because: 'The program calls `disconnect()` on a session that it has kept, and that is over.',
  },
  {
    from: 'gone',
    on: 'stop',
    because: 'The program calls `stop()` on a session that it has kept, and that is over.',
  },
]

export const TRANSITIONS: readonly Transition[] = CHANGES.map((row) => ({ kind: 'transition', ...row }))
export const IGNORED_PAIRS: readonly IgnoredPair[] = NOTHINGS.map((row) => ({ kind: 'ignored', ...row }))

/** The row for an event in a status. Undefined: the pair cannot occur. */
export function findRow(from: SessionStatus, on: SessionEvent): Row | undefined {
  return BY_STATUS_AND_EVENT.get(from)?.get(on)
}

const BY_STATUS_AND_EVENT: ReadonlyMap<SessionStatus, ReadonlyMap<SessionEvent, Row>> = indexRows([
  ...TRANSITIONS,
  ...IGNORED_PAIRS,
])

function indexRows(rows: readonly Row[]): ReadonlyMap<SessionStatus, ReadonlyMap<SessionEvent, Row>> {
  const index = new Map<SessionStatus, Map<SessionEvent, Row>>()
  for (const row of rows) {
    const ofStatus = index.get(row.from) ?? new Map<SessionEvent, Row>()
    assert(!ofStatus.has(row.on), `two rows for '${row.on}' in '${row.from}'`)
    index.set(row.from, ofStatus.set(row.on, row))
  }
  return index
}
