/**
 * One life of a host of a world on loopback: production's adapters on production's sockets, with the doors in place of
 * the addresses that they dial, and the host's simulated TCP and UDP between the doors and whoever they speak to.
 *
 * A life that is over cannot take its sockets with it, as a process would: they are closed for it.
 */
import type {
  Accept,
  Clock,
  Connection,
  ConnectionHandler,
  Listener,
  ListenerEvents,
  Network,
} from '../../core/injected.ts'
import type { HostLife } from '../../sim/index.ts'
import type { HostStacks } from '../../sim/wire/index.ts'
import { formatAddress, parseAddress } from '../../transports/address.ts'
import {
  connectionIds,
  enetNetwork,
  libraryWorld,
  loadLibrary,
  networkByScheme,
  systemRandom,
  webSocketNetwork,
  type EnetNetwork,
  type WebSocketLibrary,
} from '../../transports/index.ts'
import type { Holder } from './held-sockets.ts'
import { LOOPBACK, type Doors } from './loopback-doors.ts'
import type { Destination, Serving } from './loopback-ports.ts'
import { LoopbackTcp } from './loopback-tcp.ts'
import { LoopbackUdp } from './loopback-udp.ts'

export interface LoopbackProgramOptions {
  readonly stacks: HostStacks
  readonly doors: Doors
  readonly onError: (error: unknown) => void
}

const SCHEMES = ['ws', 'enet']

export class LoopbackProgram implements Network, Holder {
  readonly life: HostLife
  readonly #doors: Doors
  readonly #tcp: LoopbackTcp
  readonly #udp: LoopbackUdp
  readonly #adapters: Network
  readonly #enet: EnetNetwork
  /** What the adapters are told to dial just now: they make their socket before `connect` returns. */
  #destination: Destination | undefined

  constructor({ stacks, doors, onError }: LoopbackProgramOptions) {
    const { life } = stacks
    const { clock } = life
    const destination = (): Destination | undefined => this.#destination
    this.life = life
    this.#doors = doors
    this.#tcp = new LoopbackTcp(stacks, doors, destination)
    this.#udp = new LoopbackUdp(stacks, doors, destination)
    const shared = { clock, nextConnectionId: connectionIds(), onError }
    this.#enet = enetNetwork({ ...shared, random: life.random('enet'), stack: this.#udp })
    const ws = webSocketNetwork({ ...shared, library: webSocketLibrary(clock), stack: this.#tcp })
    this.#adapters = networkByScheme({ ws, enet: this.#enet })
  }

  readonly held = (): Readonly<Record<string, number>> => ({
    'TCP sockets': this.#tcp.openSockets,
    'UDP sockets': this.#udp.openSockets,
    'ENet peers': this.#enet.stats()['enetConnections'] ?? 0,
  })

  /** The life is over. */
  kill(): void {
    this.#tcp.kill()
    this.#udp.kill()
  }

  connect(address: string, handler: ConnectionHandler): Connection {
    const { scheme, host, port = 0, path } = parseAddress(address, SCHEMES)
    const door = scheme === 'enet' ? this.#doors.udpPort : this.#doors.tcpPort
    this.#destination = { host, port }
    try {
      return this.#adapters.connect(`${scheme}://${LOOPBACK}:${door}${path}`, handler)
    } finally {
      this.#destination = undefined
    }
  }

  listen(address: string, accept: Accept, events: ListenerEvents = {}): Listener {
    const wanted = parseAddress(address, SCHEMES)
    const stack = wanted.scheme === 'enet' ? this.#udp : this.#tcp
    let bound = address
    let serving: Serving | undefined
    const listening = (port: number): void => {
      bound = formatAddress(wanted, port)
      events.listening?.(bound)
    }
    const failed = (error: Error): void => {
      listener.close()
      events.failed?.(error)
    }
    const listener = this.#adapters.listen(`${wanted.scheme}://${LOOPBACK}:0${wanted.path}`, accept, {
      listening: (address) => {
        const real = parseAddress(address, SCHEMES).port ?? 0
        serving = stack.serve({ real, simulated: wanted.port ?? 0 }, { listening, failed })
      },
      failed: (error) => events.failed?.(error),
    })
    return {
      get address() {
        return bound
      },
      close: (done) => {
        serving?.refuse()
        listener.close(() => {
          // A listener may be closed twice.
          serving?.end()
          serving = undefined
          done?.()
        })
      },
    }
  }
}

/** Its only timer is the one for peers that do not let go of their socket; it runs on the time of the host. */
function webSocketLibrary(clock: Clock): WebSocketLibrary {
  const { setTimeout, clearTimeout } = libraryWorld({ clock, random: systemRandom() }).globals
  return loadLibrary('ws', { globals: { setTimeout, clearTimeout }, modules: {} }) as WebSocketLibrary
}
