/**
 * The life of a session, as a table: in this status, on this event, these things are done in this order, and it is in
 * that status. `session.ts` carries the effects out; nothing else changes a status. The diagram in
 * `docs/session.md` is generated from here.
 *
 * A status is set before its effects run, so that whoever is called sees it. An event that stands in no row of a
 * status means nothing there.
 */
import type { CounterName } from '../stats.ts'

export type SessionStatus = 'preconnect' | 'connected' | 'disconnected' | 'gone'

export type SessionEvent =
  /** `session_request` without a token, or with an empty one. */
  | 'request_new'
  /** The same while the server has no room for another session, or is draining. */
  | 'request_refused'
  /** `session_request` with a token that is valid for another session. */
  | 'request_resume'
  /** `session_request` with a valid token, but made before one that was accepted since. */
  | 'request_late'
  /** `session_request` with a token that no session has. */
  | 'request_bad_token'
  /** The same for the last time that is tolerated. */
  | 'request_bad_token_last'
  /** `session_request` with a token, although there is a session. */
  | 'request_again'
  /** Any other message that a client may send. */
  | 'other_message'
  /** `requestTimeout` has passed. */
  | 'request_timeout'
  /** Its connection closed, or was closed by us for what it did. */
  | 'connection_closed'
  /** Its client closed the connection with 4000. */
  | 'client_ended'
  /** Nothing was heard for `livenessTimeout`. */
  | 'liveness_timeout'
  /** `session.disconnect()`, or its proxy was set to undefined. */
  | 'disconnect_called'
  /** A connection came with its token. */
  | 'resume'
  /** Its proxy was set by hand to an in-process one. */
  | 'receiver_set'
  /** Its proxy was set by hand to the connection of another session. */
  | 'connection_set'
  /** Its connection was given to another session by hand. */
  | 'connection_taken'
  /** `disconnectTimeout` has passed since this disconnect. */
  | 'grace_over'
  /** The server is full, and the session gives its place to a client of an address that has fewer. */
  | 'place_given'
  /** `session.stop()`, or the server stops. */
  | 'stop'

export type SessionEffect =
  | 'cancel_request_timer'
  | 'cancel_grace'
  /** A first token, unless there is one. */
  | 'issue_token'
  /** A successor; the token that was used lives until the client has proven that it holds the new one. */
  | 'rotate_token'
  | 'revoke_tokens'
  /** The new connection or receiver becomes the proxy; the one before no longer touches the session. */
  | 'adopt_proxy'
  /** The proxy is let go, and closed with the event's code where there is one. */
  | 'drop_proxy'
  | 'send_session_new'
  /** Its zone, and the apps whose schemas differ: only to a client that has announced its own. */
  | 'send_session_state'
  | 'send_beacon'
  /** Beacons every `beaconIntervalMs`, and the liveness check. */
  | 'start_heartbeat'
  | 'stop_heartbeat'
  | 'start_grace'
  | 'deny_no_session'
  | 'deny_bad_token'
  | 'deny_already_in_session'
  | 'run_callback'
  | 'tell_zone_disconnect'
  | 'tell_zone_reconnect'
  /** The zone's `handlePart`, with the event's reason; then the session is in no zone. */
  | 'leave_zone'

export interface Transition {
  readonly from: SessionStatus
  readonly on: SessionEvent
  readonly to: SessionStatus
  readonly effects: readonly SessionEffect[]
  /** The counter of `server.stats()` that it moves. */
  readonly counts?: CounterName
}

const LOST = 'sessionsDisconnectedTotal'

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

export const TRANSITIONS: readonly Transition[] = [
  { from: 'preconnect', on: 'request_new', to: 'connected', effects: START, counts: 'sessionsStartedTotal' },
  { from: 'preconnect', on: 'request_refused', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'request_resume', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'request_late', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'request_bad_token', to: 'preconnect', effects: ['deny_bad_token'] },
  { from: 'preconnect', on: 'request_bad_token_last', to: 'gone', effects: ['deny_bad_token', ...VANISH] },
  { from: 'preconnect', on: 'other_message', to: 'preconnect', effects: ['deny_no_session'] },
  { from: 'preconnect', on: 'request_timeout', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'connection_closed', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'connection_taken', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'disconnect_called', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'client_ended', to: 'gone', effects: VANISH },
  { from: 'preconnect', on: 'stop', to: 'gone', effects: VANISH },

  { from: 'connected', on: 'request_new', to: 'connected', effects: TELL },
  { from: 'connected', on: 'request_again', to: 'connected', effects: ['deny_already_in_session'] },
  { from: 'connected', on: 'connection_closed', to: 'disconnected', effects: LOSE, counts: LOST },
  { from: 'connected', on: 'liveness_timeout', to: 'disconnected', effects: LOSE, counts: LOST },
  { from: 'connected', on: 'disconnect_called', to: 'disconnected', effects: LOSE, counts: LOST },
  { from: 'connected', on: 'connection_taken', to: 'disconnected', effects: LOSE, counts: LOST },
  {
    from: 'connected',
    on: 'client_ended',
    to: 'gone',
    effects: ['drop_proxy', 'run_callback', 'leave_zone', ...END],
    counts: 'sessionsEndedTotal',
  },
  {
    from: 'connected',
    on: 'resume',
    to: 'connected',
    effects: ['adopt_proxy', ...COME_BACK],
    counts: 'sessionsTakenOverTotal',
  },
  {
    from: 'connected',
    on: 'receiver_set',
    to: 'connected',
    effects: ['stop_heartbeat', 'adopt_proxy', 'tell_zone_reconnect'],
    counts: 'sessionsTakenOverTotal',
  },
  {
    from: 'connected',
    on: 'connection_set',
    to: 'connected',
    effects: ['adopt_proxy', ...BE_GIVEN],
    counts: 'sessionsTakenOverTotal',
  },
  {
    from: 'connected',
    on: 'stop',
    to: 'gone',
    effects: ['leave_zone', 'drop_proxy', ...END],
    counts: 'sessionsStoppedTotal',
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
    counts: 'sessionsExpiredTotal',
  },
  {
    from: 'disconnected',
    on: 'place_given',
    to: 'gone',
    effects: ['leave_zone', ...END],
    counts: 'sessionsEvictedTotal',
  },
  { from: 'disconnected', on: 'stop', to: 'gone', effects: ['leave_zone', ...END], counts: 'sessionsStoppedTotal' },
]

/** The row for an event in a status, if there is one. */
export function findTransition(from: SessionStatus, on: SessionEvent): Transition | undefined {
  return BY_STATUS_AND_EVENT.get(`${from} ${on}`)
}

const BY_STATUS_AND_EVENT: ReadonlyMap<string, Transition> = new Map(
  TRANSITIONS.map((transition) => [`${transition.from} ${transition.on}`, transition]),
)
