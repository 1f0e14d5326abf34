/**
 * Methods of Maps and Sets as views have them. The general way, a view of an iterator that yields views of pairs, costs many
 * times as much, and the place of an entry would be lost.
 */
import type { Membrane } from './membrane.ts'
import type { Place } from './place.ts'

/** `key`: the first argument, not a view. */
export type CollectionMethod = (membrane: Membrane, on: object, place: Place | undefined, key: unknown) => unknown

type AnyMap = ReadonlyMap<unknown, unknown>

export const COLLECTION_METHODS: ReadonlyMap<unknown, CollectionMethod> = new Map<unknown, CollectionMethod>([
  [Map.prototype.get, (membrane, on, place, key) => membrane.outward(getFrom(on, key), place, 'value', key)],
  [Map.prototype.has, (_membrane, on, _place, key) => Map.prototype.has.call(on as AnyMap, key)],
  [Set.prototype.has, (_membrane, on, _place, key) => Set.prototype.has.call(on as Set<unknown>, key)],
  [Map.prototype.keys, keysOf],
  [Map.prototype.values, valuesOf],
  [Map.prototype.entries, entriesOf],
  // Also known as `keys`.
  [Set.prototype.values, membersOf],
])

function getFrom(map: object, key: unknown): unknown {
  return Map.prototype.get.call(map as Map<unknown, unknown>, key)
}

function* keysOf(membrane: Membrane, map: object, place: Place | undefined): Generator<unknown> {
  for (const key of Map.prototype.keys.call(map as AnyMap)) yield membrane.outward(key, place, 'key', key)
}

function* valuesOf(membrane: Membrane, map: object, place: Place | undefined): Generator<unknown> {
  for (const [key, value] of entries(map)) yield membrane.outward(value, place, 'value', key)
}

/** The pairs belong to the judge. */
function* entriesOf(membrane: Membrane, map: object, place: Place | undefined): Generator<[unknown, unknown]> {
  for (const [key, value] of entries(map)) {
    yield [membrane.outward(key, place, 'key', key), membrane.outward(value, place, 'value', key)]
  }
}

function* membersOf(membrane: Membrane, set: object, place: Place | undefined): Generator<unknown> {
  const members = Set.prototype.values.call(set as Set<unknown>) as SetIterator<unknown>
  for (const member of members) yield membrane.outward(member, place, 'member', member)
}

/** A class of the program may iterate otherwise. */
function entries(map: object): MapIterator<[unknown, unknown]> {
  return Map.prototype.entries.call(map as AnyMap) as MapIterator<[unknown, unknown]>
}
