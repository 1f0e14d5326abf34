/**
 * Makes a failing scenario small: fewer clients, fewer steps, fewer and shorter faults, simpler links and timeouts,
 * earlier times, as long as the *same* invariant still breaks. Greedy: whatever is smaller and still fails is kept,
 * until nothing smaller fails.
 */
import { DEFAULT_LINK, type ClientSetup, type Scenario, type ServerSetup, type Step } from '../scenario.ts'

export interface ShrinkOptions {
  /** Whether a scenario still breaks the same invariant. */
  readonly fails: (scenario: Scenario) => boolean
  /** Asked before each try; false ends the search with what has been found so far. */
  readonly mayContinue?: () => boolean
}

export interface Shrunk {
  readonly scenario: Scenario
  /** Scenarios that were run. */
  readonly tries: number
}

export function shrinkScenario(scenario: Scenario, { fails, ...options }: ShrinkOptions): Shrunk {
  const search = shrinking(scenario, options)
  let step = search.next()
  while (step.done !== true) step = search.next(fails(step.value))
  return step.value
}

/** The search by itself: yields what is to be tried next, and is told whether that still fails. */
export function* shrinking(
  scenario: Scenario,
  { mayContinue = () => true }: Omit<ShrinkOptions, 'fails'>,
): Generator<Scenario, Shrunk, boolean> {
  let best = scenario
  let tries = 0
  let hasImproved = true
  while (hasImproved) {
    hasImproved = false
    for (const candidatesOf of PASSES) {
      // A pass is taken up again from the improved scenario, at the place where it was.
      let position = 0
      for (;;) {
        const candidate = candidatesOf(best)[position]
        if (candidate === undefined) break
        if (!mayContinue()) return { scenario: best, tries }
        tries++
        if (yield candidate) {
          best = candidate
          hasImproved = true
        } else {
          position++
        }
      }
    }
  }
  return { scenario: best, tries }
}

type Pass = (scenario: Scenario) => readonly Scenario[]

const PASSES: readonly Pass[] = [
  withoutClients,
  withoutChunks(8),
  withoutChunks(4),
  withoutChunks(2),
  withoutChunks(1),
  withoutMembersOfFaults,
  simplerClients,
  simplerServer,
  shorterRun,
  shorterFaults,
  earlierSteps,
  rounderTimes,
]

function withoutClients(scenario: Scenario): Scenario[] {
  if (scenario.clients.length === 1) return []
  return scenario.clients.map(({ name }) => ({
    ...scenario,
    clients: scenario.clients.filter((client) => client.name !== name),
    steps: scenario.steps.flatMap((step) => withoutClient(step, name)),
  }))
}

/** The step for the others, if it means anything to them. */
function withoutClient(step: Step, name: string): readonly Step[] {
  if ('client' in step && step.client === name) return []
  if ('host' in step && step.host === name) return []
  if (!('clients' in step)) return [step]
  const clients = step.clients.filter((client) => client !== name)
  return clients.length === 0 ? [] : [{ ...step, clients }]
}

function withoutChunks(size: number): Pass {
  return (scenario) => {
    const { steps } = scenario
    if (steps.length < size) return []
    return Array.from({ length: Math.ceil(steps.length / size) }, (_, index) => ({
      ...scenario,
      steps: [...steps.slice(0, index * size), ...steps.slice((index + 1) * size)],
    }))
  }
}

/** Any two steps together: where one only undoes the other, neither goes alone. */
function withoutMembersOfFaults(scenario: Scenario): Scenario[] {
  const { steps } = scenario
  if (steps.length > 12) return []
  const candidates: Scenario[] = []
  for (let first = 0; first < steps.length; first++) {
    for (let second = first + 1; second < steps.length; second++) {
      candidates.push({ ...scenario, steps: steps.filter((_, index) => index !== first && index !== second) })
    }
  }
  return candidates
}

function simplerClients(scenario: Scenario): Scenario[] {
  return scenario.clients.flatMap((client, index) =>
    simplerClient(client).map((simpler) => ({
      ...scenario,
      clients: scenario.clients.map((each, at) => (at === index ? simpler : each)),
    })),
  )
}

