/** Packets that are lost at random, or in bursts (a Gilbert-Elliott chain of a good and a bad state). */
import type { LinkSettings } from '../link-settings.ts'
import type { RandomStream } from '../random-streams.ts'
import { CorrelatedDraws } from './correlated.ts'
import { DROP, PASS, thresholdOf, type LinkRule, type Verdict } from './rule.ts'

export class LossRule implements LinkRule {
  readonly #draws: CorrelatedDraws
  readonly #changes: RandomStream
  #isBad = false
  #correlation = 0
  /** Of changing state, and of loss: uint32 thresholds. Without bursts the state is always good. */
  #toBad = 0
  #toGood = 0
  #lossWhileBad = 0
  #lossWhileGood = 0

  /** `losses` decides what is lost, `changes` when the weather turns: one draw from each for every packet. */
  constructor(losses: RandomStream, changes: RandomStream) {
    this.#draws = new CorrelatedDraws(losses)
    this.#changes = changes
  }

  configure({ loss }: LinkSettings): void {
    if (typeof loss === 'object' && 'p' in loss) {
      this.#correlation = 0
      this.#toBad = thresholdOf(loss.p)
      this.#toGood = thresholdOf(loss.r ?? 1 - loss.p)
      this.#lossWhileBad = thresholdOf(loss['1-h'] ?? 1)
      this.#lossWhileGood = thresholdOf(loss['1-k'] ?? 0)
    } else {
      this.#isBad = false
      this.#toBad = 0
      this.#correlation = typeof loss === 'number' ? 0 : loss.correlation
      this.#lossWhileGood = thresholdOf(typeof loss === 'number' ? loss : loss.random)
    }
  }

  judge(): Verdict {
    const change = this.#changes.uint32()
    const draw = this.#draws.next(this.#correlation)
    if (change < (this.#isBad ? this.#toGood : this.#toBad)) this.#isBad = !this.#isBad
    return draw < (this.#isBad ? this.#lossWhileBad : this.#lossWhileGood) ? DROP : PASS
  }
}
