/**
 * How the transports' tests wait on real sockets: for a condition, looking again after each turn of the event loop, and
 * with deadlines that a machine which is busy with other things does not miss.
 */
import type { Clock } from '../../core/injected.ts'
import { systemClock } from '../../transports/system-clock.ts'

/** Resolves once `condition` holds; rejects after `patienceMs` of real time. */
export async function until(condition: () => boolean, patienceMs = 120_000): Promise<void> {
  const giveUpAt = performance.now() + patienceMs
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${patienceMs} ms for: ${condition.toString()}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const SLOWER = 10

/** On it a second takes ten: who has a second to answer has it even where the process does not run for a while. */
export function patientClock(): Clock {
  const real = systemClock()
  return {
    now: () => real.now() / SLOWER,
    setTimer: (delayMs, fire) => real.setTimer(delayMs * SLOWER, fire),
  }
}
