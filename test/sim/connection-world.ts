/** A server and a client on a simulated network, and a log of everything that their programs hear. */
import type { Delivery } from '../../core/delivery.ts'
import type { Connection, ConnectionHandler } from '../../core/injected.ts'
import {
  createGround,
  Host,
  MessageNetwork,
  type Ground,
  type LinkSettings,
  type MessageNetworkOptions,
  type SimulatedConnection,
} from '../../sim/index.ts'

export interface ConnectionWorldOptions extends MessageNetworkOptions {
  readonly scheme: 'ws' | 'enet'
  readonly seed?: number
}

export class ConnectionWorld {
  readonly ground: Ground
  readonly network: MessageNetwork
  readonly server: Host
  readonly client: Host
  /** `ms name what`, in order. */
  readonly log: string[] = []
  readonly accepted: Connection[] = []
  readonly #address: string
  #dialed: Connection | undefined

  constructor({ scheme, seed = 1, ...options }: ConnectionWorldOptions) {
    this.ground = createGround({ seed, storage: 'all' })
    this.network = new MessageNetwork(this.ground, options)
    this.#address = scheme === 'ws' ? 'ws://server:4433/ws' : 'enet://server:4483'
    this.server = new Host(this.ground, this.network, { name: 'server' })
    this.client = new Host(this.ground, this.network, { name: 'client' })
    this.server.boot(({ network, incarnation }) => {
      network.listen(this.#address, (connection) => {
        this.accepted.push(connection)
        return this.#handler(incarnation === 1 ? 'server' : `server${incarnation}`)
      })
    })
    this.client.boot(() => undefined)
  }

  get nowMs(): number {
    return this.ground.queue.nowUs / 1000
  }

  /** The client's end of what was dialled last. */
  get near(): Connection {
    if (this.#dialed === undefined) throw new Error('nothing was dialled')
    return this.#dialed
  }

  /** The server's end of what was accepted last. */
  get far(): Connection {
    const last = this.accepted.at(-1)
    if (last === undefined) throw new Error('nothing was accepted')
    return last
  }

  get connection(): SimulatedConnection {
    const connection = this.network.connectionOf(this.near)
    if (connection === undefined) throw new Error('nothing is left of the connection')
    return connection
  }

  dial(): this {
    this.#dialed = this.client.network.connect(this.#address, this.#handler('client'))
    return this
  }

  advance(ms: number): this {
    this.ground.queue.runUntil(this.ground.queue.nowUs + Math.round(ms * 1000))
    return this
  }

  setLinks(settings: Partial<LinkSettings>): this {
    this.network.paths.setAll(settings)
    return this
  }

  /** Empties the log. */
  take(): string[] {
    return this.log.splice(0)
  }

  /** What that program heard, without times. */
  heardBy(name: string): string[] {
    return this.log
      .map((line) => line.split(' '))
      .filter(([, who]) => who === name)
      .map((words) => words.slice(2).join(' '))
  }

  #handler(name: string): ConnectionHandler {
    const note = (what: string): void => void this.log.push(`${this.nowMs} ${name} ${what}`)
    return {
      opened: () => note('opened'),
      message: (bytes) => note(`message ${textOf(bytes)}`),
      closed: (code, reason) => note(`closed ${code}${reason === '' ? '' : ` ${reason}`}`),
      drained: () => note('drained'),
    }
  }
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function textOf(bytes: Uint8Array): string {
  return bytes.length > 40 ? `of ${bytes.length} bytes` : new TextDecoder().decode(bytes)
}

export const unreliable: Delivery = { mode: 'unreliable', channel: 0 }
export const unsequenced: Delivery = { mode: 'unsequenced', channel: 0 }
