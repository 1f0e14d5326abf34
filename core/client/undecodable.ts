/** What a client could not decode of what its server sent: counted by kind, so that a program can react to the first. */
import type { AnyApp } from '../app/app.ts'

/**
 * - `malformed`: not protobuf, a required field missing, an integer beyond 2^53−1. A newer server may have other fields.
 * - `unknown_message`: the schema has no such message.
 * - `unknown_app`: this client has not been asked for an app of this prefix (`client.app`).
 */
export type UndecodableWhy = 'malformed' | 'unknown_message' | 'unknown_app'

export interface UndecodableMessage {
  /** Undefined where the client has none of this prefix, and for the messages of the session protocol (prefix 100). */
  readonly app: AnyApp | undefined
  /** Undefined for a frame that is too short to have one. */
  readonly prefix: number | undefined
  readonly why: UndecodableWhy
  /** The server has another version of the app's schema. */
  readonly isSkewed: boolean
  /** As it came, prefix included. */
  readonly bytes: Uint8Array
  /** How many of this kind (prefix and why) the client has met, this one included: 1 for the first. */
  readonly count: number
}

/** A server that counts up prefixes must not fill the client's memory: further kinds are counted as one. */
const KINDS_MAX = 256

export class UndecodableCounts {
  readonly #byKind = new Map<string, number>()
  #total = 0

  get total(): number {
    return this.#total
  }

  /** Returns how many of the kind there have been. */
  count(prefix: number | undefined, why: UndecodableWhy): number {
    this.#total++
    const own = `${prefix} ${why}`
    const kind = this.#byKind.has(own) || this.#byKind.size < KINDS_MAX ? own : 'others'
    const count = (this.#byKind.get(kind) ?? 0) + 1
    this.#byKind.set(kind, count)
    return count
  }
}
