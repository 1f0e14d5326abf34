/**
 * Makes a failing scenario small: fewer clients, fewer steps, fewer and shorter faults, simpler links and timeouts,
 * earlier times, as long as the *same* invariant still breaks. Greedy: whatever is smaller and still fails is kept,
 * until nothing smaller fails, or so many scenarios were tried. The limit is a number of tries, since a time would make
 * the result depend on the machine.
 *
 * A recording has thousands of steps: the largest pieces are tried first, and a candidate is made only when its turn has
 * come.
 */
import { DEFAULT_LINK, type ClientSetup, type Scenario, type ServerSetup, type Step } from '../scenario.ts'

/** Where no other number is given. */
export const SHRINK_TRIES = 1_000

export interface ShrinkOptions {
  /** Whether a scenario still breaks the same invariant. */
  readonly fails: (scenario: Scenario) => boolean
  /** Scenarios that are run at most. Default 1,000; 0: none; Infinity: until nothing smaller fails. */
  readonly triesMax?: number | undefined
  /** Asked before each try; false ends the search with what has been found so far. Default: always true. */
  readonly mayContinue?: () => boolean
}

export interface Shrunk {
  readonly scenario: Scenario
  /** Scenarios that were run. */
  readonly tries: number
  /** Nothing smaller fails that the search would try. False: it was given up before. */
  readonly isSmallest: boolean
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
  { triesMax = SHRINK_TRIES, mayContinue = () => true }: Omit<ShrinkOptions, 'fails'>,
): Generator<Scenario, Shrunk, boolean> {
  let best = scenario
  let tries = 0
  // The search ends once each pass in turn has found nothing in the same scenario.
  let inVain = 0
  for (let pass = 0; inVain < PASSES.length; pass = (pass + 1) % PASSES.length) {
    const candidatesOf: Pass = PASSES[pass] ?? nothing
    inVain++
    // A pass is taken up again from the improved scenario, at the place where it was.
    let position = 0
    for (;;) {
      const make: Candidate | undefined = candidatesOf(best)[position]
      if (make === undefined) break
      if (tries >= triesMax || !mayContinue()) return { scenario: best, tries, isSmallest: false }
      tries++
      const candidate: Scenario = make()
      if (yield candidate) {
        best = candidate
        inVain = 0
      } else {
        position++
      }
    }
  }
  return { scenario: best, tries, isSmallest: true }
}

function nothing(): readonly Candidate[] {
  return []
}

/** Makes what is to be tried. */
type Candidate = () => Scenario
type Pass = (scenario: Scenario) => readonly Candidate[]

/** Steps that go together, at least: a scenario of people or of the fuzzer has a few dozen. */
const CHUNKS = [8, 4, 2, 1]
const CHUNK_MAX = 65_536

const PASSES: readonly Pass[] = [
  withoutHistory,
  ...halvesDownFrom(CHUNK_MAX, 2).map(withoutClients),
  withoutClients(1),
  withoutWords,
  ...halvesDownFrom(CHUNK_MAX, 16).map((size) => withoutChunks(size, 2 * size)),
  shorterRun,
  ...CHUNKS.map((size) => withoutChunks(size, size)),
  withoutMembersOfFaults,
  simplerClients,
  simplerServer,
  shorterRun,
  shorterFaults,
  shorterGaps,
  earlierSteps,
  rounderTimes,
]

/** 65536, 32768, … down to `min`. */
function halvesDownFrom(max: number, min: number): readonly number[] {
  const sizes: number[] = []
  for (let size = max; size >= min; size /= 2) sizes.push(size)
  return sizes
}

/** Where the client is gone whose store it used, it has its own. */
function withoutStoreOf(gone: ReadonlySet<string>, client: ClientSetup): ClientSetup {
  if (client.tabOf === undefined || !gone.has(client.tabOf)) return client
  const { tabOf: _, ...alone } = client
  return alone
}

/** With other random values it may break as well. */
function withoutHistory(scenario: Scenario): Candidate[] {
  return scenario.history === undefined ? [] : [() => without(scenario, 'history')]
}

/** Without so many of its clients at a time; where there are hardly more, they go one by one. */
function withoutClients(size: number): Pass {
  return (scenario) => {
    const { clients } = scenario
    if (clients.length <= (size === 1 ? 1 : 2 * size)) return []
    return chunksOf(clients, size).map((chunk) => () => {
      const gone = new Set(chunk.map(({ name }) => name))
      return {
        ...scenario,
        clients: clients.flatMap((client) => (gone.has(client.name) ? [] : [withoutStoreOf(gone, client)])),
        steps: scenario.steps.flatMap((step) => withoutThese(step, gone)),
      }
    })
  }
}

/** The step for the others, if it means anything to them. */
function withoutThese(step: Step, gone: ReadonlySet<string>): readonly Step[] {
  if ('client' in step && gone.has(step.client)) return []
  if ('host' in step && gone.has(step.host)) return []
  if (!('clients' in step)) return [step]
  const clients = step.clients.filter((client) => !gone.has(client))
  return clients.length === 0 ? [] : [{ ...step, clients }]
}

/** Nobody says anything, or one client does not: most failures do not depend on what was said. */
function withoutWords(scenario: Scenario): Candidate[] {
  const { steps } = scenario
  const speakers = new Set(steps.flatMap((step) => (isWord(step) ? [step.client] : [])))
  const without = (isSilent: (client: string) => boolean) => (): Scenario => ({
    ...scenario,
    steps: steps.filter((step) => !(isWord(step) && isSilent(step.client))),
  })
  if (speakers.size === 0) return []
  return [without(() => true), ...[...speakers].map((speaker) => without((client) => client === speaker))]
}

