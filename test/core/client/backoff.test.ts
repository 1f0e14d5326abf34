/** How long a client waits: full jitter over a ceiling that doubles, lower while its session may still live. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backoffMs, CEILING_MS_MAX } from '../../../core/client/backoff.ts'
import { startClient } from '../support/client-world.ts'
import { Dial } from '../support/fake-network.ts'
import { SeededRandom } from '../support/seeded-random.ts'

const highest = { fill: () => undefined, uint32: () => 2 ** 32 - 1 }
const lowest = { fill: () => undefined, uint32: () => 0 }

describe('the wait', () => {
  test('has a ceiling of 500 ms that doubles, to 2 s while the session may live and to 10 s after', () => {
    const ceilings = (mayBeAlive: boolean): readonly number[] =>
      Array.from({ length: 8 }, (_, failures) => Math.round(backoffMs(failures, mayBeAlive, highest)))
    expect(ceilings(true)).toEqual([500, 1_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000])
    expect(ceilings(false)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000])
    expect(backoffMs(100_000, false, highest)).toBeLessThan(CEILING_MS_MAX)
  })

  test('begins at 0: the jitter is full', () => {
    expect(backoffMs(5, false, lowest)).toBe(0)
  })

  test('is spread evenly under its ceiling', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(12), fc.boolean(), (seed, failures, mayBeAlive) => {
        const random = new SeededRandom(seed)
        const ceiling = backoffMs(failures, mayBeAlive, highest)
        const draws = Array.from({ length: 1_000 }, () => backoffMs(failures, mayBeAlive, random) / ceiling)
        for (let tenth = 0; tenth < 10; tenth++) {
          const share = draws.filter((draw) => Math.floor(draw * 10) === tenth).length
          expect(share).toBeGreaterThan(50)
          expect(share).toBeLessThan(160)
        }
      }),
      { numRuns: 20 },
    )
  })
})

describe('a client that cannot reach its server', () => {
  test('hurries while its session may still live, and is patient afterwards', () => {
    const { client, clock, network } = startClient({ random: highest, disconnectTimeout: 5_000 })
    client.connect()
    network.last.establish(1, Dial.token(1))
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      network.last.breakOff()
      const { status } = client
      if (status.kind !== 'waiting') throw new Error(`it is ${status.kind}`)
      waits.push(Math.round(status.retryInMs))
      clock.advance(status.retryInMs)
    }
    // 500 + 1,000 + 2,000 + 2,000: now the session must have run out.
    expect(waits).toEqual([500, 1_000, 2_000, 2_000, 8_000, 10_000, 10_000, 10_000, 10_000])
  })

  test('hurries after its own disconnect() too: its session waits for it', () => {
    const { client, clock, network } = startClient({ random: highest, disconnectTimeout: 60_000 })
    client.connect()
    network.last.establish(1, Dial.token(1))
    client.disconnect()
    client.connect()
    const waits: number[] = []
    for (let i = 0; i < 4; i++) {
      network.last.breakOff()
      const { status } = client
      if (status.kind !== 'waiting') throw new Error(`it is ${status.kind}`)
      waits.push(Math.round(status.retryInMs))
      clock.advance(status.retryInMs)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 2_000])
  })

  test('starts from the first ceiling again after a session, and after connect()', () => {
    const { client, clock, network } = startClient({ random: highest })
    const wait = (): number => {
      network.last.breakOff()
      const { status } = client
      const retryInMs = status.kind === 'waiting' ? status.retryInMs : NaN
      clock.advance(retryInMs)
      return Math.round(retryInMs)
    }
    client.connect()
    expect([wait(), wait()]).toEqual([500, 1_000])
    network.last.establish(1, Dial.token(1))
    expect([wait(), wait()]).toEqual([500, 1_000])
    client.connect()
    expect(wait()).toBe(500)
  })
})
