/** The checks of a game's run: its rules that were switched off are not checked. */
import { Checks } from '../invariants.ts'
import type { Game, GameCheck } from './define-game.ts'
import { rulesOfGame } from './game-rules.ts'

export class GameChecks extends Checks {
  readonly #off: ReadonlySet<string>

  constructor(game: Game) {
    super(rulesOfGame(game))
    this.#off = new Set(Object.keys(game.off ?? {}))
  }

  isOff(rule: string): boolean {
    return this.#off.has(rule)
  }

  override check(rule: string, holds: boolean, explain: () => string): void {
    if (!this.#off.has(rule)) super.check(rule, holds, explain)
  }

  override pass(rule: string): void {
    if (!this.#off.has(rule)) super.pass(rule)
  }
}

/** For the game's author. `where`: what an explanation begins with. */
export function gameCheck(checks: Checks, where: () => string): GameCheck {
  return (rule, holds, detail = '') => {
    checks.check(rule, holds, () => {
      const said = typeof detail === 'function' ? detail() : detail
      return said === '' ? `${where()}: it does not hold` : `${where()}: ${said}`
    })
  }
}
