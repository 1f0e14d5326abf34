/**
 * The timers of a client, by name. Each name has at most one timer. A timer that fires after it was cancelled (a clock
 * that breaks its contract) is told as such and does nothing.
 */
import { assert } from '../errors.ts'
import type { Timer } from '../injected.ts'
import type { GuardedParts } from './guarded-parts.ts'

export type ClientTimerName =
  /** From a dial until the program is told of a session. */
  | 'connect'
  /** Until the next dial. */
  | 'retry'
  /** The server is silent. */
  | 'liveness'
  /** Until the sign of life that was asked for. */
  | 'sign'

/** One timer of these, as `Liveness` and `SignOfLife` use it. */
export type SetTimer = (delayMs: number, fire: () => void) => Timer | undefined

export class ClientTimers {
  readonly #parts: GuardedParts
  readonly #run: (handle: () => void) => void
  readonly #onStale: () => void
  readonly #running = new Map<ClientTimerName, Timer>()

  /** `run` gets each timer that fires, as something from outside; `onStale` hears of those that were cancelled. */
  constructor(parts: GuardedParts, run: (handle: () => void) => void, onStale: () => void) {
    this.#parts = parts
    this.#run = run
    this.#onStale = onStale
  }

  /** Infinity: no timer. Throws what the clock throws. */
  set(name: ClientTimerName, delayMs: number, fire: () => void): Timer | undefined {
    assert(!this.#running.has(name), `the client's ${name} timer is set twice`)
    const inner = this.#parts.setTimer(delayMs, () => this.#run(() => this.#fired(name, timer, fire)))
    if (inner === undefined) return undefined
    const timer: Timer = {
      cancel: () => {
        if (this.#running.get(name) === timer) this.#running.delete(name)
        inner.cancel()
      },
    }
    this.#running.set(name, timer)
    return timer
  }

  cancel(name: ClientTimerName): void {
    this.#running.get(name)?.cancel()
  }

  /** The timer `name`, for a part that has no other. */
  only(name: ClientTimerName): SetTimer {
    return (delayMs, fire) => this.set(name, delayMs, fire)
  }

  #fired(name: ClientTimerName, timer: Timer | undefined, fire: () => void): void {
    if (timer === undefined || this.#running.get(name) !== timer) {
      this.#onStale()
      return
    }
    this.#running.delete(name)
    fire()
  }
}
