/**
 * The message network is a faithful model: one connection behaves on it as with the real `ws` and `enet` over
 * simulated sockets. Random schedules of what the two programs do and of what befalls them must be heard in the same
 * order and end with the same codes at both ends.
 *
 * Times: a WebSocket's are equal to the millisecond, except where the two models of TCP have measured the round trip
 * differently before a retransmission (`RETRANSMISSION_MS`). ENet's work is done in ticks of 20 or 250 ms there, so that a
 * ping may be under way which a goodbye waits for, and each resend is late (`TICKS_MS`); when a mute peer is given up
 * jumps between 30 and 60 s, as the check comes with resends that double.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { onMessages, onWire, type Act, type Diary, type Heard, type Schedule } from './support/two-networks.ts'

const RETRANSMISSION_MS = 400
const TICKS_MS = 1_000
/** How often the adapter looks whether something has to be sent again. */
const BUSY_TICK_MS = 20

const DIAL: Act = { atMs: 0, do: 'dial' }
const side = fc.constantFrom('client' as const, 'server' as const)
const connections = fc.constantFrom('silent' as const, 'reset' as const)
const code = fc.constantFrom(4000, 4500)
const forMs = fc.integer({ min: 1, max: 3_000 })

/** Never on a whole millisecond, where packets arrive: what happens first in one would be chance. */
function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max }).map((ms) => ms + 0.137)
}

function acts(atMs: fc.Arbitrary<number>, afterOpeningMs: fc.Arbitrary<number>): fc.Arbitrary<Act> {
  const one = <Name extends Act['do']>(name: Name): fc.Arbitrary<Name> => fc.constant(name)
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ atMs, do: one('send'), from: side, sizeBytes: fc.constantFrom(8, 100, 900) }),
    },
    { weight: 4, arbitrary: fc.record({ atMs, do: one('close'), from: side, code }) },
    { weight: 1, arbitrary: fc.record({ atMs: afterOpeningMs, do: one('reset'), side }) },
    { weight: 1, arbitrary: fc.record({ atMs: afterOpeningMs, do: one('half_open') }) },
    { weight: 1, arbitrary: fc.record({ atMs: afterOpeningMs, do: one('cut'), sender: side }) },
    { weight: 1, arbitrary: fc.record({ atMs, do: one('outage'), forMs }) },
    { weight: 1, arbitrary: fc.record({ atMs, do: one('pause'), side, forMs }) },
    { weight: 1, arbitrary: fc.record({ atMs, do: one('crash'), side, connections }) },
  )
}

function whatOf({ client, server }: Diary): object {
  return { client: client.map(({ what }) => what), server: server.map(({ what }) => what) }
}

function furthestMs(message: Diary, wire: Diary, counts: (heard: Heard) => boolean): number {
  const ofSide = (ours: readonly Heard[], theirs: readonly Heard[]): number[] =>
    ours.map((heard, index) => (counts(heard) ? Math.abs(heard.atMs - (theirs[index]?.atMs ?? Infinity)) : 0))
  return Math.max(0, ...ofSide(message.client, wire.client), ...ofSide(message.server, wire.server))
}

