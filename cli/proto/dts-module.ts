/**
 * The types of a schema. A message is a class that nobody makes, with what one gets as its fields, and `$Properties`: what one
 * hands over to be sent. Everything is declared under a name of its own and exported under that of the schema, because only
 * an export may be named `await`, `constructor` or like the package around it.
 */
import type protobuf from 'protobufjs'
import { isAlwaysThere, isEnum, isMessage } from './field-form.ts'
import type { EnumPart, Member, MessagePart, ModuleParts, NamespacePart } from './module-parts.ts'
import { isIdentifier, stringOf } from './properties.ts'
import { isEnvelope } from './schema-types.ts'

export function dtsModuleOf(parts: ModuleParts): string {
  const texts = [
    'import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";',
    ...parts.enums.map(enumText),
    ...parts.messages.map((part) => messageText(part, parts)),
    ...parts.exported.flatMap(({ part }) => (part.kind === 'namespace' ? [namespaceText(part)] : [])),
    exportText(parts.exported),
  ]
  return `${texts.join('\n\n')}\n`
}

function enumText({ type, typeName }: EnumPart): string {
  const values = Object.entries(type.values).map(([name, value]) => {
    const comment = (type.comments as Readonly<Record<string, string | null>> | undefined)?.[name]
    return `${docText(comment, '  ')}  ${keyText(name)} = ${value},\n`
  })
  return `${docText(type.comment)}declare enum ${typeName} {\n${values.join('')}}`
}

function messageText({ type, typeName }: MessagePart, parts: ModuleParts): string {
  const sent = `${typeName}$Properties`
  const fields = type.fieldsArray
  const app = isEnvelope(type) ? ['  static readonly $app: { readonly hash: string };'] : []
  return [
    `${docText(type.comment)}interface ${typeName} {`,
    ...fields.map((field) => fieldText(field, isAlwaysThere(field), receivedType(field, parts))),
    '}',
    `declare class ${typeName} {`,
    '  private constructor();',
    `  static encode(message: ${sent}, writer?: $Writer): $Writer;`,
    `  static decode(reader: $Reader | Uint8Array): ${typeName};`,
    ...app,
    '}',
    `interface ${sent} {`,
    ...fields.map((field) => fieldText(field, field.required, sentType(field, parts))),
    '}',
    `declare namespace ${typeName} {`,
    `  ${exportText([...parts.nestedIn(type)], [`${sent} as $Properties`])}`,
    '}',
  ].join('\n')
}

function fieldText(field: protobuf.Field, isThere: boolean, type: string): string {
  const doc = docText(field.comment, '  ')
  return `${doc}  readonly ${keyText(field.name)}${isThere ? `: ${type}` : `?: ${type} | undefined`};`
}

function receivedType(field: protobuf.Field, parts: ModuleParts): string {
  return collectionOf(field, isMessage(field) ? parts.messageOf(field.resolvedType).typeName : valueType(field, parts))
}

function sentType(field: protobuf.Field, parts: ModuleParts): string {
  const value = isMessage(field)
    ? `${parts.messageOf(field.resolvedType).typeName}$Properties`
    : valueType(field, parts)
  return collectionOf(field, value)
}

function collectionOf(field: protobuf.Field, value: string): string {
  if (field.map) return `{ readonly [key: string]: ${value} }`
  return field.repeated ? `readonly ${value}[]` : value
}

function valueType(field: protobuf.Field, parts: ModuleParts): string {
  if (isEnum(field)) return parts.enumOf(field.resolvedType).typeName
  const { type } = field
  if (type === 'string') return 'string'
  if (type === 'bool') return 'boolean'
  return type === 'bytes' ? 'Uint8Array' : 'number'
}

function namespaceText({ typeName, members }: NamespacePart): string {
  const inner = members.flatMap(({ part }) => (part.kind === 'namespace' ? [namespaceText(part)] : []))
  const texts = [...inner, `declare namespace ${typeName} {\n  ${exportText(members)}\n}`]
  return texts.join('\n\n')
}

function exportText(members: readonly Member[], others: readonly string[] = []): string {
  const specifiers = members.map(({ name, part }) =>
    part.typeName === name ? name : `${part.typeName} as ${isIdentifier(name) ? name : stringOf(name)}`,
  )
  return `export { ${[...specifiers, ...others].join(', ')} };`
}

function keyText(name: string): string {
  return isIdentifier(name) && name !== 'constructor' ? name : stringOf(name)
}

/** A comment of the schema, which ends no comment here. */
function docText(comment: string | null | undefined, margin = ''): string {
  if (comment === null || comment === undefined || comment.trim() === '') return ''
  const lines = comment.replaceAll('*/', '*∕').trim().split('\n')
  if (lines.length === 1) return `${margin}/** ${lines[0] ?? ''} */\n`
  return `${margin}/**\n${lines.map((line) => `${margin} * ${line}`.trimEnd()).join('\n')}\n${margin} */\n`
}
