/**
 * Keeps one address of a server open: where its listener breaks after it was bound, it is opened again, after a second
 * and then after ever longer waits. Leaves out a port that cannot be bound at the start, which is for the caller to end on.
 */
import type { Clock, Network, Server } from '../../core/index.ts'

const WAIT_MS = 1_000
const WAIT_MS_MAX = 30_000

export interface ListenerTrouble {
  readonly address: string
  readonly error: Error
  readonly retryInMs: number
}

export interface KeptListenerParts {
  readonly server: Server
  readonly network: Network
  readonly clock: Clock
  /** It broke, or could not be opened again. */
  readonly onBroken: (trouble: ListenerTrouble) => void
  readonly onBack: (address: string) => void
}

/** Resolves with the address that was bound first; rejects where it cannot be bound. */
export function keepListening(address: string, parts: KeptListenerParts): Promise<string> {
  return new Promise((resolve, reject) => {
    new KeptListener(address, parts).open(resolve, reject)
  })
}

class KeptListener {
  readonly #parts: KeptListenerParts
  #address: string
  #failures = 0
  #wasBound = false

  constructor(address: string, parts: KeptListenerParts) {
    this.#address = address
    this.#parts = parts
  }

  open(bound: (address: string) => void, failed: (error: Error) => void): void {
    this.#parts.server.listen(this.#parts.network, this.#address, {
      listening: (address) => {
        this.#failures = 0
        this.#wasBound = true
        // Where the system chose the port, clients know this one.
        this.#address = address
        bound(address)
      },
      failed: (error) => {
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
      try {
        this.open(onBack, () => undefined)
      } catch {
        // The server has stopped, or drains: nothing listens any more.
      }
    })
  }
}
