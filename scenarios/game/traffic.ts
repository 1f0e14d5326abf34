/**
 * What is on its way between a game's clients and its server: so much was sent over a connection, so much of it has been
 * heard at the other end. Only messages of apps and denials count, which clients act on, and of those only reliable ones: the
 * others may never arrive.
 */
import { protocol, type Delivery } from '../../core/index.ts'
import { decodeServerMessage } from '../../core/protocol.ts'
import { prefixOf } from '../observer/wire.ts'

/** One end of a connection. */
export interface Counted {
  sent: number
  heard: number
}

function counts(bytes: Uint8Array): boolean {
  if (prefixOf(bytes) !== protocol.prefix) return true
  const decoded = decodeServerMessage(bytes)
  return typeof decoded === 'object' && decoded.type === 'session_denied'
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

  sent(end: Counted, bytes: Uint8Array, { mode }: Delivery): void {
    if (!counts(bytes)) return
    this.#lastMs = this.#nowMs()
    if (mode === 'reliable') end.sent++
  }

  heard(end: Counted, bytes: Uint8Array, { mode }: Delivery): void {
    if (!counts(bytes)) return
    this.#lastMs = this.#nowMs()
    if (mode === 'reliable') end.heard++
  }
}

/** Whether all that either end of a connection has sent was heard at the other one. */
export function isDelivered(client: Counted, server: Counted): boolean {
  return client.sent === server.heard && server.sent === client.heard
}
