/**
 * Runs a scenario: lets its steps happen in its world, heals that, sees everybody off, and judges all of it.
 *
 * The invariants judge while the run goes on; the first that is broken ends it. Equal scenarios (their seed included)
 * give equal runs, byte for byte.
 */
import { OverworldError } from '../../core/index.ts'
import type { SimulateOptions, World } from '../../sim/index.ts'
import { gameOf } from '../game/apps-of-game.ts'
import { factsOf } from '../game/game-facts.ts'
import { compareHistories, otherHistory } from '../game/other-history.ts'
import { ViewsDiffer } from '../game/views-differ.ts'
import { GameSteps } from '../game/game-steps.ts'
import { GameWorld } from '../game/game-world.ts'
import { InvariantBroken } from '../invariants.ts'
import type { FaultSteps } from './fault-steps.ts'
import type { Scenario } from '../scenario.ts'
import { heal, leave, stop } from './last-phases.ts'
import { StepPerformer } from './perform-step.ts'
import type { ClientOutcome, RunFailure, RunOptions, RunResult } from './run-result.ts'
import type { Phase, RunWorld } from './run-world.ts'
import { ScenarioWorld } from './scenario-world.ts'

/** Runs `scenario`. Throws `bad_option` where it names an app or a host that does not exist. */
export function runScenario(scenario: Scenario, options: RunOptions): RunResult {
  const run = new ScenarioRun(scenario, options)
  const phases = run.phases()
  let phase = phases.next()
  while (phase.done !== true) {
    try {
      run.world.advance(phase.value)
    } catch (error) {
      phase = phases.throw(error)
      continue
    }
    phase = phases.next()
  }
  return phase.value
}

/** Another network than that of messages. */
export interface RunNetwork {
  readonly make: NonNullable<SimulateOptions['makeNetwork']>
  /** What it still holds on all machines but these, in words; asked when everybody has gone. */
  readonly remaining: (except: ReadonlySet<string>) => string | undefined
}

/** A run, whatever its network is and however time passes on it: for `runScenario` and `runScenarioOnWire`. */
export class ScenarioRun {
  readonly #options: RunOptions
  #scene: RunWorld
  #steps: FaultSteps
  readonly #network: RunNetwork | undefined
  #clients: ReadonlyMap<string, ClientOutcome> = new Map()

  constructor(scenario: Scenario, options: RunOptions, network?: RunNetwork) {
    this.#options = options
    const { scene, steps } = begin(scenario, options, network)
    this.#scene = scene
    this.#steps = steps
    this.#network = network
  }

  /** Ask anew before each step of time: some runs of games are made a second time, in another world. */
  get world(): World {
    return this.#scene.world
  }

  /** Yields how many ms are to pass; whoever drives it throws in here what came up meanwhile. */
  *phases(): Generator<number, RunResult, void> {
    const scene = this.#scene
    const result = yield* this.#whole()
    if (!(scene instanceof GameWorld) || !result.held || this.#network !== undefined) return result
    const other = otherHistory(scene, this.#options)
    if (other === undefined) return result
    this.#scene = other
    this.#steps = new GameSteps(other)
    const { failure } = yield* this.#whole()
    const broken = compareHistories(scene, other, failure)
    return broken === undefined ? result : { ...result, held: false, failure: broken }
  }

  *#whole(): Generator<number, RunResult, void> {
    const scene = this.#scene
    let failure: RunFailure | undefined
    try {
      yield* this.#letStepsHappen()
      yield* heal(scene, this.#steps)
      this.#clients = outcomesOf(scene)
      yield* leave(scene)
      yield* stop(scene, this.#network?.remaining)
      scene.checks.check('comes-to-its-end', true, () => '')
    } catch (error) {
      failure = { ...failureOf(error), atMs: this.world.nowMs }
      scene.kept?.end('the run ended')
      this.#clients = outcomesOf(scene)
    } finally {
      scene.end()
    }
    return {
      scenario: scene.scenario,
      held: failure === undefined,
      failure,
      fingerprint: this.world.fingerprint,
      simulatedSeconds: this.world.nowMs / 1000,
      messages: scene.messages,
      history: scene.kept?.outcome(),
      clients: this.#clients,
      invariants: scene.checks.counts,
      goals: scene.goals.counts,
    }
  }

  /** The fault phase. */
  *#letStepsHappen(): Phase {
    const { steps, durationMs } = this.#scene.scenario
    yield* this.#scene.beforeSteps()
    for (const step of steps) {
      this.world.after(step.atMs, () => {
        this.#options.onEvent?.({ kind: 'step', atMs: this.world.nowMs, step })
        this.#steps.perform(step)
      })
    }
    yield durationMs
  }
}

function begin(
  scenario: Scenario,
  options: RunOptions,
  network: RunNetwork | undefined,
): { readonly scene: RunWorld; readonly steps: FaultSteps } {
  const game = gameOf(options.apps)
  // Clients of a recording say what they said, whatever the clients of the game do.
  if (game !== undefined && !scenario.clients.some(({ scripted }) => scripted === true)) {
    const { transports } = factsOf(game)
    const scene = new GameWorld(scenario, { ...options, game, transports }, network?.make)
    return { scene, steps: new GameSteps(scene) }
  }
  const scene = new ScenarioWorld(scenario, options, network?.make)
  return { scene, steps: new StepPerformer(scene) }
}

function outcomesOf({ players, world }: RunWorld): ReadonlyMap<string, ClientOutcome> {
  const outcomes = new Map<string, ClientOutcome>()
  for (const [name, { client, sessionId }] of players) {
    const session = sessionId === undefined || !world.isServerUp ? undefined : world.server.sessions.get(sessionId)
    outcomes.set(name, { status: client?.status.kind ?? 'dead', sessionId, zone: session?.zone?.name })
  }
  return outcomes
}

/** What a scenario says wrongly is thrown on; whatever else comes up is a finding. */
function failureOf(error: unknown): Omit<RunFailure, 'atMs'> {
  if (error instanceof InvariantBroken) {
    const { invariant, message, cause } = error
    const about = error instanceof ViewsDiffer ? error.about : undefined
    const stack = cause instanceof Error ? cause.stack : undefined
    return { invariant, message, ...(stack !== undefined && { stack }), ...(about !== undefined && { about }) }
  }
  if (error instanceof OverworldError && error.code === 'bad_option') throw error
  const invariant = 'comes-to-its-end'
  if (!(error instanceof Error)) return { invariant, message: `${String(error)} was thrown` }
  const { stack = '' } = error
  const [, where] = /^\s+at (?:new )?([^\s(]+) \(/m.exec(stack) ?? []
  return { invariant, message: `${String(error)}${where === undefined ? '' : `, in ${where}`}`, stack }
}
