/**
 * Bytes to messages and back: a 2-byte big-endian prefix, then protobuf (design section 7).
 *
 * The generated code is static and needs no `eval`. It tests each field of what it writes, and what it reads is plain: only
 * fields that are present or have a default, integers as numbers below 2^53 (never `Long`), nothing inherited. Which app a
 * prefix belongs to is not known here.
 */
import protobuf from 'protobufjs/minimal.js'
import { OverworldError } from '../errors.ts'
import type { Schema } from './message-types.ts'
import { PREFIX_BYTES, readerOf } from './number-reader.ts'
import { differenceIn, olderMembersOf, readOlder, writeOlder } from './older-code.ts'
import { frozenCopy, type PlainMessage } from './plain.ts'

export interface DecodedMessage {
  readonly type: string
  readonly message: PlainMessage
}

/** The prefix of a frame, or undefined where it is too short to have one. */
export function readPrefix(frame: Uint8Array): number | undefined {
  const high = frame[0]
  const low = frame[1]
  return high === undefined || low === undefined ? undefined : (high << 8) | low
}

export interface Codec {
  /**
   * Throws `bad_message` where `message` does not fit its schema, or there is none of this type. The error names the field,
   * such as `score.players[3].points`.
   */
  encode(type: string, message: object): Uint8Array
  /**
   * Decodes what follows the prefix. `'empty'`: no member of the `oneof` is set. `'malformed'`: not protobuf, a
   * required field missing, or an integer beyond 2^53−1.
   */
  decode(frame: Uint8Array): DecodedMessage | 'empty' | 'malformed'
}

export function createCodec(appName: string, prefix: number, schema: Schema): Codec {
  const generated = generatedAppOf(schema)
  const encode = (type: string, message: object): Uint8Array => {
    try {
      const write = generated?.encoders.get(type)
      if (generated !== undefined && write === undefined) throw new NoSuchMessage()
      const frame = writeFrame(prefix, (writer) => {
        if (write === undefined) writeOlder(schema, type, message, writer)
        else write(message, writer)
      })
      if (generated === undefined) assertArrives(schema, frame, type, message)
      return frame
    } catch (error) {
      throw new OverworldError('bad_message', whyNot(appName, type, error))
    }
  }
  const decode = (frame: Uint8Array): DecodedMessage | 'empty' | 'malformed' => {
    try {
      return generated === undefined ? readOlder(schema, frame) : readGenerated(schema, generated, frame)
    } catch {
      return 'malformed'
    }
  }
  return { encode, decode }
}

/**
 * The message as a receiver of its bytes would get it, frozen: for receivers in this process, so that a mistake shows there
 * as well. Throws as `encode` does.
 */
export function copyAsReceived({ encode, decode }: Codec, type: string, message: object): PlainMessage {
  const decoded = decode(encode(type, message))
  return frozenCopy(typeof decoded === 'string' ? {} : decoded.message)
}

/** What `overworld proto` adds to the class of a message with a `oneof msg`. */
interface GeneratedApp {
  /** 16 hexadecimal digits. */
  readonly hash: string
  /** By the names of the members of the oneof; they throw an error with a `field` where a field does not fit. */
  readonly encoders: ReadonlyMap<string, (message: object, writer: protobuf.Writer) => void>
}

function generatedAppOf(schema: Schema): GeneratedApp | undefined {
  const { $app: app } = schema as { readonly $app?: GeneratedApp }
  return app !== undefined && app.encoders instanceof Map ? app : undefined
}

export function schemaHashOf(schema: Schema): string | undefined {
  return generatedAppOf(schema)?.hash
}

/** The members of `oneof msg`; undefined where the code does not show them. */
export function messageNamesOf(schema: Schema): readonly string[] | undefined {
  const generated = generatedAppOf(schema)
  return generated === undefined ? olderMembersOf(schema) : [...generated.encoders.keys()]
}

/**
 * What stands in the way of reading with `schema`; undefined where nothing does. Older generated code accepts the reader of
 * its own copy of protobufjs only: with another one, every message of every client would look malformed.
 */
export function obstacleTo(schema: Schema): string | undefined {
  try {
    readOlder(schema, new Uint8Array(PREFIX_BYTES))
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

class NoSuchMessage extends Error {}

function whyNot(app: string, type: string, error: unknown): string {
  if (error instanceof NoSuchMessage) return `app '${app}' has no message '${type}'`
  const why = error instanceof Error ? error.message : String(error)
  return `cannot encode '${type}' of app '${app}': ${why}`
}

function assertArrives(schema: Schema, frame: Uint8Array, type: string, message: object): void {
  // What is no member of the oneof is skipped by the generated code.
  if (frame.length === PREFIX_BYTES) throw new NoSuchMessage()
  const received = readOlder(schema, frame)
  const difference = differenceIn(message, received === 'empty' ? undefined : received.message, type)
  if (difference !== undefined) throw new TypeError(difference)
}

/** A writer whose buffer can be used again. While it is in use there is none. */
let spareWriter: protobuf.Writer | undefined
const SPARE_BYTES_MAX = 65_536

function writeFrame(prefix: number, write: (writer: protobuf.Writer) => void): Uint8Array {
  const writer = spareWriter ?? new protobuf.Writer()
  spareWriter = undefined
  writer.buf[0] = prefix >> 8
  writer.buf[1] = prefix
  writer.pos = PREFIX_BYTES
  write(writer)
  if (writer.buf.length <= SPARE_BYTES_MAX) spareWriter = writer
  return writer.buf.slice(0, writer.pos)
}

function readGenerated(schema: Schema, { encoders }: GeneratedApp, frame: Uint8Array): DecodedMessage | 'empty' {
  const reader = readerOf(frame)
  const envelope = schema.decode(reader as unknown as protobuf.Reader) as PlainMessage
  // There is one, or none; a field outside of the oneof is no message.
  for (const type of encoders.keys()) {
    if (Object.hasOwn(envelope, type)) return { type, message: envelope[type] as PlainMessage }
  }
  return 'empty'
}
