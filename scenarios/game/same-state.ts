/**
 * The states of a game's zones with the ids of sessions and the names of clients taken out, so that two runs that differ in
 * these alone can be compared.
 */
import { isCoreObject } from '../state/core-objects.ts'

export interface Naming {
  /** The id of the first session; those from there on are ids. */
  readonly firstId: number
  readonly idsEnd: number
  /** What each client is called in either run, by the name that both get. */
  readonly names: ReadonlyMap<string, readonly string[]>
}

/** So many objects are looked at; larger states are cut off there, alike in both runs. */
const OBJECTS_MAX = 20_000

/** A copy, made of plain objects and arrays. */
export function withoutNames(state: unknown, naming: Naming): unknown {
  return new Copy(naming).of(state)
}

class Copy {
  readonly #naming: Naming
  readonly #pattern: RegExp
  readonly #placeholders = new Map<string, string>()
  /** Every object that was met, by its number. */
  readonly #seen = new Map<object, number>()

  constructor(naming: Naming) {
    this.#naming = naming
    const spellings: string[] = []
    for (const [name, spelled] of naming.names) {
      for (const each of spelled) {
        this.#placeholders.set(each, `<${name}>`)
        spellings.push(each.replaceAll(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`))
      }
    }
    this.#pattern = new RegExp(String.raw`\b(?:${spellings.join('|') || '(?!)'})\b|\b\d{7}\b`, 'g')
  }

  of(value: unknown): unknown {
    switch (typeof value) {
      case 'number':
        return this.#idOf(value) ?? value
      case 'string':
        return this.#text(value)
      case 'function':
        return 'a function'
      case 'object':
        return value === null ? null : this.#object(value)
      default:
        return value
    }
  }

  #text(text: string): string {
    return text.replace(this.#pattern, (found) => this.#placeholders.get(found) ?? this.#idOf(Number(found)) ?? found)
  }

  #idOf(value: number): string | undefined {
    const { firstId, idsEnd } = this.#naming
    return Number.isInteger(value) && value >= firstId && value < idsEnd ? `id ${value - firstId + 1}` : undefined
  }

  #object(value: object): unknown {
    const seen = this.#seen.get(value)
    if (seen !== undefined) return `object ${seen} again`
    if (this.#seen.size >= OBJECTS_MAX) return 'more'
    this.#seen.set(value, this.#seen.size + 1)
    if (isCoreObject(value)) {
      const { id, name } = value as { readonly id?: unknown; readonly name?: unknown }
      return `core object ${String(this.of(id ?? name))}`
    }
    if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)]
    if (Array.isArray(value)) return value.map((each) => this.of(each))
    if (value instanceof Map) return [...value].map(([key, each]) => [this.of(key), this.of(each)])
    if (value instanceof Set) return [...value].map((each) => this.of(each))
    if (value instanceof Date) return value.toJSON()
    const copy = new Map<string, unknown>()
    for (const [key, each] of Object.entries(value)) copy.set(this.#text(key), this.of(each))
    return Object.fromEntries(copy)
  }
}

/**
 * Another name for each of these, of the same length, so that their order stays the same; undefined where there are none.
 */
export function otherNames(names: readonly string[]): ReadonlyMap<string, string> | undefined {
  const others = new Map(names.map((name) => [name, name.slice(0, -1) + next(name.at(-1) ?? '')]))
  const all = [...names, ...others.values()]
  const isOrdered = byOrder(names).join() === byOrder([...others.keys()].map((name) => others.get(name) ?? '')).join()
  return new Set(all).size === all.length && isOrdered ? others : undefined
}

function next(letter: string): string {
  return /^[a-y0-8A-Y]$/.test(letter) ? String.fromCodePoint((letter.codePointAt(0) ?? 0) + 1) : letter
}

/** The positions of these texts in their order. */
function byOrder(texts: readonly string[]): readonly number[] {
  const sorted = [...texts].sort((a, b) => (a < b ? -1 : 1))
  return texts.map((text) => sorted.indexOf(text))
}
