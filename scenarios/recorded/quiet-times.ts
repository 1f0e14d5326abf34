/**
 * Long times of a recording in which nothing happens, such as after a clock was set, made shorter: a simulated server has
 * its timers and ticks in all of them.
 */

/** Default for how long (ms) such a time stays. */
export const QUIET_MS_MAX = 3_600_000

export interface QuietTimes {
  /** Where a time is once the quiet ones before it are shorter. */
  shorten(atMs: number): number
  /** In words; undefined: there were none. */
  readonly omission: string | undefined
}

/** `times`: of everything that happens, in ms, in any order. `quietMsMax`: how long a quiet time stays. */
export function findQuietTimes(times: Iterable<number>, quietMsMax: number): QuietTimes {
  const sorted = Float64Array.from(times).sort()
  const cuts: { readonly afterMs: number; readonly totalMs: number }[] = []
  let beforeMs = 0
  let totalMs = 0
  for (const atMs of sorted) {
    const quietMs = atMs - beforeMs
    if (quietMs > quietMsMax) {
      totalMs += quietMs - quietMsMax
      cuts.push({ afterMs: beforeMs, totalMs })
    }
    beforeMs = atMs
  }
  return {
    shorten(atMs) {
      const cut = cuts.findLast(({ afterMs }) => afterMs < atMs)
      return atMs - (cut?.totalMs ?? 0)
    },
    omission:
      cuts.length === 0
        ? undefined
        : `${hours(totalMs)} in which nothing happens: a pause that is longer than ${hours(quietMsMax)} is cut to that`,
  }
}

function hours(ms: number): string {
  return `${Math.round(ms / 360_000) / 10} h`
}
