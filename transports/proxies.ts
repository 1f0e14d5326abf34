/**
 * Who a request really comes from when reverse proxies stand in between. `X-Forwarded-For` can be written by anyone,
 * so it is believed only as far as trusted hands passed it on. Leaves out the header `Forwarded` (RFC 7239).
 */
import { BlockList, isIP } from 'node:net'
import { OverworldError } from '../core/errors.ts'
import { plainHost } from './address.ts'
import type { HttpRequest } from './websocket-library.ts'

/** Gives the client's address for a request whose socket ends at `socketAddress`. */
export type ClientAddress = (socketAddress: string, request: HttpRequest) => string

/** Throws `OverworldError` `bad_option` where a proxy is no IP address and no range. */
export function clientAddressBehind(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const proxy of trustedProxies) trust(trusted, proxy)
  const isTrusted = (address: string): boolean => {
    const version = isIP(address)
    return version !== 0 && trusted.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }
  return (socketAddress, request) => {
    const passedOn = forwardedFor(request)
    let client = plainHost(socketAddress)
    while (isTrusted(client)) {
      const before = passedOn.pop()
      if (before === undefined || isIP(before) === 0) break
      client = before
    }
    return client
  }
}

/** An address, and perhaps a number of bits. `Number` alone would read `10.0.0.0/` as a range of all addresses. */
const RANGE = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/

function trust(list: BlockList, proxy: string): void {
  const [, address = '', bits] = RANGE.exec(proxy) ?? []
  const version = isIP(address)
  const bitsMax = version === 4 ? 32 : 128
  if (version === 0 || Number(bits ?? 0) > bitsMax) {
    throw new OverworldError(
      'bad_option',
      `trustedProxies: "${proxy}" is neither an IP address nor a range like 10.0.0.0/8`,
    )
  }
  list.addSubnet(address, Number(bits ?? bitsMax), version === 4 ? 'ipv4' : 'ipv6')
}

function forwardedFor(request: HttpRequest): string[] {
  const header = request.headers['x-forwarded-for']
  if (header === undefined) return []
  return String(header)
    .split(',')
    .map((each) => plainHost(withoutPort(each.trim())))
}

/** Some proxies write `192.0.2.1:5678`, `[2001:db8::1]:5678` or `[2001:db8::1]`. */
function withoutPort(host: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\](?::\d+)?|([^:]+):\d+)$/.exec(host) ?? []
  return bracketed ?? plain ?? host
}
