/**
 * The words of the table in `transitions.ts`: the statuses of a session, the events that happen to it, and the effects
 * that a transition has.
 */
export type SessionStatus = 'preconnect' | 'connected' | 'disconnected' | 'gone'

export const SESSION_EVENTS = [
  /** `session_request` without a token, or with an empty one, from a client without a session. */
  'request_new',
  /** The same while the server drains. */
  'request_while_draining',
  /** The same while the server has no place for another session. */
  'request_while_full',
  /** `session_request` with a token that is valid for another session. */
  'request_resume',
  /** `session_request` with a valid token, but made before one that was accepted since. */
  'request_late',
  /** `session_request` with a token that no session has. */
  'request_bad_token',
  /** The same for the last time that is tolerated. */
  'request_bad_token_last',
  /** `session_request` without a token, although there is a session. */
  'request_repeated',
  /** `session_request` with a token, although there is a session. */
  'request_again',
  /** Any other message that a client may send. */
  'other_message',
  /** `requestTimeout` has passed. */
  'request_timeout',
  /** There are too many connections, and its connection has waited longest without a session. */
  'crowded_out',
  /** The same among the connections of its address. */
  'crowded_out_of_address',
  /** Its connection closed. */
  'connection_closed',
  /** Malformed or oversized input came from its connection. */
  'bad_input',
  /** More messages or bytes came in a second than the limits allow. */
  'too_many_messages',
  /** More bytes wait for its client than the limits allow. */
  'slow_reader',
  /** Its client closed the connection with 4000. */
  'client_ended',
  /** Nothing was heard for `livenessTimeout`. */
  'liveness_timeout',
  /** `session.disconnect()`, or its proxy was set to undefined. */
  'disconnect_called',
  /** A connection came with its token. */
  'resume',
  /** Its proxy was set by hand to an in-process one. */
  'receiver_set',
  /** Its proxy was set by hand to the connection of another session. */
  'connection_set',
  /** Its connection was given to another session by hand. */
  'connection_taken',
  /** `disconnectTimeout` has passed since this disconnect. */
  'grace_over',
  /** The server is full, and the session gives its place to a client of an address that has fewer. */
  'place_given',
  /** `session.stop()`. */
  'stop',
  /** `server.stop()`. */
  'server_stop',
  /** The time of `server.drain()` is over. */
  'drain_over',
] as const

export type SessionEvent = (typeof SESSION_EVENTS)[number]

/** What a peer did that costs it the connection. */
export type PeerFault = Extract<SessionEvent, 'bad_input' | 'too_many_messages' | 'slow_reader'>

export type SessionEffect =
  | 'cancel_request_timer'
  | 'cancel_grace'
  /** A first token, unless there is one. */
  | 'issue_token'
  /** A successor; the token that was used lives until the client has proven that it holds the new one. */
  | 'rotate_token'
  | 'revoke_tokens'
  /** The new connection or receiver becomes the proxy; the one before is closed, and no longer affects the session. */
  | 'adopt_proxy'
  /** The proxy is detached, and closed where the row has a close code. */
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
  /** The zone's `handlePart`, with the row's reason; then the session is in no zone. */
  | 'leave_zone'
