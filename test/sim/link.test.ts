import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deliverAfterMs, DROP, Link, PASS, streams, type LinkSettings } from '../../sim/index.ts'

function makeLink(settings: Partial<LinkSettings>, seed = 1): Link {
  return new Link('a>b', streams(seed), settings)
}

const fraction = fc.double({ min: 0, max: 1, noNaN: true })
const anySettings: fc.Arbitrary<Partial<LinkSettings>> = fc.record(
  {
    delayMs: fc.nat(500),
    jitterMs: fc.nat(200),
    distribution: fc.constantFrom('uniform', 'normal', 'pareto'),
    correlation: fraction,
    loss: fc.oneof(
      fraction,
      fc.record({ random: fraction, correlation: fraction }),
      fc.record({ p: fraction, r: fraction, '1-h': fraction, '1-k': fraction }),
    ),
    duplicate: fraction,
    reorder: fc.oneof(fraction, fc.record({ probability: fraction, gap: fc.integer({ min: 1, max: 9 }) })),
    corrupt: fraction,
    rateBytesPerSecond: fc.oneof(fc.constant(0), fc.integer({ min: 1000, max: 1_000_000 })),
    limitPackets: fc.nat(100),
    limitBytes: fc.nat(100_000),
    mtuBytes: fc.nat(2000),
  },
  { requiredKeys: [] },
)

/** Sends one packet each `everyUs`; returns when each arrives. */
function sendMany(link: Link, count: number, everyUs = 1000, sizeBytes = 100): number[] {
  return Array.from({ length: count }, (_, index) => link.send(index * everyUs, sizeBytes))
}

