/**
 * Turns: everything that the core does is one input (a network event, a timer, a call from outside), and then, in one
 * first-in-first-out queue for the whole server, everything that was asked for meanwhile, until the queue is empty.
 *
 * The clock is read once, at the start of a turn. What a handler asks for while it runs waits in the queue until it
 * has returned, and is forgotten if it throws. Nothing here is asynchronous.
 */
import { assert, OverworldError } from '../errors.ts'
import type { Clock } from '../injected.ts'
import type { OutsideCall } from './outside-calls.ts'
import { TAP_EVENTS, type Tap } from './tap.ts'
import { Taps } from './taps.ts'
import { isThenable } from '../synchronous.ts'
import type { Handled } from './handled.ts'

type Ask = () => void

export interface TurnsOptions {
  readonly callsMax?: number
  readonly taps?: Taps<Tap>
}

export class Turns {
  readonly #clock: Clock
  #onError: (error: unknown) => void
  readonly #taps: Taps<Tap>
  /** Asked for and not yet carried out; the entries before `#next` have been. */
  readonly #queue: Ask[] = []
  #next = 0
  /** The event that each entry of the queue follows from, where somebody watches. */
  readonly #causes: number[] = []
  #running = false
  /** The program's own code runs, for which the clock stands still. */
  #isHeld = false
  #now: number
  /** How many turns have begun. */
  #turn = 0
  /** What must come out of this turn at whoever began it. */
  #escaping: { readonly error: unknown } | undefined
  #callsMax: number
  /** Calls of handlers and callbacks that this turn has taken. */
  #calls = 0

  /**
   * `onError` hears of what an ask threw that nobody else was there to catch. `callsMax`: so many calls of handlers and callbacks
   * belong to one turn at most; a zone that tells itself something each time it is told something would never end its turn.
   */
  constructor(
    clock: Clock,
    onError: (error: unknown) => void,
    { callsMax = Infinity, taps = new Taps<Tap>(TAP_EVENTS, onError) }: TurnsOptions = {},
  ) {
    this.#clock = clock
    this.#onError = onError
    this.#callsMax = callsMax
    this.#taps = taps
    this.#now = clock.now()
  }

  /** What the server that the turns belong to has to say to them, where they were there before it. */
  bind(onError: (error: unknown) => void, callsMax: number): void {
    this.#onError = onError
    this.#callsMax = callsMax
  }

  /** A turn runs, or the program's own code for which the clock stands still. */
  get isBusy(): boolean {
    return this.#running || this.#isHeld
  }

  /** The time of this turn (ms), however long it takes; between turns, the clock's. */
  get now(): number {
    return this.isBusy ? this.#now : this.#clock.now()
  }

  get isRunning(): boolean {
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
   * callback) it is asked for instead, and what it throws is reported. `what`: for who sees the calls from outside.
   */
  call(run: Ask, what?: OutsideCall): void {
    if (this.#running) {
      this.#askWithinLimit(run, what)
      return
    }
    this.enter(run, what)
  }

  /** The same where nobody waits for what it throws: that is reported, from outside too. */
  askFromOutside(run: Ask, what?: OutsideCall): void {
    if (this.#running) {
      this.#askWithinLimit(run, what)
      return
    }
    this.#refuseTap(what)
    this.#begin()
    this.#tellInput(what)
    this.#guard(run)
    this.#finish()
  }

  /** Something was set that needs no turn. */
  set(run: Ask, what?: OutsideCall): void {
    this.#refuseTap(what)
    if (!this.#running) {
      this.enter(run, what)
      return
    }
    this.#tellCall(what)
    run()
  }

  /**
   * A call with an answer: runs at once, within a turn too. What it throws goes to its caller, and what it had asked for
   * is forgotten.
   */
  enter<T>(run: () => T, what?: OutsideCall): T {
    this.#refuseTap(what)
    if (!this.#running) return this.#enter(run, what)
    this.#tellCall(what)
    return this.#orForget(run, what)
  }

  /**
   * Runs code of the server's program that may begin several turns: the clock stands still for all of them, and to a tap
   * they are one turn, whose input `tell` tells. Within a turn it is a part of that turn.
   */
  hold<T>(tell: () => void, run: () => T): T {
    if (this.#running || this.#isHeld) return run()
    this.#now = this.#clock.now()
    this.#isHeld = true
    this.#tellBegin()
    if (this.#taps.isOn) tell()
    try {
      return run()
    } finally {
      this.#isHeld = false
      if (this.#taps.isOn) this.#taps.emit.turnEnds(this.#turn)
    }
  }

  /** To be carried out in this turn, after all that was asked for before. */
  ask(run: Ask): void {
    if (!this.#running) {
      this.run(run)
      return
    }
    if (this.#taps.causes.isKept) this.#causes[this.#queue.length] = this.#taps.cause
    this.#queue.push(run)
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

  #askWithinLimit(run: Ask, what: OutsideCall | undefined): void {
    this.#refuseTap(what)
    this.#calls++
    if (this.#calls <= this.#callsMax) {
      this.#tellCall(what)
      this.ask(run)
    } else if (this.#calls === this.#callsMax + 1) {
      this.#onError(turnTooLong(this.#callsMax))
    }
  }

  #refuseTap(what: OutsideCall | undefined): void {
    if (this.#taps.isOn) this.#taps.refuse(what?.method ?? 'the server')
  }

  /** From outside: it is the input of the turn that has begun; within the program's own code it is a part of that. */
  #tellInput(what: OutsideCall | undefined): void {
    if (what === undefined || !this.#taps.isOn) return
    if (!this.#isHeld) this.#taps.begin.called(what)
    else this.#taps.emit.apiCalled(what)
  }

  #tellCall(what: OutsideCall | undefined): void {
    if (what !== undefined && this.#taps.isOn) this.#taps.emit.apiCalled(what)
  }

  #enter<T>(run: () => T, what: OutsideCall | undefined): T {
    this.#begin()
    try {
      this.#tellInput(what)
      return this.#orForget(run, what)
    } finally {
      this.#finish()
    }
  }

  #begin(): void {
    this.#running = true
    this.#calls = 0
    if (this.#isHeld) return
    this.#now = this.#clock.now()
    this.#tellBegin()
  }

  #tellBegin(): void {
    this.#turn++
    const taps = this.#taps
    if (!taps.isOn) return
    taps.cause = taps.causes.arriving
    taps.emit.turnBegins(this.#turn, this.#now)
  }

  #finish(): void {
    while (this.#next < this.#queue.length) {
      if (this.#taps.causes.isKept) this.#taps.cause = this.#causes[this.#next] ?? 0
      const ask = this.#queue[this.#next++]
      if (ask !== undefined) this.#guard(ask)
    }
    // Setting the length of an array is slow, even where it is that long already.
    while (this.#queue.length > 0) this.#queue.pop()
    while (this.#causes.length > 0) this.#causes.pop()
    this.#next = 0
    this.#running = false
    if (!this.#isHeld && this.#taps.isOn) this.#taps.emit.turnEnds(this.#turn)
    const escaping = this.#escaping
    this.#escaping = undefined
    if (escaping !== undefined) throw escaping.error as Error
  }

  /** Nothing is carried out while `run` runs, so all that is new in the queue is what it asked for. */
  #orForget<T>(run: () => T, what: OutsideCall | undefined): T {
    const asked = this.#queue.length
    try {
      return run()
    } catch (error) {
      this.#queue.length = asked
      if (what !== undefined && this.#taps.isOn) this.#taps.emit.callThrew(what, error)
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
