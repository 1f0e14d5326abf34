/**
 * Draws whole scenarios with fast-check: the clients and their links, the server's timeouts, which kinds of fault are
 * on, and when each occurrence happens. Each run's scenario comes from its own seed alone.
 */
import fc from 'fast-check'
import type { SimulatedApp } from '../simulated-app.ts'
import type { ClientSetup, Scenario, ServerSetup, Step, Timeout } from '../scenario.ts'
import { gameOf } from '../game/apps-of-game.ts'
import { factsOf } from '../game/game-facts.ts'
import { drawGameClients, drawGameServer, ENDURANCE_EVERY, fitsGames, onCleanLinks, GAME_FAULTS } from './draw-game.ts'
import type { Draw, FaultKind, Habits } from './fault-kind.ts'
import { FAULT_KINDS } from './faults.ts'
import { CLIENTS, LINKS, nameOfClient } from './draw-clients.ts'
import { NumberSource } from './number-source.ts'

export interface DrawOptions extends Partial<Habits> {
  /** The apps that clients play, in turn. */
  readonly apps: readonly string[]
  /** Of these, those that clients of other versions play, too. */
  readonly versioned?: readonly string[]
  /** They are the kinds of clients of a game: only what befalls any client is drawn, and not what bots do. */
  readonly game?: Pick<ServerSetup, 'disconnectTimeoutMs' | 'livenessTimeoutMs'>
  /** How many clients; default 4. */
  readonly clients?: number
  /** The length (ms) of the fault phase; default 25,000. */
  readonly durationMs?: number
  /** The names of the kinds of fault that are drawn. Default: a part of all of them, drawn for each scenario. */
  readonly faults?: readonly string[]
}

const DURATION_MS = 25_000
/** Nothing happens before everybody had the time to connect. */
const FIRST_STEP_MS = 500
export const OCCURRENCES_MAX = 14

const TIMEOUTS: readonly Timeout[] = [5_000, 5_000, 5_000, 3_000, 1_000, 200, 0, 8_000, 'never']

/** One of so many clients has a program of which a listener throws at one of so many events. */
const LISTENERS_FAIL_IN = 24
/** One in so many clients is of an earlier version, or so is its server. */
const ANNOUNCES_NOTHING_IN = 6
const LISTENERS_FAIL_EVERY = 5

/** In one of so many runs two clients have one store. */
const TAB_IN = 5
const TAB_DRAWS = 3

const BEACON_INTERVALS_MS: readonly (number | undefined)[] = [
  undefined,
  undefined,
  undefined,
  undefined,
  250,
  400,
  2_000,
]
const BEACON_DRAWS = 1

/** Most worlds are kind. */
export const UNKINDNESS: readonly Partial<ServerSetup>[] = [
  {},
  {},
  {},
  {},
  { timersLateMs: 30 },
  { closesLateMs: 400 },
  { timersLateMs: 15, closesLateMs: 50 },
  { bufferBytes: 128 },
  { bufferBytes: 48 },
]

/** Most servers have room for everybody, and patience with who talks much. */
const MESSAGES_PER_SECOND_MAX: readonly (number | undefined)[] = [undefined, undefined, undefined, undefined, 12, 40]
const BYTES_PER_SECOND_MAX: readonly (number | undefined)[] = [
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  300,
  1_000,
]

/** A source of small decisions: a list of numbers that are used up one after the other. */
export const numbers = (count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(0x7fff_ffff), { minLength: count, maxLength: count, size: 'max' })

const DRAWS_PER_OCCURRENCE = 12

export const occurrence = fc.record({
  kind: fc.nat(1_000_000),
  client: fc.nat(1_000_000),
  /** Close to the occurrence before it, or anywhere. */
  isClose: fc.boolean(),
  at: fc.nat(1_000_000),
  numbers: numbers(DRAWS_PER_OCCURRENCE),
})
export type Occurrence = typeof occurrence extends fc.Arbitrary<infer T> ? T : never

/** A kind of fault is on where its number is 0. */
export const swarm = fc.array(fc.nat(2), {
  minLength: FAULT_KINDS.length,
  maxLength: FAULT_KINDS.length,
  size: 'max',
})

const setup = fc.record({
  swarm,
  numbers: numbers(40),
  occurrences: fc.array(occurrence, { minLength: 1, maxLength: OCCURRENCES_MAX, size: 'max' }),
})

