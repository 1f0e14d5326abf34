/**
 * A network whose connections can be made to fail as real ones do: cut without a goodbye, or silenced, when they stay
 * open but nothing gets through any more. A decorator, so that the client above it cannot tell.
 */
import {
  CloseCode,
  type Accept,
  type Clock,
  type Connection,
  type ConnectionHandler,
  type Delivery,
  type Listener,
  type ListenerEvents,
  type Network,
} from '../../core/index.ts'

export class UnrulyNetwork implements Network {
  readonly #network: Network
  readonly #clock: Clock
  readonly #open = new Set<UnrulyConnection>()

  constructor(network: Network, clock: Clock) {
    this.#network = network
    this.#clock = clock
  }

  listen(address: string, accept: Accept, events?: ListenerEvents): Listener {
    return this.#network.listen(address, accept, events)
  }

  connect(address: string, handler: ConnectionHandler): Connection {
    const connection = new UnrulyConnection(handler, this.#clock, () => this.#open.delete(connection))
    connection.connect(this.#network, address)
    this.#open.add(connection)
    return connection
  }

  /** Breaks every open connection, those silenced before included. Their handlers hear 1006. */
  cut(): void {
    for (const connection of this.#open) connection.cut()
  }

  /** What is open now stays open, and neither sends nor hears. Connections made later are well. */
  silence(): void {
    for (const connection of this.#open) connection.isSilent = true
  }
}

class UnrulyConnection implements Connection, ConnectionHandler {
  readonly #handler: ConnectionHandler
  readonly #clock: Clock
  readonly #onGone: () => void
  #connection: Connection | undefined
  /** What its owner takes for the end of a silenced connection has come. */
  #isGivenUp = false
  isSilent = false

  constructor(handler: ConnectionHandler, clock: Clock, onGone: () => void) {
    this.#handler = handler
    this.#clock = clock
    this.#onGone = onGone
  }

  connect(network: Network, address: string): void {
    this.#connection = network.connect(address, this)
  }

  cut(): void {
    const connection = this.#connection
    if (connection === undefined) return
    // The adapters for Node have this beyond the contract; another network gets the nearest that it has.
    if (canBeCut(connection)) connection.cut()
    else connection.close(CloseCode.normal)
  }

  // Towards the client:

  get id(): number {
    return this.#connection?.id ?? 0
  }

  get transport(): Connection['transport'] {
    return this.#connection?.transport ?? 'in-process'
  }

  get remoteAddress(): string {
    return this.#connection?.remoteAddress ?? ''
  }

  get bufferedBytes(): number {
    return this.#connection?.bufferedBytes ?? 0
  }

  send(message: Uint8Array, delivery?: Delivery): void {
    if (!this.isSilent) this.#connection?.send(message, delivery)
  }

  /** The peer of a silenced connection does not hear of its end either, and keeps it. */
  close(code: number, reason?: string): void {
    if (!this.isSilent) {
      this.#connection?.close(code, reason)
      return
    }
    if (this.#isGivenUp) return
    this.#isGivenUp = true
    this.#clock.setTimer(0, () => this.#handler.closed(code, reason ?? ''))
  }

  // Towards the network:

  get patienceMs(): number | undefined {
    return this.#handler.patienceMs
  }

  opened(): void {
    if (!this.isSilent) this.#handler.opened()
  }

  message(bytes: Uint8Array, delivery: Delivery): void {
    if (!this.isSilent) this.#handler.message(bytes, delivery)
  }

  closed(code: number, reason: string): void {
    this.#onGone()
    if (!this.#isGivenUp) this.#handler.closed(code, reason)
  }

  drained(): void {
    if (!this.isSilent) this.#handler.drained?.()
  }

  alive(): void {
    if (!this.isSilent) this.#handler.alive?.()
  }
}

function canBeCut(connection: Connection): connection is Connection & { cut(): void } {
  return 'cut' in connection && typeof connection.cut === 'function'
}
