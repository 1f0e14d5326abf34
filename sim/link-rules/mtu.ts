/** A path MTU black hole: what is too large vanishes without a word. */
import type { LinkSettings } from '../link-settings.ts'
import { DROP, PASS, type LinkRule, type Transit, type Verdict } from './rule.ts'

export class MtuRule implements LinkRule {
  #mtuBytes = 0

  configure({ mtuBytes }: LinkSettings): void {
    this.#mtuBytes = mtuBytes
  }

  judge(transit: Transit): Verdict {
    return this.#mtuBytes > 0 && transit.sizeBytes > this.#mtuBytes ? DROP : PASS
  }
}
