/**
 * Writes down in the trace what a program says to its network and hears from it, in the words of the message network,
 * keeps everything away from a program whose life is over, and sees to it that what is under it keeps the contract of
 * every network (`core/injected.ts`): a breach is told to `onBreach`, and ends the run.
 *
 * It is no tap: a tap sees what a server or a client of this library does with its connections. This sees all programs of a
 * host (the scenario dials as well, and sends bytes that no client would), it judges the adapter below and not the core above,
 * and it changes what happens, since nothing may reach a program that is dead.
 *
 * It also hands on what messages follow from (`wire-causes.ts`): a connection's `send` and its `message` pass here.
 *
 * Left out: which two connections are the ends of one. The numbers here are those of single ends.
 */
import { RELIABLE, type Delivery } from '../../core/delivery.ts'
import type { Accept, Connection, ConnectionHandler, Listener, ListenerEvents, Network } from '../../core/injected.ts'
import type { Ground } from '../ground.ts'
import type { HostLife } from '../host.ts'
import { numberOfDelivery, TraceKind } from '../trace.ts'
import type { LifeCauses } from './wire-causes.ts'

export interface TracedNetworkOptions {
  readonly ground: Ground
  readonly life: HostLife
  readonly nextOrdinal: () => number
  readonly onBreach: (message: string) => void
  /** The close codes that anybody in this world has used, by host. */
  readonly codes: ClosingCodes
  readonly causes: LifeCauses
}

/** Whom a code that somebody hears can be from. */
export class ClosingCodes {
  readonly #said = new Map<string, Set<number>>()

  say(host: string, code: number): void {
    const said = this.#said.get(host)
    if (said === undefined) this.#said.set(host, new Set([code]))
    else said.add(code)
  }

  isSaidByOthers(host: string, code: number): boolean {
    for (const [each, said] of this.#said) if (each !== host && said.has(code)) return true
    return false
  }
}

/** `close` waits for its peer that long, then cuts; and that much later its end must have been told. */
const CUT_MS = 1000
const CUT_SLACK_MS = 50

export class TracedNetwork implements Network {
  readonly #network: Network
  readonly #options: TracedNetworkOptions

  constructor(network: Network, options: TracedNetworkOptions) {
    this.#network = network
    this.#options = options
  }

  listen(address: string, accept: Accept, events: ListenerEvents = {}): Listener {
    const { ground, life } = this.#options
    const note = (kind: TraceKind, text: string): void =>
      ground.trace.record(kind, life.host.ordinal, 0, 0, undefined, text)
    const tracedAccept: Accept = (connection) => {
      const end = new TracedEnd(this.#options, connection)
      return end.hearing(accept(end))
    }
    const listener = this.#network.listen(address, tracedAccept, {
      listening: (bound) => {
        if (!life.isAlive) return
        note(TraceKind.listen, bound)
        events.listening?.(bound)
      },
      failed: (error) => {
        if (life.isAlive) events.failed?.(error)
      },
    })
    return {
      get address() {
        return listener.address
      },
      close: (done) => {
        note(TraceKind.unlisten, listener.address)
        listener.close(done)
      },
    }
  }

  connect(address: string, handler: ConnectionHandler): Connection {
    const end = new TracedEnd(this.#options)
    end.record(TraceKind.dial, 0, undefined, address)
    end.connection = this.#network.connect(address, end.hearing(handler))
    return end
  }
}

class TracedEnd implements Connection {
  readonly #ground: Ground
  readonly #life: HostLife
  readonly #ordinal: number
  readonly #options: TracedNetworkOptions
  /** Set before anything calls it: nothing is heard before `connect` has returned. */
  connection: Connection | undefined
  #isOpen = false
  #hasClosed = false
  #hasOpened = false
  #hasEnded = false
  #ownCode: number | undefined

  constructor(options: TracedNetworkOptions, connection?: Connection) {
    const { ground, life, nextOrdinal } = options
    this.#options = options
    this.#ground = ground
    this.#life = life
    this.#ordinal = nextOrdinal()
    this.connection = connection
  }

  get id(): number {
    return this.#connected.id
  }

  get transport(): Connection['transport'] {
    return this.#connected.transport
  }

