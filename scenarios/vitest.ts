/**
 * `overworld/vitest`: a module for the `setupFiles` of Vitest. After each test that fails it prints the account of every
 * world that was made with `simulate` in that test, and of those made before it in the same file that it has used.
 *
 * @example
 * // vitest.config.ts
 * export default defineConfig({ test: { setupFiles: ['overworld/vitest'] } })
 *
 * A test that passes costs what its worlds keep for their accounts. Left out: worlds of campaigns and scenarios, which tell
 * of a failure themselves. Where tests of one file run concurrently, worlds of the others are printed, too.
 */
import { beforeEach } from 'vitest'
import { followWorlds, type WorldFollower } from './worlds/made-worlds.ts'

type FollowedWorld = Parameters<WorldFollower['made']>[0]

/** Made while no test ran: by a `beforeAll`, or where the file was loaded. */
const ofFile: FollowedWorld[] = []
/** Of each test that runs. */
const running = new Set<FollowedWorld[]>()

followWorlds({
  made(world) {
    if (running.size === 0) ofFile.push(world)
    for (const worlds of running) worlds.push(world)
  },
})

beforeEach(({ onTestFailed }) => {
  const worlds: FollowedWorld[] = []
  const before = new Map(ofFile.map((world) => [world, world.ground.queue.runCount]))
  running.add(worlds)
  onTestFailed(() => {
    const used = ofFile.filter((world) => world.ground.queue.runCount !== before.get(world))
    const concerned = [...used, ...worlds]
    for (const world of concerned.length > 0 ? concerned : ofFile) console.log(world.account())
  })
  return () => {
    running.delete(worlds)
  }
})
