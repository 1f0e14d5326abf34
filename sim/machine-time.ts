/**
 * What a simulated machine's oscillator makes of virtual time: an offset, a drift in parts per million and jumps
 * forward. It never runs backwards, and survives crashes. The wall clock follows it, and can be set besides, also back:
 * only code that asks `Date` sees that (`ambient.ts`).
 */
import { OverworldError } from '../core/errors.ts'
import { checkVirtualMs } from './virtual-time.ts'

/** Real oscillators drift by up to some 200 ppm; ten per cent leaves room for unkind worlds. */
const DRIFT_PPM_MAX = 100_000

export class MachineTime {
  #sinceVirtualUs = 0
  #sinceLocalUs: number
  #driftPpm: number
  #wallSetMs = 0

  constructor(offsetMs: number, driftPpm: number) {
    checkVirtualMs('clockOffsetMs', offsetMs)
    this.#sinceLocalUs = offsetMs * 1000
    this.#driftPpm = checkDrift(driftPpm)
  }

  /** The machine's time in milliseconds at that virtual time; grows with it. */
  msAt(virtualUs: number): number {
    const elapsedUs = virtualUs - this.#sinceVirtualUs
    return (this.#sinceLocalUs + elapsedUs + (elapsedUs * this.#driftPpm) / 1_000_000) / 1000
  }

  /**
   * The first whole virtual microsecond, not before `fromUs`, at which the machine's time has reached `deadlineMs`;
   * Infinity where that lies beyond all counting.
   */
  virtualUsOf(deadlineMs: number, fromUs: number): number {
    const localUs = deadlineMs * 1000 - this.#sinceLocalUs
    const guessUs = this.#sinceVirtualUs + localUs / (1 + this.#driftPpm / 1_000_000)
    if (!(guessUs < Number.MAX_SAFE_INTEGER - 2)) return Infinity
    // Rounding may have put the guess a microsecond to either side; only `msAt` decides.
    let virtualUs = Math.max(fromUs, Math.floor(guessUs) - 1)
    while (this.msAt(virtualUs) < deadlineMs) virtualUs += 1
    return virtualUs
  }

  setDrift(nowUs: number, driftPpm: number): void {
    checkDrift(driftPpm)
    this.#sinceLocalUs = this.msAt(nowUs) * 1000
    this.#sinceVirtualUs = nowUs
    this.#driftPpm = driftPpm
  }

  wallMsAt(virtualUs: number): number {
    return this.msAt(virtualUs) + this.#wallSetMs
  }

  setWall(byMs: number): void {
    if (!Number.isFinite(byMs)) {
      throw new OverworldError(
        'bad_option',
        `a wall clock is set by ${byMs} ms: give a finite number, below 0 for back`,
      )
    }
    this.#wallSetMs += byMs
  }

  jump(forwardMs: number): void {
    checkVirtualMs('a clock jumps forward', forwardMs)
    this.#sinceLocalUs += forwardMs * 1000
  }
}

function checkDrift(driftPpm: number): number {
  if (typeof driftPpm !== 'number' || !(Math.abs(driftPpm) <= DRIFT_PPM_MAX)) {
    throw new OverworldError('bad_option', `driftPpm is ${driftPpm}: give a number from -100000 to 100000`)
  }
  return driftPpm
}
