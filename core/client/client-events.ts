/** What a client tells its program: its status, and what happens to its session. */
import type { DenialReason } from '../protocol.ts'

export type ClientStatus =
  /** Not connected, and not trying to be. */
  | { readonly kind: 'idle' }
  /** Dialling, or waiting for `session_new`. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly sessionId: number }
  /**
   * The connection was lost with `code`; the next dial is in `retryInMs`. From the third dial in a row that opened no
   * connection (refused, 404, 426), `reason` says how many there were and what to check.
   */
  | { readonly kind: 'waiting'; readonly retryInMs: number; readonly code: number; readonly reason: string }
  /** Ended by this client (4000), or closed with a code after which a client does not come back by itself. */
  | { readonly kind: 'ended'; readonly code: number; readonly reason: string }

export interface SessionEstablished {
  readonly id: number
  /** The same session as before, rather than a new one. */
  readonly resumed: boolean
}

export interface ClientEvents {
  status: ClientStatus
  /** There is a session, over a new connection: joins and inputs can be sent from now on. */
  session: SessionEstablished
  /** The session that this client wanted to come back to is over; a new one is being requested. */
  session_lost: { readonly id: number }
  /** The server would not do what was asked. */
  denied: { readonly reason: DenialReason }
  /** The round trip that the server has measured, in ms. */
  latency: number
}
