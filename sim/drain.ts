/** Whether the event that runs now leaves work in the queues of Node (ticks, promises) that must run before the next event. */
export class Drain {
  #isNeeded = false

  /** The event that runs now has touched a stream, queued a tick, or run in a program that uses promises. */
  need(): void {
    this.#isNeeded = true
  }

  /** Whether it was needed since this was asked last. */
  take(): boolean {
    const isNeeded = this.#isNeeded
    this.#isNeeded = false
    return isNeeded
  }
}
