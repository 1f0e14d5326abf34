/**
 * The `Clock` of one incarnation of a host. `now()` is the machine's time, in milliseconds of whole virtual
 * microseconds; a timer runs at the first microsecond at which `now()` has reached its deadline. While the host is
 * paused, due timers are held; once it has crashed, none ever runs, and setting one does nothing.
 */
import { OverworldError } from '../core/errors.ts'
import type { Clock, Timer } from '../core/injected.ts'
import { QueuedEvent, type EventQueue } from './event-queue.ts'
import type { MachineTime } from './machine-time.ts'

/** Whether the program of a host can run now, and where what it would have run waits meanwhile. */
export interface HostGate {
  readonly isFree: boolean
  hold(kind: 'timer' | 'input', task: HeldTask): void
}

export interface HeldTask {
  /** Runs what was held, without asking again whether the host is free. */
  perform(): void
}

export class HostClock implements Clock {
  readonly #queue: EventQueue
  readonly #time: MachineTime
  readonly #gate: HostGate
  /** The timers that wait, in a ring in the order in which they were set. */
  readonly #ring: HostTimer
  #stoppedAtMs: number | undefined

  constructor(queue: EventQueue, time: MachineTime, gate: HostGate) {
    this.#queue = queue
    this.#time = time
    this.#gate = gate
    this.#ring = new HostTimer(this, 0, ignore)
  }

  now(): number {
    return this.#stoppedAtMs ?? this.#time.msAt(this.#queue.nowUs)
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    if (!(delayMs >= 0)) {
      throw new OverworldError('bad_delay', `a timer's delay is ${delayMs} ms: give a number from 0`)
    }
    const timer = new HostTimer(this, this.now() + delayMs, fire)
    if (this.#stoppedAtMs === undefined) {
      timer.linkBefore(this.#ring)
      this.#schedule(timer)
    }
    return timer
  }

  /** How many timers wait. */
  get pendingCount(): number {
    let count = 0
    for (let timer = this.#ring.next; timer !== this.#ring; timer = timer.next) count += 1
    return count
  }

  /** The machine's time has changed its course: every timer gets its new place, the most overdue first. */
  reschedule(): void {
    const timers: HostTimer[] = []
    for (let timer = this.#ring.next; timer !== this.#ring; timer = timer.next) timers.push(timer)
    timers.sort((a, b) => a.deadlineMs - b.deadlineMs)
    for (const timer of timers) {
      this.#queue.cancel(timer)
      this.#schedule(timer)
    }
  }

  /** The host crashed. */
  stop(): void {
    if (this.#stoppedAtMs !== undefined) return
    this.#stoppedAtMs = this.now()
    while (this.#ring.next !== this.#ring) this.#ring.next.cancel()
  }

  /** A timer's own: it is due. */
  expire(timer: HostTimer): void {
    timer.unlink()
    if (this.#gate.isFree) timer.perform()
    else this.#gate.hold('timer', timer)
  }

  /** A timer's own: it must not run any more. */
  forget(timer: HostTimer): void {
    this.#queue.cancel(timer)
    timer.unlink()
  }

  /** One beyond all counting (an infinite delay) is never queued. */
  #schedule(timer: HostTimer): void {
    const atUs = this.#time.virtualUsOf(timer.deadlineMs, this.#queue.nowUs)
    if (atUs !== Infinity) this.#queue.add(timer, atUs)
  }
}

class HostTimer extends QueuedEvent implements Timer, HeldTask {
  readonly deadlineMs: number
  readonly #clock: HostClock
  #fire: (() => void) | undefined
  #previous: HostTimer = this
  #next: HostTimer = this

  constructor(clock: HostClock, deadlineMs: number, fire: () => void) {
    super()
    this.#clock = clock
    this.deadlineMs = deadlineMs
    this.#fire = fire
  }

  get next(): HostTimer {
    return this.#next
  }

  run(): void {
    this.#clock.expire(this)
  }

  perform(): void {
    const fire = this.#fire
    this.#fire = undefined
    fire?.()
  }

  cancel(): void {
    this.#fire = undefined
    this.#clock.forget(this)
  }

  linkBefore(timer: HostTimer): void {
    this.#next = timer
    this.#previous = timer.#previous
    timer.#previous.#next = this
    timer.#previous = this
  }

  unlink(): void {
    this.#previous.#next = this.#next
    this.#next.#previous = this.#previous
    this.#previous = this
    this.#next = this
  }
}

function ignore(): void {
  // The head of the ring is no timer.
}
