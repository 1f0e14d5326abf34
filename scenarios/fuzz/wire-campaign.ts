/** A fuzz campaign at wire level: the same scenarios as in any other, on real adapters and libraries. */
import { firstTraceDifference, type TraceDifference, type TraceRecord, type World } from '../../sim/index.ts'
import { runScenarioOnWire } from '../runner/run-on-wire.ts'
import type { Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import {
  Campaign,
  failureOf,
  isMadeTwice,
  runNumbers,
  type CampaignFailure,
  type CampaignOptions,
  type CampaignResult,
} from './campaign.ts'
import { scenarioOfRun, summaryOf, type RunSummary } from './make-run.ts'
import { shrinking } from './shrink.ts'

export async function runCampaignOnWire(options: CampaignOptions): Promise<CampaignResult> {
  const { seed, apps, mayContinue = () => true } = options
  const campaign = new Campaign(options)
  for (const run of runNumbers(options)) {
    if (!mayContinue()) break
    const summary = await makeRunOnWire(seed, run, apps, { twice: isMadeTwice(options, run) })
    if (campaign.count(summary)) continue
    await explain(campaign, summary, options)
    break
  }
  return campaign.result()
}

/** As `makeRun`. */
export async function makeRunOnWire(
  campaignSeed: number,
  run: number,
  apps: readonly SimulatedApp[],
  { twice }: { readonly twice: boolean },
): Promise<RunSummary> {
  const scenario = scenarioOfRun(campaignSeed, run, apps)
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

async function explain(campaign: Campaign, summary: RunSummary, options: CampaignOptions): Promise<void> {
  const { run, broken, fingerprint, otherFingerprint = '' } = summary
  if (broken !== undefined) {
    campaign.end({ failure: await shrink(campaign, run, broken, options) })
    return
  }
  const scenario = scenarioOfRun(options.seed, run, options.apps)
  const difference = await compareTwoRunsOnWire(scenario, options.apps)
  campaign.end({ nondeterminism: { run, scenario, fingerprints: [fingerprint, otherFingerprint], difference } })
}

async function shrink(
  campaign: Campaign,
  run: number,
  invariant: string,
  { seed, apps, mayShrink }: CampaignOptions,
): Promise<CampaignFailure> {
  const drawn = scenarioOfRun(seed, run, apps)
  const search = shrinking(drawn, { ...(mayShrink !== undefined && { mayContinue: mayShrink }) })
  let step = search.next()
  while (step.done !== true) {
    campaign.tell('shrinking')
    const { failure } = await runScenarioOnWire(step.value, { apps })
    step = search.next(failure?.invariant === invariant)
  }
  return failureOf(invariant, run, drawn, step.value, await runScenarioOnWire(step.value.scenario, { apps }))
}
