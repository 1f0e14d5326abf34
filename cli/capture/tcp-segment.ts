/** Headers of TCP. Source: RFC 9293 */
import type { IpPacket } from './ip.ts'

export interface TcpSegment {
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequence: number
  /** Undefined: it acknowledges nothing. */
  readonly acknowledged: number | undefined
  readonly isSyn: boolean
  readonly isFin: boolean
  readonly isReset: boolean
  /** What was captured of it. */
  readonly payload: Uint8Array
  readonly length: number
}

const HEADER_BYTES_MIN = 20

export function readTcp({ payload, length }: IpPacket): TcpSegment | undefined {
  if (payload.length < HEADER_BYTES_MIN) return undefined
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const headerBytes = (view.getUint8(12) >> 4) * 4
  if (headerBytes < HEADER_BYTES_MIN || headerBytes > length) return undefined
  const flags = view.getUint8(13)
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    sequence: view.getUint32(4),
    acknowledged: (flags & 0x10) === 0 ? undefined : view.getUint32(8),
    isFin: (flags & 0x01) !== 0,
    isSyn: (flags & 0x02) !== 0,
    isReset: (flags & 0x04) !== 0,
    payload: payload.subarray(headerBytes),
    length: length - headerBytes,
  }
}

/** How far `sequence` lies after `from`; negative: before it. Sequence numbers go round after 2^32. */
export function sequenceDistance(from: number, sequence: number): number {
  return (sequence - from) | 0
}
