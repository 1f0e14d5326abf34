/**
 * One end of a simulated connection, as its program sees it: the contract of `Connection` and `ConnectionHandler`,
 * the same for every kind of connection. What the program cannot hear now (its host is paused, it reads slowly) waits
 * here in order, and counts as unread; a connection that breaks loses what is unread.
 *
 * Left to the subclasses: how messages travel, what `close` does on the wire.
 */
import { RELIABLE, type Delivery } from '../core/delivery.ts'
import { OverworldError } from '../core/errors.ts'
import type { Connection, ConnectionHandler, Timer, TransportName } from '../core/injected.ts'
import { Inbox, type Input, type InputKind } from './end-input.ts'
import type { EventQueue } from './event-queue.ts'
import { ReusableEvent } from './event-queue.ts'
import type { Host, HostLife } from './host.ts'
import type { MessageCauses } from './message-causes.ts'
import { numberOfDelivery, TraceKind, type Trace } from './trace.ts'

export type Side = 'client' | 'server'

/**
 * What the program has seen of it: `leaving` once its peer will hear no more of it, although it has not closed itself;
 * `closing` after its own `close`, `closed` after it heard `closed`.
 */
type Phase = 'new' | 'open' | 'leaving' | 'closing' | 'closed'

/** How somebody closed a connection. */
export interface Farewell {
  readonly code: number
  readonly reason: string
}

export interface EndOptions {
  readonly queue: EventQueue
  readonly trace: Trace
  readonly life: HostLife
  /** The connection's number in the trace. */
  readonly ordinal: number
  readonly side: Side
  readonly remoteAddress: string
  /** Hears what a handler threw. */
  readonly onError: (error: unknown) => void
  /** Of the connection that this is an end of. */
  readonly causes: MessageCauses
}

const CUT_AFTER_MS = 1000
const NO_BYTES = new Uint8Array(0)

export abstract class ConnectionEnd implements Connection {
  abstract readonly transport: TransportName
  readonly id: number
  readonly remoteAddress: string
  readonly host: Host
  readonly side: Side
  readonly ordinal: number
  protected readonly queue: EventQueue
  readonly #trace: Trace
  readonly #life: HostLife
  readonly #onError: (error: unknown) => void
  readonly #causes: MessageCauses
  #handler: ConnectionHandler | undefined
  #phase: Phase = 'new'
  /** Whoever closes hears of it in its own words, however the connection ends then; */
  #ownClose: Farewell | undefined
  /** and who was said goodbye to in those of its peer. */
  #peersFarewell: Farewell | undefined
  /** The network knows nothing of it any more: packets for it find nobody. */
  #isGone = false
  #isReading = true
  readonly #inbox = new Inbox()
  #readEvent: ReusableEvent | undefined
  #cutTimer: Timer | undefined
  #cutAtMs = Infinity

  constructor(options: EndOptions, handler?: ConnectionHandler) {
    const { queue, trace, life, ordinal, side, remoteAddress, onError, causes } = options
    this.id = ordinal * 2 - (side === 'client' ? 1 : 0)
    this.remoteAddress = remoteAddress
    this.host = life.host
    this.side = side
    this.ordinal = ordinal
    this.queue = queue
    this.#trace = trace
    this.#life = life
    this.#onError = onError
    this.#causes = causes
    this.#handler = handler
  }

  abstract get bufferedBytes(): number
  protected abstract transmit(message: Uint8Array, delivery: Delivery): void
  /** Sends goodbye after everything sent before. */
  protected abstract sendFarewell(code: number, reason: string): void
  /** The program has read its peer's goodbye. */
  protected abstract answerFarewell(farewell: Farewell): void
  /** The program has read that its peer will say nothing more. */
  protected abstract answerEnd(): void
  /** Goodbye, if any was said, went unanswered. */
  protected abstract cut(farewell?: Farewell): void
  /** The end is gone: free what it holds. */
  protected abstract release(): void
  /** Something unread has been read. */
  protected abstract madeRoom(): void

  get isOpen(): boolean {
    return this.#phase === 'open'
  }

  get isNew(): boolean {
    return this.#phase === 'new'
  }

  get isGone(): boolean {
    return this.#isGone
  }

  get unreadBytes(): number {
    return this.#inbox.unreadBytes
  }

  protected get hasUnread(): boolean {
    return this.#inbox.hasUnread
  }

