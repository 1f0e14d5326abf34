/**
 * Drawn scenarios as an arbitrary of fast-check, for properties of one's own. fast-check draws one uint32, from which the
 * scenario is drawn as in a campaign; it shrinks by what the campaign's own search would try.
 */
import fc from 'fast-check'
import { checkOptionNames } from '../../core/option-names.ts'
import { OverworldError } from '../../core/index.ts'
import { readScenario } from '../check-scenario.ts'
import { appsOfGame } from '../game/apps-of-game.ts'
import type { Game } from '../game/define-game.ts'
import type { Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { drawOptionsOf, drawScenario, type DrawOptions } from './draw-scenario.ts'
import { smallerScenarios } from './shrink.ts'

export interface ScenariosOptions extends Pick<DrawOptions, 'clients' | 'durationMs'> {
  /** What the scenarios are for: a game, */
  readonly game?: Game
  /** or apps. One of the two must be given. */
  readonly apps?: readonly SimulatedApp[]
}

/**
 * @example
 * await fc.assert(fc.asyncProperty(scenarios({ game }), async (scenario) => {
 *   const { failure } = await simulateGame(game, { scenario })
 *   return failure === undefined
 * }))
 *
 * Throws `bad_option`, and `bad_program` where the game's program does not boot.
 */
export function scenarios(options: ScenariosOptions): fc.Arbitrary<Scenario> {
  checkOptionNames('scenarios', options, { game: true, apps: true, clients: true, durationMs: true })
  const { game, apps, ...rest } = options
  if ((game === undefined) === (apps === undefined)) {
    throw new OverworldError('bad_option', 'scenarios: give either `game` or `apps`')
  }
  return new ScenarioArbitrary({ ...drawOptionsOf(game === undefined ? (apps ?? []) : appsOfGame(game)), ...rest })
}

class ScenarioArbitrary extends fc.Arbitrary<Scenario> {
  readonly #options: DrawOptions

  constructor(options: DrawOptions) {
    super()
    this.#options = options
  }

  override generate(mrng: fc.Random): fc.Value<Scenario> {
    const seed = mrng.nextInt(-0x8000_0000, 0x7fff_ffff) >>> 0
    return new fc.Value(drawScenario(seed, this.#options), undefined)
  }

  override canShrinkWithoutContext(value: unknown): value is Scenario {
    try {
      readScenario(value)
      return true
    } catch {
      return false
    }
  }

  override shrink(value: Scenario): fc.Stream<fc.Value<Scenario>> {
    return new fc.Stream(smallerScenarios(value)).map((smaller) => new fc.Value(smaller, undefined))
  }
}
