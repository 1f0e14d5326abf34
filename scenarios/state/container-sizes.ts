/**
 * How large the containers of a state are, for the rule `grows-without-end`. Containers are arrays, Maps, Sets, plain objects
 * (any may be used as a dictionary: own enumerable properties count), typed arrays and buffers (a log of bytes). Keys that
 * come and go are collapsed to `*`, and sizes of the same path are added up: `tables.*.hands` are all hands of all tables.
 *
 * Left out: strings (a number that is written grows too), objects of classes (what they hold is seen), and what `walk` cannot
 * see. An object that can be reached on several ways is counted once, on the shortest way.
 */
import { isCoreObject } from './core-objects.ts'
import type { Place } from './place.ts'
import { walk, type WalkOptions, type WalkResult } from './walk.ts'

export interface ContainerSizes extends WalkResult {
  /** By path, outer containers first; the path of the state itself is empty. Incomplete if the walk gave up. */
  readonly sizes: ReadonlyMap<string, number>
}

export interface GrowingContainer {
  readonly path: string
  /** One for each time. */
  readonly sizes: readonly number[]
}

export function containerSizes(state: unknown, options: WalkOptions = {}): ContainerSizes {
  const sizes = new Map<string, number>()
  const counted = new Set<unknown>()
  const paths = new Map<Place | undefined, string>()
  const count = (value: unknown, path: string): void => {
    const size = sizeOf(value)
    if (size === undefined || counted.has(value) || options.isOpaque?.(value as object) === true) return
    counted.add(value)
    sizes.set(path, (sizes.get(path) ?? 0) + size)
  }
  count(state, '')
  const visit = (value: unknown, place: Place): boolean => {
    if (typeof value !== 'object' || value === null) return false
    const path = join(paths.get(place.parent) ?? '', place)
    paths.set(place, path)
    count(value, path)
    return false
  }
  return { ...walk(state, visit, options), sizes }
}

/** Those that were larger each time than the time before, in their order. A container that was not there was empty. */
export function growingContainers(times: readonly ReadonlyMap<string, number>[]): readonly GrowingContainer[] {
  const paths = new Set(times.flatMap((sizes) => [...sizes.keys()]))
  return [...paths]
    .map((path) => ({ path, sizes: times.map((sizes) => sizes.get(path) ?? 0) }))
    .filter(({ sizes }) => sizes.length > 1 && sizes.every((size, time) => time === 0 || size > (sizes[time - 1] ?? 0)))
}

/** Undefined: no container. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Map || value instanceof Set) return value.size
  if (value instanceof ArrayBuffer || value instanceof DataView) return value.byteLength
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).length
  const prototype = Object.getPrototypeOf(value) as object | null
  // Of an array, holes do not count: `seats[id]` may leave any number behind.
  const hasKeys =
    Array.isArray(value) || ((prototype === Object.prototype || prototype === null) && !isCoreObject(value))
  return hasKeys ? Object.keys(value).length : undefined
}

function join(path: string, { kind, key }: Place): string {
  const step = kind === 'property' ? nameOf(key as string | symbol) : kind === 'key' ? 'keys.*' : '*'
  return path === '' ? step : `${path}.${step}`
}

/**
 * A name that is made at run time says nothing about the container: an index, an id, a token. Names of a program's own have
 * fewer than four digits in a row, and no other characters than those of an identifier.
 */
function nameOf(key: string | symbol): string {
  if (typeof key === 'symbol') return String(key)
  const isFixed = key.length <= 32 && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) && !/\d{4}/.test(key)
  return isFixed ? key : '*'
}
