/**
 * Tells whoever follows a test (`overworld/vitest`) which worlds are made in it. The follower is a property of the process,
 * because a test runner may load this package twice, once for its setup files and once for a test.
 */
import type { World } from '../../sim/world.ts'

export interface WorldFollower {
  made(world: World): void
}

const KEY = Symbol.for('overworld.follower-of-worlds')
type Holder = { [KEY]?: WorldFollower | undefined }

/** While worlds are followed, each of them keeps an account unless it says `account: false`. */
export function followWorlds(follower: WorldFollower): void {
  ;(globalThis as Holder)[KEY] = follower
}

export function followerOfWorlds(): WorldFollower | undefined {
  return (globalThis as Holder)[KEY]
}
