/**
 * Runs a scenario on real sockets of this machine: the same steps, players, observers and invariants as
 * `runScenario`, with everything real under them. See `worlds/loopback-world.ts` for how, and for what that leaves out.
 */
import { Doors } from '../worlds/loopback-doors.ts'
import { Loopback } from '../worlds/loopback-world.ts'
import type { Scenario } from '../scenario.ts'
import { driveRun } from './drive-run.ts'
import type { RunOptions, RunResult } from './run-result.ts'
import { ScenarioRun } from './run-scenario.ts'

export interface LoopbackRunOptions extends RunOptions {
  /** Seconds of the scenario for each real one: 1 is real time, Infinity (the default) as fast as the sockets allow. */
  readonly speed?: number
}

/**
 * Runs `scenario`. Two runs are never the same to the microsecond, so the fingerprint is of no use.
 * Rejects with `bad_option` where it names an app or a host that does not exist, and with what opening sockets throws.
 */
export async function runScenarioOnLoopback(scenario: Scenario, options: LoopbackRunOptions): Promise<RunResult> {
  const doors = await Doors.open()
  let loopback: Loopback | undefined
  try {
    const run = new ScenarioRun(scenario, options, {
      make: (ground) => {
        loopback = new Loopback(ground, doors, { speed: options.speed ?? Infinity })
        return loopback.network
      },
      remaining: (except) => loopback?.remaining(except),
    })
    return await driveRun(run, (ms) => loopback?.advance(ms))
  } finally {
    if (loopback === undefined) doors.close()
    else loopback.close()
  }
}

/** What of `scenario` cannot come true on real sockets, in words. */
export function notOnLoopback(scenario: Scenario): readonly string[] {
  if (scenario.server.bufferBytes === undefined) return []
  return ["small buffers of systems: the kernel's own, of some megabytes for a stream, lie on the way as well"]
}
