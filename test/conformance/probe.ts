/**
 * A `ConnectionHandler` that writes down everything it hears, in order, and a listener that keeps one for each
 * accepted connection. The conformance suite judges networks by nothing but these records.
 */
import type { Connection, ConnectionHandler, Listener, Network } from '../../core/injected.ts'
import type { Delivery } from '../../core/delivery.ts'

export type Heard =
  | { readonly kind: 'opened' }
  | { readonly kind: 'message'; readonly bytes: Uint8Array; readonly delivery: Delivery }
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  | { readonly kind: 'drained' }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'alive' }

export class Probe implements ConnectionHandler {
  readonly heard: Heard[] = []
  /** Runs after each record was written, inside the handler: for tests of what handlers may do. */
  react: ((heard: Heard) => void) | undefined
  /** True while a call of ours into the network has not returned: hearing anything then is re-entrancy. */
  static isCalling = false
  isReentered = false

  opened(): void {
    this.#note({ kind: 'opened' })
  }

  message(bytes: Uint8Array, delivery: Delivery): void {
    this.#note({ kind: 'message', bytes, delivery })
  }

  closed(code: number, reason: string): void {
    this.#note({ kind: 'closed', code, reason })
  }

  drained(): void {
    this.#note({ kind: 'drained' })
  }

  ignored(): void {
    this.#note({ kind: 'ignored' })
  }

  alive(): void {
    this.#note({ kind: 'alive' })
  }

  get isOpened(): boolean {
    return this.heard.some(({ kind }) => kind === 'opened')
  }

  get isClosed(): boolean {
    return this.heard.some(({ kind }) => kind === 'closed')
  }

  get messages(): readonly (Heard & { readonly kind: 'message' })[] {
    return this.heard.filter((each) => each.kind === 'message')
  }

  get closes(): readonly (Heard & { readonly kind: 'closed' })[] {
    return this.heard.filter((each) => each.kind === 'closed')
  }

  #note(heard: Heard): void {
    if (Probe.isCalling) this.isReentered = true
    this.heard.push(heard)
    this.react?.(heard)
  }
}

/** Marks a call into the network, so that whatever calls back before it returns is caught. */
export function calling<T>(call: () => T): T {
  Probe.isCalling = true
  try {
    return call()
  } finally {
    Probe.isCalling = false
  }
}

export interface Accepted {
  readonly connection: Connection
  readonly probe: Probe
}

export class ProbeServer {
  readonly accepted: Accepted[] = []
  readonly failures: Error[] = []
  readonly listener: Listener
  /** Set while a connection is accepted: what to do with it before its handler exists. */
  onAccept: ((accepted: Accepted) => void) | undefined
  address: string | undefined

  constructor(network: Network, address: string) {
    this.listener = calling(() =>
      network.listen(
        address,
        (connection) => {
          const accepted = { connection, probe: new Probe() }
          if (Probe.isCalling) accepted.probe.isReentered = true
          this.accepted.push(accepted)
          this.onAccept?.(accepted)
          return accepted.probe
        },
        {
          listening: (bound) => {
            if (Probe.isCalling) throw new Error('listening was called from inside listen')
            this.address = bound
          },
          failed: (error) => {
            if (Probe.isCalling) throw new Error('failed was called from inside listen')
            this.failures.push(error)
          },
        },
      ),
    )
  }

  get isSettled(): boolean {
    return this.address !== undefined || this.failures.length > 0
  }
}
