/** What a client tells its program: its status, and what happens to its session. */
import type { AnyApp } from '../app/app.ts'
import type { DenialReason } from '../protocol.ts'
import type { UndecodableMessage } from './undecodable.ts'

export type ClientStatus =
  /** Not connected, and not trying to be. */
  | { readonly kind: 'idle' }
  /** Dialling, or waiting for a session. */
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
  /**
   * The zone that the session is in. Undefined: it is in none, so that this is the place to join one; or the server has
   * not said (`isZoneKnown` is false), and a join is right as well: where the session is in a zone, it changes nothing.
   */
  readonly zone: SessionZone | undefined
  /** False: the server is of a version that does not say in which zone a session is. */
  readonly isZoneKnown: boolean
  /**
   * Apps of this client whose schema the server has in another version: what one side sends, the other may be unable to
   * decode (see `undecodable`). In a browser it is the time to offer a reload.
   */
  readonly skewed: readonly AnyApp[]
}

export interface SessionZone {
  /** Undefined where this client has no app of this prefix (`client.app` was not called for it). */
  readonly app: AnyApp | undefined
  readonly prefix: number
  readonly name: string
}

export interface ClientEvents {
  status: ClientStatus
  /** There is a session, over a new connection: joins and inputs can be sent from now on. */
  session: SessionEstablished
  /** The session that this client wanted to come back to is over; a new one is being requested. */
  session_lost: { readonly id: number }
  /** The server would not do what was asked. */
  denied: { readonly reason: DenialReason }
  /** A message that this client cannot decode. It is dropped; `count` says whether it is the first of its kind. */
  undecodable: UndecodableMessage
  /** The round trip that the server has measured, in ms. */
  latency: number
}
