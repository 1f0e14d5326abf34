/**
 * Notices that nothing has been heard from a peer for a while, which is how half-open connections are found.
 *
 * One timer, armed again only when it fires: hearing something costs an assignment. Used by both ends.
 */
import type { Timer } from './injected.ts'

/** A check that runs this much late (ms) says nothing about the peer: this process itself was paused. */
const PAUSE_MS = 1_000

export class Liveness {
  readonly #timeoutMs: number
  readonly #now: () => number
  readonly #setTimer: (delayMs: number, fire: () => void) => Timer | undefined
  readonly #onSilent: () => void
  #timer: Timer | undefined
  #heardAt = 0
  #deadline = 0

  /** `timeoutMs`: 0 switches it off. */
  constructor(
    timeoutMs: number,
    now: () => number,
    setTimer: (delayMs: number, fire: () => void) => Timer | undefined,
    onSilent: () => void,
  ) {
    this.#timeoutMs = timeoutMs
    this.#now = now
    this.#setTimer = setTimer
    this.#onSilent = onSilent
  }

  start(): void {
    this.stop()
    if (this.#timeoutMs === 0) return
    this.heard()
    this.#arm(this.#timeoutMs)
  }

  /** Anything at all was heard. */
  heard(): void {
    this.#heardAt = this.#now()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #arm(delayMs: number): void {
    this.#deadline = this.#now() + delayMs
    this.#timer = this.#setTimer(delayMs, () => this.#check())
  }

  #check(): void {
    const now = this.#now()
    if (now - this.#deadline > PAUSE_MS) {
      this.start()
      return
    }
    const silentUntil = this.#heardAt + this.#timeoutMs
    if (now < silentUntil) this.#arm(silentUntil - now)
    else {
      this.#timer = undefined
      this.#onSilent()
    }
  }
}
