/**
 * When beacons are sent: once in each interval (`beaconIntervalMs`), at a phase of the session's own, so that those of
 * many sessions are spread evenly over the interval.
 */
import type { Timer } from '../injected.ts'
import type { Shell } from '../turns/shell.ts'
import type { TimerOwner } from '../turns/timer-owner.ts'

/** The phases of successive ids, as a share of the interval: about the golden ratio. */
const PHASE_STEP = 0.619

export class BeaconTimer {
  readonly #shell: Shell
  readonly #owner: TimerOwner
  readonly #intervalMs: number
  readonly #phaseMs: number
  readonly #onBeacon: () => void
  #timer: Timer | undefined

  constructor(shell: Shell, intervalMs: number, sessionId: number, onBeacon: () => void) {
    this.#shell = shell
    this.#owner = { name: 'beacon', session: sessionId }
    this.#intervalMs = intervalMs
    // By how many sessions there have been, so that a server whose ids begin elsewhere does everything at the same times.
    const ordinal = sessionId - shell.firstSessionId + 1
    this.#phaseMs = (ordinal * Math.round(PHASE_STEP * this.#intervalMs)) % this.#intervalMs
    this.#onBeacon = onBeacon
  }

  start(): void {
    this.stop()
    const intervalMs = this.#intervalMs
    const sincePhaseMs = (((this.#shell.now - this.#phaseMs) % intervalMs) + intervalMs) % intervalMs
    const untilPhaseMs = intervalMs - sincePhaseMs
    // A timer may come a rounding error before its phase; the same beacon is not sent twice.
    const delayMs = untilPhaseMs < 1 ? untilPhaseMs + intervalMs : untilPhaseMs
    this.#timer = this.#shell.setTimer(this.#owner, delayMs, this.#beat)
  }

  readonly #beat = (): void => {
    this.#onBeacon()
    this.start()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
