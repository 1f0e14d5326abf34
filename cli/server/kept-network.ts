/**
 * A network that keeps its listeners open: one that breaks after it was bound is opened again, after a second and then after
 * ever longer waits. The server and its program do not notice, and neither does a recording. Leaves out a port that cannot be bound at the
 * start: that is for the caller to end on.
 */
import type {
  Accept,
  Clock,
  ConnectionHandler,
  Connection,
  Listener,
  ListenerEvents,
  Network,
} from '../../core/index.ts'

const WAIT_MS = 1_000
const WAIT_MS_MAX = 30_000

export interface ListenerTrouble {
  readonly address: string
  readonly error: Error
  readonly retryInMs: number
}

export interface KeptNetworkParts {
  readonly network: Network
  readonly clock: Clock
  /** For each listener: the address that was bound first; rejects where it cannot be bound. */
  readonly onListen: (bound: Promise<string>) => void
  /** It broke, or could not be opened again. */
  readonly onBroken: (trouble: ListenerTrouble) => void
  readonly onBack: (address: string) => void
  /** The server has closed a listener that is broken: nobody waits for it any more. */
  readonly onGivenUp: (address: string) => void
}

export class KeptNetwork implements Network {
  readonly #parts: KeptNetworkParts
  readonly #listeners = new Set<KeptListener>()
  /** The addresses that were listened at, as they were given. */
  readonly asked = new Set<string>()

  constructor(parts: KeptNetworkParts) {
    this.#parts = parts
  }

  listen(address: string, accept: Accept, events: ListenerEvents = {}): Listener {
    const listener = new KeptListener(address, accept, events, this.#parts)
    const bound = listener.open()
    this.#listeners.add(listener)
    this.asked.add(address)
    this.#parts.onListen(bound)
    return listener
  }

  connect(address: string, handler: ConnectionHandler): Connection {
    return this.#parts.network.connect(address, handler)
  }

  /** Closes all listeners, for a program that did not boot. */
  close(): void {
    for (const listener of this.#listeners) listener.close()
  }
}

class KeptListener implements Listener {
  readonly #parts: KeptNetworkParts
  readonly #accept: Accept
  readonly #events: ListenerEvents
  #address: string
  /** Undefined: it broke, and is not open again yet. */
  #open: Listener | undefined
  #failures = 0
  #wasBound = false
  #isClosed = false

  constructor(address: string, accept: Accept, events: ListenerEvents, parts: KeptNetworkParts) {
    this.#address = address
    this.#accept = accept
    this.#events = events
    this.#parts = parts
  }

  get address(): string {
    return this.#address
  }

  /** Throws what listening throws. */
  open(): Promise<string> {
    let settle: { readonly bound: (address: string) => void; readonly failed: (error: Error) => void } | undefined
    const bound = new Promise<string>((resolve, reject) => (settle = { bound: resolve, failed: reject }))
    // Whoever is not told of it any more, since the program did not boot, need not catch it.
    bound.catch(() => undefined)
    this.#listen(
      (address) => {
        settle?.bound(address)
        return this.#events.listening?.(address)
      },
      (error) => settle?.failed(error),
    )
    return bound
  }

  close(done?: () => void): void {
    this.#isClosed = true
    if (this.#open !== undefined) {
      this.#open.close(done)
      return
    }
    this.#parts.onGivenUp(this.#address)
    if (done !== undefined) this.#parts.clock.setTimer(0, done)
  }

  #listen(
    bound: (address: string) => ReturnType<NonNullable<ListenerEvents['listening']>>,
    failed: (error: Error) => void,
  ): void {
    this.#open = this.#parts.network.listen(this.#address, this.#accept, {
      ...this.#events,
      listening: (address) => {
        this.#failures = 0
        this.#wasBound = true
        // Where the system chose the port, clients know this one.
        this.#address = address
        return bound(address)
      },
      failed: (error) => {
        this.#open = undefined
        if (this.#isClosed) return
        if (this.#wasBound) this.#openLater(error)
        else failed(error)
      },
    })
  }

  #openLater(error: Error): void {
    const { clock, onBroken, onBack } = this.#parts
    const retryInMs = Math.min(WAIT_MS * 2 ** this.#failures++, WAIT_MS_MAX)
    onBroken({ address: this.#address, error, retryInMs })
    clock.setTimer(retryInMs, () => {
      if (!this.#isClosed) this.#listen(onBack, () => undefined)
    })
  }
}
