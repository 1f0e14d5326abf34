/**
 * A clock that stands still while its user does. ENet gives up every peer whose acknowledgement is overdue before it
 * reads what is waiting at its socket: after a pause of the process (a debugger, a closed lid, a machine that moves)
 * it would throw out everybody, whose acknowledgements are all there. So time that nobody asked for does not pass.
 */
import type { Clock } from '../core/injected.ts'

/** For users that ask at least every `stepMsMax`: of a longer gap only that much counts. */
export function steadyClock(clock: Clock, stepMsMax: number): Clock {
  let last = clock.now()
  let skipped = 0
  return {
    now: () => {
      const now = clock.now()
      skipped += Math.max(0, now - last - stepMsMax)
      last = now
      return now - skipped
    },
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
  }
}
