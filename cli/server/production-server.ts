/**
 * The server that `overworld serve` runs: the reference apps over real WebSocket and ENet, with health and metrics on
 * the WebSocket port. Made of the public parts alone, so that it can be read as the example of how to do it.
 *
 * Leaves out signals and logs, which are the command's.
 */
import { createServer, type Network, type PartialServerOptions, type Report, type Server } from '../../core/index.ts'
import {
  connectionIds,
  enetNetwork,
  httpEndpoints,
  systemClock,
  systemRandom,
  webSocketNetwork,
} from '../../transports/index.ts'
import { arena, arenaZone } from '../../scenarios/apps/arena.ts'
import { chat, chatZone } from '../../scenarios/apps/chat.ts'

export interface ProductionOptions {
  /** Such as `ws://127.0.0.1:4433/ws` and `enet://127.0.0.1:4483`. */
  readonly addresses: readonly string[]
  /** PEM files, for a `wss:` address. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined
  /** Undefined: pages from everywhere may connect. */
  readonly allowedOrigins: readonly string[] | undefined
  readonly trustedProxies: readonly string[] | undefined
  readonly server: PartialServerOptions
  readonly onReport: (report: Report) => void
  /** Trouble on sockets that is nobody's message. */
  readonly onError: (error: unknown) => void
}

export interface ProductionServer {
  readonly server: Server
  /** Resolves with the bound addresses, in the order of `addresses`; rejects with the first that cannot be bound. */
  listen(): Promise<readonly string[]>
  /** From now on `/healthz` answers 503, no new session starts, and who is left after `drainMs` is closed with 4009. */
  drain(drainMs: number): Promise<void>
}

export function createProductionServer(options: ProductionOptions): ProductionServer {
  const { addresses, onReport, onError } = options
  const clock = systemClock()
  const server = createServer({ ...options.server, clock, random: systemRandom(), apps: [chat, arena], onReport })
  server.zones.start(chatZone, { name: 'chat' })
  server.zones.start(arenaZone, { name: 'arena' })

  const { limits } = server.options
  const shared = { clock, onError, messageBytesMax: limits.messageBytes, nextConnectionId: connectionIds() }
  let isDraining = false
  const webSocket = webSocketNetwork({
    ...shared,
    tls: options.tls,
    allowedOrigins: options.allowedOrigins,
    trustedProxies: options.trustedProxies,
    onRequest: httpEndpoints({
      stats: () => ({ ...server.stats(), ...webSocket.stats(), ...enet.stats() }),
      isHealthy: () => !isDraining,
    }),
  })
  const enet = enetNetwork({ ...shared, connectionsMax: ENET_PEERS_MAX })
  const networkOf = (address: string): Network => (address.startsWith('enet:') ? enet : webSocket)

  return {
    server,
    listen: () => Promise.all(addresses.map((address) => listenAt(server, networkOf(address), address))),
    async drain(drainMs) {
      isDraining = true
      await new Promise<void>((resolve) => server.drain(drainMs, resolve))
    },
  }
}

/** As many peers as one ENet socket can have. */
const ENET_PEERS_MAX = 4095

/** Resolves with the address and the port that was really bound. */
function listenAt(server: Server, network: Network, address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.listen(network, address, { listening: resolve, failed: reject })
  })
}
