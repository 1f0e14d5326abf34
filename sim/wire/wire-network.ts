/**
 * The wire network: hosts with TCP and UDP stacks of their own, over the same links as the message network. What runs
 * on the stacks (adapters, `ws`, `http`, `enet`) is its maker's choice: the simulator knows none of them.
 *
 * A world on it does not run synchronously: drive it with `runDraining`.
 */
import type { Network } from '../../core/injected.ts'
import {
  changeSettings,
  ENET_DEFAULTS,
  STREAM_DEFAULTS,
  type EnetSettings,
  type StreamSettings,
} from '../connection-settings.ts'
import type { Ground } from '../ground.ts'
import type { ConnectionsAtCrash, Host, HostLife } from '../host.ts'
import type { LinkSettings } from '../link-settings.ts'
import { Paths } from '../paths.ts'
import type { WorldConnection, WorldNetwork } from '../world-network.ts'
import type { Drain } from '../drain.ts'
import { TcpNetwork } from './tcp-network.ts'
import type { TcpStack } from './tcp-stack.ts'
import { ClosingCodes, TracedNetwork } from './traced-network.ts'
import { UdpNetwork } from './udp-network.ts'
import { LifeCauses, type DatagramMessages } from './wire-causes.ts'
import type { DatagramSource, UdpSocket } from './udp-socket.ts'

/** The stacks of one life of a host. */
export interface HostStacks {
  readonly life: HostLife
  readonly drain: Drain
  readonly tcp: TcpStack
  readonly udp: UdpHostStack
  /** What messages follow from, for who knows what datagrams have in them. */
  readonly causes: LifeCauses
}

export interface UdpHostStack {
  /** `messages`: knows which messages datagrams have in them. */
  createSocket(messages?: DatagramMessages): UdpSocket
  /** Sockets that the program holds. */
  readonly openSockets: number
  /** The address of a machine; undefined where there is none of that name. */
  resolve(name: string): string | undefined
  /** At a later event of this life. */
  later(run: () => void): void
  /** Sends a datagram that lies about where it comes from. Answers go to whoever has that address, if anybody. */
  forge(bytes: Uint8Array, from: DatagramSource, port: number, host: string): void
}

export interface WireNetworkOptions {
  /** What a link is like until it is told otherwise. Default: instant and perfect. */
  readonly links?: Partial<LinkSettings>
  readonly stream?: Partial<StreamSettings>
  /** Only `receiveBufferBytes` matters here: everything else is up to the ENet that runs. */
  readonly enet?: Partial<EnetSettings>
  readonly whenTooLarge?: 'fragment' | 'drop'
  /** Hears where what `makeNetwork` built breaks the contract of every network. Default: the run ends with an error. */
  readonly onBreach?: (message: string) => void
  /** Builds what a program is given as its network. */
  readonly makeNetwork: (stacks: HostStacks) => Network
  /** A life is over, and so are its stacks. */
  readonly onStopped?: (life: HostLife) => void
}

export class WireNetwork implements WorldNetwork {
  readonly paths: Paths
  readonly drain: Drain
  readonly #ground: Ground
  readonly #tcp: TcpNetwork
  readonly #udp: UdpNetwork
  readonly #makeNetwork: WireNetworkOptions['makeNetwork']
  #lastOrdinal = 0
  readonly #nextOrdinal = (): number => ++this.#lastOrdinal
  readonly #onBreach: (message: string) => void
  readonly #onStopped: WireNetworkOptions['onStopped']
  readonly #codes = new ClosingCodes()
  #stream: StreamSettings
  #enet: EnetSettings

  constructor(ground: Ground, options: WireNetworkOptions) {
    const { links = {}, stream = {}, enet = {}, whenTooLarge = 'fragment', makeNetwork } = options
    this.#ground = ground
    this.drain = ground.drain
    this.#makeNetwork = makeNetwork
    this.#onBreach = options.onBreach ?? endRun
    this.#onStopped = options.onStopped
    this.paths = new Paths(ground, links)
    this.#stream = changeSettings(STREAM_DEFAULTS, stream)
    this.#enet = changeSettings(ENET_DEFAULTS, enet)
    const shared = { ground, paths: this.paths, drain: this.drain, nextOrdinal: this.#nextOrdinal }
    this.#tcp = new TcpNetwork({ ...shared, settings: this.#stream })
    this.#udp = new UdpNetwork({ ...shared, settings: this.#enet, whenTooLarge })
  }

  connectionsOf(host: Host): readonly WorldConnection[] {
    return [...this.#tcp.connections, ...this.#udp.flows]
      .filter(({ clientHost, serverHost }) => clientHost === host || serverHost === host)
      .sort((a, b) => a.ordinal - b.ordinal)
  }

  configure({ stream = {}, enet = {} }: Pick<WireNetworkOptions, 'stream' | 'enet'>): void {
    this.#stream = changeSettings(this.#stream, stream)
    this.#enet = changeSettings(this.#enet, enet)
    this.#tcp.configure(this.#stream)
    this.#udp.configure(this.#enet)
  }

  addHost(host: Host): void {
    this.paths.addHost(host)
  }

  startNetwork(life: HostLife): Network {
    const udp = this.#udp
    const causes = new LifeCauses(this.#ground.causes, (name) => udp.resolve(life, name))
    const stacks: HostStacks = {
      life,
      drain: this.drain,
      tcp: this.#tcp.startStack(life, causes),
      causes,
      udp: {
        createSocket: (messages) => udp.createSocket(life, messages),
        get openSockets() {
          return udp.openSockets(life)
        },
        resolve: (name) => this.#udp.resolve(life, name),
        later: (run) => this.#udp.later(life, run),
        forge: (bytes, from, port, name) => this.#udp.forge(life.host, bytes, from, port, name),
      },
    }
    const network = this.#makeNetwork(stacks)
    return new TracedNetwork(network, {
      ground: this.#ground,
      life,
      nextOrdinal: this.#nextOrdinal,
      onBreach: this.#onBreach,
      codes: this.#codes,
      causes,
    })
  }

  stopNetwork(life: HostLife, connections: ConnectionsAtCrash): void {
    this.#tcp.stopStack(life, connections)
    this.#udp.stopStack(life)
    this.#onStopped?.(life)
  }

  /** Streams are bound to the address that they began with and go silent; datagrams leave from the new one. */
  changeAddress(host: Host, _address: string): void {
    for (const connection of this.#tcp.connections) {
      if (connection.clientHost === host || connection.serverHost === host) connection.sever()
    }
  }
}

function endRun(message: string): never {
  throw new Error(message)
}
