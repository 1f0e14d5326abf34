/**
 * What may leave the house: tokens become aliases, addresses numbers, and payloads lose everything but their length.
 * The session protocol is kept, so that who connected, resumed and was denied can still be read.
 */
import { readPrefix } from '../core/app/codec.ts'
import { protocol, PROTOCOL_PREFIX } from '../core/protocol.ts'
import type { TimerOwner } from '../core/turns/timer-owner.ts'
import { isSet, type CallData, type ValueData } from './entries.ts'

const PREFIX_BYTES = 2
/** So many addresses are told apart: a recorder must not grow for ever. */
const ADDRESSES_MAX = 65_536

/** One for each recording: its aliases are the same throughout. */
export class Redaction {
  readonly #addresses = new Map<string, string>()

  /** A number says which are the same. A hash would not hide it: there are few enough addresses to try them all. */
  address(address: string): string {
    const known = this.#addresses.get(address)
    if (known !== undefined) return known
    if (this.#addresses.size >= ADDRESSES_MAX) return 'another address'
    const alias = `address ${this.#addresses.size + 1}`
    this.#addresses.set(address, alias)
    return alias
  }

  /** What the other side said as it closed. */
  reason(reason: string): string {
    return reason === '' ? '' : `${reason.length} characters`
  }

  /** What is kept of a message. */
  message(bytes: Uint8Array): Uint8Array {
    const prefix = readPrefix(bytes)
    if (prefix !== PROTOCOL_PREFIX) return bytes.slice(0, PREFIX_BYTES)
    const decoded = protocol.codec.decode(bytes)
    if (typeof decoded === 'string') return bytes.slice(0, PREFIX_BYTES)
    const { type, message } = decoded
    const token = message['reconnect_token']
    try {
      if (!(token instanceof Uint8Array)) return protocol.codec.encode(type, message)
      return protocol.codec.encode(type, { ...message, reconnect_token: aliasOf(token) })
    } catch {
      // What can be read cannot always be written: an unknown value of an enumeration, a field of another length.
      return bytes.slice(0, PREFIX_BYTES)
    }
  }

  /** What is kept of a timer's owner: not the names of an app and a zone. */
  owner(owner: TimerOwner): TimerOwner {
    return 'zone' in owner ? { ...owner, app: '', zone: '' } : owner
  }

  /** Random bytes may become a token. */
  random(bytes: Uint8Array): Uint8Array {
    return aliasOf(bytes)
  }

  /** Keeps which call of what it was, which sessions, zones and apps it was about, and how much there was of the rest. */
  call({ on, method, args = [] }: CallData): CallData {
    const isOfTimes = method === 'drain' || method === 'set disconnectTimeout'
    return { on, method, args: isOfTimes ? args : args.map(redactValue) }
  }
}

/**
 * The same for the same token, wherever it appears. It is 6 bytes of a hash: even who could run the hash backwards
 * would be left with 18 of the token's 24 random bytes to guess.
 */
function aliasOf(token: Uint8Array): Uint8Array {
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

function redactValue(value: ValueData): ValueData {
  if (isSet(value.text)) return { text: lengthOf(value.text) }
  if (isSet(value.bytes)) return { text: `(${value.bytes.length} bytes)` }
  if (isSet(value.number) || isSet(value.bigint)) return { text: '(a number)' }
  if (isSet(value.flag)) return { text: '(true or false)' }
  if (isSet(value.object)) {
    return { object: { names: value.object.names ?? [], values: (value.object.values ?? []).map(redactValue) } }
  }
  if (isSet(value.list)) return { list: { items: (value.list.items ?? []).map(redactValue) } }
  return value
}

function lengthOf(text: string): string {
  return `(${text.length} characters)`
}
