/**
 * Runs a scenario at wire level: the same steps, players, observers and invariants as `runScenario`, with real
 * adapters and libraries on simulated sockets under them. Only how time passes is different, and with it that the
 * result has to be waited for.
 */
import { Wire } from '../worlds/wire-world.ts'
import type { Scenario } from '../scenario.ts'
import { driveRun } from './drive-run.ts'
import type { RunOptions, RunResult } from './run-result.ts'
import { ScenarioRun } from './run-scenario.ts'

export interface WireRunOptions extends RunOptions {
  /** For tests: wait after every event. It must make no difference. Default: after those that need it. */
  readonly drains?: 'needed' | 'always'
}

/** Runs `scenario`. Rejects with `bad_option` where it names an app or a host that does not exist. */
export async function runScenarioOnWire(scenario: Scenario, options: WireRunOptions): Promise<RunResult> {
  const wires: Wire[] = []
  const run = new ScenarioRun(scenario, options, {
    make: (ground) => {
      const wire = new Wire(ground, { drains: options.drains ?? 'needed', promises: options.promises === true })
      wires.push(wire)
      return wire.network
    },
    remaining: (except) => wires[0]?.remaining(except),
  })
  const [wire] = wires
  if (wire === undefined) throw new Error('a run without a network')
  return driveRun(run, (ms) => wire.advance(ms))
}
