/** Packets that arrive with a flipped bit. What that means is the receiver's business: checksums refuse most. */
import type { LinkSettings } from '../link-settings.ts'
import type { RandomStream } from '../random-streams.ts'
import { PASS, thresholdOf, type LinkRule, type Transit, type Verdict } from './rule.ts'

export class CorruptRule implements LinkRule {
  readonly #random: RandomStream
  #threshold = 0

  constructor(random: RandomStream) {
    this.#random = random
  }

  configure({ corrupt }: LinkSettings): void {
    this.#threshold = thresholdOf(corrupt)
  }

  judge(transit: Transit): Verdict {
    transit.isCorrupt = this.#random.uint32() < this.#threshold
    return PASS
  }
}
