/**
 * Schemas as `pbjs` makes them, and as earlier versions of `overworld proto` did: code that tests nothing when it writes, and
 * whose decoded messages inherit. What it wrote is read back and compared, which costs as much again.
 */
import type protobuf from 'protobufjs/minimal.js'
import type { Schema } from './message-types.ts'
import { readerOf } from './number-reader.ts'
import { toPlain, type PlainMessage } from './plain.ts'

/** Of generated classes, which show them; undefined for code that was made by hand. */
export function olderMembersOf(schema: Schema): readonly string[] | undefined {
  const { prototype } = schema as { readonly prototype?: unknown }
  if (typeof prototype !== 'object' || prototype === null || !('msg' in prototype)) return undefined
  return Object.keys(prototype).filter((name) => name !== 'msg')
}

/** Throws where the message does not fit, or would not arrive as it is. */
export function writeOlder(schema: Schema, type: string, message: object, writer: protobuf.Writer): void {
  const envelope: { [type: string]: object } = {}
  envelope[type] = message
  schema.encode(envelope, writer)
}

/** In words; undefined where what arrives is what was sent. */
export function differenceIn(sent: unknown, received: unknown, path: string): string | undefined {
  if (sent === undefined || sent === null) {
    return isNothing(received) ? undefined : `${path}: is missing`
  }
  if (typeof sent === 'number' && typeof received === 'number') {
    const isSame = sent === received || Math.fround(sent) === received
    return isSame ? undefined : `${path}: ${sent} is out of range or no such number: it would arrive as ${received}`
  }
  if (typeof sent !== typeof received) {
    return received === undefined
      ? `${path}: is no field of this message`
      : `${path}: must be a ${typeof received}, not a ${typeof sent}`
  }
  if (typeof sent !== 'object' || typeof received !== 'object' || received === null) return undefined
  if (received instanceof Uint8Array) return sent instanceof Uint8Array ? undefined : `${path}: must be a Uint8Array`
  if (Array.isArray(received)) {
    if (!Array.isArray(sent)) return `${path}: must be an array`
    return firstOf(sent.keys(), (index) => differenceIn(sent[index], received[index], `${path}[${index}]`))
  }
  if (Array.isArray(sent)) return `${path}: must be an object, not an array`
  const names = new Set([...Object.keys(sent), ...Object.keys(received)])
  return firstOf(names, (name) =>
    differenceIn((sent as PlainMessage)[name], (received as PlainMessage)[name], `${path}.${name}`),
  )
}

/** An absent field, list or map. */
function isNothing(received: unknown): boolean {
  if (received instanceof Uint8Array) return false
  return received === undefined || (typeof received === 'object' && Object.keys(received ?? {}).length === 0)
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
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

export function readOlder(schema: Schema, frame: Uint8Array): { type: string; message: PlainMessage } | 'empty' {
  const envelope = decodeEnvelope(schema, frame)
  const type = memberOf(envelope)
  return type === undefined ? 'empty' : { type, message: toPlain(envelope[type] as object) }
}

function memberOf(envelope: Envelope): string | undefined {
  if (typeof envelope.msg === 'string') return envelope.msg
  for (const member of Object.keys(envelope)) {
    if (typeof envelope[member] === 'object' && envelope[member] !== null) return member
  }
  return undefined
}
