/** Any value in a few characters on one line, for messages: `{ suit: 'hearts', rank: 3 }`, `Map(2) { 'bob' => […], … }`. */
import { printable } from '../../core/printable.ts'
import { coreObjectInWords, isCoreObject } from './core-objects.ts'
import { rawOf } from './view-handler.ts'

/** Objects below this depth are shown as `{…}`. */
const DEPTH_MAX = 2
/** So many elements, entries or properties are shown of each object. */
const ITEMS_MAX = 8

/** Calls no getter and no method of the value. `lengthMax`: longer text is cut, and ends with `…`. */
export function inShort(value: unknown, lengthMax = 80): string {
  return cut(wordsOf(rawOf(value), 0, lengthMax), lengthMax)
}

function wordsOf(value: unknown, depth: number, lengthMax: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value, lengthMax)
    case 'bigint':
      return `${value}n`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'function':
      return `a function${value.name === '' ? '' : ` ${value.name}`}`
    case 'object':
      return value === null ? 'null' : objectInWords(value, depth, lengthMax)
    default:
      return String(value)
  }
}

function objectInWords(object: object, depth: number, lengthMax: number): string {
  const inside = (value: unknown): string => wordsOf(rawOf(value), depth + 1, lengthMax)
  const isDeep = depth >= DEPTH_MAX
  if (isCoreObject(object)) return coreObjectInWords(object)
  if (object instanceof Date) return `Date ${Number.isNaN(object.getTime()) ? 'invalid' : object.toISOString()}`
  if (object instanceof RegExp) return String(object)
  if (object instanceof Error) return `${object.name}: ${object.message}`
  if (Array.isArray(object)) return isDeep && object.length > 0 ? '[…]' : `[${shown(object, inside).join(', ')}]`
  if (ArrayBuffer.isView(object) && !(object instanceof DataView)) {
    const numbers = object as unknown as ArrayLike<unknown>
    return `${classOf(object)}(${numbers.length}) [${shown(numbers, inside).join(', ')}]`
  }
  if (object instanceof Map) {
    const entries = [...firstOf(object)].map(([key, entry]) => `${inside(key)} => ${inside(entry)}`)
    return `${classOf(object)}(${object.size}) ${inBraces(entries, object.size, isDeep)}`
  }
  if (object instanceof Set) {
    return `${classOf(object)}(${object.size}) ${inBraces([...firstOf(object)].map(inside), object.size, isDeep)}`
  }
  const names = Object.keys(object)
  const properties = names.slice(0, ITEMS_MAX).map((name) => {
    const property = Reflect.getOwnPropertyDescriptor(object, name)
    return `${nameOf(name)}: ${property !== undefined && 'value' in property ? inside(property.value) : '(getter)'}`
  })
  const name = classOf(object)
  return `${name === 'Object' ? '' : `${name} `}${inBraces(properties, names.length, isDeep)}`
}

function* firstOf<T>(items: Iterable<T>): Generator<T> {
  let count = 0
  for (const item of items) {
    if (count++ === ITEMS_MAX) return
    yield item
  }
}

function shown(items: ArrayLike<unknown>, inside: (item: unknown) => string): string[] {
  const words: string[] = []
  for (let index = 0; index < items.length && index < ITEMS_MAX; index++) words.push(inside(items[index]))
  if (items.length > ITEMS_MAX) words.push('…')
  return words
}

function inBraces(items: readonly string[], count: number, isDeep: boolean): string {
  if (count === 0) return '{}'
  if (isDeep) return '{…}'
  return `{ ${items.join(', ')}${count > items.length ? ', …' : ''} }`
}

function classOf(object: object): string {
  const { constructor } = Object.getPrototypeOf(object) === null ? Object : object
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'Object'
}

function nameOf(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : quoted(name, 40)
}

function quoted(text: string, lengthMax: number): string {
  return `'${printable(cut(text, lengthMax).replaceAll(/[\\']/g, '\\$&'))}'`
}

function cut(text: string, lengthMax: number): string {
  return text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text
}
