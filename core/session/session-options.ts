/** What can be said of a session when it is started. */
import type { Synchronous } from '../synchronous.ts'
import type { Serializer } from './proxy.ts'
import type { Session } from './session.ts'

declare const brand: unique symbol
/** A positive integer, unique for the server's life. */
export type SessionId = number & { readonly [brand]: 'SessionId' }

/** Called once when a session loses its connection, or when its client ends it (`code` 4000). */
export type SessionDisconnect = (session: Session, code: number) => Synchronous

export interface SessionOptions {
  /** Default: the server's. */
  readonly disconnectTimeout?: number
  readonly disconnectCallback?: SessionDisconnect | undefined
  /** Whatever the game wants to keep with the session. */
  readonly gameData?: unknown
  readonly serializer?: Serializer
}
