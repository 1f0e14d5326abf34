/**
 * What carries IP packets in a capture: Ethernet, Linux' "cooked" capture of all interfaces, the loopback of BSD and
 * macOS, PPP, the logs of netfilter, or nothing; with VLAN tags, LLC/SNAP, PPPoE and MPLS between it and IP. What is not
 * read is named. Link types: https://www.tcpdump.org/linktypes.html
 */
import type { CapturedPacket } from './packet.ts'

/** Where the IP packet begins; `silent`: nothing that could carry one; `unread`: something that may, and is not read here. */
export type Carried =
  | { readonly kind: 'ip'; readonly at: number }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unread'; readonly name: string }
  | { readonly kind: 'unknown_link'; readonly name: string }

const SILENT: Carried = { kind: 'silent' }

const LinkType = Object.freeze({
  null: 0,
  ethernet: 1,
  ppp: 9,
  rawOfBsd: 12,
  rawOfOpenBsd: 14,
  pppHdlc: 50,
  pppoe: 51,
  raw: 101,
  ciscoHdlc: 104,
  loop: 108,
  linuxCooked: 113,
  pppWithDirection: 204,
  ipv4: 228,
  ipv6: 229,
  nflog: 239,
  pktap: 258,
  linuxCooked2: 276,
})

/** Of those that are not read. */
const LINK_NAMES: Readonly<Record<number, string>> = {
  6: 'token ring',
  10: 'FDDI',
  11: 'ATM',
  105: 'IEEE 802.11',
  107: 'frame relay',
  117: 'pflog',
  119: 'IEEE 802.11 with a Prism header',
  127: 'IEEE 802.11 with a radiotap header',
  143: 'DOCSIS',
  163: 'IEEE 802.11 with an AVS header',
  187: 'Bluetooth',
  189: 'USB',
  192: 'PPI',
  195: 'IEEE 802.15.4',
  197: 'ERF',
  201: 'Bluetooth',
  220: 'USB',
  247: 'InfiniBand',
  253: 'netlink',
}

const IPV4 = 0x0800
const IPV6 = 0x86dd
const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100, 0x9200])
const PPPOE_SESSION = 0x8864
const MPLS: ReadonlySet<number> = new Set([0x8847, 0x8848])
const BRIDGED_ETHERNET = 0x6558
const PPP = 0x880b
/** Up to this it is a length, and LLC follows. */
const LENGTH_MAX = 1_500
/** Protocols that carry no IP: ARP, wake-on-LAN, RARP, slow protocols, PPPoE's discovery, EAPOL, LLDP, loopback tests. */
const CARRY_NO_IP: ReadonlySet<number> = new Set([0x0806, 0x0842, 0x8035, 0x8809, 0x8863, 0x888e, 0x88cc, 0x9000])
const ETHER_TYPE_NAMES: Readonly<Record<number, string>> = {
  0x22eb: 'ERSPAN',
  0x88be: 'ERSPAN',
  0x88e5: 'MACsec, which is encrypted',
  0x88e7: 'provider backbone bridging (802.1ah)',
  0x894f: 'NSH',
}
/** Nested deeper than this, it is an attack. */
const DEPTH_MAX = 16

export function findIp({ linkType, bytes }: CapturedPacket): Carried {
  return inLink(bytes, linkType, 0, 0)
}

/** Within Ethernet that begins at `at`, as tunnels carry it. */
export function findIpInEthernet(bytes: Uint8Array, at: number): Carried {
  return inEthernet(bytes, at, 0)
}

/** Of a protocol by its EtherType, whose packet begins at `at`. */
export function findIpOfType(bytes: Uint8Array, type: number, at: number): Carried {
  return ofType(bytes, type, at, 0)
}

function inLink(bytes: Uint8Array, linkType: number, at: number, depth: number): Carried {
  switch (linkType) {
    case LinkType.ethernet:
      return inEthernet(bytes, at, depth)
    case LinkType.linuxCooked:
      return inLinuxCooked(bytes, at, depth)
    case LinkType.linuxCooked2:
      return ofCookedType(bytes, uint16(bytes, at), at + 20, depth)
    case LinkType.null:
    case LinkType.loop:
      // The family before it has another number on each system, and another byte order.
      return ipIfVersion(bytes, at + 4)
    case LinkType.raw:
    case LinkType.rawOfBsd:
    case LinkType.rawOfOpenBsd:
    case LinkType.ipv4:
    case LinkType.ipv6:
      return ipIfVersion(bytes, at)
    case LinkType.ppp:
    case LinkType.pppHdlc:
      return inPpp(bytes, at)
    case LinkType.pppWithDirection:
      return inPpp(bytes, at + 1)
    case LinkType.pppoe:
      return inPpp(bytes, at + 6)
    case LinkType.ciscoHdlc:
      return ofType(bytes, uint16(bytes, at + 2), at + 4, depth)
    case LinkType.nflog:
      return inNflog(bytes, at)
    case LinkType.pktap:
      return inPktap(bytes, at, depth)
    default: {
      const name = LINK_NAMES[linkType]
      return { kind: 'unknown_link', name: `link type ${linkType}${name === undefined ? '' : ` (${name})`}` }
    }
  }
}

