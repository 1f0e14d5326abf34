/**
 * Everything that can be reached from a zone's state: own enumerable properties (named by strings or symbols), elements of
 * arrays, keys and values of Maps, members of Sets. Nearer places come first, and siblings in their own order, so equal
 * states are walked equally.
 *
 * What cannot be seen: variables of closures, private `#fields`, contents of WeakMaps and WeakSets, accessors (calling a
 * getter could change the state). Not entered: functions, typed arrays and buffers, objects of the core.
 */
import { isCoreObject } from './core-objects.ts'
import { Place } from './place.ts'

export interface WalkOptions {
  /** The walk gives up after this many visits. Default 200,000. */
  readonly max?: number
  /** True: the object is visited, but not entered. For a game's own clock, network or the like. Default: none. */
  readonly isOpaque?: ((value: object) => boolean) | undefined
}

export interface WalkResult {
  readonly visits: number
  /** There was more than `max`: what was not visited is unknown. */
  readonly gaveUp: boolean
}

/** Is called for each place, also where an object has been seen elsewhere before. True ends the walk. */
export type Visit = (value: unknown, place: Place) => boolean

export interface Reached extends WalkResult {
  /** The nearest place with what was sought, such as `seats.get(17).owner`; undefined: not found. */
  readonly path: string | undefined
}

/** Calls `visit` for everything that can be reached from `state`, but not for `state` itself. */
export function walk(state: unknown, visit: Visit, options: WalkOptions = {}): WalkResult {
  return new Walk(visit, options).from(state)
}

/**
 * The nearest place for which `isSought` returns true. It is called for keys of Maps too (`place.kind` is `'key'`); the name
 * of a property is `place.key`. `root` stands for `state` in the path; default: paths begin with the first step.
 */
export function findReachable(
  state: unknown,
  isSought: Visit,
  { root, ...options }: WalkOptions & { readonly root?: string } = {},
): Reached {
  let path: string | undefined
  const visit: Visit = (value, place) => {
    if (!isSought(value, place)) return false
    path = place.inWords(root)
    return true
  }
  return { ...walk(state, visit, options), path }
}

class Walk {
  readonly #visit: Visit
  readonly #max: number
  readonly #isOpaque: ((value: object) => boolean) | undefined
  readonly #seen = new Set<object>()
  /** What is to be entered, each object once, and its place. */
  readonly #objects: object[] = []
  readonly #places: (Place | undefined)[] = []
  #visits = 0
  #isOver = false
  #gaveUp = false

  constructor(visit: Visit, { max = 200_000, isOpaque }: WalkOptions) {
    this.#visit = visit
    this.#max = max
    this.#isOpaque = isOpaque
  }

  from(state: unknown): WalkResult {
    this.#plan(state, undefined)
    for (let next = 0; next < this.#objects.length && !this.#isOver; next++) {
      this.#enter(this.#objects[next] as object, this.#places[next])
    }
    return { visits: this.#visits, gaveUp: this.#gaveUp }
  }

  #plan(value: unknown, place: Place | undefined): void {
    if (typeof value !== 'object' || value === null || this.#seen.has(value)) return
    this.#seen.add(value)
    if (ArrayBuffer.isView(value) || isCoreObject(value) || this.#isOpaque?.(value) === true) return
    this.#objects.push(value)
    this.#places.push(place)
  }

  #enter(object: object, place: Place | undefined): void {
    if (object instanceof Map) this.#enterMap(object, place)
    else if (object instanceof Set) this.#enterSet(object, place)
    for (const key of Reflect.ownKeys(object)) {
      if (this.#isOver) return
      const property = Reflect.getOwnPropertyDescriptor(object, key)
      if (property?.enumerable !== true || !('value' in property)) continue
      this.#meet(property.value, new Place(place, 'property', key))
    }
  }

  #enterMap(map: ReadonlyMap<unknown, unknown>, place: Place | undefined): void {
    let position = 0
    // A class of the program may iterate otherwise.
    for (const [key, value] of Map.prototype.entries.call(map) as MapIterator<[unknown, unknown]>) {
      if (this.#isOver) return
      this.#meet(key, new Place(place, 'key', key, position))
      this.#meet(value, new Place(place, 'value', key, position++))
    }
  }

  #enterSet(set: ReadonlySet<unknown>, place: Place | undefined): void {
    let position = 0
    for (const member of Set.prototype.values.call(set) as SetIterator<unknown>) {
      if (this.#isOver) return
      this.#meet(member, new Place(place, 'member', member, position++))
    }
  }

  #meet(value: unknown, place: Place): void {
    if (this.#isOver) return
    if (this.#visits === this.#max) {
      this.#isOver = true
      this.#gaveUp = true
      return
    }
    this.#visits++
    this.#isOver = this.#visit(value, place)
    this.#plan(value, place)
  }
}
