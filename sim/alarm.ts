/** An event of one's own that is asked for again and again, and rings once, at the earliest time asked for. */
import { QueuedEvent, type EventQueue } from './event-queue.ts'

export class Alarm extends QueuedEvent {
  readonly #queue: EventQueue
  readonly #ring: () => void
  #atUs = 0

  constructor(queue: EventQueue, ring: () => void) {
    super()
    this.#queue = queue
    this.#ring = ring
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
    queue.cancel(this)
    this.#atUs = Math.max(atUs, queue.nowUs)
    queue.add(this, this.#atUs)
  }

  cancel(): void {
    this.#queue.cancel(this)
  }

  run(): void {
    this.#ring()
  }
}
