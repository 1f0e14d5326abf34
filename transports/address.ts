/**
 * Addresses as users write them: `ws://host:port/path`, `wss://…`, `enet://host:port`, `inprocess://name`.
 * Not the platform's `URL`, which forgets port 80 of a `ws:` address and with it what was asked for.
 */
import { OverworldError } from '../core/errors.ts'

export interface Address {
  readonly scheme: string
  /** Without the brackets of IPv6. */
  readonly host: string
  /** `undefined`: the address names none. */
  readonly port: number | undefined
  /** `''`, or begins with `/`. */
  readonly path: string
  /** `''`, or begins with `?`. */
  readonly query: string
}

const PATTERN = /^([a-z]+):\/\/(\[[0-9a-f:.]+\]|[^\s/:?#[\]@]+)(?::(\d{1,5}))?(\/[^\s?#]*)?(\?[^\s#]*)?$/i

/** Throws `OverworldError` `bad_address` unless `text` is an address of one of `schemes`. */
export function parseAddress(text: string, schemes: readonly string[]): Address {
  const match = PATTERN.exec(text)
  const [, scheme = '', host = '', port, path = '', query = ''] = match ?? []
  if (match === null || !schemes.includes(scheme.toLowerCase()) || Number(port ?? 0) > 65535) {
    const wanted = schemes.map((each) => `${each}://host:port`).join(' or ')
    throw new OverworldError('bad_address', `"${text}" is not an address here; write ${wanted}`)
  }
  return {
    scheme: scheme.toLowerCase(),
    host: host.startsWith('[') ? host.slice(1, -1) : host,
    port: port === undefined ? undefined : Number(port),
    path,
    query,
  }
}

/** The address with the port that was really bound. */
export function formatAddress(address: Address, port: number): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  return `${address.scheme}://${host}:${port}${address.path}`
}

/** How an IPv4 peer looks when the socket also takes IPv6 (`::ffff:10.0.0.1`), made plain. */
export function plainHost(host: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)
  return mapped?.[1] ?? host
}
