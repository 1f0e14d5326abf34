/** Plain objects and arrays that nobody can change any more, with everything in them. */
import { isCoreObject } from './core-objects.ts'

/** Freezing cannot be undone. */
const known = new WeakSet<object>()

/** False for what holds a function, an accessor or an object of a class, which may change in other ways. */
export function isDeeplyFrozen(object: object): boolean {
  if (!Object.isFrozen(object)) return false
  const found = new Set<object>([object])
  for (const next of found) {
    if (known.has(next) || isCoreObject(next)) continue
    if (!Object.isFrozen(next) || !isPlain(next)) return false
    for (const property of Object.values(Object.getOwnPropertyDescriptors(next))) {
      const value: unknown = property.value
      if (property.get !== undefined || typeof value === 'function') return false
      if (typeof value === 'object' && value !== null) found.add(value)
    }
  }
  for (const frozen of found) known.add(frozen)
  return true
}

function isPlain(object: object): boolean {
  const prototype = Object.getPrototypeOf(object) as object | null
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null
}
