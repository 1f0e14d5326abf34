/**
 * Games in the style of people who know nothing of the fuzzer hold: what their zones and bots may do, and what their rules
 * rest on, is no alarm. Each has broken a rule of ours, or one of its own, for no fault of its own.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createServer, defineApp, type Schema, type Session, type ServerProgram } from 'overworld'
import {
  defineSimulatedApp,
  readScenario,
  runCampaign,
  runScenario,
  type Scenario,
  type SimulatedApp,
} from 'overworld/scenarios'
import { coinRace, raceZone, Direction } from '../../examples/coin-race/coin-race.ts'
import { readSchema } from '../../cli/proto/schema.ts'
import { generateStaticCode } from '../../cli/proto/static-code.ts'
import { chat_app } from '../../scenarios/apps/generated/chat.js'

const RUNS = 40

const talk = defineApp({ name: 'talk', prefix: 40, schema: chat_app.chat })

/** Its join has a required field, it ticks in another rhythm than ours, and its players are told apart by name. */
const race = defineSimulatedApp({
  app: coinRace,
  zone: raceZone,
  sendsByZoneAlone: true,
  bot: {
    join: (name) => ({ name }),
    act: (room, { random }) =>
      void room.send('step', { direction: random.below(2) === 0 ? Direction.east : Direction.north }),
    listen(room, { name }, check) {
      room.on('board', ({ players }) => {
        const names = players.map((player) => player.name)
        check('no-twins', new Set(names).size === names.length, () => names.join(', '))
        check('i-am-in', names.includes(name), () => `${name} is not among ${names.join(', ')}`)
      })
    },
  },
  invariants: { 'no-twins': 'Nobody is on the board twice.', 'i-am-in': 'Who hears of the board is on it.' },
})

/** Its bots say nothing, so that nobody tells them when they are out; the zone ticks twenty times a second and is hard. */
const watched = defineSimulatedApp({
  app: talk,
  zone: talk.defineZone({
    disconnect: 'hard',
    tickMs: 50,
    init: () => undefined,
    handleTick: (zone) => (zone.frame % 20 === 0 ? talk.broadcast('channel_msg', { text: 'tick' }) : undefined),
  }),
  putsOut: true,
  hasNpcs: true,
  sendsByZoneAlone: true,
  bot: { join: (name) => ({ handle: name }), act: () => undefined },
})

/** What an NPC says cannot be changed. */
function change(message: object, changes: object): void {
  if (!Object.isFrozen(message)) Object.assign(message, changes)
}

/** Its zone changes the messages that it gets, and uses what sessions have for a game's own purposes. */
const possessive = defineSimulatedApp({
  app: talk,
  zone: talk.defineZone({
    init: () => ({ said: 0, lost: 0 }),
    handleJoin(message, session, _zone, state) {
      change(message, { handle: ` ${message.handle ?? ''}`.trim().toUpperCase() })
      session.gameData = { handle: message.handle }
      session.disconnectCallback = () => void state.lost++
      return talk.broadcast('sync', { handles: [message.handle ?? ''] })
    },
    rpc: {
      channel_msg(message, session, _zone, state) {
        change(message, { text: `${message.text ?? ''}!` })
        if (++state.said % 9 === 0) {
          session.send(talk, 'channel_msg', { text: 'bye' })
          session.disconnect()
        }
        return talk.broadcast('channel_msg', { text: message.text })
      },
    },
  }),
  hasNpcs: true,
  sendsByZoneAlone: true,
  bot: {
    join: (name) => ({ handle: name }),
    act: (room, { count }) => void room.send('channel_msg', { text: String(count) }),
  },
})

