/** Distance and jitter. That jitter alone never reorders is the link's doing. */
import { spread, type Distribution } from '../distribution.ts'
import type { LinkSettings } from '../link-settings.ts'
import type { RandomStream } from '../random-streams.ts'
import { CorrelatedDraws } from './correlated.ts'
import type { LinkRule, Transit, Verdict } from './rule.ts'

export class DelayRule implements LinkRule {
  readonly #draws: CorrelatedDraws
  readonly #copies: RandomStream
  #delayUs = 0
  #jitterUs = 0
  #distribution: Distribution = 'uniform'
  #correlation = 0

  /** `copies`: a duplicated packet's copy takes its own time. */
  constructor(random: RandomStream, copies: RandomStream) {
    this.#draws = new CorrelatedDraws(random)
    this.#copies = copies
  }

  configure({ delayMs, jitterMs, distribution, correlation }: LinkSettings): void {
    this.#delayUs = Math.ceil(delayMs * 1000)
    this.#jitterUs = Math.ceil(jitterMs * 1000)
    this.#distribution = distribution
    this.#correlation = correlation
  }

  judge(transit: Transit): Verdict {
    const draw = this.#draws.next(this.#correlation)
    const copyDraw = this.#copies.uint32()
    if (this.#jitterUs === 0) return this.#delayUs
    const delayUs = this.#delayAt(draw)
    transit.copyDelayUs = Math.max(0, this.#delayAt(copyDraw) - delayUs)
    return delayUs
  }

  #delayAt(draw: number): number {
    return Math.max(0, this.#delayUs + spread(this.#distribution, this.#jitterUs, draw))
  }
}