  get remoteAddress(): string {
    return this.#connected.remoteAddress
  }

  get bufferedBytes(): number {
    return this.#connected.bufferedBytes
  }

  send(message: Uint8Array, delivery: Delivery = RELIABLE): void {
    if (this.#isOpen) this.record(TraceKind.send, numberOfDelivery(delivery), message)
    const { causes } = this.#options
    const connection = this.#connected
    if (!causes.isKept || !this.#isOpen) connection.send(message, delivery)
    else causes.hand(message, this.remoteAddress, this.transport, () => connection.send(message, delivery))
  }

  close(code: number, reason: string = ''): void {
    if (!this.#hasClosed) {
      this.record(TraceKind.close, code, undefined, reason)
      this.#options.codes.say(this.#life.host.name, code)
      const { clock } = this.#life
      const judge = (): void => {
        if (!this.#hasEnded) this.#breach(`was closed ${CUT_MS} ms ago, and is still there`)
      }
      // One timer after the other: a machine that stood still runs all that are overdue at once.
      clock.setTimer(CUT_MS, () => clock.setTimer(CUT_SLACK_MS, judge))
    }
    if (!this.#hasClosed) this.#ownCode = code
    this.#hasClosed = true
    this.#isOpen = false
    this.#connected.close(code, reason)
  }

  hearing(handler: ConnectionHandler): ConnectionHandler {
    const ifAlive = (hear: () => void): void => {
      if (this.#life.isAlive) hear()
    }
    return {
      patienceMs: handler.patienceMs,
      opened: () =>
        ifAlive(() => {
          if (this.#hasOpened || this.#hasClosed) this.#breach('heard opened twice, or too late')
          this.#hasOpened = true
          this.#isOpen = true
          this.record(TraceKind.open)
          handler.opened()
        }),
      message: (bytes, delivery) =>
        ifAlive(() => {
          if (!this.#isOpen) this.#breach('heard a message before it was open, or after its close')
          this.record(TraceKind.deliver, numberOfDelivery(delivery), bytes)
          const { causes } = this.#options
          if (!causes.isKept) handler.message(bytes, delivery)
          else causes.hear(bytes, this.remoteAddress, this.transport, () => handler.message(bytes, delivery))
        }),
      drained: () =>
        ifAlive(() => {
          if (this.#connected.bufferedBytes > 0) this.#breach('heard that it had drained, and something is left')
          this.record(TraceKind.drained)
          handler.drained?.()
        }),
      alive: () => ifAlive(() => handler.alive?.()),
      ignored: (what) => ifAlive(() => handler.ignored?.(what)),
      closed: (code, reason) =>
        ifAlive(() => {
          if (this.#hasEnded) this.#breach('heard closed twice')
          if (this.#connected.bufferedBytes > 0) this.#breach('is closed, and something is still buffered')
          if (this.#ownCode !== undefined && code !== this.#ownCode) {
            this.#breach(`was closed by its program with ${this.#ownCode}, and heard ${code}`)
          }
          const { codes } = this.#options
          const isOfPeer = !this.#hasClosed && (code === 1000 || code >= 4000)
          if (isOfPeer && code !== REFUSED && !codes.isSaidByOthers(this.#life.host.name, code)) {
            this.#breach(`heard that it was closed with ${code}, which nobody has said`)
          }
          this.#isOpen = false
          this.#hasClosed = true
          this.#hasEnded = true
          this.record(TraceKind.closed, code, undefined, reason)
          handler.closed(code, reason)
        }),
    }
  }

  #breach(what: string): void {
    const { host } = this.#life
    this.#options.onBreach(`${host.name}: connection ${this.#ordinal} (${this.connection?.transport ?? 'new'}) ${what}`)
  }

  record(kind: TraceKind, number: number = 0, bytes?: Uint8Array, text: string = ''): void {
    this.#ground.trace.record(kind, this.#life.host.ordinal, this.#ordinal, number, bytes, text)
  }

  get #connected(): Connection {
    if (this.connection === undefined) throw new Error('a connection was used before connect had returned')
    return this.connection
  }
}

/** What the ENet adapter itself closes with where a peer breaks the rules. */
const REFUSED = 4506
