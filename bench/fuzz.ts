/**
 * The fuzzer at its default size: four clients, the reference apps, thirty simulated seconds a run. The first runs are not
 * counted: V8 takes some hundreds of them to compile everything.
 */
import { referenceApps } from '../scenarios/apps/bots.ts'
import { runCampaign } from '../scenarios/fuzz/campaign.ts'
import { best, costOf, median, type Benchmark } from './benchmark.ts'
import { bareQueueRate } from './sim-network.ts'

const CLIENTS = 4
const WARM_UP_RUNS = 500
const RUNS = 150
const ROUNDS = 5

export const fuzz: Benchmark = {
  name: 'fuzz',
  about: 'the fuzzer at its default size, on one core',
  async run() {
    const apps = referenceApps(100)
    runCampaign({ seed: 1, runs: WARM_UP_RUNS, apps })
    const rates: number[] = []
    const ofCpu: number[] = []
    let simulatedSeconds = 0
    let messages = 0
    for (let round = 0; round < ROUNDS; round++) {
      const { wallMs, cpuMs } = await costOf(() => {
        const result = runCampaign({ seed: 2 + round, runs: RUNS, apps })
        if (!result.held) throw new Error(`seed ${result.seed}: ${result.failure?.message}`)
        simulatedSeconds += result.simulatedSeconds
        messages += result.messages
      })
      rates.push((RUNS / wallMs) * 1000)
      ofCpu.push((RUNS / cpuMs) * 1000)
    }
    const runs = best(rates)
    const secondsOfRun = simulatedSeconds / (RUNS * ROUNDS)
    const messagesOfRun = messages / (RUNS * ROUNDS)
    const queue = bareQueueRate()
    return [
      { what: 'runs', value: runs, unit: 'runs/s', goal: 200 },
      { what: 'the same, median of the rounds', value: median(rates), unit: 'runs/s' },
      { what: 'the same, of processor time', value: best(ofCpu), unit: 'runs/s' },
      { what: 'simulated time of a run', value: secondsOfRun, unit: 's', goal: 30 },
      { what: 'messages of a run', value: messagesOfRun, unit: 'messages' },
      { what: 'simulated time', value: runs * secondsOfRun, unit: 's/s' },
      { what: 'client-seconds', value: runs * secondsOfRun * CLIENTS, unit: 's/s', goal: 20_000 },
      {
        what: 'messages, watched and judged',
        value: runs * messagesOfRun,
        unit: 'messages/s',
        ratio: { value: (runs * messagesOfRun) / queue, to: 'the bare event queue' },
      },
    ]
  },
}
