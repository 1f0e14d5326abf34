/**
 * Bytes to messages and back: a 2-byte big-endian prefix, then protobuf (design section 7).
 *
 * The generated code is static and needs no `eval`. What it decodes is made plain here: only fields that are present,
 * integers as numbers below 2^53 (never `Long`), nothing inherited. Which app a prefix belongs to is not known here.
 */
import protobuf from 'protobufjs/minimal.js'
import { OverworldError } from '../errors.ts'
import type { Schema } from './message-types.ts'

/** A message without its type, as handlers get it. */
export type PlainMessage = { readonly [field: string]: unknown }

export interface DecodedMessage {
  readonly type: string
  readonly message: PlainMessage
}

const PREFIX_BYTES = 2

/** The prefix of a frame, or undefined where it is too short to have one. */
export function readPrefix(frame: Uint8Array): number | undefined {
  const high = frame[0]
  const low = frame[1]
  return high === undefined || low === undefined ? undefined : (high << 8) | low
}

export interface Codec {
  /** Throws `bad_message` where `message` does not fit its schema, or there is none of this type. */
  encode(type: string, message: object): Uint8Array
  /**
   * Decodes what follows the prefix. `'empty'`: no member of the `oneof` is set. `'malformed'`: not protobuf, a
   * required field missing, or an integer beyond 2^53−1.
   */
  decode(frame: Uint8Array): DecodedMessage | 'empty' | 'malformed'
}

export function createCodec(appName: string, prefix: number, schema: Schema): Codec {
  const prefixBytes = Uint8Array.of(prefix >> 8, prefix & 0xff)
  return {
    encode(type, message) {
      let frame: Uint8Array
      try {
        const writer = protobuf.Writer.create().raw(prefixBytes)
        frame = schema.encode({ [type]: message }, writer).finish()
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new OverworldError('bad_message', `cannot encode '${type}' of app '${appName}': ${why}`)
      }
      // What is no member of the oneof is skipped by the generated code.
      if (frame.length > PREFIX_BYTES) return frame
      throw new OverworldError('bad_message', `app '${appName}' has no message '${type}'`)
    },
    decode(frame) {
      let envelope: object
      try {
        const reader = protobuf.Reader.create(frame)
        reader.pos = PREFIX_BYTES
        reader.discardUnknown = true
        envelope = schema.decode(reader)
      } catch {
        return 'malformed'
      }
      // Setting one member of a oneof unsets the others, so the last on the wire is the only one.
      for (const type of Object.keys(envelope)) {
        const value: unknown = (envelope as PlainMessage)[type]
        if (typeof value !== 'object' || value === null) continue
        const message = toPlain(value)
        return message === UNSAFE ? 'malformed' : { type, message: message as PlainMessage }
      }
      return 'empty'
    },
  }
}

/** Stands for an integer that a number cannot hold. */
const UNSAFE = Symbol('an integer beyond 2^53−1')

function toPlain(value: object): unknown {
  if (value instanceof Uint8Array) return bytesToPlain(value)
  if (Array.isArray(value)) return listToPlain(value)
  if (isLong(value)) return longToNumber(value)
  const plain: { [field: string]: unknown } = {}
  for (const field of Object.keys(value)) {
    const item: unknown = (value as PlainMessage)[field]
    const result = typeof item === 'object' && item !== null ? toPlain(item) : item
    if (result === UNSAFE) return UNSAFE
    setField(plain, field, result)
  }
  return plain
}

function listToPlain(list: readonly unknown[]): unknown {
  const plain: unknown[] = []
  for (const item of list) {
    const result = typeof item === 'object' && item !== null ? toPlain(item) : item
    if (result === UNSAFE) return UNSAFE
    plain.push(result)
  }
  return plain
}

/** Node's `Buffer`, which protobufjs hands out there, is told apart by some methods (its `slice` does not copy). */
function bytesToPlain(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** What protobufjs reads a 64-bit integer as. */
interface LongLike {
  readonly low: number
  readonly high: number
  readonly unsigned: boolean
}

function isLong(value: object): value is LongLike {
  return '__isLong__' in value
}

function longToNumber(value: LongLike): unknown {
  const high = value.unsigned ? value.high >>> 0 : value.high
  const number = high * 4294967296 + (value.low >>> 0)
  return Number.isSafeInteger(number) ? number : UNSAFE
}

/** A deep copy that nobody can change, for in-process receivers. Byte arrays are copied, but cannot be frozen. */
export function frozenCopy(message: object): PlainMessage {
  const copy: { [field: string]: unknown } = {}
  for (const field of Object.keys(message)) {
    const value: unknown = (message as PlainMessage)[field]
    // A field that is absent on the wire is absent here.
    if (value !== undefined && value !== null) setField(copy, field, frozenValue(value))
  }
  return Object.freeze(copy)
}

/** A peer chooses the keys of a protobuf map: none may become a prototype. */
function setField(object: { [field: string]: unknown }, field: string, value: unknown): void {
  if (field !== '__proto__') object[field] = value
  else Object.defineProperty(object, field, { value, enumerable: true, writable: true, configurable: true })
}

function frozenValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value)) return Object.freeze(value.map(frozenValue))
  return frozenCopy(value)
}
