import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { distributionTable, spread } from '../../sim/distribution.ts'

function quantile(name: 'normal' | 'pareto', share: number): number {
  return (distributionTable(name)[Math.floor(share * 4096)] ?? NaN) / 8192
}

test('the normal table has the quantiles of the normal distribution', () => {
  // From printed tables of the standard normal distribution.
  for (const [share, value] of [
    [0.5, 0],
    [0.8413, 1],
    [0.9772, 2],
    [0.025, -1.96],
    [0.99, 2.326],
  ] as const) {
    expect(Math.abs(quantile('normal', share) - value)).toBeLessThan(0.01)
  }
})

test('the pareto table has mean 0, standard deviation near 1, and a long tail to one side', () => {
  const table = distributionTable('pareto')
  const values = Array.from(table, (entry) => entry / 8192)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  // The cut at +4 takes some of the tail away.
  expect(mean).toBeGreaterThan(-0.1)
  expect(mean).toBeLessThan(0.01)
  expect(Math.min(...values)).toBeCloseTo(-0.577, 2)
  expect(Math.max(...values)).toBeCloseTo(4, 2)
  expect(quantile('pareto', 0.5)).toBeCloseTo((2 ** (1 / 3) - 1.5) / Math.sqrt(0.75), 2)
})

test('the tables are frozen, and ascend', () => {
  for (const [name, digest] of [
    ['normal', '51ec1bee9cfb5d3f'],
    ['pareto', 'b66c33a2f3f8031b'],
  ] as const) {
    const table = distributionTable(name)
    expect(Array.from(table)).toEqual(Array.from(table.toSorted((a, b) => a - b)))
    expect(createHash('sha256').update(Array.from(table).join()).digest('hex').slice(0, 16)).toBe(digest)
  }
})

test('uniform jitter reaches both ends and nothing beyond', () => {
  expect(spread('uniform', 1000, 0)).toBe(-1000)
  expect(spread('uniform', 1000, 0xffff_ffff)).toBe(1000)
  expect(spread('uniform', 0, 0x8000_0000)).toBe(0)
})
