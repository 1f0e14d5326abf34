/** How much a peer may send in a second. The window starts with the first message after the one before is over. */
import type { Limits } from '../options.ts'

const WINDOW_MS = 1_000

export class RateLimit {
  readonly #limits: Pick<Limits, 'messagesPerSecond' | 'bytesPerSecond'>
  #windowStart = 0
  #windowMessages = 0
  #windowBytes = 0

  constructor(limits: Pick<Limits, 'messagesPerSecond' | 'bytesPerSecond'>) {
    this.#limits = limits
  }

  /** A message of `bytes` bytes came at `now` (ms). What is wrong with that comes back; undefined: nothing. */
  count(bytes: number, now: number): string | undefined {
    const { messagesPerSecond, bytesPerSecond } = this.#limits
    if (now - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = now
      this.#windowMessages = 0
      this.#windowBytes = 0
    }
    this.#windowBytes += bytes
    if (++this.#windowMessages > messagesPerSecond) {
      return `more than ${messagesPerSecond} messages a second`
    }
    if (this.#windowBytes > bytesPerSecond) {
      return `more than ${bytesPerSecond} bytes a second`
    }
    return undefined
  }
}