describe('a WebSocket', () => {
  const early = between(1, 6_000)
  const late = between(1_500, 6_000)
  const reading = fc.record({ atMs: late, do: fc.constant('reading' as const), side, isReading: fc.boolean() })
  const halfClose = fc.record({ atMs: late, do: fc.constant('half_close' as const), side })
  const act = fc.oneof({ weight: 8, arbitrary: acts(early, early) }, reading, halfClose)
  const schedule = fc.record({ delayMs: fc.constantFrom(1, 20, 50, 170), acts: fc.array(act, { maxLength: 7 }) })

  test('random schedules are heard alike at both ends, and nearly all to the millisecond', async () => {
    let exact = 0
    const runs = 250
    await fc.assert(
      fc.asyncProperty(schedule, async ({ delayMs, acts: drawn }) => {
        const played: Schedule = { scheme: 'ws', link: { delayMs }, acts: [DIAL, ...inOrder(drawn)] }
        const [message, wire] = [await onMessages(played), await onWire(played)]
        expect(whatOf(message)).toEqual(whatOf(wire))
        const offMs = furthestMs(message, wire, () => true)
        expect(offMs).toBeLessThanOrEqual(RETRANSMISSION_MS)
        if (offMs < 0.001) exact += 1
      }),
      { seed: 1, numRuns: runs },
    )
    expect(exact).toBeGreaterThanOrEqual(runs * 0.97)
  })

  const CLOSE_BY_CLIENT: Act = { atMs: 500, do: 'close', from: 'client', code: 4000 }
  const endings: readonly (readonly [string, readonly Act[], Ends])[] = [
    ['close by the client', [CLOSE_BY_CLIENT], ['600 closed 4000', '650 closed 4000']],
    [
      'close by the server',
      [{ atMs: 500, do: 'close', from: 'server', code: 4500 }],
      ['650 closed 4500', '600 closed 4500'],
    ],
    [
      'close by both at once',
      [CLOSE_BY_CLIENT, { atMs: 500, do: 'close', from: 'server', code: 4500 }],
      ['600 closed 4000', '600 closed 4500'],
    ],
    [
      'close by one, and by the other while it is closing',
      [CLOSE_BY_CLIENT, { atMs: 560, do: 'close', from: 'server', code: 4500 }],
      ['600 closed 4000', '650 closed 4500'],
    ],
    ['reset', [{ atMs: 500, do: 'reset', side: 'server' }], ['550 closed 1006', '500 closed 1006']],
    ['end of the stream', [{ atMs: 500, do: 'half_close', side: 'client' }], ['600 closed 1006', '550 closed 1006']],
    ['half-open, then close', [{ atMs: 400, do: 'half_open' }, CLOSE_BY_CLIENT], ['1500 closed 4000', '150 opened']],
    [
      'half-open, and something is sent',
      [
        { atMs: 400, do: 'half_open' },
        { atMs: 500, do: 'send', from: 'client' },
      ],
      ['120500 closed 1006', '150 opened'],
    ],
    [
      'close whose answer is lost',
      [CLOSE_BY_CLIENT, { atMs: 510, do: 'cut', sender: 'server' }],
      ['1500 closed 4000', '1550 closed 4000'],
    ],
    [
      'close whose stream never ends',
      [CLOSE_BY_CLIENT, { atMs: 560, do: 'cut', sender: 'client' }],
      ['600 closed 4000', '2550 closed 4000'],
    ],
    [
      'close in an outage that outlasts it',
      [{ atMs: 400, do: 'outage', forMs: 8_000 }, CLOSE_BY_CLIENT],
      ['1500 closed 4000', '16300 closed 4000'],
    ],
    [
      'crash of the machine',
      [
        { atMs: 400, do: 'crash', side: 'client', connections: 'silent' },
        { atMs: 500, do: 'send', from: 'server' },
      ],
      ['200 opened', '120500 closed 1006'],
    ],
    [
      'crash of the program',
      [{ atMs: 500, do: 'crash', side: 'client', connections: 'reset' }],
      ['200 opened', '550 closed 1006'],
    ],
    [
      'close while it is dialled',
      [{ atMs: 120, do: 'close', from: 'client', code: 4000 }],
      ['120 closed 4000', '170 closed 1006'],
    ],
    [
      'close as soon as it is accepted',
      [{ atMs: 155, do: 'close', from: 'server', code: 4009 }],
      ['305 closed 4009', '255 closed 4009'],
    ],
  ]

  test.each(endings)('ends alike, at the time stated: %s', async (_name, drawn, [client, server]) => {
    const played: Schedule = { scheme: 'ws', link: { delayMs: 50 }, acts: [DIAL, ...drawn], restMs: 130_000 }
    for (const diary of [await onMessages(played), await onWire(played)]) {
      expect([lastOf(diary.client), lastOf(diary.server)]).toEqual([client, server])
    }
  })
})