/** What is drawn for these apps. */
export function drawOptionsOf(apps: readonly SimulatedApp[]): DrawOptions {
  const game = gameOf(apps)
  if (game !== undefined) {
    const { disconnectTimeoutMs, livenessTimeoutMs } = factsOf(game)
    return { apps: [...game.kinds.keys()], game: { disconnectTimeoutMs, livenessTimeoutMs } }
  }
  return {
    apps: apps.map(({ app }) => app.name),
    versioned: apps.flatMap(({ app, versions }) => (versions === undefined ? [] : [app.name])),
    ...habitsOf(apps),
  }
}

export function habitsOf(apps: readonly SimulatedApp[]): Habits {
  const namesWhere = (has: (simulated: SimulatedApp) => boolean | undefined): readonly string[] =>
    apps.flatMap((simulated) => (has(simulated) === true ? [simulated.app.name] : []))
  return {
    unusual: namesWhere(({ isUnusual }) => isUnusual),
    hasNpcs: namesWhere(({ hasNpcs }) => hasNpcs),
    putsOut: namesWhere(({ putsOut }) => putsOut),
    isFrugal: namesWhere(({ isFrugal }) => isFrugal),
  }
}

/** The scenario of a run. Equal arguments give equal scenarios. */
export function drawScenario(seed: number, options: DrawOptions): Scenario {
  const [drawn] = fc.sample(setup, { seed: seed | 0, numRuns: 1 })
  if (drawn === undefined) throw new Error('fast-check drew nothing')
  const durationMs = options.durationMs ?? DURATION_MS
  const source = new NumberSource(drawn.numbers)
  const { unusual = [], hasNpcs = [], putsOut = [], isFrugal = [], game, faults } = options
  const isOn = new Set(FAULT_KINDS.filter(({ name }, index) => faults?.includes(name) ?? drawn.swarm[index] === 0))
  if (game !== undefined) {
    const world = { clients: drawGameClients(source, options), server: { ...game, ...drawGameServer(source) } }
    const all = { ...world, unusual, hasNpcs, putsOut, isFrugal }
    if (seed % ENDURANCE_EVERY === 0) {
      return {
        version: 1,
        name: `fuzz-${seed}`,
        seed,
        durationMs: 0,
        isEndurance: true,
        ...world,
        clients: onCleanLinks(world.clients),
        steps: [],
      }
    }
    const steps = drawAllSteps(drawn.occurrences, kindsOf(GAME_FAULTS, isOn), all, durationMs).filter(fitsGames)
    return { version: 1, name: `fuzz-${seed}`, seed, durationMs, ...world, steps }
  }
  const server = withBeacons(drawServer(source, options), drawn.numbers.slice(-BEACON_DRAWS))
  const clients = withTab(drawClients(source, options), drawn.numbers.slice(-TAB_DRAWS, -BEACON_DRAWS))
  const world = { clients, server, unusual, hasNpcs, putsOut, isFrugal }
  const steps = drawAllSteps(drawn.occurrences, kindsOf(FAULT_KINDS, isOn), world, durationMs)
  return { version: 1, name: `fuzz-${seed}`, seed, durationMs, server, clients, steps }
}

/** Those that are on; all of them where none is. */
function kindsOf(all: typeof FAULT_KINDS, isOn: ReadonlySet<FaultKind>): typeof FAULT_KINDS {
  const on = all.filter((kind) => isOn.has(kind))
  return on.length === 0 ? all : on
}

function drawAllSteps(
  occurrences: readonly Occurrence[],
  kinds: typeof FAULT_KINDS,
  world: Pick<Draw, 'clients' | 'server' | keyof Habits>,
  durationMs: number,
): readonly Step[] {
  const steps: Step[] = []
  let lastMs = FIRST_STEP_MS
  for (const each of occurrences) {
    const atMs = each.isClose
      ? Math.min(lastMs + (each.at % 600), durationMs - 1)
      : FIRST_STEP_MS + (each.at % (durationMs - FIRST_STEP_MS))
    lastMs = atMs
    steps.push(...drawSteps(each, atMs, kinds, world))
  }
  const inTime = steps.filter(({ atMs }) => atMs < durationMs)
  // A stable sort: what happens at the same time keeps its order.
  inTime.sort((a, b) => a.atMs - b.atMs)
  return inTime
}

/** What one occurrence of a fault of one of these kinds does. */
export function drawSteps(
  { kind, client, numbers: drawn }: Occurrence,
  atMs: number,
  kinds: typeof FAULT_KINDS,
  world: Pick<Draw, 'clients' | 'server' | keyof Habits>,
): readonly Step[] {
  const { clients } = world
  const source = new NumberSource(drawn)
  const chosen = kinds[kind % kinds.length]
  const player = clients[client % clients.length]
  if (chosen === undefined || player === undefined) return []
  const draw: Draw = {
    atMs,
    client: player,
    ...world,
    below: (limit) => source.below(limit),
    between: (min, max) => min + source.below(max - min + 1),
    pick: (choices) => source.pick(choices),
  }
  return chosen.draw(draw)
}

