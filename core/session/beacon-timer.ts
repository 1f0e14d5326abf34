/**
 * When beacons are sent: each second, at a phase of the session's own, so that those of many sessions are spread
 * evenly over the second.
 */
import type { Context } from '../context.ts'
import type { Timer } from '../injected.ts'

/** Beacons come each second (design section 5). */
const INTERVAL_MS = 1_000
/** The phases of successive ids: about 1000 / golden ratio, and prime. */
const PHASE_STEP_MS = 619

export class BeaconTimer {
  readonly #context: Context
  readonly #phaseMs: number
  readonly #onBeacon: () => void
  #timer: Timer | undefined

  constructor(context: Context, sessionId: number, onBeacon: () => void) {
    this.#context = context
    this.#phaseMs = (sessionId * PHASE_STEP_MS) % INTERVAL_MS
    this.#onBeacon = onBeacon
  }

  start(): void {
    this.stop()
    const sincePhaseMs = (((this.#context.turns.now - this.#phaseMs) % INTERVAL_MS) + INTERVAL_MS) % INTERVAL_MS
    const untilPhaseMs = INTERVAL_MS - sincePhaseMs
    // A timer may come a rounding error before its phase; the same beacon is not sent twice.
    this.#timer = this.#context.setTimer(untilPhaseMs < 1 ? untilPhaseMs + INTERVAL_MS : untilPhaseMs, () => {
      this.#onBeacon()
      this.start()
    })
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
