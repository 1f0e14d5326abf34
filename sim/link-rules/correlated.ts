/** Draws that resemble their predecessors, as netem's `crandom`: each is a weighted mean of the last and a new one. */
import type { RandomStream } from '../random-streams.ts'

export class CorrelatedDraws {
  readonly #random: RandomStream
  #last = 0

  constructor(random: RandomStream) {
    this.#random = random
  }

  /** A uint32. `correlation` 0: independent; 1: always the same. One draw. */
  next(correlation: number): number {
    const fresh = this.#random.uint32()
    this.#last = correlation === 0 ? fresh : Math.floor(fresh * (1 - correlation) + this.#last * correlation)
    return this.#last
  }
}
