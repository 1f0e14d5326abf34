/**
 * Timers that come late because their platform runs them together: a browser lets the timers of a hidden tab run once
 * a minute, an event loop that is busy runs them when it comes round. Input is not held up.
 */
import type { Clock, Timer } from '../core/injected.ts'

export class CoarseClock implements Clock {
  readonly #inner: Clock
  /** The timers that wait, in a ring in the order in which they were set. A set would cost more than the timers themselves. */
  readonly #ring: CoarseTimer
  #everyMs = 0

  constructor(inner: Clock) {
    this.#inner = inner
    this.#ring = new CoarseTimer(0, () => undefined)
  }

  now(): number {
    return this.#inner.now()
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const timer = new CoarseTimer(this.now() + delayMs, fire)
    timer.inner = this.#arm(timer, delayMs)
    timer.linkBefore(this.#ring)
    return timer
  }

  /** From now on timers fire at whole multiples of `everyMs` only; 0: when they are due. Also those that wait. */
  setEvery(everyMs: number): void {
    this.#everyMs = everyMs
    for (let timer = this.#ring.next; timer !== this.#ring; timer = timer.next) {
      timer.inner?.cancel()
      timer.inner = this.#arm(timer, Math.max(0, timer.atMs - this.now()))
    }
  }

  /** Where timers come when they are due, the delay is passed on as it is. */
  #arm(timer: CoarseTimer, delayMs: number): Timer {
    if (this.#everyMs === 0) return this.#inner.setTimer(delayMs, timer.expire)
    const firesAtMs = Math.ceil(Math.max(timer.atMs, this.now()) / this.#everyMs) * this.#everyMs
    return this.#inner.setTimer(Math.max(delayMs, firesAtMs - this.now()), timer.expire)
  }
}

class CoarseTimer implements Timer {
  readonly atMs: number
  readonly #fire: () => void
  inner: Timer | undefined
  #previous: CoarseTimer = this
  #next: CoarseTimer = this

  constructor(atMs: number, fire: () => void) {
    this.atMs = atMs
    this.#fire = fire
  }

  get next(): CoarseTimer {
    return this.#next
  }

  readonly expire = (): void => {
    this.#unlink()
    this.#fire()
  }

  cancel(): void {
    this.inner?.cancel()
    this.#unlink()
  }

  linkBefore(timer: CoarseTimer): void {
    this.#next = timer
    this.#previous = timer.#previous
    timer.#previous.#next = this
    timer.#previous = this
  }

  #unlink(): void {
    this.#previous.#next = this.#next
    this.#next.#previous = this.#previous
    this.#previous = this
    this.#next = this
  }
}
