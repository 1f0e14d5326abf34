/**
 * A simulated UDP socket as `dgram` has them. What arrives while the program does not read waits in the system's
 * buffer; what does not fit there is dropped.
 *
 * Left out: multicast, broadcast (`setBroadcast` does nothing), `connect`, IPv6; a callback of `send` that has no use for
 * the number of bytes is only called where sending failed.
 */
import { EventEmitter } from 'node:events'
import type { HeldTask } from '../host-clock.ts'
import type { HostLife } from '../host.ts'
import { TraceKind } from '../trace.ts'
import type { UdpNetwork } from './udp-network.ts'
import type { DatagramMessages, MessageUnderWay } from './wire-causes.ts'

/** What one IP packet can carry in its 65,535 bytes. */
const DATAGRAM_BYTES_MAX = 65_507
/** What the system counts for each datagram beside its bytes. */
const OVERHEAD_BYTES = 64

export interface DatagramSource {
  readonly address: string
  readonly port: number
}

interface Waiting {
  readonly bytes: Uint8Array
  readonly from: DatagramSource
  readonly messages: readonly MessageUnderWay[] | undefined
}

export class UdpSocket extends EventEmitter implements HeldTask {
  readonly life: HostLife
  /** Its number in the trace, and the end of a flow: faults know it by this. */
  readonly ordinal: number
  readonly #network: UdpNetwork
  readonly #messages: DatagramMessages | undefined
  #port = 0
  #state: 'new' | 'binding' | 'bound' | 'closed' = 'new'
  #hasReceived = false
  #isReading = true
  #isHeld = false
  /** What was sent before it is bound. */
  #unsent: (() => void)[] = []
  #waiting: Waiting[] = []
  #waitingBytes = 0

  /** `messages`: knows which messages datagrams have in them. */
  constructor(network: UdpNetwork, life: HostLife, ordinal: number, messages?: DatagramMessages) {
    super()
    this.#messages = messages
    this.#network = network
    this.life = life
    this.ordinal = ordinal
  }

  /** Something has come from a network, read or not. */
  get hasReceived(): boolean {
    return this.#hasReceived
  }

  get port(): number {
    return this.#port
  }

  /** `port` 0: any free one. `listening` or `error` follows at a later event. */
  bind(port: number = 0, _host: string = '0.0.0.0', onListening?: () => void): this {
    if (this.#state !== 'new') throw new Error('Socket is already bound')
    if (onListening !== undefined) this.once('listening', onListening)
    this.#state = 'binding'
    this.#network.later(this.life, () => {
      if (this.#state !== 'binding') return
      const bound = this.#network.bind(this, port)
      if (bound === undefined) {
        this.#state = 'new'
        this.emit('error', Object.assign(new Error(`bind EADDRINUSE 0.0.0.0:${port}`), { code: 'EADDRINUSE' }))
        return
      }
      this.#port = bound
      this.#state = 'bound'
      this.emit('listening')
      for (const send of this.#unsent.splice(0)) send()
    })
    return this
  }

  address(): { readonly address: string; readonly port: number; readonly family: 'IPv4' } {
    return { address: '0.0.0.0', port: this.#port, family: 'IPv4' }
  }

  send(
    bytes: Uint8Array,
    offset: number,
    length: number,
    port: number,
    host: string,
    sent?: (error: Error | null, bytes: number) => void,
  ): void {
    if (this.#state === 'closed')
      throw Object.assign(new Error('Not running'), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' })
    if (!(port > 0 && port < 65_536))
      throw Object.assign(new RangeError(`bad port ${port}`), { code: 'ERR_SOCKET_BAD_PORT' })
    if (this.#state === 'new') this.bind()
    if (length > DATAGRAM_BYTES_MAX) {
      const error = Object.assign(new Error('send EMSGSIZE'), { code: 'EMSGSIZE' })
      this.#network.later(this.life, () => (sent === undefined ? this.emit('error', error) : sent(error, 0)))
      return
    }
    const copy = Buffer.from(bytes.subarray(offset, offset + length))
    const transmit = (): void =>
      this.#network.transmit(this, copy, port, host, this.#messages?.of(copy, { address: host, port }))
    if (this.#state === 'bound') transmit()
    else this.#unsent.push(transmit)
    if (sent !== undefined && sent.length > 1) this.#network.later(this.life, () => sent(null, length))
  }

  close(onClose?: () => void): this {
    if (this.#state === 'closed')
      throw Object.assign(new Error('Not running'), { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' })
    if (onClose !== undefined) this.once('close', onClose)
    this.drop()
    this.#network.later(this.life, () => this.emit('close'))
    return this
  }

  setBroadcast(): void {
    // Nobody here would answer one.
  }

  setRecvBufferSize(): void {
    // The settings of the world say how much a socket holds.
  }

  setSendBufferSize(): void {
    // What is sent leaves at once.
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  // What the network tells

  /** A slow reader: nothing is read from now on, until it is. */
  setReading(isReading: boolean): void {
    if (this.#isReading === isReading) return
    this.#isReading = isReading
    if (isReading) this.#network.later(this.life, () => this.#readAll())
  }

  receive(
    bytes: Uint8Array,
    from: DatagramSource,
    bufferBytes: number,
    messages: readonly MessageUnderWay[] | undefined,
  ): void {
    if (this.#state !== 'bound') return
    this.#hasReceived = true
    if (this.#isReading && this.life.host.isFree && this.#waiting.length === 0) {
      this.#read({ bytes, from, messages })
      return
    }
    if (this.#waitingBytes + bytes.length + OVERHEAD_BYTES > bufferBytes) return
    this.#waitingBytes += bytes.length + OVERHEAD_BYTES
    this.#waiting.push({ bytes, from, messages })
    if (this.#isHeld || !this.#isReading || this.life.host.isFree) return
    this.#isHeld = true
    this.life.host.hold('input', this)
  }

  /** For the host: the program can hear again. */
  perform(): void {
    this.#isHeld = false
    if (this.#isReading) this.#readAll()
  }

  /** It is closed, or its machine has lost its memory. */
  drop(): void {
    this.#state = 'closed'
    this.#unsent = []
    this.#waiting = []
    this.#waitingBytes = 0
    this.#network.unbind(this)
  }

  #readAll(): void {
    while (this.#isReading && this.#state === 'bound') {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#waitingBytes -= next.bytes.length + OVERHEAD_BYTES
      this.#read(next)
    }
  }

  #read({ bytes, from: { address, port }, messages }: Waiting): void {
    if (messages !== undefined) this.#messages?.arrived(messages, address)
    this.#network.ground.trace.record(TraceKind.bytes, this.life.host.ordinal, this.ordinal, port, bytes)
    this.emit('message', bytes, { address, port, family: 'IPv4', size: bytes.length })
  }
}
