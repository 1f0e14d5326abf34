/**
 * Captures in the classic format of libpcap: a header of 24 bytes, then each packet with a header of 16. Both byte
 * orders, times in micro- or nanoseconds.
 * Source: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
 */
import type { ByteWindow } from './byte-window.ts'
import { viewOf } from './bytes.ts'
import { PACKET_BYTES_MAX, type CaptureDamage, type CapturedPacket } from './packet.ts'

export interface PcapKind {
  readonly isLittleEndian: boolean
  readonly fractionsPerSecond: number
}

const MICROSECONDS = 0xa1b2_c3d4
const NANOSECONDS = 0xa1b2_3c4d
const REST_OF_HEADER_BYTES = 20
const PACKET_HEADER_BYTES = 16
const NS_PER_SECOND = 1_000_000_000

/** By the first four bytes of the file; undefined: it is none. */
export function pcapKind(magic: Uint8Array): PcapKind | undefined {
  const view = new DataView(magic.buffer, magic.byteOffset, magic.byteLength)
  for (const isLittleEndian of [true, false]) {
    const number = view.getUint32(0, isLittleEndian)
    if (number === MICROSECONDS) return { isLittleEndian, fractionsPerSecond: 1_000_000 }
    if (number === NANOSECONDS) return { isLittleEndian, fractionsPerSecond: NS_PER_SECOND }
  }
  return undefined
}

/** What follows the first four bytes. */
export function* readPcap(
  window: ByteWindow,
  { isLittleEndian, fractionsPerSecond }: PcapKind,
): Generator<CapturedPacket, CaptureDamage | undefined> {
  const rest = window.take(REST_OF_HEADER_BYTES)
  if (rest === undefined) return { kind: 'cut_off', at: window.position, message: 'it ends within its header' }
  // The upper half of the field says how long checksums of frames are.
  const linkType = viewOf(rest).getUint32(16, isLittleEndian) & 0xffff
  for (let number = 1; ; number++) {
    const at = window.position
    const header = window.take(PACKET_HEADER_BYTES)
    if (header === undefined) return window.left === 0 ? undefined : cutOff(at, number)
    const view = viewOf(header)
    const seconds = view.getUint32(0, isLittleEndian)
    const fraction = view.getUint32(4, isLittleEndian)
    const captured = view.getUint32(8, isLittleEndian)
    const length = view.getUint32(12, isLittleEndian)
    if (captured > PACKET_BYTES_MAX || fraction >= fractionsPerSecond) {
      const what = captured > PACKET_BYTES_MAX ? `${captured} bytes` : `a time with ${fraction} parts of a second`
      return { kind: 'nonsense', at, message: `packet ${number}, at byte ${at}, claims ${what}` }
    }
    const bytes = window.take(captured)
    if (bytes === undefined) return cutOff(at, number)
    const fractionNs = fraction * (NS_PER_SECOND / fractionsPerSecond)
    const atNs = BigInt(seconds) * BigInt(NS_PER_SECOND) + BigInt(fractionNs)
    yield { atNs, linkType, bytes, length: Math.max(captured, length) }
  }
}

function cutOff(at: number, number: number): CaptureDamage {
  return { kind: 'cut_off', at, message: `it ends within packet ${number}, which begins at byte ${at}` }
}
