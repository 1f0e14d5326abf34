/**
 * Headers of IPv4 and IPv6. Checksums are not looked at: network cards work them out after a packet was captured.
 * Source: RFC 791, RFC 8200
 */

export interface IpPacket {
  /** 4 or 16 bytes. */
  readonly source: Uint8Array
  readonly destination: Uint8Array
  readonly protocol: number
  /** What was captured of what it carries. */
  readonly payload: Uint8Array
  /** How long that was. */
  readonly length: number
  /** Only where it is a part of a packet. */
  readonly fragment?: { readonly id: number; readonly offset: number; readonly isLast: boolean }
}

export const Protocol = Object.freeze({ tcp: 6, udp: 17 })

const IPV6_HEADER_BYTES = 40
const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const DESTINATION_OPTIONS = 60

/** `wireLength`: of the packet from `bytes` on. Undefined: it is no IP packet, or its header was cut short. */
export function readIp(bytes: Uint8Array, wireLength: number): IpPacket | undefined {
  const version = (bytes[0] ?? 0) >> 4
  if (version === 4) return readIpv4(bytes, wireLength)
  return version === 6 ? readIpv6(bytes, wireLength) : undefined
}

function readIpv4(bytes: Uint8Array, wireLength: number): IpPacket | undefined {
  if (bytes.length < 20) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerBytes = (view.getUint8(0) & 0x0f) * 4
  // A segment that the network card is to cut up has no length yet.
  const total = view.getUint16(2) || wireLength
  if (headerBytes < 20 || total < headerBytes || bytes.length < headerBytes) return undefined
  const flags = view.getUint16(6)
  const offset = (flags & 0x1fff) * 8
  const hasMore = (flags & 0x2000) !== 0
  return {
    source: bytes.subarray(12, 16),
    destination: bytes.subarray(16, 20),
    protocol: view.getUint8(9),
    payload: bytes.subarray(headerBytes, total),
    length: total - headerBytes,
    ...(hasMore || offset > 0 ? { fragment: { id: view.getUint16(4), offset, isLast: !hasMore } } : {}),
  }
}

function readIpv6(bytes: Uint8Array, wireLength: number): IpPacket | undefined {
  if (bytes.length < IPV6_HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = IPV6_HEADER_BYTES + (view.getUint16(4) || wireLength - IPV6_HEADER_BYTES)
  let protocol = view.getUint8(6)
  let at = IPV6_HEADER_BYTES
  let fragment: IpPacket['fragment']
  while (isExtension(protocol)) {
    if (at + 8 > bytes.length || fragment !== undefined) return undefined
    if (protocol === FRAGMENT) {
      const flags = view.getUint16(at + 2)
      fragment = { id: view.getUint32(at + 4), offset: flags & 0xfff8, isLast: (flags & 1) === 0 }
    }
    const next = view.getUint8(at)
    at += extensionBytes(protocol, view.getUint8(at + 1))
    protocol = next
    // Of a fragment only the first begins with what the rest of the chain says.
    if (fragment !== undefined && fragment.offset > 0) break
  }
  if (end < at) return undefined
  const isWhole = fragment === undefined || (fragment.offset === 0 && fragment.isLast)
  return {
    source: bytes.subarray(8, 24),
    destination: bytes.subarray(24, 40),
    protocol,
    payload: bytes.subarray(at, end),
    length: end - at,
    ...(isWhole || fragment === undefined ? {} : { fragment }),
  }
}

function isExtension(protocol: number): boolean {
  return (
    protocol === HOP_BY_HOP ||
    protocol === ROUTING ||
    protocol === FRAGMENT ||
    protocol === AUTHENTICATION ||
    protocol === DESTINATION_OPTIONS
  )
}

function extensionBytes(protocol: number, length: number): number {
  if (protocol === FRAGMENT) return 8
  return protocol === AUTHENTICATION ? (length + 2) * 4 : (length + 1) * 8
}

/** `192.0.2.7`, `2001:db8::1`; an IPv4 address within IPv6 as IPv4. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  if (isMappedIpv4(bytes)) return bytes.subarray(12).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0))
  const text = groups.map((group) => group.toString(16)).join(':')
  // The longest run of zeros is left out (RFC 5952).
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(([run]) => run)
  const longest = runs.reduce((best, run) => (zeros(run) > zeros(best) ? run : best), '')
  if (longest === '') return text
  const at = text.indexOf(longest)
  return `${text.slice(0, at)}::${text.slice(at + longest.length + 1)}`
}

function zeros(run: string): number {
  return run.split(':').filter((group) => group === '0').length
}

function isMappedIpv4(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
}
