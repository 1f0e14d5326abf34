/** One run of a campaign, and what of it the campaign needs: plain data, which a worker thread can send. */
import { firstTraceDifference, type TraceDifference, type World } from '../../sim/index.ts'
import type { RunResult } from '../runner/run-result.ts'
import { runScenario } from '../runner/run-scenario.ts'
import type { Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { drawScenario } from './draw-scenario.ts'
import { runSeed } from './run-seed.ts'

export interface RunSummary {
  /** Its number in the campaign, from 0. */
  readonly run: number
  readonly fingerprint: string
  readonly simulatedSeconds: number
  readonly messages: number
  readonly invariants: ReadonlyMap<string, number>
  readonly goals: ReadonlyMap<string, number>
  /** Which invariant broke, if one did. */
  readonly broken: string | undefined
  /** The fingerprint of the same run, made again, where that came out differently. */
  readonly otherFingerprint: string | undefined
}

/** Makes run `run` of the campaign with `campaignSeed`; twice, where `twice` is set. */
export function makeRun(
  campaignSeed: number,
  run: number,
  apps: readonly SimulatedApp[],
  { twice }: { readonly twice: boolean },
): RunSummary {
  const scenario = scenarioOfRun(campaignSeed, run, apps)
  const result = runScenario(scenario, { apps })
  const again = twice ? runScenario(scenario, { apps }).fingerprint : result.fingerprint
  return summaryOf(run, result, again)
}

/** `again`: the fingerprint of the same run, made again. */
export function summaryOf(run: number, result: RunResult, again: string): RunSummary {
  return {
    run,
    fingerprint: result.fingerprint,
    simulatedSeconds: result.simulatedSeconds,
    messages: result.messages,
    invariants: result.invariants,
    goals: result.goals,
    broken: result.failure?.invariant,
    otherFingerprint: again === result.fingerprint ? undefined : again,
  }
}

export function scenarioOfRun(campaignSeed: number, run: number, apps: readonly SimulatedApp[]): Scenario {
  return drawScenario(runSeed(campaignSeed, run), { apps: apps.map(({ app }) => app.name) })
}

/** Runs `scenario` twice and compares event by event. Undefined: they were the same. */
export function compareTwoRuns(scenario: Scenario, apps: readonly SimulatedApp[]): TraceDifference | undefined {
  const [first, second] = [0, 1].map(() => {
    let world: World | undefined
    const result: RunResult = runScenario(scenario, { apps, storage: 'all', onWorld: (made) => (world = made) })
    return { result, records: world?.ground.trace.records ?? [] }
  })
  return firstTraceDifference(first?.records ?? [], second?.records ?? [])
}
