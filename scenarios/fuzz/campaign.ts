/**
 * A fuzz campaign: run after run, each from its own seed, until one fails, the number is reached or the time is up.
 * The first failure is shrunk to a small scenario that breaks the same invariant. Now and then a run is made twice,
 * to see that it comes out the same.
 */
import { Fingerprint } from '../../sim/index.ts'
import { GOALS } from '../goals.ts'
import { INVARIANTS } from '../invariants.ts'
import { runScenario, type RunResult } from '../runner/run-scenario.ts'
import type { Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { drawScenario } from './draw-scenario.ts'
import { runSeed } from './run-seed.ts'
import { shrinkScenario } from './shrink.ts'

export interface CampaignOptions {
  /** A uint32. */
  readonly seed: number
  /** How many runs at most. */
  readonly runs: number
  readonly apps: readonly SimulatedApp[]
  /** Asked before each run; false ends the campaign. */
  readonly mayContinue?: () => boolean
  /** Asked before each scenario that is tried while shrinking; false ends that. */
  readonly mayShrink?: () => boolean
  readonly onProgress?: (progress: CampaignProgress) => void
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
}

export interface Nondeterminism {
  readonly run: number
  readonly scenario: Scenario
  readonly fingerprints: readonly [string, string]
}

/** One run in so many is made twice. */
const CHECKED_TWICE_EVERY = 100

export function runCampaign(options: CampaignOptions): CampaignResult {
  const { seed, runs, apps, mayContinue = () => true, onProgress } = options
  const appNames = apps.map(({ app }) => app.name)
  const totals = new Totals(apps)
  for (let run = 0; run < runs && mayContinue(); run++) {
    const scenario = drawScenario(runSeed(seed, run), { apps: appNames })
    const result = runScenario(scenario, { apps })
    totals.add(result)
    if (result.failure !== undefined) {
      const failure = shrinkFailure(result, run, options, totals)
      return totals.result(seed, failure, undefined)
    }
    if (run % CHECKED_TWICE_EVERY === 0) {
      const again = runScenario(scenario, { apps })
      if (again.fingerprint !== result.fingerprint) {
        const fingerprints = [result.fingerprint, again.fingerprint] as const
        return totals.result(seed, undefined, { run, scenario, fingerprints })
      }
    }
    onProgress?.(totals.progress('running'))
  }
  return totals.result(seed, undefined, undefined)
}

function shrinkFailure(result: RunResult, run: number, options: CampaignOptions, totals: Totals): CampaignFailure {
  const { scenario, failure } = result
  const invariant = failure?.invariant ?? ''
  const { apps, mayShrink, onProgress } = options
  const shrunk = shrinkScenario(scenario, {
    fails: (candidate) => {
      onProgress?.(totals.progress('shrinking'))
      return runScenario(candidate, { apps }).failure?.invariant === invariant
    },
    ...(mayShrink !== undefined && { mayContinue: mayShrink }),
  })
  const message = runScenario(shrunk.scenario, { apps }).failure?.message ?? failure?.message ?? ''
  return {
    invariant,
    message,
    seed: scenario.seed,
    run,
    drawn: scenario,
    scenario: { ...shrunk.scenario, breaks: { invariant, message } },
    tries: shrunk.tries,
  }
}

/** What a campaign has come to so far. */
class Totals {
  readonly #invariants = new Map<string, number>()
  readonly #goals = new Map<string, number>()
  readonly #fingerprint = new Fingerprint()
  #runs = 0
  #simulatedSeconds = 0
  #messages = 0

  constructor(apps: readonly SimulatedApp[]) {
    const own = apps.flatMap((app) => Object.keys(app.invariants ?? {}))
    for (const name of [...Object.keys(INVARIANTS), ...own]) this.#invariants.set(name, 0)
    for (const name of Object.keys(GOALS)) this.#goals.set(name, 0)
  }

  add(result: RunResult): void {
    this.#runs++
    this.#simulatedSeconds += result.simulatedSeconds
    this.#messages += result.messages
    this.#fingerprint.text(result.fingerprint)
    for (const [name, count] of result.invariants) this.#invariants.set(name, (this.#invariants.get(name) ?? 0) + count)
    for (const [name, count] of result.goals) this.#goals.set(name, (this.#goals.get(name) ?? 0) + count)
  }

  progress(phase: CampaignProgress['phase']): CampaignProgress {
    let goalsReached = 0
    for (const count of this.#goals.values()) if (count > 0) goalsReached++
    return { phase, runs: this.#runs, simulatedSeconds: this.#simulatedSeconds, goalsReached }
  }

  result(
    seed: number,
    failure: CampaignFailure | undefined,
    nondeterminism: Nondeterminism | undefined,
  ): CampaignResult {
    return {
      runs: this.#runs,
      held: failure === undefined && nondeterminism === undefined,
      seed,
      fingerprint: this.#fingerprint.hex(),
      simulatedSeconds: this.#simulatedSeconds,
      messages: this.#messages,
      invariants: this.#invariants,
      goals: this.#goals,
      failure,
      nondeterminism,
    }
  }
}
