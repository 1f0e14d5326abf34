/**
 * A place in a state: the steps that lead there from the root. Steps are kept as they are; words are made only where a
 * place is printed, such as `seats.get(17).owner`.
 */
import { printable } from '../../core/printable.ts'
import { coreObjectInWords, isCoreObject } from './core-objects.ts'

export type StepKind =
  /** A property of an object, or an element of an array. */
  | 'property'
  /** The value of an entry of a Map. */
  | 'value'
  /** The key of an entry of a Map. */
  | 'key'
  /** A member of a Set. */
  | 'member'
  /** What a method returned. */
  | 'result'

const KEY_LENGTH_MAX = 40

export class Place {
  readonly parent: Place | undefined
  readonly kind: StepKind
  /** The name of the property or method, the key of the entry, or the member. */
  readonly key: unknown
  /** Of an entry or a member, from 0, in the order of the Map or Set. */
  readonly position: number

  /** `parent`: undefined for a place directly below the root. */
  constructor(parent: Place | undefined, kind: StepKind, key: unknown, position = 0) {
    this.parent = parent
    this.kind = kind
    this.key = key
    this.position = position
  }

  /** As an expression. `root` stands for the root; default: paths begin with the first step. */
  inWords(root = ''): string {
    let words = root
    for (const place of fromRoot(this)) words = place.#appendTo(words)
    return words
  }

  /** Whether words for it need no positions, which change with every deletion. */
  isNamed(): boolean {
    return fromRoot(this).every(({ kind, key }) => kind === 'property' || keyInWords(key) !== undefined)
  }

  /** What is there now. Undefined: nothing, or no place that can be read without calling a method. */
  resolve(root: unknown): unknown {
    let value = root
    for (const place of fromRoot(this)) value = place.#resolveIn(value)
    return value
  }

  #resolveIn(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return undefined
    switch (this.kind) {
      case 'property':
        return (value as { readonly [key: PropertyKey]: unknown })[this.key as string | symbol]
      case 'value':
        return value instanceof Map ? value.get(this.key) : undefined
      case 'key':
      case 'member':
        return (value instanceof Map || value instanceof Set) && value.has(this.key) ? this.key : undefined
      case 'result':
        return undefined
    }
  }

  #appendTo(words: string): string {
    const dot = words === '' ? '' : '.'
    switch (this.kind) {
      case 'property':
        return appendProperty(words, dot, this.key as string | symbol)
      case 'value':
        return `${words}${dot}get(${keyInWords(this.key) ?? `key ${this.position}`})`
      case 'key':
        return `${words}${dot}${this.#has() ?? `key(${this.position})`}`
      case 'member':
        return `${words}${dot}${this.#has() ?? `member(${this.position})`}`
      case 'result':
        return `${appendProperty(words, dot, this.key as string | symbol)}()`
    }
  }

  #has(): string | undefined {
    const key = keyInWords(this.key)
    return key === undefined ? undefined : `has(${key})`
  }
}

function fromRoot(last: Place): readonly Place[] {
  const places: Place[] = []
  for (let place: Place | undefined = last; place !== undefined; place = place.parent) places.push(place)
  return places.reverse()
}

function appendProperty(words: string, dot: string, key: string | symbol): string {
  if (typeof key === 'symbol') return `${words}[${printable(String(key))}]`
  if (/^(0|[1-9][0-9]*)$/.test(key)) return `${words}[${key}]`
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `${words}${dot}${key}` : `${words}[${quoted(key)}]`
}

/** Undefined for an object, which has no short words. */
function keyInWords(key: unknown): string | undefined {
  switch (typeof key) {
    case 'string':
      return quoted(key)
    case 'bigint':
      return `${key}n`
    case 'object':
    case 'function':
      if (key === null) return 'null'
      return isCoreObject(key) ? coreObjectInWords(key) : undefined
    default:
      return printable(String(key))
  }
}

function quoted(text: string): string {
  const short = text.length > KEY_LENGTH_MAX ? `${text.slice(0, KEY_LENGTH_MAX)}…` : text
  return `'${printable(short.replaceAll(/[\\']/g, '\\$&'))}'`
}
