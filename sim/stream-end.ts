/**
 * One end of a WebSocket-like connection: what `ws` does on a TCP socket. Whoever says goodbye is answered with the
 * same code; once an end has both said and read one, its stream ends (FIN), and the program hears `closed` when its
 * peer's has ended too: the active side after one round trip, the passive side after another. A stream that ends
 * without a goodbye is closed with 1006. Who waits in vain lets go: after a second of its own `close`, after two of
 * its peer's (`closeTimeout` of our `ws`).
 *
 * A program that has let go leaves its system behind, which goes on to send what was written and the end of the stream
 * until nothing new has been acknowledged for a minute; where something was unread, or more comes, it resets the
 * connection instead.
 */
import { RELIABLE, type Delivery } from '../core/delivery.ts'
import type { ConnectionHandler } from '../core/injected.ts'
import type { StreamSettings } from './connection-settings.ts'
import { ConnectionEnd, type EndOptions, type Farewell, type Side } from './connection-end.ts'
import type { EventHandle } from './event-queue.ts'
import type { StreamHalf, StreamReceiver, StreamSender } from './stream-half.ts'
import { StreamKeepAlive, type KeepAliveEnd } from './stream-keep-alive.ts'
import type { SegmentKind } from './stream-segment.ts'

/** What an end needs of the connection that it is an end of. */
export interface StreamOfEnd {
  /** As they are now. */
  readonly settings: StreamSettings
  /** The upgrade request has come. */
  requested(): void
  /** The client closes while it dials. */
  abandon(): void
  sendReset(from: Side): void
  /** Asks the other machine for a sign of life. */
  probe(from: Side, answered: () => void): void
  /** An end is gone. */
  checkOver(): void
}

const NO_BYTES = new Uint8Array(0)
/** A client masks its frames with four bytes (RFC 6455, section 5.3). */
const MASK_BYTES = 4
const PASSIVE_CLOSE_MS = 2000
const ORPHAN_US = 60_000_000

export class StreamEnd extends ConnectionEnd implements StreamSender, StreamReceiver, KeepAliveEnd {
  readonly transport = 'websocket'
  readonly #connection: StreamOfEnd
  readonly #outgoing: StreamHalf
  readonly #incoming: StreamHalf
  #hasSaidGoodbye = false
  /** Nothing more will be written. */
  #hasEnded = false
  /** The peer's system has said that nothing more will come. */
  #hasPeerEnded = false
  #hangsUpOnceDrained = false
  #isOrphan = false
  #orphanTimer: EventHandle | undefined
  #keepAlive: StreamKeepAlive | undefined

  constructor(
    connection: StreamOfEnd,
    outgoing: StreamHalf,
    incoming: StreamHalf,
    options: EndOptions,
    handler?: ConnectionHandler,
  ) {
    super(options, handler)
    this.#connection = connection
    this.#outgoing = outgoing
    this.#incoming = incoming
    outgoing.begin(this)
    incoming.receiver = this
  }

  get settings(): StreamSettings {
    return this.#connection.settings
  }

  get isWaiting(): boolean {
    return !this.#outgoing.isAcknowledged
  }

  get acknowledgedAtUs(): number {
    return this.#outgoing.acknowledgedAtUs
  }

  get bufferedBytes(): number {
    return this.isGone || this.#isOrphan ? 0 : this.#outgoing.bufferedBytes
  }

  /** The program has let go of it: whatever comes for it is refused. */
  get isOrphan(): boolean {
    return this.#isOrphan
  }

