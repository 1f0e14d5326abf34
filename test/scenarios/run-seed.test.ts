/** The seed of each run of a campaign. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runSeed } from 'overworld/scenarios'

const uint32 = fc.nat(0xffff_ffff)

test('a run seed is a uint32', () => {
  fc.assert(
    fc.property(uint32, fc.nat(1_000_000), (seed, index) => {
      const each = runSeed(seed, index)
      return Number.isInteger(each) && each >= 0 && each <= 0xffff_ffff
    }),
  )
})

test('the runs of a campaign have different seeds', () => {
  const seeds = new Set(Array.from({ length: 20_000 }, (_, index) => runSeed(1, index)))
  expect(seeds.size).toBe(20_000)
})

test('neighbouring campaigns share no runs', () => {
  const first = new Set(Array.from({ length: 5_000 }, (_, index) => runSeed(1, index)))
  const shared = Array.from({ length: 5_000 }, (_, index) => runSeed(2, index)).filter((seed) => first.has(seed))
  expect(shared).toEqual([])
})

test('run seeds never change: a seed in a report of long ago makes the same run', () => {
  const seeds = [0, 1, 2, 1_000].map((index) => runSeed(1, index))
  expect([...seeds, runSeed(0xffff_ffff, 7)]).toEqual(FROZEN)
})

const FROZEN = [804215951, 1114155158, 163005474, 2079585778, 735126268]
