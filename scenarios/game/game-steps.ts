/** The steps of a game's run: those that any run has. Others belong to bots and to scripts, and are refused. */
import { OverworldError } from '../../core/index.ts'
import { FaultSteps } from '../runner/fault-steps.ts'
import type { Step } from '../scenario.ts'
import type { GameWorld } from './game-world.ts'

export class GameSteps extends FaultSteps {
  readonly #scene: GameWorld

  constructor(scene: GameWorld) {
    super(scene)
    this.#scene = scene
    scene.hasOutages = () => this.hasOutages
  }

  /** Throws `bad_option` for a step that a game's clients decide themselves. */
  override perform(step: Step): boolean {
    this.#scene.faultHappened()
    if (super.perform(step)) return true
    throw new OverworldError('bad_option', `a step does '${step.do}', which the clients of a game decide themselves`)
  }
}