  send(message: Uint8Array, delivery: Delivery = RELIABLE): void {
    if (this.#phase !== 'open') return
    const bytes = plainBytes(message)
    this.#record(TraceKind.send, numberOfDelivery(delivery), bytes)
    this.#causes.sent(this.side, bytes)
    this.transmit(bytes, delivery)
  }

  close(code: number, reason: string = ''): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') return
    if (code !== 1000 && !(Number.isInteger(code) && code >= 4000 && code <= 4999)) {
      throw new OverworldError('bad_option', `close code ${code}: give 1000 or an integer from 4000 to 4999`)
    }
    const isDialing = this.#phase === 'new' && this.side === 'client'
    this.#record(TraceKind.close, code, NO_BYTES, reason)
    this.#phase = 'closing'
    this.#ownClose = { code, reason }
    if (this.#isGone) return
    if (isDialing) {
      this.queue.push(this.queue.nowUs, () => this.abandon({ code, reason }))
    } else {
      this.sendFarewell(code, reason)
      this.cutAfter(CUT_AFTER_MS)
    }
  }

  /** How long its program waits for a silent peer, in ms; undefined: as long as the transport does. */
  get patienceMs(): number | undefined {
    return this.#handler?.patienceMs
  }

  /** A slow reader: nothing is read from now on, until it is. */
  setReading(isReading: boolean): void {
    if (this.#isReading === isReading) return
    this.#isReading = isReading
    if (isReading) this.#readOn()
  }

  /** The server's program meets the connection. */
  accept(accept: (connection: Connection) => ConnectionHandler): void {
    if (this.#phase !== 'new' || this.#isGone) return
    try {
      this.#handler = accept(this)
    } catch (error) {
      this.cut()
      this.#onError(error)
      return
    }
    this.hearOpened()
  }

  hearOpened(): void {
    if (this.host.isFree && this.#isReading) this.#handleOpened()
    else this.#hold('opened', NO_BYTES, RELIABLE, 0, '')
  }

  hearMessage(bytes: Uint8Array, delivery: Delivery): void {
    if (this.#isGone) return
    if (this.host.isFree && this.#isReading && this.#inbox.isEmpty) this.#handleMessage(bytes, delivery)
    else this.#hold('message', bytes, delivery, 0, '')
  }

  /** Something has come that is no message, or not yet. */
  hearAlive(): void {
    if (this.#isGone || this.#phase !== 'open') return
    if (!this.host.isFree) {
      this.host.hold('input', { perform: () => this.hearAlive() })
      return
    }
    try {
      this.#handler?.alive?.()
    } catch (error) {
      this.#onError(error)
    }
  }

  /** The peer's goodbye, in order with its messages. */
  hearFarewell(code: number, reason: string): void {
    if (this.#isGone) return
    if (this.host.isFree && this.#isReading && this.#inbox.isEmpty) this.#handleFarewell(code, reason)
    else this.#hold('farewell', NO_BYTES, RELIABLE, code, reason)
  }

  /** The peer will say nothing more, in order with its messages. */
  hearEnd(): void {
    if (this.#isGone) return
    if (this.host.isFree && this.#isReading && this.#inbox.isEmpty) this.#handleEnd()
    else this.#hold('end', NO_BYTES, RELIABLE, 0, '')
  }

  hearDrained(): void {
    if (this.host.isFree) this.#handleDrained()
    else this.#hold('drained', NO_BYTES, RELIABLE, 0, '')
  }

  /** The connection broke: the end is gone, what was unread is lost. */
  break(code: number = 1006, reason: string = ''): void {
    if (this.#isGone) return
    this.#vanish()
    if (this.#phase === 'closed') return
    if (this.host.isFree) this.#handleClosed(code, reason)
    else this.#hold('closed', NO_BYTES, RELIABLE, code, reason)
  }

  /** One's own goodbye was answered. */
  finish(): void {
    if (this.host.isFree) {
      this.#vanish()
      this.#handleClosed(1006, '')
    } else {
      this.#hold('farewell', NO_BYTES, RELIABLE, 1006, '')
    }
  }

  /** The host crashed: nobody is left to hear anything. */
  die(): void {
    this.#phase = 'closed'
    if (!this.#isGone) this.#vanish()
  }

  /** The network forgets an end whose program has heard `closed` already. */
  forget(): void {
    if (!this.#isGone) this.#vanish()
  }

  /** Its own dial was given up by `close`. */
  protected abstract abandon(farewell: Farewell): void

  /** By the program's own clock. */
  protected setTimer(ms: number, run: () => void): Timer {
    return this.#life.clock.setTimer(ms, run)
  }

  /** Whatever the program has not read, it never will. */
  protected loseUnread(): void {
    this.#inbox.lose()
  }

  /** From now on the program can say nothing more; it hears `closed` when the connection is gone. */
  protected leave(): void {
    if (this.#phase === 'open') this.#phase = 'leaving'
  }

  /** Its program waits at most that long (ms), by its own clock, and then for nobody any more. */
  protected cutAfter(ms: number): void {
    const { clock } = this.#life
    const atMs = clock.now() + ms
    if (atMs >= this.#cutAtMs) return
    this.#cutAtMs = atMs
    this.#cutTimer?.cancel()
    this.#cutTimer = clock.setTimer(ms, () => {
      if (this.#phase === 'closing' || this.#phase === 'leaving') this.cut(this.#ownClose)
    })
  }

  /** The program hears `closed`, if it has not; the connection itself is left as it is. */
  protected tellClosed(code: number, reason: string): void {
    this.#handleClosed(code, reason)
  }

  takeHeld(input: Input): void {
    if (this.#inbox.hasLost(input)) return
    const isOutOfOrder = input.kind === 'drained' || input.kind === 'closed'
    if (!isOutOfOrder && (!this.#isReading || !this.#inbox.isEmpty)) this.#inbox.push(input)
    else this.#handle(input)
  }

  #hold(kind: InputKind, bytes: Uint8Array, delivery: Delivery, code: number, reason: string): void {
    const input = this.#inbox.make(this, kind, bytes, delivery, code, reason)
    if (this.host.isFree) this.#inbox.push(input)
    else this.host.hold('input', input)
  }

  #handle(input: Input): void {
    this.#inbox.read(input)
    switch (input.kind) {
      case 'opened':
        this.#handleOpened()
        break
      case 'message':
        this.#handleMessage(input.bytes, input.delivery)
        this.madeRoom()
        break
      case 'farewell':
        this.#handleFarewell(input.code, input.reason)
        break
      case 'end':
        this.#handleEnd()
        break
      case 'drained':
        this.#handleDrained()
        break
      case 'closed':
        this.#handleClosed(input.code, input.reason)
        break
    }
  }

  #handleOpened(): void {
    if (this.#phase !== 'new') return
    this.#phase = 'open'
    this.#record(TraceKind.open, 0, NO_BYTES)
    try {
      this.#handler?.opened()
    } catch (error) {
      this.#onError(error)
    }
  }

  #handleMessage(bytes: Uint8Array, delivery: Delivery): void {
    if (this.#phase !== 'open') return
    this.#record(TraceKind.deliver, numberOfDelivery(delivery), bytes)
    this.#causes.arriving(this.side, bytes)
    try {
      this.#handler?.message(bytes, delivery)
    } catch (error) {
      this.#onError(error)
    } finally {
      this.#causes.arrived()
    }
  }

  #handleFarewell(code: number, reason: string): void {
    if (this.#phase === 'closed') return
    const farewell = { code, reason }
    this.#peersFarewell ??= farewell
    this.answerFarewell(farewell)
  }

  #handleEnd(): void {
    if (this.#phase !== 'closed') this.answerEnd()
  }

  #handleDrained(): void {
    if (this.#phase !== 'open') return
    this.#record(TraceKind.drained, 0, NO_BYTES)
    try {
      this.#handler?.drained?.()
    } catch (error) {
      this.#onError(error)
    }
  }

  #handleClosed(otherwiseCode: number, otherwiseReason: string): void {
    if (this.#phase === 'closed') return
    const farewell = this.#ownClose ?? this.#peersFarewell
    const { code, reason } = farewell ?? { code: otherwiseCode, reason: otherwiseReason }
    this.#phase = 'closed'
    this.#cutTimer?.cancel()
    const handler = this.#handler
    // A server's connection that broke before its program met it.
    if (handler === undefined) return
    this.#record(TraceKind.closed, code, NO_BYTES, reason)
    try {
      handler.closed(code, reason)
    } catch (error) {
      this.#onError(error)
    }
  }

  #vanish(): void {
    this.#isGone = true
    this.loseUnread()
    this.release()
  }

  /** One event for each input; what arrives meanwhile queues up behind. */
  #readOn(): void {
    if (this.#inbox.isEmpty || this.#readEvent?.isQueued === true) return
    this.#readEvent ??= new ReusableEvent(() => this.#readNext())
    this.queue.add(this.#readEvent, this.queue.nowUs)
  }

  #readNext(): void {
    if (!this.#isReading) return
    if (!this.host.isFree) {
      // It reads when its turn comes, rather than asking again: others wait too, and would be asked in a circle.
      this.host.hold('input', { perform: () => this.#readOne() })
      return
    }
    this.#readOne()
  }

  #readOne(): void {
    if (!this.#isReading) return
    const input = this.#inbox.shift()
    this.#readOn()
    if (input !== undefined) this.#handle(input)
  }

  #record(kind: TraceKind, number: number, bytes: Uint8Array, text: string = ''): void {
    this.#trace.record(kind, this.host.ordinal, this.ordinal, number, bytes, text)
  }
}

/** A subclass (Node's Buffer) would have methods at the other end that no real network carries there. */
function plainBytes(message: Uint8Array): Uint8Array {
  if (message.constructor === Uint8Array) return message
  return new Uint8Array(message.buffer, message.byteOffset, message.length)
}
