/** What a client has of one connection while it is watched: everything is passed on, and its observer hears of it. */
import type { Connection, ConnectionHandler, Delivery } from '../../core/index.ts'
import { RELIABLE } from './client-deliveries.ts'
import type { ClientObserver } from './client-observer.ts'
import { forgive } from './failing-listeners.ts'

export interface ConnectionWatcher {
  sending(bytes: Uint8Array, delivery: Delivery): void
  closing(code: number): void
}

export class WatchedConnection implements Connection {
  readonly id: number
  readonly transport: Connection['transport']
  readonly remoteAddress: string
  readonly #inner: Connection
  readonly #watcher: ConnectionWatcher

  constructor(inner: Connection, watcher: ConnectionWatcher) {
    this.id = inner.id
    this.transport = inner.transport
    this.remoteAddress = inner.remoteAddress
    this.#inner = inner
    this.#watcher = watcher
  }

  get bufferedBytes(): number {
    return this.#inner.bufferedBytes
  }

  send(bytes: Uint8Array, delivery?: Delivery): void {
    this.#watcher.sending(bytes, delivery ?? RELIABLE)
    this.#inner.send(bytes, delivery)
  }

  close(code: number, reason?: string): void {
    this.#watcher.closing(code)
    this.#inner.close(code, reason)
  }
}

export class WatchedHandler implements ConnectionHandler {
  /** It has not closed. */
  isOpen = true
  readonly #inner: ConnectionHandler
  readonly #number: number
  readonly #observer: ClientObserver

  constructor(inner: ConnectionHandler, number: number, observer: ClientObserver) {
    this.#inner = inner
    this.#number = number
    this.#observer = observer
  }

  get patienceMs(): number | undefined {
    return this.#inner.patienceMs
  }

  opened(): void {
    const connection = this.#number
    this.#observer.during(connection, { kind: 'opened', connection }, () => this.#inner.opened())
  }

  message(bytes: Uint8Array, delivery: Delivery): void {
    const connection = this.#number
    this.#observer.handleDelivery(bytes, delivery)
    const outer = this.#observer.enter(connection, { kind: 'heard', connection, bytes })
    try {
      this.#inner.message(bytes, delivery)
    } catch (error) {
      forgive(error)
    } finally {
      this.#observer.leave(outer)
    }
    this.#observer.checkAnswers(connection)
  }

  alive(): void {
    this.#observer.handleAlive(this.#number)
    this.#inner.alive?.()
  }

  closed(code: number, reason: string): void {
    const connection = this.#number
    this.isOpen = false
    const isCurrent = this.#observer.isCurrent(connection)
    this.#observer.during(connection, { kind: 'closed', connection, code, isCurrent }, () =>
      this.#inner.closed(code, reason),
    )
  }

  drained(): void {
    this.#inner.drained?.()
  }
}
