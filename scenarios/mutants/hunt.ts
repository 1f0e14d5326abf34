/**
 * Hunts one planted bug: a campaign from a seed, stopped at its first failure. What runs here is bundled together with
 * the patched sources (`tools/hunt-mutants.ts`), once for each mutant.
 */
import { referenceApps } from '../apps/bots.ts'
import { runCampaign, type CampaignResult } from '../fuzz/campaign.ts'
import type { Scenario } from '../scenario.ts'
import type { Mutant } from './mutant.ts'

export interface Hunt {
  /** A uint32. */
  readonly seed: number
  /** How many runs at most. */
  readonly runs: number
}

/** What came of it. All but the seconds depends on the mutant, the seed and the number of runs alone. */
export interface Catch {
  readonly found: boolean
  /** Made until it was found, that one included. */
  readonly runs: number
  /** Real time until it was found, without making the scenario small. */
  readonly seconds: number
  /** Real time for making the scenario small. */
  readonly shrinkSeconds: number
  /** Left after that; null where it was not found, or was found by making a run twice. */
  readonly steps: number | null
  /** The invariant that broke, or `determinism`; null where it was not found. */
  readonly invariant: string | null
  readonly message: string | null
  readonly scenario: Scenario | null
}

export interface Hunted extends Catch {
  readonly name: string
}

export interface HuntAllOptions extends Hunt {
  readonly mutants: readonly Mutant[]
  /** Worker threads. What is found does not depend on it. */
  readonly jobs: number
  readonly onHunted?: (hunted: Hunted) => void
  /** Which network the campaign runs on. Default `message`; bugs in adapters are found on `wire` only. */
  readonly network?: 'message' | 'wire'
}

/** What `tools/hunt-mutants.ts` offers: the results in the order of the mutants. */
export type HuntAll = (options: HuntAllOptions) => Promise<readonly Hunted[]>

/** Scenarios tried while shrinking. */
const SHRINK_TRIES_MAX = 2_000
const TICK_MS = 100

export function hunt(options: Hunt): Catch {
  const startedMs = performance.now()
  try {
    return runHunt(options, startedMs)
  } catch (error) {
    // Neither found nor missed: the bots or the simulator cannot live with this mutant, which is a defect of theirs.
    const message = `threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
    const seconds = (performance.now() - startedMs) / 1000
    return { found: false, runs: 0, seconds, shrinkSeconds: 0, steps: null, invariant: null, message, scenario: null }
  }
}

function runHunt({ seed, runs }: Hunt, startedMs: number): Catch {
  let brokeMs: number | undefined
  const result = runCampaign({
    seed,
    runs,
    apps: referenceApps(TICK_MS),
    shrinkTries: SHRINK_TRIES_MAX,
    mayShrink: () => {
      brokeMs ??= performance.now()
      return true
    },
  })
  const endedMs = performance.now()
  const foundMs = brokeMs ?? endedMs
  return {
    found: !result.held,
    runs: result.runs,
    seconds: (foundMs - startedMs) / 1000,
    shrinkSeconds: (endedMs - foundMs) / 1000,
    ...describeBreach(result),
  }
}

function describeBreach({
  failure,
  nondeterminism,
}: CampaignResult): Pick<Catch, 'steps' | 'invariant' | 'message' | 'scenario'> {
  if (failure !== undefined) {
    const { invariant, message, scenario } = failure
    return { steps: scenario.steps.length, invariant, message, scenario }
  }
  if (nondeterminism !== undefined) {
    const message = 'a run came out differently when it was made again'
    return { steps: null, invariant: 'determinism', message, scenario: null }
  }
  return { steps: null, invariant: null, message: null, scenario: null }
}
