/**
 * Lets time pass in a draining world (`promises: true`): runs its events, and after each that ran in a program which uses
 * promises waits until all of them have gone on. The wait is that of the wire level.
 *
 * What a program throws where nobody catches it ends the run, as an error of a handler does.
 */
import { OverworldError } from '../../core/index.ts'
import type { Ground, World } from '../../sim/index.ts'
import { runDraining } from '../../sim/wire/drain.ts'
import { StrayErrors } from './stray-errors.ts'

export interface DrainingRunOptions {
  /** Everything due up to and including this virtual time runs. */
  readonly untilUs: number
  /** Asked after each event, when all promises have gone on; true ends the run there. What it throws ends the run, too. */
  readonly isOver?: () => boolean
  /** For tests: wait after every event. It must make no difference. */
  readonly drainsAlways?: boolean
}

/** Runs the events of `ground`, waiting after those that need it. Rejects with what an event or `isOver` threw. */
export async function runGround(ground: Ground, options: DrainingRunOptions): Promise<void> {
  const { queue, drain } = ground
  await new Promise<void>((resolve, reject) => {
    runDraining({
      ...options,
      queue,
      drain,
      done(error) {
        if (error === undefined) resolve()
        else reject(error.thrown)
      },
    })
  })
}

/** The same where programs use promises. Rejects with what they throw and nothing catches, too. */
export async function runGroundWithPromises(ground: Ground, options: DrainingRunOptions): Promise<void> {
  const { isOver } = options
  const stray = new StrayErrors()
  try {
    await runGround(ground, {
      ...options,
      isOver() {
        stray.isOurs()
        stray.throwFirst()
        return isOver?.() === true
      },
    })
  } finally {
    stray.end()
  }
}

const running = new WeakSet<World>()

/**
 * Runs everything that happens in `world` up to `untilUs`, or until `isOver`. Rejects with the first error of a handler or a
 * program, at the virtual time at which it came up; with `needs_run` while another run of this world goes on.
 */
export async function runDrainingWorld(world: World, options: DrainingRunOptions): Promise<void> {
  if (running.has(world)) {
    throw new OverworldError('needs_run', 'this world runs already: await its last run before the next one')
  }
  running.add(world)
  const { isOver } = options
  try {
    await runGroundWithPromises(world.ground, {
      ...options,
      isOver() {
        world.throwReport()
        return isOver?.() === true
      },
    })
  } finally {
    running.delete(world)
  }
}
