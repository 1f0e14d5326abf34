/**
 * The server that `overworld serve` runs: the reference apps over real WebSocket and ENet, with health and metrics on
 * the WebSocket port. Made of the public parts alone, so that it can be read as the example of how to do it.
 *
 * Leaves out signals and logs, which are the command's.
 */
import {
  createServer,
  DEFAULT_LIMITS,
  type PartialServerOptions,
  type Report,
  type Server,
  type ServerProgram,
} from '../../core/index.ts'
import {
  connectionIds,
  enetNetwork,
  httpEndpoints,
  networkByScheme,
  recordToFolder,
  systemClock,
  systemRandom,
  webSocketNetwork,
  type RecordToFolderOptions,
} from '../../transports/index.ts'
import { arena, arenaZone } from '../../scenarios/apps/arena.ts'
import { chat, chatZone } from '../../scenarios/apps/chat.ts'
import { keepListening, type ListenerTrouble } from './kept-listener.ts'
import { startMetricsServer } from './metrics-server.ts'

export interface ProductionOptions {
  /** Such as `ws://127.0.0.1:4433/ws` and `enet://127.0.0.1:4483`. */
  readonly addresses: readonly string[]
  /** PEM files, for a `wss:` address. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined
  /** Undefined: pages from everywhere may connect. */
  readonly allowedOrigins: readonly string[] | undefined
  readonly trustedProxies: readonly string[] | undefined
  /** Undefined: `/metrics` is on the WebSocket port. Port 0: a free one. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  readonly server: PartialServerOptions
  readonly onReport: (report: Report) => void
  /** Trouble on sockets that is nobody's message. */
  readonly onError: (error: unknown) => void
  readonly recordTo?:
    Pick<RecordToFolderOptions, 'folder' | 'isRedacted' | 'onWarning' | 'version' | 'commit'> | undefined
}

export interface ProductionServer {
  readonly server: Server
  /** The beginning of the names of its files. */
  readonly recording: string | undefined
  /** Resolves with the bound addresses, in the order of `addresses`; rejects with the first that cannot be bound. */
  listen(): Promise<Bound>
  /** At once, as where not all ports could be bound. */
  stop(): Promise<void>
  /** From now on `/healthz` answers 503, no new session starts, and who is left after `drainMs` is closed with 4009. */
  drain(drainMs: number): Promise<void>
}

export interface Bound {
  readonly addresses: readonly string[]
  /** Where `/metrics` is, if it has a port of its own. */
  readonly metrics: string | undefined
}

export function createProductionServer(options: ProductionOptions): ProductionServer {
  const { addresses, onReport, onError, recordTo } = options
  const clock = systemClock()
  const { messageBytes } = { ...DEFAULT_LIMITS, ...options.server.limits }
  const shared = { clock, onError, messageBytesMax: messageBytes, nextConnectionId: connectionIds() }
  let isDraining = false
  const health = {
    stats: () => ({ ...server.stats(), ...webSocket.stats(), ...enet.stats() }),
    isHealthy: () => !isDraining && broken.size === 0,
  }
  const webSocket = webSocketNetwork({
    ...shared,
    tls: options.tls,
    allowedOrigins: options.allowedOrigins,
    trustedProxies: options.trustedProxies,
    onRequest: httpEndpoints({ ...health, hasMetrics: options.metrics === undefined }),
  })
  const enet = enetNetwork({ ...shared, connectionsMax: ENET_PEERS_MAX })
  const network = networkByScheme({ ws: webSocket, wss: webSocket, enet })

  const bound: Promise<string>[] = []
  const broken = new Set<string>()
  const program = productionProgram({ addresses, server: options.server }, onReport, {
    bound: (promise) => bound.push(promise),
    broken({ address, error, retryInMs }) {
      broken.add(address)
      onError(`nothing listens on ${address} any more (${error.message}); it is opened again in ${retryInMs / 1000} s`)
    },
    back(address) {
      broken.delete(address)
      onError(`listening on ${address} again`)
    },
  })
  const parts = { clock, random: systemRandom() }
  const configuration: ProductionConfiguration = { addresses, server: options.server }
  const recording =
    recordTo === undefined ? undefined : recordToFolder(program, network, { ...parts, ...recordTo, configuration })
  const server = recording?.server ?? program.boot({ ...parts, network })

  const metrics =
    options.metrics && startMetricsServer(options.metrics.host, options.metrics.port, httpEndpoints(health))

  return {
    server,
    recording: recording?.name,
    async listen() {
      const [metricsAddress, ...bindings] = await Promise.all([metrics?.bound, ...bound])
      return { addresses: bindings, metrics: metricsAddress }
    },
    async stop() {
      metrics?.close()
      await new Promise<void>((resolve) => server.stop(resolve))
    },
    async drain(drainMs) {
      isDraining = true
      await new Promise<void>((resolve) => server.drain(drainMs, resolve))
      metrics?.close()
      await recording?.end('the server has drained')
    },
  }
}

/** What a recording must know to boot the same server again. */
export interface ProductionConfiguration {
  readonly addresses: readonly string[]
  readonly server: PartialServerOptions
}

/** What becomes of the addresses. */
export interface ListenerWatch {
  /** The address that was really bound, or why it could not be. */
  bound(promise: Promise<string>): void
  broken?(trouble: ListenerTrouble): void
  /** Opened again. */
  back?(address: string): void
}

/** The same for serving and for replaying. */
export function productionProgram(
  { addresses, server: options }: ProductionConfiguration,
  onReport: (report: Report) => void,
  watch: ListenerWatch,
): ServerProgram {
  return {
    apps: [chat, arena],
    boot({ clock, random, network, shell }) {
      const server = createServer({ ...options, clock, random, apps: [chat, arena], onReport, shell })
      server.zones.start(chatZone, { name: 'chat' })
      server.zones.start(arenaZone, { name: 'arena' })
      const parts = {
        server,
        network,
        clock,
        onBroken: (trouble: ListenerTrouble) => watch.broken?.(trouble),
        onBack: (address: string) => watch.back?.(address),
      }
      for (const address of addresses) watch.bound(keepListening(address, parts))
      return server
    },
  }
}

/** As many peers as one ENet socket can have. */
const ENET_PEERS_MAX = 4095
