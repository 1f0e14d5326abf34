/** One ENet listener: its UDP socket, and the host on it once it is bound. Leaves out what becomes of its peers. */
import type { Clock, Listener, ListenerEvents } from '../core/injected.ts'
import { formatAddress, type Address } from './address.ts'
import type { EnetHost } from './enet-host.ts'
import type { UdpSocket } from './enet-stack.ts'
import type { ReportError } from './guarded-handler.ts'
import { tellFailed } from './tell-failed.ts'

export interface EnetListenerParts {
  readonly socket: UdpSocket
  readonly clock: Clock
  readonly report: ReportError
  /** `onBroken`: the library has failed, and the port is free. */
  makeHost(socket: UdpSocket, onBroken: (error: Error) => void): EnetHost
}

export class EnetListener implements Listener {
  readonly #parts: EnetListenerParts
  readonly #wanted: Address
  readonly #events: ListenerEvents
  #address: string
  #host: EnetHost | undefined
  #state: 'binding' | 'listening' | 'closed' = 'binding'
  /** Whom to tell once a socket that was never listened on is closed. */
  readonly #unbound: (() => void)[] = []
  #isSocketClosed = false

  constructor(wanted: Address & { readonly port: number }, events: ListenerEvents, parts: EnetListenerParts) {
    this.#parts = parts
    this.#wanted = wanted
    this.#events = events
    this.#address = formatAddress(wanted, wanted.port)
    parts.socket.on('error', (error) => this.#socketError(error))
    parts.socket.on('listening', () => this.#bound())
    // Binding may succeed or fail at once, and `listen` must not call back before it returns.
    parts.clock.setTimer(0, () => parts.socket.bind(wanted.port, wanted.host))
  }

  get address(): string {
    return this.#address
  }

  /** All peers share the socket: the port is free, and `done` called, once the last of them is gone. */
  close(done?: () => void): void {
    this.#state = 'closed'
    if (this.#host !== undefined) this.#host.close(done)
    else if (done !== undefined) this.#whenUnbound(done)
  }

  #bound(): void {
    if (this.#state !== 'binding') {
      this.#closeSocket()
      return
    }
    try {
      this.#host = this.#parts.makeHost(this.#parts.socket, (error) => this.#broken(error))
    } catch (error) {
      // No memory for the library, or it is not installed.
      this.#failed(error as Error)
      return
    }
    this.#state = 'listening'
    this.#address = formatAddress(this.#wanted, this.#parts.socket.address().port)
    this.#tell(() => this.#events.listening?.(this.#address))
  }

  #socketError(error: Error): void {
    if (this.#host !== undefined) {
      this.#parts.report(error)
      return
    }
    this.#failed(error)
  }

  #failed(error: Error): void {
    // Who was closed before it was bound has nobody to tell.
    const isWaitedFor = this.#state === 'binding'
    this.#state = 'closed'
    this.#closeSocket()
    if (isWaitedFor) tellFailed(this.#events, error)
  }

  /** After it was bound: nothing listens here any more, and another listener may. */
  #broken(error: Error): void {
    if (this.#state !== 'listening') return
    this.#state = 'closed'
    tellFailed(this.#events, error)
  }

  /** Binding cannot be called back: the port is free once the socket has been bound, or has failed to be, and was closed. */
  #whenUnbound(done: () => void): void {
    if (this.#isSocketClosed) this.#parts.clock.setTimer(0, () => this.#tell(done))
    else this.#unbound.push(done)
  }

  #closeSocket(): void {
    this.#parts.socket.close(() => {
      this.#isSocketClosed = true
      for (const done of this.#unbound.splice(0)) this.#tell(done)
    })
  }

  #tell(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#parts.report(error)
    }
  }
}
