/**
 * The message network: whole messages over WebSocket-like and ENet-like connections between simulated hosts, over
 * links whose weather can change while they are used. It is what the fuzzer uses by default; the wire level, with
 * the real libraries over simulated sockets, is another `Fabric` on the same hosts and links.
 */
import { OverworldError } from '../core/errors.ts'
import type {
  Accept,
  Connection,
  ConnectionHandler,
  Listener,
  ListenerEvents,
  Network,
  TransportName,
} from '../core/injected.ts'
import { formatAddress, isLocalHost, parseAddress, type Address } from './address.ts'
import { ConnectionEnd } from './connection-end.ts'
import {
  changeSettings,
  ENET_DEFAULTS,
  STREAM_DEFAULTS,
  type EnetSettings,
  type StreamSettings,
} from './connection-settings.ts'
import { EnetConnection } from './enet-connection.ts'
import { CommandPool } from './enet-command.ts'
import type { Ground } from './ground.ts'
import type { ConnectionsAtCrash, Fabric, Host, HostLife } from './host.ts'
import { Lane } from './lane.ts'
import type { LinkSettings } from './link-settings.ts'
import { Paths } from './paths.ts'
import type { ConnectionEnvironment, FoundListener, SimulatedConnection } from './simulated-connection.ts'
import { StreamConnection } from './stream-connection.ts'
import { SegmentPool } from './stream-segment.ts'
import { TraceKind } from './trace.ts'

export interface MessageNetworkOptions {
  /** What a link is like until it is told otherwise. Default: instant and perfect. */
  readonly links?: Partial<LinkSettings>
  readonly stream?: Partial<StreamSettings>
  readonly enet?: Partial<EnetSettings>
  /** Hears what a handler or an `accept` threw; the connection goes on. Default: the run ends with that error. */
  readonly onError?: (error: unknown) => void
}

const EPHEMERAL_PORT_MIN = 49_152

export class MessageNetwork implements Fabric {
  readonly paths: Paths
  readonly #ground: Ground
  readonly #environment: Environment
  readonly #listeners = new Map<string, SimulatedListener>()
  readonly #segments = new SegmentPool()
  readonly #commands = new CommandPool()
  #connectionCount = 0
  #lastPort = EPHEMERAL_PORT_MIN

