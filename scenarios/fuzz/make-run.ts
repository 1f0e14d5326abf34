/** One run of a campaign, and what of it the campaign needs: plain data, which a worker thread can send. */
import { firstTraceDifference, type TraceDifference, type TraceRecord, type World } from '../../sim/index.ts'
import { gameOf } from '../game/apps-of-game.ts'
import { prepareGame } from '../game/game-facts.ts'
import type { RunResult } from '../runner/run-result.ts'
import { runOnMessages } from '../runner/run-on-messages.ts'
import { runScenario } from '../runner/run-scenario.ts'
import type { Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { drawAround } from './draw-around.ts'
import { drawOptionsOf, drawScenario, habitsOf } from './draw-scenario.ts'
import { programOf } from '../own-program.ts'
import { listenedTransports } from './listened-transports.ts'
import { runSeed } from './run-seed.ts'

/** What a campaign is about. */
export interface Subject {
  readonly apps: readonly SimulatedApp[]
  /**
   * Its clients stay, and what they say and do; faults, links and times are drawn around that. The first run is this
   * scenario itself. Default: whole scenarios are drawn.
   */
  readonly around?: Scenario
}

/** Where two runs part. */
export interface RunDifference extends TraceDifference {
  /** Only a run without judges is different: a judge changes its game. */
  readonly isByJudges?: true
}

export interface RunSummary {
  /** Its number in the campaign, from 0. */
  readonly run: number
  readonly fingerprint: string
  readonly simulatedSeconds: number
  readonly messages: number
  readonly invariants: ReadonlyMap<string, number>
  readonly goals: ReadonlyMap<string, number>
  /** Which invariant broke, if one did. */
  readonly broken: string | undefined
  /** The fingerprint of the same run, made again, where that came out differently. */
  readonly otherFingerprint: string | undefined
}

/** Makes run `run` of the campaign with `campaignSeed`; twice, where `twice` is set. */
export function makeRun(
  campaignSeed: number,
  run: number,
  subject: Subject,
  { twice }: { readonly twice: boolean },
): RunSummary {
  const { apps } = subject
  const scenario = scenarioOfRun(campaignSeed, run, subject)
  const result = runScenario(scenario, { apps })
  const again = twice ? runScenario(scenario, { apps }).fingerprint : result.fingerprint
  return summaryOf(run, result, again)
}

/** The same with whatever has to be waited for. A game is made a second time without its judges. */
export async function makeRunOnMessages(
  campaignSeed: number,
  run: number,
  subject: Subject,
  { twice }: { readonly twice: boolean },
): Promise<RunSummary> {
  const { apps } = subject
  const game = gameOf(apps)
  if (game === undefined) return makeRun(campaignSeed, run, subject, { twice })
  await prepareGame(game)
  const scenario = scenarioOfRun(campaignSeed, run, subject)
  const result = await runOnMessages(scenario, { apps })
  const again =
    twice && result.held ? (await runOnMessages(scenario, { apps, isJudged: false })).fingerprint : result.fingerprint
  return summaryOf(run, result, again)
}

/** `again`: the fingerprint of the same run, made again. */
export function summaryOf(run: number, result: RunResult, again: string): RunSummary {
  return {
    run,
    fingerprint: result.fingerprint,
    simulatedSeconds: result.simulatedSeconds,
    messages: result.messages,
    invariants: result.invariants,
    goals: result.goals,
    broken: result.failure?.invariant,
    otherFingerprint: again === result.fingerprint ? undefined : again,
  }
}

export function scenarioOfRun(campaignSeed: number, run: number, { apps, around }: Subject): Scenario {
  const seed = runSeed(campaignSeed, run)
  if (around === undefined) return drawScenario(seed, drawOptionsOf(apps))
  if (run === 0) return around
  const program = programOf(apps)
  return drawAround(around, seed, {
    ...habitsOf(apps),
    ...(program !== undefined && { transports: listenedTransports(program) }),
  })
}

/** Runs `scenario` twice and compares event by event. Undefined: they were the same. */
export function compareTwoRuns(scenario: Scenario, apps: readonly SimulatedApp[]): TraceDifference | undefined {
  const [first, second] = [0, 1].map(() => {
    let world: World | undefined
    runScenario(scenario, { apps, storage: 'all', onWorld: (made) => (world ??= made) })
    return world?.ground.trace.records ?? []
  })
  return firstTraceDifference(first ?? [], second ?? [])
}

/** The same with whatever has to be waited for. Two runs of a game that are the same are compared with one without judges. */
export async function compareRunsOnMessages(
  scenario: Scenario,
  apps: readonly SimulatedApp[],
): Promise<RunDifference | undefined> {
  if (gameOf(apps) === undefined) return compareTwoRuns(scenario, apps)
  const first = await recordsOf(scenario, apps, true)
  const difference = firstTraceDifference(first, await recordsOf(scenario, apps, true))
  if (difference !== undefined) return difference
  const byJudges = firstTraceDifference(first, await recordsOf(scenario, apps, false))
  return byJudges === undefined ? undefined : { ...byJudges, isByJudges: true }
}

async function recordsOf(
  scenario: Scenario,
  apps: readonly SimulatedApp[],
  isJudged: boolean,
): Promise<readonly TraceRecord[]> {
  let world: World | undefined
  await runOnMessages(scenario, { apps, isJudged, storage: 'all', onWorld: (made) => (world ??= made) })
  return world?.ground.trace.records ?? []
}
