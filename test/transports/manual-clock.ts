/** A clock whose deadlines come only when a test says so; delays of 0 run on real turns, so that sockets go on. */
import type { Clock, Timer } from '../../core/injected.ts'
import { systemClock } from '../../transports/system-clock.ts'

export interface ManualClock extends Clock {
  advance(ms: number): void
  /** Timers with a delay that have neither fired nor been cancelled. */
  readonly pending: number
}

export function manualClock(): ManualClock {
  const real = systemClock()
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>()
  let time = 0
  return {
    now: () => time,
    setTimer(delayMs, fire): Timer {
      if (delayMs === 0) return real.setTimer(0, fire)
      const timer = { at: time + delayMs, fire }
      timers.add(timer)
      return { cancel: () => void timers.delete(timer) }
    },
    advance(ms) {
      time += ms
      for (const timer of [...timers].toSorted((a, b) => a.at - b.at)) {
        if (timer.at <= time && timers.delete(timer)) timer.fire()
      }
    },
    get pending() {
      return timers.size
    },
  }
}
