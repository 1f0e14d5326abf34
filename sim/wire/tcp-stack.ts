/**
 * The TCP of one life of a host: it dials, and listens on ports. All its sockets die with it.
 * Left out: binding to one of several addresses of a machine, sharing a port, backlogs.
 */
import type { HostLife } from '../host.ts'
import { OverworldError } from '../../core/errors.ts'
import type { TcpEndpoint } from './tcp-endpoint.ts'
import { TcpSocket, type TcpSocketOptions } from './tcp-socket.ts'
import type { TcpNetwork } from './tcp-network.ts'
import type { LifeCauses } from './wire-causes.ts'

export interface TcpListenEvents {
  /** At the next event. */
  listening(): void
  failed(error: Error): void
  connection(socket: TcpSocket): void
}

export interface TcpListener {
  readonly port: number
  /** Refuses from now on; what was accepted goes on. */
  close(): void
}

export interface TcpDialOptions {
  /** Stays writable after the peer has ended. Default false, as in Node. */
  readonly allowHalfOpen?: boolean
}

export class TcpStack {
  readonly #network: TcpNetwork
  readonly #life: HostLife
  readonly #causes: LifeCauses
  readonly #listeners = new Map<number, TcpListenEvents>()
  readonly #sockets = new Set<TcpSocket>()

  constructor(network: TcpNetwork, life: HostLife, causes: LifeCauses) {
    this.#network = network
    this.#life = life
    this.#causes = causes
  }

  /** Sockets that the program holds. */
  get openSockets(): number {
    return this.#sockets.size
  }

  get life(): HostLife {
    return this.#life
  }

  /** `host`: a name or an address; where there is none such, the socket fails with `ENOTFOUND`. */
  connect(host: string, port: number, options: TcpDialOptions = {}): TcpSocket {
    return this.#network.dial(this, host, port, options)
  }

  /** `port` 0: any free one. */
  listen(port: number, events: TcpListenEvents): TcpListener {
    const bound = port === 0 ? this.#network.freePort(this.#life.host, (each) => this.#listeners.has(each)) : port
    const isTaken = this.#listeners.has(bound)
    if (!isTaken) this.#listeners.set(bound, events)
    this.#network.later(this.#life, () => {
      if (isTaken) events.failed(inUse(bound))
      else if (this.#listeners.get(bound) === events) events.listening()
    })
    return {
      port: bound,
      close: () => {
        if (this.#listeners.get(bound) === events) this.#listeners.delete(bound)
      },
    }
  }

  /** For the network: a socket of this life. */
  makeSocket(options: Pick<TcpSocketOptions, 'endpoint' | 'allowHalfOpen' | 'isConnecting'>): TcpSocket {
    const socket = new TcpSocket({
      ...options,
      clock: this.#life.clock,
      drain: this.#network.drain,
      causes: this.#causes,
      localAddress: this.#life.host.address,
      later: (run) => this.#network.later(this.#life, run),
      onDestroyed: (each) => this.#sockets.delete(each),
    })
    this.#sockets.add(socket)
    return socket
  }

  /** For the network: who answers a SYN to `port`. */
  isListening(port: number): boolean {
    return this.#listeners.has(port)
  }

  /** For the network: the handshake is done. Whoever listens now gets the connection. */
  accept(endpoint: TcpEndpoint): void {
    const events = this.#listeners.get(endpoint.localPort)
    if (events === undefined) {
      endpoint.close('reset')
      return
    }
    // Half-open is what `net.Server` makes them for `http`.
    const socket = this.makeSocket({ endpoint, allowHalfOpen: true, isConnecting: false })
    events.connection(socket)
    socket.read(0)
  }
}

function inUse(port: number): Error {
  const error = new OverworldError('bad_address', `port ${port} is in use: choose another`)
  return Object.assign(error, { syscall: 'listen' })
}
