/** A late check is forgiven once: where every check is late, silence is noticed all the same. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Client } from '../../core/client/client.ts'
import { CloseCode } from '../../core/close-codes.ts'
import { Dial, FakeNetwork } from './support/fake-network.ts'
import { SeededRandom } from './support/seeded-random.ts'
import { startWorld } from './support/server-world.ts'
import { Liveness } from '../../core/liveness.ts'
import type { Clock } from '../../core/injected.ts'
import { VirtualClock } from './support/virtual-clock.ts'

const TIMEOUT_MS = 5_000
const MINUTE_MS = 60_000

/** Its timers fire at whole multiples of `everyMs` only, as in a hidden tab. */
function coarse(clock: VirtualClock, everyMs: number): Clock {
  return {
    now: () => clock.now(),
    setTimer: (delayMs, fire) => {
      const atMs = Math.ceil((clock.now() + delayMs) / everyMs) * everyMs
      return clock.setTimer(atMs - clock.now(), fire)
    },
  }
}

describe('where timers are always late', () => {
  test('silence is found within two intervals and two delays, however late the timers are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MINUTE_MS }),
        fc.integer({ min: 0, max: 20_000 }),
        (everyMs, heardForMs) => {
          const clock = new VirtualClock()
          const silentAt: number[] = []
          const { now, setTimer } = coarse(clock, everyMs)
          const liveness = new Liveness(TIMEOUT_MS, { now, setTimer, onSilent: () => silentAt.push(now()) })
          liveness.start()
          for (let ms = 0; ms < heardForMs; ms += 1_000) {
            clock.advance(1_000)
            liveness.heard()
          }
          expect(silentAt).toEqual([])
          const lastHeard = now()
          clock.advance(10 * MINUTE_MS)
          expect(silentAt).toHaveLength(1)
          expect(silentAt[0]).toBeGreaterThanOrEqual(lastHeard + TIMEOUT_MS)
          expect(silentAt[0]).toBeLessThanOrEqual(lastHeard + 2 * TIMEOUT_MS + 2 * everyMs)
        },
      ),
    )
  })

  test('a client in a hidden tab gives a half-open connection up within two minutes', () => {
    const clock = new VirtualClock(0)
    const network = new FakeNetwork(clock)
    const random = new SeededRandom(1)
    const client = new Client({ clock: coarse(clock, MINUTE_MS), random, network, address: 'ws://server/ws' })
    client.connect()
    network.last.establish(1, Dial.token(1))
    clock.advance(60 * MINUTE_MS - 1)
    expect(network.dials[0]?.closes[0]).toMatchObject({ code: CloseCode.livenessTimeout, at: 2 * MINUTE_MS })
    expect(network.dials.length).toBeGreaterThan(10)
  })
})

describe('a server that stands still again and again', () => {
  test('finds a silent client, and keeps one whose messages wait to be read', () => {
    const world = startWorld({ livenessTimeout: 3_000 })
    const [silent, alive] = [world.enter(), world.enter()]
    for (let round = 0; round < 4; round++) {
      world.clock.pause(5_000)
      // Timers run before what is waiting at the sockets is read.
      world.clock.advance(0)
      alive.ping(1)
      world.clock.advance(1)
    }
    expect(silent.connection.closedWith).toBe(CloseCode.livenessTimeout)
    expect(alive.connection.closedWith).toBeUndefined()
  })

  test('lets waiting input be read before it gives up a client at the second late check', () => {
    const world = startWorld({ livenessTimeout: 3_000 })
    const client = world.enter()
    world.clock.pause(5_000)
    world.clock.advance(0)
    // No input is read between two late checks: both timers ran in one go.
    world.clock.pause(5_000)
    world.clock.advanceToNextTimer()
    client.ping(1)
    world.clock.advance(100)
    expect(client.connection.closedWith).toBeUndefined()
  })

  test('gives up no client after one pause', () => {
    const world = startWorld({ livenessTimeout: 3_000 })
    const client = world.enter()
    world.clock.pause(60_000)
    world.clock.advance(2_999)
    expect(client.connection.closedWith).toBeUndefined()
  })
})
