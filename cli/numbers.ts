/** Numbers as people read them. */

const format = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

export function formatNumber(value: number): string {
  return format.format(value)
}

export function formatSeconds(seconds: number): string {
  return `${format.format(seconds)} s`
}

/** `1 run`, `2 runs`, `3 tries`. */
export function formatCount(number: number, what: string): string {
  if (number === 1) return `1 ${what}`
  return `${format.format(number)} ${what.endsWith('y') ? `${what.slice(0, -1)}ies` : `${what}s`}`
}

export function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