describe('keep-alive of a WebSocket', () => {
  const stream = { keepAliveMs: 10_000, keepAliveIntervalMs: 1_000, keepAliveProbes: 3 }
  const cases: readonly (readonly [string, readonly Act[], Ends])[] = [
    // The last that either heard was the end of opening, at 200 and 250 ms.
    ['finds a peer that has vanished', [{ atMs: 500, do: 'half_open' }], ['13200 closed 1006', '13250 closed 1006']],
    [
      'finds a machine that has lost its memory, which has nothing to say as long as it is off',
      [{ atMs: 500, do: 'crash', side: 'client', connections: 'silent' }],
      ['200 opened', '13250 closed 1006'],
    ],
    ['leaves a connection alone whose peer is there', [], ['200 opened', '150 opened']],
    [
      'survives an outage that is shorter than its patience',
      [{ atMs: 9_000, do: 'outage', forMs: 3_000 }],
      ['200 opened', '150 opened'],
    ],
    [
      'does not meddle while something waits for its acknowledgement',
      [
        { atMs: 500, do: 'half_open' },
        { atMs: 5_000, do: 'send', from: 'client' },
      ],
      ['125000 closed 1006', '13250 closed 1006'],
    ],
  ]

  test.each(cases)('%s, on both networks', async (_name, drawn, [client, server]) => {
    const played: Schedule = { scheme: 'ws', link: { delayMs: 50 }, stream, acts: [DIAL, ...drawn], restMs: 130_000 }
    for (const diary of [await onMessages(played), await onWire(played)]) {
      expect([lastOf(diary.client), lastOf(diary.server)]).toEqual([client, server])
    }
  })
})

/** What client and server hear last. */
type Ends = readonly [string, string]

describe('an ENet peer', () => {
  // Each act has the time to show what comes of it: ENet's ticks would make the order of what is close to each other chance.
  const act = acts(fc.constant(0), fc.constant(0))
  const schedule = fc.record({ delayMs: fc.constantFrom(1, 20, 50), acts: fc.array(act, { maxLength: 4 }) })

  test('random schedules are heard alike at both ends', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ({ delayMs, acts: drawn }) => {
        const spaced = drawn.map((each, index) => ({ ...each, atMs: 1_500 + index * 4_000.137 }))
        const played: Schedule = { scheme: 'enet', link: { delayMs }, acts: [DIAL, ...spaced] }
        const [message, wire] = [await onMessages(played), await onWire(played)]
        expect(whatOf(message)).toEqual(whatOf(wire))
        expect(furthestMs(message, wire, ({ what }) => what !== 'closed 1006')).toBeLessThanOrEqual(TICKS_MS)
        expect(furthestMs(message, wire, () => true)).toBeLessThanOrEqual(30_000)
      }),
      { seed: 1, numRuns: 150 },
    )
  })

  test('sends again what was lost as soon as its timeout is over: no later than the model, which has no ticks', async () => {
    const sends = Array.from({ length: 20 }, (_, i): Act => ({ atMs: 1_000 + i * 333, do: 'send', from: 'client' }))
    const lost = [7, 11, 15, 19].map((i): Act => ({ atMs: 999 + i * 333, do: 'outage', forMs: 10 }))
    const played: Schedule = { scheme: 'enet', link: { delayMs: 50 }, acts: inOrder([DIAL, ...sends, ...lost]) }
    const [message, wire] = [await onMessages(played), await onWire(played)]
    expect(whatOf(wire)).toEqual(whatOf(message))
    const laterMs = wire.server.map(({ atMs }, index) => atMs - (message.server[index]?.atMs ?? 0))
    expect(laterMs).toHaveLength(21)
    expect(Math.max(...laterMs)).toBeLessThanOrEqual(BUSY_TICK_MS)
  })
})

function inOrder(drawn: readonly Act[]): Act[] {
  return drawn.toSorted((a, b) => a.atMs - b.atMs)
}

function lastOf(heard: readonly Heard[]): string {
  const last = heard.at(-1)
  return last === undefined ? 'nothing' : `${last.atMs} ${last.what}`
}
