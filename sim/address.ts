/** Addresses of the simulated world: `ws://server:4433/ws`, `wss://…`, `enet://10.0.0.1:4483`. */
import { OverworldError } from '../core/errors.ts'

export type Scheme = 'ws' | 'wss' | 'enet'

export interface Address {
  readonly scheme: Scheme
  /** A host's name or its address, or one that every machine has (`localhost`, `127.0.0.1`, `0.0.0.0`). */
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** With its slash; empty for `enet`. */
  readonly path: string
}

const DEFAULTS: Readonly<Record<Scheme, { readonly port: number; readonly path: string }>> = {
  ws: { port: 4433, path: '/ws' },
  wss: { port: 4434, path: '/ws' },
  enet: { port: 4483, path: '' },
}

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '0.0.0.0'])

/** Throws `bad_address`. */
export function parseAddress(text: string): Address {
  const match = /^(wss?|enet):\/\/([\w.-]+)(?::(\d{1,5}))?(\/[^?#]*)?(?:\?[^#]*)?$/.exec(text)
  const scheme = match?.[1] as Scheme | undefined
  const port = match?.[3] === undefined ? undefined : Number(match[3])
  if (match === null || scheme === undefined || (port !== undefined && port > 65_535)) {
    throw new OverworldError('bad_address', `"${text}" is no address: write ws://host:port/path or enet://host:port`)
  }
  const { port: defaultPort, path: defaultPath } = DEFAULTS[scheme]
  return {
    scheme,
    host: match[2] ?? '',
    port: port ?? defaultPort,
    path: scheme === 'enet' ? '' : (match[4] ?? defaultPath),
  }
}

export function formatAddress({ scheme, host, port, path }: Address): string {
  return `${scheme}://${host}:${port}${path}`
}

/** Whether the name means the machine that uses it. */
export function isLocalHost(host: string): boolean {
  return LOCAL_HOSTS.has(host)
}
