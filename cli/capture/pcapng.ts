/**
 * Captures in the format pcapng: blocks, of which sections, interfaces and packets are read and all others passed over.
 * Each section has a byte order and interfaces of its own, each interface a link type and a unit of time.
 * Source: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
 */
import type { ByteWindow } from './byte-window.ts'
import { viewOf } from './bytes.ts'
import type { Findings } from './findings.ts'
import { PACKET_BYTES_MAX, type CaptureDamage, type CapturedPacket } from './packet.ts'

export const SECTION = 0x0a0d_0d0a
const INTERFACE = 1
const OLD_PACKET = 2
const SIMPLE_PACKET = 3
const PACKET = 6
const BYTE_ORDER = 0x1a2b_3c4d

/** Of names, secrets, and of other programs: these may be long. */
const LONG_BLOCKS: ReadonlySet<number> = new Set([4, 10, 0x0bad, 0x4000_0bad])
/** What a block is read as at most; others are passed over, however long. */
const BLOCK_BYTES_MAX = PACKET_BYTES_MAX + 65_536
const OPTION_TIME_UNIT = 9
const OPTION_TIME_OFFSET = 14
const NS_PER_SECOND = 1_000_000_000n
/** The next block is sought so far behind damage. */
const SOUGHT_BYTES_MAX = 2 * BLOCK_BYTES_MAX
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
export function readPcapng(
  window: ByteWindow,
  findings: Findings,
): Generator<CapturedPacket, CaptureDamage | undefined> {
  return new PcapngReader(window, findings).packets()
}

class PcapngReader {
  readonly #window: ByteWindow
  #isLittleEndian = true
  #interfaces: Interface[] = []
  #lastNs: bigint | undefined
  readonly #findings: Findings
  /** The first. */
  #damage: CaptureDamage | undefined
  /** Nothing more can be read. */
  #isOver = false

  constructor(window: ByteWindow, findings: Findings) {
    this.#window = window
    this.#findings = findings
  }

  *packets(): Generator<CapturedPacket, CaptureDamage | undefined> {
    let block = this.#readSection(0)
    while (!this.#isOver) {
      const packet = block === undefined ? undefined : this.#readBlock(block)
      if (packet !== undefined) yield packet
      block = this.#nextBlock()
    }
    return this.#damage
  }

