/** A game among the apps of a run. */
import type { SimulatedApp } from '../simulated-app.ts'
import { appsOfProgram } from '../own-program.ts'
import type { Game } from './define-game.ts'

/** The apps of a run that is about `game`. */
export function appsOfGame(game: Game): readonly SimulatedApp[] {
  return appsOfProgram(game.program).map((app) => ({ ...app, game }))
}

/** Undefined: the clients of the run are bots, or say what the steps say. */
export function gameOf(apps: readonly SimulatedApp[]): Game | undefined {
  return apps.find((app) => app.game !== undefined)?.game
}
