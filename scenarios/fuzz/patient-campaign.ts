/**
 * The same campaign, made by something that may take its time: a network whose runs are asynchronous, or a program that
 * wants to hear signals and draw its progress between two runs.
 */
import type { RunResult } from '../runner/run-result.ts'
import { runScenarioOnWire } from '../runner/run-on-wire.ts'
import { runScenarioPatiently, RunStopped } from '../runner/run-patiently.ts'
import { runOnMessages } from '../runner/run-on-messages.ts'
import type { Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { Campaign, isMadeTwice, runNumbers, type CampaignOptions, type CampaignResult } from './campaign.ts'
import { compareTwoRunsOnWire, makeRunOnWire } from './make-run-on-wire.ts'
import {
  compareRunsOnMessages,
  compareTwoRuns,
  makeRunOnMessages,
  scenarioOfRun,
  summaryOf,
  type RunDifference,
  type RunSummary,
  type Subject,
} from './make-run.ts'

export interface PatientCampaignOptions extends CampaignOptions {
  /** Awaited after each run, and after each try while a scenario is made small. Default: nothing. */
  readonly pause?: (() => Promise<void>) | undefined
}

/** How runs are made on one of the networks. */
export interface RunMaker {
  makeRun(
    seed: number,
    run: number,
    subject: Subject,
    how: { readonly twice: boolean },
  ): RunSummary | Promise<RunSummary>
  runScenario(scenario: Scenario, apps: readonly SimulatedApp[]): RunResult | Promise<RunResult>
  compareTwoRuns(
    scenario: Scenario,
    apps: readonly SimulatedApp[],
  ): RunDifference | undefined | Promise<RunDifference | undefined>
}

const onMessages: RunMaker = {
  makeRun: makeRunOnMessages,
  runScenario: (scenario, apps) => runOnMessages(scenario, { apps }),
  compareTwoRuns: compareRunsOnMessages,
}

const onWire: RunMaker = {
  makeRun: makeRunOnWire,
  runScenario: (scenario, apps) => runScenarioOnWire(scenario, { apps }),
  compareTwoRuns: compareTwoRunsOnWire,
}

/** The networks on which equal seeds give equal runs. */
export const simulatedNetworks = { message: onMessages, wire: onWire } as const
export type SimulatedNetwork = keyof typeof simulatedNetworks

/**
 * On the network of messages, with pauses within each run: for what may take long, such as recorded clients. `pause` gets
 * the virtual time (ms) of the run, and stops the campaign by throwing `RunStopped`.
 */
export function patientMessages(pause: (nowMs: number) => Promise<void>): RunMaker {
  const run = (scenario: Scenario, apps: readonly SimulatedApp[]): Promise<RunResult> =>
    runScenarioPatiently(scenario, { apps }, pause)
  return {
    async makeRun(campaignSeed, number, subject, { twice }) {
      const scenario = scenarioOfRun(campaignSeed, number, subject)
      const result = await run(scenario, subject.apps)
      const again = twice ? (await run(scenario, subject.apps)).fingerprint : result.fingerprint
      return summaryOf(number, result, again)
    },
    runScenario: run,
    compareTwoRuns,
  }
}

/** At wire level: the same scenarios as in any other campaign, on real adapters and libraries. */
export function runCampaignOnWire(options: CampaignOptions): Promise<CampaignResult> {
  return runPatientCampaign(options, onWire)
}

export async function runPatientCampaign(options: PatientCampaignOptions, maker: RunMaker): Promise<CampaignResult> {
  const campaign = new Campaign(options)
  try {
    await makeRuns(campaign, options, maker)
  } catch (error) {
    // The run, or the try to make its scenario small, that goes on then counts for nothing.
    if (!(error instanceof RunStopped)) throw error
  }
  return campaign.result()
}

async function makeRuns(campaign: Campaign, options: PatientCampaignOptions, maker: RunMaker): Promise<void> {
  const { seed, mayContinue = () => true, pause } = options
  for (const run of runNumbers(options)) {
    if (!mayContinue()) break
    const summary = await maker.makeRun(seed, run, options, { twice: isMadeTwice(options, run) })
    if (!campaign.add(summary)) {
      await explain(campaign, summary, options, maker)
      break
    }
    await pause?.()
  }
}

/** Finds out more about the run that ended a campaign. */
export async function explain(
  campaign: Campaign,
  { run, broken }: RunSummary,
  options: PatientCampaignOptions,
  maker: RunMaker,
): Promise<void> {
  const { seed, apps, pause } = options
  if (broken === undefined) {
    campaign.endAtDifference(run, await maker.compareTwoRuns(scenarioOfRun(seed, run, options), apps))
    return
  }
  const search = campaign.shrinking(run, broken)
  let step = search.next()
  while (step.done !== true) {
    const result = await maker.runScenario(step.value, apps)
    await pause?.()
    step = search.next(result)
  }
}
