/** Methods of the language's own classes that a view treats in a special way: those that change their object, or look something up. */
import type { AnyFunction } from './membrane.ts'

const TypedArray = Object.getPrototypeOf(Uint8Array) as { readonly prototype: Uint8Array }

/** Node's `Buffer` is among the typed arrays. */
const MUTATORS: readonly (readonly [{ readonly prototype: object }, RegExp])[] = [
  [Array, /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)$/],
  [Map, /^(set|delete|clear|getOrInsert|getOrInsertComputed)$/],
  [Set, /^(add|delete|clear)$/],
  [TypedArray, /^(set|setFrom\w+|fill|sort|reverse|copyWithin|write\w*|swap\d+)$/],
  [Date, /^set[A-Z]/],
  [DataView, /^set[A-Z]/],
  [WeakMap, /^(set|delete|getOrInsert|getOrInsertComputed)$/],
  [WeakSet, /^(add|delete)$/],
]

/** Their arguments are keys or elements, never callbacks: a function given to them is looked up as it is. */
const LOOKUPS: ReadonlySet<unknown> = new Set<unknown>([
  Array.prototype.includes,
  Array.prototype.indexOf,
  Array.prototype.lastIndexOf,
  WeakMap.prototype.get,
  WeakMap.prototype.has,
  WeakSet.prototype.has,
])

const ARRAY_READERS: ReadonlySet<unknown> = new Set(
  Object.getOwnPropertyNames(Array.prototype)
    .filter((name) => !mutatorsOf([])?.test(name))
    .map((name) => (Array.prototype as unknown as { readonly [name: string]: unknown })[name])
    .filter((method) => !LOOKUPS.has(method)),
)

/** Matches the names of the methods that change `object`. Undefined: it is of a class of the program. */
export function mutatorsOf(object: object): RegExp | undefined {
  const prototype = Object.getPrototypeOf(object) as object | null
  if (prototype === Object.prototype || prototype === null) return undefined
  return MUTATORS.find(([known]) => Object.prototype.isPrototypeOf.call(known.prototype, object))?.[1]
}

export function isLookup(method: AnyFunction): boolean {
  return LOOKUPS.has(method)
}

/** Methods of arrays that change nothing, and work on a view as on an array. */
export function isArrayReader(method: AnyFunction): boolean {
  return ARRAY_READERS.has(method)
}
