/**
 * Notices that nothing has been heard from a peer for a while, which is how half-open connections are found.
 *
 * One timer, armed again only when it fires: hearing something costs an assignment. Used by both ends.
 *
 * A check that comes late says that this process was paused, and little about the peer, so its interval starts anew.
 * That is limited to one late check: where timers always come late (a hidden tab, an event loop that lags), a second
 * late check with nothing heard between is a silent peer. A silent peer is found within twice the timeout and twice
 * the lateness.
 */
import type { Timer } from './injected.ts'

/** A check that runs this much late (ms) is late: this process itself was paused. */
const PAUSE_MS = 1_000

export interface LivenessParts {
  readonly now: () => number
  readonly setTimer: (delayMs: number, fire: () => void) => Timer | undefined
  /**
   * Lets input be handled that is already waiting to be read, then calls `judge`; for a platform that may run two
   * timers without reading input between them. Default: `judge` is called at once.
   */
  readonly afterWaitingInput?: (judge: () => void) => Timer
  /** Nothing was heard for the timeout. Liveness has stopped. */
  readonly onSilent: () => void
}

export class Liveness {
  readonly #timeoutMs: number
  readonly #parts: LivenessParts
  #timer: Timer | undefined
  #heardAt = 0
  #deadline = 0
  /** When the present interval began at the latest: at the start, or at a late check. */
  #since = 0

  /** `timeoutMs`: 0 switches it off. */
  constructor(timeoutMs: number, parts: LivenessParts) {
    this.#timeoutMs = timeoutMs
    this.#parts = parts
  }

  start(): void {
    this.stop()
    if (this.#timeoutMs === 0) return
    this.heard()
    this.#since = this.#heardAt
    this.#arm(this.#timeoutMs)
  }

  /** Anything at all was heard. */
  heard(): void {
    this.#heardAt = this.#parts.now()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #arm(delayMs: number): void {
    this.#deadline = this.#parts.now() + delayMs
    this.#timer = this.#parts.setTimer(delayMs, () => this.#check())
  }

  #check(): void {
    const now = this.#parts.now()
    const isLate = now - this.#deadline > PAUSE_MS
    if (isLate && this.#heardAt >= this.#since) {
      this.#since = now
      this.#arm(this.#timeoutMs)
    } else if (isLate && this.#parts.afterWaitingInput !== undefined) {
      this.#timer = this.#parts.afterWaitingInput(() => this.#judge())
    } else {
      this.#judge()
    }
  }

  #judge(): void {
    const silentUntil = Math.max(this.#heardAt, this.#since) + this.#timeoutMs
    const leftMs = silentUntil - this.#parts.now()
    if (leftMs > 0) {
      this.#arm(leftMs)
    } else {
      this.#timer = undefined
      this.#parts.onSilent()
    }
  }
}
