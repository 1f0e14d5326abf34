/**
 * The schemas that a client announces in its `session_request`: the prefix and the hash of each of its apps. A server
 * tells the client which of them differ from its own, and treats what it cannot decode of them as a difference of
 * versions rather than as an attack.
 *
 * A `Schema` is read and written here rather than by generated code, which reads a fixed64 as a number and so cannot
 * hold all of a hash.
 */
import protobuf from 'protobufjs/minimal.js'
import type { AnyApp } from './app/app.ts'

/** `required uint32 prefix = 1; required fixed64 hash = 2` */
const PREFIX_TAG = 0x08
const HASH_TAG = 0x11
const HASH_DIGITS = 16

/** The bytes of a `Schema`. `hash`: 16 hexadecimal digits. */
function encodeSchema(prefix: number, hash: string): Uint8Array {
  const [high, low] = [hash.slice(0, HASH_DIGITS / 2), hash.slice(HASH_DIGITS / 2)]
  const writer = new protobuf.Writer().uint32(PREFIX_TAG).uint32(prefix)
  return Uint8Array.from(
    writer.uint32(HASH_TAG).fixed32(Number.parseInt(low, 16)).fixed32(Number.parseInt(high, 16)).finish(),
  )
}

/**
 * What a client of these apps announces. Apps without a hash are left out. A list without entries would be no bytes at
 * all, and so no announcement: then `protocol` stands in it, which no server compares.
 */
export function encodeSchemas(apps: Iterable<AnyApp>, protocol: AnyApp): Uint8Array[] {
  const schemas: Uint8Array[] = []
  for (const { prefix, schemaHash } of apps)
    if (schemaHash !== undefined) schemas.push(encodeSchema(prefix, schemaHash))
  return schemas.length > 0 ? schemas : [encodeSchema(protocol.prefix, protocol.schemaHash ?? '0'.repeat(HASH_DIGITS))]
}

/**
 * The prefixes among `encoded` whose hash differs from that of the server's app, in ascending order; of several entries
 * for one prefix the last one counts. Prefixes that the server has no app for, and apps without a hash, differ from
 * nothing. `'malformed'`: an entry is no `Schema`.
 */
export function findSkewed(
  encoded: readonly Uint8Array[],
  apps: ReadonlyMap<number, AnyApp>,
): readonly number[] | 'malformed' {
  const skewed = new Set<number>()
  for (const bytes of encoded) {
    const schema = readSchema(bytes)
    if (schema === undefined) return 'malformed'
    const own = apps.get(schema.prefix)?.schemaHash
    if (own === undefined) continue
    if (own === schema.hash) skewed.delete(schema.prefix)
    else skewed.add(schema.prefix)
  }
  return [...skewed].sort((a, b) => a - b)
}

function readSchema(bytes: Uint8Array): { readonly prefix: number; readonly hash: string } | undefined {
  const reader = new protobuf.Reader(bytes)
  let prefix: number | undefined
  let hash: string | undefined
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32()
      if (tag === PREFIX_TAG) prefix = reader.uint32()
      else if (tag === HASH_TAG) {
        const low = reader.fixed32()
        hash = digitsOf(reader.fixed32()) + digitsOf(low)
      } else reader.skipType(tag & 7)
    }
  } catch {
    return undefined
  }
  return prefix === undefined || hash === undefined ? undefined : { prefix, hash }
}

function digitsOf(uint32: number): string {
  return uint32.toString(16).padStart(HASH_DIGITS / 2, '0')
}
