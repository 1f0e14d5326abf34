/** Anything that a game says to its own zones, as JSON that can be compared with what it says in another run. */
import { encodeBase64 } from '../base64.ts'

const DEPTH_MAX = 8

/** Functions, objects of classes, and what lies too deep are shown by what they are: two runs have different ones. */
export function toPlainJson(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value + 0 : String(value)
    case 'object':
      return value === null ? null : objectToJson(value, depth)
    case 'undefined':
      return null
    default:
      return `[${typeof value}]`
  }
}

function objectToJson(value: object, depth: number): unknown {
  try {
    if (value instanceof Uint8Array) return { base64: encodeBase64(value) }
    if (depth === DEPTH_MAX) return '[…]'
    if (Array.isArray(value)) return value.map((item) => toPlainJson(item, depth + 1))
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== null && prototype !== Object.prototype) return '[object]'
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toPlainJson(field, depth + 1)]))
  } catch {
    // A getter or a proxy of somebody's own that throws.
    return '[object]'
  }
}
