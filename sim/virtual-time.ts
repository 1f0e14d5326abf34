/** From the milliseconds of callers to the whole microseconds that virtual time is kept in. */
import { OverworldError } from '../core/errors.ts'

/** More than 31 years: sums of microseconds stay exact. */
export const VIRTUAL_MS_MAX = 1e12

/** Throws `bad_option` unless `ms` is a number from 0 to 1e12. `what`: what the caller gave, such as `advance`. */
export function checkVirtualMs(what: string, ms: number): void {
  if (typeof ms === 'number' && ms >= 0 && ms <= VIRTUAL_MS_MAX) return
  throw new OverworldError('bad_option', `${what}: give a number of ms from 0 to 1e12, not ${String(ms)}`)
}

/** Rounded to the next whole microsecond. Throws `bad_option`. */
export function usOf(what: string, ms: number): number {
  checkVirtualMs(what, ms)
  return Math.round(ms * 1000)
}
