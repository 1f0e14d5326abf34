/**
 * One end of a connection whose other end is the test: what the core does with it is written down with its time, and
 * the test says when it opens, what arrives and when it closes.
 */
import type { Clock, Connection, ConnectionHandler } from '../../../core/injected.ts'
import { RELIABLE, type Delivery } from '../../../core/delivery.ts'

export interface Sent {
  readonly at: number
  readonly bytes: Uint8Array
  readonly delivery: Delivery
}

export interface Close {
  readonly at: number
  readonly code: number
  readonly reason: string
}

export class FakeConnection implements Connection {
  readonly id: number
  readonly transport = 'websocket'
  readonly remoteAddress: string
  bufferedBytes = 0
  /** Since the last `take`. */
  sent: Sent[] = []
  /** Every call of `close`, the needless ones included. */
  readonly closes: Close[] = []
  /** What the core hears through; set by whoever accepted or dialled. */
  handler: ConnectionHandler | undefined
  readonly #clock: Clock
  #hasClosed = false

  constructor(clock: Clock, id: number, remoteAddress: string) {
    this.#clock = clock
    this.id = id
    this.remoteAddress = remoteAddress
  }

  /** With which code the core closed it, if it did. */
  get closedWith(): number | undefined {
    return this.closes[0]?.code
  }

  get isOpen(): boolean {
    return this.closes.length === 0 && !this.#hasClosed
  }

  send(bytes: Uint8Array, delivery: Delivery = RELIABLE): void {
    if (this.isOpen) this.sent.push({ at: this.#clock.now(), bytes, delivery })
  }

  /** As the contract says: `closed` follows later, and a second call does nothing. */
  close(code: number, reason = ''): void {
    this.closes.push({ at: this.#clock.now(), code, reason })
    if (this.closes.length === 1) this.#clock.setTimer(10, () => this.breakOff(code, reason))
  }

  /** What was sent since the last time. */
  take(): readonly Sent[] {
    const taken = this.sent
    this.sent = []
    return taken
  }

  /** The peer's side, or the network's. */
  open(): void {
    this.handler?.opened()
  }

  receive(bytes: Uint8Array): void {
    this.handler?.message(bytes, RELIABLE)
  }

  breakOff(code = 1006, reason = ''): void {
    if (this.#hasClosed) return
    this.#hasClosed = true
    this.handler?.closed(code, reason)
  }
}
