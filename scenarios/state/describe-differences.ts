/** Differences in lines for people: `hand[2].suit: expected 'hearts', actual 'spades'`. */
import type { Difference } from './differences.ts'
import { inShort } from './in-short.ts'

export interface DifferenceWords {
  /** Comes before what was expected. Default `'expected'`; for a client's view perhaps `'true is'`. */
  readonly expected?: string
  /** Comes before what was found. Default `'actual'`; for a client's view perhaps `'alice sees'`. */
  readonly actual?: string
  /** Longer values are cut after so many characters. Default 80. */
  readonly lengthMax?: number
}

/** One line for each. */
export function describeDifferences(
  differences: readonly Difference[],
  { expected = 'expected', actual = 'actual', lengthMax = 80 }: DifferenceWords = {},
): readonly string[] {
  return differences.map((difference) => {
    const path = difference.path === '' ? 'the whole' : difference.path
    switch (difference.kind) {
      case 'different':
        return `${path}: ${expected} ${inShort(difference.expected, lengthMax)}, ${actual} ${inShort(difference.actual, lengthMax)}`
      case 'missing':
        return `${path}: ${expected} ${inShort(difference.expected, lengthMax)}, ${actual} nothing`
      case 'extra':
        return `${path}: ${expected} nothing, ${actual} ${inShort(difference.actual, lengthMax)}`
    }
  })
}
