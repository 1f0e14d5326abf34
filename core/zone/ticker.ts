/**
 * The tick of a zone: at each multiple of `tickMs` since its start. Ticks do not drift, and one that comes late is not
 * doubled up: the next is at the next multiple.
 */
import { OverworldError } from '../errors.ts'
import type { Timer } from '../injected.ts'
import type { Shell } from '../turns/shell.ts'
import type { TimerOwner } from '../turns/timer-owner.ts'

export class Ticker {
  readonly #shell: Shell
  readonly #owner: TimerOwner
  readonly #tickMs: number
  readonly #onTick: () => void
  readonly #start: number
  /** Which multiple of `tickMs` comes next. */
  #multiple = 0
  #timer: Timer | undefined
  #frame = 0

  constructor(shell: Shell, owner: TimerOwner, tickMs: number, onTick: () => void) {
    if (!(tickMs > 0)) throw new OverworldError('bad_option', `tickMs must be more than 0, not ${tickMs}`)
    this.#shell = shell
    this.#owner = owner
    this.#tickMs = tickMs
    this.#onTick = onTick
    this.#start = shell.now
    this.#schedule()
  }

  /** Ticks run so far. */
  get frame(): number {
    return this.#frame
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #schedule(): void {
    const now = this.#shell.now
    // A timer may come a rounding error before its multiple; the same multiple never comes twice.
    this.#multiple = Math.max(this.#multiple, Math.floor((now - this.#start) / this.#tickMs)) + 1
    const delayMs = Math.max(0, this.#start + this.#multiple * this.#tickMs - now)
    this.#timer = this.#shell.setTimer(this.#owner, delayMs, this.#tick)
  }

  readonly #tick = (): void => {
    this.#frame++
    this.#schedule()
    this.#onTick()
  }
}
