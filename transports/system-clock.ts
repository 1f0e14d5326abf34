/**
 * The real clock: `performance.now()`, which never runs backwards, and the platform's timers. Imports nothing, so
 * that Node and browsers share it. Leaves out wall-clock time: nothing in the core needs to know what day it is.
 */
import { OverworldError } from '../core/errors.ts'
import type { Clock, Timer } from '../core/injected.ts'

/** The longest delay that the platforms' timers take; a longer one fires at once, so it is split. */
const PLATFORM_DELAY_MS_MAX = 2 ** 31 - 1

const NEVER: Timer = Object.freeze({ cancel: () => undefined })

/** A `Clock` on real time. Its timers keep a Node process alive until they fire or are cancelled. */
export function systemClock(): Clock {
  return { now, setTimer }
}

function now(): number {
  return performance.now()
}

function setTimer(delayMs: number, fire: () => void): Timer {
  if (!(delayMs >= 0)) {
    throw new OverworldError('bad_delay', `a timer's delay must be 0 ms or more, not ${delayMs}`)
  }
  if (delayMs === Infinity) return NEVER
  if (delayMs === 0 && typeof setImmediate === 'function') return immediateTimer(fire)
  return new DeadlineTimer(now() + delayMs, fire)
}

/** Node's `setTimeout(…, 0)` waits a whole millisecond; `setImmediate` does not. */
function immediateTimer(fire: () => void): Timer {
  const handle = setImmediate(fire)
  return { cancel: () => clearImmediate(handle) }
}

class DeadlineTimer implements Timer {
  readonly #deadlineMs: number
  readonly #fire: () => void
  #handle: ReturnType<typeof setTimeout> | undefined

  constructor(deadlineMs: number, fire: () => void) {
    this.#deadlineMs = deadlineMs
    this.#fire = fire
    this.#arm(deadlineMs - now())
  }

  cancel(): void {
    clearTimeout(this.#handle)
  }

  #arm(remainingMs: number): void {
    const delayMs = Math.min(Math.ceil(remainingMs), PLATFORM_DELAY_MS_MAX)
    this.#handle = setTimeout(() => this.#expired(), delayMs)
  }

  /** Platform timers may be up to a millisecond early, and a split delay is not over yet: look, and go on waiting. */
  #expired(): void {
    const remainingMs = this.#deadlineMs - now()
    if (remainingMs > 0) this.#arm(remainingMs)
    else this.#fire()
  }
}
