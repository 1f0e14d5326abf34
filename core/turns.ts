/**
 * Turns: everything that the core does is one input (a network event, a timer, a call from outside), and then, in one
 * first-in-first-out queue for the whole server, everything that was asked for meanwhile, until the queue is empty.
 *
 * The clock is read once, at the start of a turn. What a handler asks for while it runs is held back until it returns
 * and forgotten if it throws. Nothing here is asynchronous.
 */
import { OverworldError } from './errors.ts'
import type { Clock } from './injected.ts'

type Ask = () => void

export class Turns {
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  /** Asked for and not yet carried out; the entries before `#next` have been. */
  #queue: Ask[] = []
  #next = 0
  #running = false
  #now: number
  /** What the handler that is running has asked for so far. */
  #held: Ask[] | undefined

  /** `onError` hears of what an ask threw that nobody else was there to catch. */
  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#onError = onError
    this.#now = clock.now()
  }

  /** The time of this turn (ms); between turns, of the last one. */
  get now(): number {
    return this.#now
  }

  get running(): boolean {
    return this.#running
  }

  /** An input begins a turn. One that comes within a turn waits for its place in the queue. */
  run(input: Ask): void {
    if (this.#running) {
      this.ask(input)
      return
    }
    this.#begin()
    this.#guard(input)
    this.#finish()
  }

  /**
   * A call from outside: runs at once and throws to its caller what it threw. From within a turn (a handler, a
   * callback) it is asked for instead, and what it throws is reported.
   */
  call(run: Ask): void {
    if (this.#running) {
      this.ask(run)
      return
    }
    this.enter(run)
  }

  /** A call with an answer: runs at once, within a turn too, and throws to its caller what it threw. */
  enter<T>(run: () => T): T {
    if (this.#running) return run()
    this.#begin()
    try {
      return run()
    } finally {
      this.#finish()
    }
  }

  /** To be carried out in this turn, after all that was asked for before. */
  ask(run: Ask): void {
    if (this.#held !== undefined) this.#held.push(run)
    else if (this.#running) this.#queue.push(run)
    else this.run(run)
  }

  /** Runs a user's handler. If it throws, what it asked for is lost, and the error comes back. */
  handle(handler: () => void): { readonly threw: boolean; readonly error?: unknown } {
    const outer = this.#held
    const held: Ask[] = []
    this.#held = held
    try {
      handler()
    } catch (error) {
      this.#held = outer
      return { threw: true, error }
    }
    this.#held = outer
    for (const ask of held) this.ask(ask)
    return DONE
  }

  #begin(): void {
    this.#running = true
    this.#now = this.#clock.now()
  }

  #finish(): void {
    while (this.#next < this.#queue.length) {
      const ask = this.#queue[this.#next++]
      if (ask !== undefined) this.#guard(ask)
    }
    this.#queue.length = 0
    this.#next = 0
    this.#running = false
  }

  #guard(ask: Ask): void {
    try {
      ask()
    } catch (error) {
      this.#onError(error)
    }
  }
}

const DONE = Object.freeze({ threw: false })

/** Whether `error` tells a caller of a mistake of theirs, rather than of ours. */
export function isMisuse(error: unknown): error is OverworldError {
  return error instanceof OverworldError && error.code !== 'internal'
}
