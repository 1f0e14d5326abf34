/**
 * Recognises ENet clients that can never connect, because their host computes a CRC-32 of each datagram or compresses with
 * the range coder, which this host does not: their requests look like noise to ENet, and nobody learns why they wait
 * in vain. Leaves out whatever such a client sends after its request for a connection.
 */
import type { Clock } from '../core/injected.ts'
import { CONNECT, CONNECT_BYTES } from './enet-protocol.ts'

export type ForeignClient = 'checksum' | 'compression'

/** The head of a request for a connection: no peer, and a time; */
const HEAD = 0x8fff
/** with the range coder. */
const HEAD_COMPRESSED = 0xcfff
const HEADER_BYTES = 4
const CHECKSUM_BYTES = 4
const CHECKSUMMED_BYTES = HEADER_BYTES + CHECKSUM_BYTES + CONNECT_BYTES
const POLYNOMIAL = 0xedb88320

/** ENet asks at 0, 0.5 and 1.5 s, and each time compresses the same: so often and for so long noise does not repeat itself. */
const REPEATS_MIN = 3
const REPEATED_MS_MIN = 1000
/** Remembered at a time, of those that may compress. */
const SUSPECTS_MAX = 16

interface Suspect {
  readonly payload: string
  readonly sinceMs: number
  count: number
}

export class ForeignClients {
  readonly #clock: Clock
  /** By address and port, oldest first. */
  readonly #suspects = new Map<string, Suspect>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** What the sender of a datagram would have to switch off to be understood; undefined: nothing that is known. */
  see(bytes: Uint8Array, source: string): ForeignClient | undefined {
    const head = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
    if (head === HEAD) return isChecksummedConnect(bytes) ? 'checksum' : undefined
    // What does not become shorter is sent as it is.
    const isShort = bytes.length > HEADER_BYTES && bytes.length < HEADER_BYTES + CHECKSUM_BYTES + CONNECT_BYTES
    return head === HEAD_COMPRESSED && isShort && this.#isRepeated(bytes, source) ? 'compression' : undefined
  }

  #isRepeated(bytes: Uint8Array, source: string): boolean {
    const payload = bytes.subarray(HEADER_BYTES).join()
    const nowMs = this.#clock.now()
    const suspect = this.#suspects.get(source)
    if (suspect?.payload === payload) {
      suspect.count++
      return suspect.count >= REPEATS_MIN && nowMs - suspect.sinceMs >= REPEATED_MS_MIN
    }
    this.#suspects.delete(source)
    this.#suspects.set(source, { payload, sinceMs: nowMs, count: 1 })
    const [oldest] = this.#suspects.keys()
    if (this.#suspects.size > SUSPECTS_MAX && oldest !== undefined) this.#suspects.delete(oldest)
    return false
  }
}

function isChecksummedConnect(bytes: Uint8Array): boolean {
  if (bytes.length !== CHECKSUMMED_BYTES) return false
  return ((bytes[HEADER_BYTES + CHECKSUM_BYTES] ?? 0) & 0x0f) === CONNECT && hasValidChecksum(bytes)
}

/** It is computed with the connection's id in its own place, and of a request that is 0. */
function hasValidChecksum(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let crc = 0xffffffff
  for (let at = 0; at < bytes.length; at++) {
    const isChecksum = at >= HEADER_BYTES && at < HEADER_BYTES + CHECKSUM_BYTES
    crc ^= isChecksum ? 0 : (bytes[at] ?? 0)
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL
  }
  return ~crc >>> 0 === view.getUint32(HEADER_BYTES)
}
