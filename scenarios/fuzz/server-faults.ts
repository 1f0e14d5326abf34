/** The kinds of trouble that come from the server's own code: what a game does with its sessions and zones. */
import { GOODBYE_MS, MISUSES, NPC_ACTIONS, type NpcAction, type Step, type Timeout } from '../scenario.ts'
import { finite, one, type FaultKind } from './fault-kind.ts'

export const SERVER_FAULTS: readonly FaultKind[] = [
  one('stop_session', ({ atMs, client }) => ({ atMs, do: 'stop_session', client: client.name })),
  one('drop_session', ({ atMs, client }) => ({ atMs, do: 'drop_session', client: client.name })),
  {
    // While it is away, its deadline is moved: also into the past.
    name: 'set_timeout',
    draw: ({ atMs, client, server, below, between, pick }) => {
      const timeoutMs: Timeout = below(4) === 0 ? 'never' : pick([0, 200, 1_000, 2_500, 6_000])
      const graceMs = finite(server.disconnectTimeoutMs)
      // To take a deadline away one has to be in time, and that it has gone shows when it would have been over.
      const isTakenAway = timeoutMs === 'never'
      const inMs = between(1, isTakenAway ? Math.max(1, Math.min(1_500, graceMs / 2)) : 1_500)
      const steps: Step[] = [{ atMs: atMs + inMs, do: 'set_timeout', client: client.name, timeoutMs }]
      if (below(3) === 0) return steps
      return [
        { atMs, do: 'cut', client: client.name, forMs: (isTakenAway ? graceMs : 0) + between(500, 9_000) },
        { atMs, do: 'reset', client: client.name },
        ...steps,
      ]
    },
  },
  {
    // Who is away is waited for without end, and comes back when the time before that would have been over.
    name: 'wait_for_ever',
    draw: ({ atMs, client: { name: client, transport }, server, between }) => {
      const graceMs = finite(server.disconnectTimeoutMs)
      const leftMs = atMs + GOODBYE_MS[transport]
      return [
        { atMs, do: 'disconnect', client },
        { atMs: leftMs + between(20, Math.max(20, graceMs / 2)), do: 'set_timeout', client, timeoutMs: 'never' },
        { atMs: leftMs + graceMs + between(500, 3_000), do: 'connect', client },
      ]
    },
  },
  {
    name: 'remove',
    draw: ({ atMs, client: { app, name: client }, putsOut }) =>
      putsOut.includes(app) ? [{ atMs, do: 'remove', client }] : [],
  },
  {
    name: 'npc',
    draw: ({ atMs, client: { app }, hasNpcs, between, pick }) => {
      if (!hasNpcs.includes(app)) return []
      const name = pick(['wolf', 'ghost'])
      const step = (what: NpcAction): Step => ({ atMs: atMs + between(0, 3_000), do: 'npc', name, app, what })
      return [
        { atMs, do: 'npc', name, app, what: 'start' },
        { atMs, do: 'npc', name, app, what: 'join' },
        ...Array.from({ length: 5 }, () => step(pick(NPC_ACTIONS))),
      ]
    },
  },
  {
    // An NPC is lost, back, and lost again before the first grace would have been over.
    name: 'npc_lost_twice',
    draw: ({ atMs, client: { app }, server, hasNpcs, between, pick }) => {
      if (!hasNpcs.includes(app)) return []
      const name = pick(['wolf', 'ghost'])
      const againMs = between(100, 300) + Math.floor(finite(server.disconnectTimeoutMs) / 2)
      const step = (afterMs: number, what: NpcAction): Step => ({ atMs: atMs + afterMs, do: 'npc', name, app, what })
      return [step(0, 'start'), step(1, 'join'), step(10, 'lose'), step(100, 'return'), step(10 + againMs, 'lose')]
    },
  },
  one('misuse', ({ atMs, client, pick }) => ({ atMs, do: 'misuse', client: client.name, how: pick(MISUSES) })),
  {
    // What a zone that has stopped is still asked for.
    name: 'misuse_a_stopped_zone',
    draw: ({ atMs, client: { name, app }, putsOut, between, pick }) => {
      if (!putsOut.includes(app)) return []
      return [
        { atMs, do: 'part', client: name },
        { atMs: atMs + between(80, 300), do: 'restart_zone', app },
        { atMs: atMs + between(300, 600), do: 'misuse', client: name, how: pick(OF_STOPPED_ZONES) },
        { atMs: atMs + 700, do: 'join', client: name },
      ]
    },
  },
  {
    name: 'misuse_a_closed_connection',
    draw: ({ atMs, client: { name: client }, between }) => {
      const misuse: Step = { atMs, do: 'misuse', client, how: 'use_closed_connection' }
      const lost: Step = { atMs: atMs + 1, do: 'reset', client }
      return [misuse, lost, { ...misuse, atMs: atMs + between(30, 3_000) }]
    },
  },
  {
    name: 'misuse_a_provisional_session',
    draw: ({ atMs, client: { name: client }, between }) => [
      { atMs, do: 'misbehave', client, how: 'say_nothing' },
      { atMs: atMs + between(150, 3_000), do: 'misuse', client, how: 'use_provisional' },
    ],
  },
  one('send_directly', ({ atMs, client }) => ({ atMs, do: 'send_directly', client: client.name })),
  {
    // The game plays on for somebody, who may come back.
    name: 'give_receiver',
    draw: ({ atMs, client, unusual, between, below }) => {
      if (!unusual.includes(client.app)) return []
      const given: Step = { atMs, do: 'give_receiver', client: client.name }
      return below(3) === 0
        ? [given]
        : [given, { atMs: atMs + between(100, 4_000), do: 'connect', client: client.name }]
    },
  },
  {
    // A spectator takes over for a player, loses the connection, and returns as that player.
    name: 'give_connection',
    draw: ({ atMs, client, clients, unusual, between, pick }) => {
      const others = clients.filter(({ name, app }) => name !== client.name && app === client.app)
      if (others.length === 0 || !unusual.includes(client.app)) return []
      const to = pick(others).name
      const givenAtMs = atMs + 1_500
      const first: Step[] = pick([
        [],
        [],
        [{ atMs: givenAtMs - between(1, 400), do: 'reset', client: to }],
        [{ atMs: givenAtMs - between(1, 1_500), do: 'disconnect', client: to }],
      ])
      const last: Step[] = pick([
        [],
        [{ atMs: givenAtMs + between(1, 2_000), do: 'reset', client: client.name }],
        [{ atMs: givenAtMs + between(1, 2_000), do: 'connect', client: to }],
      ])
      return [...first, { atMs: givenAtMs, do: 'give_connection', client: client.name, to }, ...last]
    },
  },
  {
    // Whoever has just connected plays on for somebody, without having asked for a session.
    name: 'give_stranger',
    draw: ({ atMs, client: { app, name: client }, unusual, between, below }) => {
      if (!unusual.includes(app)) return []
      const givenAtMs = atMs + between(150, 4_000)
      const steps: Step[] = [
        { atMs, do: 'misbehave', client, how: 'say_nothing' },
        { atMs: givenAtMs, do: 'give_stranger', client },
      ]
      return below(3) === 0 ? steps : [...steps, { atMs: givenAtMs + between(100, 4_000), do: 'connect', client }]
    },
  },
  {
    // A connection without a session is refused by the program, or ends the session that it does not have.
    name: 'strangers',
    draw: ({ atMs, client: { name: client }, between, pick }) => {
      const nowMs = atMs + between(150, 1_000)
      return [
        { atMs, do: 'misbehave', client, how: 'say_nothing' },
        pick<Step>([
          { atMs: nowMs, do: 'misbehave', client, how: 'end_without_session' },
          { atMs: nowMs, do: 'refuse_stranger', client, how: 'stop' },
          { atMs: nowMs, do: 'refuse_stranger', client, how: 'disconnect' },
        ]),
      ]
    },
  },
  {
    // A connection without a session talks all the same, and may not read the answers.
    name: 'strangers_talk',
    draw: ({ atMs, client: { name: client }, between, below }) => {
      const nowMs = atMs + between(150, 1_000)
      const slow: Step = { atMs: nowMs, do: 'slow_reader', client, forMs: 3_000 }
      return [
        { atMs, do: 'misbehave', client, how: 'say_nothing' },
        ...(below(2) === 0 ? [slow] : []),
        { atMs: nowMs + 1, do: 'misbehave', client, how: 'skip_request_often' },
      ]
    },
  },
  {
    name: 'npc_gets_a_player',
    draw: ({ atMs, client: { app, name: client }, unusual, hasNpcs, between, pick }) => {
      if (!unusual.includes(app) || !hasNpcs.includes(app)) return []
      const name = pick(['wolf', 'ghost'])
      const step = (afterMs: number, what: NpcAction): Step => ({ atMs: atMs + afterMs, do: 'npc', name, app, what })
      return [
        step(0, 'start'),
        step(1, 'join'),
        step(2, pick<NpcAction>(['keep', 'lose', 'watch'])),
        { atMs: atMs + between(3, 600), do: 'give_connection', client, to: name },
        step(between(700, 3_000), pick<NpcAction>(['return', 'lose', 'stop', 'act', 'part'])),
      ]
    },
  },
  {
    name: 'extra_zone',
    draw: ({ atMs, client: { app }, unusual, between }) =>
      unusual.includes(app) ? [{ atMs, do: 'extra_zone', app, forMs: between(100, 4_000) }] : [],
  },
  one('tell', ({ atMs, client }) => ({ atMs, do: 'tell', app: client.app })),
  {
    name: 'stop_zone',
    draw: ({ atMs, client: { app }, putsOut, between }) =>
      putsOut.includes(app) ? [{ atMs, do: 'stop_zone', app, forMs: between(1, 5_000) }] : [],
  },
  {
    name: 'restart_zone',
    draw: ({ atMs, client: { app }, putsOut }) => (putsOut.includes(app) ? [{ atMs, do: 'restart_zone', app }] : []),
  },
]

const OF_STOPPED_ZONES = ['tell_stopped_zone', 'join_stopped_zone', 'join_foreign_zone', 'take_zone_name'] as const
