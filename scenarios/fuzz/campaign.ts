/**
 * A fuzz campaign: run after run, each from its own seed, until one fails, the number is reached or the time is up.
 * The first failure is shrunk to a small scenario that breaks the same invariant. Now and then a run is made twice,
 * to see that it comes out the same.
 *
 * Who makes the runs does not matter: here one after the other, in `patient-campaign.ts` with pauses, in
 * `parallel-campaign.ts` several threads. They are folded in the order of their numbers, so the result is the same.
 */
import { Fingerprint } from '../../sim/index.ts'
import { namesOfGoals } from '../goals.ts'
import { namesOfInvariants } from '../invariants.ts'
import type { RunResult } from '../runner/run-result.ts'
import { runScenario } from '../runner/run-scenario.ts'
import type { Scenario } from '../scenario.ts'
import type { CampaignCheckpoint } from './checkpoint.ts'
import {
  compareTwoRuns,
  makeRun,
  scenarioOfRun,
  type RunDifference,
  type RunSummary,
  type Subject,
} from './make-run.ts'
import { shrinking, type Shrunk } from './shrink.ts'

export interface CampaignOptions extends Subject {
  /** A uint32. */
  readonly seed: number
  /** How many runs at most. */
  readonly runs: number
  /** Makes only each `of`-th run, beginning with number `index` (from 0): a part of a campaign on many machines. */
  readonly shard?: Shard
  /** Makes every run twice? Default: one in a hundred. */
  readonly checkDeterminism?: boolean
  /** Goes on from here instead of from the first run. The other options must be those that it was begun with. */
  readonly from?: CampaignCheckpoint
  /** Asked before each run; false ends the campaign. */
  readonly mayContinue?: () => boolean
  /** How many scenarios are tried at most to make the failing one small. Default 1,000. */
  readonly shrinkTries?: number
  /** Asked before each of these tries; false ends them, so that the result depends on when. */
  readonly mayShrink?: () => boolean
  readonly onProgress?: (progress: CampaignProgress) => void
}

export interface Shard {
  readonly index: number
  readonly of: number
}

export interface CampaignProgress {
  readonly phase: 'running' | 'shrinking'
  /** While `shrinking`: the tries so far, and the smallest scenario that was found to fail. */
  readonly shrinking: { readonly tries: number; readonly smallest: Scenario } | undefined
  readonly runs: number
  readonly simulatedSeconds: number
  readonly goalsReached: number
  /** Where the campaign stands at the moment of this call; while `running`, a later one can go on from there. */
  checkpoint(): CampaignCheckpoint
}

export interface CampaignResult {
  /** Completed. */
  readonly runs: number
  readonly held: boolean
  readonly seed: number
  /** The fingerprints of all runs, folded in order. */
  readonly fingerprint: string
  readonly simulatedSeconds: number
  readonly messages: number
  readonly invariants: ReadonlyMap<string, number>
  readonly goals: ReadonlyMap<string, number>
  readonly failure: CampaignFailure | undefined
  /** A run that came out differently when it was made again. */
  readonly nondeterminism: Nondeterminism | undefined
}

export interface CampaignFailure {
  readonly invariant: string
  readonly message: string
  /** Simulated time until it broke, in the small scenario. */
  readonly afterMs: number
  /** The run's own seed. */
  readonly seed: number
  /** Its number in the campaign, from 0. */
  readonly run: number
  /** As it was drawn, and as small as it was made. */
  readonly drawn: Scenario
  readonly scenario: Scenario
  /** Scenarios that were run to make it small. */
  readonly tries: number
  /** False: the tries were used up, so that a smaller one may be found. */
  readonly isSmallest: boolean
  /** Where something threw that should not: the stack. */
  readonly stack?: string
}

export interface Nondeterminism {
  readonly run: number
  readonly scenario: Scenario
  readonly fingerprints: readonly [string, string]
  /** The first event in which two further runs differ; undefined where these two happened to be the same. */
  readonly difference: RunDifference | undefined
}

/** One run in so many is made twice. */
const CHECKED_TWICE_EVERY = 100

export function runCampaign(options: CampaignOptions): CampaignResult {
  const { seed, mayContinue = () => true } = options
  const campaign = new Campaign(options)
  for (const run of runNumbers(options)) {
    if (!mayContinue()) break
    const summary = makeRun(seed, run, options, { twice: isMadeTwice(options, run) })
    if (campaign.add(summary)) continue
    explain(campaign, summary, options)
    break
  }
  return campaign.result()
}

function explain(campaign: Campaign, { run, broken }: RunSummary, options: CampaignOptions): void {
  const { seed, apps } = options
  if (broken === undefined) {
    campaign.endAtDifference(run, compareTwoRuns(scenarioOfRun(seed, run, options), apps))
    return
  }
  const search = campaign.shrinking(run, broken)
  let step = search.next()
  while (step.done !== true) step = search.next(runScenario(step.value, { apps }))
}

/** The numbers of the runs that a campaign consists of, those that have been made already left out. */
export function* runNumbers({ runs, shard = { index: 0, of: 1 }, from }: CampaignOptions): Generator<number, void> {
  for (let run = shard.index + (from?.runs ?? 0) * shard.of; run < runs; run += shard.of) yield run
}

