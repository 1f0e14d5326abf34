/**
 * Puts real adapters on simulated stacks: the network of a world at wire level, and how to let time pass in it. What
 * runs is production's: `transports/`, Node's `http`, private instances of `ws` and `enet`.
 */
import type { Network } from '../../core/injected.ts'
import type { Ground, HostLife } from '../../sim/index.ts'
import { WireNetwork, type HostStacks, type WireNetworkOptions } from '../../sim/wire/index.ts'
import { connectionIds, enetNetwork, networkByScheme, webSocketNetwork } from '../../transports/index.ts'
import { InvariantBroken } from '../invariants.ts'
import { describeHeld } from './held-sockets.ts'
import { runGround, runGroundWithPromises } from './run-draining-world.ts'
import { SharedEnet, wireUdpStack } from './wire-enet.ts'
import { wireWebSocketLibrary, wireWebSocketStack } from './wire-web-socket.ts'

export interface WireOptions extends Omit<WireNetworkOptions, 'makeNetwork'> {
  /** For tests: wait after every event. It must make no difference. Default: after those that need it. */
  readonly drains?: 'needed' | 'always'
  /** Programs of clients use promises: what they throw and nothing catches, `advance` rejects with. Default: false. */
  readonly promises?: boolean
  /** Whether `advance` rejects with what was reported to the adapters' `onError`. Default: it does. */
  readonly throws?: boolean
}

export interface Program {
  readonly stacks: HostStacks
  readonly counters: () => Readonly<Record<string, number>>
}

export class Wire {
  readonly network: WireNetwork
  readonly #ground: Ground
  readonly #enet: SharedEnet
  readonly #drains: 'needed' | 'always'
  readonly #promises: boolean
  /** What handlers threw, or adapters could not make sense of. */
  readonly #errors: unknown[] = []
  readonly #throws: boolean
  readonly #programs: Program[] = []

  constructor(ground: Ground, { drains = 'needed', promises = false, throws = true, ...options }: WireOptions = {}) {
    this.#ground = ground
    this.#drains = drains
    this.#promises = promises
    this.#throws = throws
    this.#enet = new SharedEnet(ground.streams.stream('enet'))
    this.network = new WireNetwork(ground, {
      ...options,
      onBreach: (message) => this.#errors.push(new InvariantBroken('no-internal-error', message)),
      makeNetwork: (stacks) => this.#makeNetwork(stacks),
    })
  }

  /** Lets `ms` of virtual time pass, or less if `isOver` says so. Rejects with the first error that came up. */
  async advance(ms: number, isOver?: () => boolean): Promise<void> {
    const run = this.#promises ? runGroundWithPromises : runGround
    await run(this.#ground, {
      untilUs: this.#ground.queue.nowUs + Math.round(ms * 1000),
      isOver: () => {
        if (this.#throws && this.#errors.length > 0) throw this.#errors.shift()
        return isOver?.() === true
      },
      drainsAlways: this.#drains === 'always',
    })
  }

  /** What was reported and not thrown by `advance` yet. */
  get errors(): readonly unknown[] {
    return this.#errors
  }

  /** The bare stacks of a life, for bytes that no adapter would send, and what its adapters have counted. */
  programOf(life: HostLife): Program | undefined {
    return this.#programs.find(({ stacks }) => stacks.life === life)
  }

  /** What adapters of programs that are alive still hold, on all machines but these, in words. For when everybody has gone. */
  remaining(except: ReadonlySet<string>): string | undefined {
    return describeHeld(
      this.#programs.map(({ stacks, counters }) => ({
        life: stacks.life,
        held: () => ({
          'TCP sockets': stacks.tcp.openSockets,
          'UDP sockets': stacks.udp.openSockets,
          'ENet peers': counters()['enetConnections'] ?? 0,
        }),
      })),
      except,
    )
  }

  #makeNetwork(stacks: HostStacks): Network {
    const { life } = stacks
    const { clock } = life
    const nextConnectionId = connectionIds()
    const onError = (error: unknown): void => {
      if (life.isAlive) this.#errors.push(error)
    }
    const shared = { clock, nextConnectionId, onError }
    const webSocket = webSocketNetwork({
      ...shared,
      library: wireWebSocketLibrary(stacks),
      stack: wireWebSocketStack(stacks),
    })
    const enet = enetNetwork({
      ...shared,
      random: life.random('enet'),
      loadLibrary: () => this.#enet.libraryFor(clock),
      stack: wireUdpStack(stacks),
    })
    this.#programs.push({ stacks, counters: () => ({ ...webSocket.stats(), ...enet.stats() }) })
    return networkByScheme({ ws: webSocket, enet })
  }
}
