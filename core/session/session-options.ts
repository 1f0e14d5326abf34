/** What can be said of a session when it is started. */
import type { Serializer, SessionDisconnect } from './views.ts'

export interface SessionOptions {
  /** Default: the server's. */
  readonly disconnectTimeout?: number
  readonly disconnectCallback?: SessionDisconnect | undefined
  /** Whatever the game wants to keep with the session. */
  readonly gameData?: unknown
  readonly serializer?: Serializer
}
