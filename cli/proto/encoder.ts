/**
 * The function that checks and writes one message. Each field is read once, tested, and written at once; properties are
 * counted, and only where their number is another than that of the fields that were set, their names are looked at.
 */
import type protobuf from 'protobufjs'
import {
  endTagOf,
  entryTagOf,
  isEnum,
  isImplicit,
  isMap,
  isMessage,
  isOpen,
  isPackable,
  packedTagOf,
  scalarOf,
  tagOf,
  type MapField,
} from './field-form.ts'
import type { MessagePart, ModuleParts } from './module-parts.ts'
import { readProperty, stringOf } from './properties.ts'

export function encoderOf({ type, number }: MessagePart, parts: ModuleParts): string {
  const fields = type.fieldsArray.toSorted((a, b) => a.id - b.id)
  const required = fields.filter((field) => field.required).length
  const oneofs = realOneofs(type)
  return [
    `function $encode${number}(m, w, d) {`,
    '$object(m, d);',
    ...(fields.length > required ? [`let v, n = ${required};`] : [`let n = ${required};`]),
    ...oneofs.map((_oneof, index) => `let o${index};`),
    ...fields.map((field) => encodeField(field, parts, field.partOf === null ? -1 : oneofs.indexOf(field.partOf))),
    'for (const _ in m) n--;',
    `if (n !== 0) $names(m, [${fields.map(({ name }) => stringOf(name)).join(', ')}]);`,
    'return w;',
    '}',
  ].join('\n')
}

export function realOneofs(type: protobuf.Type): readonly protobuf.OneOf[] {
  return type.oneofsArray.filter((oneof) => !oneof.isProto3Optional)
}

/** Writes a message after its tag: `value` within group or length. */
export function encodeMessage(field: protobuf.Field, value: string, depth: string, parts: ModuleParts): string {
  const encode = `$encode${parts.messageOf(field.resolvedType as protobuf.Type).number}`
  return field.delimited
    ? `${encode}(${value}, w.uint32(${tagOf(field)}), ${depth}).uint32(${endTagOf(field)})`
    : `${encode}(${value}, w.uint32(${tagOf(field)}).fork(), ${depth}).ldelim()`
}

function encodeField(field: protobuf.Field, parts: ModuleParts, oneof: number): string {
  const name = stringOf(field.name)
  const value = readProperty('m', field.name)
  if (field.required) {
    if (isMessage(field)) return guarded(`${encodeMessage(field, value, 'd + 1', parts)};`, name)
    return `w.uint32(${tagOf(field)}).${scalarOf(field)}(${checked(field, value, name, parts)});`
  }
  const body = isMap(field)
    ? encodeMap(field, parts)
    : field.repeated
      ? encodeList(field, parts)
      : encodeOptional(field, parts)
  const excludes = oneof === -1 ? '' : `o${oneof} = $one(o${oneof}, ${name});\n`
  return `if ((v = ${value}) !== undefined && v !== null) {\nn++;\n${excludes}${body}\n}`
}

function encodeOptional(field: protobuf.Field, parts: ModuleParts): string {
  const name = stringOf(field.name)
  if (isMessage(field)) return guarded(`${encodeMessage(field, 'v', 'd + 1', parts)};`, name)
  const scalar = scalarOf(field)
  const value = checked(field, 'v', name, parts)
  const write = `w.uint32(${tagOf(field)}).${scalar}`
  return isImplicit(field) ? `if (${isSet(scalar, value)}) ${write}(v);` : `${write}(${value});`
}

/** What is not written where presence is implicit: −0 is. */
function isSet(scalar: string, value: string): string {
  if (scalar === 'bytes') return `${value}.length !== 0`
  if (scalar === 'string') return `${value} !== ""`
  if (scalar === 'bool') return value
  return scalar === 'float' || scalar === 'double' ? `${value} !== 0 || 1 / v < 0` : `${value} !== 0`
}

function encodeList(field: protobuf.Field, parts: ModuleParts): string {
  const name = stringOf(field.name)
  const isPacked = isPackable(field) && field.packed
  const item = isMessage(field)
    ? encodeMessage(field, 'v[i]', 'd + 1', parts)
    : `w${isPacked ? '' : `.uint32(${tagOf(field)})`}.${scalarOf(field)}(${checked(field, 'v[i]', '""', parts)})`
  const loop = `for (; i < v.length; i++) ${item};`
  const all = isPacked
    ? `if (v.length !== 0) {\nw.uint32(${packedTagOf(field)}).fork();\n${loop}\nw.ldelim();\n}`
    : loop
  const step = `${stringOf(`${field.name}[`)} + i + "]"`
  return `let i = 0;\n$list(v, ${name});\n${guarded(all, step)}`
}

function encodeMap(field: MapField, parts: ModuleParts): string {
  const { keyType } = field
  const key =
    keyType === 'string' ? 'k' : keyType === 'bool' ? '$bool($boolKey(k), "")' : `${checkOf(keyType)}($key(k), "")`
  const value = isMessage(field)
    ? `$encode${parts.messageOf(field.resolvedType).number}(v[k], w.uint32(${entryTagOf(2, undefined)}).fork(), d + 1).ldelim();`
    : `w.uint32(${entryTagOf(2, scalarOf(field))}).${scalarOf(field)}(${checked(field, 'v[k]', '""', parts)});`
  const entry = [
    `w.uint32(${tagOf(field)}).fork().uint32(${entryTagOf(1, keyType)}).${keyType}(${key});`,
    value,
    'w.ldelim();',
  ]
  const step = `${stringOf(`${field.name}[`)} + JSON.stringify(k) + "]"`
  return `for (const k of $map(v, ${stringOf(field.name)})) {\n${guarded(entry.join('\n'), step)}\n}`
}

function guarded(code: string, step: string): string {
  return `try {\n${code}\n} catch (e) {\nthrow $at(e, ${step});\n}`
}

function checked(field: protobuf.Field, value: string, name: string, parts: ModuleParts): string {
  if (isEnum(field) && !isOpen(field.resolvedType)) {
    const { number } = parts.enumOf(field.resolvedType)
    return `$enum(${value}, ${name}, $known${number}, $enum${number})`
  }
  return `${checkOf(scalarOf(field), field)}(${value}, ${name})`
}

function checkOf(scalar: string, field?: protobuf.Field): string {
  // A schema whose default is NaN means it.
  if ((scalar === 'float' || scalar === 'double') && Number.isNaN(field?.options?.['default'])) return '$number'
  return CHECKS.get(scalar) ?? `$${scalar}`
}

const CHECKS: ReadonlyMap<string, string> = new Map([
  ['sint32', '$int32'],
  ['sfixed32', '$int32'],
  ['fixed32', '$uint32'],
  ['sint64', '$int64'],
  ['sfixed64', '$int64'],
  ['fixed64', '$uint64'],
])
