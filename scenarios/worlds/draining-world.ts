/**
 * A simulated world whose clients' programs use promises: `simulate({ promises: true })`. It is here, and not in `sim/`,
 * because its runs have to be waited for, and there are no promises in `sim/`.
 */
import { World, type SimulateOptions } from '../../sim/world.ts'
import { usOf } from '../../sim/virtual-time.ts'
import { followerOfWorlds } from './made-worlds.ts'
import { runDrainingWorld } from './run-draining-world.ts'

export class DrainingWorld extends World {
  /** Use `simulate`. */
  constructor(options: SimulateOptions) {
    super({ ...options, promises: true })
  }

  /**
   * Runs everything that happens within the next `ms` (0 to 1e12), and all that programs await meanwhile. Rejects with the
   * first error of a handler (unless `onReport` was given), or the first rejection in a client's program that nothing
   * catches, at the virtual time at which it came up; with `bad_option`; with `needs_run` while another run goes on.
   */
  async run(ms: number): Promise<void> {
    await runDrainingWorld(this, { untilUs: this.ground.queue.nowUs + usOf('run', ms) })
  }

  /**
   * Runs until `condition` holds, checked after each event, for at most `msMax`. Whether it came to hold. Rejects as `run`
   * does.
   */
  async runUntil(condition: () => boolean, msMax = 60_000): Promise<boolean> {
    const untilUs = this.ground.queue.nowUs + usOf('runUntil', msMax)
    let holds = false
    await runDrainingWorld(this, { untilUs, isOver: () => (holds = condition()) })
    return holds || condition()
  }
}

/** A world whose clients' programs use promises: `await world.run(ms)`. Throws `bad_option`, and what starting the zones throws. */
export function simulate(options: SimulateOptions & { readonly promises: true }): DrainingWorld
/** A world that runs synchronously: `world.advance(ms)`. Throws `bad_option`, and what starting the zones throws. */
export function simulate(options: SimulateOptions): World
export function simulate(options: SimulateOptions): World {
  const follower = followerOfWorlds()
  const kept = follower === undefined ? options : { account: true, ...options }
  const world = options.promises === true ? new DrainingWorld(kept) : new World(kept)
  follower?.made(world)
  return world
}
