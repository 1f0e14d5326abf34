/** What generated code has to know of a field, read from protobufjs' reflection. */
import protobuf from 'protobufjs'

const VARINT = 0
const FIXED64 = 1
const DELIMITED = 2
const GROUP = 3
const GROUP_END = 4
const FIXED32 = 5

const WIRE_TYPES: ReadonlyMap<string, number> = new Map([
  ...['int32', 'uint32', 'sint32', 'int64', 'uint64', 'sint64', 'bool'].map((type) => [type, VARINT] as const),
  ...['fixed64', 'sfixed64', 'double'].map((type) => [type, FIXED64] as const),
  ...['string', 'bytes'].map((type) => [type, DELIMITED] as const),
  ...['fixed32', 'sfixed32', 'float'].map((type) => [type, FIXED32] as const),
])
const LONG = new Set(['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64'])

export function isLong(type: string): boolean {
  return LONG.has(type)
}

/** The method of reader and writer: enums travel as int32. Only for scalars and enums. */
export function scalarOf(field: protobuf.Field): string {
  return field.resolvedType instanceof protobuf.Enum ? 'int32' : field.type
}

export function isMessage(field: protobuf.Field): field is protobuf.Field & { resolvedType: protobuf.Type } {
  return field.resolvedType instanceof protobuf.Type
}

export function isEnum(field: protobuf.Field): field is protobuf.Field & { resolvedType: protobuf.Enum } {
  return field.resolvedType instanceof protobuf.Enum
}

/** `Field` with a key: the types of protobufjs do not say that one is the other. */
export interface MapField extends protobuf.Field {
  readonly keyType: string
}

export function isMap(field: protobuf.Field): field is MapField {
  return field.map
}

/** Number and wire type of one value. */
export function tagOf(field: protobuf.Field): number {
  if (field.map) return keyOf(field.id, DELIMITED)
  if (isMessage(field)) return keyOf(field.id, field.delimited ? GROUP : DELIMITED)
  return keyOf(field.id, wireTypeOf(scalarOf(field)))
}

export function packedTagOf(field: protobuf.Field): number {
  return keyOf(field.id, DELIMITED)
}

export function endTagOf(field: protobuf.Field): number {
  return keyOf(field.id, GROUP_END)
}

/** Of the key (1) or the value (2) of a map's entry. */
export function entryTagOf(number: 1 | 2, scalar: string | undefined): number {
  return keyOf(number, scalar === undefined ? DELIMITED : wireTypeOf(scalar))
}

export function isPackable(field: protobuf.Field): boolean {
  return field.repeated && !isMessage(field) && wireTypeOf(scalarOf(field)) !== DELIMITED
}

/** Whether a reader is to refuse what is not UTF-8 (proto3 and editions). */
export function isVerified(field: protobuf.Field): boolean {
  return featureOf(field, 'utf8_validation') === 'VERIFY'
}

/** Any number may be sent (proto3 and editions), not only the declared ones. */
export function isOpen(type: protobuf.Enum): boolean {
  return featureOf(type, 'enum_type') === 'OPEN'
}

/** Zero, empty or false and absent are the same (proto3, and editions with implicit presence). */
export function isImplicit(field: protobuf.Field): boolean {
  return !field.repeated && !field.map && !field.required && !isMessage(field) && !field.hasPresence
}

export function isOptional(field: protobuf.Field): boolean {
  return !field.repeated && !field.map && !field.required
}

/** In received messages: never undefined. */
export function isAlwaysThere(field: protobuf.Field): boolean {
  return !isOptional(field) || isImplicit(field) || (hasDefault(field) && field.partOf === null)
}

export function hasDefault(field: protobuf.Field): boolean {
  return field.options?.['default'] !== undefined && isOptional(field)
}

/** JavaScript for what an absent field is read as. Only for scalars and enums. */
export function defaultOf(field: protobuf.Field): string {
  const value = field.defaultValue as unknown
  const scalar = scalarOf(field)
  if (scalar === 'bytes') return bytesText(field.options?.['default'])
  if (isLong(scalar)) return longText(value)
  return typeof value === 'string' ? JSON.stringify(value) : numberText(value as number | boolean)
}

function numberText(value: number | boolean): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** Throws where a number cannot hold it: nobody could read such a message. */
function longText(value: unknown): string {
  const number = typeof value === 'number' ? value : Number(String(value))
  if (Number.isSafeInteger(number)) return String(number)
  throw new RangeError(`the default ${String(value)} is beyond 2^53−1`)
}

/** The text has an escaped byte as the character of its number. */
function bytesText(text: unknown): string {
  const characters = typeof text === 'string' ? Array.from(text, (character) => character.codePointAt(0) ?? 0) : []
  const isBytes = characters.every((code) => code < 256)
  const bytes = isBytes ? characters : [...new TextEncoder().encode(text as string)]
  return `new Uint8Array([${bytes.join(', ')}])`
}

function keyOf(number: number, wireType: number): number {
  return ((number << 3) | wireType) >>> 0
}

function wireTypeOf(scalar: string): number {
  const wireType = WIRE_TYPES.get(scalar)
  if (wireType === undefined) throw new Error(`${scalar} is no scalar type`)
  return wireType
}

/** `_features` is what protobufjs itself reads; its types do not show it. */
function featureOf(object: protobuf.ReflectionObject, name: string): string | undefined {
  const { _features: features } = object as unknown as { readonly _features?: Readonly<Record<string, string>> }
  return features?.[name]
}
