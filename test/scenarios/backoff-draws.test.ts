/** Whether waits are drawn from all of their range is judged by many of them, and never wrongly. */
import { expect, test } from 'vitest'
import { backoffMs } from '../../core/client/backoff.ts'
import { Checks } from '../../scenarios/invariants.ts'
import { BackoffDraws } from '../../scenarios/observer/backoff-draws.ts'
import { SeededRandom } from '../core/support/seeded-random.ts'

const CEILING_MS = 500

function draw(count: number, random: SeededRandom, share: number): void {
  const draws = new BackoffDraws(new Checks())
  for (let number = 0; number < count; number++) draws.drawn(share * backoffMs(0, true, random), CEILING_MS)
}

test('waits as a client draws them are no breach', () => {
  for (let seed = 0; seed < 2_000; seed++) expect(() => draw(100, new SeededRandom(seed), 1)).not.toThrow()
})

test.each([
  [0.5, 60],
  [0.1, 20],
  [0.01, 10],
])('waits of at most %d of what they may be are one, after %i of them', (share, count) => {
  for (let seed = 0; seed < 100; seed++) {
    expect(() => draw(count, new SeededRandom(seed), share)).toThrow(/none of \d+ waits/)
  }
})

test('a few short waits prove nothing', () => {
  const draws = new BackoffDraws(new Checks())
  for (const waitMs of [3, 20, 7, 11]) draws.drawn(waitMs, CEILING_MS)
})
