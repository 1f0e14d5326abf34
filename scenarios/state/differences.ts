/**
 * What differs between a truth (`expected`) and a belief (`actual`), as paths: `hand[2].suit`, `players.get('bob').score`.
 * Equality is deep, as that of `toEqual` in test libraries, and made for what a client built from decoded messages:
 *
 * - Equal: `undefined`, `null` and a missing property (a message has none of the three); 0 and −0; NaN and NaN; an integer as
 *   number, bigint or `Long`; a `Buffer` and a `Uint8Array`, and any two typed arrays of the same numbers; objects of different
 *   classes with the same properties. A property that one side lacks may be inherited or a getter of a class there (older
 *   generated code has defaults on prototypes).
 * - Compared by content: arrays, Maps and Sets (in any order; keys and members that are objects too), dates, regular
 *   expressions, errors (name, message), buffers; objects without properties but with `toJSON` by what that returns.
 * - By identity: functions, symbols, sessions, zones and other objects of the core.
 * - Different: an empty list and no list; 1 and '1'; an array and a typed array; a Map and a plain object.
 *
 * Views and what they show are equal. Private `#fields` cannot be seen. Cycles are fine; two objects that were compared once
 * are not compared again elsewhere.
 */
import { kindOf, numbersOf, type Kind } from './kinds.ts'
import { isSameLeaf } from './leaves.ts'
import { matchEntries, type Entry, type Matches } from './match-entries.ts'
import { Pairs } from './pairs.ts'
import { Place } from './place.ts'
import { propertiesOf, valueAt } from './properties.ts'
import { rawOf } from './view-handler.ts'

export interface Difference {
  /** Empty: the whole. */
  readonly path: string
  /** `missing`: only in what was expected; `extra`: only in what is there. */
  readonly kind: 'different' | 'missing' | 'extra'
  readonly expected: unknown
  readonly actual: unknown
}

/** The nearest first, at most `max` (default 10); none where `actual` equals `expected`. */
export function differences(
  expected: unknown,
  actual: unknown,
  { max = 10 }: { readonly max?: number } = {},
): readonly Difference[] {
  return new Comparison(max, new Pairs()).run(expected, actual)
}

type AnyMap = ReadonlyMap<unknown, unknown>
type AnySet = ReadonlySet<unknown>

interface Task {
  readonly kind: 'compare' | 'missing' | 'extra'
  readonly expected: unknown
  readonly actual: unknown
  readonly place: Place | undefined
}

class Comparison {
  readonly #max: number
  readonly #pairs: Pairs
  /** Only whether there is a difference is asked. */
  readonly #isTrial: boolean
  readonly #tasks: Task[] = []
  readonly #found: Difference[] = []

  constructor(max: number, pairs: Pairs, { isTrial = false } = {}) {
    this.#max = max
    this.#pairs = pairs
    this.#isTrial = isTrial
  }

  run(expected: unknown, actual: unknown): readonly Difference[] {
    this.#plan(expected, actual, undefined)
    // The list grows meanwhile.
    for (const task of this.#tasks) {
      if (this.#found.length >= this.#max) break
      this.#perform(task)
    }
    return this.#found.slice(0, this.#max)
  }

  #plan(expected: unknown, actual: unknown, place: Place | undefined): void {
    this.#tasks.push({ kind: 'compare', expected, actual, place })
  }

