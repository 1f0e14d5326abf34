/** Runs a scenario on the network of messages, and waits for the promises of its clients where they use any. */
import { gameOf } from '../game/apps-of-game.ts'
import { prepareGame } from '../game/game-facts.ts'
import type { Scenario } from '../scenario.ts'
import { runScenarioDraining } from './run-draining.ts'
import type { RunOptions, RunResult } from './run-result.ts'
import { runScenario } from './run-scenario.ts'

/** As `runScenario`; only what is about a game has to be waited for. */
export function runOnMessages(scenario: Scenario, options: RunOptions): RunResult | Promise<RunResult> {
  return gameOf(options.apps) === undefined ? runScenario(scenario, options) : runGame(scenario, options)
}

async function runGame(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const game = gameOf(options.apps)
  const isWaitedFor = game !== undefined && (await prepareGame(game)).usesPromises
  return isWaitedFor ? await runScenarioDraining(scenario, options) : runScenario(scenario, options)
}
