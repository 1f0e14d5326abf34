/** One run of a campaign at wire level: the same scenario as in any other, on real adapters and libraries. */
import { firstTraceDifference, type TraceDifference, type TraceRecord, type World } from '../../sim/index.ts'
import { runScenarioOnWire } from '../runner/run-on-wire.ts'
import type { Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { scenarioOfRun, summaryOf, type RunSummary, type Subject } from './make-run.ts'

/** As `makeRun`. */
export async function makeRunOnWire(
  campaignSeed: number,
  run: number,
  subject: Subject,
  { twice }: { readonly twice: boolean },
): Promise<RunSummary> {
  const { apps } = subject
  const scenario = scenarioOfRun(campaignSeed, run, subject)
  const result = await runScenarioOnWire(scenario, { apps })
  const again = twice ? (await runScenarioOnWire(scenario, { apps })).fingerprint : result.fingerprint
  return summaryOf(run, result, again)
}

/** As `compareTwoRuns`. */
export async function compareTwoRunsOnWire(
  scenario: Scenario,
  apps: readonly SimulatedApp[],
): Promise<TraceDifference | undefined> {
  return firstTraceDifference(await recordsOf(scenario, apps), await recordsOf(scenario, apps))
}

async function recordsOf(scenario: Scenario, apps: readonly SimulatedApp[]): Promise<readonly TraceRecord[]> {
  const worlds: World[] = []
  await runScenarioOnWire(scenario, { apps, storage: 'all', onWorld: (world) => worlds.push(world) })
  return worlds[0]?.ground.trace.records ?? []
}