export function isMadeTwice({ checkDeterminism = false }: CampaignOptions, run: number): boolean {
  return checkDeterminism || run % CHECKED_TWICE_EVERY === 0
}

/** Takes in the runs of a campaign in the order of their numbers. */
export class Campaign {
  readonly #options: CampaignOptions
  readonly #invariants = new Map<string, number>()
  readonly #goals = new Map<string, number>()
  readonly #fingerprint: Fingerprint
  #runs: number
  #simulatedSeconds: number
  #messages: number
  #last: RunSummary | undefined
  #failure: CampaignFailure | undefined
  #nondeterminism: Nondeterminism | undefined

  constructor(options: CampaignOptions) {
    const { from, apps } = options
    this.#options = options
    for (const name of namesOfInvariants(apps)) this.#invariants.set(name, from?.invariants[name] ?? 0)
    for (const name of namesOfGoals(apps)) this.#goals.set(name, from?.goals[name] ?? 0)
    this.#fingerprint = from === undefined ? new Fingerprint() : Fingerprint.resume(from.fingerprint)
    this.#runs = from?.runs ?? 0
    this.#simulatedSeconds = from?.simulatedSeconds ?? 0
    this.#messages = from?.messages ?? 0
  }

  /** False: this run ends the campaign, and whoever made it finds out why: by `shrinking` or `endAtDifference`. */
  add(summary: RunSummary): boolean {
    this.#runs++
    this.#simulatedSeconds += summary.simulatedSeconds
    this.#messages += summary.messages
    this.#fingerprint.text(summary.fingerprint)
    this.#last = summary
    addTo(this.#invariants, summary.invariants)
    addTo(this.#goals, summary.goals)
    const goesOn = summary.broken === undefined && summary.otherFingerprint === undefined
    if (goesOn) this.#tell('running')
    return goesOn
  }

  /** Makes the scenario of a run that broke small: yields what is to be run next, and is told what came of it. */
  *shrinking(run: number, invariant: string): Generator<Scenario, void, RunResult> {
    const { seed, shrinkTries: triesMax, mayShrink } = this.#options
    const drawn = scenarioOfRun(seed, run, this.#options)
    const search = shrinking(drawn, { triesMax, ...(mayShrink !== undefined && { mayContinue: mayShrink }) })
    let smallest = drawn
    let step = search.next()
    for (let tries = 0; step.done !== true; tries++) {
      this.#tell('shrinking', { tries, smallest })
      const { failure } = yield step.value
      const isBroken = failure?.invariant === invariant
      if (isBroken) smallest = step.value
      step = search.next(isBroken)
    }
    this.#failure = failureOf(invariant, run, drawn, step.value, yield step.value.scenario)
  }

  /** The run that was added last came out differently when it was made again. */
  endAtDifference(run: number, difference: RunDifference | undefined): void {
    const scenario = scenarioOfRun(this.#options.seed, run, this.#options)
    const fingerprints = [this.#last?.fingerprint ?? '', this.#last?.otherFingerprint ?? ''] as const
    this.#nondeterminism = { run, scenario, fingerprints, difference }
  }

  result(): CampaignResult {
    return {
      runs: this.#runs,
      held: this.#failure === undefined && this.#nondeterminism === undefined,
      seed: this.#options.seed,
      fingerprint: this.#fingerprint.hex(),
      simulatedSeconds: this.#simulatedSeconds,
      messages: this.#messages,
      invariants: this.#invariants,
      goals: this.#goals,
      failure: this.#failure,
      nondeterminism: this.#nondeterminism,
    }
  }

  #tell(phase: CampaignProgress['phase'], search?: CampaignProgress['shrinking']): void {
    this.#options.onProgress?.(this.#progress(phase, search))
  }

  #progress(phase: CampaignProgress['phase'], search: CampaignProgress['shrinking']): CampaignProgress {
    let goalsReached = 0
    for (const count of this.#goals.values()) if (count > 0) goalsReached++
    return {
      phase,
      shrinking: search,
      runs: this.#runs,
      simulatedSeconds: this.#simulatedSeconds,
      goalsReached,
      checkpoint: () => this.#checkpoint(),
    }
  }

  #checkpoint(): CampaignCheckpoint {
    const last = this.#last
    return {
      runs: this.#runs,
      fingerprint: this.#fingerprint.state(),
      simulatedSeconds: this.#simulatedSeconds,
      messages: this.#messages,
      invariants: Object.fromEntries(this.#invariants),
      goals: Object.fromEntries(this.#goals),
      last: last === undefined ? (this.#options.from?.last ?? null) : { run: last.run, fingerprint: last.fingerprint },
    }
  }
}

/** `result`: of the scenario as small as it was made. */
function failureOf(
  invariant: string,
  run: number,
  drawn: Scenario,
  { scenario, tries, isSmallest }: Shrunk,
  { failure }: RunResult,
): CampaignFailure {
  const { message = '', atMs: afterMs = 0, stack } = failure ?? {}
  const small = { ...scenario, breaks: { invariant, message } }
  const found = { invariant, message, afterMs, seed: drawn.seed, run, drawn, scenario: small, tries, isSmallest }
  return stack === undefined ? found : { ...found, stack }
}

function addTo(totals: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [name, count] of counts) totals.set(name, (totals.get(name) ?? 0) + count)
}
