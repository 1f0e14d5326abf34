/**
 * Which `send` a message follows from, while it is on its way over one simulated connection. Kept only where the sender has
 * a tap. A message that was changed on its way has no known cause.
 *
 * A connection carries the very object that was sent, so the object is the key; one object may be sent to many, so each
 * connection and each side has a map of its own.
 */
import type { Causes } from '../core/turns/taps.ts'
import type { Side } from './connection-end.ts'

export class MessageCauses {
  readonly #causes: Causes
  readonly #sentBy: Record<Side, WeakMap<Uint8Array, number> | undefined> = { client: undefined, server: undefined }

  constructor(causes: Causes) {
    this.#causes = causes
  }

  sent(by: Side, bytes: Uint8Array): void {
    const { sending } = this.#causes
    if (sending === 0) return
    const sent = (this.#sentBy[by] ??= new WeakMap())
    sent.set(bytes, sending)
  }

  /** A message of the other side's is handed to the program of `at`, until `arrived`: what that does follows from the `send`. */
  arriving(at: Side, bytes: Uint8Array): void {
    if (!this.#causes.isKept) return
    const sent = this.#sentBy[at === 'client' ? 'server' : 'client']
    if (sent !== undefined) this.#causes.arriving = sent.get(bytes) ?? 0
  }

  arrived(): void {
    this.#causes.arriving = 0
  }
}