function isWord(step: Step): step is Extract<Step, { do: 'send' | 'send_bytes' }> {
  return step.do === 'send' || step.do === 'send_bytes'
}

/** Of a scenario that has at least so many steps. */
function withoutChunks(size: number, stepsMin: number): Pass {
  return (scenario) => {
    const { steps } = scenario
    if (steps.length < stepsMin) return []
    return Array.from({ length: Math.ceil(steps.length / size) }, (_, index) => () => ({
      ...scenario,
      steps: [...steps.slice(0, index * size), ...steps.slice((index + 1) * size)],
    }))
  }
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

/** Any two steps together: where one only undoes the other, neither goes alone. */
function withoutMembersOfFaults(scenario: Scenario): Candidate[] {
  const { steps } = scenario
  if (steps.length > 12) return []
  const candidates: Candidate[] = []
  for (let first = 0; first < steps.length; first++) {
    for (let second = first + 1; second < steps.length; second++) {
      candidates.push(() => ({ ...scenario, steps: steps.filter((_, index) => index !== first && index !== second) }))
    }
  }
  return candidates
}

function simplerClients(scenario: Scenario): Candidate[] {
  return scenario.clients.flatMap((client, index) =>
    simplerClient(client).map((simpler) => () => ({
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
  if (client.version !== undefined) simpler.push(without(client, 'version'))
  if (client.announcesNothing !== undefined) simpler.push(without(client, 'announcesNothing'))
  if (client.listenersFailEvery !== undefined) simpler.push(without(client, 'listenersFailEvery'))
  if (client.driftPpm !== undefined) simpler.push(without(client, 'driftPpm'))
  if (startAtMs !== undefined) simpler.push(without(client, 'startAtMs'))
  if (actEveryMs !== 0 && client.scripted !== true && actEveryMs !== undefined)
    simpler.push({ ...client, actEveryMs: 0 })
  if (plain.transport === 'enet') simpler.push({ ...client, transport: 'websocket' })
  return simpler
}

function simplerServer(scenario: Scenario): Candidate[] {
  const { server } = scenario
  const settings = Object.keys(server) as (keyof ServerSetup)[]
  const candidates = settings.map((setting): ServerSetup => without(server, setting))
  return candidates.map((simpler) => () => ({ ...scenario, server: simpler }))
}

function shorterRun(scenario: Scenario): Candidate[] {
  const lastMs = scenario.steps.reduce((latest, { atMs }) => Math.max(latest, atMs), 0)
  const candidates = [lastMs + 1, lastMs + 1_000, lastMs + 5_000, Math.floor(scenario.durationMs / 2)]
  return candidates
    .filter((durationMs) => durationMs > lastMs && durationMs < scenario.durationMs)
    .map((durationMs) => () => ({ ...scenario, durationMs }))
}

function shorterFaults(scenario: Scenario): Candidate[] {
  return replacing(scenario, (step) => {
    if (!('forMs' in step)) return []
    return [100, 1_000, Math.floor(step.forMs / 2)]
      .filter((forMs) => forMs < step.forMs)
      .map((forMs) => ({ ...step, forMs }))
  })
}

/** A gap as long as this may matter, and a longer one hardly does. */
const GAP_MS = 1_000

/** Nothing happens for a while: for half of it, or a second, as well. */
function shorterGaps(scenario: Scenario): Candidate[] {
  const { durationMs } = scenario
  const steps = [...scenario.steps].sort((a, b) => a.atMs - b.atMs)
  return steps.flatMap(({ atMs }, index) => {
    const gapMs = atMs - (steps[index - 1]?.atMs ?? 0)
    if (gapMs <= GAP_MS) return []
    return [gapMs - GAP_MS, Math.floor(gapMs / 2)].map((byMs) => () => ({
      ...scenario,
      durationMs: durationMs - byMs,
      steps: steps.map((step, at) => (at < index ? step : { ...step, atMs: step.atMs - byMs })),
    }))
  })
}

function earlierSteps(scenario: Scenario): Candidate[] {
  const firstMs = scenario.steps[0]?.atMs ?? 0
  const together = [firstMs - 500, Math.floor(firstMs / 2)].filter((byMs) => byMs > 0)
  return together.map((byMs) => () => ({
    ...scenario,
    durationMs: scenario.durationMs - byMs,
    steps: scenario.steps.map((step) => ({ ...step, atMs: step.atMs - byMs })),
  }))
}

function rounderTimes(scenario: Scenario): Candidate[] {
  return replacing(scenario, (step) =>
    [1_000, 100, 10]
      .map((unit) => Math.round(step.atMs / unit) * unit)
      .filter((atMs) => atMs !== step.atMs && atMs < scenario.durationMs)
      .map((atMs) => ({ ...step, atMs })),
  )
}

/** Each step in turn replaced by each of its variants, in the order of time. */
function replacing(scenario: Scenario, variantsOf: (step: Step) => readonly Step[]): Candidate[] {
  return scenario.steps.flatMap((step, index) =>
    variantsOf(step).map((variant) => () => {
      const steps = scenario.steps.map((each, at) => (at === index ? variant : each))
      return { ...scenario, steps: steps.sort((a, b) => a.atMs - b.atMs) }
    }),
  )
}

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _removed, ...rest } = value
  return rest
}

/** Everything that the search would try first for this scenario, in its order; each is made when it is asked for. */
export function* smallerScenarios(scenario: Scenario): Generator<Scenario, void> {
  for (const pass of PASSES) for (const make of pass(scenario)) yield make()
}
