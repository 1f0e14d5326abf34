/**
 * The clock, randomness and network of a replayed server, and its shell: the time is that of the recorded input, random bytes
 * are those that were read, and connections are those that were accepted. They supply, and compare nothing: what the server
 * does is compared by a tap of the shell.
 */
import {
  OverworldError,
  type Connection,
  type ConnectionHandler,
  type Listener,
  type Network,
  type Server,
  type Timer,
  type TransportName,
} from '../../core/index.ts'
import { ClientInput } from '../../core/session/client-input.ts'
import type { ClientLink } from '../../core/session/client-link.ts'
import { Shell } from '../../core/turns/shell.ts'
import type { Input, Read } from '../entries.ts'

export interface Supply {
  readonly nowMs: number
  /** What was read here, if the recording goes on with such a reading; undefined: it does not. */
  read<K extends Read['kind']>(
    kind: K,
    isIt: (read: Extract<Read, { kind: K }>) => boolean,
  ): Extract<Read, { kind: K }> | undefined
  /** The server reads what it did not read then. */
  differs(now: Read): void
}

export class ReplayedParts {
  readonly shell: Shell
  readonly network: Network
  readonly #supply: Supply
  readonly #timers = new Map<number, () => void>()
  #timerCount = 0
  /** By their order: what is to be called once a listener that was closed has closed; undefined: nobody has closed it. */
  readonly #listeners: ((() => void) | undefined)[] = []
  readonly #handlers = new Map<number, ConnectionHandler>()
  /** For what is drawn after a divergence: a program may draw until it likes what it gets. */
  #afterwards = 0x9e37_79b9

  constructor(supply: Supply) {
    this.#supply = supply
    this.shell = new Shell({
      clock: { now: () => supply.nowMs, setTimer: (delayMs, fire) => this.#setTimer(delayMs, fire) },
      random: { fill: (bytes) => this.#fill(bytes), uint32: () => this.#uint32() },
    })
    this.network = {
      listen: (address) => this.#listen(address),
      connect: () => {
        throw new OverworldError('bad_option', 'a recorded server does not dial: its program must only listen')
      },
    }
  }

  /** The server's side of a connection; undefined: it has closed, or was never accepted. */
  linkOf(connection: number): ClientLink | undefined {
    const handler = this.#handlers.get(connection)
    return handler instanceof ClientInput ? handler.link : undefined
  }

  /** A timer that was set and is set no more. */
  isOver(timer: number): boolean {
    return timer <= this.#timerCount && !this.#timers.has(timer)
  }

  // Inputs. Each says in words why it cannot happen, if it cannot.

  /** By the core's own entrance, whichever listener it came by: what the program put around its network is outside. */
  accept(input: Extract<Input, { kind: 'accepted' }>, server: Server | undefined): string | undefined {
    if (server === undefined) return 'there is no server yet'
    if (input.listener > this.#listeners.length) return `there is no listener ${input.listener}`
    this.#handlers.set(input.connection, server.accept(new ReplayedConnection(input, this.#supply)))
    return undefined
  }

  on(connection: number, run: (handler: ConnectionHandler) => void): string | undefined {
    const handler = this.#handlers.get(connection)
    if (handler === undefined) return `there is no connection ${connection}`
    run(handler)
    return undefined
  }

  closed(connection: number, code: number, reason: string): string | undefined {
    const handler = this.#handlers.get(connection)
    if (handler === undefined) return `there is no connection ${connection}`
    handler.closed(code, reason)
    this.#handlers.delete(connection)
    return undefined
  }

  fire(timer: number): string | undefined {
    const fire = this.#timers.get(timer)
    if (fire === undefined) return `there is no timer ${timer}: it was cancelled, or never set`
    this.#timers.delete(timer)
    fire()
    return undefined
  }

  listenerClosed(listener: number): string | undefined {
    const done = this.#listeners[listener - 1]
    if (done === undefined) return `nobody has closed listener ${listener}`
    done()
    return undefined
  }

  // What the server reads

  #setTimer(delayMs: number, fire: () => void): Timer {
    const timer = ++this.#timerCount
    if (!(delayMs >= 0)) throw new OverworldError('bad_delay', `a timer's delay is ${delayMs} ms: give a number from 0`)
    this.#timers.set(timer, fire)
    return { cancel: () => void this.#timers.delete(timer) }
  }

  #fill(bytes: Uint8Array): void {
    const { length } = bytes
    const recorded = this.#supply.read('random_bytes', (read) => read.length === length)
    if (recorded !== undefined) {
      bytes.set(recorded.bytes)
      return
    }
    this.#supply.differs({ kind: 'random_bytes', bytes: new Uint8Array(length), length })
    for (let at = 0; at < length; at++) bytes[at] = this.#drawAfterwards() >>> 24
  }

  #uint32(): number {
    const recorded = this.#supply.read('random_number', () => true)
    if (recorded !== undefined) return recorded.number
    const number = this.#drawAfterwards()
    this.#supply.differs({ kind: 'random_number', number })
    return number
  }

  #drawAfterwards(): number {
    this.#afterwards = (Math.imul(this.#afterwards, 0x0019_660d) + 0x3c6e_f35f) >>> 0
    return this.#afterwards
  }

  #listen(address: string): Listener {
    const at = this.#listeners.push(undefined) - 1
    return { address, close: (done = nothing) => void (this.#listeners[at] = done) }
  }
}

class ReplayedConnection implements Connection {
  readonly id: number
  readonly transport: TransportName
  readonly remoteAddress: string
  readonly #number: number
  readonly #supply: Supply
  #buffered = 0

  constructor(input: Extract<Input, { kind: 'accepted' }>, supply: Supply) {
    this.id = input.id
    this.transport = input.transport
    this.remoteAddress = input.address
    this.#number = input.connection
    this.#supply = supply
  }

  get bufferedBytes(): number {
    const changed = this.#supply.read('buffered', ({ connection }) => connection === this.#number)
    if (changed !== undefined) this.#buffered = changed.size
    return this.#buffered
  }

  send(): void {
    // A tap has seen it.
  }

  close(): void {
    // A tap has seen it.
  }
}

function nothing(): void {
  // Nothing waits for it.
}