function drawServer(source: NumberSource, { apps, isFrugal = apps, clients = CLIENTS }: DrawOptions): ServerSetup {
  const sessionsMax = source.pick([undefined, undefined, undefined, clients - 1, clients, clients + 2])
  const messagesPerSecondMax = source.pick(MESSAGES_PER_SECOND_MAX)
  const connectionsMax = source.pick([undefined, undefined, undefined, undefined, clients, clients + 1])
  const preconnectsPerAddressMax = source.pick([undefined, undefined, undefined, 1, 2])
  const bytesPerSecondMax = source.pick(BYTES_PER_SECOND_MAX)
  const disconnectTimeoutMs = source.pick(TIMEOUTS)
  const livenessTimeoutMs = source.pick([10_000, 10_000, 10_000, 6_000, 6_000, 3_000, 3_000, 0])
  const { bufferBytes, ...unkindness } = source.pick(UNKINDNESS)
  // With limits that its clients cannot keep, no server would be run.
  const isTight = apps.every((app) => isFrugal.includes(app))
  return {
    disconnectTimeoutMs,
    livenessTimeoutMs,
    tickMs: 100,
    ...unkindness,
    ...(isTight && bufferBytes !== undefined && { bufferBytes }),
    ...(sessionsMax !== undefined && sessionsMax > 0 && { sessionsMax }),
    ...(isTight && messagesPerSecondMax !== undefined && { messagesPerSecondMax }),
    ...(connectionsMax !== undefined && { connectionsMax }),
    ...(preconnectsPerAddressMax !== undefined && { preconnectsPerAddressMax }),
    ...(isTight && bytesPerSecondMax !== undefined && { bytesPerSecondMax }),
  }
}

function drawClients(source: NumberSource, { apps, clients = CLIENTS, versioned = [] }: DrawOptions): ClientSetup[] {
  // Where there are three or more, one of them is often left out, so that there is company in the others.
  const leftOut = apps.length > 2 ? source.below(apps.length + 1) : -1
  const played = apps.filter((_, index) => index !== leftOut)
  return Array.from({ length: clients }, (_, index): ClientSetup => {
    const link = source.pick(LINKS)
    const fails = source.below(LISTENERS_FAIL_IN) === 0
    const announcesNothing = source.below(ANNOUNCES_NOTHING_IN) === 0
    const app = played[index % played.length] ?? ''
    const drawnVersion = source.pick([undefined, undefined, 'older', 'newer'] as const)
    const version = versioned.includes(app) ? drawnVersion : undefined
    return {
      name: nameOfClient(index),
      app,
      transport: source.pick(['websocket', 'enet']),
      startAtMs: source.below(300),
      actEveryMs: source.pick([250, 1_000, 1_000, 3_000]),
      ...(link !== undefined && { link }),
      ...(version !== undefined && { version }),
      ...(announcesNothing && version === undefined && { announcesNothing }),
      ...(fails && { listenersFailEvery: LISTENERS_FAIL_EVERY }),
    }
  })
}

/** In some runs beacons come more often or more rarely. `drawn`: numbers that nothing else is drawn from. */
function withBeacons(server: ServerSetup, drawn: readonly number[]): ServerSetup {
  const { livenessTimeoutMs = 0 } = server
  const intervals = BEACON_INTERVALS_MS.filter((each = 0) => livenessTimeoutMs === 0 || livenessTimeoutMs >= 3 * each)
  const beaconIntervalMs = new NumberSource(drawn).pick(intervals)
  return beaconIntervalMs === undefined ? server : { ...server, beaconIntervalMs }
}

/** In some runs the last client is another tab of the first one. `drawn`: numbers that nothing else is drawn from. */
function withTab(clients: ClientSetup[], drawn: readonly number[]): ClientSetup[] {
  const source = new NumberSource(drawn)
  const [first, ...rest] = clients
  const last = rest.pop()
  if (first === undefined || last === undefined || source.below(TAB_IN) !== 0) return clients
  return [
    first,
    ...rest,
    {
      ...inVersionOf(last, first),
      name: `${first.name}-tab0`,
      app: first.app,
      tabOf: first.name,
      startAtMs: source.pick([0, 0, 100, 2_000, 8_000]),
    },
  ]
}

/** Two tabs of one page have the same schema. */
function inVersionOf(client: ClientSetup, { version }: ClientSetup): ClientSetup {
  const { version: _own, ...rest } = client
  return version === undefined ? rest : { ...rest, version }
}
