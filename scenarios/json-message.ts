/**
 * Messages of an app as JSON that people can read and change: as they are, with bytes as `{ "base64": "…" }`. Not
 * everything that protobuf can say can be said so (NaN, −0): whoever writes one sees whether the same comes back.
 */
import { decodeBase64, encodeBase64 } from './base64.ts'

export interface JsonMessage {
  readonly [field: string]: unknown
}

export function toJsonMessage(message: object): JsonMessage {
  return toJson(message) as JsonMessage
}

export function fromJsonMessage(message: JsonMessage): object {
  return fromJson(message) as object
}

function toJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return { base64: encodeBase64(value) }
  if (Array.isArray(value)) return value.map(toJson)
  return mapFields(value, toJson)
}

function fromJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(fromJson)
  return bytesOf(value) ?? mapFields(value, fromJson)
}

function bytesOf(value: object): Uint8Array | undefined {
  const { base64, ...rest } = value as { readonly base64?: unknown }
  return typeof base64 === 'string' && Object.keys(rest).length === 0 ? decodeBase64(base64) : undefined
}

function mapFields(value: object, map: (field: unknown) => unknown): object {
  const mapped: { [field: string]: unknown } = {}
  for (const [name, field] of Object.entries(value)) {
    // A peer chooses the keys of a protobuf map: none may become a prototype.
    Object.defineProperty(mapped, name, { value: map(field), enumerable: true, writable: true, configurable: true })
  }
  return mapped
}
