/** Drives a run on a network on which time has to be waited for. */
import type { RunResult } from './run-result.ts'
import type { ScenarioRun } from './run-scenario.ts'

export async function driveRun(
  run: ScenarioRun,
  advance: (ms: number) => Promise<void> | undefined,
): Promise<RunResult> {
  const phases = run.phases()
  let phase = phases.next()
  while (phase.done !== true) {
    try {
      await advance(phase.value)
    } catch (error) {
      phase = phases.throw(error)
      continue
    }
    phase = phases.next()
  }
  return phase.value
}
