/**
 * Captures in the format pcapng: blocks, of which sections, interfaces and packets are read and all others passed over.
 * Each section has a byte order and interfaces of its own, each interface a link type and a unit of time.
 * Source: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
 */
import type { ByteWindow } from './byte-window.ts'
import { viewOf } from './bytes.ts'
import { PACKET_BYTES_MAX, type CaptureDamage, type CapturedPacket } from './packet.ts'

export const SECTION = 0x0a0d_0d0a
const INTERFACE = 1
const OLD_PACKET = 2
const SIMPLE_PACKET = 3
const PACKET = 6
const BYTE_ORDER = 0x1a2b_3c4d

/** What a block is read as at most; others are passed over, however long. */
const BLOCK_BYTES_MAX = PACKET_BYTES_MAX + 65_536
const OPTION_TIME_UNIT = 9
const OPTION_TIME_OFFSET = 14
const NS_PER_SECOND = 1_000_000_000n
/** In the year 2262. */
const LATEST_NS = 2n ** 63n

interface Interface {
  readonly linkType: number
  /** Packets are cut to so many bytes; 0: they are not. */
  readonly snapLength: number
  /** Of a second. */
  readonly ticksPerSecond: bigint
  readonly offsetSeconds: bigint
}

interface Block {
  readonly type: number
  readonly at: number
  readonly body: DataView
}

/** What follows the first four bytes, which are the type of a section's block. */
export function readPcapng(window: ByteWindow): Generator<CapturedPacket, CaptureDamage | undefined> {
  return new PcapngReader(window).packets()
}

class PcapngReader {
  readonly #window: ByteWindow
  #isLittleEndian = true
  #interfaces: Interface[] = []
  #lastNs = 0n
  #damage: CaptureDamage | undefined

  constructor(window: ByteWindow) {
    this.#window = window
  }

