/** What kind of object a value is, for a comparison. */
import { isCoreObject } from './core-objects.ts'

export type Kind = 'leaf' | 'array' | 'numbers' | 'map' | 'set' | 'date' | 'regexp' | 'object'

/** `'leaf'`: what has nothing inside that could be compared. */
export function kindOf(value: unknown): Kind {
  if (typeof value !== 'object' || value === null || isCoreObject(value)) return 'leaf'
  if (Array.isArray(value)) return 'array'
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return 'numbers'
  if (value instanceof Map) return 'map'
  if (value instanceof Set) return 'set'
  if (value instanceof Date) return 'date'
  if (value instanceof RegExp) return 'regexp'
  const isWithoutContent = value instanceof WeakMap || value instanceof WeakSet || value instanceof Promise
  return isWithoutContent ? 'leaf' : 'object'
}

/** The elements of a typed array; the bytes of a buffer or a DataView. */
export function numbersOf(value: object): ArrayLike<unknown> {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return value as Uint8Array
}
