/** A clock that can be made to break its contract: a cancelled timer fires, or none can be set. */
import { ThrownOnPurpose } from '../simulated-app.ts'
import type { Clock, Timer } from '../../core/index.ts'

export const NO_TIMER = new ThrownOnPurpose('the clock cannot set a timer now, as it was told')

export class OddClock implements Clock {
  /** `setTimer` throws. */
  isBroken = false
  readonly #inner: Clock
  #cancelled: (() => void) | undefined

  constructor(inner: Clock) {
    this.#inner = inner
  }

  now(): number {
    return this.#inner.now()
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    if (this.isBroken) throw NO_TIMER
    let isPending = true
    const timer = this.#inner.setTimer(delayMs, () => {
      isPending = false
      fire()
    })
    return {
      cancel: () => {
        timer.cancel()
        if (isPending) this.#cancelled = fire
        isPending = false
      },
    }
  }

  /** The timer that was cancelled last fires, although it was. */
  fireCancelled(): void {
    const fire = this.#cancelled
    this.#cancelled = undefined
    fire?.()
  }
}
