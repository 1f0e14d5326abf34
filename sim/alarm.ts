/** An event of one's own that is asked for again and again, and rings once, at the earliest time asked for. */
import { ReusableEvent, type EventQueue } from './event-queue.ts'

export class Alarm {
  readonly #queue: EventQueue
  /** No kind of event of its own: the fewer kinds there are, the faster the queue calls them. */
  readonly event: ReusableEvent
  #atUs = 0

  constructor(queue: EventQueue, ring: () => void) {
    this.#queue = queue
    this.event = new ReusableEvent(ring)
  }

  get isQueued(): boolean {
    return this.event.isQueued
  }

  /** When it rings, while it is set. */
  get atUs(): number {
    return this.#atUs
  }

  /** It rings at that time at the latest, and not before now. */
  setBy(atUs: number): void {
    if (this.isQueued && this.#atUs <= atUs) return
    this.set(atUs)
  }

  /** It rings at that time (not before now), whatever it was set to. */
  set(atUs: number): void {
    const queue = this.#queue
    queue.cancel(this.event)
    this.#atUs = Math.max(atUs, queue.nowUs)
    queue.add(this.event, this.#atUs)
  }

  cancel(): void {
    this.#queue.cancel(this.event)
  }
}
