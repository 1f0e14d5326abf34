/** Campaigns and single runs as programs start them, about apps or about a game. */
import { runCampaign as runCampaignOfApps, type CampaignOptions, type CampaignResult } from '../fuzz/campaign.ts'
import { drawOptionsOf, drawScenario } from '../fuzz/draw-scenario.ts'
import { runPatientCampaign, simulatedNetworks, type PatientCampaignOptions } from '../fuzz/patient-campaign.ts'
import type { RunOptions, RunResult } from '../runner/run-result.ts'
import { runOnMessages } from '../runner/run-on-messages.ts'
import type { Scenario } from '../scenario.ts'
import { appsOfGame } from './apps-of-game.ts'
import type { Game } from './define-game.ts'
import { prepareGame } from './game-facts.ts'

export interface GameCampaignOptions extends Omit<PatientCampaignOptions, 'apps'> {
  readonly game: Game
}

/**
 * Makes run after run, until one fails or their number is reached; see `overworld fuzz`. A campaign about a game has to be
 * waited for. Throws or rejects with `bad_option`, `bad_program`.
 */
export function runCampaign(options: GameCampaignOptions): Promise<CampaignResult>
export function runCampaign(options: CampaignOptions): CampaignResult
export function runCampaign(options: CampaignOptions | GameCampaignOptions): CampaignResult | Promise<CampaignResult> {
  if (!('game' in options)) return runCampaignOfApps(options)
  const { game, ...rest } = options
  return runPatientCampaign({ ...rest, apps: appsOfGame(game) }, simulatedNetworks.message)
}

export interface SimulateGameOptions extends Omit<RunOptions, 'apps' | 'promises'> {
  /** A uint32; default 1. */
  readonly seed?: number
  /** Default: drawn from `seed`. */
  readonly scenario?: Scenario
}

/** One run of a game. Rejects with `bad_option`, `bad_program`. */
export async function simulateGame(
  game: Game,
  { seed = 1, scenario, ...options }: SimulateGameOptions = {},
): Promise<RunResult> {
  const apps = appsOfGame(game)
  await prepareGame(game)
  const chosen = scenario ?? drawScenario(seed, drawOptionsOf(apps))
  return await runOnMessages(chosen, { ...options, apps })
}
