/**
 * A simulated TCP socket as Node's `net.Socket` looks to its users, `http` and `ws` among them: a `Duplex` on a
 * `TcpEndpoint`. A write is done when the system has room for it, as with a real one; what a real one hears from its
 * handle (that it is shut down, or closed) comes at a later event here too.
 *
 * Left out: what only handles have (`ref` and `unref` do nothing), `allowHalfOpen` after the fact, IPv6, the
 * `lookup` event.
 */
import { Duplex } from 'node:stream'
import type { Clock, Timer } from '../../core/injected.ts'
import type { Drain } from '../drain.ts'
import type { TcpEndpoint, TcpFailure, TcpProgram } from './tcp-endpoint.ts'
import type { LifeCauses, MessageUnderWay } from './wire-causes.ts'

export interface TcpSocketOptions {
  readonly endpoint: TcpEndpoint
  readonly clock: Clock
  readonly drain: Drain
  readonly causes: LifeCauses
  /** Stays writable after the peer has ended. */
  readonly allowHalfOpen: boolean
  readonly localAddress: string
  readonly isConnecting: boolean
  /** At a later event, if the program is alive then. */
  readonly later: (run: () => void) => void
  /** The program has let go of it. */
  readonly onDestroyed: (socket: TcpSocket) => void
}

type Done = (error?: Error | null) => void

/** What waits for the connection: bytes to be sent, or the end. */
interface Waiting {
  readonly go: () => void
  readonly done: Done
}

export class TcpSocket extends Duplex implements TcpProgram {
  readonly localAddress: string
  readonly localPort: number
  readonly localFamily = 'IPv4'
  readonly remoteFamily = 'IPv4'
  /** Milliseconds without a sign of life after which `timeout` is emitted. 0, or never set: never. */
  timeout: number | undefined = undefined
  bytesRead = 0
  connecting: boolean
  readonly #endpoint: TcpEndpoint
  readonly #clock: Clock
  readonly #drain: Drain
  readonly #causes: LifeCauses
  /** Messages that have arrived, and that the program may not have heard. */
  readonly #arrived: MessageUnderWay[] = []
  readonly #later: (run: () => void) => void
  /** Who has asked who the peer is, while it was there, is told afterwards too. */
  #hasAskedForPeer = false
  readonly #onDestroyed: (socket: TcpSocket) => void
  #isResetting = false
  /** Handed to the system. */
  #sentBytes = 0
  #waitsForRoom: { readonly bytes: number; readonly done: Done } | undefined
  #waitsForConnect: Waiting | undefined
  #idleTimer: Timer | undefined
  #activeAtMs = 0

  constructor(options: TcpSocketOptions) {
    const { endpoint, clock, drain, allowHalfOpen, localAddress, isConnecting } = options
    super({ allowHalfOpen, autoDestroy: true, emitClose: false })
    this.#endpoint = endpoint
    this.#clock = clock
    this.#drain = drain
    this.#causes = options.causes
    this.#later = options.later
    this.#onDestroyed = options.onDestroyed
    this.connecting = isConnecting
    this.localAddress = localAddress
    this.localPort = endpoint.localPort
    endpoint.attach(this)
    drain.need()
  }

  get pending(): boolean {
    return this.connecting || this.destroyed
  }

  get remoteAddress(): string | undefined {
    return this.#peer()?.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#peer()?.remotePort
  }

