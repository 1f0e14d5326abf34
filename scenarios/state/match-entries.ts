/** Which entries of two Maps, or members of two Sets, belong together. */

/** A member of a Set is its own key and value. */
export interface Entry {
  readonly key: unknown
  readonly value: unknown
  readonly position: number
}

export interface Matches {
  readonly pairs: readonly (readonly [expected: Entry, actual: Entry])[]
  readonly missing: readonly Entry[]
  readonly extra: readonly Entry[]
}

/** Keys belong together if they are the same, or else if they are equal: each is taken once. */
export function matchEntries(
  expected: readonly Entry[],
  actual: readonly Entry[],
  areEqual: (one: unknown, other: unknown) => boolean,
): Matches {
  const left = new Map(actual.map((entry) => [entry.key, entry]))
  const pairs: (readonly [Entry, Entry])[] = []
  const take = (entry: Entry, other: Entry | undefined): boolean => {
    if (other === undefined) return false
    left.delete(other.key)
    pairs.push([entry, other])
    return true
  }
  const unmatched = expected.filter((entry) => !take(entry, left.get(entry.key)))
  const missing = unmatched.filter((entry) => !take(entry, findEqual(entry.key, left.values(), areEqual)))
  return { pairs, missing, extra: [...left.values()] }
}

function findEqual(
  key: unknown,
  entries: Iterable<Entry>,
  areEqual: (one: unknown, other: unknown) => boolean,
): Entry | undefined {
  // A string is equal to nothing but itself.
  if (typeof key === 'string') return undefined
  for (const entry of entries) if (areEqual(key, entry.key)) return entry
  return undefined
}
