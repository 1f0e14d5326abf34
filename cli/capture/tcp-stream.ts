/**
 * One direction of a TCP connection, put in order again from what was captured of it: segments that come late, twice or
 * overlapping. What is missing is waited for as long as it may still come, and told otherwise: the receiver has
 * acknowledged it, so that only the capture lacks it; or nothing is known of the receiver and the wait was long.
 */
import type { Findings } from './findings.ts'
import { sequenceDistance } from './tcp-segment.ts'

/** Who takes the bytes of one direction, in order. */
export interface StreamReader {
  /** A segment, or what is new in it. */
  bytes(bytes: Uint8Array): void
  /** So many bytes are not in the capture. */
  missing(count: number): void
  /** Its sender has ended it. */
  ended(): void
}

/** After the receiver has acknowledged what is missing, the capture may still have it out of order. */
const WAIT_ACKNOWLEDGED_MS = 1_000
/** Where only this direction was captured. */
const WAIT_UNKNOWN_MS = 5_000
const HELD_BYTES_MAX = 1024 * 1024
const HELD_BYTES_MAX_ACKNOWLEDGED = 64 * 1024
/** So many segments of whatever length are held at most. */
const HELD_MAX = 4_096
/** A capture that lacks more than this of a connection has a wrong number in it. */
const DISTANCE_MAX = 2 ** 30

interface Held {
  readonly sequence: number
  readonly bytes: Uint8Array
  readonly length: number
}

export class TcpStream {
  readonly #reader: StreamReader
  readonly #findings: Findings
  #next: number | undefined
  #fin: number | undefined
  #acknowledged: number | undefined
  #held: Held[] = []
  #heldBytes = 0
  #waitingSinceMs: number | undefined
  #isOver = false

  constructor(reader: StreamReader, findings: Findings) {
    this.#reader = reader
    this.#findings = findings
  }

  /** Whether something is held until what comes before it has come, or is given up. */
  get isWaiting(): boolean {
    return this.#held.length > 0
  }

  /** Whether the last byte that was taken is the one before `sequence`. */
  endsWith(sequence: number): boolean {
    return this.#next === sequence >>> 0
  }

  /** The sequence number of the first byte, where it is not known yet. */
  beginAt(sequence: number): void {
    this.#next ??= sequence >>> 0
  }

  /** `length` is more than `bytes` has where a packet was cut short. */
  segment(sequence: number, bytes: Uint8Array, length: number, nowMs: number): void {
    if (this.#isOver || length === 0) return
    this.beginAt(sequence)
    const distance = this.#distanceTo(sequence)
    if (distance + length <= 0) {
      this.#findings.count('tcp_repeated')
    } else if (distance <= 0) {
      this.#take({ sequence, bytes, length })
      this.#takeHeld()
    } else if (distance < DISTANCE_MAX) {
      this.#findings.count('tcp_out_of_order')
      this.#hold({ sequence, bytes: bytes.slice(), length })
    }
    this.check(nowMs)
  }

  fin(sequence: number): void {
    this.beginAt(sequence)
    this.#fin = sequence >>> 0
    this.#endIfOver()
  }

  /** The receiver has everything before `sequence`. */
  acknowledge(sequence: number, nowMs: number): void {
    this.beginAt(sequence)
    if (this.#acknowledged === undefined || sequenceDistance(this.#acknowledged, sequence) > 0) {
      this.#acknowledged = sequence
    }
    this.check(nowMs)
  }

  /** Gives up waiting where it is time. */
  check(nowMs: number): void {
    const [first] = this.#held
    if (first === undefined || this.#isOver) {
      this.#waitingSinceMs = undefined
      return
    }
    this.#waitingSinceMs ??= nowMs
    const waitedMs = nowMs - this.#waitingSinceMs
    if (this.#acknowledged === undefined) {
      if (waitedMs >= WAIT_UNKNOWN_MS || this.#heldBytes > HELD_BYTES_MAX) this.#giveUp(first)
    } else if (sequenceDistance(first.sequence, this.#acknowledged) >= 0) {
      if (waitedMs >= WAIT_ACKNOWLEDGED_MS || this.#heldBytes > HELD_BYTES_MAX_ACKNOWLEDGED) this.#giveUp(first)
    } else if (this.#heldBytes > HELD_BYTES_MAX) this.#giveUp(first)
    const [oldest] = this.#held
    if (oldest !== undefined && this.#held.length > HELD_MAX) this.#giveUp(oldest)
  }

  /** Nothing more comes: uses what is held, as far as its receiver had it. */
  finish(): void {
    for (let first = this.#held[0]; first !== undefined && !this.#isOver; first = this.#held[0]) {
      if (this.#acknowledged !== undefined && sequenceDistance(first.sequence, this.#acknowledged) < 0) break
      this.#giveUp(first)
    }
    if (this.#isOver || this.#acknowledged === undefined || this.#next === undefined) return
    const lacking = this.#distanceTo(this.#acknowledged)
    // The last number is that of the end, which has no byte.
    if (lacking > 1 && lacking < DISTANCE_MAX && this.#held.length === 0) this.#reader.missing(lacking)
  }

  #distanceTo(sequence: number): number {
    return sequenceDistance(this.#next ?? sequence, sequence)
  }

  /** What is new in a segment that begins at the next byte, or before it. */
  #take({ sequence, bytes, length }: Held): void {
    const known = -this.#distanceTo(sequence)
    if (known >= length) return
    this.#next = (sequence + length) >>> 0
    const fresh = bytes.subarray(known)
    if (fresh.length > 0) this.#reader.bytes(fresh)
    const lacking = length - Math.max(bytes.length, known)
    if (lacking > 0) this.#reader.missing(lacking)
  }

  #takeHeld(): void {
    for (let first = this.#held[0]; first !== undefined; first = this.#held[0]) {
      if (this.#distanceTo(first.sequence) > 0) break
      this.#held.shift()
      this.#heldBytes -= first.length
      this.#take(first)
    }
    this.#waitingSinceMs = undefined
    this.#endIfOver()
  }

  #hold(segment: Held): void {
    // From the end, for most come in order among themselves.
    const before = this.#held.findLastIndex(({ sequence }) => sequenceDistance(segment.sequence, sequence) <= 0)
    this.#held.splice(before + 1, 0, segment)
    this.#heldBytes += segment.length
  }

  #giveUp(first: Held): void {
    this.#reader.missing(this.#distanceTo(first.sequence))
    this.#next = first.sequence
    this.#takeHeld()
  }

  #endIfOver(): void {
    if (this.#isOver || this.#fin === undefined || this.#distanceTo(this.#fin) > 0) return
    this.#isOver = true
    this.#held = []
    this.#reader.ended()
  }
}
