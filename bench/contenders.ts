/** Servers that are put under the same load in turns, so that a machine that is busy for a while is unfair to none. */
import { best, median, type Figure } from './benchmark.ts'
import type { Load, LoadPlan, LoadResult } from './load.ts'

export interface Contender {
  readonly name: string
  readonly needsSession: boolean
  /** The server has a process of its own, whose processor time nobody measures. */
  readonly isElsewhere?: boolean
  start(): Promise<{ readonly address: string; stop(): void }>
  /** What is wanted of its ratio to the first one. */
  readonly goal?: number
}

const ROUNDS = 5
const WARM_UP_MS = 200
const MEASURED_MS = 600

/** The first contender is what the others are compared with. */
export async function compare(
  load: Load,
  traffic: Pick<LoadPlan, 'pattern' | 'clients' | 'inFlight'>,
  contenders: readonly Contender[],
): Promise<readonly Figure[]> {
  const results = new Map<Contender, LoadResult[]>(contenders.map((each) => [each, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [contender, ofIt] of results) {
      const { address, stop } = await contender.start()
      const { needsSession } = contender
      ofIt.push(await load.run({ ...traffic, address, needsSession, warmUpMs: WARM_UP_MS, measuredMs: MEASURED_MS }))
      stop()
    }
  }
  const [reference] = results.keys()
  if (reference === undefined) return []
  return contenders.flatMap((contender): Figure[] => {
    const ofIt = results.get(contender) ?? []
    const ofReference = results.get(reference) ?? []
    const ratio = (of: (result: LoadResult) => number): Figure['ratio'] =>
      contender === reference ? undefined : { value: medianRatio(ofIt, ofReference, of), to: reference.name }
    const rates = {
      what: `${traffic.pattern} to ${traffic.clients}, ${contender.name}`,
      value: best(ofIt.map(({ messagesPerSecond }) => messagesPerSecond)),
      unit: 'messages/s',
      ratio: withGoal(
        ratio(({ messagesPerSecond }) => messagesPerSecond),
        contender.goal,
      ),
    }
    if (contender.isElsewhere === true) return [rates]
    const costs = {
      what: `  its processor time`,
      value: -best(ofIt.map(({ serverCpuUs }) => -serverCpuUs)),
      unit: 'µs a message',
      ratio: reference.isElsewhere === true ? undefined : ratio(({ serverCpuUs }) => serverCpuUs),
    }
    return [rates, costs]
  })
}

/** Of rounds that were next to each other in time, so that both had about the same machine. */
function medianRatio(
  those: readonly LoadResult[],
  others: readonly LoadResult[],
  of: (result: LoadResult) => number,
): number {
  return median(those.flatMap((that, round) => (others[round] === undefined ? [] : [of(that) / of(others[round])])))
}

function withGoal(ratio: Figure['ratio'], goal: number | undefined): Figure['ratio'] {
  return ratio === undefined ? undefined : { ...ratio, goal }
}
