/**
 * A server program as `overworld serve` runs it: over real WebSocket and ENet, with health and metrics on the WebSocket
 * port. Made of the public parts alone, so that it can be read as the example of how to do it.
 *
 * Leaves out signals and logs, which are the command's.
 */
import { Shell, type PartialServerOptions, type Report, type Server, type ServerProgram } from '../../core/index.ts'
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
import { KeptNetwork } from './kept-network.ts'
import { startMetricsServer } from './metrics-server.ts'

export interface ProductionOptions {
  readonly program: ServerProgram
  /** Where the program is told to listen, such as `ws://127.0.0.1:4433/ws` and `enet://127.0.0.1:4483`. */
  readonly addresses: readonly string[]
  /** PEM files, for a `wss:` address. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined
  /** Undefined: pages from everywhere may connect. */
  readonly allowedOrigins: readonly string[] | undefined
  readonly trustedProxies: readonly string[] | undefined
  /** Undefined: `/metrics` is on the WebSocket port. Port 0: a free one. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  /** For what the program itself says nothing of. */
  readonly server: Omit<PartialServerOptions, 'disconnectCallback'>
  /** The same. */
  readonly onReport: (report: Report) => void
  /** Trouble on sockets that is nobody's message. */
  readonly onError: (error: unknown) => void
  readonly recordTo?:
    | Pick<RecordToFolderOptions, 'folder' | 'isRedacted' | 'onWarning' | 'version' | 'commit' | 'configuration'>
    | undefined
}

export interface ProductionServer {
  readonly server: Server
  /** The beginning of the names of its files. */
  readonly recording: string | undefined
  /** Whether the program has listened at this address, one of those that it was given. */
  listensAt(address: string): boolean
  /** Resolves with the bound addresses, in the order in which they were listened at; rejects with the first that cannot be bound. */
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

/** Boots the program. Throws what its boot throws; whether it listens where it was told to is checked by `strictProgram`. */
export function createProductionServer(options: ProductionOptions): ProductionServer {
  const { program, addresses, onReport, onError, recordTo } = options
  const clock = systemClock()
  const shared = { clock, onError, nextConnectionId: connectionIds() }
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

  const broken = new Set<string>()
  const atBoot: Promise<string>[] = []
  let hasBooted = false
  const network = new KeptNetwork({
    network: networkByScheme({ ws: webSocket, wss: webSocket, enet }),
    clock,
    onListen(bound) {
      if (hasBooted) bound.then((address) => onError(`listening on ${address}`), onError)
      else atBoot.push(bound)
    },
    onBroken({ address, error, retryInMs }) {
      broken.add(address)
      onError(`nothing listens on ${address} any more (${error.message}); it is opened again in ${retryInMs / 1000} s`)
    },
    onBack(address) {
      broken.delete(address)
      onError(`listening on ${address} again`)
    },
    onGivenUp: (address) => broken.delete(address),
  })
  const shell = new Shell({ clock, random: systemRandom(), defaults: { ...options.server, onReport } })
  const boot = (): { readonly server: Server; readonly recording?: ReturnType<typeof recordToFolder> } => {
    const { clock, random } = shell
    if (recordTo === undefined) {
      const parts = { clock, random, network, addresses, shell, calls: shell }
      return { server: shell.boot(() => program.boot(parts)) }
    }
    const recording = recordToFolder(program, network, { clock, random, shell, addresses, ...recordTo })
    return { server: recording.server, recording }
  }
  const { server, recording } = orClose(network, boot)
  hasBooted = true

  const metrics =
    options.metrics && startMetricsServer(options.metrics.host, options.metrics.port, httpEndpoints(health))

  return {
    server,
    recording: recording?.name,
    listensAt: (address) => network.asked.has(address),
    async listen() {
      const [metricsAddress, ...bindings] = await Promise.all([metrics?.bound, ...atBoot])
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

/** Ports that a program opened before its boot failed would keep the process alive. */
function orClose<T>(network: KeptNetwork, boot: () => T): T {
  try {
    return boot()
  } catch (error) {
    network.close()
    throw error
  }
}

/** As many peers as one ENet socket can have. */
const ENET_PEERS_MAX = 4095
