/** Addresses for captures that are made up: as they were recorded, as far as that is known. */
import { isIPv4, isIPv6 } from 'node:net'
import { parseAddress, type Address } from '../../transports/address.ts'

/** 4 or 16 bytes; undefined: it is no IP address. An IPv4 address within IPv6 is one of IPv4. */
export function parseIp(text: string): Uint8Array | undefined {
  const plain = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')
  if (isIPv4(plain)) return Uint8Array.from(plain.split('.').map(Number))
  if (!isIPv6(plain)) return undefined
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)
  if (mapped?.[1] !== undefined) return parseIp(mapped[1])
  const [before = '', after] = plain.split('::')
  const [first, last] = [groupsOf(before), groupsOf(after ?? '')]
  const zeros = after === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...Array.from({ length: zeros }, () => 0), ...last]
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}

function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [(a << 8) | b, (c << 8) | d]
  })
}

export interface ListenedAt {
  /** Undefined: on all of them. */
  readonly address: Uint8Array | undefined
  readonly scheme: 'ws' | 'wss' | 'enet'
  readonly port: number
  readonly path: string
}

const PORTS = { ws: 4433, wss: 4434, enet: 4483 } as const
const UNKNOWN: ListenedAt = { scheme: 'ws', address: undefined, port: PORTS.ws, path: '/ws' }

/** Of `ws://127.0.0.1:4433/ws`; a port that the system was to choose is not known, and the usual one is taken. */
export function parseListened(text: string): ListenedAt {
  const parsed = tryParse(text)
  if (parsed === undefined) return UNKNOWN
  const { host, port = 0, path } = parsed
  const scheme = parsed.scheme as ListenedAt['scheme']
  const address = parseIp(host)
  return {
    scheme,
    address: address?.every((byte) => byte === 0) === true ? undefined : address,
    port: port === 0 ? PORTS[scheme] : port,
    path: path === '' || path === '/' ? '/ws' : path,
  }
}

/** Undefined: a program of its own may listen at something else. */
function tryParse(text: string): Address | undefined {
  try {
    return parseAddress(text, Object.keys(PORTS))
  } catch {
    return undefined
  }
}

/** Of the ranges that are for documents (RFC 5737, RFC 3849). */
const SERVER_IPV4 = Uint8Array.of(192, 0, 2, 1)
const SERVER_IPV6 = Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)

/** Where the server is for a client at `client`: both are of the same kind. */
export function serverAddressFor(client: Uint8Array, listened: Uint8Array | undefined): Uint8Array {
  if (listened?.length === client.length) return listened
  return client.length === 4 ? SERVER_IPV4 : SERVER_IPV6
}

/** A client's address that was no IP address has one of its own. */
export function clientAddress(text: string, number: number): Uint8Array {
  return parseIp(text) ?? Uint8Array.of(10, number >> 16, number >> 8, number)
}
