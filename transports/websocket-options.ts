/** What can be set on a WebSocket network, with units, ranges, defaults and off values. */
import { checkOptionNames, type OptionNames } from '../core/option-names.ts'
import { listenerMessageBytesMax, TRANSPORT_OPTION_NAMES, type TransportOptions } from './options.ts'
import type { HttpServer, RequestHandler, WebSocketLibrary, WebSocketStack } from './websocket-library.ts'

/** The path where nothing else is said (design section 7). */
export const PATH_DEFAULT = '/ws'

export interface WebSocketOptions extends TransportOptions {
  /**
   * Values of the `Origin` header that may connect, such as `https://game.example`, compared whole. Default
   * undefined: any. Requests without the header (every client but a browser) are always let in: the list protects
   * a browser's user from other pages, and is no authentication.
   */
  readonly allowedOrigins?: readonly string[] | undefined
  /**
   * Addresses or ranges (`10.0.0.0/8`) of reverse proxies. `X-Forwarded-For` is believed only from them, read from
   * its right end up to the first address that is none of them. Default: none, the header is ignored.
   */
  readonly trustedProxies?: readonly string[] | undefined
  /** Connections open at a time for each listener, 1 or more; further upgrades get 503. Default Infinity = no limit. */
  readonly connectionsMax?: number | undefined
  /**
   * From a TCP connection to its finished upgrade, in ms, above 0: who is slower is cut. Default 5000; Infinity = off.
   * Over TLS the handshake may take as long first. Not for `server`, whose other requests are none of our business.
   */
  readonly upgradeTimeoutMs?: number | undefined
  /** Plain requests in a second for each listener, 1 or more; further ones get 429. Default 500; Infinity = no limit. */
  readonly plainRequestsPerSecondMax?: number | undefined
  /** The same for each client address (IPv6: each /64); what is more takes nothing from the others. Default 100; Infinity = no limit. */
  readonly plainRequestsPerAddressMax?: number | undefined
  /** From a plain request to the end of its response, in ms, above 0; then it is cut. Default 60,000; Infinity = off. */
  readonly responseTimeoutMs?: number | undefined
  /** PEM files, read when `listen` is called; required for `wss:` addresses unless `server` is given. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined
  /** PEM file of the authority that signs the servers this side dials. Default: the platform's authorities. */
  readonly caFile?: string | undefined
  /** The `Origin` header that this side sends when it dials. Default: none. */
  readonly origin?: string | undefined
  /**
   * A server of your own to listen on: only upgrades on the path of the address given to `listen` are taken, its
   * host and port are not used, and whether and where the server listens remains your business.
   */
  readonly server?: HttpServer | undefined
  /**
   * Answers plain requests to our own server, such as `httpEndpoints`. What it leaves gets 404, or 426 on the path. Each
   * connection serves one request. A handler that throws is reported; its client gets 500, or a cut response.
   */
  readonly onRequest?: RequestHandler | undefined
  /** The package `ws`, or a private instance of it. */
  readonly library?: WebSocketLibrary | undefined
  /** Where sockets come from. Default: Node's `http`, `https` and `net`. */
  readonly stack?: WebSocketStack | undefined
}

const OPTION_NAMES: OptionNames<WebSocketOptions> = {
  ...TRANSPORT_OPTION_NAMES,
  allowedOrigins: true,
  trustedProxies: true,
  connectionsMax: true,
  upgradeTimeoutMs: true,
  plainRequestsPerSecondMax: true,
  plainRequestsPerAddressMax: true,
  responseTimeoutMs: true,
  tls: true,
  caFile: true,
  origin: true,
  server: true,
  onRequest: true,
  library: true,
  stack: true,
}

/** Throws `OverworldError` `bad_option` for the name of an option that does not exist. */
export function checkWebSocketOptionNames(options: WebSocketOptions): void {
  checkOptionNames('webSocketNetwork', options, OPTION_NAMES)
}

/** What both sides ask of `ws`. `wanted`: the longest message that the program behind a listener takes. */
export function libraryOptions(options: WebSocketOptions, wanted?: number): Record<string, unknown> {
  const messageBytesMax = listenerMessageBytesMax(options.messageBytesMax, wanted)
  return {
    // `ws` writes "no limit" as 0, and its limit is a signed 32-bit number: a higher one would wrap.
    maxPayload: messageBytesMax > 2 ** 31 - 1 ? 0 : messageBytesMax,
    // zlib works on threads: not deterministic, and a memory hog with many clients.
    perMessageDeflate: false,
    // Only where the *peer* began to close and then lets its socket hang; one's own close has its own deadline.
    closeTimeout: 2000,
  }
}
