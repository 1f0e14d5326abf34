/**
 * One end of a TCP connection, as the operating system under a program keeps it: the handshake, both halves of the
 * stream, closing, resets. It goes on while the program is paused; the program hears of things when its
 * host lets it (`ready`), all that has come about at once, as from `epoll`.
 *
 * Left out: simultaneous opening, delayed acknowledgements (each arrival is acknowledged at once, with data where
 * some is sent in the same event), SYN cookies and backlogs, the checks that keep forged segments out.
 */
import type { Side } from '../connection-end.ts'
import type { StreamSettings } from '../connection-settings.ts'
import { ReusableEvent, type EventQueue } from '../event-queue.ts'
import type { HeldTask } from '../host-clock.ts'
import type { Host, HostLife } from '../host.ts'
import { TraceKind } from '../trace.ts'
import type { TcpConnection } from './tcp-connection.ts'
import { TcpKeepAlive, type KeepAliveEndpoint } from './tcp-keep-alive.ts'
import { TcpReceiver } from './tcp-receiver.ts'
import { ACK, FIN, NO_PAYLOAD, PAYLOAD_BYTES_MAX, RST, SYN, type TcpSegment } from './tcp-segment.ts'
import { TcpSender, type SenderHost } from './tcp-sender.ts'
import type { MessageUnderWay } from './wire-causes.ts'

/** Node's names. */
export type TcpFailure = 'ECONNREFUSED' | 'ECONNRESET' | 'ETIMEDOUT'

/** The socket in the program's hands. */
export interface TcpProgram {
  connected(): void
  /** False: no more for now; it says `readOn` when it wants more. */
  data(bytes: Uint8Array): boolean
  ended(): void
  /** The send buffer has room again. */
  room(): void
  failed(failure: TcpFailure): void
}

type State = 'connecting' | 'open' | 'over' | 'gone'

/** What a program has let go of goes on until its peer has acknowledged nothing new for that long. */
const ORPHAN_US = 60_000_000

export class TcpEndpoint implements SenderHost, KeepAliveEndpoint, HeldTask {
  readonly side: Side
  readonly queue: EventQueue
  readonly host: Host
  readonly #connection: TcpConnection
  readonly #life: HostLife
  readonly #sender: TcpSender
  readonly #receiver = new TcpReceiver()
  readonly #keepAlive: TcpKeepAlive
  #program: TcpProgram | undefined
  /** The server's program meets the connection once the handshake is done. */
  #accept: ((endpoint: TcpEndpoint) => void) | undefined
  #state: State = 'connecting'
  /** The program has closed it for good: what still arrives for it finds nobody. */
  #isOrphan = false
  #isReading = true
  #wantsData = true
  #wantsRoom = false
  #isConnectedUntold = false
  #isEndTold = false
  #failure: TcpFailure | undefined
  #isHeld = false
  #owesAck = false
  #advertisedBytes = 0
  /** When what is acknowledged now was sent. */
  #echoUs = 0
  #deadline: ReusableEvent | undefined

  constructor(connection: TcpConnection, side: Side, life: HostLife, accept?: (endpoint: TcpEndpoint) => void) {
    this.side = side
    this.#connection = connection
    this.#life = life
    this.host = life.host
    this.queue = connection.environment.ground.queue
    this.#accept = accept
    this.#sender = new TcpSender(this)
    this.#keepAlive = new TcpKeepAlive(this)
  }

  get settings(): StreamSettings {
    return this.#connection.environment.stream
  }

  get remoteAddress(): string {
    const { clientAddress, serverHost } = this.#connection
    return this.side === 'client' ? serverHost.address : clientAddress
  }

  get remotePort(): number {
    return this.side === 'client' ? this.#connection.serverPort : this.#connection.clientPort
  }

  get localPort(): number {
    return this.side === 'client' ? this.#connection.clientPort : this.#connection.serverPort
  }