/** Its zone does everything from timers of the process. */
const careless = defineSimulatedApp({
  app: talk,
  zone: talk.defineZone({
    init(zone) {
      const state = { said: 0 }
      setInterval(() => {
        if (!zone.isStopped) zone.broadcast('channel_msg', { text: String(Date.now()) })
      }, 900)
      return state
    },
    rpc: {
      channel_msg(_message, session, zone, state) {
        const number = ++state.said
        setTimeout(() => {
          if (number % 11 === 0 && session.zone?.name === zone.name) zone.remove(session)
          else if (number % 13 === 0) session.stop()
          else if (number % 7 === 0) session.disconnect()
          else if (session.status === 'connected') session.send(talk, 'channel_msg', { text: 'later' })
        }, 400)
      },
    },
  }),
  isAmbient: true,
  sendsByZoneAlone: true,
  bot: {
    join: (name) => ({ handle: name }),
    act: (room, { count }) => void room.send('channel_msg', { text: String(count) }),
  },
})

/** Its bot leaves and comes back as it likes, and its rules rest on having heard of each session. */
const restless = defineSimulatedApp({
  app: talk,
  zone: talk.defineZone({
    disconnect: 'hard',
    init: () => undefined,
    rpc: { channel_msg: ({ text }) => talk.broadcast('channel_msg', { text }) },
  }),
  sendsByZoneAlone: true,
  bot: {
    join: (name) => ({ handle: name }),
    act(room, { count, name }) {
      if (count % 7 === 3) room.part({})
      else if (count % 7 === 4) room.join({ handle: name })
      else room.send('channel_msg', { text: name })
    },
    listen(room, { client }, check) {
      let heard = 0
      let id: number | undefined
      client.on('session', (session) => (id = session.id))
      room.on('channel_msg', () => {
        check('knows-its-session', id === client.sessionId, () => `${id} instead of ${client.sessionId}`)
        if (++heard % 40 === 0) client.end()
        else if (heard % 10 === 0) client.disconnect()
        if (heard % 10 === 0) client.connect()
      })
    },
  },
  invariants: { 'knows-its-session': 'Whoever hears something was told of the session first.' },
})

/** Points of a membership never fall, and what its bot does rests on what it has heard. */
const points = defineSimulatedApp({
  app: talk,
  zone: talk.defineZone({
    init: () => new Map<Session, number>(),
    handleJoin(_message, session, _zone, state) {
      state.set(session, 0)
      return talk.reply('channel_msg', { text: '0' })
    },
    handlePart: (_message, session, _zone, state) => void state.delete(session),
    handleReconnect: (session, _zone, state) => talk.reply('channel_msg', { text: String(state.get(session)) }),
    rpc: {
      channel_msg(_message, session, _zone, state) {
        const now = (state.get(session) ?? 0) + 1
        state.set(session, now)
        return talk.reply('channel_msg', { text: String(now) })
      },
    },
  }),
  bot: (() => {
    const memories = new WeakMap<object, { points: number }>()
    return {
      join: (name: string) => ({ handle: name }),
      act(room) {
        const memory = memories.get(room)
        if (memory === undefined) throw new Error('it acts before it has listened')
        room.send('channel_msg', { text: String(memory.points) })
      },
      listen(room, { name }, check) {
        const memory = { points: 0 }
        memories.set(room, memory)
        room.on('channel_msg', ({ text }) => {
          const now = Number(text)
          check('points-never-fall', now >= memory.points, () => `${name} had ${memory.points}, and has ${now}`)
          memory.points = now
        })
      },
    } satisfies SimulatedApp<typeof talk.schema>['bot']
  })(),
  invariants: { 'points-never-fall': 'Within a membership nobody loses points.' },
})

/** What it says is far larger than small buffers, and it says much at once. */
const wordy = defineSimulatedApp({
  app: talk,
  zone: talk.defineZone({
    init: () => undefined,
    handleJoin: () => talk.reply('channel_msg', { handle: 'welcome', text: 'x'.repeat(3_000) }),
    handleReconnect: () => talk.reply('channel_msg', { handle: 'again', text: 'x'.repeat(3_000) }),
    rpc: { channel_msg: ({ text }) => talk.broadcast('channel_msg', { text }) },
  }),
  sendsByZoneAlone: true,
  bot: {
    join: (name) => ({ handle: name }),
    act(room) {
      for (let number = 0; number < 20; number++) room.send('channel_msg', { text: 'y'.repeat(100) })
    },
    listen(room, { name }, check) {
      let isWelcome = false
      room.on('channel_msg', ({ handle }) => {
        isWelcome ||= handle === 'welcome' || handle === 'again'
        check('welcome-first', isWelcome, () => `${name} hears something before the welcome`)
      })
    },
  },
  invariants: { 'welcome-first': 'The welcome comes before all else.' },
})

