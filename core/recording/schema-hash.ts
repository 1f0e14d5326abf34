/**
 * Tells whether two programs have the same schema of an app: a hash over the generated code that reads and writes its
 * messages, nested ones included. Formatting counts, so that a bundler may make a difference where there is none; an
 * equal hash is what proves something.
 */
import protobuf from 'protobufjs/minimal.js'
import type { AnyApp } from '../app/app.ts'
import { crc32 } from './checksum.ts'

export function schemaHashOf(app: AnyApp): string {
  const { schema } = app as AnyApp & { readonly schema?: object }
  if (schema === undefined) return ''
  const texts: string[] = []
  for (const member of Object.values(namespaceOf(schema))) collect(member, texts)
  const bytes = new Uint8Array(texts.reduce((sum, text) => sum + protobuf.util.utf8.length(text), 0))
  let at = 0
  for (const text of texts) at += protobuf.util.utf8.write(text, bytes, at)
  return [0, 0x9e37_79b9].map((start) => crc32(bytes, start).toString(16).padStart(8, '0')).join('')
}

/** The generated module that `schema` is of; only its own functions where that cannot be found. */
function namespaceOf(schema: object): object {
  for (const root of Object.values(protobuf.roots as Readonly<Record<string, object>>)) {
    for (const namespace of Object.values(root) as unknown[]) {
      if (typeof namespace !== 'object' || namespace === null) continue
      if (Object.values(namespace).includes(schema)) return namespace
    }
  }
  return { schema }
}

function collect(member: unknown, texts: string[]): void {
  if (typeof member !== 'function' && (typeof member !== 'object' || member === null)) return
  const { encode, decode } = member as { readonly encode?: unknown; readonly decode?: unknown }
  if (typeof encode === 'function') texts.push(String(encode))
  if (typeof decode === 'function') texts.push(String(decode))
  for (const nested of Object.values(member)) if (nested !== encode && nested !== decode) collect(nested, texts)
}
