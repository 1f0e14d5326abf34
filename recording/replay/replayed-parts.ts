/**
 * The clock, randomness and network of a replayed server: time stands where the recording says, random bytes are
 * those that were read, and connections are those that were accepted. Whatever the server does with them goes to a
 * judge.
 */
import {
  OverworldError,
  RELIABLE,
  type Accept,
  type Clock,
  type Connection,
  type ConnectionHandler,
  type Delivery,
  type Listener,
  type Network,
  type Random,
  type Timer,
  type TransportName,
} from '../../core/index.ts'
import type { CallWitness } from '../../core/turns/outside-calls.ts'
import type { Input, Output, Read } from '../index.ts'
import { ClientInput } from '../../core/session/client-input.ts'
import type { ClientLink } from '../../core/session/client-link.ts'

export interface Judge {
  readonly nowMs: number
  /** What was read here, if the recording goes on with such a reading; undefined: it does not. */
  read<K extends Read['kind']>(
    kind: K,
    isIt: (read: Extract<Read, { kind: K }>) => boolean,
  ): Extract<Read, { kind: K }> | undefined
  /** The server read what was not read then. */
  differs(now: Read): void
  did(output: Output): void
}

export class ReplayedParts {
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  readonly calls: CallWitness
  readonly #judge: Judge
  readonly #timers = new Map<number, () => void>()
  #timerCount = 0
  readonly #listeners: { readonly accept: Accept; done: (() => void) | undefined }[] = []
  readonly #handlers = new Map<number, ConnectionHandler>()
  readonly #definitions: object[] = []
  /** Within the program's own code. */
  #isProgram = false
  /** For what is drawn after a divergence: a program may draw until it likes what it gets. */
  #afterwards = 0x9e37_79b9

  constructor(judge: Judge) {
    this.#judge = judge
    this.clock = { now: () => judge.nowMs, setTimer: (delayMs, fire) => this.#setTimer(delayMs, fire) }
    this.random = { fill: (bytes) => this.#fill(bytes), uint32: () => this.#uint32() }
    this.network = {
      listen: (address, accept) => this.#listen(address, accept),
      connect: () => {
        throw new OverworldError('bad_option', 'a recorded server does not dial: its program must only listen')
      },
    }
    this.calls = {
      enters: ({ on, method, args }) => {
        if (this.#isProgram && on === 'zones' && method === 'start') this.#noteDefinition(args[0])
      },
      left: () => undefined,
    }
  }

  /** Runs what belongs to the program: its boot, or a command. */
  during<T>(run: () => T): T {
    this.#isProgram = true
    try {
      return run()
    } finally {
      this.#isProgram = false
    }
  }

  definition(number: number): object | undefined {
    return this.#definitions[number - 1]
  }

  /** The server's side of a connection; undefined: it has closed, or was never accepted. */
  linkOf(connection: number): ClientLink | undefined {
    const handler = this.#handlers.get(connection)
    return handler instanceof ClientInput ? handler.link : undefined
  }

  // Inputs. Each says in words why it cannot happen, if it cannot.

  accept(input: Extract<Input, { kind: 'accepted' }>): string | undefined {
    const listener = this.#listeners[input.listener - 1]
    if (listener === undefined) return `there is no listener ${input.listener}`
    this.#handlers.set(input.connection, listener.accept(new ReplayedConnection(input, this.#judge)))
    return undefined
  }

  on(connection: number, run: (handler: ConnectionHandler) => void): string | undefined {
    const handler = this.#handlers.get(connection)
    if (handler === undefined) return `there is no connection ${connection}`
    run(handler)
    return undefined
  }

  closed(connection: number, code: number, reason: string): string | undefined {
    const impossible = this.on(connection, (handler) => handler.closed(code, reason))
    this.#handlers.delete(connection)
    return impossible
  }

  fire(timer: number): string | undefined {
    const fire = this.#timers.get(timer)
    if (fire === undefined) return `there is no timer ${timer}: it was cancelled, or never set`
    this.#timers.delete(timer)
    fire()
    return undefined
  }

  listenerClosed(listener: number): string | undefined {
    const done = this.#listeners[listener - 1]?.done
    if (done === undefined) return `nobody has closed listener ${listener}`
    done()
    return undefined
  }

  // What the server reads and does

  #setTimer(delayMs: number, fire: () => void): Timer {
    if (!(delayMs >= 0)) throw new OverworldError('bad_delay', `a timer's delay is ${delayMs} ms: give a number from 0`)
    const timer = ++this.#timerCount
    this.#timers.set(timer, fire)
    this.#judge.did({ kind: 'set_timer', delayMs })
    return {
      cancel: () => {
        this.#timers.delete(timer)
        this.#judge.did({ kind: 'cancelled', timer })
      },
    }
  }

  #fill(bytes: Uint8Array): void {
    const { length } = bytes
    const recorded = this.#judge.read('random_bytes', (read) => read.length === length)
    if (recorded !== undefined) {
      bytes.set(recorded.bytes)
      return
    }
    this.#judge.differs({ kind: 'random_bytes', bytes: new Uint8Array(length), length })
    for (let at = 0; at < length; at++) bytes[at] = this.#drawAfterwards() >>> 24
  }

  #uint32(): number {
    const recorded = this.#judge.read('random_number', () => true)
    if (recorded !== undefined) return recorded.number
    const number = this.#drawAfterwards()
    this.#judge.differs({ kind: 'random_number', number })
    return number
  }

  #drawAfterwards(): number {
    this.#afterwards = (Math.imul(this.#afterwards, 0x0019_660d) + 0x3c6e_f35f) >>> 0
    return this.#afterwards
  }

  #listen(address: string, accept: Accept): Listener {
    const listener = { accept, done: undefined as (() => void) | undefined }
    const number = this.#listeners.push(listener)
    this.#judge.did({ kind: 'listened', address })
    return {
      address,
      close: (done) => {
        listener.done = done ?? (() => undefined)
        this.#judge.did({ kind: 'close_listener', listener: number })
      },
    }
  }

  #noteDefinition(definition: unknown): void {
    if (typeof definition !== 'object' || definition === null || this.#definitions.includes(definition)) return
    this.#definitions.push(definition)
  }
}

class ReplayedConnection implements Connection {
  readonly id: number
  readonly transport: TransportName
  readonly remoteAddress: string
  readonly #number: number
  readonly #judge: Judge
  #buffered = 0

  constructor(input: Extract<Input, { kind: 'accepted' }>, judge: Judge) {
    this.id = input.id
    this.transport = input.transport
    this.remoteAddress = input.address
    this.#number = input.connection
    this.#judge = judge
  }

  get bufferedBytes(): number {
    const changed = this.#judge.read('buffered', ({ connection }) => connection === this.#number)
    if (changed !== undefined) this.#buffered = changed.size
    return this.#buffered
  }

  send(bytes: Uint8Array, delivery: Delivery = RELIABLE): void {
    this.#judge.did({ kind: 'sent', connection: this.#number, bytes, delivery, length: bytes.length })
  }

  close(code: number, reason = ''): void {
    this.#judge.did({ kind: 'close', connection: this.#number, code, reason })
  }
}
