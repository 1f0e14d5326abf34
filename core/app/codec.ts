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
  return {
    encode(type, message) {
      let frame: Uint8Array
      try {
        frame = encodeFrame(prefix, schema, type, message)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new OverworldError('bad_message', `cannot encode '${type}' of app '${appName}': ${why}`)
      }
      // What is no member of the oneof is skipped by the generated code.
      if (frame.length > PREFIX_BYTES) return frame
      throw new OverworldError('bad_message', `app '${appName}' has no message '${type}'`)
    },
    decode(frame) {
      try {
        const envelope = decodeEnvelope(schema, frame)
        const type = memberOf(envelope)
        return type === undefined ? 'empty' : { type, message: toPlain(envelope[type] as object) }
      } catch {
        return 'malformed'
      }
    },
  }
}

/**
 * What stands in the way of reading with `schema`; undefined where nothing does. Generated code accepts the reader of its
 * own copy of protobufjs only: with another one, every message of every client would look malformed.
 */
export function obstacleTo(schema: Schema): string | undefined {
  try {
    decodeEnvelope(schema, new Uint8Array(PREFIX_BYTES))
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A writer whose buffer can be used again. While it is in use there is none. */
let spareWriter: protobuf.Writer | undefined
const SPARE_BYTES_MAX = 65_536

function encodeFrame(prefix: number, schema: Schema, type: string, message: object): Uint8Array {
  const writer = spareWriter ?? new protobuf.Writer()
  spareWriter = undefined
  writer.buf[0] = prefix >> 8
  writer.buf[1] = prefix
  writer.pos = PREFIX_BYTES
  const envelope: { [type: string]: object } = {}
  envelope[type] = message
  schema.encode(envelope, writer)
  if (writer.buf.length <= SPARE_BYTES_MAX) spareWriter = writer
  return writer.buf.slice(0, writer.pos)
}

/** The message with the oneof: as generated code fills it in, `msg` names the member that was last on the wire. */
interface Envelope {
  readonly msg?: unknown
  readonly [member: string]: unknown
}

/** The parameters of generated code that its types do not show. */
type DecodeInto = (reader: unknown, length: undefined, end: undefined, depth: undefined, target: object) => Envelope

/**
 * Generated code fills in a given object as well as one of its own class, but for that its setter of `msg` unsets all
 * other members one by one, which costs more than all the rest. Only where there were several is that needed.
 */
function decodeEnvelope(schema: Schema, frame: Uint8Array): Envelope {
  const envelope = (schema.decode as DecodeInto)(readerOf(frame), undefined, undefined, undefined, { msg: undefined })
  return Object.keys(envelope).length <= 2
    ? envelope
    : (schema.decode(readerOf(frame) as unknown as protobuf.Reader) as Envelope)
}

function readerOf(frame: Uint8Array): NumberReader {
  const reader = new NumberReader(frame)
  reader.pos = PREFIX_BYTES
  reader.discardUnknown = true
  return reader
}

function memberOf(envelope: Envelope): string | undefined {
  if (typeof envelope.msg === 'string') return envelope.msg
  for (const member of Object.keys(envelope)) {
    if (typeof envelope[member] === 'object' && envelope[member] !== null) return member
  }
  return undefined
}

/** As it is: without the `long` package protobufjs makes numbers at once. */
interface AnyReader extends Omit<protobuf.Reader, 'int64' | 'uint64' | 'sint64' | 'fixed64' | 'sfixed64'> {
  int64(): LongLike | number
  uint64(): LongLike | number
  sint64(): LongLike | number
  fixed64(): LongLike | number
  sfixed64(): LongLike | number
}
const AnyReader = protobuf.Reader as unknown as new (bytes: Uint8Array) => AnyReader

/** Reads 64-bit integers as numbers, and throws where a number cannot hold one. */
class NumberReader extends AnyReader {
  override int64(): number {
    return takeSmallVarint(this) ?? toNumber(super.int64())
  }

  override uint64(): number {
    return takeSmallVarint(this) ?? toNumber(super.uint64())
  }

  override sint64(): number {
    return toNumber(super.sint64())
  }

  override fixed64(): number {
    return toNumber(super.fixed64())
  }

  override sfixed64(): number {
    return toNumber(super.sfixed64())
  }
}

/** Most integers are small: no need for `Long` then. */
function takeSmallVarint(reader: AnyReader): number | undefined {
  const byte = reader.pos < reader.len ? reader.buf[reader.pos] : undefined
  if (byte === undefined || byte >= 0x80) return undefined
  reader.pos++
  return byte
}

/** What protobufjs reads a 64-bit integer as. */
interface LongLike {
  readonly low: number
  readonly high: number
  readonly unsigned: boolean
}

function toNumber(value: LongLike | number): number {
  const number = typeof value === 'number' ? value : numberOf(value)
  if (Number.isSafeInteger(number)) return number
  throw new RangeError('an integer beyond 2^53−1')
}

function numberOf({ low, high, unsigned }: LongLike): number {
  return (unsigned ? high >>> 0 : high) * 4294967296 + (low >>> 0)
}

/** A copy of a decoded message that inherits nothing. */
function toPlain(message: object): PlainMessage {
  const plain: { [field: string]: unknown } = {}
  for (const field of Object.keys(message)) {
    const value: unknown = (message as PlainMessage)[field]
    const isFlat = typeof value !== 'object' || value === null
    setField(plain, field, isFlat ? value : valueToPlain(value))
  }
  return plain
}

function valueToPlain(value: object): unknown {
  if (value instanceof Uint8Array) return bytesToPlain(value)
  if (!Array.isArray(value)) return toPlain(value)
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index]
    if (typeof item === 'object' && item !== null) value[index] = valueToPlain(item)
  }
  return value
}

/** Node's `Buffer`, which protobufjs hands out there, is told apart by some methods (its `slice` does not copy). */
function bytesToPlain(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
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
