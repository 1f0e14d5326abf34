/** A TCP segment on its way; the event of its own arrival. Positions count bytes of one direction from its SYN, 0. */
import { SEGMENT_BYTES_MAX } from '../congestion-window.ts'
import { QueuedEvent } from '../event-queue.ts'
import type { Side } from '../connection-end.ts'

export const SYN = 1
export const ACK = 2
export const FIN = 4
export const RST = 8

/** Headers of IP and TCP, without options. */
export const TCP_HEADER_BYTES = 40
/** What fits beside them into Ethernet's 1,500 bytes. */
export const PAYLOAD_BYTES_MAX: number = SEGMENT_BYTES_MAX
export const NO_PAYLOAD: Uint8Array = new Uint8Array(0)

export interface SegmentFields {
  readonly flags: number
  /** Of its SYN, its first byte, or its FIN. */
  readonly position: number
  /** What its sender expects next, where `flags` has `ACK`. */
  readonly ack: number
  /** How much its sender has room for. */
  readonly windowBytes: number
  /** When it was sent, and when what it answers was: the timestamps of RFC 7323. */
  readonly sentAtUs: number
  readonly echoUs: number
  readonly payload: Uint8Array
}

/** Where a segment arrives. */
export interface SegmentTarget {
  arrive(segment: TcpSegment): void
}

export class TcpSegment extends QueuedEvent implements SegmentFields {
  readonly flags: number
  readonly position: number
  readonly ack: number
  readonly windowBytes: number
  readonly sentAtUs: number
  readonly echoUs: number
  readonly payload: Uint8Array
  readonly to: Side
  readonly #target: SegmentTarget

  constructor(
    target: SegmentTarget,
    to: Side,
    flags: number,
    position: number,
    ack: number,
    windowBytes: number,
    sentAtUs: number,
    echoUs: number,
    payload: Uint8Array,
  ) {
    super()
    this.#target = target
    this.to = to
    this.flags = flags
    this.position = position
    this.ack = ack
    this.windowBytes = windowBytes
    this.sentAtUs = sentAtUs
    this.echoUs = echoUs
    this.payload = payload
  }

  run(): void {
    this.#target.arrive(this)
  }
}
