/**
 * Turns: everything that the core does is one input (a network event, a timer, a call from outside), and then, in one
 * first-in-first-out queue for the whole server, everything that was asked for meanwhile, until the queue is empty.
 *
 * The clock is read once, at the start of a turn. What a handler asks for while it runs waits in the queue until it
 * has returned, and is forgotten if it throws. Nothing here is asynchronous.
 */
import { assert, OverworldError } from './errors.ts'
import type { Clock } from './injected.ts'
import type { CallWitness, OutsideCall } from './outside-calls.ts'
import { isThenable, type Thenable } from './synchronous.ts'

type Ask = () => void

/** How a user's handler ended. One that returned a promise counts as one that threw. */
export type Handled =
  | { readonly threw: false }
  | { readonly threw: true; readonly error: unknown; readonly promise?: undefined }
  | { readonly threw: true; readonly promise: Thenable }

export class Turns {
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  readonly #witness: CallWitness | undefined
  /** Asked for and not yet carried out; the entries before `#next` have been. */
  readonly #queue: Ask[] = []
  #next = 0
  #running = false
  #now: number
  /** What must come out of this turn at whoever began it. */
  #escaping: { readonly error: unknown } | undefined
  readonly #callsMax: number
  /** Calls of handlers and callbacks that this turn has taken. */
  #calls = 0

  /**
   * `onError` hears of what an ask threw that nobody else was there to catch. `callsMax`: so many calls of handlers and callbacks
   * belong to one turn at most; a zone that tells itself something each time it is told something would never end its turn.
   */
  constructor(clock: Clock, onError: (error: unknown) => void, witness?: CallWitness, callsMax = Infinity) {
    this.#clock = clock
    this.#onError = onError
    this.#witness = witness
    this.#callsMax = callsMax
    this.#now = clock.now()
  }

  /** The time of this turn (ms), however long it takes; between turns, the clock's. */
  get now(): number {
    return this.#running ? this.#now : this.#clock.now()
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
   * callback) it is asked for instead, and what it throws is reported. `what`: for who sees the calls from outside.
   */
  call(run: Ask, what?: OutsideCall): void {
    if (this.#running) {
      this.#askWithinLimit(run)
      return
    }
    this.enter(run, what)
  }

  /** The same where nobody waits for what it throws: that is reported, from outside too. */
  askFromOutside(run: Ask, what?: OutsideCall): void {
    if (this.#running) {
      this.#askWithinLimit(run)
      return
    }
    this.#seen(what, () => this.run(run))
  }

  /** Something was set that needs no turn. */
  set(run: Ask, what?: OutsideCall): void {
    if (this.#running) run()
    else this.#seen(what, run)
  }

  /**
   * A call with an answer: runs at once, within a turn too. What it throws goes to its caller, and what it had asked for
   * is forgotten.
   */
  enter<T>(run: () => T, what?: OutsideCall): T {
    if (this.#running) return this.#orForget(run)
    return this.#seen(what, () => this.#enter(run))
  }

  /** To be carried out in this turn, after all that was asked for before. */
  ask(run: Ask): void {
    if (this.#running) this.#queue.push(run)
    else this.run(run)
  }

  /**
   * Runs a user's handler, within a turn. If it throws or returns a promise, what it asked for is forgotten, and the
   * error or the promise comes back.
   */
  handle(handler: () => unknown): Handled {
    assert(this.#running, 'a handler outside of a turn')
    const asked = this.#queue.length
    try {
      const returned = handler()
      if (!isThenable(returned)) return DONE
      this.#queue.length = asked
      return { threw: true, promise: returned }
    } catch (error) {
      this.#queue.length = asked
      return { threw: true, error }
    }
  }

  /** Finishes the turn first, and then throws `error` to the caller that began it. Outside of a turn it does nothing. */
  throwAfter(error: unknown): void {
    if (this.#running) this.#escaping ??= { error }
  }

  #askWithinLimit(run: Ask): void {
    this.#calls++
    if (this.#calls <= this.#callsMax) this.ask(run)
    else if (this.#calls === this.#callsMax + 1) this.#onError(turnTooLong(this.#callsMax))
  }

  #seen<T>(what: OutsideCall | undefined, run: () => T): T {
    const witness = this.#witness
    if (witness === undefined || what === undefined) return run()
    witness.enters(what)
    try {
      return run()
    } finally {
      witness.left()
    }
  }

  #enter<T>(run: () => T): T {
    this.#begin()
    try {
      return this.#orForget(run)
    } finally {
      this.#finish()
    }
  }

  #begin(): void {
    this.#running = true
    this.#calls = 0
    this.#now = this.#clock.now()
  }

  #finish(): void {
    while (this.#next < this.#queue.length) {
      const ask = this.#queue[this.#next++]
      if (ask !== undefined) this.#guard(ask)
    }
    // Setting the length of an array is slow, even where it is that long already.
    while (this.#queue.length > 0) this.#queue.pop()
    this.#next = 0
    this.#running = false
    const escaping = this.#escaping
    this.#escaping = undefined
    if (escaping !== undefined) throw escaping.error as Error
  }

  /** Nothing is carried out while `run` runs, so all that is new in the queue is what it asked for. */
  #orForget<T>(run: () => T): T {
    const asked = this.#queue.length
    try {
      return run()
    } catch (error) {
      this.#queue.length = asked
      throw error
    }
  }

  #guard(ask: Ask): void {
    try {
      ask()
    } catch (error) {
      this.#onError(error)
    }
  }
}

function turnTooLong(callsMax: number): OverworldError {
  return new OverworldError(
    'turn_too_long',
    `handlers and callbacks made more than ${callsMax} calls in one turn, as where a zone tells itself something again and again: ` +
      'the further ones are dropped. Spread them over ticks or zone timers, or raise limits.callsPerTurn',
  )
}

const DONE: Handled = Object.freeze({ threw: false })

/** Whether `error` tells a caller of a mistake of theirs, rather than of ours. */
export function isMisuse(error: unknown): error is OverworldError {
  try {
    return error instanceof OverworldError && error.code !== 'internal'
  } catch {
    // A proxy whose traps throw is no error of ours.
    return false
  }
}
