/** The code of a schema: functions that check, write and read each message, and objects by which they are exported. */
import type protobuf from 'protobufjs'
import { decoderOf } from './decoder.ts'
import { encodeMessage, encoderOf } from './encoder.ts'
import { isOpen } from './field-form.ts'
import { helpersFor } from './helpers.ts'
import type { EnumPart, Member, MessagePart, ModuleParts } from './module-parts.ts'
import { isIdentifier, literalKey, stringOf, writeProperty } from './properties.ts'
import { isEnvelope } from './schema-types.ts'
import { schemaHashOf } from './schema-hash.ts'

export function jsModuleOf(parts: ModuleParts): string {
  const body = indent(
    [
      ...parts.enums.map((part) => enumText(part)),
      ...parts.messages.flatMap((part) => [encoderOf(part, parts), decoderOf(part, parts)]),
      ...parts.messages.map((part) => messageText(part, parts)),
      ...parts.messages.map((part) => nestedText(part, parts)),
      ...parts.exported.map(({ part, name }, index) => exportText(part, name, index)),
    ]
      .filter((text) => text !== '')
      .join('\n\n'),
  )
  const head = 'import $protobuf from "protobufjs/minimal.js";'
  return `${head}\n\n${indent(helpersFor(body))}\n\n${body}\n`
}

function enumText({ type, number }: EnumPart): string {
  const entries = Object.entries(type.values).map(([name, value]) => `[${stringOf(name)}, ${value}]`)
  const values = `const $enum${number} = $values([${entries.join(', ')}]);`
  if (isOpen(type)) return values
  return `${values}\nconst $known${number} = new Set([${[...new Set(Object.values(type.values))].join(', ')}]);`
}

function messageText({ type, number }: MessagePart, parts: ModuleParts): string {
  const members = [
    `encode: (message, writer = $protobuf.Writer.create()) => $encode${number}(message, writer, 0),`,
    `decode: (reader) => $decode${number}($reader(reader), 0, undefined, 0),`,
    ...(isEnvelope(type) ? appText(type, parts) : []),
  ]
  return `const $message${number} = {\n${members.join('\n')}\n};`
}

/** What `defineApp` looks for. */
function appText(envelope: protobuf.Type, parts: ModuleParts): readonly string[] {
  const encoders = (envelope.oneofs['msg']?.fieldsArray ?? []).map((field) => {
    const name = stringOf(field.name)
    return `[${name}, (m, w) => {\ntry {\n${encodeMessage(field, 'm', '0', parts)};\n} catch (e) {\nthrow $at(e, ${name});\n}\n}],`
  })
  return ['$app: {', `hash: "${schemaHashOf(envelope)}",`, 'encoders: new Map([', ...encoders, ']),', '},']
}

function nestedText({ type, number }: MessagePart, parts: ModuleParts): string {
  return parts
    .nestedIn(type)
    .map(({ name, part }) => writeProperty(`$message${number}`, name, valueOf(part)))
    .join('\n')
}

function namespaceText(members: readonly Member[]): string {
  return `{\n${members.map(({ name, part }) => `${literalKey(name)}: ${valueOf(part)},`).join('\n')}\n}`
}

function valueOf(part: Member['part']): string {
  return part.kind === 'namespace' ? namespaceText(part.members) : `$${part.kind}${part.number}`
}

/** Any name may be exported, reserved words too. */
function exportText(part: Member['part'], name: string, index: number): string {
  const alias = isIdentifier(name) ? name : stringOf(name)
  if (part.kind !== 'namespace') return `export { ${valueOf(part)} as ${alias} };`
  return `const $exported${index} = ${valueOf(part)};\nexport { $exported${index} as ${alias} };`
}

/** By the brackets that open and close. */
function indent(code: string): string {
  let depth = 0
  return code
    .split('\n')
    .map((line) => {
      const text = line.trim()
      if (/^[)\]}]/.test(text)) depth--
      const indented = text === '' ? '' : '  '.repeat(Math.max(depth, 0)) + text
      if (/[([{]$/.test(text)) depth++
      return indented
    })
    .join('\n')
}
