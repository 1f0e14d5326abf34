/**
 * Arguments of calls from outside, as data and back. Plain data, and references to what the server has: sessions by
 * id, zones by app and name, apps by prefix, connections and zone definitions by number. Functions and objects of
 * other classes cannot be written down.
 *
 * What is written down comes from outside and may be anything: an argument that is too large, that throws when it is
 * looked at, or that would not read back the same, is `Unrecordable`. A getter is not called, for that may change what it
 * belongs to; traps of a proxy cannot be avoided.
 */
import { OverworldError } from '../core/errors.ts'
import type { CallTarget } from '../core/turns/outside-calls.ts'
import { ClientLink } from '../core/session/client-link.ts'
import { SessionCore } from '../core/session/session.ts'
import { Zone } from '../core/zone/zone.ts'
import { isSet, type ValueData } from './entries.ts'

/** Why an argument cannot be written down. */
export class Unrecordable extends OverworldError {
  readonly what: string

  constructor(what: string) {
    super('unrecordable', `${what} cannot be recorded`)
    this.what = what
  }
}

export interface WritingReferences {
  /** Undefined: it is not one of the server's apps. */
  appPrefix(value: object): number | undefined
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

/** protobufjs writes messages in messages down to 100 levels; each of ours takes two of them. */
const DEPTH_MAX = 40
/** Of all arguments of a call together: a recorder must neither hold the server up nor fill its memory. */
const VALUES_MAX = 250_000
const UNITS_MAX = 16 * 1024 * 1024
const BIGINT_MAX = 1n << 4096n

export function encodeTarget(on: CallTarget | 'program'): ValueData {
  if (typeof on === 'string') return { place: on }
  if (!('members' in on)) return { session: on.id }
  if (on.isStopped) return STOPPED_ZONE
  return { zone: { app: on.app.prefix, name: on.name } }
}

/** The arguments of a call. Throws `Unrecordable`, and whatever looking at an argument throws. */
export function encodeArguments(args: readonly unknown[], references: WritingReferences): ValueData[] {
  const writer = new ValueWriter(references)
  return args.map((arg) => writer.encode(arg, 0))
}

class ValueWriter {
  readonly #references: WritingReferences
  #values = 0
  /** Characters and bytes. */
  #units = 0
  /** What contains the value that is being written. */
  readonly #within = new Set<object>()

  constructor(references: WritingReferences) {
    this.#references = references
  }

  encode(value: unknown, depth: number): ValueData {
    if (++this.#values > VALUES_MAX) throw new Unrecordable(`data of more than ${VALUES_MAX} values`)
    switch (typeof value) {
      case 'number':
        // Generated code takes it for a mistake.
        if (Number.isNaN(value)) throw new Unrecordable('a number that is NaN')
        return { number: value }
      case 'string':
        return { text: this.#text(value) }
      case 'boolean':
        return { flag: value }
      case 'undefined':
        return { undefined: true }
      case 'bigint':
        if (value > BIGINT_MAX || value < -BIGINT_MAX) throw new Unrecordable('a bigint of more than 4096 bits')
        return { bigint: String(value) }
      case 'object':
        return value === null ? { null: true } : this.#encodeObject(value, depth)
      default:
        throw new Unrecordable(`a ${typeof value}`)
    }
  }

  /** A lone surrogate has no UTF-8, and would be read back as something else. */
  #text(text: string): string {
    this.#take(text.length)
    if (/\p{Surrogate}/u.test(text)) throw new Unrecordable('a text that is not well-formed Unicode')
    return text
  }

  #take(units: number): void {
    this.#units += units
    if (this.#units > UNITS_MAX) throw new Unrecordable(`data of more than ${UNITS_MAX} bytes`)
  }

  #encodeObject(value: object, depth: number): ValueData {
    if (depth > DEPTH_MAX) throw new Unrecordable(`data that is more than ${DEPTH_MAX} levels deep`)
    if (this.#within.has(value)) throw new Unrecordable('data that contains itself')
    if (value instanceof SessionCore) return { session: value.id }
    if (value instanceof Zone && value.isStopped) return STOPPED_ZONE
    if (value instanceof Zone) return { zone: { app: value.app.prefix, name: value.name } }
    if (value instanceof ClientLink) return refer(this.#references.connectionNumber(value))
    const app = this.#references.appPrefix(value)
    if (app !== undefined) return { app }
    const definition = this.#references.definitionNumber(value)
    if (definition !== undefined) return { definition }
    if (value instanceof Uint8Array) return this.#encodeBytes(value)
    this.#within.add(value)
    const encoded = Array.isArray(value) ? this.#encodeList(value, depth) : this.#encodeFields(value, depth)
    this.#within.delete(value)
    return encoded
  }

  #encodeBytes(value: Uint8Array): ValueData {
    this.#take(value.length)
    return { bytes: new Uint8Array(value) }
  }

  #encodeList(list: readonly unknown[], depth: number): ValueData {
    if (Object.getPrototypeOf(list) !== Array.prototype) throw new Unrecordable(describeClass(list))
    if (list.length > VALUES_MAX) throw new Unrecordable(`data of more than ${VALUES_MAX} values`)
    const items: ValueData[] = []
    for (let at = 0; at < list.length; at++) items.push(this.encode(fieldOf(list, String(at)), depth + 1))
    return { list: { items } }
  }

  #encodeFields(object: object, depth: number): ValueData {
    const prototype: unknown = Object.getPrototypeOf(object)
    if (prototype !== Object.prototype && prototype !== null) throw new Unrecordable(describeClass(object))
    const names = Object.keys(object).map((name) => this.#text(name))
    if (Object.getOwnPropertySymbols(object).length > 0) throw new Unrecordable('an object with symbols for names')
    const values = names.map((name) => this.encode(fieldOf(object, name), depth + 1))
    return { object: { names, values } }
  }
}

/** A getter is the program's own code: it may do anything. */
function fieldOf(object: object, name: string): unknown {
  const field = Object.getOwnPropertyDescriptor(object, name)
  if (field?.get !== undefined) throw new Unrecordable(`an object with a getter (${name})`)
  return field?.value as unknown
}

function describeClass(value: object): string {
  const made: unknown = value.constructor
  return typeof made === 'function' ? `an object of the class ${made.name}` : 'an object of a class'
}

function refer(connection: number | undefined): ValueData {
  if (connection === undefined) throw new Unrecordable('a connection that came past the recorder')
  return { connection }
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
