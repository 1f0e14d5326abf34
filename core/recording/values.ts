/**
 * Arguments of calls from outside, as data and back. Plain data, and references to what the server has: sessions by
 * id, zones by app and name, apps by prefix, connections and zone definitions by number. Functions and objects of
 * other classes cannot be written down.
 */
import type { AnyApp } from '../app/app.ts'
import { OverworldError } from '../errors.ts'
import type { CallTarget } from '../outside-calls.ts'
import { ClientLink } from '../session/client-link.ts'
import { Session } from '../session/session.ts'
import { Zone } from '../zone/zone.ts'
import { isSet, type ValueData } from './entries.ts'

/** Why an argument cannot be written down. */
export class Unrecordable extends OverworldError {
  constructor(what: string) {
    super('unrecordable', `${what} cannot be recorded`)
  }
}

export interface WritingReferences {
  /** Undefined: it was not accepted by this recorder. */
  connectionNumber(link: ClientLink): number | undefined
  /** Of a zone definition that was started before; undefined: it was not. */
  definitionNumber(definition: object): number | undefined
}

export interface ReadingReferences {
  session(id: number): unknown
  zone(prefix: number, name: string): unknown
  app(prefix: number): unknown
  connection(number: number): unknown
  definition(number: number): unknown
}

/** Not by its name, which another zone may have by now: whatever is asked of it comes to nothing. */
const STOPPED_ZONE: ValueData = Object.freeze({ text: 'a zone that has stopped' })

/** Deeper data is taken for a cycle. */
const DEPTH_MAX = 64

export function encodeTarget(on: CallTarget | 'program'): ValueData {
  if (typeof on === 'string') return { place: on }
  if (on instanceof Session) return { session: on.id }
  if (on.isStopped) return STOPPED_ZONE
  return { zone: { app: on.app.prefix, name: on.name } }
}

/** Throws `Unrecordable`. */
export function encodeValue(value: unknown, references: WritingReferences, depth = 0): ValueData {
  switch (typeof value) {
    case 'number':
      return { number: value }
    case 'string':
      return { text: value }
    case 'boolean':
      return { flag: value }
    case 'undefined':
      return { undefined: true }
    case 'bigint':
      return { bigint: String(value) }
    case 'object':
      return value === null ? { null: true } : encodeObject(value, references, depth)
    default:
      throw new Unrecordable(`a ${typeof value}`)
  }
}

function encodeObject(value: object, references: WritingReferences, depth: number): ValueData {
  if (depth > DEPTH_MAX) throw new Unrecordable('data that contains itself, or is more than 64 levels deep,')
  if (value instanceof Uint8Array) return { bytes: new Uint8Array(value) }
  if (value instanceof Session) return { session: value.id }
  if (value instanceof Zone && value.isStopped) return STOPPED_ZONE
  if (value instanceof Zone) return { zone: { app: value.app.prefix, name: value.name } }
  if (value instanceof ClientLink) return refer('connection', references.connectionNumber(value))
  if (isApp(value)) return { app: value.prefix }
  const definition = references.definitionNumber(value)
  if (definition !== undefined) return { definition }
  if (Array.isArray(value)) return { list: { items: value.map((item) => encodeValue(item, references, depth + 1)) } }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Unrecordable(`an object of the class ${value.constructor.name}`)
  }
  const names = Object.keys(value)
  const fields = value as { readonly [name: string]: unknown }
  return { object: { names, values: names.map((name) => encodeValue(fields[name], references, depth + 1)) } }
}

function refer(kind: 'connection', number: number | undefined): ValueData {
  if (number === undefined) throw new Unrecordable('a connection that came past the recorder')
  return { [kind]: number }
}

function isApp(value: object): value is AnyApp {
  return 'prefix' in value && 'codec' in value && 'handled' in value
}

export function decodeValue(value: ValueData, references: ReadingReferences): unknown {
  if (isSet(value.number)) return value.number
  if (isSet(value.text)) return value.text
  if (isSet(value.flag)) return value.flag
  if (isSet(value.bytes)) return Uint8Array.from(value.bytes)
  if (isSet(value.list)) return (value.list.items ?? []).map((item) => decodeValue(item, references))
  if (isSet(value.object)) return decodeObject(value.object, references)
  if (isSet(value.null)) return null
  if (isSet(value.session)) return references.session(Number(value.session))
  if (isSet(value.zone)) return references.zone(value.zone.app, value.zone.name)
  if (isSet(value.app)) return references.app(value.app)
  if (isSet(value.connection)) return references.connection(value.connection)
  if (isSet(value.definition)) return references.definition(value.definition)
  if (isSet(value.bigint)) return BigInt(value.bigint)
  if (isSet(value.place)) return value.place
  return undefined
}

function decodeObject(object: NonNullable<ValueData['object']>, references: ReadingReferences): object {
  const decoded: { [name: string]: unknown } = {}
  for (const [index, name] of (object.names ?? []).entries()) {
    const value = decodeValue(object.values?.[index] ?? {}, references)
    Object.defineProperty(decoded, name, { value, enumerable: true, writable: true, configurable: true })
  }
  return decoded
}
