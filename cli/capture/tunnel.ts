/**
 * IP packets within IP packets: IP in IP, GRE (also of PPTP), VXLAN and Geneve. Tunnels that are encrypted, or not read
 * here, are named.
 */
import type { IpPacket } from './ip.ts'
import { findIpInEthernet, findIpOfType, type Carried } from './link-layer.ts'

const GRE = 47
const IP_IN_IP: ReadonlySet<number> = new Set([4, 41])
const UNREAD: Readonly<Record<number, string>> = {
  50: 'IPsec (ESP), which is encrypted',
  115: 'L2TP',
  137: 'MPLS in IP',
}
const IPV4_AUTHENTICATION = 51
const VXLAN_PORTS: ReadonlySet<number> = new Set([4789, 8472])
const GENEVE_PORT = 6081
const UDP_HEADER_BYTES = 8

/** `silent`: it is no tunnel. Offsets are into the packet's payload. */
export function findTunnel({ protocol, payload }: IpPacket): Carried {
  if (IP_IN_IP.has(protocol)) return { kind: 'ip', at: 0 }
  if (protocol === GRE) return inGre(payload)
  if (protocol === IPV4_AUTHENTICATION) return { kind: 'unread', name: 'IPsec (AH)' }
  const name = UNREAD[protocol]
  return name === undefined ? { kind: 'silent' } : { kind: 'unread', name }
}

/** Of a UDP datagram, with its header. */
export function findUdpTunnel(payload: Uint8Array): Carried {
  const port = uint16(payload, 2)
  const at = UDP_HEADER_BYTES
  if (VXLAN_PORTS.has(port) && ((payload[at] ?? 0) & 0x08) !== 0) return findIpInEthernet(payload, at + 8)
  if (port === GENEVE_PORT && (payload[at] ?? 0xff) >> 6 === 0) {
    return findIpOfType(payload, uint16(payload, at + 2), at + 8 + ((payload[at] ?? 0) & 0x3f) * 4)
  }
  return { kind: 'silent' }
}

/** RFC 2784, 2890 and, with version 1, 2637. */
function inGre(payload: Uint8Array): Carried {
  const flags = uint16(payload, 0)
  const [hasChecksum, hasRouting, hasKey, hasSequence] = [0x8000, 0x4000, 0x2000, 0x1000].map(
    (flag) => (flags & flag) !== 0,
  )
  if (hasRouting === true) return { kind: 'unread', name: 'GRE with routing' }
  const hasAcknowledgement = (flags & 7) === 1 && (flags & 0x80) !== 0
  const optional = [hasChecksum, hasKey, hasSequence, hasAcknowledgement].filter((has) => has === true).length
  return findIpOfType(payload, uint16(payload, 2), 4 + 4 * optional)
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
