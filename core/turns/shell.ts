/**
 * Binds what a server is given (time, randomness, networks) to its turns and its taps: every input, read and output of the
 * server passes here, and in `core/connection/link.ts` for those of connections. It numbers timers, links, listeners and
 * receivers.
 *
 * A server makes its own shell. A program that is recorded, replayed or simulated is given one, so that what it does
 * before and beside its server is seen as well (`boot`, `program`).
 */
import type { Action, Session } from '../session/views.ts'
import { OverworldError } from '../errors.ts'
import type { ServerDefaults } from '../options.ts'
import type { Clock, Random, Timer } from '../injected.ts'
import type { OutsideCall } from './outside-calls.ts'
import { TAP_EVENTS, type LiveZone, type Peer, type Tap } from './tap.ts'
import { Taps, type Causes } from './taps.ts'
import type { TimerOwner } from './timer-owner.ts'
import { Turns } from './turns.ts'

export interface ShellParts {
  readonly clock: Clock
  readonly random: Random
  readonly taps?: readonly Tap[]
  /** The numbering of events; default: the server's own. */
  readonly causes?: Causes
  /** See `Shell.defaults`. Default: none. */
  readonly defaults?: ServerDefaults
  /** The id of the server's first session; default 1. For simulators: games must not depend on it. */
  readonly firstSessionId?: number
}

/** What the shell tells the server that it belongs to. */
export interface ShellOwner {
  /** Something threw within a turn, and no caller waits for it. */
  readonly onError: (error: unknown) => void
  readonly onTapThrew: (error: unknown) => void
  readonly callsMax: number
}

/** @deprecated What programs get as `calls` is the shell. */
export type CallWitness = Shell

const PROGRAM: TimerOwner = Object.freeze({ name: 'program' })

export class Shell {
  /** The clock for the server's program: it stands still within a turn, and its timers are seen. */
  readonly clock: Clock
  /** The same randomness as was given, whose draws are seen. */
  readonly random: Random
  readonly taps: Taps<Tap>
  /** What `createServer` takes where its own options say nothing. Has an effect until the server is created. */
  defaults: ServerDefaults
  readonly firstSessionId: number
  readonly #inner: Clock
  readonly #turns: Turns
  #owner: ShellOwner | undefined
  /** What taps threw before there was a server. */
  readonly #early: unknown[] = []
  #timers = 0
  #timersSet = 0
  #links = 0
  #listeners = 0
  #receivers = 0
  #isDrawingToken = false
  readonly #receiverNumbers = new WeakMap<object, number>()