  *packets(): Generator<CapturedPacket, CaptureDamage | undefined> {
    let block = this.#readSection(0)
    while (block !== undefined) {
      const packet = this.#readBlock(block)
      if (packet !== undefined) yield packet
      if (this.#damage !== undefined) break
      block = this.#nextBlock()
    }
    return this.#damage
  }

  /** Undefined: there is no more, or there is damage. */
  #nextBlock(): Block | undefined {
    for (;;) {
      const at = this.#window.position
      const head = this.#window.take(4)
      if (head === undefined) {
        if (this.#window.left > 0) this.#cutOff(at)
        return undefined
      }
      const type = viewOf(head).getUint32(0, this.#isLittleEndian)
      if (type === SECTION) return this.#readSection(at)
      const lengthField = this.#window.take(4)
      if (lengthField === undefined) return this.#cutOff(at)
      const length = viewOf(lengthField).getUint32(0, this.#isLittleEndian)
      if (length < 12 || length % 4 !== 0) return this.#nonsense(at, `a length of ${length}`)
      const isRead = type === INTERFACE || type === PACKET || type === SIMPLE_PACKET || type === OLD_PACKET
      if (isRead) return this.#readBody(type, at, length, 8)
      if (!this.#window.skip(length - 12)) return this.#cutOff(at)
      if (!this.#readTrailer(at, length)) return undefined
    }
  }

  /** A section says in which byte order its length, and everything after it, is. */
  #readSection(at: number): Block | undefined {
    const head = this.#window.take(8)
    if (head === undefined) return this.#cutOff(at)
    const view = viewOf(head)
    if (view.getUint32(4, true) === BYTE_ORDER) this.#isLittleEndian = true
    else if (view.getUint32(4, false) === BYTE_ORDER) this.#isLittleEndian = false
    else return this.#nonsense(at, 'no byte order')
    const length = view.getUint32(0, this.#isLittleEndian)
    if (length < 28 || length % 4 !== 0) return this.#nonsense(at, `a length of ${length}`)
    return this.#readBody(SECTION, at, length, 12)
  }

  #readBody(type: number, at: number, length: number, taken: number): Block | undefined {
    if (length > BLOCK_BYTES_MAX) return this.#nonsense(at, `a length of ${length}`)
    const body = this.#window.take(length - taken - 4)
    if (body === undefined) return this.#cutOff(at)
    return this.#readTrailer(at, length) ? { type, at, body: viewOf(body) } : undefined
  }

  #readTrailer(at: number, length: number): boolean {
    const trailer = this.#window.take(4)
    if (trailer === undefined) this.#cutOff(at)
    else if (viewOf(trailer).getUint32(0, this.#isLittleEndian) !== length) this.#nonsense(at, 'two different lengths')
    else return true
    return false
  }

  #readBlock({ type, at, body }: Block): CapturedPacket | undefined {
    switch (type) {
      case SECTION:
        this.#interfaces = []
        return undefined
      case INTERFACE:
        if (body.byteLength < 8) return this.#nonsense(at, 'too little for an interface')
        this.#interfaces.push(this.#readInterface(body))
        return undefined
      case SIMPLE_PACKET:
        return this.#readSimplePacket(at, body)
      default:
        return this.#readPacket(at, body, type === OLD_PACKET)
    }
  }

  #readInterface(body: DataView): Interface {
    const isLittleEndian = this.#isLittleEndian
    let ticksPerSecond = 1_000_000n
    let offsetSeconds = 0n
    let at = 8
    while (at + 4 <= body.byteLength) {
      const code = body.getUint16(at, isLittleEndian)
      const length = body.getUint16(at + 2, isLittleEndian)
      const value = at + 4
      if (code === 0 || value + length > body.byteLength) break
      if (code === OPTION_TIME_UNIT && length === 1) ticksPerSecond = timeUnit(body.getUint8(value))
      if (code === OPTION_TIME_OFFSET && length === 8) offsetSeconds = body.getBigInt64(value, isLittleEndian)
      at = value + length + ((4 - (length % 4)) % 4)
    }
    const linkType = body.getUint16(0, isLittleEndian)
    return { linkType, snapLength: body.getUint32(4, isLittleEndian), ticksPerSecond, offsetSeconds }
  }

  #readPacket(at: number, body: DataView, isOld: boolean): CapturedPacket | undefined {
    if (body.byteLength < 20) return this.#nonsense(at, 'too little for a packet')
    const isLittleEndian = this.#isLittleEndian
    const index = isOld ? body.getUint16(0, isLittleEndian) : body.getUint32(0, isLittleEndian)
    const of = this.#interfaces[index]
    if (of === undefined) return this.#nonsense(at, `an interface ${index}, which there is not`)
    const high = body.getUint32(4, isLittleEndian)
    const low = body.getUint32(8, isLittleEndian)
    const captured = body.getUint32(12, isLittleEndian)
    const length = body.getUint32(16, isLittleEndian)
    if (captured > body.byteLength - 20) return this.#nonsense(at, `${captured} bytes in a block that has fewer`)
    const ticks = (BigInt(high) << 32n) | BigInt(low)
    const atNs = (ticks * NS_PER_SECOND) / of.ticksPerSecond + of.offsetSeconds * NS_PER_SECOND
    if (atNs < 0n || atNs > LATEST_NS) return this.#nonsense(at, 'a time that cannot be')
    this.#lastNs = atNs
    return { atNs, linkType: of.linkType, bytes: bytesAt(body, 20, captured), length: Math.max(captured, length) }
  }

  /** It has no time of its own: that of the packet before is the nearest. */
  #readSimplePacket(at: number, body: DataView): CapturedPacket | undefined {
    const [of] = this.#interfaces
    if (of === undefined || body.byteLength < 4) return this.#nonsense(at, 'a packet of no interface')
    const length = body.getUint32(0, this.#isLittleEndian)
    const most = Math.min(length, body.byteLength - 4)
    const captured = of.snapLength === 0 ? most : Math.min(most, of.snapLength)
    return { atNs: this.#lastNs, linkType: of.linkType, bytes: bytesAt(body, 4, captured), length }
  }

  #cutOff(at: number): undefined {
    this.#damage = { kind: 'cut_off', at, message: `it ends within the block at byte ${at}` }
  }

  #nonsense(at: number, what: string): undefined {
    this.#damage = { kind: 'nonsense', at, message: `the block at byte ${at} has ${what}` }
  }
}

/** A power of ten, or with the highest bit set of two. */
function timeUnit(exponent: number): bigint {
  return (exponent & 0x80) === 0 ? 10n ** BigInt(exponent) : 1n << BigInt(exponent & 0x7f)
}

function bytesAt(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length)
}