  /** Undefined: there is no more, or there was damage, or it is one that is passed over. */
  #nextBlock(): Block | undefined {
    const at = this.#window.position
    const head = this.#window.peek(8)
    if (head.length === 0) {
      this.#isOver = true
      return undefined
    }
    if (head.length < 8) return this.#damaged('cut_off', at)
    const type = viewOf(head).getUint32(0, this.#isLittleEndian)
    if (type === SECTION) {
      this.#window.skip(4)
      return this.#readSection(at)
    }
    const length = viewOf(head).getUint32(4, this.#isLittleEndian)
    if (length < 12) return this.#damaged(`a length of ${length}`, at)
    const isRead = type === INTERFACE || type === PACKET || type === SIMPLE_PACKET || type === OLD_PACKET
    if (isRead || length <= BLOCK_BYTES_MAX) return this.#readWhole(type, at, length, isRead)
    if (!LONG_BLOCKS.has(type)) return this.#damaged(`a length of ${length}`, at)
    if (!this.#window.skip(rounded(length))) return this.#damaged('cut_off', at)
    return undefined
  }

  #readWhole(type: number, at: number, length: number, isRead: boolean): Block | undefined {
    if (length > BLOCK_BYTES_MAX) return this.#damaged(`a length of ${length}`, at)
    const bytes = this.#window.peek(rounded(length))
    const lengthAgain = trailerAt(bytes, length, this.#isLittleEndian)
    if (lengthAgain === undefined) return this.#damaged('cut_off', at)
    if (lengthAgain !== length) return this.#damaged('two different lengths', at)
    if (length % 4 !== 0) this.#findings.count('lengths_rounded', `the block at byte ${at}`)
    this.#window.skip(bytes.length)
    return isRead ? { type, at, body: viewOf(bytes.subarray(8, bytes.length - 4)) } : undefined
  }

  /** A section says in which byte order its length, and everything after it, is. Its type was taken. */
  #readSection(at: number): Block | undefined {
    const head = this.#window.peek(8)
    if (head.length < 8) return this.#damaged('cut_off', at)
    const view = viewOf(head)
    if (view.getUint32(4, true) === BYTE_ORDER) this.#isLittleEndian = true
    else if (view.getUint32(4, false) === BYTE_ORDER) this.#isLittleEndian = false
    else return this.#damaged('no byte order', at)
    const length = view.getUint32(0, this.#isLittleEndian)
    if (length < 28 || length > BLOCK_BYTES_MAX) return this.#damaged(`a length of ${length}`, at)
    const bytes = this.#window.peek(rounded(length) - 4)
    const lengthAgain = trailerAt(bytes, length - 4, this.#isLittleEndian)
    if (lengthAgain === undefined) return this.#damaged('cut_off', at)
    if (lengthAgain !== length) return this.#damaged('two different lengths', at)
    this.#window.skip(bytes.length)
    return { type: SECTION, at, body: viewOf(bytes.subarray(8, bytes.length - 4)) }
  }

  /** Where blocks begin and end is not known: goes on with the next that is one. */
  #damaged(what: string, at: number): undefined {
    const found: CaptureDamage =
      what === 'cut_off'
        ? { kind: 'cut_off', at, message: `it ends within the block at byte ${at}` }
        : { kind: 'nonsense', at, message: `the block at byte ${at} has ${what}` }
    const from = this.#window.position
    const passed = this.#findNext()
    this.#isOver = passed === undefined
    this.#damage ??= passed === undefined ? found : { ...found, resumedAt: from + passed }
    if (passed === undefined) return
    this.#findings.count('damaged', `${found.message}; reading went on at byte ${from + passed}`)
    this.#window.skip(passed)
  }

  /** How many bytes lie before the next block of which both lengths are the same. */
  #findNext(): number | undefined {
    const bytes = this.#window.peek(SOUGHT_BYTES_MAX)
    const view = viewOf(bytes)
    for (let at = 1; at + 12 <= bytes.length; at++) {
      const type = view.getUint32(at, this.#isLittleEndian)
      if (type !== SECTION && (type === 0 || type > PACKET)) continue
      const length = view.getUint32(at + 4, this.#isLittleEndian)
      if (length < 12 || length > bytes.length - at) continue
      if (trailerAt(bytes.subarray(at), length, this.#isLittleEndian) === length) return at
    }
    return undefined
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
    let atNs: bigint | undefined = (ticks * NS_PER_SECOND) / of.ticksPerSecond + of.offsetSeconds * NS_PER_SECOND
    if (atNs < 0n || atNs > LATEST_NS) {
      this.#findings.count('times_impossible', `the block at byte ${at}`)
      atNs = this.#lastNs
    }
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

  /** The block is whole, and what is in it is not: the next one may be. */
  #nonsense(at: number, what: string): undefined {
    const found: CaptureDamage = { kind: 'nonsense', at, message: `the block at byte ${at} has ${what}` }
    this.#damage ??= { ...found, resumedAt: this.#window.position }
    this.#findings.count('damaged', `${found.message}; it was left out`)
  }
}

/** The length after a block; undefined: it ends before. Some writers round up what they do not count. */
function trailerAt(bytes: Uint8Array, length: number, isLittleEndian: boolean): number | undefined {
  const view = viewOf(bytes)
  const read = (end: number): number | undefined =>
    end > bytes.length || end < 4 ? undefined : view.getUint32(end - 4, isLittleEndian)
  return read(rounded(length))
}

function rounded(length: number): number {
  return Math.ceil(length / 4) * 4
}

/** A power of ten, or with the highest bit set of two. */
function timeUnit(exponent: number): bigint {
  return (exponent & 0x80) === 0 ? 10n ** BigInt(exponent) : 1n << BigInt(exponent & 0x7f)
}

function bytesAt(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length)
}
