/**
 * A fuzz campaign: run after run, each from its own seed, until one fails, the number is reached or the time is up.
 * The first failure is shrunk to a small scenario that breaks the same invariant. Now and then a run is made twice,
 * to see that it comes out the same.
 *
 * Who makes the runs does not matter: here one after the other, in `parallel-campaign.ts` several threads. They are
 * folded in the order of their numbers, so the result is the same.
 */
import { Fingerprint, type TraceDifference } from '../../sim/index.ts'
import { GOALS } from '../goals.ts'
import { INVARIANTS } from '../invariants.ts'
import type { RunResult } from '../runner/run-result.ts'
import { runScenario } from '../runner/run-scenario.ts'
import type { Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { compareTwoRuns, makeRun, scenarioOfRun, type RunSummary } from './make-run.ts'
import { shrinkScenario, type Shrunk } from './shrink.ts'

export interface CampaignOptions {
  /** A uint32. */
  readonly seed: number
  /** How many runs at most. */
  readonly runs: number
  readonly apps: readonly SimulatedApp[]
  /** Makes only each `of`-th run, beginning with number `index` (from 0): a part of a campaign on many machines. */
  readonly shard?: Shard
  /** Makes every run twice? Default: one in a hundred. */
  readonly checkDeterminism?: boolean
  /** Asked before each run; false ends the campaign. */
  readonly mayContinue?: () => boolean
  /** Asked before each scenario that is tried while shrinking; false ends that. */
  readonly mayShrink?: () => boolean
  readonly onProgress?: (progress: CampaignProgress) => void
}

export interface Shard {
  readonly index: number
  readonly of: number
}

export interface CampaignProgress {
  readonly phase: 'running' | 'shrinking'
  readonly runs: number
  readonly simulatedSeconds: number
  readonly goalsReached: number
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
  /** The run's own seed. */
  readonly seed: number
  /** Its number in the campaign, from 0. */
  readonly run: number
  /** As it was drawn, and as small as it was made. */
  readonly drawn: Scenario
  readonly scenario: Scenario
  /** Scenarios that were run to make it small. */
  readonly tries: number
  /** Where something threw that should not: the stack. */
  readonly stack?: string
}

export interface Nondeterminism {
  readonly run: number
  readonly scenario: Scenario
  readonly fingerprints: readonly [string, string]
  /** The first event in which two further runs differ; undefined where these two happened to be the same. */
  readonly difference: TraceDifference | undefined
}

/** One run in so many is made twice. */
const CHECKED_TWICE_EVERY = 100

export function runCampaign(options: CampaignOptions): CampaignResult {
  const { seed, apps, mayContinue = () => true } = options
  const campaign = new Campaign(options)
  for (const run of runNumbers(options)) {
    if (!mayContinue()) break
    if (!campaign.add(makeRun(seed, run, apps, { twice: isMadeTwice(options, run) }))) break
  }
  return campaign.result()
}

/** The numbers of the runs that a campaign consists of. */
export function* runNumbers({ runs, shard = { index: 0, of: 1 } }: CampaignOptions): Generator<number, void> {
  for (let run = shard.index; run < runs; run += shard.of) yield run
}

export function isMadeTwice({ checkDeterminism = false }: CampaignOptions, run: number): boolean {
  return checkDeterminism || run % CHECKED_TWICE_EVERY === 0
}

/** Takes in the runs of a campaign in the order of their numbers. */
export class Campaign {
  readonly #options: CampaignOptions
  readonly #invariants = new Map<string, number>()
  readonly #goals = new Map<string, number>()
  readonly #fingerprint = new Fingerprint()
  #runs = 0
  #simulatedSeconds = 0
  #messages = 0
  #failure: CampaignFailure | undefined
  #nondeterminism: Nondeterminism | undefined

  constructor(options: CampaignOptions) {
    this.#options = options
    const own = options.apps.flatMap((app) => Object.keys(app.invariants ?? {}))
    for (const name of [...Object.keys(INVARIANTS), ...own]) this.#invariants.set(name, 0)
    for (const name of Object.keys(GOALS)) this.#goals.set(name, 0)
  }

  /** False: this run ends the campaign. */
  add(summary: RunSummary): boolean {
    const goesOn = this.count(summary)
    if (goesOn) return true
    if (summary.broken !== undefined) this.#failure = this.#shrink(summary.run, summary.broken)
    else this.#nondeterminism = this.#locate(summary.run, [summary.fingerprint, summary.otherFingerprint ?? ''])
    return false
  }

  /** The same without finding out more. False: this run ends the campaign, and `end` says how. */
  count(summary: RunSummary): boolean {
    this.#runs++
    this.#simulatedSeconds += summary.simulatedSeconds
    this.#messages += summary.messages
    this.#fingerprint.text(summary.fingerprint)
    addTo(this.#invariants, summary.invariants)
    addTo(this.#goals, summary.goals)
    const goesOn = summary.broken === undefined && summary.otherFingerprint === undefined
    if (goesOn) this.tell('running')
    return goesOn
  }

  end(how: { readonly failure: CampaignFailure } | { readonly nondeterminism: Nondeterminism }): void {
    if ('failure' in how) this.#failure = how.failure
    else this.#nondeterminism = how.nondeterminism
  }

  tell(phase: CampaignProgress['phase']): void {
    this.#options.onProgress?.(this.#progress(phase))
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

  #shrink(run: number, invariant: string): CampaignFailure {
    const { seed, apps, mayShrink } = this.#options
    const drawn = scenarioOfRun(seed, run, apps)
    const shrunk = shrinkScenario(drawn, {
      fails: (candidate) => {
        this.tell('shrinking')
        return runScenario(candidate, { apps }).failure?.invariant === invariant
      },
      ...(mayShrink !== undefined && { mayContinue: mayShrink }),
    })
    return failureOf(invariant, run, drawn, shrunk, runScenario(shrunk.scenario, { apps }))
  }

  #locate(run: number, fingerprints: readonly [string, string]): Nondeterminism {
    const { seed, apps } = this.#options
    const scenario = scenarioOfRun(seed, run, apps)
    return { run, scenario, fingerprints, difference: compareTwoRuns(scenario, apps) }
  }

  #progress(phase: CampaignProgress['phase']): CampaignProgress {
    let goalsReached = 0
    for (const count of this.#goals.values()) if (count > 0) goalsReached++
    return { phase, runs: this.#runs, simulatedSeconds: this.#simulatedSeconds, goalsReached }
  }
}

/** `result`: of the scenario as small as it was made. */
export function failureOf(
  invariant: string,
  run: number,
  drawn: Scenario,
  { scenario, tries }: Shrunk,
  { failure }: RunResult,
): CampaignFailure {
  const { message = '', stack } = failure ?? {}
  const small = { ...scenario, breaks: { invariant, message } }
  const found = { invariant, message, seed: drawn.seed, run, drawn, scenario: small, tries }
  return stack === undefined ? found : { ...found, stack }
}

function addTo(totals: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [name, count] of counts) totals.set(name, (totals.get(name) ?? 0) + count)
}