  /** TCP's handshake is done, or the settings have changed since. */
  watchPeer(): void {
    if (this.#keepAlive !== undefined) this.#keepAlive.settingsChanged()
    else if (this.settings.keepAliveMs > 0) this.#keepAlive = new StreamKeepAlive(this.queue, this)
  }

  /** Its system heard the peer's, be it only a probe. */
  heardPeer(): void {
    this.#keepAlive?.heard()
  }

  probe(answered: () => void): void {
    this.#connection.probe(this.side, answered)
  }

  receive(kind: SegmentKind, bytes: Uint8Array, code: number, reason: string): void {
    this.heardPeer()
    switch (kind) {
      case 'message':
        this.hearMessage(bytes, RELIABLE)
        break
      case 'close':
        this.hearFarewell(code, reason)
        break
      case 'fin':
        this.#hasPeerEnded = true
        if (this.#isOrphan) this.checkFinished()
        else this.hearEnd()
        break
      case 'request':
        this.#connection.requested()
        break
      case 'response':
        this.hearOpened()
        break
      case 'part':
        break
    }
  }

  refuse(): void {
    this.#connection.sendReset(this.side)
    if (this.#isOrphan) this.forget()
  }

  giveUp(): void {
    this.break(1006, 'timeout')
  }

  /** What was written has left. */
  drained(): void {
    if (this.#hangsUpOnceDrained) this.letGo()
    else this.hearDrained()
  }

  /** Of an orphan nothing is left once both streams have ended, and the peer knows. */
  checkFinished(): void {
    if (this.#isOrphan && this.#hasPeerEnded && this.#outgoing.isAcknowledged) this.forget()
  }

  /** The stream ends without a goodbye. */
  endStream(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#outgoing.finish()
  }

  /** The program's socket is closed, whatever became of the connection. */
  letGo(reason: string = ''): void {
    if (this.isGone || this.#isOrphan) return
    if (this.hasUnread) {
      this.#connection.sendReset(this.side)
      this.forget()
    } else {
      this.endStream()
      this.#isOrphan = true
      this.#watchOrphan(this.queue.nowUs + ORPHAN_US)
      this.checkFinished()
    }
    this.tellClosed(1006, reason)
  }

  #watchOrphan(atUs: number): void {
    this.#orphanTimer = this.queue.push(atUs, () => {
      const dueUs = this.#outgoing.acknowledgedAtUs + ORPHAN_US
      if (this.queue.nowUs < dueUs) this.#watchOrphan(dueUs)
      else this.forget()
    })
  }

  protected transmit(message: Uint8Array, _delivery: Delivery): void {
    if (this.#hasEnded) return
    this.#outgoing.send('message', message, this.#frameBytesOf(message.length))
  }

  protected sendFarewell(code: number, reason: string): void {
    if (this.#hasSaidGoodbye || this.#hasEnded) return
    this.#hasSaidGoodbye = true
    const carried = shortened(reason)
    const payloadBytes = 2 + utf8BytesOf(carried)
    this.#outgoing.send('close', NO_BYTES, this.#frameBytesOf(payloadBytes) + payloadBytes, code, carried)
  }

  protected answerFarewell({ code, reason }: Farewell): void {
    if (!this.#hasSaidGoodbye) {
      this.leave()
      this.sendFarewell(code, reason)
      this.cutAfter(PASSIVE_CLOSE_MS)
    }
    this.endStream()
  }

  protected answerEnd(): void {
    this.leave()
    this.endStream()
    if (this.#outgoing.bufferedBytes === 0) this.letGo()
    else this.#hangsUpOnceDrained = true
  }

  protected cut(): void {
    this.letGo()
  }

  protected abandon(): void {
    this.#connection.abandon()
  }

  protected release(): void {
    this.#orphanTimer?.cancel()
    this.#keepAlive?.stop()
    this.#outgoing.stop()
    this.#connection.checkOver()
  }

  protected madeRoom(): void {
    this.#incoming.madeRoom()
  }

  #frameBytesOf(payloadBytes: number): number {
    const lengthBytes = payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10
    return lengthBytes + (this.side === 'client' ? MASK_BYTES : 0)
  }
}

/** A control frame's payload is at most 125 bytes, two of which are the code (RFC 6455, section 5.5). */
const REASON_BYTES_MAX = 123

function shortened(reason: string): string {
  if (reason.length * 3 <= REASON_BYTES_MAX) return reason
  let carried = ''
  let bytes = 0
  for (const character of reason) {
    bytes += utf8BytesOf(character)
    if (bytes > REASON_BYTES_MAX) break
    carried += character
  }
  return carried
}

function utf8BytesOf(text: string): number {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4
  }
  return bytes
}
