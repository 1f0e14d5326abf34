/** A connection of a client on which things can be made to happen that its network and its peer should never do. */
import { CloseCode, RELIABLE, type Connection, type ConnectionHandler, type Delivery } from '../../core/index.ts'
import { protocol } from '../../core/index.ts'
import { prefixOf, readSessionFrame } from '../observer/wire.ts'

export interface OddMoments {
  /** The client has heard that it is open. */
  readonly opened: () => void
  /** The client has heard this `session_new`. */
  readonly sessionNew: (bytes: Uint8Array) => void
}

/** The client's handler is `inner`; the network gets this one. */
export class OddHandler implements ConnectionHandler {
  readonly patienceMs: number | undefined
  /** Nothing of what comes is heard any more. */
  isDeaf = false
  isOver = false
  isUnopened = true
  /** The last message of the protocol was `session_new`: the next one says where the session is. */
  isUntold = false
  /** The last one over this connection. */
  sessionNew: Uint8Array | undefined
  readonly #inner: ConnectionHandler
  readonly #moments: OddMoments
  #connection: Connection | undefined
  #isClosing = false

  constructor(inner: ConnectionHandler, moments: OddMoments) {
    this.#inner = inner
    this.#moments = moments
    this.patienceMs = inner.patienceMs
  }

  /** The connection as the client gets it. */
  keep(connection: Connection): Connection {
    this.#connection = connection
    const close = (code: CloseCode | number, reason?: string): void => {
      this.#isClosing = true
      connection.close(code, reason)
    }
    return {
      id: connection.id,
      transport: connection.transport,
      remoteAddress: connection.remoteAddress,
      get bufferedBytes() {
        return connection.bufferedBytes
      },
      send: (bytes, delivery) => connection.send(bytes, delivery),
      close,
    }
  }

  opened(): void {
    if (this.#isUnheard) return
    this.isUnopened = false
    try {
      this.#inner.opened()
    } finally {
      this.#moments.opened()
    }
  }

  message(bytes: Uint8Array, delivery: Delivery): void {
    if (this.#isUnheard) return
    const isOfProtocol = prefixOf(bytes) === protocol.prefix
    const isNew = isOfProtocol && readSessionFrame(bytes).type === 'new'
    if (isOfProtocol) this.isUntold = isNew
    if (isNew) this.sessionNew = bytes
    try {
      this.#inner.message(bytes, delivery)
    } finally {
      if (isNew) this.#moments.sessionNew(bytes)
    }
  }

  closed(code: number, reason: string): void {
    if (this.isOver || (this.isDeaf && !this.#isClosing)) return
    this.isOver = true
    this.#inner.closed(code, reason)
  }

  alive(): void {
    if (!this.#isUnheard) this.#inner.alive?.()
  }

  ignored(what: 'text_frame'): void {
    if (!this.#isUnheard) this.#inner.ignored?.(what)
  }

  drained(): void {
    if (!this.isOver) this.#inner.drained?.()
  }

  // What should never happen.

  /** The client hears this message, which nobody has sent. */
  bring(bytes: Uint8Array): void {
    if (!this.isOver && !this.#isClosing) this.#inner.message(bytes, RELIABLE)
  }

  /** The same after the end, and after the client has closed it. */
  bringLate(bytes: Uint8Array): void {
    this.#inner.message(bytes, RELIABLE)
  }

  beAlive(): void {
    this.#inner.alive?.()
  }

  openAgain(): void {
    this.#inner.opened()
  }

  /** The client hears that it is closed, before it is. */
  closeWith(code: number): void {
    this.isOver = true
    try {
      this.#inner.closed(code, 'an oddity of the network')
    } finally {
      this.#connection?.close(CloseCode.normal)
    }
  }

  get #isUnheard(): boolean {
    return this.isDeaf || this.isOver
  }
}