function simplerClient(client: ClientSetup): ClientSetup[] {
  const { link, downlink: _downlink, startAtMs, actEveryMs, driftPpm: _drift, ...plain } = client
  const simpler: ClientSetup[] = []
  if (link !== undefined) {
    simpler.push(without(client, 'link'))
    const { delayMs = DEFAULT_LINK.delayMs ?? 20, ...troubles } = link
    for (const trouble of Object.keys(troubles)) {
      simpler.push({ ...client, link: { delayMs, ...without(troubles, trouble as keyof typeof troubles) } })
    }
  }
  if (client.preset !== undefined) simpler.push(without(client, 'preset'))
  if (client.downlink !== undefined) simpler.push(without(client, 'downlink'))
  if (client.driftPpm !== undefined) simpler.push(without(client, 'driftPpm'))
  if (startAtMs !== undefined) simpler.push(without(client, 'startAtMs'))
  if (actEveryMs !== undefined && actEveryMs !== 0) simpler.push({ ...client, actEveryMs: 0 })
  if (plain.transport === 'enet') simpler.push({ ...client, transport: 'websocket' })
  return simpler
}

function simplerServer(scenario: Scenario): Scenario[] {
  const { server } = scenario
  const candidates: ServerSetup[] = []
  if (server.disconnectTimeoutMs !== undefined) candidates.push(without(server, 'disconnectTimeoutMs'))
  if (server.livenessTimeoutMs !== undefined) candidates.push(without(server, 'livenessTimeoutMs'))
  if (server.bufferBytes !== undefined) candidates.push(without(server, 'bufferBytes'))
  if (server.sessionsMax !== undefined) candidates.push(without(server, 'sessionsMax'))
  if (server.messagesPerSecondMax !== undefined) candidates.push(without(server, 'messagesPerSecondMax'))
  if (server.timersLateMs !== undefined) candidates.push(without(server, 'timersLateMs'))
  if (server.closesLateMs !== undefined) candidates.push(without(server, 'closesLateMs'))
  if (server.tickMs !== undefined) candidates.push(without(server, 'tickMs'))
  return candidates.map((simpler) => ({ ...scenario, server: simpler }))
}

function shorterRun(scenario: Scenario): Scenario[] {
  const lastMs = Math.max(0, ...scenario.steps.map(({ atMs }) => atMs))
  const candidates = [lastMs + 1, lastMs + 1_000, lastMs + 5_000, Math.floor(scenario.durationMs / 2)]
  return candidates
    .filter((durationMs) => durationMs > lastMs && durationMs < scenario.durationMs)
    .map((durationMs) => ({ ...scenario, durationMs }))
}

function shorterFaults(scenario: Scenario): Scenario[] {
  return replacing(scenario, (step) => {
    if (!('forMs' in step)) return []
    return [100, 1_000, Math.floor(step.forMs / 2)]
      .filter((forMs) => forMs < step.forMs)
      .map((forMs) => ({ ...step, forMs }))
  })
}

function earlierSteps(scenario: Scenario): Scenario[] {
  const firstMs = scenario.steps[0]?.atMs ?? 0
  const together = [firstMs - 500, Math.floor(firstMs / 2)].filter((byMs) => byMs > 0)
  return together.map((byMs) => ({
    ...scenario,
    durationMs: scenario.durationMs - byMs,
    steps: scenario.steps.map((step) => ({ ...step, atMs: step.atMs - byMs })),
  }))
}

function rounderTimes(scenario: Scenario): Scenario[] {
  return replacing(scenario, (step) =>
    [1_000, 100, 10]
      .map((unit) => Math.round(step.atMs / unit) * unit)
      .filter((atMs) => atMs !== step.atMs && atMs < scenario.durationMs)
      .map((atMs) => ({ ...step, atMs })),
  )
}

/** Each step in turn replaced by each of its variants, in the order of time. */
function replacing(scenario: Scenario, variantsOf: (step: Step) => readonly Step[]): Scenario[] {
  return scenario.steps.flatMap((step, index) =>
    variantsOf(step).map((variant) => {
      const steps = scenario.steps.map((each, at) => (at === index ? variant : each))
      return { ...scenario, steps: steps.sort((a, b) => a.atMs - b.atMs) }
    }),
  )
}

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _removed, ...rest } = value
  return rest
}
