/**
 * Node's streams go on in `process.nextTick`, and so do `http` and `ws`; what awaits a promise goes on as a microtask. An
 * event that leaves such work is over when all of it has run: after the event the driver waits for one real
 * `setImmediate`, before which Node empties both queues. Every other event runs without waiting.
 *
 * Left out: work that waits for the real world (threads, timers, files). It would come too late, and differ.
 */
import type { Drain } from '../drain.ts'
import type { EventQueue } from '../event-queue.ts'

export interface RunOptions {
  readonly queue: EventQueue
  readonly drain: Drain
  /** Everything due up to and including this virtual time runs; then it is that time. */
  readonly untilUs: number
  /** Asked after each event; true ends the run there. What it throws ends the run, too. */
  readonly isOver?: () => boolean
  /** Called once, with what an event or `isOver` threw, if anything. */
  readonly done: (error?: { readonly thrown: unknown }) => void
  /** For tests: wait after every event. It must make no difference. */
  readonly drainsAlways?: boolean
}

const afterTicks = setImmediate

/** Runs events, waiting after those that need it. Returns before `done` is called. */
export function runDraining({ queue, drain, untilUs, isOver = never, done, drainsAlways = false }: RunOptions): void {
  const go = (): void => {
    try {
      for (;;) {
        if (drain.take()) {
          afterTicks(go)
          return
        }
        if (isOver()) break
        if (queue.nextAtUs > untilUs) {
          queue.runUntil(untilUs)
          break
        }
        queue.runNext()
        if (drainsAlways) drain.need()
      }
    } catch (error) {
      const fail = (): void => done({ thrown: error })
      // What the failed event left in Node's queues still belongs to this run.
      if (drain.take()) afterTicks(fail)
      else fail()
      return
    }
    done()
  }
  // What was done before the run may have left ticks, and `done` must not be called before this returns.
  afterTicks(go)
}

function never(): boolean {
  return false
}
