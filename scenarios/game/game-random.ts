/** Randomness as the client of a game gets it. */
import { OverworldError } from '../../core/index.ts'
import type { RandomStream } from '../../sim/index.ts'
import type { GameRandom } from './define-game.ts'

export function gameRandom(stream: RandomStream): GameRandom {
  return {
    below: (limit) => stream.below(limit),
    float: () => stream.uint32() / 0x1_0000_0000,
    pick: (choices) => {
      if (choices.length === 0) throw new OverworldError('bad_option', 'random.pick: there is nothing to pick from')
      return choices[stream.below(choices.length)] as (typeof choices)[number]
    },
    shuffle: (list) => {
      const shuffled = [...list]
      for (let at = shuffled.length - 1; at > 0; at--) {
        const other = stream.below(at + 1)
        ;[shuffled[at], shuffled[other]] = [shuffled[other] as never, shuffled[at] as never]
      }
      return shuffled
    },
  }
}
