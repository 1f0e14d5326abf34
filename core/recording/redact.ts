/**
 * What may leave the house: tokens become aliases, payloads lose everything but their length. The session protocol
 * is kept, so that who connected, resumed and was denied can still be read.
 */
import { readPrefix } from '../app/codec.ts'
import { protocol, PROTOCOL_PREFIX } from '../protocol.ts'
import type { ValueData } from './entries.ts'

const PREFIX_BYTES = 2

/** What is kept of a message. */
export function redactMessage(bytes: Uint8Array): Uint8Array {
  const prefix = readPrefix(bytes)
  if (prefix !== PROTOCOL_PREFIX) return bytes.slice(0, PREFIX_BYTES)
  const decoded = protocol.codec.decode(bytes)
  if (typeof decoded === 'string') return bytes.slice(0, PREFIX_BYTES)
  const { type, message } = decoded
  const token = message['reconnect_token']
  if (!(token instanceof Uint8Array)) return protocol.codec.encode(type, message)
  return protocol.codec.encode(type, { ...message, reconnect_token: aliasOf(token) })
}

/**
 * The same for the same token, wherever it appears. It is 6 bytes of a hash: even who could run the hash backwards
 * would be left with 18 of the token's 24 random bytes to guess.
 */
export function aliasOf(token: Uint8Array): Uint8Array {
  if (token.length === 0) return token
  let a = 0x243f_6a88
  let b = 0x13198a2e
  for (const byte of token) {
    a = Math.imul(a ^ byte, 0x85eb_ca6b)
    a ^= a >>> 13
    b = Math.imul(b ^ byte ^ (a >>> 7), 0xc2b2_ae35)
    b ^= b >>> 16
  }
  return Uint8Array.of(a, a >>> 8, a >>> 16, a >>> 24, b, b >>> 8)
}

/** Keeps which sessions, zones and apps a call was about, and how much there was of the rest. */
export function redactValue(value: ValueData): ValueData {
  if (value.text !== null && value.text !== undefined) return { text: `(${value.text.length} characters)` }
  if (value.bytes !== null && value.bytes !== undefined) return { text: `(${value.bytes.length} bytes)` }
  if (value.bigint !== null && value.bigint !== undefined) return { text: '(a number)' }
  if (value.object !== null && value.object !== undefined) {
    return { object: { names: value.object.names ?? [], values: (value.object.values ?? []).map(redactValue) } }
  }
  if (value.list !== null && value.list !== undefined) {
    return { list: { items: (value.list.items ?? []).map(redactValue) } }
  }
  return value
}
