/**
 * Captures in the classic format of libpcap: a header of 24 bytes, then each packet with a header of 16. Both byte
 * orders, times in micro- or nanoseconds.
 * Source: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
 */
import type { ByteWindow } from './byte-window.ts'
import { viewOf } from './bytes.ts'
import type { Findings } from './findings.ts'
import { PACKET_BYTES_MAX, type CaptureDamage, type CapturedPacket } from './packet.ts'

export interface PcapKind {
  readonly isLittleEndian: boolean
  readonly fractionsPerSecond: number
}

const MICROSECONDS = 0xa1b2_c3d4
const NANOSECONDS = 0xa1b2_3c4d
const REST_OF_HEADER_BYTES = 20
const PACKET_HEADER_BYTES = 16
const NS_PER_SECOND = 1_000_000_000n
/** The next header is sought so far behind damage. */
const SOUGHT_BYTES_MAX = 2 * PACKET_BYTES_MAX
/** So many packets that follow each other are no chance. */
const CHAIN = 3
const SECONDS_APART_MAX = 86_400

/** By the first four bytes of the file; undefined: it is none. */
export function pcapKind(magic: Uint8Array): PcapKind | undefined {
  const view = new DataView(magic.buffer, magic.byteOffset, magic.byteLength)
  for (const isLittleEndian of [true, false]) {
    const number = view.getUint32(0, isLittleEndian)
    if (number === MICROSECONDS) return { isLittleEndian, fractionsPerSecond: 1_000_000 }
    if (number === NANOSECONDS) return { isLittleEndian, fractionsPerSecond: 1_000_000_000 }
  }
  return undefined
}

/** What follows the first four bytes. */
export function* readPcap(
  window: ByteWindow,
  kind: PcapKind,
  findings: Findings,
): Generator<CapturedPacket, CaptureDamage | undefined> {
  const { isLittleEndian, fractionsPerSecond } = kind
  const rest = window.take(REST_OF_HEADER_BYTES)
  if (rest === undefined) return { kind: 'cut_off', at: window.position, message: 'it ends within its header' }
  // The upper half of the field says how long checksums of frames are.
  const linkType = viewOf(rest).getUint32(16, isLittleEndian) & 0xffff
  let damage: CaptureDamage | undefined
  let lastSeconds: number | undefined
  for (let number = 1; ; number++) {
    const at = window.position
    const some = window.peek(PACKET_HEADER_BYTES)
    if (some.length === 0) return damage
    const header = some.length < PACKET_HEADER_BYTES ? undefined : readHeader(some, kind)
    const isSound = header !== undefined && header.captured <= PACKET_BYTES_MAX
    const bytes = isSound ? window.peek(PACKET_HEADER_BYTES + header.captured) : some
    if (header === undefined || !isSound || bytes.length < PACKET_HEADER_BYTES + header.captured) {
      const found = header !== undefined && !isSound ? nonsense(at, number, header.captured) : cutOff(at, number)
      const passed = findNext(window, kind, lastSeconds)
      damage ??= passed === undefined ? found : { ...found, resumedAt: at + passed }
      if (passed === undefined) return damage
      findings.count('damaged', `${found.message}; reading went on at byte ${at + passed}`)
      window.skip(passed)
      continue
    }
    window.skip(bytes.length)
    const { seconds, fraction, length } = header
    if (fraction >= fractionsPerSecond) findings.count('times_carried', `packet ${number}`)
    lastSeconds = seconds
    const atNs = BigInt(seconds) * NS_PER_SECOND + BigInt(fraction * (1_000_000_000 / fractionsPerSecond))
    const captured = bytes.subarray(PACKET_HEADER_BYTES)
    yield { atNs, linkType, bytes: captured, length: Math.max(captured.length, length) }
  }
}

interface Header {
  readonly seconds: number
  readonly fraction: number
  readonly captured: number
  readonly length: number
}

function readHeader(bytes: Uint8Array, { isLittleEndian }: PcapKind): Header {
  const view = viewOf(bytes)
  const [seconds, fraction] = [view.getUint32(0, isLittleEndian), view.getUint32(4, isLittleEndian)]
  return { seconds, fraction, captured: view.getUint32(8, isLittleEndian), length: view.getUint32(12, isLittleEndian) }
}

/**
 * How many bytes lie before the next header, where the one at hand is damaged: a chain of three that can be headers, or
 * of as many as there are up to the end.
 */
function findNext(window: ByteWindow, kind: PcapKind, lastSeconds: number | undefined): number | undefined {
  if (lastSeconds === undefined) return undefined
  const bytes = window.peek(SOUGHT_BYTES_MAX)
  for (let at = 1; at + PACKET_HEADER_BYTES <= bytes.length; at++) {
    let from = at
    let count = 0
    while (count < CHAIN && canBeHeader(bytes, from, kind, lastSeconds)) {
      from += PACKET_HEADER_BYTES + readHeader(bytes.subarray(from), kind).captured
      count++
    }
    if (count === CHAIN || (count > 0 && from === bytes.length)) return at
  }
  return undefined
}

function canBeHeader(bytes: Uint8Array, at: number, kind: PcapKind, lastSeconds: number): boolean {
  if (at + PACKET_HEADER_BYTES > bytes.length) return false
  const { seconds, fraction, captured, length } = readHeader(bytes.subarray(at), kind)
  return (
    Math.abs(seconds - lastSeconds) <= SECONDS_APART_MAX &&
    fraction < kind.fractionsPerSecond &&
    captured > 0 &&
    captured <= length &&
    length <= PACKET_BYTES_MAX
  )
}

function nonsense(at: number, number: number, captured: number): CaptureDamage {
  return { kind: 'nonsense', at, message: `packet ${number}, at byte ${at}, claims ${captured} bytes` }
}

function cutOff(at: number, number: number): CaptureDamage {
  return { kind: 'cut_off', at, message: `it ends within packet ${number}, which begins at byte ${at}` }
}