const plaza: ServerProgram = {
  apps: [talk],
  boot({ clock, random, network, calls }) {
    const server = createServer({ clock, random, calls, apps: [talk], onReport: () => undefined })
    server.zones.start(points.zone, { name: 'plaza' })
    server.listen(network, 'ws://0.0.0.0:8080/ws')
    server.listen(network, 'enet://0.0.0.0:7777')
    return server
  },
}

const games: readonly (readonly [string, SimulatedApp])[] = [
  ['a race whose players have names', race],
  ['bots that say nothing', watched],
  ['a zone that uses what sessions have', possessive],
  ['a zone that does everything from timers of the process', careless],
  ['a bot that leaves and comes back by itself', restless],
  ['a bot that remembers', points],
  ['a zone and bots that say much', wordy],
  ['a server program with a bot', { ...points, program: plaza }],
]

describe.each(games)('%s', (_name, game) => {
  test.each([1, 2])('holds with seed %i', (seed) => {
    expect(runCampaign({ seed, runs: RUNS, apps: [game] }).failure?.message).toBeUndefined()
  })
})

/** Its bot asks to be let in once more in each of its lives. */
const asking: SimulatedApp = {
  ...points,
  bot: {
    ...points.bot,
    act(room, self) {
      if (self.count === 0) room.join({ handle: self.name } as never)
      points.bot.act(room, self)
    },
  },
}

/** What it remembers is of a membership that is over: others have decided so while it was away. */
const putOutWhileAway: readonly (readonly [string, Omit<Scenario, 'version' | 'name' | 'seed' | 'server'>])[] = [
  [
    'is not told so, and joins as if it might be in the zone still',
    {
      durationMs: 9_000,
      clients: [{ name: 'alice', app: 'talk', transport: 'enet', actEveryMs: 250, announcesNothing: true }],
      steps: [
        { atMs: 2_000, do: 'reset', client: 'alice' },
        { atMs: 6_500, do: 'restart_zone', app: 'talk' },
      ],
    },
  ],
  [
    'finds itself in the zone, since another tab has joined in its session',
    {
      durationMs: 9_001,
      clients: [
        { name: 'alice', app: 'talk', transport: 'websocket', actEveryMs: 250 },
        { name: 'alice-tab', app: 'talk', transport: 'websocket', actEveryMs: 0, startAtMs: 8_000, tabOf: 'alice' },
      ],
      steps: [
        { atMs: 6_000, do: 'disconnect', client: 'alice' },
        { atMs: 7_000, do: 'restart_zone', app: 'talk' },
        { atMs: 9_000, do: 'connect', client: 'alice' },
      ],
    },
  ],
]

const forgetful = putOutWhileAway.flatMap(([what, steps]) => [points, asking].map((bot) => [what, steps, bot] as const))

test.each(forgetful)('a client that was put out while away %s: another life begins', (_what, steps, bot) => {
  const scenario = readScenario({ version: 1, name: 'put-out-while-away', seed: 1, server: {}, ...steps })
  const { failure, invariants } = runScenario(scenario, { apps: [bot] })
  expect(failure).toBeUndefined()
  expect(invariants.get('points-never-fall')).toBeGreaterThan(0)
})

