/**
 * Runs a scenario whose clients' programs use promises, on the message network: the same as `runScenario`, but for the
 * wait after each event that ran in such a program, and with it that the result has to be waited for.
 */
import { runDrainingWorld } from '../worlds/run-draining-world.ts'
import type { Scenario } from '../scenario.ts'
import { driveRun } from './drive-run.ts'
import type { RunOptions, RunResult } from './run-result.ts'
import { ScenarioRun } from './run-scenario.ts'

export interface DrainingScenarioOptions extends RunOptions {
  /** For tests: wait after every event. It must make no difference. Default: after those that need it. */
  readonly drains?: 'needed' | 'always'
}

/** Runs `scenario`. Rejects with `bad_option` where it names an app or a host that does not exist. */
export async function runScenarioDraining(scenario: Scenario, options: DrainingScenarioOptions): Promise<RunResult> {
  const run = new ScenarioRun(scenario, { ...options, promises: true })
  const drainsAlways = options.drains === 'always'
  return await driveRun(run, (ms) => {
    const { world } = run
    return runDrainingWorld(world, { untilUs: world.ground.queue.nowUs + Math.round(ms * 1000), drainsAlways })
  })
}
