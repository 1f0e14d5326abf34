/** Kinds of trouble that a client's platform and its peer should never make, at each moment at which it matters. */
import { ODDITIES, type Oddity, type OddMoment, type Step } from '../scenario.ts'
import type { Draw, FaultKind } from './fault-kind.ts'

/** After these the client goes on with its connection. */
const HARMLESS = [
  'chatter',
  'chatter',
  'cancelled_timer',
  'late_message',
  'wake',
  'many_messages',
  'other_session',
] as const
const OTHERS: readonly Oddity[] = ODDITIES.filter((what) => !(HARMLESS as readonly Oddity[]).includes(what))
const MOMENTS = ['dialled', 'opened', 'session_new'] as const

export const ODD_FAULTS: readonly FaultKind[] = [
  {
    // While it comes back, twice: from nothing, or while it has a session over another connection.
    name: 'odd_way_back',
    draw: (draw) => [...wayBack(draw, draw.atMs), ...wayBack(draw, draw.atMs + 3_000)],
  },
  {
    // While it is connected, and then while it waits or does not mean to be connected.
    name: 'odd_moment',
    draw: (draw) => {
      const { atMs, client, between, pick } = draw
      const apart: Step = {
        atMs: atMs + 1_500,
        do: pick(['disconnect', 'end', 'reset'] as const),
        client: client.name,
      }
      return [
        ...oddities(draw, atMs, [pick(HARMLESS), pick(OTHERS)], 'now'),
        apart,
        ...oddities(draw, atMs + between(1_501, 2_000), ['cancelled_timer', pick(['late_message', 'wake'])], 'now'),
        { atMs: atMs + between(2_001, 4_000), do: 'connect', client: client.name },
      ]
    },
  },
  {
    // When its connection has been given to the session of another client.
    name: 'odd_gift',
    draw: (draw) => gift(draw, []),
  },
  {
    // The same where that session waits for its client.
    name: 'odd_gift_to_one_who_waits',
    draw: (draw) => gift(draw, ['disconnect']),
  },
]

function wayBack(draw: Draw, atMs: number): readonly Step[] {
  const { client, pick } = draw
  const before: Step[] = pick<readonly ('disconnect' | 'end')[]>([[], [], ['disconnect'], ['end']]).map((what) => {
    return { atMs: atMs - 2, do: what, client: client.name }
  })
  const harmless = MOMENTS.flatMap((when) => oddities(draw, atMs - 1, [pick(HARMLESS)], when))
  const last = oddities(draw, atMs - 1, [pick(OTHERS)], pick(MOMENTS))
  return [...before, ...harmless, ...last, { atMs, do: 'connect', client: client.name }]
}

function gift(draw: Draw, before: readonly 'disconnect'[]): readonly Step[] {
  const { atMs, client, clients, unusual, between, pick } = draw
  const others = clients.filter(({ name, app }) => name !== client.name && app === client.app)
  if (others.length === 0 || !unusual.includes(client.app)) return []
  const to = pick(others).name
  const last: readonly Oddity[] = pick([[pick(OTHERS)], [pick(OTHERS)], ['silence'], ['silence', 'wake']])
  const backMs = last.includes('silence') ? 8_000 : between(2_000, 5_000)
  return [
    ...before.map((what): Step => ({ atMs: atMs + 1_000, do: what, client: to })),
    ...oddities(draw, atMs + 1_499, [pick(HARMLESS), pick(HARMLESS), ...last], 'session_new'),
    { atMs: atMs + 1_500, do: 'give_connection', client: client.name, to },
    { atMs: atMs + 1_500 + backMs, do: 'connect', client: client.name },
  ]
}

function oddities({ client }: Draw, atMs: number, whats: readonly Oddity[], when: OddMoment): readonly Step[] {
  return whats.map((what) => ({ atMs, do: 'oddity', client: client.name, what, ...(when !== 'now' && { when }) }))
}
