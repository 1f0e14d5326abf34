/**
 * The function that reads one message, up to the end of its bytes or of its group. What comes out is plain: an object with
 * the fields that were there, lists and maps always, and what is absent but has a default.
 */
import type protobuf from 'protobufjs'
import { realOneofs } from './encoder.ts'
import {
  defaultOf,
  endTagOf,
  entryTagOf,
  hasDefault,
  isImplicit,
  isLong,
  isMap,
  isMessage,
  isPackable,
  isVerified,
  packedTagOf,
  scalarOf,
  tagOf,
  type MapField,
} from './field-form.ts'
import type { MessagePart, ModuleParts } from './module-parts.ts'
import { literalKey, readProperty, stringOf, writeProperty } from './properties.ts'

export function decoderOf({ type, number }: MessagePart, parts: ModuleParts): string {
  const fields = type.fieldsArray.toSorted((a, b) => a.id - b.id)
  const many = fields.filter((field) => field.repeated || field.map)
  const oneofs = realOneofs(type).filter((oneof) => oneof.fieldsArray.length > 1)
  const cases = fields.flatMap((field) => {
    const oneof = field.partOf === null ? -1 : oneofs.indexOf(field.partOf)
    return casesOf(field, parts, oneof)
  })
  return [
    `function $decode${number}(r, d, m, g) {`,
    '$deep(d);',
    `if (m === undefined) m = {${many.map((field) => ` ${literalKey(field.name)}: ${field.map ? '{}' : '[]'}`).join(',')} };`,
    ...oneofs.map((_oneof, index) => `let o${index};`),
    'let isOpen = g !== 0;',
    'while (r.pos < r.len) {',
    'const t = r.tag();',
    'if (isOpen && t === g) {',
    'isOpen = false;',
    'break;',
    '}',
    ...(cases.length === 0 ? [] : ['switch (t) {', ...cases, '}']),
    'r.skipType(t & 7, d, t >>> 3);',
    '}',
    'if (isOpen) throw new RangeError("missing end group");',
    ...fields.flatMap(afterwards),
    'return m;',
    '}',
  ].join('\n')
}

function casesOf(field: protobuf.Field, parts: ModuleParts, oneof: number): readonly string[] {
  const { name } = field
  const own = readProperty('m', name)
  if (isMap(field)) {
    return [`case ${tagOf(field)}: {`, ...entryOf(field, parts), 'continue;', '}']
  }
  if (field.repeated) {
    const push = `${own}.push(${valueOf(field, 'undefined', parts)});`
    const cases = [`case ${tagOf(field)}:`, push, 'continue;']
    if (!isPackable(field)) return cases
    const packed = ['const l = $inside(r);', `while (r.pos < r.len) ${push}`, '$outside(r, l);', 'continue;']
    return [...cases, `case ${packedTagOf(field)}: {`, ...packed, '}']
  }
  // The last member of a oneof on the wire counts.
  const others =
    oneof === -1
      ? []
      : [
          `if (o${oneof} !== undefined && o${oneof} !== ${stringOf(name)}) delete m[o${oneof}];`,
          `o${oneof} = ${stringOf(name)};`,
        ]
  return [`case ${tagOf(field)}:`, ...others, writeProperty('m', name, valueOf(field, own, parts)), 'continue;']
}

/** `target`: a message that has come twice is merged. */
function valueOf(field: protobuf.Field, target: string, parts: ModuleParts): string {
  if (!isMessage(field)) return scalarValue(scalarOf(field), isVerified(field))
  const decode = `$decode${parts.messageOf(field.resolvedType).number}`
  return field.delimited ? `${decode}(r, d + 1, ${target}, ${endTagOf(field)})` : `$nested(r, ${decode}, d, ${target})`
}

function scalarValue(scalar: string, isStrict: boolean): string {
  if (isLong(scalar)) return `$safe(r.${scalar}())`
  if (scalar === 'bytes') return '$plain(r.bytes())'
  return scalar === 'string' && isStrict ? 'r.stringVerify()' : `r.${scalar}()`
}

function entryOf(field: MapField, parts: ModuleParts): readonly string[] {
  const { keyType } = field
  const map = readProperty('m', field.name)
  const isStrict = isVerified(field)
  const value = isMessage(field)
    ? `$nested(r, $decode${parts.messageOf(field.resolvedType).number}, d, v)`
    : scalarValue(scalarOf(field), isStrict)
  const absent = isMessage(field)
    ? [
        `if (v === undefined) v = $decode${parts.messageOf(field.resolvedType).number}({ pos: 0, len: 0 }, d + 1, undefined, 0);`,
      ]
    : []
  return [
    `let k = ${zeroOf(keyType)}, v${isMessage(field) ? '' : ` = ${zeroOf(scalarOf(field))}`};`,
    'const l = $inside(r);',
    'while (r.pos < r.len) {',
    'const t = r.tag();',
    `if (t === ${entryTagOf(1, keyType)}) k = ${scalarValue(keyType, isStrict)};`,
    `else if (t === ${entryTagOf(2, isMessage(field) ? undefined : scalarOf(field))}) v = ${value};`,
    'else r.skipType(t & 7, d, t >>> 3);',
    '}',
    '$outside(r, l);',
    ...absent,
    // A peer chooses the keys: none may become a prototype.
    ...(keyType === 'string' ? [`if (k === "__proto__") $set(${map}, k, v);`, 'else'] : []),
    `${map}[k] = v;`,
  ]
}

function zeroOf(scalar: string): string {
  if (scalar === 'string') return '""'
  if (scalar === 'bool') return 'false'
  return scalar === 'bytes' ? 'new Uint8Array(0)' : '0'
}

/** What is to be done about a field that was not there. */
function afterwards(field: protobuf.Field): readonly string[] {
  const isAbsent = `if (${readProperty('m', field.name)} === undefined)`
  if (field.required) return [`${isAbsent} throw $required(${stringOf(field.name)});`]
  const isRead = isImplicit(field) || (hasDefault(field) && field.partOf === null)
  return isRead ? [`${isAbsent} ${writeProperty('m', field.name, defaultOf(field))}`] : []
}