  get isConnecting(): boolean {
    return this.#state === 'connecting'
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Nothing more will come of it. */
  get isOver(): boolean {
    return this.#state === 'over' || this.#state === 'gone'
  }

  /** Nobody remembers it: what arrives for it is answered with a reset. */
  get isGone(): boolean {
    return this.#state === 'gone'
  }

  get hasRoom(): boolean {
    return this.#sender.bufferedBytes <= this.settings.sendBufferBytes
  }

  // What the program does

  /** Why it broke, whether or not the program has heard of it. */
  get failure(): TcpFailure | undefined {
    return this.#failure
  }

  attach(program: TcpProgram): void {
    this.#program = program
  }

  begin(): void {
    const limitUs = Math.ceil(this.settings.connectTimeoutMs * 1000)
    this.#deadline = new ReusableEvent(() => {
      if (this.#state === 'connecting') this.#fail('ETIMEDOUT')
    })
    this.queue.add(this.#deadline, this.queue.nowUs + limitUs)
    this.#sender.begin()
  }

  write(bytes: Uint8Array): void {
    if (!this.isOver) this.#sender.write(bytes)
  }

  /** All that the program has written up to this offset belongs to `message`, or to those before it. */
  noteMessage(message: MessageUnderWay, endBytes: number): void {
    this.#connection.noteMessage(this.side, message, endBytes)
  }

  /** The messages of the peer whose last byte is among those read up to this offset. */
  takeMessages(endBytes: number): readonly MessageUnderWay[] {
    return this.#connection.takeMessages(this.side, endBytes)
  }

  /** No more will be written; what was is still sent. */
  finish(): void {
    if (!this.isOver) this.#sender.finish()
  }

  /** The program wants to hear when there is room. */
  wantRoom(): void {
    this.#wantsRoom = true
  }

  readOn(): void {
    if (this.#wantsData) return
    this.#wantsData = true
    this.#ready()
  }

  setCoalescing(isCoalescing: boolean): void {
    this.#sender.setCoalescing(isCoalescing)
  }

  /** `idleMs` 0: off. */
  setKeepAlive(idleMs: number): void {
    this.#keepAlive.set(idleMs)
  }

  /** The program lets go of it. Politely where all was read; else, and with `reset`, the peer is told that it broke. */
  close(how: 'goodbye' | 'reset'): void {
    this.#program = undefined
    this.#isOrphan = true
    if (this.isOver) return
    if (how === 'reset' || this.#state === 'connecting' || this.#receiver.unreadBytes > 0) {
      if (this.side === 'server' || this.#state !== 'connecting') this.sendReset()
      this.die()
      return
    }
    this.#sender.finish()
    this.#checkFinished()
    if (this.isOver) return
    this.#deadline = new ReusableEvent(() => this.#handleOrphanDeadline())
    this.queue.add(this.#deadline, this.queue.nowUs + ORPHAN_US)
  }

  /** What was written still leaves, however long a slow path takes; then the peer has a minute for its goodbye. */
  #handleOrphanDeadline(): void {
    const dueUs = this.#sender.progressAtUs + ORPHAN_US
    if (this.#deadline !== undefined && this.queue.nowUs < dueUs) this.queue.add(this.#deadline, dueUs)
    else this.die()
  }

  // What the system hears

  handle(segment: TcpSegment): void {
    this.#keepAlive.heard()
    if ((segment.flags & RST) !== 0) {
      this.#fail(this.#state === 'connecting' && this.side === 'client' ? 'ECONNREFUSED' : 'ECONNRESET')
      return
    }
    if (segment.position <= this.#receiver.next) this.#echoUs = Math.max(this.#echoUs, segment.sentAtUs)
    if ((segment.flags & SYN) !== 0) this.#handleSyn(segment)
    if ((segment.flags & ACK) !== 0) this.#handleAck(segment)
    if (this.isGone) return
    const carries = segment.payload.length > 0 || (segment.flags & FIN) !== 0
    if (carries) this.#handleContents(segment)
    // The peer's keep-alive: a position that we have, and nothing in it.
    else if (segment.position === this.#receiver.next - 1 && (segment.flags & SYN) === 0) this.#owesAck = true
    if (this.#owesAck) this.#sendAck()
    this.#checkFinished()
  }

  hearReset(): void {
    if (!this.isOver) this.#fail('ECONNRESET')
  }

  setReading(isReading: boolean): void {
    if (this.#isReading === isReading) return
    this.#isReading = isReading
    if (isReading) this.queue.push(this.queue.nowUs, () => this.#ready())
  }

  settingsChanged(): void {
    if (!this.isOver) this.#sender.settingsChanged()
  }

  /** It breaks by itself, and tells its peer. */
  break(): void {
    this.sendReset()
    this.#fail('ECONNRESET')
  }

  sendReset(): void {
    this.#connection.sendReset(this.side, this.#sender.next)
  }

  /** Nothing is left of it, and nobody is told. */
  die(): void {
    this.#end('gone')
  }

  // What the sender and the keep-alive ask

  get isWaiting(): boolean {
    return this.#sender.isWaiting
  }

  probe(): void {
    this.transmit(ACK, this.#sender.next - 1, NO_PAYLOAD)
  }

  transmit(flags: number, position: number, payload: Uint8Array): void {
    const { next } = this.#receiver
    const windowBytes = this.#roomBytes()
    this.#owesAck = false
    this.#advertisedBytes = windowBytes
    const allFlags = next > 0 ? flags | ACK : flags
    this.#connection.transmit(this.side, allFlags, position, next, windowBytes, this.#echoUs, payload)
  }

  giveUp(): void {
    this.#fail('ETIMEDOUT')
  }

  /** For the host: the program can hear again. */
  perform(): void {
    this.#isHeld = false
    this.#tellProgram()
  }

  #handleSyn(segment: TcpSegment): void {
    if (this.#receiver.next > 0) {
      // Said again: our answer was lost.
      if (this.side === 'server' && !this.#sender.isSynAcknowledged) this.#sender.repeatFirst()
      else this.#owesAck = true
      return
    }
    this.#receiver.begin()
    if (this.side === 'server') this.#sender.begin()
    else this.#owesAck = segment.flags !== SYN
  }

  #handleAck(segment: TcpSegment): void {
    const repeats = segment.payload.length === 0 && (segment.flags & (SYN | FIN)) === 0
    this.#sender.acknowledge(segment, repeats)
    if (this.#state === 'connecting' && this.#sender.isSynAcknowledged && this.#receiver.next > 0) this.#open()
    if (this.#wantsRoom && this.hasRoom) this.#ready()
  }

  #open(): void {
    this.#state = 'open'
    if (this.#deadline !== undefined) this.queue.cancel(this.#deadline)
    this.#isConnectedUntold = true
    if (!this.#keepAlive.isOn) this.#keepAlive.set(this.settings.keepAliveMs)
    this.#sender.open()
    this.#ready()
  }

  #handleContents(segment: TcpSegment): void {
    this.#owesAck = true
    if (this.#state === 'connecting') return
    const isNew = segment.payload.length > 0 && segment.position + segment.payload.length > this.#receiver.next
    if (this.#isOrphan && isNew) {
      this.sendReset()
      this.die()
      return
    }
    if (this.#receiver.receive(segment, this.#roomBytes()) && !this.#isOrphan) this.#ready()
  }

  #roomBytes(): number {
    return Math.max(0, this.settings.receiveBufferBytes - this.#receiver.unreadBytes)
  }

  #sendAck(): void {
    if (!this.isGone) this.transmit(ACK, this.#sender.next, NO_PAYLOAD)
  }

  /** Both sides have said and heard everything. */
  #checkFinished(): void {
    if (this.#state !== 'open' || !this.#sender.isFinished || !this.#receiver.isFinished) return
    if (this.#isOrphan) this.#end('over')
  }

  #fail(failure: TcpFailure): void {
    if (this.isOver) {
      this.#end('gone')
      return
    }
    this.#receiver.clear()
    this.#failure = failure
    this.#end('gone')
    this.#ready()
  }

  #end(state: 'over' | 'gone'): void {
    if (this.#state === 'gone') return
    this.#state = state
    this.#sender.stop()
    this.#keepAlive.stop()
    if (this.#deadline !== undefined) this.queue.cancel(this.#deadline)
    this.#connection.endpointGone()
  }

  /** Something has come about that the program may want to hear. */
  #ready(): void {
    if (this.#isHeld || (this.#program === undefined && this.#accept === undefined)) return
    if (!this.#life.isAlive) return
    if (this.host.isFree) {
      this.#tellProgram()
    } else {
      this.#isHeld = true
      this.host.hold('input', this)
    }
  }

  /** Each step can end everything: the next looks again. */
  #tellProgram(): void {
    this.#connection.environment.drain.need()
    if (this.#isConnectedUntold && this.#failure === undefined) {
      this.#isConnectedUntold = false
      const accept = this.#accept
      this.#accept = undefined
      accept?.(this)
      this.#program?.connected()
    }
    if (this.#isReading && this.#failure === undefined) this.#tellData()
    if (this.#failure !== undefined) {
      this.#tellFailure(this.#failure)
    } else if (this.#wantsRoom && this.hasRoom) {
      this.#wantsRoom = false
      this.#program?.room()
    }
  }

  /** Who neither reads nor waits for room does not hear that it broke, until it writes. */
  #tellFailure(failure: TcpFailure): void {
    const isListening = (this.#wantsData && !this.#isEndTold) || this.#wantsRoom
    if (!isListening) return
    this.#program?.failed(failure)
    this.#program = undefined
  }

  #tellData(): void {
    while (this.#wantsData && this.#receiver.unreadBytes > 0 && this.#program !== undefined) {
      const bytes = this.#receiver.read()
      const { trace } = this.#connection.environment.ground
      trace.record(TraceKind.bytes, this.host.ordinal, this.#connection.ordinal, 0, bytes)
      this.#wantsData = false
      this.#wantsData = this.#program.data(bytes) || this.#wantsData
      this.#announceRoom()
    }
    if (this.#receiver.isFinished && this.#receiver.unreadBytes === 0 && !this.#isEndTold) {
      this.#isEndTold = true
      this.#program?.ended()
    }
  }

  /** A peer that was told of little room is told of more, once that is worth a segment. */
  #announceRoom(): void {
    const worthBytes = Math.min(2 * PAYLOAD_BYTES_MAX, this.settings.receiveBufferBytes >> 1)
    const isTight = this.#advertisedBytes < this.settings.receiveBufferBytes >> 1
    if (isTight && !this.isOver && this.#roomBytes() - this.#advertisedBytes >= worthBytes) this.#sendAck()
  }
}
