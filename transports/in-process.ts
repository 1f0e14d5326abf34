/**
 * A network whose two ends live in one process: for tests, for a server and its bots in one program, and as the
 * plainest reading of the contract in `core/injected.ts`. Messages are copied, so nothing is shared by accident.
 * Leaves out loss, delay and everything else that goes wrong on a network: that is what `sim/` is for.
 */
import { CloseCode } from '../core/close-codes.ts'
import { RELIABLE, type Delivery } from '../core/delivery.ts'
import { OverworldError } from '../core/errors.ts'
import type {
  Accept,
  Clock,
  Connection,
  ConnectionHandler,
  Listener,
  ListenerEvents,
  Network,
} from '../core/injected.ts'
import { parseAddress } from './address.ts'
import { checkCloseCode, truncateReason } from './closing.ts'
import { errorReporter, GuardedHandler, type ReportError } from './guarded-handler.ts'
import { connectionIds, type TransportOptions } from './options.ts'
import { tellFailed } from './tell-failed.ts'

/** No message limit: both ends are the same program. */
export type InProcessOptions = Omit<TransportOptions, 'messageBytesMax'>

/** A `Network` for addresses like `inprocess://lobby`, reachable only through this very object. */
export function inProcessNetwork(options: InProcessOptions): Network {
  return new InProcessNetwork(options)
}

class InProcessNetwork implements Network {
  readonly #clock: Clock
  readonly #report: ReportError
  readonly #nextId: () => number
  readonly #listeners = new Map<string, Accept>()

  constructor(options: InProcessOptions) {
    this.#clock = options.clock
    this.#report = errorReporter(options.onError)
    this.#nextId = options.nextConnectionId ?? connectionIds()
  }

  listen(address: string, accept: Accept, events: ListenerEvents = {}): Listener {
    const name = nameOf(address)
    const isTaken = this.#listeners.has(name)
    if (!isTaken) this.#listeners.set(name, accept)
    let isOpen = true
    this.#clock.setTimer(0, () => {
      if (!isOpen) return
      const taken = new OverworldError('bad_address', `somebody listens on ${address} already; choose another name`)
      if (isTaken) tellFailed(events, taken)
      else this.#guarded(() => events.listening?.(address))
    })
    return {
      address,
      close: (done) => {
        if (isOpen && !isTaken) this.#listeners.delete(name)
        isOpen = false
        this.#clock.setTimer(0, () => done?.())
      },
    }
  }

  connect(address: string, handler: ConnectionHandler): Connection {
    const name = nameOf(address)
    const near = new InProcessConnection(this.#nextId(), this.#clock, new GuardedHandler(this.#report, handler))
    near.enqueue({ kind: 'dial', run: () => this.#dialled(name, near) })
    return near
  }

  #dialled(name: string, near: InProcessConnection): void {
    const accept = this.#listeners.get(name)
    if (accept === undefined) {
      near.refused(`nobody listens on inprocess://${name}`)
      return
    }
    const farHandler = new GuardedHandler(this.#report)
    const far = new InProcessConnection(this.#nextId(), this.#clock, farHandler)
    far.join(near)
    near.join(far)
    near.enqueue({ kind: 'opened' })
    try {
      farHandler.attach(accept(far))
    } catch (error) {
      this.#report(error)
      far.cut()
      return
    }
    farHandler.opened()
  }

  #guarded(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#report(error)
    }
  }
}

type Closed = { readonly kind: 'closed'; readonly code: number; readonly reason: string }
type Arrival =
  | { readonly kind: 'dial'; readonly run: () => void }
  | { readonly kind: 'opened' }
  | { readonly kind: 'message'; readonly bytes: Uint8Array; readonly delivery: Delivery }
  | Closed

class InProcessConnection implements Connection {
  readonly id: number
  readonly transport = 'in-process'
  readonly remoteAddress = 'in-process'
  readonly #clock: Clock
  readonly #handler: GuardedHandler
  #peer: InProcessConnection | undefined
  #ownClose: Closed | undefined
  #arrivals: Arrival[] = []
  /** Bytes of messages among `#arrivals`: what the peer still has buffered for us. */
  #arrivingBytes = 0

  constructor(id: number, clock: Clock, handler: GuardedHandler) {
    this.id = id
    this.#clock = clock
    this.#handler = handler
  }

  get bufferedBytes(): number {
    if (this.#peer === undefined || this.#handler.status === 'closed') return 0
    return this.#peer.#arrivingBytes
  }

  send(message: Uint8Array, delivery: Delivery = RELIABLE): void {
    if (this.#handler.status !== 'open' || this.#peer === undefined) return
    this.#peer.#arrivingBytes += message.length
    this.#peer.enqueue({ kind: 'message', bytes: new Uint8Array(message), delivery })
  }

  close(code: number, reason = ''): void {
    if (this.#handler.isClosing) return
    checkCloseCode(code)
    this.#handler.closing()
    this.#ownClose = { kind: 'closed', code, reason: truncateReason(reason) }
    this.#peer?.enqueue(this.#ownClose)
    this.enqueue(this.#ownClose)
  }

  /** The link breaks without a word. */
  cut(): void {
    const closed: Closed = { kind: 'closed', code: CloseCode.abnormal, reason: '' }
    this.#peer?.enqueue(closed)
    this.enqueue(closed)
  }

  join(peer: InProcessConnection): void {
    this.#peer = peer
  }

  refused(reason: string): void {
    this.#handler.closed(CloseCode.abnormal, reason)
  }

  enqueue(arrival: Arrival): void {
    if (this.#handler.status === 'closed') return
    this.#arrivals.push(arrival)
    if (this.#arrivals.length === 1) this.#clock.setTimer(0, () => this.#arrive())
  }

  /** What is here is handed over; what comes in meanwhile waits for the next timer, so that nobody starves. */
  #arrive(): void {
    const arrivals = this.#arrivals
    this.#arrivals = []
    for (const arrival of arrivals) this.#handle(arrival)
    const hadMessages = arrivals.some(({ kind }) => kind === 'message')
    if (hadMessages && this.#arrivingBytes === 0 && this.#peer !== undefined) this.#peer.#handler.drained()
  }

  #handle(arrival: Arrival): void {
    switch (arrival.kind) {
      case 'dial':
        if (this.#handler.status === 'connecting') arrival.run()
        return
      case 'opened':
        this.#handler.opened()
        return
      case 'message':
        this.#arrivingBytes -= arrival.bytes.length
        this.#handler.message(arrival.bytes, arrival.delivery)
        return
      case 'closed': {
        const { code, reason } = this.#ownClose ?? arrival
        this.#handler.closed(code, reason)
      }
    }
  }
}

function nameOf(address: string): string {
  return parseAddress(address, ['inprocess']).host
}