test('a client that hears of its session when that is over has heard what was said to it under its name', () => {
  const scenario = readScenario({
    version: 1,
    name: 'stopped-before-it-was-heard-of',
    seed: 1,
    durationMs: 3_500,
    server: {},
    clients: [
      { name: 'alice', app: 'coin-race', transport: 'websocket', actEveryMs: 0, link: { delayMs: 40 } },
      {
        name: 'alice-tab',
        app: 'coin-race',
        transport: 'enet',
        actEveryMs: 0,
        tabOf: 'alice',
        link: { delayMs: 120 },
      },
    ],
    steps: [
      { atMs: 2_000, do: 'connect', client: 'alice', transport: 'websocket' },
      { atMs: 2_190, do: 'clog', client: 'alice', forMs: 1_000 },
      { atMs: 3_000, do: 'stop_session', client: 'alice-tab' },
    ],
  })
  const { failure, invariants } = runScenario(scenario, { apps: [race] })
  expect(failure).toBeUndefined()
  expect(invariants.get('i-am-in')).toBeGreaterThan(0)
})

test('two tabs that begin at once have a name each, whose session ever is in their store', () => {
  const link = { delayMs: 10, jitterMs: 8 }
  const scenario = readScenario({
    version: 1,
    name: 'two-tabs-at-once',
    seed: 2_250_111_546,
    durationMs: 500,
    server: {},
    clients: [
      { name: 'alice', app: 'coin-race', transport: 'enet', actEveryMs: 0, startAtMs: 29, link },
      { name: 'alice-tab0', app: 'coin-race', transport: 'websocket', actEveryMs: 0, tabOf: 'alice', link },
    ],
    steps: [],
  })
  const { failure, invariants } = runScenario(scenario, { apps: [race] })
  expect(failure).toBeUndefined()
  expect(invariants.get('no-twins')).toBeGreaterThan(0)
})

test('a client that has left and joined again hears of a join before that, and of its points before', () => {
  const scenario = readScenario({
    version: 1,
    name: 'joined-twice-before-it-left',
    seed: 1,
    durationMs: 3_000,
    server: {},
    clients: [{ name: 'alice', app: 'talk', transport: 'websocket', actEveryMs: 250, link: { delayMs: 60 } }],
    steps: [
      { atMs: 1_885, do: 'misbehave', client: 'alice', how: 'join_twice' },
      { atMs: 1_890, do: 'act', client: 'alice' },
      { atMs: 2_000, do: 'part', client: 'alice' },
      { atMs: 2_000, do: 'join', client: 'alice' },
    ],
  })
  expect(runScenario(scenario, { apps: [asking] }).failure).toBeUndefined()
})

/** The bytes that `malformed` sends begin as a note of this app does. */
const NOTES = `
syntax = "proto2";
package notes;
message all {
  oneof msg {
    join join = 1;
    part part = 2;
    ask ask = 3;
    note note = 15; // server to client
  }
}
message join {}
message part {}
message ask {}
message note {}
`

test('what begins as a message did that was heard before, and is none, is malformed', async () => {
  const file = path.resolve('node_modules/.cache/overworld-test/notes')
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(`${file}.proto`, NOTES)
  writeFileSync(`${file}.js`, generateStaticCode(readSchema(`${file}.proto`).root, 'Of a test.').js)
  const { notes } = (await import(/* @vite-ignore */ `${file}.js`)) as { readonly notes: { readonly all: Schema } }
  const app = defineApp({ name: 'notes', prefix: 41, schema: notes.all })
  const game: SimulatedApp = {
    app,
    zone: app.defineZone({
      init: () => undefined,
      rpc: { ask: (_message: unknown, session: Session) => app.send([session], 'note' as never, {}) },
    }) as never,
    bot: { join: () => ({}), act: (room) => void room.send('ask' as never, {}) },
  }
  const scenario = readScenario({
    version: 1,
    name: 'malformed-after-all',
    seed: 1,
    durationMs: 5_000,
    server: {},
    clients: [{ name: 'alice', app: 'notes', transport: 'websocket', actEveryMs: 250 }],
    steps: [
      { atMs: 2_000, do: 'misbehave', client: 'alice', how: 'repeat_server' },
      { atMs: 3_000, do: 'misbehave', client: 'alice', how: 'malformed_without_session' },
    ],
  })
  const { failure, goals } = runScenario(scenario, { apps: [game] })
  expect(failure).toBeUndefined()
  expect(goals.get('malformed input')).toBe(1)
})
