/**
 * The receiving half of a TCP endpoint: puts bytes back into their order, keeps those that the program has not read,
 * and says how much room is left. Left out: selective acknowledgements, urgent data.
 */
import { ByteQueue } from './byte-queue.ts'
import { FIN, type SegmentFields } from './tcp-segment.ts'

interface Ahead {
  readonly position: number
  readonly payload: Uint8Array
  readonly hasFin: boolean
}

/** A read takes so many bytes at most, as Node's do. */
const READ_BYTES_MAX = 65_536

export class TcpReceiver {
  readonly #unread = new ByteQueue()
  /** What arrived before its turn, in order of position. */
  #ahead: Ahead[] = []
  #next = 0
  #isFinished = false

  /** The position that is expected next. */
  get next(): number {
    return this.#next
  }

  /** The peer will send nothing more, and all of it is here. */
  get isFinished(): boolean {
    return this.#isFinished
  }

  get unreadBytes(): number {
    return this.#unread.length
  }

  /** The peer's SYN. */
  begin(): void {
    this.#next = 1
  }

  /** Takes what is new and fits. False: nothing came into order. */
  receive({ position, payload, flags }: SegmentFields, roomBytes: number): boolean {
    const hasFin = (flags & FIN) !== 0
    const before = this.#next
    const skip = this.#next - position
    const room = roomBytes + skip
    const isCut = payload.length > room
    const kept = isCut ? payload.subarray(0, Math.max(0, room)) : payload
    const ahead = { position, payload: kept, hasFin: hasFin && !isCut }
    if (position > this.#next) this.#keepAhead(ahead)
    else this.#append(ahead)
    while (this.#ahead.length > 0 && (this.#ahead[0] as Ahead).position <= this.#next) {
      this.#append(this.#ahead.shift() as Ahead)
    }
    return this.#next > before
  }

  read(): Uint8Array {
    return this.#unread.take(READ_BYTES_MAX)
  }

  /** What is unread is lost. */
  clear(): void {
    this.#unread.clear()
    this.#ahead = []
  }

  #append({ position, payload, hasFin }: Ahead): void {
    const skip = this.#next - position
    if (skip <= payload.length && !this.#isFinished) {
      this.#unread.push(skip === 0 ? payload : payload.subarray(skip))
      this.#next = position + payload.length
      if (hasFin) {
        this.#next += 1
        this.#isFinished = true
      }
    }
  }

  #keepAhead(ahead: Ahead): void {
    if (ahead.payload.length === 0 && !ahead.hasFin) return
    let index = this.#ahead.length
    while (index > 0 && (this.#ahead[index - 1] as Ahead).position > ahead.position) index -= 1
    const before = this.#ahead[index - 1]
    const isKnown = before?.position === ahead.position && before.payload.length >= ahead.payload.length
    if (isKnown && (before.hasFin || !ahead.hasFin)) return
    this.#ahead.splice(index, 0, ahead)
  }
}
