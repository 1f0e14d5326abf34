/** Servers that are put under the same load in turns, so that a machine that is busy for a while is unfair to none. */
import { best, type Figure } from './benchmark.ts'
import type { Load, LoadPlan, LoadResult } from './load.ts'

export interface Contender {
  readonly name: string
  readonly needsSession: boolean
  start(): Promise<{ readonly address: string; stop(): void }>
  /** What is wanted of its ratio to the first one. */
  readonly goal?: number
}

const ROUNDS = 3
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
  const summaries = [...results].map(([contender, ofIt]) => ({
    contender,
    rate: best(ofIt.map(({ messagesPerSecond }) => messagesPerSecond)),
    cpuUs: -best(ofIt.map(({ serverCpuUs }) => -serverCpuUs)),
  }))
  const [reference] = summaries
  if (reference === undefined) return []
  return summaries.flatMap(({ contender, rate, cpuUs }): Figure[] => {
    const what = `${traffic.pattern} to ${traffic.clients}, ${contender.name}`
    const to = reference.contender.name
    const isReference = contender === reference.contender
    return [
      {
        what,
        value: rate,
        unit: 'messages/s',
        ratio: isReference ? undefined : { value: rate / reference.rate, to, goal: contender.goal },
      },
      {
        what: `  its processor time`,
        value: cpuUs,
        unit: 'µs a message',
        ratio: isReference ? undefined : { value: cpuUs / reference.cpuUs, to },
      },
    ]
  })
}
