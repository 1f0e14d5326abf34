/**
 * Which event an input is: pure functions from facts to an event of the table in `transitions.ts`. The caller collects
 * the facts and changes nothing meanwhile; what the event does is in the table.
 */
import { CloseCode } from '../close-codes.ts'
import type { SessionEvent, SessionStatus } from './session-events.ts'

/** After so many requests with a bad token the connection is closed with 4503. */
const BAD_TOKENS_MAX = 3

/** What is known of a `session_request` when it is judged. */
export interface RequestFacts {
  /** Of the session that the connection serves: nothing else has a connection. */
  readonly status: SessionStatus
  /** False: it is absent or empty. */
  readonly hasToken: boolean
  /** Some session has this token. */
  readonly isKnown: boolean
  /** A request that was made later has been accepted for the session of the token. */
  readonly isLate: boolean
  /** How many bad tokens the connection has brought before. */
  readonly badTokensBefore: number
  readonly admission: Admission
}

/** Whether the server takes a new session. */
export type Admission = 'free' | 'full' | 'draining'

export type RequestEvent = Extract<SessionEvent, `request_${string}`>

/** Only a new session needs admission: a resume is never refused. */
export function requestEvent(facts: RequestFacts): Exclude<RequestEvent, 'request_timeout'> {
  const { hasToken, isKnown, isLate, badTokensBefore, admission } = facts
  if (facts.status === 'connected') return hasToken ? 'request_again' : 'request_repeated'
  if (!hasToken) return NEW_REQUEST[admission]
  if (!isKnown) return badTokensBefore + 1 < BAD_TOKENS_MAX ? 'request_bad_token' : 'request_bad_token_last'
  return isLate ? 'request_late' : 'request_resume'
}

const NEW_REQUEST = {
  free: 'request_new',
  full: 'request_while_full',
  draining: 'request_while_draining',
} as const satisfies Readonly<Record<Admission, RequestEvent>>

/** `code`: what the peer, or the network, closed the connection with. */
export function closeEvent(code: number): 'client_ended' | 'connection_closed' {
  return code === CloseCode.ended ? 'client_ended' : 'connection_closed'
}

/** What is known when a program sets the proxy of a session that is not gone. */
export interface ProxyFacts {
  readonly status: SessionStatus
  readonly isSame: boolean
  readonly proxy: 'none' | 'receiver' | 'connection' | 'closed_connection'
}

export type ProxyEvent =
  | Extract<SessionEvent, 'disconnect_called' | 'receiver_set' | 'connection_set'>
  /** It is the proxy already. */
  | 'unchanged'
  /** The program's mistake: nobody has requested this session. */
  | 'not_requested'
  /** The program's mistake: nothing can be sent to this connection any more. */
  | 'proxy_closed'

export function proxyEvent({ status, isSame, proxy }: ProxyFacts): ProxyEvent {
  if (isSame) return 'unchanged'
  if (proxy === 'none') return 'disconnect_called'
  if (status === 'preconnect') return 'not_requested'
  if (proxy === 'closed_connection') return 'proxy_closed'
  return proxy === 'receiver' ? 'receiver_set' : 'connection_set'
}

/** What is known of a server when a client without a session asks for one. */
export interface AdmissionFacts {
  readonly isRunning: boolean
  /** More connections are open than are allowed. */
  readonly isCrowded: boolean
  /** There is a place for another session, or a session in grace that gives its place up. */
  readonly hasPlace: boolean
}

export function admissionOf({ isRunning, isCrowded, hasPlace }: AdmissionFacts): Admission {
  if (!isRunning) return 'draining'
  return isCrowded || !hasPlace ? 'full' : 'free'
}
