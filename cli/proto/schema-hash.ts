/**
 * The hash of an app's schema: 64 bits, as 16 hexadecimal digits. Two programs with equal hashes read and write the same
 * bytes and see the same names.
 *
 * A change of these counts: the number, name, type and label of a field of any message that the app's messages contain; its
 * presence, packing and default; the `oneof` that it is in; the names and numbers of an enum. These do not: comments,
 * formatting, the order and the place of declarations (nested, or in an imported file), the names of messages, enums and
 * packages, other options, and messages that the app does not use.
 */
import { createHash } from 'node:crypto'
import protobuf from 'protobufjs'

const HASH_DIGITS = 16

export function schemaHashOf(envelope: protobuf.Type): string {
  return createHash('sha256').update(canonicalText(envelope)).digest('hex').slice(0, HASH_DIGITS)
}

/** Messages and enums are numbered in the order in which they are first met, from the envelope, by ascending field number. */
export function canonicalText(envelope: protobuf.Type): string {
  const met: (protobuf.Type | protobuf.Enum)[] = [envelope]
  const numberOf = (type: protobuf.Type | protobuf.Enum): number => {
    const known = met.indexOf(type)
    return known === -1 ? met.push(type) - 1 : known
  }
  const lines = ['overworld schema 1']
  // Grows while it is walked.
  for (const [index, type] of met.entries()) {
    lines.push(`${type instanceof protobuf.Enum ? 'enum' : 'message'} ${index}`)
    if (type instanceof protobuf.Enum) lines.push(...valueLines(type))
    else lines.push(...fieldsOf(type).map((field) => fieldLine(field, numberOf)))
  }
  return lines.join('\n')
}

function valueLines({ values }: protobuf.Enum): readonly string[] {
  return Object.entries(values)
    .map(([name, value]) => ({ name, value }))
    .toSorted((a, b) => a.value - b.value || (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => `${value} ${name}`)
}

function fieldsOf(type: protobuf.Type): readonly protobuf.Field[] {
  return type.fieldsArray.toSorted((a, b) => a.id - b.id)
}

function fieldLine(field: protobuf.Field, numberOf: (type: protobuf.Type | protobuf.Enum) => number): string {
  const { resolvedType } = field
  const group = field.delimited ? 'group ' : ''
  const type = resolvedType === null ? field.type : `${group}${numberOf(resolvedType)}`
  const key = field instanceof protobuf.MapField ? `map ${field.keyType} ` : ''
  const parts = [`${field.id} ${field.name} ${labelOf(field)} ${key}${type}`]
  if (field.repeated && field.packed) parts.push('packed')
  const { partOf } = field
  if (partOf !== null && !partOf.isProto3Optional) parts.push(`oneof ${partOf.name}`)
  const fallback = field.options?.['default'] as string | number | boolean | undefined
  if (fallback !== undefined) parts.push(`default ${fallback}`)
  return parts.join(' ')
}

function labelOf(field: protobuf.Field): string {
  if (field.map || field.repeated) return 'repeated'
  if (field.required) return 'required'
  return field.hasPresence ? 'optional' : 'implicit'
}