  constructor({ clock, random, taps = [], causes, defaults = {}, firstSessionId = 1 }: ShellParts) {
    this.firstSessionId = firstSessionId
    this.#inner = clock
    this.defaults = defaults
    this.taps = new Taps<Tap>(TAP_EVENTS, (error) => this.#tapThrew(error), causes)
    this.#turns = new Turns(clock, (error) => this.#early.push(error), { taps: this.taps })
    for (const tap of taps) this.taps.add(tap)
    this.clock = { now: () => this.now, setTimer: (delayMs, fire) => this.#setTimer(PROGRAM, delayMs, fire) }
    this.random = { fill: (bytes) => this.#fill(random, bytes), uint32: () => this.#uint32(random) }
  }

  /** Binds the one server that belongs to this shell. Throws `bad_option` for a second one. */
  bind(owner: ShellOwner): Turns {
    if (this.#owner !== undefined)
      throw new OverworldError('bad_option', 'a shell belongs to one server: make one for each')
    this.#owner = owner
    this.#turns.bind(owner.onError, owner.callsMax)
    for (const error of this.#early.splice(0)) owner.onTapThrew(error)
    return this.#turns
  }

  /** Whether a server has been created with it. */
  get isBound(): boolean {
    return this.#owner !== undefined
  }

  /** Whether `clock` is the one that the shell was given, or the shell's own. */
  isClock(clock: Clock): boolean {
    return clock === this.clock || clock === this.#inner
  }

  /** A turn runs, or the program's own code for which the clock stands still. */
  get isInTurn(): boolean {
    return this.#turns.isBusy
  }

  /** The time of the present turn (ms); between turns the clock's. */
  get now(): number {
    return this.#turns.now
  }

  /** Timers that are set at the moment, without those of the program. */
  get timersSet(): number {
    return this.#timersSet
  }

  /** Runs the code that creates the server, starts its zones and listens: one input, for which the clock stands still. */
  boot<T>(run: () => T): T {
    return this.#hold(() => this.taps.begin.boot(), run)
  }

  /** Runs a command of the program that calls the server: one input, for which the clock stands still. */
  program<T>(name: string, args: readonly unknown[], run: () => T): T {
    return this.#hold(() => this.taps.begin.called({ on: 'program', method: name, args }), run)
  }

  /** A listener has accepted `link`. Begins a turn where somebody watches. */
  accepted(link: Peer & { readonly number: number }, listener: number): void {
    const { taps } = this
    if (taps.isOn) this.#turns.run(() => taps.begin.accepted(link.number, listener, link))
  }

  /** `send` is carried out later in this turn, or, from outside, in one of its own, which `call` is the input of. */
  ask(
    send: () => void,
    action: Action,
    session: Session | undefined,
    zone: LiveZone | undefined,
    call?: OutsideCall,
  ): void {
    const { taps } = this
    if (!taps.isOn) {
      this.#turns.askFromOutside(send, call)
      return
    }
    if (!this.#turns.isRunning) {
      this.#turns.askFromOutside(() => {
        taps.begin.asked(action, session, zone)
        send()
      }, call)
      return
    }
    const { cause } = taps
    if (call !== undefined) taps.emit.apiCalled(call)
    taps.begin.asked(action, session, zone)
    this.#turns.askFromOutside(send)
    taps.cause = cause
  }

  /** The random bytes that are drawn now are a token of a session. All other random values are drawn by the game. */
  get isDrawingToken(): boolean {
    return this.#isDrawingToken
  }

  /** Draws a token from `random`. Whoever supplies random values can tell it from what the game draws. */
  drawToken(random: Random, bytes: Uint8Array): void {
    this.#isDrawingToken = true
    try {
      random.fill(bytes)
    } finally {
      this.#isDrawingToken = false
    }
  }

  nextLink(): number {
    return ++this.#links
  }

  nextListener(): number {
    return ++this.#listeners
  }

  /** The number of a receiver within the process. */
  numberOf(receiver: object): number {
    let number = this.#receiverNumbers.get(receiver)
    if (number === undefined) this.#receiverNumbers.set(receiver, (number = ++this.#receivers))
    return number
  }

  /** Runs `fire` as a turn of its own, `delayMs` from now. Infinity: never, and no timer. */
  setTimer(owner: TimerOwner, delayMs: number, fire: () => void): Timer | undefined {
    if (delayMs === Infinity) return undefined
    return this.#setTimer(owner, delayMs, fire)
  }

  #setTimer(owner: TimerOwner, delayMs: number, fire: () => void): Timer {
    const { taps } = this
    const counts = owner === PROGRAM ? 0 : 1
    const number = ++this.#timers
    let setBy = 0
    let isSet = true
    const timer = this.#inner.setTimer(delayMs, () => {
      isSet = false
      this.#timersSet -= counts
      if (owner === PROGRAM) this.#hold(() => this.#tellFired(number, owner, setBy), fire)
      else this.#turns.run(taps.isOn ? () => this.#fire(number, owner, setBy, fire) : fire)
    })
    this.#timersSet += counts
    if (taps.isOn) setBy = taps.emit.setTimer(number, owner, delayMs)
    return {
      cancel: () => {
        if (!isSet) return
        isSet = false
        this.#timersSet -= counts
        if (taps.isOn) taps.emit.cancelTimer(number, owner)
        timer.cancel()
      },
    }
  }

  #fire(number: number, owner: TimerOwner, setBy: number, fire: () => void): void {
    this.#tellFired(number, owner, setBy)
    fire()
  }

  #tellFired(number: number, owner: TimerOwner, setBy: number): void {
    this.taps.cause = setBy
    this.taps.begin.fired(number, owner)
  }

  #hold<T>(tell: () => void, run: () => T): T {
    return this.#turns.hold(tell, run)
  }

  #fill(random: Random, bytes: Uint8Array): void {
    random.fill(bytes)
    if (this.taps.isOn) this.taps.emit.random(bytes)
  }

  #uint32(random: Random): number {
    const drawn = random.uint32()
    if (this.taps.isOn) this.taps.emit.randomNumber(drawn)
    return drawn
  }

  #tapThrew(error: unknown): void {
    if (this.#owner === undefined) this.#early.push(error)
    else this.#owner.onTapThrew(error)
  }
}
