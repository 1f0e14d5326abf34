/** One segment of a stream on its way, and the pool in which segments wait to be used again. */
import { QueuedEvent } from './event-queue.ts'

/** `close` is WebSocket's goodbye, `fin` the end of the stream. */
export type SegmentKind = 'part' | 'message' | 'close' | 'fin' | 'request' | 'response'

/** Where a segment arrives. */
export interface SegmentReceiver {
  arrive(segment: Segment): void
}

const NO_BYTES = new Uint8Array(0)

/** The event of its own arrival. */
export class Segment extends QueuedEvent {
  half: SegmentReceiver | undefined = undefined
  kind: SegmentKind = 'message'
  bytes: Uint8Array = NO_BYTES
  sizeBytes = 0
  code = 0
  reason = ''
  position = 0
  /** What its sender had received when it sent this: everything of the opposite direction before that position. */
  acknowledges = 0
  firstSentAtUs = 0
  sentAtUs = 0
  sendCount = 0
  isFlying = false
  isLost = false
  hasArrived = false
  /** Acknowledged while a copy is still under way. */
  isFreed = false

  run(): void {
    this.half?.arrive(this)
  }
}

/** Segments are used again: a run makes as many as are ever under way at the same time. */
export class SegmentPool {
  readonly #free: Segment[] = []

  take(): Segment {
    return this.#free.pop() ?? new Segment()
  }

  give(segment: Segment): void {
    segment.half = undefined
    segment.bytes = NO_BYTES
    segment.reason = ''
    segment.sendCount = 0
    segment.isLost = false
    segment.hasArrived = false
    segment.isFreed = false
    this.#free.push(segment)
  }
}
