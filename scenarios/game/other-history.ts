/**
 * A run of a game a second time, with other ids of sessions and other names of clients that take as many bytes. Random
 * streams and links keep the names of the first run. A game that lives by its messages comes to the same state.
 */
import type { RunFailure, RunOptions } from '../runner/run-result.ts'
import { inLines } from './in-lines.ts'
import { describeDifferences } from '../state/describe-differences.ts'
import { differences } from '../state/differences.ts'
import { FIRST_IDS, GameWorld } from './game-world.ts'
import { otherNames } from './same-state.ts'

/** One of so many runs is repeated so: those whose seeds leave this remainder. */
const REPEATED_EVERY = 50
const REMAINDER = 7
/** How far the ids are moved: an odd number, so that even ones become odd. */
const IDS_APART = 377_777
const DIFFERENCES_MAX = 5

/** Undefined: this run is not repeated. */
export function otherHistory(
  scene: GameWorld,
  { onEvent: _onEvent, onWorld: _onWorld, ...options }: RunOptions,
): GameWorld | undefined {
  const { scenario, checks, game, firstSessionId } = scene
  if (scenario.seed % REPEATED_EVERY !== REMAINDER || checks.isOff('equal-histories')) return undefined
  const others = otherNames(scenario.clients.map(({ name }) => name))
  const span = FIRST_IDS.to - FIRST_IDS.from
  return new GameWorld(scenario, {
    ...options,
    game,
    transports: scene.transports,
    firstSessionId: FIRST_IDS.from + ((firstSessionId - FIRST_IDS.from + IDS_APART) % span),
    ...(others !== undefined && { aliasOf: (name: string) => others.get(name) ?? name }),
  })
}

/** Undefined: both came to the same. `failed`: what broke in the other one. */
export function compareHistories(
  scene: GameWorld,
  other: GameWorld,
  failed: RunFailure | undefined,
): RunFailure | undefined {
  const atMs = other.world.nowMs
  const invariant = 'equal-histories'
  if (failed !== undefined) {
    return { ...failed, invariant, message: `with other ids and names ${failed.invariant} breaks: ${failed.message}` }
  }
  const found = differences(scene.finalStates, other.finalStates, { max: DIFFERENCES_MAX })
  scene.checks.pass(invariant)
  if (found.length === 0) return undefined
  const what = inLines(
    describeDifferences(found, { expected: 'with the names of the scenario', actual: 'with other ones' }),
  )
  return { invariant, message: `with other ids and names of clients the game comes to another state:\n${what}`, atMs }
}
