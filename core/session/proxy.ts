/** What messages for a session are delivered to: a connection, or any receiver within the process. */
import type { AnyApp } from '../app/app.ts'
import type { PlainMessage } from '../app/plain.ts'
import type { Synchronous } from '../synchronous.ts'
import type { ClientLink } from './client-link.ts'

/**
 * A receiver within the process: an NPC, an agent, a test. Nothing is called before the call that caused it has
 * returned.
 */
export interface InProcessProxy {
  /**
   * A message for the session: a frozen object, or, where the session's `serializer` was set to `'protobuf'`, the
   * bytes that a client would get.
   */
  deliver(type: string, message: PlainMessage | Uint8Array, app: AnyApp): Synchronous
  /** The session no longer delivers here. Once and last. */
  closed(code: number): Synchronous
}

export type Proxy = ClientLink | InProcessProxy

/** `undefined`: native objects and no encoding, for in-process proxies. */
export type Serializer = 'protobuf' | undefined