  #planMissing(expected: unknown, place: Place): void {
    this.#tasks.push({ kind: 'missing', expected, actual: undefined, place })
  }

  #planExtra(actual: unknown, place: Place): void {
    this.#tasks.push({ kind: 'extra', expected: undefined, actual, place })
  }

  #perform({ kind, place, ...values }: Task): void {
    const [expected, actual] = [rawOf(values.expected), rawOf(values.actual)]
    if (kind === 'compare') this.#compare(expected, actual, place)
    else this.#found.push({ path: wordsOf(place), kind, expected, actual })
  }

  #compare(expected: unknown, actual: unknown, place: Place | undefined): void {
    if (isSameLeaf(expected, actual)) return
    const kind = kindOf(expected)
    if (kind === 'leaf' || kind !== kindOf(actual)) this.#report(expected, actual, place)
    else if (this.#pairs.add(expected as object, actual as object)) {
      this.#compareObjects(kind, expected as object, actual as object, place)
    }
  }

  #compareObjects(kind: Exclude<Kind, 'leaf'>, expected: object, actual: object, place: Place | undefined): void {
    switch (kind) {
      case 'array':
        this.#compareArrays(expected as unknown[], actual as unknown[], place)
        return
      case 'numbers':
        this.#compareArrays(numbersOf(expected), numbersOf(actual), place)
        return
      case 'map':
        this.#compareMaps(entriesOf(expected as AnyMap), entriesOf(actual as AnyMap), place)
        return
      case 'set':
        this.#compareSets(membersOf(expected as AnySet), membersOf(actual as AnySet), place)
        return
      case 'date':
        if (!Object.is(Number(expected), Number(actual))) this.#report(expected, actual, place)
        return
      case 'regexp':
        if (!isSameRegExp(expected as RegExp, actual as RegExp)) this.#report(expected, actual, place)
        return
      case 'object':
        this.#compareProperties(expected, actual, place)
        return
    }
  }

  #compareProperties(expected: object, actual: object, place: Place | undefined): void {
    const keys = new Set([...propertiesOf(expected), ...propertiesOf(actual)])
    if (keys.size === 0) {
      if (jsonOf(expected) !== jsonOf(actual)) this.#report(expected, actual, place)
      return
    }
    for (const key of keys) {
      this.#plan(valueAt(expected, key), valueAt(actual, key), new Place(place, 'property', key))
    }
  }

  #compareArrays(expected: ArrayLike<unknown>, actual: ArrayLike<unknown>, place: Place | undefined): void {
    const common = Math.min(expected.length, actual.length)
    const at = (index: number): Place => new Place(place, 'property', String(index))
    const gap = expected.length === actual.length || this.#isTrial ? undefined : this.#gapIn(expected, actual)
    if (gap === undefined) {
      for (let index = 0; index < common; index++) this.#plan(expected[index], actual[index], at(index))
    }
    const from = gap ?? common
    for (let index = from; index < from + expected.length - common; index++)
      this.#planMissing(expected[index], at(index))
    for (let index = from; index < from + actual.length - common; index++) this.#planExtra(actual[index], at(index))
  }

  /** Where the longer one has elements that the shorter one lacks, if that is all that differs. */
  #gapIn(expected: ArrayLike<unknown>, actual: ArrayLike<unknown>): number | undefined {
    const common = Math.min(expected.length, actual.length)
    let start = 0
    while (start < common && this.#areEqual(expected[start], actual[start])) start++
    let end = 0
    const isEnd = (): boolean => this.#areEqual(expected[expected.length - 1 - end], actual[actual.length - 1 - end])
    while (start + end < common && isEnd()) end++
    return start + end === common ? start : undefined
  }

  #compareMaps(expected: readonly Entry[], actual: readonly Entry[], place: Place | undefined): void {
    const at = ({ key, position }: Entry): Place => new Place(place, 'value', key, position)
    const { pairs, missing, extra } = this.#match(expected, actual)
    for (const [one, other] of pairs) this.#plan(one.value, other.value, at(one))
    for (const entry of missing) this.#planMissing(entry.value, at(entry))
    for (const entry of extra) this.#planExtra(entry.value, at(entry))
  }

  #compareSets(expected: readonly Entry[], actual: readonly Entry[], place: Place | undefined): void {
    const at = ({ key, position }: Entry): Place => new Place(place, 'member', key, position)
    const { missing, extra } = this.#match(expected, actual)
    const hasContent = ({ key }: Entry): boolean => kindOf(key) !== 'leaf'
    if (missing.length === extra.length && missing.every(hasContent) && extra.every(hasContent)) {
      // Probably the same ones, changed.
      for (const [index, entry] of missing.entries()) this.#plan(entry.key, extra[index]?.key, at(entry))
      return
    }
    for (const entry of missing) this.#planMissing(entry.key, at(entry))
    for (const entry of extra) this.#planExtra(entry.key, at(entry))
  }

  #match(expected: readonly Entry[], actual: readonly Entry[]): Matches {
    if (this.#isTrial && expected.length !== actual.length) return { pairs: [], missing: expected, extra: actual }
    return matchEntries(expected, actual, (one, other) => this.#areEqual(one, other))
  }

  #areEqual(expected: unknown, actual: unknown): boolean {
    return new Comparison(1, new Pairs(this.#pairs), { isTrial: true }).run(expected, actual).length === 0
  }

  #report(expected: unknown, actual: unknown, place: Place | undefined): void {
    const kind = actual === undefined ? 'missing' : expected === undefined ? 'extra' : 'different'
    this.#found.push({ path: wordsOf(place), kind, expected, actual })
  }
}

function wordsOf(place: Place | undefined): string {
  return place?.inWords() ?? ''
}

function isSameRegExp(one: RegExp, other: RegExp): boolean {
  return one.source === other.source && one.flags === other.flags
}

function entriesOf(map: AnyMap): Entry[] {
  return Array.from(map, ([key, value], position) => ({ key: rawOf(key), value, position }))
}

function membersOf(set: AnySet): Entry[] {
  return Array.from(set, (member, position) => ({ key: rawOf(member), value: member, position }))
}

/** What objects such as a URL write of themselves. */
function jsonOf(object: object): string | undefined {
  const { toJSON } = object as { readonly toJSON?: unknown }
  return typeof toJSON === 'function' ? JSON.stringify(object) : undefined
}
