/**
 * The same campaign over several threads. Runs are handed out in batches and taken in by their numbers, so whatever
 * the number of threads is, the result is the same, seed by seed.
 *
 * Each thread loads the apps itself, because a zone's handlers cannot be sent to it.
 */
import type { Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { Campaign, isMadeTwice, runNumbers, type CampaignResult } from './campaign.ts'
import type { RunSummary, Subject } from './make-run.ts'
import { explain, simulatedNetworks, type PatientCampaignOptions, type SimulatedNetwork } from './patient-campaign.ts'

export interface ParallelCampaignOptions extends PatientCampaignOptions {
  /** How many batches may be under way at a time. */
  readonly jobs: number
  /** Default: `message`. */
  readonly network?: SimulatedNetwork
  /** Makes the runs of a batch in another thread; rejects where that thread died. */
  readonly makeBatch: (batch: Batch) => Promise<BatchResult>
}

export interface Batch {
  readonly network: SimulatedNetwork
  readonly seed: number
  readonly runs: readonly BatchRun[]
  readonly around?: Scenario
}

export interface BatchRun {
  readonly run: number
  readonly twice: boolean
}

export interface BatchResult {
  /** In their order. */
  readonly summaries: readonly RunSummary[]
  /** The next run did not come to its end but threw this, a stack; those after it were not made. */
  readonly threw: string | undefined
}

/** Large enough that handing it out costs nothing, small enough that a failure does not wait for long. */
const BATCH_RUNS = { message: 20, wire: 2 }

export async function runParallelCampaign(options: ParallelCampaignOptions): Promise<CampaignResult> {
  const { seed, around, jobs, network = 'message', makeBatch, mayContinue = () => true } = options
  const campaign = new Campaign(options)
  const numbers = runNumbers(options)
  const underWay: Promise<BatchResult>[] = []
  const handOut = (): void => {
    const runs: BatchRun[] = []
    while (runs.length < BATCH_RUNS[network]) {
      const next: IteratorResult<number, void> = numbers.next()
      if (next.done === true) break
      runs.push({ run: next.value, twice: isMadeTwice(options, next.value) })
    }
    if (runs.length === 0) return
    const made = makeBatch({ network, seed, runs, ...(around !== undefined && { around }) })
    // Awaited when its turn comes; until then that it failed is nobody's fault.
    made.catch(() => {})
    underWay.push(made)
  }
  // Twice as many as there are threads, so that none waits while the oldest is taken in.
  for (let count = 0; count < 2 * jobs; count++) handOut()
  for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) {
    const { summaries, threw } = await next
    const last = summaries.find((summary) => !campaign.add(summary))
    if (last !== undefined) {
      await explain(campaign, last, options, simulatedNetworks[network])
      break
    }
    if (threw !== undefined) throw new RunThrew(threw)
    if (mayContinue()) handOut()
  }
  // What is still under way comes too late to count; a thread that fails now has nothing left to say.
  await Promise.allSettled(underWay)
  return campaign.result()
}

/** For the thread. */
export async function makeRuns(
  { network, seed, runs, around }: Batch,
  apps: readonly SimulatedApp[],
): Promise<BatchResult> {
  const subject: Subject = around === undefined ? { apps } : { apps, around }
  const summaries: RunSummary[] = []
  try {
    for (const { run, twice } of runs) {
      summaries.push(await simulatedNetworks[network].makeRun(seed, run, subject, { twice }))
    }
  } catch (error) {
    return { summaries, threw: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
  return { summaries, threw: undefined }
}

/** What a run threw in another thread. */
class RunThrew extends Error {
  override readonly name = 'RunThrew'

  constructor(stack: string) {
    super('a run threw in another thread')
    this.stack = stack
  }
}
