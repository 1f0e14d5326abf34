/** The checks of a game's run: its rules that were switched off are not checked, and failures say whose a session is. */
import { Checks } from '../invariants.ts'
import type { Game, GameCheck } from './define-game.ts'
import { rulesOfGame } from './game-rules.ts'

export class GameChecks extends Checks {
  readonly #off: ReadonlySet<string>
  readonly #nameOf: (sessionId: number) => string | undefined

  /** `nameOf`: the client that has, or had, this session. */
  constructor(game: Game, nameOf: (sessionId: number) => string | undefined) {
    super(rulesOfGame(game))
    this.#nameOf = nameOf
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

  override fail(rule: string, message: string, cause?: unknown): never {
    return super.fail(rule, this.#withNames(message), cause)
  }

  /** Those in brackets come after the name already. */
  #withNames(message: string): string {
    return message.replaceAll(/(?<!\()\bsession (\d+)\b/g, (found, id: string) => {
      const name = this.#nameOf(Number(id))
      return name === undefined ? found : `${found} of ${name}`
    })
  }
}

/** For the game's author. `where`: what an explanation begins with. */
export function gameCheck(checks: Checks, where: () => string): GameCheck {
  return (rule, holds, detail = '') => {
    checks.check(rule, holds, () => {
      const said = typeof detail === 'function' ? detail() : detail
      return said === ''
        ? `${where()}: it does not hold (what the third argument of check says would stand here)`
        : `${where()}: ${said}`
    })
  }
}