describe('laws of all links', () => {
  test('whatever its settings, a link draws a fixed number for each packet', () => {
    const later: Partial<LinkSettings> = { delayMs: 50, jitterMs: 40, loss: 0.3, duplicate: 0.2, reorder: 0.1 }
    fc.assert(
      fc.property(anySettings, fc.nat(40), (settings, count) => {
        // Its history differs, its draws afterwards do not: the same packets are lost, with the same jitter.
        const used = makeLink(settings)
        const idle = makeLink({})
        const startUs = 3_600_000_000
        for (const link of [used, idle]) {
          for (let index = 0; index < count; index++) link.send(index, 1000)
          link.reset(later)
        }
        const fate = (link: Link) =>
          Array.from({ length: 50 }, (_, index) => {
            const sentUs = startUs + index * 1_000_000
            return [link.send(sentUs, 100) - sentUs, link.copyArrivalUs - sentUs]
          })
        expect(fate(used)).toEqual(fate(idle))
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  test('a packet never arrives before it was sent, and at whole microseconds', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const link = makeLink(settings)
        for (let index = 0; index < 50; index++) {
          const arrivalUs = link.send(index * 777, 200)
          if (arrivalUs === Infinity) continue
          expect(Number.isSafeInteger(arrivalUs)).toBe(true)
          expect(arrivalUs).toBeGreaterThanOrEqual(index * 777)
          expect(link.copyArrivalUs).toBeGreaterThanOrEqual(arrivalUs)
        }
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  test('jitter alone never reorders, whatever its distribution', () => {
    fc.assert(
      fc.property(anySettings, fc.integer({ min: 1, max: 5000 }), (settings, everyUs) => {
        const link = makeLink({ ...settings, reorder: 0 })
        const arrivals = sendMany(link, 100, everyUs).filter((arrivalUs) => arrivalUs !== Infinity)
        expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b))
      }),
      { seed: 1, numRuns: 200 },
    )
  })
})

test('a link is instant and perfect by default', () => {
  expect(sendMany(makeLink({}), 3)).toEqual([0, 1000, 2000])
})

test('delay and jitter keep to their range and reach most of it', () => {
  const link = makeLink({ delayMs: 100, jitterMs: 20 })
  const delays = sendMany(link, 2000, 1_000_000).map((arrivalUs, index) => arrivalUs - index * 1_000_000)
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(80_000)
  expect(Math.min(...delays)).toBeLessThan(80_500)
  expect(Math.max(...delays)).toBeLessThanOrEqual(120_000)
  expect(Math.max(...delays)).toBeGreaterThan(119_500)
})

test('correlated jitter changes slowly', () => {
  const roughness = (correlation: number): number => {
    const link = makeLink({ delayMs: 100, jitterMs: 50, correlation })
    const delays = sendMany(link, 2000, 1_000_000).map((arrivalUs, index) => arrivalUs - index * 1_000_000)
    return delays.slice(1).reduce((sum, delay, index) => sum + Math.abs(delay - (delays[index] ?? 0)), 0)
  }
  expect(roughness(0.9)).toBeLessThan(roughness(0) / 4)
})

describe('loss', () => {
  const lostOf = (loss: LinkSettings['loss'], count = 20_000): boolean[] =>
    sendMany(makeLink({ loss }), count).map((arrivalUs) => arrivalUs === Infinity)
  const rateOf = (lost: readonly boolean[]): number => lost.filter(Boolean).length / lost.length
  /** The mean length of runs of lost packets. */
  const burstOf = (lost: readonly boolean[]): number => {
    const starts = lost.filter((isLost, index) => isLost && lost[index - 1] !== true).length
    return lost.filter(Boolean).length / starts
  }

  test('happens as often as it is set, and 0 and 1 exactly', () => {
    expect(rateOf(lostOf(0.05))).toBeCloseTo(0.05, 2)
    expect(rateOf(lostOf(0))).toBe(0)
    expect(rateOf(lostOf(1))).toBe(1)
  })

  test('in the Gilbert-Elliott model has the rate p / (p + r) and bursts of 1 / r', () => {
    const lost = lostOf({ p: 0.01, r: 0.2 }, 100_000)
    expect(rateOf(lost)).toBeCloseTo(0.01 / 0.21, 2)
    expect(burstOf(lost)).toBeCloseTo(5, 0)
    // Without r, bursts are as independent loss makes them.
    expect(burstOf(lostOf({ p: 0.05 }))).toBeCloseTo(1 / 0.95, 1)
    const partial = lostOf({ p: 0.1, r: 0.1, '1-h': 0.5, '1-k': 0.1 }, 100_000)
    expect(rateOf(partial)).toBeCloseTo(0.3, 1)
  })

  test('that is correlated comes in bursts', () => {
    expect(burstOf(lostOf({ random: 0.2, correlation: 0.8 }))).toBeGreaterThan(1.5 * burstOf(lostOf(0.2)))
  })
})

test('duplicated packets have a copy that arrives no earlier', () => {
  const link = makeLink({ duplicate: 0.25, delayMs: 10, jitterMs: 10 })
  let copies = 0
  for (let index = 0; index < 4000; index++) {
    const arrivalUs = link.send(index * 100_000, 100)
    if (link.copyArrivalUs !== Infinity) copies += 1
    expect(link.copyArrivalUs).toBeGreaterThanOrEqual(arrivalUs)
  }
  expect(copies / 4000).toBeCloseTo(0.25, 1)
})

test('with a gap of 3 only every third packet can overtake, and overtaking skips the delay', () => {
  const link = makeLink({ delayMs: 50, reorder: { probability: 1, gap: 3 } })
  const delays = sendMany(link, 9, 1000).map((arrivalUs, index) => arrivalUs - index * 1000)
  expect(delays).toEqual([50_000, 50_000, 0, 50_000, 50_000, 0, 50_000, 50_000, 0])
})

test('a corrupt packet is refused by its receiver', () => {
  const link = makeLink({ corrupt: 1 })
  expect(link.send(0, 100)).toBe(Infinity)
  expect(link.isLastCorrupt).toBe(true)
  link.set({ corrupt: 0 })
  expect(link.send(0, 100)).toBe(0)
  expect(link.isLastCorrupt).toBe(false)
})

test('packets larger than the path allows vanish', () => {
  const link = makeLink({ mtuBytes: 1400 })
  expect([link.send(0, 1400), link.send(0, 1401)]).toEqual([0, Infinity])
})

describe('a bottleneck', () => {
  test('lets packets out one after another: the queue in front is felt as delay', () => {
    const link = makeLink({ rateBytesPerSecond: 100_000, delayMs: 10 })
    expect([0, 1, 2].map(() => link.send(0, 1000))).toEqual([20_000, 30_000, 40_000])
    // Once it has run empty, nobody waits.
    expect(link.send(100_000, 1000)).toBe(120_000)
  })

  test('drops at the tail what exceeds its limit of packets', () => {
    const link = makeLink({ rateBytesPerSecond: 100_000, limitPackets: 2 })
    expect([0, 1, 2].map(() => link.send(0, 1000))).toEqual([10_000, 20_000, Infinity])
    expect(link.send(10_000, 1000)).toBe(30_000)
  })

  test('drops at the tail what exceeds its limit of bytes', () => {
    const link = makeLink({ rateBytesPerSecond: 100_000, limitPackets: 0, limitBytes: 2500 })
    expect([1000, 1000, 1000, 500].map((size) => link.send(0, size))).toEqual([10_000, 20_000, Infinity, 25_000])
  })
})

test('a link that is down loses everything until every fault that keeps it down is over', () => {
  const link = makeLink({})
  link.down()
  link.down()
  link.up()
  expect([link.isDown, link.send(0, 1)]).toEqual([true, Infinity])
  link.up()
  expect([link.isDown, link.send(0, 1)]).toEqual([false, 0])
  expect(() => link.up()).toThrow(expect.objectContaining({ code: 'bad_option' }))
})

test('a clogged link holds packets back and lets them go in order', () => {
  const link = makeLink({ delayMs: 10 })
  link.clog(100_000)
  expect([link.send(0, 1), link.send(50_000, 1), link.send(150_000, 1)]).toEqual([110_000, 110_000, 160_000])
})

test('a rule of one’s own passes, delays or drops', () => {
  const link = makeLink({ delayMs: 10 })
  link.addRule({ judge: ({ sizeBytes }) => (sizeBytes > 100 ? DROP : sizeBytes > 50 ? deliverAfterMs(5) : PASS) })
  expect([10, 60, 110].map((size) => link.send(0, size))).toEqual([10_000, 15_000, Infinity])
})

test('settings that make no sense are refused by name', () => {
  const bad: readonly [Partial<LinkSettings>, string][] = [
    [{ loss: 1.5 }, 'loss is 1.5'],
    [{ loss: { p: -1 } }, 'loss.p is -1'],
    [{ delayMs: NaN }, 'delayMs is NaN'],
    [{ jitterMs: -1 }, 'jitterMs is -1'],
    [{ limitPackets: 1.5 }, 'limitPackets is 1.5'],
    [{ reorder: { probability: 0.5, gap: 0 } }, 'reorder.gap is 0'],
    [{ distribution: 'cauchy' as 'normal' }, 'distribution is cauchy'],
    [{ delay: 5 } as Partial<LinkSettings>, 'no such setting'],
  ]
  for (const [settings, message] of bad) {
    expect(() => makeLink({}).set(settings)).toThrow(expect.objectContaining({ code: 'bad_option' }))
    expect(() => makeLink({}).set(settings)).toThrow(message)
  }
})

test('two links of one seed have nothing in common', () => {
  const all = streams(1)
  const settings: Partial<LinkSettings> = { loss: 0.5 }
  const fates = ['a>b', 'b>a'].map((name) => sendMany(new Link(name, all, settings), 64).join())
  expect(fates[0]).not.toBe(fates[1])
})

test('what waited behind a clog goes through the bottleneck one after another, and what comes then waits behind it', () => {
  const link = new Link('a>b', streams(1), { rateBytesPerSecond: 10_000, delayMs: 5 })
  link.clog(1_000_000)
  const arrivals = Array.from({ length: 10 }, (_, index) => link.send(index * 50_000, 1_000))
  expect(arrivals).toEqual(Array.from({ length: 10 }, (_, index) => 1_105_000 + index * 100_000))
  expect(link.send(1_500_000, 1_000)).toBe(2_105_000)
  expect(link.send(9_000_000, 1_000)).toBe(9_105_000)
})

test('a clogged packet beyond the limit of the queue is dropped at its tail', () => {
  const link = new Link('a>b', streams(1), { rateBytesPerSecond: 10_000, limitPackets: 3 })
  link.clog(1_000_000)
  const arrivals = Array.from({ length: 5 }, (_, index) => link.send(index, 1_000))
  expect(arrivals.filter(Number.isFinite)).toHaveLength(3)
})
