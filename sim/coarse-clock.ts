/**
 * Timers that come late because their platform runs them together: a browser lets the timers of a hidden tab run once
 * a minute, an event loop that is busy runs them when it comes round. Input is not held up.
 */
import type { Clock, Timer } from '../core/injected.ts'

interface Entry {
  readonly atMs: number
  readonly fire: () => void
  timer: Timer
}

export class CoarseClock implements Clock {
  readonly #inner: Clock
  /** The timers that wait, in the order in which they were set. */
  readonly #waiting = new Set<Entry>()
  #everyMs = 0

  constructor(inner: Clock) {
    this.#inner = inner
  }

  now(): number {
    return this.#inner.now()
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const atMs = this.now() + delayMs
    const entry: Entry = { atMs, fire, timer: this.#arm(atMs, delayMs, () => this.#fire(entry)) }
    this.#waiting.add(entry)
    return {
      cancel: () => {
        entry.timer.cancel()
        this.#waiting.delete(entry)
      },
    }
  }

  /** From now on timers fire at whole multiples of `everyMs` only; 0: when they are due. Also those that wait. */
  setEvery(everyMs: number): void {
    this.#everyMs = everyMs
    for (const entry of this.#waiting) {
      entry.timer.cancel()
      entry.timer = this.#arm(entry.atMs, Math.max(0, entry.atMs - this.now()), () => this.#fire(entry))
    }
  }

  /** Where timers come when they are due, the delay is passed on as it is. */
  #arm(atMs: number, delayMs: number, fire: () => void): Timer {
    if (this.#everyMs === 0) return this.#inner.setTimer(delayMs, fire)
    const firesAtMs = Math.ceil(Math.max(atMs, this.now()) / this.#everyMs) * this.#everyMs
    return this.#inner.setTimer(Math.max(delayMs, firesAtMs - this.now()), fire)
  }

  #fire(entry: Entry): void {
    this.#waiting.delete(entry)
    entry.fire()
  }
}
