/** A question whether the server is still there, which anything that is heard answers. */
import type { Timer } from '../injected.ts'

/** A sign of life that was asked for must come within this time (ms). */
const TIMEOUT_MS = 2_000

export interface SignParts {
  readonly now: () => number
  readonly setTimer: (delayMs: number, fire: () => void) => Timer | undefined
  readonly onSilent: () => void
}

export class SignOfLife {
  readonly #parts: SignParts
  #timer: Timer | undefined

  constructor(parts: SignParts) {
    this.#parts = parts
  }

  /** `send` asks; it is not called while an answer is awaited. */
  ask(send: () => void): void {
    if (this.#timer !== undefined) return
    const askedAt = this.#parts.now()
    this.#timer = this.#parts.setTimer(TIMEOUT_MS, () => {
      this.#timer = undefined
      // The process was paused meanwhile, and the answer may be waiting to be read: liveness decides.
      if (this.#parts.now() - askedAt <= 2 * TIMEOUT_MS) this.#parts.onSilent()
    })
    send()
  }

  /** It came, or the connection does not matter any more. */
  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
