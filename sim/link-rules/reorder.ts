/** Packets that overtake: with a gap of n only every n-th has the chance. As in netem they skip the delay altogether. */
import type { LinkSettings } from '../link-settings.ts'
import type { RandomStream } from '../random-streams.ts'
import { PASS, thresholdOf, type LinkRule, type Transit, type Verdict } from './rule.ts'

export class ReorderRule implements LinkRule {
  readonly #random: RandomStream
  #threshold = 0
  #gap = 1
  /** Packets since the last one that overtook. */
  #since = 0

  constructor(random: RandomStream) {
    this.#random = random
  }

  configure({ reorder }: LinkSettings): void {
    this.#threshold = thresholdOf(typeof reorder === 'number' ? reorder : reorder.probability)
    this.#gap = typeof reorder === 'number' ? 1 : (reorder.gap ?? 1)
  }

  judge(transit: Transit): Verdict {
    const draw = this.#random.uint32()
    this.#since += 1
    if (this.#since >= this.#gap && draw < this.#threshold) {
      transit.isOvertaking = true
      this.#since = 0
    }
    return PASS
  }
}
