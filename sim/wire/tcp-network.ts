/** All TCP of a world: which life of which host listens and dials, and every connection of which anything is left. */
import type { StreamSettings } from '../connection-settings.ts'
import type { Ground } from '../ground.ts'
import type { ConnectionsAtCrash, Host, HostLife } from '../host.ts'
import { isLocalHost } from '../address.ts'
import { Lane } from '../lane.ts'
import type { Paths } from '../paths.ts'
import { TraceKind } from '../trace.ts'
import type { Drain } from '../drain.ts'
import { TcpConnection, type TcpEnvironment } from './tcp-connection.ts'
import { TcpEndpoint } from './tcp-endpoint.ts'
import type { TcpSocket } from './tcp-socket.ts'
import { TcpStack, type TcpDialOptions } from './tcp-stack.ts'
import type { LifeCauses } from './wire-causes.ts'

export interface TcpNetworkOptions {
  readonly ground: Ground
  readonly paths: Paths
  readonly drain: Drain
  readonly settings: StreamSettings
  /** Numbers for the trace. */
  readonly nextOrdinal: () => number
}

export const EPHEMERAL_PORT_MIN = 49_152

export class TcpNetwork implements TcpEnvironment {
  readonly ground: Ground
  readonly drain: Drain
  stream: StreamSettings
  readonly #paths: Paths
  readonly #nextOrdinal: () => number
  readonly #stacks = new Map<Host, TcpStack>()
  readonly #connections = new Set<TcpConnection>()
  readonly #lastPorts = new Map<string, number>()

  constructor({ ground, paths, drain, settings, nextOrdinal }: TcpNetworkOptions) {
    this.ground = ground
    this.drain = drain
    this.stream = settings
    this.#paths = paths
    this.#nextOrdinal = nextOrdinal
  }

  get connections(): Iterable<TcpConnection> {
    return this.#connections
  }

  startStack(life: HostLife, causes: LifeCauses): TcpStack {
    const stack = new TcpStack(this, life, causes)
    this.#stacks.set(life.host, stack)
    return stack
  }

  stopStack({ host }: HostLife, connections: ConnectionsAtCrash): void {
    this.#stacks.delete(host)
    for (const connection of this.#connections) {
      if (connection.clientHost === host) connection.crash('client', connections)
      if (connection.serverHost === host) connection.crash('server', connections)
    }
  }

  configure(settings: StreamSettings): void {
    this.stream = settings
    for (const connection of this.#connections) connection.settingsChanged()
  }

  dial(stack: TcpStack, name: string, port: number, { allowHalfOpen = false }: TcpDialOptions = {}): TcpSocket {
    const { life } = stack
    const { host } = life
    const server = isLocalHost(name) ? host : this.#paths.findHost(name)
    const found = server ?? host
    const connection = new TcpConnection(
      this,
      this.#nextOrdinal(),
      new Lane(host, found, this.#paths.link(host, found)),
      new Lane(found, host, this.#paths.link(found, host)),
      { client: this.freePort(host, () => false), server: port },
    )
    const endpoint = new TcpEndpoint(connection, 'client', life)
    const socket = stack.makeSocket({ endpoint, allowHalfOpen, isConnecting: true })
    if (!life.isAlive) return socket
    this.ground.trace.record(TraceKind.dial, host.ordinal, connection.ordinal, port, undefined, `tcp ${name}`)
    if (server === undefined) {
      this.later(life, () => socket.destroy(notFound(name)))
    } else {
      this.#connections.add(connection)
      connection.dial(endpoint)
      // Reading begins with the connection, as with a real socket.
      this.later(life, () => void socket.read(0))
    }
    return socket
  }

  /** As the next event of a program that is still alive then. */
  later(life: HostLife, run: () => void): void {
    const { queue } = this.ground
    queue.push(queue.nowUs, () => {
      if (!life.isAlive) return
      life.host.execute(() => {
        this.drain.need()
        run()
      })
    })
  }

  /** Hosts that share an address (a NAT) share its ports. */
  freePort(host: Host, isTaken: (port: number) => boolean): number {
    let port = this.#lastPorts.get(host.address) ?? EPHEMERAL_PORT_MIN
    do port = port === 65_535 ? EPHEMERAL_PORT_MIN : port + 1
    while (isTaken(port))
    this.#lastPorts.set(host.address, port)
    return port
  }

  acceptSyn(connection: TcpConnection): TcpEndpoint | undefined {
    const stack = this.#stacks.get(connection.serverHost)
    if (stack === undefined || !stack.isListening(connection.serverPort)) return undefined
    return new TcpEndpoint(connection, 'server', stack.life, (endpoint) => stack.accept(endpoint))
  }

  forget(connection: TcpConnection): void {
    this.#connections.delete(connection)
  }
}

function notFound(name: string): Error {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })
}
