/**
 * Runs a scenario with pauses, so that a program hears signals and draws its progress while a run goes on that takes long:
 * a recording may span days. The result is that of `runScenario`.
 */
import type { Scenario } from '../scenario.ts'
import { ScenarioRun } from './run-scenario.ts'
import type { RunOptions, RunResult } from './run-result.ts'

/** Thrown by a pause: nobody waits for the run any more. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped'
}

/** Virtual time (ms) between two pauses. */
const SLICE_MS = 1_000

/** `pause` gets the virtual time (ms) so far; what it throws comes out, and ends the run. */
export async function runScenarioPatiently(
  scenario: Scenario,
  options: RunOptions,
  pause: (nowMs: number) => Promise<void>,
): Promise<RunResult> {
  const run = new ScenarioRun(scenario, options)
  const phases = run.phases()
  try {
    let phase = phases.next()
    while (phase.done !== true) {
      const failure = await advance(phase.value)
      phase = failure === undefined ? phases.next() : phases.throw(failure.error)
    }
    return phase.value
  } finally {
    phases.return(undefined as never)
  }

  async function advance(ms: number): Promise<{ readonly error: unknown } | undefined> {
    for (let left = ms; left > 0 || left === ms; left -= SLICE_MS) {
      await pause(run.world.nowMs)
      try {
        run.world.advance(Math.min(left, SLICE_MS))
      } catch (error) {
        return { error }
      }
    }
    return undefined
  }
}
