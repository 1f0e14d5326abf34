/**
 * What can be seen of a client's model without asking it: its properties and getters, as plain data. Left out: functions, private
 * fields, objects that are listened to (clients, rooms), and what a getter throws.
 */
import { isCoreObject } from '../state/core-objects.ts'

const DEPTH_MAX = 6
const OBJECTS_MAX = 5_000

export function visible(model: unknown): unknown {
  let objects = 0
  const seen = new Set<object>()
  const of = (value: unknown, depth: number): unknown => {
    if (typeof value === 'function' || typeof value === 'symbol') return undefined
    if (typeof value !== 'object' || value === null) return value
    if (depth > DEPTH_MAX || seen.has(value) || ++objects > OBJECTS_MAX || isForeign(value)) return undefined
    seen.add(value)
    try {
      if (Array.isArray(value)) return value.map((each) => of(each, depth + 1))
      if (value instanceof Map)
        return new Map([...value].map(([key, each]) => [of(key, depth + 1), of(each, depth + 1)]))
      if (value instanceof Set) return new Set([...value].map((each) => of(each, depth + 1)))
      if (ArrayBuffer.isView(value) || value instanceof Date) return value
      return Object.fromEntries(namesOf(value).map((name) => [name, of(read(value, name), depth + 1)]))
    } finally {
      // The same object may stand in two places; only circles are cut.
      seen.delete(value)
    }
  }
  return of(model, 0)
}

function isForeign(value: object): boolean {
  return isCoreObject(value) || typeof (value as { readonly on?: unknown }).on === 'function'
}

/** Own properties, and the getters of its classes. */
function namesOf(value: object): readonly string[] {
  const names = new Set(Object.keys(value))
  let prototype = Object.getPrototypeOf(value) as object | null
  while (prototype !== null && prototype !== Object.prototype) {
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (get !== undefined) names.add(name)
    }
    prototype = Object.getPrototypeOf(prototype) as object | null
  }
  return [...names]
}

function read(value: object, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[name]
  } catch {
    return undefined
  }
}

/** Of plain data: views and states go on to change. */
export function structuredCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => structuredCopy(each))
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, structuredCopy(each)]))
  if (value instanceof Set) return new Set(value)
  if (ArrayBuffer.isView(value) || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, structuredCopy(each)]))
}

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true
  if (typeof value !== 'object') return false
  if (value instanceof Map || value instanceof Set) return value.size === 0
  return Object.keys(value).length === 0
}
