/**
 * What is on its way between a game's clients and its server: so much was sent over a connection, so much of it has been
 * heard at the other end. Only messages of apps and denials count, which clients act on. Of those that may be lost, the last
 * one of each type is kept.
 */
import { protocol, type Delivery, type TransportName } from '../../core/index.ts'
import { decodeServerMessage } from '../../core/protocol.ts'
import { prefixOf } from '../observer/wire.ts'
import { isSameBytes } from '../same-bytes.ts'

/** One end of a connection. */
export class LinkEnd {
  /** Of messages that arrive for certain while the connection lives. */
  sent = 0
  heard = 0
  /** By their types: of messages that may be lost. */
  readonly lastSent: Map<number, Uint8Array> = new Map()
  readonly lastHeard: Map<number, Uint8Array> = new Map()
  /** Over a stream nothing is lost, whatever was asked for. */
  readonly #isStream: boolean

  constructor(transport: TransportName) {
    this.#isStream = transport !== 'enet'
  }

  isCertain({ mode }: Delivery): boolean {
    return this.#isStream || mode === 'reliable'
  }
}

function counts(bytes: Uint8Array): boolean {
  if (prefixOf(bytes) !== protocol.prefix) return true
  const decoded = decodeServerMessage(bytes)
  return typeof decoded === 'object' && decoded.type === 'session_denied'
}

/** The prefix of its app, and the first byte of its number in the schema. */
function typeOf(bytes: Uint8Array): number {
  return (prefixOf(bytes) << 8) | (bytes[2] ?? 0)
}

export class Traffic {
  #lastMs = -Infinity
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** When a message that counts was last sent or heard by anybody (ms). */
  get lastMs(): number {
    return this.#lastMs
  }

  sent(end: LinkEnd, bytes: Uint8Array, delivery: Delivery): void {
    if (!counts(bytes)) return
    this.#lastMs = this.#nowMs()
    if (end.isCertain(delivery)) end.sent++
    else end.lastSent.set(typeOf(bytes), bytes)
  }

  heard(end: LinkEnd, bytes: Uint8Array, delivery: Delivery): void {
    if (!counts(bytes)) return
    this.#lastMs = this.#nowMs()
    if (end.isCertain(delivery)) end.heard++
    else end.lastHeard.set(typeOf(bytes), bytes)
  }
}

/** Whether all that either end of a connection has sent, and that arrives for certain, was heard at the other one. */
export function isDelivered(client: LinkEnd, server: LinkEnd): boolean {
  return client.sent === server.heard && server.sent === client.heard
}

/** Whether the last message of some type was lost, which the next one would make good. */
export function hasMissed(by: LinkEnd, from: LinkEnd): boolean {
  for (const [type, bytes] of from.lastSent) {
    const heard = by.lastHeard.get(type)
    if (heard === undefined || !isSameBytes(heard, bytes)) return true
  }
  return false
}
