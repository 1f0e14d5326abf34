/** Packets that arrive twice. */
import type { LinkSettings } from '../link-settings.ts'
import type { RandomStream } from '../random-streams.ts'
import { PASS, thresholdOf, type LinkRule, type Transit, type Verdict } from './rule.ts'

export class DuplicateRule implements LinkRule {
  readonly #random: RandomStream
  #threshold = 0

  constructor(random: RandomStream) {
    this.#random = random
  }

  configure({ duplicate }: LinkSettings): void {
    this.#threshold = thresholdOf(duplicate)
  }

  judge(transit: Transit): Verdict {
    transit.isDuplicated = this.#random.uint32() < this.#threshold
    return PASS
  }
}
