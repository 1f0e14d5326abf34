/**
 * The kinds of trouble that the fuzzer can put into a scenario. A run switches each of them on or off (a swarm), then
 * draws its steps from those that are on: a run with only two kinds of fault digs deeper than one with all.
 */
import {
  DEFAULT_LINK,
  DIAL_MS,
  GOODBYE_MS,
  MISBEHAVIOURS,
  type ClientSetup,
  type Misbehaviour,
  type Step,
} from '../scenario.ts'
import { finite, one, type FaultKind } from './fault-kind.ts'
import { ODD_FAULTS } from './odd-faults.ts'
import { SERVER_FAULTS } from './server-faults.ts'

/** Those of clients, networks and hosts. */
const OTHER_FAULTS: readonly FaultKind[] = [
  one('reset', ({ atMs, client }) => ({ atMs, do: 'reset', client: client.name })),
  one('half_close', ({ atMs, client, pick }) => {
    return { atMs, do: 'half_close', client: client.name, side: pick(['client', 'server']) }
  }),
  one('half_open', ({ atMs, client }) => ({ atMs, do: 'half_open', client: client.name })),
  one('cut', ({ atMs, client, between, pick }) => {
    return {
      atMs,
      do: 'cut',
      client: client.name,
      forMs: between(50, 12_000),
      direction: pick(['both', 'both', 'up', 'down']),
    }
  }),
  one('clog', ({ atMs, client, between }) => ({ atMs, do: 'clog', client: client.name, forMs: between(50, 6_000) })),
  one('mute_beacons', ({ atMs, client, between }) => {
    return { atMs, do: 'mute_beacons', client: client.name, forMs: between(500, 9_000) }
  }),
  one('mass_disconnect', ({ atMs }) => ({ atMs, do: 'mass_disconnect' })),
  one('partition', ({ atMs, clients, between }) => {
    return { atMs, do: 'partition', clients: clients.map(({ name }) => name), forMs: between(100, 9_000) }
  }),
  one('rebind', ({ atMs, client }) => ({ atMs, do: 'rebind', client: client.name })),
  one('slow_reader', ({ atMs, client, between }) => {
    return { atMs, do: 'slow_reader', client: client.name, forMs: between(100, 9_000) }
  }),
  one('switch_transport', ({ atMs, client, pick }) => {
    return { atMs, do: 'connect', client: client.name, transport: pick(['websocket', 'enet']) }
  }),
  {
    name: 'leave_and_return',
    draw: ({ atMs, client, between }) => [
      { atMs, do: 'disconnect', client: client.name },
      { atMs: atMs + between(1, 8_000), do: 'connect', client: client.name },
    ],
  },
  {
    // Back on the millisecond of the deadline, or a few before or after it.
    name: 'return_at_the_deadline',
    draw: ({ atMs, client: drawn, clients, server, between, pick }) => {
      const steady = clients.filter(isSteady)
      const client = steady.length === 0 ? drawn : pick(steady)
      const timeoutMs = finite(server.disconnectTimeoutMs)
      const transport = pick<'websocket' | 'enet'>(['websocket', 'enet'])
      // On its own link it takes so many times as long as on the usual one.
      const times = delayMsOf(client) / DEFAULT_DELAY_MS
      // The grace begins when the goodbye has arrived.
      const overAtMs = atMs + times * GOODBYE_MS[client.transport] + timeoutMs
      const backAtMs = overAtMs - times * DIAL_MS[transport] + pick([-20, -2, -1, 0, 0, 0, 1, 2, 20]) + between(0, 1)
      return [
        { atMs, do: 'disconnect', client: client.name },
        { atMs: Math.max(atMs + 1, backAtMs), do: 'connect', client: client.name, transport },
      ]
    },
  },
  {
    // The connection breaks while the answer to the resume is on its way.
    name: 'lose_the_answer',
    draw: ({ atMs, client, between }) => [
      { atMs, do: 'reset', client: client.name },
      { atMs: atMs + 1, do: 'connect', client: client.name },
      { atMs: atMs + between(60, 180), do: 'half_open', client: client.name },
      { atMs: atMs + between(200, 1_500), do: 'connect', client: client.name },
    ],
  },
  {
    // Beacons go out into the void; once it is back, the client answers them over its new connection.
    name: 'answer_late',
    draw: ({ atMs, client, between }) => {
      const awayMs = between(1_500, 4_500)
      return [
        { atMs, do: 'cut', client: client.name, forMs: awayMs, direction: 'down' },
        { atMs: atMs + awayMs, do: 'connect', client: client.name },
        { atMs: atMs + awayMs + between(150, 700), do: 'misbehave', client: client.name, how: 'ping_old' },
      ]
    },
  },
  {
    // The answer to its request is lost, and before it is sent again its zone says a good deal on another channel.
    name: 'overtake_the_answer',
    draw: ({ atMs, client: drawn, clients, unusual, between, pick }) => {
      const others = clients.filter(({ app }) => unusual.includes(app))
      const client = others.length === 0 ? drawn : pick(others)
      // Two crossings for the connection, and one for the request.
      const askedMs = atMs + 3 * delayMsOf(client)
      const toldMs = askedMs + between(60, 250)
      return [
        { atMs, do: 'connect', client: client.name, transport: 'enet' },
        { atMs: askedMs - 3, do: 'cut', client: client.name, forMs: 50, direction: 'down' },
        ...Array.from({ length: 4 }, (): Step => ({ atMs: toldMs, do: 'tell', app: client.app })),
      ]
    },
  },
  {
    // One connection after another, faster than they open.
    name: 'impatient',
    draw: ({ atMs, client: { name: client }, server, between, pick }) => {
      const dials = Array.from({ length: between(2, 5) }, (_, index): Step => {
        const transport = pick<'websocket' | 'enet'>(['websocket', 'enet'])
        return { atMs: atMs + index * between(1, 90), do: 'connect', client, transport }
      })
      if (server.preconnectsPerAddressMax === undefined) return dials
      // Others of its address wait meanwhile, and come when it has its session.
      const silent = (afterMs: number): Step => ({ atMs: atMs + afterMs, do: 'misbehave', client, how: 'say_nothing' })
      return [silent(0), ...dials, silent(between(700, 1_500)), silent(1_600)]
    },
  },
  {
    // Its request to come back waits to be read while the server stands still for longer than the grace.
    name: 'return_to_a_server_that_stands_still',
    draw: ({ atMs, client: drawn, clients, server, between, pick }) => {
      const steady = clients.filter(isSteady)
      const client = steady.length === 0 ? drawn : pick(steady)
      const timeoutMs = finite(server.disconnectTimeoutMs)
      const transport = pick<'websocket' | 'enet'>(['websocket', 'enet'])
      const backAtMs = atMs + between(1, Math.max(1, Math.min(timeoutMs, 2_000)))
      return [
        { atMs, do: 'disconnect', client: client.name },
        { atMs: backAtMs, do: 'connect', client: client.name, transport },
        {
          atMs: backAtMs + DIAL_MS[transport] - between(1, 15),
          do: 'pause',
          host: 'server',
          forMs: timeoutMs + between(0, 2_000),
          what: 'process',
        },
      ]
    },
  },
  {
    // Lost, back, and lost again before the first grace would have been over.
    name: 'lose_it_twice',
    draw: ({ atMs, client, server, between }) => {
      const timeoutMs = finite(server.disconnectTimeoutMs)
      const againMs = between(400, 900) + Math.floor(timeoutMs / 2)
      return [
        { atMs, do: 'disconnect', client: client.name },
        { atMs: atMs + between(1, 300), do: 'connect', client: client.name },
        { atMs: atMs + againMs, do: 'disconnect', client: client.name },
        { atMs: atMs + againMs + Math.floor((timeoutMs * 3) / 4), do: 'connect', client: client.name },
      ]
    },
  },
  one('end', ({ atMs, client }) => ({ atMs, do: 'end', client: client.name })),
  {
    name: 'end_and_return',
    draw: ({ atMs, client, between }) => [
      { atMs, do: 'end', client: client.name },
      { atMs: atMs + between(1, 3_000), do: 'connect', client: client.name },
    ],
  },
  one('reload', ({ atMs, client, between, pick }) => {
    return {
      atMs,
      do: 'reload',
      client: client.name,
      afterMs: between(1, 7_000),
      store: pick(['kept', 'kept', 'lost']),
    }
  }),
  one('wake', ({ atMs, client }) => ({ atMs, do: 'wake', client: client.name })),
  {
    // A machine that has no network loses its connections, and is told when it has one again.
    name: 'offline_and_online',
    draw: ({ atMs, client: { name: client }, between, pick }) => {
      const forMs = between(500, 9_000)
      return [
        { atMs, do: 'cut', client, forMs },
        { atMs, do: pick(['half_open', 'reset']), client },
        { atMs: atMs + forMs + between(0, 20), do: 'wake', client },
      ]
    },
  },
  {
    // A page is shown again whose connection is dead.
    name: 'shown_with_a_dead_connection',
    draw: ({ atMs, client: { name: client }, between }) => [
      { atMs, do: 'half_open', client },
      { atMs: atMs + between(0, 2_500), do: 'wake', client },
    ],
  },
  {
    // Its timers come late all the time, and nothing is heard.
    name: 'hidden_tab',
    draw: ({ client: { name: client }, between }) => {
      const atMs = between(500, 1_500)
      return [
        { atMs, do: 'late_timers', host: client, everyMs: between(1_500, 3_500), forMs: 24_000 },
        { atMs: atMs + between(0, 500), do: 'half_open', client },
      ]
    },
  },
  {
    // The same on the server: its timers alone are late, or it stands still again and again.
    name: 'lagging_server',
    draw: ({ client: { name: client }, below, between }) => {
      const atMs = between(500, 1_500)
      const silent: Step = { atMs: atMs + between(0, 500), do: 'half_open', client }
      const everyMs = between(1_500, 2_500)
      if (below(2) === 0) return [{ atMs, do: 'late_timers', host: 'server', everyMs, forMs: 24_000 }, silent]
      const pauses = Array.from({ length: 8 }, (_, index): Step => {
        return { atMs: atMs + index * (everyMs + 40), do: 'pause', host: 'server', forMs: everyMs, what: 'process' }
      })
      return [...pauses, silent]
    },
  },
  {
    // The same, and the client does not come back, so that its dead connection is the server's to find. At these intervals each
    // check of a liveness of 3 s or 6 s is more than a second late.
    name: 'lagging_server_and_a_dead_client',
    draw: ({ client: { name: client }, server: { livenessTimeoutMs }, between }) => {
      if (livenessTimeoutMs === 0) return []
      const atMs = between(500, 1_500)
      return [
        { atMs, do: 'late_timers', host: 'server', everyMs: between(1_410, 1_490), forMs: 24_000 },
        { atMs: atMs + 1, do: 'half_open', client },
        { atMs: atMs + 2, do: 'pause', host: client, forMs: 24_000, what: 'process' },
      ]
    },
  },
  {
    // Lost, and the first dials throw.
    name: 'cannot_dial',
    draw: ({ atMs, client: { name: client }, between, pick }) => [
      { atMs, do: 'break_dials', client, forMs: between(600, 5_000) },
      { atMs: atMs + 1, do: pick(['reset', 'reset', 'connect']), client },
      ...pick<Step[]>([
        [],
        [],
        [
          { atMs: atMs + 2, do: 'disconnect', client },
          { atMs: atMs + 60, do: 'connect', client },
        ],
      ]),
    ],
  },
  {
    // Two tabs with one store: "play here" in the one that was taken over, and Back to a page that was frozen.
    name: 'play_here',
    draw: ({ atMs, clients, between, pick }) => {
      const tab = clients.find(({ tabOf }) => tabOf !== undefined)
      if (tab?.tabOf === undefined) return []
      const [here, there] = pick([
        [tab.name, tab.tabOf],
        [tab.tabOf, tab.name],
      ])
      const frozenMs = between(1_000, 6_000)
      return [
        { atMs, do: 'pause', host: here, forMs: frozenMs, what: 'process' },
        { atMs: atMs + between(0, frozenMs), do: 'connect', client: there },
        { atMs: atMs + frozenMs + 1, do: 'wake', client: here },
        { atMs: atMs + frozenMs + between(2, 2_000), do: 'connect', client: here },
        { atMs: atMs + frozenMs + between(2_000, 2_100), do: 'connect', client: there },
      ]
    },
  },
  one('duplicate', ({ atMs, client }) => ({ atMs, do: 'duplicate', client: client.name })),
  {
    name: 'part_and_join',
    draw: ({ atMs, client, between }) => [
      { atMs, do: 'part', client: client.name },
      { atMs: atMs + between(1, 2_000), do: 'join', client: client.name },
    ],
  },
  {
    // What the server has said last comes back from somebody who is in no zone any more.
    name: 'part_and_repeat_the_server',
    draw: ({ atMs, client, between }) => [
      { atMs, do: 'part', client: client.name },
      { atMs: atMs + between(50, 500), do: 'misbehave', client: client.name, how: 'repeat_server' },
      { atMs: atMs + 1_000, do: 'join', client: client.name },
    ],
  },
  {
    // A number of long ago does not make one that came later late again.
    name: 'old_attempt_then_late',
    draw: ({ atMs, client, between }) => [
      { atMs, do: 'reset', client: client.name },
      { atMs: atMs + between(1_500, 4_000), do: 'misbehave', client: client.name, how: 'request_with_old_attempt' },
      { atMs: atMs + between(4_100, 5_000), do: 'misbehave', client: client.name, how: 'late_request' },
    ],
  },
  {
    // Somebody has a copy of the token that the client had before it came back, and the client has proven nothing yet.
    name: 'guest_with_old_token',
    draw: ({ atMs, client: drawn, clients, below, between, pick }) => {
      if (below(2) === 0) {
        return [
          { atMs, do: 'mute_beacons', client: drawn.name, forMs: 8_000 },
          { atMs: atMs + 10, do: 'reset', client: drawn.name },
          { atMs: atMs + between(800, 2_500), do: 'misbehave', client: drawn.name, how: 'old_token_and_gone' },
          { atMs: atMs + between(2_600, 5_000), do: 'connect', client: drawn.name },
        ]
      }
      // The same while the client itself has heard of no other token, since the answer to its request was lost.
      const steady = clients.filter(isSteady)
      const client = steady.length === 0 ? drawn : pick(steady)
      const transport = pick<'websocket' | 'enet'>(['websocket', 'enet'])
      const times = delayMsOf(client) / DEFAULT_DELAY_MS
      const lostMs = atMs + Math.ceil(times * (DIAL_MS[transport] + between(1, 18)))
      return [
        { atMs, do: 'connect', client: client.name, transport },
        { atMs: lostMs, do: 'half_open', client: client.name },
        { atMs: lostMs + between(20, 600), do: 'misbehave', client: client.name, how: 'old_token_and_gone' },
        { atMs: lostMs + between(1_500, 3_000), do: 'connect', client: client.name },
      ]
    },
  },
  {
    // One machine fills the server with sessions that wait in grace, and somebody else needs a place.
    name: 'hoard_and_begin',
    draw: ({ atMs, client, clients, below, between, pick }) => {
      const others = clients.filter(({ name }) => name !== client.name)
      const other = others.length === 0 ? client : pick(others)
      // The session that gives its place is the one that was lost last, which may be a member of a zone.
      const leaves = below(2) === 0
      return [
        { atMs, do: 'misbehave', client: client.name, how: 'hoard_sessions' },
        ...(leaves ? [{ atMs: atMs + between(300, 400), do: 'disconnect' as const, client: client.name }] : []),
        {
          atMs: atMs + between(500, 3_000),
          do: 'reload',
          client: other.name,
          afterMs: between(10, 200),
          store: 'lost',
        },
      ]
    },
  },
  {
    // Its answers are held up for as long as beacons are remembered, and then come all at once.
    name: 'answer_all_at_once',
    draw: ({ atMs, client, between }) => {
      const muteMs = between(5_000, 22_000)
      return [
        { atMs, do: 'mute_beacons', client: client.name, forMs: muteMs },
        { atMs: atMs + muteMs - 10, do: 'misbehave', client: client.name, how: 'ping_old' },
      ]
    },
  },
  {
    // Its answers are held up for longer than beacons are remembered: for the oldest ones it is too late.
    name: 'answer_too_late',
    draw: ({ client, between }) => [
      { atMs: between(1, 60), do: 'mute_beacons', client: client.name, forMs: 30_000 },
      { atMs: 24_980, do: 'misbehave', client: client.name, how: 'ping_old' },
    ],
  },
  {
    // In the middle of joining, the connection goes.
    name: 'join_and_lose',
    draw: ({ atMs, client, between }) => [
      { atMs, do: 'part', client: client.name },
      { atMs: atMs + 60, do: 'join', client: client.name },
      { atMs: atMs + 60 + between(0, 60), do: 'reset', client: client.name },
    ],
  },
  {
    // It goes over to another connection while its zone lets it in.
    name: 'join_and_go_over',
    draw: ({ atMs, client, between, pick }) => {
      const transport = pick<'websocket' | 'enet'>(['websocket', 'enet'])
      return [
        { atMs, do: 'part', client: client.name },
        { atMs: atMs + 100, do: 'connect', client: client.name, transport },
        { atMs: atMs + 100 + DIAL_MS[transport] - between(20, 60), do: 'join', client: client.name },
      ]
    },
  },
  {
    // A load balancer fails, and then the server, while everybody is on the way back.
    name: 'crash_in_a_storm',
    draw: ({ atMs, between, pick }) => [
      { atMs, do: 'mass_disconnect' },
      {
        atMs: atMs + between(1, 400),
        do: 'crash',
        host: 'server',
        forMs: between(10, 3_000),
        connections: pick(['silent', 'reset']),
      },
    ],
  },
  {
    name: 'misbehave',
    draw: ({ atMs, client, between, pick }) =>
      Array.from({ length: 3 }, (_, index) => ({
        atMs: atMs + index * between(0, 400),
        do: 'misbehave' as const,
        client: client.name,
        how: pick(HARMLESS),
      })),
  },
  one('ask_again', ({ atMs, client, pick }) => {
    const how = pick(['request_with_token', 'request_again', 'guess_tokens', 'guess_tokens'] as const)
    return { atMs, do: 'misbehave', client: client.name, how }
  }),
  one('malformed', ({ atMs, client, pick }) => ({ atMs, do: 'misbehave', client: client.name, how: pick(MALFORMED) })),
  one('flood', ({ atMs, client }) => ({ atMs, do: 'misbehave', client: client.name, how: 'flood' })),
  one('drain', ({ atMs, between, pick }) => {
    return { atMs, do: 'drain', drainMs: pick([0, between(1, 800), between(500, 6_000)]), forMs: between(1, 2_000) }
  }),
  one('stop_server', ({ atMs, between, pick }) => {
    return { atMs, do: 'stop_server', forMs: pick([0, between(1, 200), between(200, 6_000)]) }
  }),
  {
    // An operator who does not want to wait any longer.
    name: 'stop_while_draining',
    draw: ({ atMs, between }) => [
      { atMs, do: 'drain', drainMs: between(1_000, 6_000), forMs: between(1, 500) },
      { atMs: atMs + between(1, 1_500), do: 'stop_server', forMs: 200 },
    ],
  },
  {
    // Whoever sees to it that the server ends thinks better of it.
    name: 'drain_twice',
    draw: ({ atMs, between }) => [
      { atMs, do: 'drain', drainMs: between(2_000, 6_000), forMs: 200 },
      { atMs: atMs + between(1, 1_500), do: 'drain', drainMs: between(1, 8_000), forMs: 200 },
    ],
  },
  {
    // Lost and back while the server drains: over a connection that was open before, and has no session yet.
    name: 'return_while_draining',
    draw: ({ atMs, client, between, pick }) => {
      const transport = pick<'websocket' | 'enet'>(['websocket', 'enet'])
      return [
        { atMs, do: 'connect', client: client.name, transport },
        { atMs: atMs + DIAL_MS[transport] - between(1, 40), do: 'drain', drainMs: between(500, 5_000), forMs: 200 },
        { atMs: atMs + between(100, 1_000), do: 'reset', client: client.name },
      ]
    },
  },
  {
    // The last one leaves long before the time is over.
    name: 'leave_while_draining',
    draw: ({ atMs, clients, between, pick }) => [
      { atMs, do: 'drain', drainMs: between(2_000, 8_000), forMs: between(1, 500) },
      ...clients.map(({ name }) => ({
        atMs: atMs + between(1, 800),
        do: pick<'end' | 'stop_session'>(['end', 'end', 'stop_session']),
        client: name,
      })),
      ...clients.map(({ name }) => ({ atMs: atMs + between(2_000, 4_000), do: 'connect' as const, client: name })),
    ],
  },
  {
    // Its session is still there when it comes back without what it had stored: one place too many is taken.
    name: 'forget_and_return',
    draw: ({ atMs, client, between, pick }) => [
      { atMs, do: 'reload', client: client.name, afterMs: between(1, 500), store: 'lost' },
      { atMs: atMs + between(700, 3_000), do: pick(['reset', 'disconnect']), client: client.name },
      { atMs: atMs + between(3_000, 5_000), do: 'connect', client: client.name },
    ],
  },
  one('pause_client', ({ atMs, client, between, pick }) => {
    return { atMs, do: 'pause', host: client.name, forMs: between(100, 15_000), what: pick(['process', 'machine']) }
  }),
  one('pause_server', ({ atMs, between, pick }) => {
    return {
      atMs,
      do: 'pause',
      host: 'server',
      forMs: between(50, 12_000),
      what: pick(['process', 'process', 'machine']),
    }
  }),
  one('crash_server', ({ atMs, between, pick }) => {
    return {
      atMs,
      do: 'crash',
      host: 'server',
      forMs: between(10, 6_000),
      connections: pick(['silent', 'reset']),
      slowStartMs: pick([0, 0, between(100, 4_000)]),
    }
  }),
  one('clock_jump', ({ atMs, client, below, between }) => {
    return { atMs, do: 'clock_jump', host: below(2) === 0 ? 'server' : client.name, forwardMs: between(1, 20_000) }
  }),
  one('set_wall_clock', ({ atMs, client, below, between }) => {
    const host = below(2) === 0 ? 'server' : client.name
    return { atMs, do: 'set_wall_clock', host, byMs: between(-3_600_000, 3_600_000) }
  }),
  one('drift', ({ atMs, client, below, between }) => {
    return { atMs, do: 'drift', host: below(2) === 0 ? 'server' : client.name, ppm: between(-300, 300) }
  }),
]

export const FAULT_KINDS: readonly FaultKind[] = [...OTHER_FAULTS, ...ODD_FAULTS, ...SERVER_FAULTS]

/** Of a link that says nothing about it. */
const DEFAULT_DELAY_MS = DEFAULT_LINK.delayMs ?? 0

/** What crosses its link takes the same time each time. */
function isSteady({ link = {} }: ClientSetup): boolean {
  return link.jitterMs === undefined && link.loss === undefined && link.rateBytesPerSecond === undefined
}

/** One way, in ms. */
function delayMsOf({ link }: ClientSetup): number {
  return link?.delayMs ?? DEFAULT_DELAY_MS
}

const MALFORMED = [
  'malformed',
  'malformed',
  'malformed_protocol',
  'malformed_without_session',
  'short_message',
  'huge_number',
  'oversized',
] as const

/** What ends a connection is a kind of fault of its own, lest it hide the others. */
const ENDS_IT: ReadonlySet<Misbehaviour> = new Set(['flood', ...MALFORMED])
const HARMLESS = MISBEHAVIOURS.filter((how) => !ENDS_IT.has(how))
