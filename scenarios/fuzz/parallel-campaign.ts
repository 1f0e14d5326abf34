/**
 * The same campaign over several threads. Runs are handed out in batches and taken in by their numbers, so whatever
 * the number of threads is, the result is the same, seed by seed.
 *
 * Each thread loads the apps itself, because a zone's handlers cannot be sent to it.
 */
import type { SimulatedApp } from '../simulated-app.ts'
import { Campaign, isMadeTwice, runNumbers, type CampaignResult } from './campaign.ts'
import { makeRun, type RunSummary } from './make-run.ts'
import { explain, onMessages, type PatientCampaignOptions } from './patient-campaign.ts'

export interface ParallelCampaignOptions extends PatientCampaignOptions {
  /** How many batches may be under way at a time. */
  readonly jobs: number
  /** Makes the runs of a batch in another thread. */
  readonly makeBatch: (batch: Batch) => Promise<readonly RunSummary[]>
}

export interface Batch {
  readonly seed: number
  readonly runs: readonly BatchRun[]
}

export interface BatchRun {
  readonly run: number
  readonly twice: boolean
}

/** Large enough that handing it out costs nothing, small enough that a failure does not wait for long. */
const BATCH_RUNS = 20

export async function runParallelCampaign(options: ParallelCampaignOptions): Promise<CampaignResult> {
  const { seed, jobs, makeBatch, mayContinue = () => true } = options
  const campaign = new Campaign(options)
  const numbers = runNumbers(options)
  const underWay: Promise<readonly RunSummary[]>[] = []
  const handOut = (): void => {
    const runs: BatchRun[] = []
    while (runs.length < BATCH_RUNS) {
      const next: IteratorResult<number, void> = numbers.next()
      if (next.done === true) break
      runs.push({ run: next.value, twice: isMadeTwice(options, next.value) })
    }
    if (runs.length > 0) underWay.push(makeBatch({ seed, runs }))
  }
  // Twice as many as there are threads, so that none waits while the oldest is taken in.
  for (let count = 0; count < 2 * jobs; count++) handOut()
  for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) {
    const summaries = await next
    const last = summaries.find((summary) => !campaign.add(summary))
    if (last !== undefined) {
      await explain(campaign, last, options, onMessages)
      break
    }
    if (mayContinue()) handOut()
  }
  // What is still under way comes too late to count; a thread that fails now has nothing left to say.
  await Promise.allSettled(underWay)
  return campaign.result()
}

/** For the thread. */
export function makeRuns({ seed, runs }: Batch, apps: readonly SimulatedApp[]): readonly RunSummary[] {
  return runs.map(({ run, twice }) => makeRun(seed, run, apps, { twice }))
}