  constructor(ground: Ground, { links = {}, stream = {}, enet = {}, onError = endRun }: MessageNetworkOptions = {}) {
    this.#ground = ground
    this.paths = new Paths(ground, links)
    this.#environment = new Environment(
      ground,
      changeSettings(STREAM_DEFAULTS, stream),
      changeSettings(ENET_DEFAULTS, enet),
      (host, address) => this.#findListener(host, address),
      onError,
    )
  }

  /** The connections of which anything is left at either end, in the order of dialing. */
  get connections(): readonly SimulatedConnection[] {
    return [...this.#environment.connections]
  }

  connectionsOf(host: Host): readonly SimulatedConnection[] {
    return this.connections.filter(({ clientHost, serverHost }) => clientHost === host || serverHost === host)
  }

  /** Whose end `connection` is; undefined for a connection of another network and once nothing is left of it. */
  connectionOf(connection: Connection): SimulatedConnection | undefined {
    if (!(connection instanceof ConnectionEnd)) return undefined
    return this.connections.find((each) => each.end(connection.side) === connection)
  }

  /** Changes what is given, for connections that exist too. Throws `bad_option`. */
  configure({ stream = {}, enet = {} }: Pick<MessageNetworkOptions, 'stream' | 'enet'>): void {
    this.#environment.stream = changeSettings(this.#environment.stream, stream)
    this.#environment.enet = changeSettings(this.#environment.enet, enet)
    for (const connection of this.#environment.connections) connection.settingsChanged()
  }

  addHost(host: Host): void {
    this.paths.addHost(host)
  }

  startNetwork(life: HostLife): Network {
    return {
      listen: (address, accept, events) => this.#listen(life, address, accept, events),
      connect: (address, handler) => this.#connect(life, address, handler),
    }
  }

  stopNetwork({ host }: HostLife, connections: ConnectionsAtCrash): void {
    for (const [key, listener] of this.#listeners) if (listener.life.host === host) this.#listeners.delete(key)
    for (const connection of this.connectionsOf(host)) {
      const side = connection.clientHost === host ? 'client' : 'server'
      connection.crash(side, connections)
      if (connection.clientHost === connection.serverHost) connection.crash('server', connections)
    }
  }

  changeAddress(host: Host, _address: string): void {
    for (const connection of this.connectionsOf(host)) connection.sever()
  }

  #listen(life: HostLife, text: string, accept: Accept, events: ListenerEvents = {}): Listener {
    const address = parseAddress(text)
    const { host } = life
    if (!isLocalHost(address.host) && address.host !== host.name && address.host !== host.address) {
      throw new OverworldError('bad_address', `host "${host.name}" cannot listen at "${text}": use its own name`)
    }
    const bound = { ...address, port: address.port === 0 ? this.#freePort(host, address) : address.port }
    const key = keyOf(host, bound)
    const listener = new SimulatedListener(life, bound, text, accept, (done) => {
      listener.isClosed = true
      if (this.#listeners.get(key) === listener) {
        this.#listeners.delete(key)
        this.#ground.trace.record(TraceKind.unlisten, host.ordinal, 0, 0, undefined, formatAddress(bound))
      }
      this.#later(life, () => done?.())
    })
    if (!life.isAlive) return listener
    if (this.#listeners.has(key)) {
      const error = new OverworldError('bad_address', `"${formatAddress(bound)}" is in use: choose another port`)
      this.#later(life, () => {
        if (listener.isClosed) return
        if (events.failed === undefined) throw error
        events.failed(error)
      })
    } else {
      this.#listeners.set(key, listener)
      this.#ground.trace.record(TraceKind.listen, host.ordinal, 0, 0, undefined, formatAddress(bound))
      this.#later(life, () => {
        if (this.#listeners.get(key) !== listener) return
        listener.address = formatAddress(bound)
        events.listening?.(listener.address)
      })
    }
    return listener
  }

  #connect(life: HostLife, text: string, handler: ConnectionHandler): Connection {
    const address = parseAddress(text)
    const { host } = life
    const transport: TransportName = address.scheme === 'enet' ? 'enet' : 'websocket'
    const server = isLocalHost(address.host) ? host : this.paths.findHost(address.host)
    if (!life.isAlive) return new UnreachableConnection(0, transport, address.host)
    const ordinal = ++this.#connectionCount
    this.#ground.trace.record(TraceKind.dial, host.ordinal, ordinal, 0, undefined, text)
    if (server === undefined) return this.#failToResolve(life, ordinal, transport, address.host, handler)
    const options = {
      environment: this.#environment,
      ordinal,
      address,
      toServer: new Lane(host, server, this.paths.link(host, server)),
      toClient: new Lane(server, host, this.paths.link(server, host)),
    }
    const connection =
      transport === 'enet'
        ? new EnetConnection(options, life, handler, this.#commands)
        : new StreamConnection(options, life, handler, this.#segments)
    this.#environment.connections.add(connection)
    connection.dial()
    return connection.client
  }

  /** There is no such host: the name lookup says so at once. */
  #failToResolve(
    life: HostLife,
    ordinal: number,
    transport: TransportName,
    remoteAddress: string,
    handler: ConnectionHandler,
  ): Connection {
    this.#later(life, () => {
      this.#ground.trace.record(TraceKind.closed, life.host.ordinal, ordinal, 1006, undefined, 'host not found')
      handler.closed(1006, 'host not found')
    })
    return new UnreachableConnection(ordinal * 2 - 1, transport, remoteAddress)
  }

  /** As the next event of a program that is still alive then. */
  #later(life: HostLife, run: () => void): void {
    const { queue } = this.#ground
    queue.push(queue.nowUs, () => {
      if (life.isAlive) life.host.execute(run)
    })
  }

  #findListener(host: Host, address: Address): FoundListener | undefined {
    const listener = this.#listeners.get(keyOf(host, address))
    if (listener === undefined || listener.bound.scheme !== address.scheme) return undefined
    return listener.bound.path === address.path ? listener : undefined
  }

  #freePort(host: Host, address: Address): number {
    do this.#lastPort = this.#lastPort === 65_535 ? EPHEMERAL_PORT_MIN : this.#lastPort + 1
    while (this.#listeners.has(keyOf(host, { ...address, port: this.#lastPort })))
    return this.#lastPort
  }
}

function endRun(error: unknown): never {
  throw error
}

class Environment implements ConnectionEnvironment {
  readonly ground: Ground
  stream: StreamSettings
  enet: EnetSettings
  readonly connections = new Set<SimulatedConnection>()
  readonly findListener: ConnectionEnvironment['findListener']
  readonly onError: (error: unknown) => void

  constructor(
    ground: Ground,
    stream: StreamSettings,
    enet: EnetSettings,
    findListener: ConnectionEnvironment['findListener'],
    onError: (error: unknown) => void,
  ) {
    this.ground = ground
    this.stream = stream
    this.enet = enet
    this.findListener = findListener
    this.onError = onError
  }

  forget(connection: SimulatedConnection): void {
    this.connections.delete(connection)
  }
}

class SimulatedListener implements Listener, FoundListener {
  readonly life: HostLife
  readonly bound: Address
  readonly accept: Accept
  readonly close: (done?: () => void) => void
  /** As it was asked for until it is bound. */
  address: string
  isClosed = false

  constructor(life: HostLife, bound: Address, asked: string, accept: Accept, close: (done?: () => void) => void) {
    this.life = life
    this.bound = bound
    this.address = asked
    this.accept = accept
    this.close = close
  }
}

/** What a dial to nowhere returns. */
class UnreachableConnection implements Connection {
  readonly id: number
  readonly transport: TransportName
  readonly remoteAddress: string
  readonly bufferedBytes = 0

  constructor(id: number, transport: TransportName, remoteAddress: string) {
    this.id = id
    this.transport = transport
    this.remoteAddress = remoteAddress
  }

  send(): void {
    // Nobody is there.
  }

  close(): void {
    // It is closing already.
  }
}

/** WebSockets share the ports of TCP, ENet has those of UDP. */
function keyOf(host: Host, { scheme, port }: Address): string {
  return `${host.name} ${scheme === 'enet' ? 'udp' : 'tcp'} ${port}`
}
