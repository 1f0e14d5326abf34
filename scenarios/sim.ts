/**
 * `overworld/sim`: the simulated world. Everything of `sim/`, and `simulate` with worlds that have to be waited for
 * (`promises: true`). These are put together here, because `sim/` has no promises.
 */
export * from '../sim/index.ts'
export { DrainingWorld, simulate } from './worlds/draining-world.ts'
