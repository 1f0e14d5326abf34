/**
 * A simulated TCP socket as Node's `net.Socket` looks to its users, `http` and `ws` among them: a `Duplex` on a
 * `TcpEndpoint`. A write is done when the system has room for it, as with a real one.
 *
 * Left out: what only handles have (`ref` and `unref` do nothing), `allowHalfOpen` after the fact, IPv6, the
 * `lookup` event.
 */
import { Duplex } from 'node:stream'
import type { Clock, Timer } from '../../core/injected.ts'
import type { Drain } from './drain.ts'
import type { TcpEndpoint, TcpFailure, TcpProgram } from './tcp-endpoint.ts'

export interface TcpSocketOptions {
  readonly endpoint: TcpEndpoint
  readonly clock: Clock
  readonly drain: Drain
  /** Stays writable after the peer has ended. */
  readonly allowHalfOpen: boolean
  readonly localAddress: string
  readonly isConnecting: boolean
  /** The program has let go of it. */
  readonly onDestroyed: (socket: TcpSocket) => void
}

type Done = (error?: Error | null) => void

const MESSAGES: Readonly<Record<TcpFailure, string>> = {
  ECONNREFUSED: 'connect ECONNREFUSED',
  ECONNRESET: 'read ECONNRESET',
  ETIMEDOUT: 'ETIMEDOUT',
}

export class TcpSocket extends Duplex implements TcpProgram {
  readonly localAddress: string
  readonly localPort: number
  readonly localFamily = 'IPv4'
  readonly remoteAddress: string
  readonly remotePort: number
  readonly remoteFamily = 'IPv4'
  /** Milliseconds without a sign of life after which `timeout` is emitted. 0: never. */
  timeout = 0
  bytesRead = 0
  bytesWritten = 0
  connecting: boolean
  readonly #endpoint: TcpEndpoint
  readonly #clock: Clock
  readonly #drain: Drain
  readonly #onDestroyed: (socket: TcpSocket) => void
  #isResetting = false
  #waitsForRoom: Done | undefined
  #waitsForConnect: Done | undefined
  #idleTimer: Timer | undefined
  #activeAtMs = 0

  constructor(options: TcpSocketOptions) {
    const { endpoint, clock, drain, allowHalfOpen, localAddress, isConnecting } = options
    super({ allowHalfOpen, autoDestroy: true, emitClose: true })
    this.#endpoint = endpoint
    this.#clock = clock
    this.#drain = drain
    this.#onDestroyed = options.onDestroyed
    this.connecting = isConnecting
    this.localAddress = localAddress
    this.localPort = endpoint.localPort
    this.remoteAddress = endpoint.remoteAddress
    this.remotePort = endpoint.remotePort
    endpoint.attach(this)
    drain.need()
  }

  get pending(): boolean {
    return this.connecting
  }

  get readyState(): string {
    if (this.connecting) return 'opening'
    if (this.readable && this.writable) return 'open'
    if (this.readable) return 'readOnly'
    return this.writable ? 'writeOnly' : 'closed'
  }

  get bufferSize(): number {
    return this.writableLength
  }

  address(): { readonly port: number; readonly family: string; readonly address: string } {
    return { port: this.localPort, family: this.localFamily, address: this.localAddress }
  }

  setNoDelay(noDelay: boolean = true): this {
    this.#endpoint.setCoalescing(!noDelay)
    return this
  }

  setKeepAlive(isEnabled: boolean = false, initialDelayMs: number = 0): this {
    this.#endpoint.setKeepAlive(isEnabled ? initialDelayMs || KEEP_ALIVE_MS : 0)
    return this
  }

  setTimeout(timeoutMs: number, onTimeout?: () => void): this {
    this.timeout = timeoutMs
    this.#idleTimer?.cancel()
    this.#idleTimer = undefined
    if (timeoutMs > 0 && !this.destroyed) {
      this.#active()
      this.#watchIdleness(timeoutMs)
      if (onTimeout !== undefined) this.once('timeout', onTimeout)
    } else if (onTimeout !== undefined) {
      this.removeListener('timeout', onTimeout)
    }
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  /** Ends, and is destroyed once all that was written has gone out. */
  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  /** Breaks the connection, and tells the peer so. */
  resetAndDestroy(): this {
    this.#isResetting = true
    return this.destroy()
  }

  // What streams ask

  override _read(): void {
    this.#endpoint.readOn()
  }

  override _write(chunk: Uint8Array, _encoding: string, done: Done): void {
    // A copy, as the system makes one: the program may use its memory again.
    this.#send(Buffer.from(chunk), done)
  }

  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], done: Done): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  override _final(done: Done): void {
    this.#drain.need()
    if (this.connecting) {
      this.#waitsForConnect = done
      return
    }
    this.#endpoint.finish()
    done()
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#drain.need()
    this.connecting = false
    this.#idleTimer?.cancel()
    this.#onDestroyed(this)
    this.#endpoint.close(this.#isResetting ? 'reset' : 'goodbye')
    done(error)
    this.#waitsForRoom?.(error)
    this.#waitsForRoom = undefined
  }

  // What the endpoint tells

  connected(): void {
    if (!this.connecting) return
    this.connecting = false
    this.#active()
    this.emit('connect')
    this.emit('ready')
    const done = this.#waitsForConnect
    if (done === undefined) return
    this.#waitsForConnect = undefined
    this.#endpoint.finish()
    done()
  }

  data(bytes: Uint8Array): boolean {
    this.bytesRead += bytes.length
    this.#active()
    return this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  }

  ended(): void {
    this.push(null)
    // Nobody may be reading, and the end should be noticed all the same.
    if (this.readableLength === 0) this.read(0)
  }

  room(): void {
    const done = this.#waitsForRoom
    this.#waitsForRoom = undefined
    this.#active()
    done?.()
  }

  failed(failure: TcpFailure): void {
    const where = failure === 'ECONNREFUSED' ? ` ${this.remoteAddress}:${this.remotePort}` : ''
    const syscall = this.connecting ? 'connect' : 'read'
    this.destroy(Object.assign(new Error(`${MESSAGES[failure]}${where}`), { code: failure, syscall }))
  }

  #send(bytes: Uint8Array, done: Done): void {
    this.#drain.need()
    this.#active()
    this.bytesWritten += bytes.length
    this.#endpoint.write(bytes)
    if (this.#endpoint.hasRoom) {
      done()
    } else {
      this.#waitsForRoom = done
      this.#endpoint.wantRoom()
    }
  }

  #active(): void {
    if (this.timeout > 0) this.#activeAtMs = this.#clock.now()
  }

  #watchIdleness(inMs: number): void {
    this.#idleTimer = this.#clock.setTimer(inMs, () => {
      this.#drain.need()
      const leftMs = this.#activeAtMs + this.timeout - this.#clock.now()
      if (leftMs > 0) {
        this.#watchIdleness(leftMs)
      } else {
        this.#idleTimer = undefined
        this.emit('timeout')
      }
    })
  }
}

/** Where nothing else is said, after two hours (RFC 1122, section 4.2.3.6). */
const KEEP_ALIVE_MS = 7_200_000
