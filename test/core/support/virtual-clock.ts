/** A clock that stands still until a test moves it: to an instant, to the next timer, or past timers that come late. */
import { OverworldError } from '../../../core/errors.ts'
import type { Clock, Timer } from '../../../core/injected.ts'

interface Entry {
  readonly at: number
  readonly sequence: number
  readonly fire: () => void
}

export class VirtualClock implements Clock {
  #now: number
  #sequence = 0
  #entries: Entry[] = []

  constructor(startMs = 1_000_000) {
    this.#now = startMs
  }

  /** Timers that are set. */
  get size(): number {
    return this.#entries.length
  }

  now(): number {
    return this.#now
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    if (!(delayMs >= 0)) throw new OverworldError('bad_delay', `a delay must be 0 or more ms, not ${delayMs}`)
    if (delayMs === Infinity) throw new Error('the core asks for no timer that never fires')
    const entry: Entry = { at: this.#now + delayMs, sequence: this.#sequence++, fire }
    this.#entries.push(entry)
    this.#entries.sort((a, b) => a.at - b.at || a.sequence - b.sequence)
    return {
      cancel: () => {
        this.#entries = this.#entries.filter((other) => other !== entry)
      },
    }
  }

  /** Lets `ms` pass; every timer fires at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#entries[0]; next !== undefined && next.at <= end; next = this.#entries[0]) this.#fire(next)
    this.#now = end
  }

  /** Jumps to the next timer and fires it; false where there is none. */
  advanceToNextTimer(): boolean {
    const next = this.#entries[0]
    if (next === undefined) return false
    this.#fire(next)
    return true
  }

  /** The process stands still for `ms`: no timer fires, and those that are due fire late, with the next `advance`. */
  pause(ms: number): void {
    this.#now += ms
  }

  #fire(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry)
    this.#now = Math.max(this.#now, entry.at)
    entry.fire()
  }
}
