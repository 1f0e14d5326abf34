/** How many of something came within the current second: by arithmetic, so that nothing has to be cancelled. */
import type { Clock } from '../core/injected.ts'

const WINDOW_MS = 1000

export class RateWindow {
  readonly #clock: Clock
  readonly #perSecondMax: number
  #sinceMs = 0
  #count = 0

  constructor(clock: Clock, perSecondMax: number) {
    this.#clock = clock
    this.#perSecondMax = perSecondMax
  }

  /** Counts so many more. True: that is too many. */
  isOver(more = 1): boolean {
    const nowMs = this.#clock.now()
    if (nowMs - this.#sinceMs >= WINDOW_MS) {
      this.#sinceMs = nowMs
      this.#count = 0
    }
    this.#count += more
    return this.#count > this.#perSecondMax
  }
}
