/**
 * The shapes that jitter can have, as in tc-netem: a table of 4,096 quantiles, in units of 1/8192 of the jitter, from
 * which one draw picks an entry. `Math.log`, `exp` and `pow` differ between engines, so the tables are computed with
 * additions, multiplications and divisions alone, which IEEE 754 makes equal everywhere; each when it is first asked for.
 *
 * - `uniform`: the whole range from −jitter to +jitter, without a table.
 * - `normal`: jitter is the standard deviation; cut off at ±4.
 * - `pareto`: the long tail of congested networks (shape 3, as in netem), shifted to mean 0 and scaled to standard
 *   deviation 1; cut off at +4 (netem stores 16-bit integers).
 */

export type Distribution = 'uniform' | 'normal' | 'pareto'

export const DISTRIBUTIONS: readonly Distribution[] = ['uniform', 'normal', 'pareto']

const TABLE_SIZE = 4096
const INDEX_SHIFT = 20
const ONE = 8192
const ENTRY_MAX = 32_767
const TWO_TO_32 = 0x1_0000_0000

/** Whole microseconds around 0: what the uint32 `draw` makes of a jitter of `jitterUs`. */
export function spread(distribution: Distribution, jitterUs: number, draw: number): number {
  if (distribution === 'uniform') return Math.floor((draw * (2 * jitterUs + 1)) / TWO_TO_32) - jitterUs
  const entry = distributionTable(distribution)[draw >>> INDEX_SHIFT] as number
  return Math.floor((entry * jitterUs) / ONE)
}

const tables = new Map<Distribution, Int16Array>()

/** 4,096 quantiles in ascending order, in units of 1/8192. */
export function distributionTable(distribution: 'normal' | 'pareto'): Int16Array {
  let table = tables.get(distribution)
  if (table === undefined) {
    table = distribution === 'normal' ? normalTable() : paretoTable()
    tables.set(distribution, table)
  }
  return table
}

function entryOf(value: number): number {
  return Math.max(-ENTRY_MAX - 1, Math.min(ENTRY_MAX, Math.round(value * ONE)))
}

/** The middle of each of the 4,096 equal shares of probability. */
function shareOf(index: number): number {
  return (index + 0.5) / TABLE_SIZE
}

/** Walks up the cumulative normal distribution (trapezoids, 1/1024 wide) and notes where each share is reached. */
function normalTable(): Int16Array {
  const table = new Int16Array(TABLE_SIZE)
  const step = 1 / 1024
  const from = -6
  let index = 0
  let below = 0
  for (let count = 0; index < TABLE_SIZE / 2; count++) {
    const x = from + count * step
    const area = ((normalDensity(x) + normalDensity(x + step)) / 2) * step
    while (index < TABLE_SIZE / 2 && below + area >= shareOf(index)) {
      const value = x + (step * (shareOf(index) - below)) / area
      table[index] = entryOf(value)
      table[TABLE_SIZE - 1 - index] = -entryOf(value)
      index += 1
    }
    below += area
    if (count > 12 * 1024) break
  }
  return table
}

const INVERSE_OF_ROOT_OF_TWO_PI = 0.3989422804014327

function normalDensity(x: number): number {
  return INVERSE_OF_ROOT_OF_TWO_PI * powerOfE(-(x * x) / 2)
}

/** e^x by its series for x / 64, squared six times. */
function powerOfE(x: number): number {
  const part = x / 64
  let term = 1
  let sum = 1
  for (let n = 1; n <= 16; n++) {
    term = (term * part) / n
    sum += term
  }
  for (let squaring = 0; squaring < 6; squaring++) sum *= sum
  return sum
}

/** Shape 3, minimum 1: quantile (1 − share)^(−1/3), mean 3/2, variance 3/4. */
function paretoTable(): Int16Array {
  const table = new Int16Array(TABLE_SIZE)
  const mean = 1.5
  const deviation = Math.sqrt(0.75)
  for (let index = 0; index < TABLE_SIZE; index++) {
    table[index] = entryOf((cubeRoot(1 / (1 - shareOf(index))) - mean) / deviation)
  }
  return table
}

/** Newton's method from above; 64 rounds are more than any value here needs. */
function cubeRoot(value: number): number {
  let root = value
  for (let round = 0; round < 64; round++) root = (2 * root + value / (root * root)) / 3
  return root
}
