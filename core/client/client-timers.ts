/**
 * The timers of a client, by name. Each name has at most one timer. A timer that fires after it was cancelled (a clock
 * that breaks its contract) is told as such and does nothing.
 */
import { assert } from '../errors.ts'
import type { Timer } from '../injected.ts'
import type { ClientShell } from './client-shell.ts'
import type { ClientTimerOwner } from './client-tap.ts'
import type { ClientTimerName } from './client-words.ts'
import type { GuardedParts } from './guarded-parts.ts'

const OWNERS: Readonly<Record<ClientTimerName, ClientTimerOwner>> = {
  connect: { name: 'connect' },
  retry: { name: 'retry' },
  liveness: { name: 'liveness' },
  sign: { name: 'sign' },
}

/** Runs what comes from outside as a turn; `tell` tells taps of it. */
export type RunTurn = (handle: () => void, tell: (() => void) | undefined) => void

/** One timer of these, as `Liveness` and `SignOfLife` use it. */
export type SetTimer = (delayMs: number, fire: () => void) => Timer | undefined

export class ClientTimers {
  readonly #parts: GuardedParts
  readonly #shell: ClientShell
  readonly #run: RunTurn
  readonly #onStale: () => void
  readonly #running = new Map<ClientTimerName, Timer>()

  /** `run` gets each timer that fires, as something from outside; `onStale` hears of those that were cancelled. */
  constructor(parts: GuardedParts, shell: ClientShell, run: RunTurn, onStale: () => void) {
    this.#parts = parts
    this.#shell = shell
    this.#run = run
    this.#onStale = onStale
  }

  /** Infinity: no timer. Throws what the clock throws. */
  set(name: ClientTimerName, delayMs: number, fire: () => void): Timer | undefined {
    assert(!this.#running.has(name), `the client's ${name} timer is set twice`)
    const { taps } = this.#shell
    const owner = OWNERS[name]
    const number = this.#shell.nextTimer()
    let setBy = 0
    const inner = this.#parts.setTimer(delayMs, () => {
      const tell = (): void => {
        taps.cause = setBy
        taps.begin.fired(number, owner)
      }
      this.#run(() => this.#fired(name, timer, fire), taps.isOn ? tell : undefined)
    })
    if (inner === undefined) return undefined
    const timer: Timer = {
      cancel: () => {
        if (this.#running.get(name) !== timer) return
        this.#running.delete(name)
        if (taps.isOn) taps.emit.cancelTimer(number, owner)
        inner.cancel()
      },
    }
    this.#running.set(name, timer)
    if (taps.isOn) setBy = taps.emit.setTimer(number, owner, delayMs)
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
