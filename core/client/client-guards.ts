/** What happened, as an event of the client's table: pure functions of facts. */
import { mayComeBack } from '../close-codes.ts'
import type { DenialReason } from '../protocol.ts'
import type { ClientEvent, ClientState } from './client-words.ts'

/** App messages that come before the `session` event are held, so many at most (design section 7). */
const HELD_MAX = 64

export function closedEvent(code: number): ClientEvent {
  return mayComeBack(code) ? 'closed' : 'closed_for_good'
}

/** `has`: the session of the connection; `told`: the one that the program knows of on this connection. */
export function sessionNewEvent(id: number, has: number | undefined, told: number | undefined): ClientEvent {
  if (id === has) return 'session_again'
  return id === told ? 'session_back' : 'session_new'
}

/** `session_new` came and the program has not been told: the next message of the protocol says where the session is. */
export function isUntold(state: ClientState): boolean {
  return state === 'assigned' || state === 'reassigned'
}

/** Apps can be sent to. */
export function maySend(state: ClientState): boolean {
  return state === 'connected' || state === 'reassigned'
}

export interface Denial {
  /** Undefined: one of a later protocol. */
  readonly reason: DenialReason | undefined
  /** The connection has asked for a session by token. */
  readonly hasAsked: boolean
  readonly hasSession: boolean
}

/** Only `bad_token`, in answer to the client's own request, is about the client's token. */
export function isTokenDenied({ reason, hasAsked, hasSession }: Denial): boolean {
  return reason === 'bad_token' && hasAsked && !hasSession
}

export function deniedEvent(reason: DenialReason | undefined): ClientEvent {
  return reason === undefined ? 'denied_unknown' : 'denied'
}

/** `isReplaced`: another program with the same store has the session's next token, or another session. */
export function tokenDeniedEvent(isReplaced: boolean): ClientEvent {
  return isReplaced ? 'token_outdated' : 'session_denied'
}

export function appMessageEvent(state: ClientState, held: number): ClientEvent {
  return state === 'connected' || held < HELD_MAX ? 'app_message' : 'app_message_over'
}
