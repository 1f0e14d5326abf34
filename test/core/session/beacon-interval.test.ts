/** `beaconIntervalMs`: how often each client gets a beacon, and what it may be. */
import { expect, test } from 'vitest'
import { readServerOptions } from '../../../core/options.ts'
import { startWorld } from '../support/server-world.ts'

test.each([250, 400, 1_000, 2_000])('beacons come every %d ms, at phases of their own', (beaconIntervalMs) => {
  const world = startWorld({ beaconIntervalMs, livenessTimeout: 0 })
  const [first, second] = [world.enter(), world.enter()]
  const times: number[][] = [[], []]
  for (let ms = 0; ms < 5 * beaconIntervalMs; ms++) {
    world.clock.advance(1)
    for (const [index, client] of [first, second].entries()) {
      if (client.hear().some(({ type }) => type === 'session_beacon')) times[index]?.push(ms)
    }
  }
  for (const each of times) {
    expect(each.length).toBeGreaterThanOrEqual(5)
    const gaps = each.slice(1).map((at, index) => at - (each[index] ?? 0))
    // The first beacon comes at once, and the next at the session's phase.
    expect(gaps.slice(1).every((gap) => gap === beaconIntervalMs)).toBe(true)
  }
  expect(times[0]?.at(-1)).not.toBe(times[1]?.at(-1))
})

test('is 1,000 by default, from 250 to 2,000, and at most a third of the liveness timeout', () => {
  expect(readServerOptions({}).beaconIntervalMs).toBe(1_000)
  for (const beaconIntervalMs of [249, 2_001, 0, -1, Number.NaN, Infinity]) {
    expect(() => readServerOptions({ beaconIntervalMs })).toThrow(expect.objectContaining({ code: 'bad_option' }))
  }
  expect(() => readServerOptions({ beaconIntervalMs: 2_000, livenessTimeout: 5_999 })).toThrow(/at least 3 times/)
  expect(readServerOptions({ beaconIntervalMs: 2_000, livenessTimeout: 6_000 }).beaconIntervalMs).toBe(2_000)
  expect(readServerOptions({ beaconIntervalMs: 2_000, livenessTimeout: 0 }).beaconIntervalMs).toBe(2_000)
})
