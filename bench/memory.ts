/**
 * Whether a long campaign keeps its memory: the heap after a full collection and the resident set, measured every so
 * many runs. `npm run bench -- memory --runs=100000` takes a quarter of an hour; by default it is a glimpse.
 */
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { simulatedArena, simulatedChat } from '../scenarios/apps/bots.ts'
import { Campaign, isMadeTwice } from '../scenarios/fuzz/campaign.ts'
import { makeRun } from '../scenarios/fuzz/make-run.ts'
import type { Benchmark } from './benchmark.ts'

const RUNS_DEFAULT = 2_000
const SAMPLES = 20
/** What is compiled and cached once has been by then. */
const WARM_UP_SHARE = 0.25

interface Sample {
  readonly runs: number
  readonly heapMiB: number
  readonly residentMiB: number
}

export const memory: Benchmark = {
  name: 'memory',
  about: 'the memory of a campaign, run after run on one core (--runs=N)',
  run() {
    const runs = runsAsked()
    const samples = measure(runs)
    const settled = samples.filter((sample) => sample.runs >= runs * WARM_UP_SHARE)
    const last = samples.at(-1)
    const [first] = settled
    if (first === undefined || last === undefined) throw new Error('too few runs')
    const per = (last.runs - first.runs) / 1000
    return [
      { what: `heap after ${first.runs} runs`, value: first.heapMiB, unit: 'MiB' },
      { what: `heap after ${last.runs} runs`, value: last.heapMiB, unit: 'MiB' },
      { what: 'resident set at most', value: Math.max(...samples.map((s) => s.residentMiB)), unit: 'MiB' },
      {
        what: 'growth of the heap',
        value: ((last.heapMiB - first.heapMiB) / per) * 1024,
        unit: 'KiB/1,000 runs',
        goal: 0,
      },
    ]
  },
}

function measure(runs: number): readonly Sample[] {
  const apps = [simulatedChat, simulatedArena(100)]
  const options = { seed: 1, runs, apps }
  const campaign = new Campaign(options)
  const every = Math.max(1, Math.floor(runs / SAMPLES))
  const samples: Sample[] = []
  for (let run = 0; run < runs; run++) {
    // Whether it holds is asked elsewhere.
    campaign.add(makeRun(options.seed, run, { apps }, { twice: isMadeTwice(options, run) }))
    if ((run + 1) % every === 0) samples.push(takeSample(run + 1))
  }
  return samples
}

function takeSample(runs: number): Sample {
  collectGarbage()
  const { heapUsed, rss } = process.memoryUsage()
  const sample = { runs, heapMiB: heapUsed / 2 ** 20, residentMiB: rss / 2 ** 20 }
  const [heap, resident] = [sample.heapMiB.toFixed(2), sample.residentMiB.toFixed(0)]
  console.error(`  after ${runs} runs: heap ${heap} MiB, resident ${resident} MiB`)
  return sample
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

function runsAsked(): number {
  const word = process.argv.find((each) => each.startsWith('--runs='))
  const runs = word === undefined ? RUNS_DEFAULT : Number(word.slice('--runs='.length))
  if (Number.isInteger(runs) && runs >= SAMPLES) return runs
  throw new Error(`--runs=N: a whole number of ${SAMPLES} or more`)
}
