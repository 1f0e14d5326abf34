/**
 * Whether clients draw their waits from all of the range that they are to be drawn from (design section 8: full
 * jitter), so that a restarted server is not met by everybody at once. One wait says nothing; many of all clients of a
 * run do.
 */
import type { Checks } from '../invariants.ts'

/** Rarer than this is no chance any more: in a million runs of a thousand waits each it does not happen once. */
const CHANCE_MIN = 1e-14

export class BackoffDraws {
  readonly #checks: Checks
  #count = 0
  /** The longest so far, as a part of what it might have been. */
  #largest = 0

  constructor(checks: Checks) {
    this.#checks = checks
  }

  /** A wait of `waitMs` that was drawn uniformly from 0 to `limitMs`. */
  drawn(waitMs: number, limitMs: number): void {
    this.#count++
    this.#largest = Math.max(this.#largest, waitMs / limitMs)
    this.#checks.check('client-dials-as-announced', this.#largest ** this.#count >= CHANCE_MIN, () => {
      const what = `none of ${this.#count} waits before a dial was longer than ${(100 * this.#largest).toFixed(1)} %`
      return `${what} of what it may be: they are drawn from less than that`
    })
  }
}
