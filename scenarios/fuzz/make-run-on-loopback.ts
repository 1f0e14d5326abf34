/**
 * The runs of a campaign on real sockets: the same scenarios as in any other. Two runs are never the same to the
 * microsecond there, so none is made twice, and what has broken once counts as broken whatever comes of it afterwards.
 */
import { notOnLoopback, runScenarioOnLoopback } from '../runner/run-on-loopback.ts'
import type { RunResult } from '../runner/run-result.ts'
import type { Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { scenarioOfRun, summaryOf, type RunSummary, type Subject } from './make-run.ts'

export class LoopbackRuns {
  readonly #leftOut = new Map<string, number>()
  /** The last result of a run that broke. */
  #broken: RunResult | undefined

  /** What could not come true on real sockets, and in how many runs. */
  get leftOut(): ReadonlyMap<string, number> {
    return this.#leftOut
  }

  async makeRun(campaignSeed: number, run: number, subject: Subject): Promise<RunSummary> {
    const scenario = scenarioOfRun(campaignSeed, run, subject)
    for (const what of notOnLoopback(scenario)) this.#leftOut.set(what, (this.#leftOut.get(what) ?? 0) + 1)
    const result = await this.#run(scenario, subject.apps)
    return summaryOf(run, result, result.fingerprint)
  }

  async runScenario(scenario: Scenario, apps: readonly SimulatedApp[]): Promise<RunResult> {
    const before = this.#broken
    const result = await this.#run(scenario, apps)
    const hasBroken = before !== undefined && JSON.stringify(before.scenario) === JSON.stringify(scenario)
    return hasBroken && result.failure?.invariant !== before.failure?.invariant ? before : result
  }

  compareTwoRuns(): undefined {
    return undefined
  }

  async #run(scenario: Scenario, apps: readonly SimulatedApp[]): Promise<RunResult> {
    const result = await runScenarioOnLoopback(scenario, { apps })
    if (!result.held) this.#broken = result
    return result
  }
}