function inEthernet(bytes: Uint8Array, at: number, depth: number): Carried {
  return ofType(bytes, uint16(bytes, at + 12), at + 14, depth)
}

function inLinuxCooked(bytes: Uint8Array, at: number, depth: number): Carried {
  return ofCookedType(bytes, uint16(bytes, at + 14), at + 16, depth)
}

/** Linux has numbers of its own for frames that have none. */
function ofCookedType(bytes: Uint8Array, type: number, at: number, depth: number): Carried {
  const LLC = 4
  return type === LLC ? inLlc(bytes, at, depth) : ofType(bytes, type, at, depth)
}

function ofType(bytes: Uint8Array, type: number, at: number, depth: number): Carried {
  if (depth > DEPTH_MAX) return { kind: 'unread', name: 'too many headers within each other' }
  if (type === IPV4 || type === IPV6) return { kind: 'ip', at }
  // A tag, and then the type of what it is before.
  if (VLAN_TAGS.has(type)) return ofType(bytes, uint16(bytes, at + 2), at + 4, depth + 1)
  if (type === PPPOE_SESSION) return inPpp(bytes, at + 6)
  if (type === PPP) return inPpp(bytes, at)
  if (MPLS.has(type)) return inMpls(bytes, at)
  if (type === BRIDGED_ETHERNET) return inEthernet(bytes, at, depth + 1)
  if (type <= LENGTH_MAX) return inLlc(bytes, at, depth)
  if (CARRY_NO_IP.has(type)) return SILENT
  return { kind: 'unread', name: ETHER_TYPE_NAMES[type] ?? `EtherType 0x${type.toString(16).padStart(4, '0')}` }
}

/** IEEE 802.2, and SNAP within it, which has an EtherType. */
function inLlc(bytes: Uint8Array, at: number, depth: number): Carried {
  const [destination, source, control] = [bytes[at], bytes[at + 1], bytes[at + 2]]
  if (destination === 0xaa && source === 0xaa && control === 3) {
    const isOfEthernet = bytes[at + 3] === 0 && bytes[at + 4] === 0 && (bytes[at + 5] === 0 || bytes[at + 5] === 0xf8)
    return isOfEthernet ? ofType(bytes, uint16(bytes, at + 6), at + 8, depth + 1) : SILENT
  }
  return destination === 6 && source === 6 ? ipIfVersion(bytes, at + 3) : SILENT
}

/** RFC 1661, RFC 1662; the address before it, and the first byte of the protocol, may be left out. */
function inPpp(bytes: Uint8Array, at: number): Carried {
  const from = bytes[at] === 0xff && bytes[at + 1] === 3 ? at + 2 : at
  const isShort = ((bytes[from] ?? 0) & 1) === 1
  const protocol = isShort ? (bytes[from] ?? 0) : uint16(bytes, from)
  const after = from + (isShort ? 1 : 2)
  if (protocol === 0x21 || protocol === 0x57) return ipIfVersion(bytes, after)
  const names: Readonly<Record<number, string>> = {
    0x3d: 'multilink PPP',
    0x53: 'encrypted PPP',
    0xfd: 'compressed PPP',
  }
  const name = names[protocol]
  return name === undefined ? SILENT : { kind: 'unread', name }
}

/** RFC 3032: labels, the last of which has a bit that says so. */
function inMpls(bytes: Uint8Array, at: number): Carried {
  let from = at
  while (from < bytes.length && ((bytes[from + 2] ?? 1) & 1) === 0) from += 4
  return hasIpVersion(bytes, from + 4) ? { kind: 'ip', at: from + 4 } : { kind: 'unread', name: 'Ethernet over MPLS' }
}

/** Fields in the byte order of the machine, of which number 9 is the packet. */
function inNflog(bytes: Uint8Array, start: number): Carried {
  const PAYLOAD = 9
  for (const isLittleEndian of [true, false]) {
    const read = (at: number): number =>
      isLittleEndian ? (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) : uint16(bytes, at)
    for (let at = start + 4; at + 4 <= bytes.length;) {
      const length = read(at)
      if (length < 4) break
      if ((read(at + 2) & 0x7fff) === PAYLOAD) return ipIfVersion(bytes, at + 4)
      at += (length + 3) & ~3
    }
  }
  return SILENT
}

/** Of macOS: a header that says how long it is, and which link type follows. */
function inPktap(bytes: Uint8Array, at: number, depth: number): Carried {
  const [length, linkType] = [uint16LittleEndian(bytes, at), uint16LittleEndian(bytes, at + 8)]
  if (length < 12 || depth > DEPTH_MAX) return SILENT
  return inLink(bytes, linkType, at + length, depth + 1)
}

function ipIfVersion(bytes: Uint8Array, at: number): Carried {
  return hasIpVersion(bytes, at) ? { kind: 'ip', at } : SILENT
}

function hasIpVersion(bytes: Uint8Array, at: number): boolean {
  const version = (bytes[at] ?? 0) >> 4
  return version === 4 || version === 6
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

function uint16LittleEndian(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
}
