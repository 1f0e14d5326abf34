/** Makes TCP segments and UDP datagrams in IPv4 or IPv6, with valid checksums. Source: RFC 791, 8200, 9293, 768, 1071 */
import { NO_BYTES } from './bytes.ts'
import { Protocol } from './ip.ts'

/** Both ends of a connection have addresses of the same length: 4 or 16 bytes. */
export interface Endpoint {
  readonly address: Uint8Array
  readonly port: number
}

export interface SegmentToWrite {
  readonly sequence: number
  /** Undefined: it acknowledges nothing, which only the first segment of a connection does. */
  readonly acknowledged: number | undefined
  readonly isSyn?: boolean
  readonly isFin?: boolean
  readonly payload?: Uint8Array
}

const HOP_LIMIT = 64
const WINDOW = 65_535
const TCP_HEADER_BYTES = 20
const UDP_HEADER_BYTES = 8

export function tcpPacket(from: Endpoint, to: Endpoint, segment: SegmentToWrite): Uint8Array {
  const { sequence, acknowledged, isSyn = false, isFin = false, payload = NO_BYTES } = segment
  const bytes = new Uint8Array(TCP_HEADER_BYTES + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, from.port)
  view.setUint16(2, to.port)
  view.setUint32(4, sequence)
  view.setUint32(8, acknowledged ?? 0)
  view.setUint8(12, (TCP_HEADER_BYTES / 4) << 4)
  const isPushed = payload.length > 0
  view.setUint8(13, (isFin ? 1 : 0) | (isSyn ? 2 : 0) | (isPushed ? 8 : 0) | (acknowledged === undefined ? 0 : 16))
  view.setUint16(14, WINDOW)
  bytes.set(payload, TCP_HEADER_BYTES)
  view.setUint16(16, checksum(pseudoHeader(from, to, Protocol.tcp, bytes.length), bytes))
  return inIp(from, to, Protocol.tcp, bytes)
}

export function udpPacket(from: Endpoint, to: Endpoint, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(UDP_HEADER_BYTES + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, from.port)
  view.setUint16(2, to.port)
  view.setUint16(4, bytes.length)
  bytes.set(payload, UDP_HEADER_BYTES)
  // Zero would say that there is none.
  view.setUint16(6, checksum(pseudoHeader(from, to, Protocol.udp, bytes.length), bytes) || 0xffff)
  return inIp(from, to, Protocol.udp, bytes)
}

function inIp(from: Endpoint, to: Endpoint, protocol: number, payload: Uint8Array): Uint8Array {
  const isIpv4 = from.address.length === 4
  const headerBytes = isIpv4 ? 20 : 40
  const packet = new Uint8Array(headerBytes + payload.length)
  const view = new DataView(packet.buffer)
  if (isIpv4) {
    view.setUint8(0, 0x45)
    view.setUint16(2, packet.length)
    // It may not be fragmented, and so needs no number of its own.
    view.setUint16(6, 0x4000)
    view.setUint8(8, HOP_LIMIT)
    view.setUint8(9, protocol)
    packet.set(from.address, 12)
    packet.set(to.address, 16)
    view.setUint16(10, checksum(packet.subarray(0, headerBytes), NO_BYTES))
  } else {
    view.setUint8(0, 0x60)
    view.setUint16(4, payload.length)
    view.setUint8(6, protocol)
    view.setUint8(7, HOP_LIMIT)
    packet.set(from.address, 8)
    packet.set(to.address, 24)
  }
  packet.set(payload, headerBytes)
  return packet
}

function pseudoHeader(from: Endpoint, to: Endpoint, protocol: number, length: number): Uint8Array {
  const bytes = from.address.length
  const header = new Uint8Array(2 * bytes + 8)
  header.set(from.address)
  header.set(to.address, bytes)
  new DataView(header.buffer).setUint32(2 * bytes, length)
  header[2 * bytes + 7] = protocol
  return header
}

/** Of both together; `first` has an even number of bytes. */
function checksum(first: Uint8Array, second: Uint8Array): number {
  let sum = 0
  for (const bytes of [first, second]) {
    for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000)
  return ~sum & 0xffff
}
