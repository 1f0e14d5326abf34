/**
 * What carries IP packets in a capture: Ethernet (with VLAN tags), Linux' "cooked" capture of all interfaces, the
 * loopback of BSD and macOS, or nothing. Link types: https://www.tcpdump.org/linktypes.html
 */
import type { CapturedPacket } from './packet.ts'

const LinkType = Object.freeze({
  null: 0,
  ethernet: 1,
  rawOfOpenBsd: 14,
  rawOfBsd: 12,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
})

const IPV4 = 0x0800
const IPV6 = 0x86dd
const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100])
const VLAN_TAG_BYTES = 4

/** Where the IP packet begins; `no_ip`: it is another protocol's; `unknown`: its link type is not known here. */
export function ipOffset({ linkType, bytes }: CapturedPacket): number | 'no_ip' | 'unknown' {
  switch (linkType) {
    case LinkType.ethernet:
      return afterEtherType(bytes, 12)
    case LinkType.linuxCooked:
      return afterEtherType(bytes, 14)
    case LinkType.linuxCooked2:
      return uint16(bytes, 0) === IPV4 || uint16(bytes, 0) === IPV6 ? 20 : 'no_ip'
    case LinkType.null:
    case LinkType.loop:
      // The family before it has another number on each system, and another byte order.
      return hasIpVersion(bytes, 4) ? 4 : 'no_ip'
    case LinkType.raw:
    case LinkType.rawOfBsd:
    case LinkType.rawOfOpenBsd:
    case LinkType.ipv4:
    case LinkType.ipv6:
      return hasIpVersion(bytes, 0) ? 0 : 'no_ip'
    default:
      return 'unknown'
  }
}

function afterEtherType(bytes: Uint8Array, at: number): number | 'no_ip' {
  let typeAt = at
  while (VLAN_TAGS.has(uint16(bytes, typeAt))) typeAt += VLAN_TAG_BYTES
  const type = uint16(bytes, typeAt)
  return type === IPV4 || type === IPV6 ? typeAt + 2 : 'no_ip'
}

function hasIpVersion(bytes: Uint8Array, at: number): boolean {
  const version = (bytes[at] ?? 0) >> 4
  return version === 4 || version === 6
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
