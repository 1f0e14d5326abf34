/** Puts IP packets together that were sent in fragments. What never becomes whole is forgotten, and counted. */
import type { IpPacket } from './ip.ts'
import { keyOfBytes } from './keys.ts'

/** More are not waited for at a time, and none for longer (RFC 8200 section 4.5: 60 s). */
const WAITING_MAX = 256
const WAIT_MS = 30_000
const PACKET_BYTES_MAX = 65_535
/** Of one packet; a network makes fragments of at least 576 bytes, so that more are an attack. */
const PARTS_MAX = 2_048

interface Waiting {
  readonly sinceMs: number
  readonly parts: Map<number, Uint8Array>
  /** Known from the last fragment on. */
  length: number | undefined
  received: number
  protocol: number
}

export class IpFragments {
  readonly #waiting = new Map<string, Waiting>()
  readonly #onIncomplete: (protocol: number, beginning: Uint8Array | undefined) => void

  /** `onIncomplete`: with the first fragment, if that is there. */
  constructor(onIncomplete: (protocol: number, beginning: Uint8Array | undefined) => void) {
    this.#onIncomplete = onIncomplete
  }

  /** The whole packet, if it is whole with this fragment. */
  add(packet: IpPacket, nowMs: number): IpPacket | undefined {
    const { fragment, payload } = packet
    if (fragment === undefined) return packet
    const { id, offset, isLast } = fragment
    const key = `${keyOfBytes(packet.source)}${keyOfBytes(packet.destination)}${id}`
    const waiting = this.#waiting.get(key) ?? this.#start(key, nowMs)
    // One that was cut short when it was captured never makes a whole.
    if (payload.length < packet.length || offset + payload.length > PACKET_BYTES_MAX) return undefined
    if (waiting.parts.size >= PARTS_MAX) return undefined
    if (offset === 0) waiting.protocol = packet.protocol
    if (isLast) waiting.length = offset + payload.length
    if (!waiting.parts.has(offset)) {
      waiting.parts.set(offset, payload.slice())
      waiting.received += payload.length
    }
    const whole = join(waiting)
    if (whole === undefined) return undefined
    this.#waiting.delete(key)
    if (whole === 'contradictory') {
      this.#onIncomplete(waiting.protocol, undefined)
      return undefined
    }
    const { source, destination } = packet
    return { source, destination, protocol: waiting.protocol, payload: whole, length: whole.length }
  }

  /** Forgets what has waited too long; everything, with Infinity. */
  expire(nowMs: number): void {
    for (const [key, { sinceMs }] of this.#waiting) {
      if (nowMs - sinceMs < WAIT_MS) return
      this.#forget(key)
    }
  }

  #start(key: string, nowMs: number): Waiting {
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size >= WAITING_MAX && oldest !== undefined) this.#forget(oldest)
    const waiting = {
      sinceMs: nowMs,
      parts: new Map<number, Uint8Array>(),
      length: undefined,
      received: 0,
      protocol: 0,
    }
    this.#waiting.set(key, waiting)
    return waiting
  }

  #forget(key: string): void {
    const waiting = this.#waiting.get(key)
    this.#waiting.delete(key)
    if (waiting !== undefined) this.#onIncomplete(waiting.protocol, waiting.parts.get(0))
  }
}

/** Undefined: something is still missing. */
function join({ parts, length, received }: Waiting): Uint8Array | 'contradictory' | undefined {
  if (length === undefined || received < length) return undefined
  const whole = new Uint8Array(length)
  let filled = 0
  for (const [offset, part] of [...parts].sort(([a], [b]) => a - b)) {
    if (offset > filled) return undefined
    // One of them reaches beyond the end that the last one claims: systems drop such packets.
    if (offset + part.length > length) return 'contradictory'
    whole.set(part, offset)
    filled = Math.max(filled, offset + part.length)
  }
  return filled >= length ? whole : undefined
}
