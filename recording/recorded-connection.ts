/** A connection as the recorded server sees it: the same, and what is read of it and done with it is witnessed. */
import { RELIABLE, type Delivery } from '../core/delivery.ts'
import type { Connection, TransportName } from '../core/injected.ts'

export interface ConnectionWitness {
  /**
   * Only where the value is another than the last that was witnessed; the first is 0. False: it was read outside of an
   * input, which no replay repeats.
   */
  buffered(connection: number, size: number): boolean
  sent(connection: number, bytes: Uint8Array, delivery: Delivery): void
  closed(connection: number, code: number, reason: string): void
}

export class RecordedConnection implements Connection {
  readonly id: number
  readonly transport: TransportName
  readonly remoteAddress: string
  /** In the recording. */
  readonly number: number
  readonly #inner: Connection
  readonly #witness: ConnectionWitness
  /** As it was last witnessed. */
  #buffered = 0

  constructor(inner: Connection, number: number, witness: ConnectionWitness) {
    this.id = inner.id
    this.transport = inner.transport
    this.remoteAddress = inner.remoteAddress
    this.number = number
    this.#inner = inner
    this.#witness = witness
  }

  get bufferedBytes(): number {
    const size = this.#inner.bufferedBytes
    if (size !== this.#buffered && this.#witness.buffered(this.number, size)) this.#buffered = size
    return size
  }

  send(bytes: Uint8Array, delivery?: Delivery): void {
    this.#witness.sent(this.number, bytes, delivery ?? RELIABLE)
    this.#inner.send(bytes, delivery)
  }

  close(code: number, reason = ''): void {
    this.#witness.closed(this.number, code, reason)
    this.#inner.close(code, reason)
  }
}
