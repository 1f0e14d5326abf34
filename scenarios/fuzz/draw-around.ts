/**
 * Draws faults, links and times around a scenario that is there already, such as a recording: its clients stay, and what
 * they say and do, in its order. Each run's scenario comes from its own seed alone.
 */
import fc from 'fast-check'
import type { ClientSetup, Scenario, ServerSetup, Step, TransportChoice } from '../scenario.ts'
import { drawSteps, numbers, occurrence, OCCURRENCES_MAX, swarm, UNKINDNESS, type Occurrence } from './draw-scenario.ts'
import { LINKS } from './draw-clients.ts'
import type { Habits } from './fault-kind.ts'
import { NumberSource } from './number-source.ts'
import { FAULT_KINDS } from './faults.ts'

/** So many occurrences at most belong to so many ms of a scenario, and to a long one no more than these. */
const OCCURRENCES_PER_MS = OCCURRENCES_MAX / 25_000
const OCCURRENCES_AT_ALL = 60
const NUMBERS_FOR_RUN = 4
const NUMBERS_PER_CLIENT = 4
/** How much later (ms) than it did a client does everything. */
const DELAYS_MS: readonly number[] = [0, 0, 0, 0, 1, 13, 90, 400, 1_500]
/** An occurrence near a step is up to so much (ms) before or after it. */
const BEFORE_MS = 120
const AFTER_MS = 200

/** They decide what a client says or whether it stays, which is the scenario's own. */
const NOT_AROUND: ReadonlySet<string> = new Set([
  'end',
  'part_and_join',
  'join_and_lose',
  'join_and_go_over',
  'part_and_repeat_the_server',
  'misuse',
  'misuse_a_provisional_session',
  'misuse_a_closed_connection',
  'misuse_a_stopped_zone',
])
const KINDS = FAULT_KINDS.filter(({ name }) => !NOT_AROUND.has(name))
/** Whatever the server's buffers were, they were no smaller than what was said. */
const TIMES_UNKIND = UNKINDNESS.filter(({ bufferBytes }) => bufferBytes === undefined)

/** What the apps are like that it is about. */
export interface Surroundings extends Habits {
  /** A client that is to come over another one comes over its own. Default: the server is reached over both. */
  readonly transports?: ReadonlySet<TransportChoice>
}

/** The scenario of a run. Equal arguments give equal scenarios. */
export function drawAround(base: Scenario, seed: number, { transports, ...habits }: Surroundings): Scenario {
  const drawn = drawNumbers(base, seed)
  const source = new NumberSource(drawn.numbers)
  const server: ServerSetup = { ...base.server, ...source.pick(TIMES_UNKIND) }
  const delays = new Map(base.clients.map(({ name }) => [name, source.pick(DELAYS_MS)]))
  const clients = base.clients.map((client) => drawClient(client, delays.get(client.name) ?? 0, source))
  const ofBase = base.steps.map((step) => delayed(step, delays))
  const durationMs = base.durationMs + Math.max(0, ...delays.values())
  const isOn = FAULT_KINDS.map((_, index) => drawn.swarm[index] === 0)
  const chosen = KINDS.filter((kind) => isOn[FAULT_KINDS.indexOf(kind)])
  const kinds = chosen.length === 0 ? KINDS : chosen
  const faults: Step[] = []
  let lastMs = 0
  for (const each of drawn.occurrences) {
    lastMs = timeOf(each, lastMs, { clients, steps: ofBase, durationMs })
    const drawnSteps = drawSteps(each, lastMs, kinds, { ...habits, clients, server, unusual: [] })
    for (const step of drawnSteps) faults.push(overOneOf(transports, step))
  }
  const inTime = [...ofBase, ...faults].filter(({ atMs }) => atMs < durationMs)
  // A stable sort: what happens at the same time keeps its order.
  inTime.sort((a, b) => a.atMs - b.atMs)
  return {
    version: 1,
    name: `around-${base.name}-${seed}`,
    seed,
    durationMs,
    server,
    clients,
    steps: inTime,
    ...(base.history !== undefined && { history: base.history }),
  }
}

function overOneOf(transports: Surroundings['transports'], step: Step): Step {
  if (transports === undefined || step.do !== 'connect' || step.transport === undefined) return step
  const { transport, ...rest } = step
  return transports.has(transport) ? step : rest
}

interface DrawnNumbers {
  readonly swarm: readonly number[]
  readonly numbers: readonly number[]
  readonly occurrences: readonly Occurrence[]
}

function drawNumbers({ clients, durationMs }: Scenario, seed: number): DrawnNumbers {
  const most = Math.max(OCCURRENCES_MAX, Math.min(OCCURRENCES_AT_ALL, Math.round(durationMs * OCCURRENCES_PER_MS)))
  const setup = fc.record({
    swarm,
    numbers: numbers(NUMBERS_FOR_RUN + NUMBERS_PER_CLIENT * clients.length),
    occurrences: fc.array(occurrence, { minLength: 1, maxLength: most, size: 'max' }),
  })
  const [drawn] = fc.sample(setup, { seed: seed | 0, numRuns: 1 })
  if (drawn === undefined) throw new Error('fast-check drew nothing')
  return drawn
}

/** The network that it has, or another one. */
function drawClient(client: ClientSetup, delayMs: number, source: NumberSource): ClientSetup {
  const keepsLink = source.below(2) === 0
  const link = source.pick(LINKS)
  const { preset, link: own, downlink, startAtMs = 0, ...rest } = client
  const links = {
    ...(preset !== undefined && { preset }),
    ...(own !== undefined && { link: own }),
    ...(downlink !== undefined && { downlink }),
  }
  return {
    ...rest,
    ...(startAtMs + delayMs > 0 && { startAtMs: startAtMs + delayMs }),
    ...(keepsLink ? links : link !== undefined && { link }),
  }
}

function delayed(step: Step, delays: ReadonlyMap<string, number>): Step {
  const delayMs = 'client' in step ? (delays.get(step.client) ?? 0) : 0
  return delayMs === 0 ? step : { ...step, atMs: step.atMs + delayMs }
}

/** Close to the occurrence before it, near something that its client does, or anywhere. */
function timeOf(
  { isClose, at, client, numbers: [where = 0, which = 0] }: Occurrence,
  lastMs: number,
  { clients, steps, durationMs }: Pick<Scenario, 'clients' | 'steps' | 'durationMs'>,
): number {
  const latestMs = durationMs - 1
  if (isClose) return Math.min(lastMs + (at % 600), latestMs)
  const name = clients[client % clients.length]?.name
  const own = where % 4 === 0 ? [] : steps.filter((step) => 'client' in step && step.client === name)
  const near = own[which % Math.max(1, own.length)]
  if (near === undefined) return at % durationMs
  return Math.max(0, Math.min(near.atMs - BEFORE_MS + (at % (BEFORE_MS + AFTER_MS)), latestMs))
}