  /** What waits to be sent included. */
  get bytesWritten(): number {
    return this.#sentBytes + this.writableLength - (this.#waitsForRoom?.bytes ?? 0)
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
    if (!(Number.isFinite(timeoutMs) && timeoutMs >= 0)) {
      throw Object.assign(new RangeError(`bad timeout ${String(timeoutMs)}`), { code: 'ERR_OUT_OF_RANGE' })
    }
    this.timeout = timeoutMs
    this.#idleTimer?.cancel()
    this.#idleTimer = undefined
    if (timeoutMs > 0 && !this.destroyed) {
      this.#active()
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

  /** Breaks the connection, and tells the peer so; one that is not yet there, as soon as it is. */
  resetAndDestroy(): this {
    if (this.connecting) return this.once('connect', () => this.resetAndDestroy())
    this.#isResetting = true
    return this.destroy()
  }

  /** What is written while the program sends a message belongs to that. */
  override write(chunk: unknown, done?: Done): boolean
  override write(chunk: unknown, encoding: BufferEncoding, done?: Done): boolean
  override write(chunk: unknown, encoding?: BufferEncoding | Done, done?: Done): boolean {
    const mayGoOn =
      typeof encoding === 'string' ? super.write(chunk, encoding, done) : super.write(chunk, encoding ?? done)
    const { sending } = this.#causes
    if (sending !== undefined) this.#endpoint.noteMessage(sending, this.bytesWritten)
    return mayGoOn
  }

  // What streams ask

  override _read(): void {
    this.#endpoint.readOn()
  }

  /** Who holds back what it writes lets it go in `process.nextTick`. */
  override cork(): void {
    this.#drain.need()
    super.cork()
  }

  override _write(chunk: Uint8Array, _encoding: string, done: Done): void {
    // A copy, as the system makes one: the program may use its memory again.
    this.#send(Buffer.from(chunk), done)
  }

  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], done: Done): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  override _final(done: Done): void {
    this.#onceConnected(done, () => {
      this.#endpoint.finish()
      this.#later(done)
    })
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#drain.need()
    this.connecting = false
    this.#idleTimer?.cancel()
    this.#onDestroyed(this)
    this.#endpoint.close(this.#isResetting ? 'reset' : 'goodbye')
    done(error)
    this.#later(() => {
      this.#waitsForRoom?.done(null)
      this.#waitsForRoom = undefined
      this.emit('close', error !== null)
      this.#waitsForConnect?.done(
        Object.assign(new Error('Socket closed before the connection was established'), {
          code: 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
        }),
      )
      this.#waitsForConnect = undefined
    })
  }

  // What the endpoint tells

  connected(): void {
    if (!this.connecting) return
    this.connecting = false
    this.#active()
    this.emit('connect')
    const waiting = this.#waitsForConnect
    this.#waitsForConnect = undefined
    waiting?.go()
    this.emit('ready')
  }

  data(bytes: Uint8Array): boolean {
    this.bytesRead += bytes.length
    if (this.#causes.isKept) {
      this.#arrived.push(...this.#endpoint.takeMessages(this.bytesRead))
      this.#causes.readStream(this.#arrived)
    }
    this.#active()
    return this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  }

  ended(): void {
    this.push(null)
    // Nobody may be reading, and the end should be noticed all the same.
    if (this.readableLength === 0) this.read(0)
  }

  room(): void {
    const waiting = this.#waitsForRoom
    this.#waitsForRoom = undefined
    this.#active()
    waiting?.done()
  }

  failed(failure: TcpFailure): void {
    const { remoteAddress: address, remotePort: port } = this.#endpoint
    if (!this.connecting) this.destroy(systemError('read', failure))
    else this.destroy(Object.assign(systemError('connect', failure, ` ${address}:${port}`), { address, port }))
  }

  #send(bytes: Uint8Array, done: Done): void {
    this.#onceConnected(done, () => {
      this.#active()
      const { failure } = this.#endpoint
      if (failure !== undefined) {
        done(systemError('write', failure === 'ECONNRESET' ? 'EPIPE' : failure))
        return
      }
      this.#sentBytes += bytes.length
      this.#endpoint.write(bytes)
      if (this.#endpoint.hasRoom) {
        done()
      } else {
        this.#waitsForRoom = { bytes: bytes.length, done }
        this.#endpoint.wantRoom()
      }
    })
  }

  #onceConnected(done: Done, go: () => void): void {
    this.#drain.need()
    if (this.connecting) this.#waitsForConnect = { go, done }
    else go()
  }

  #peer(): TcpEndpoint | undefined {
    if (!this.pending) this.#hasAskedForPeer = true
    return this.#hasAskedForPeer ? this.#endpoint : undefined
  }

  #active(): void {
    const { timeout = 0 } = this
    if (timeout === 0 || this.destroyed) return
    this.#activeAtMs = this.#clock.now()
    if (this.#idleTimer === undefined) this.#watchIdleness(timeout)
  }

  #watchIdleness(inMs: number): void {
    this.#idleTimer = this.#clock.setTimer(inMs, () => {
      this.#drain.need()
      const leftMs = this.#activeAtMs + (this.timeout ?? 0) - this.#clock.now()
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

function systemError(syscall: string, code: string, where = ''): Error {
  return Object.assign(new Error(`${syscall} ${code}${where}`), { code, syscall })
}
