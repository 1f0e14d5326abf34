/** The states, events and effects of a client's table (`client-table.ts`). Their comments are in `docs/session.md`. */

export type ClientState =
  /** The program does not want a connection. */
  | 'idle'
  /** A connection has been dialled and is not open. */
  | 'dialled'
  /** The connection is open, and a session has been requested on it. */
  | 'requested'
  /** As `dialled`, while the connection before it, which has the session, is still open. */
  | 'switching_dialled'
  /** As `requested`, while the connection before it, which has the session, is still open. */
  | 'switching_requested'
  /** `session_new` has come. The program is told of it when it is known where the session is. */
  | 'assigned'
  /** The program has been told of its session. */
  | 'connected'
  /** As `connected`, but the server has given the connection to another session, and the program is not told yet. */
  | 'reassigned'
  /** The connection was lost. The retry timer runs. */
  | 'waiting'
  /** Ended by the program, or closed with a code after which a client does not come back by itself. */
  | 'ended'

export type ClientEvent =
  | 'connect_called'
  | 'disconnect_called'
  | 'end_called'
  | 'wake_called'
  /** `connect()` was called, and its dial threw: the caller gets the error. */
  | 'dial_threw'
  /** The same at a retry: a lost connection like any other. */
  | 'redial_threw'
  /** The clock threw where the retry timer was to be set. */
  | 'no_timer'
  | 'opened'
  /** Any message of the protocol; the event that says which one follows. */
  | 'protocol_message'
  /** The network has received something that is no message. */
  | 'alive'
  /** The connection has closed, with a code after which a client comes back. */
  | 'closed'
  /** The same with a code after which it does not (45xx). */
  | 'closed_for_good'
  /** An event of a connection that is not the current one. */
  | 'stale_link'
  /** `session_new` with another id than the connection had. */
  | 'session_new'
  /** `session_new` with the id that the program knows, after one with another id. */
  | 'session_back'
  /** `session_new` with the same id: only the token is new. */
  | 'session_again'
  /** Another program with the same store has begun another session since. */
  | 'superseded'
  /** `session_state`, or after `session_new` another message of a server that sends none. */
  | 'session_state'
  | 'beacon'
  | 'pong'
  /** `session_denied`. */
  | 'denied'
  /** The same with a reason that this client does not know. */
  | 'denied_unknown'
  /** `session_denied bad_token` in answer to the client's own request: the session is lost. */
  | 'session_denied'
  /** The same, but the store has another token since, of another program. */
  | 'token_outdated'
  /** A message of the protocol that cannot be decoded. */
  | 'undecodable'
  | 'app_message'
  /** The same while as many messages as allowed are held. */
  | 'app_message_over'
  /** `connectTimeout` has passed since the dial. */
  | 'connect_timeout'
  /** Nothing was heard for `livenessTimeout`. */
  | 'silent'
  /** The sign of life that was asked for has not come. */
  | 'no_sign'
  | 'retry_due'
  /** A timer that was cancelled fires all the same. */
  | 'stale_timer'
  /** The network, the clock or this library threw while an event was handled. */
  | 'failed'

export type ClientEffect =
  /** A new current connection, which is not dialled yet. */
  | 'begin_connection'
  | 'dial'
  /** As `dial`; what it throws is the event `redial_threw`. */
  | 'redial'
  /** The connection no longer counts, but stays open until the session has gone over to the next one. */
  | 'leave_connection'
  /** Closes the connection that was left. */
  | 'close_left'
  /** The connection no longer counts; it is closed, unless it has closed. */
  | 'close_connection'
  | 'start_connect_timer'
  | 'stop_connect_timer'
  /** Draws how long to wait, and sets the timer; `no_timer` where that throws. */
  | 'start_retry_timer'
  | 'stop_retry_timer'
  | 'start_liveness'
  | 'stop_liveness'
  /** Something was heard: liveness counts from now. */
  | 'note_life'
  /** Asks the server for a sign of life, which must come within 2 s. */
  | 'ask_sign'
  | 'stop_sign'
  /** Waits begin with short ones again. */
  | 'reset_failures'
  /** One more dial in a row that did not open a connection. */
  | 'count_unopened'
  | 'reset_unopened'
  /** A connection with a session is lost now: until when the session may live is counted from here. */
  | 'note_loss'
  /** From here on changes by other programs are heard of. */
  | 'watch_store'
  | 'unwatch_store'
  /** Counts an attempt, and asks for the session in the store, or for a new one. */
  | 'send_request'
  | 'store_token'
  | 'forget_session'
  /** The connection has this session. */
  | 'take_session'
  /** `client.session` is this one from now on. */
  | 'know_session'
  | 'answer_beacon'
  /** Keeps an app's message until the program has been told of its session. */
  | 'hold_message'
  | 'tell_status'
  | 'tell_session'
  /** Tells the messages that were held. */
  | 'tell_held'
  | 'tell_message'
  | 'tell_lost'
  | 'tell_denied'
  | 'tell_latency'
  | 'tell_undecodable'

/** The timers of a client. */
export type ClientTimerName =
  /** From a dial until the program is told of a session. */
  | 'connect'
  /** Until the next dial. */
  | 'retry'
  /** The server is silent. */
  | 'liveness'
  /** Until the sign of life that was asked for. */
  | 'sign'
