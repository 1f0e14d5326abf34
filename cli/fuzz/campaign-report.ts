/** What a campaign prints at its end: lines for people, and one JSON object for programs. */
import { GAME_GOALS, GOALS, type CampaignFailure, type CampaignResult, type Shard } from '../../scenarios/index.ts'
import type { CodeVersion } from '../find-version.ts'
import type { LoadedApps } from '../load-apps.ts'
import { isRepeatable, type NetworkName } from '../network.ts'
import { formatCount, formatNumber, formatSeconds, sum } from '../numbers.ts'
import type { StopSignal } from '../stop-signal.ts'
import type { Retried } from './failing-seeds.ts'
import { describeFailure, describeNondeterminism, type WrittenFailure } from './failure-report.ts'

export interface CampaignReport {
  readonly result: CampaignResult
  readonly written: WrittenFailure | undefined
  /** Real time, that of the sessions before this one included. */
  readonly wallSeconds: number
  readonly network: NetworkName
  /** What could not come true on real sockets, and in how many runs. */
  readonly leftOut: ReadonlyMap<string, number>
  readonly code: CodeVersion
  readonly shard: Shard | null
  /** What failed in earlier campaigns and was tried first. */
  readonly retried: readonly Retried[]
  /** It was stopped before it had come to its end. */
  readonly stoppedBy: StopSignal | undefined
}

export async function describeCampaign(report: CampaignReport, loaded: LoadedApps): Promise<string[]> {
  const { result, written, wallSeconds, network, leftOut } = report
  const figures = [
    `${formatCount(result.runs, 'run')} in ${formatSeconds(wallSeconds)} (${Math.round(result.runs / wallSeconds)} a second)`,
    `${formatNumber(Math.round(result.simulatedSeconds))} s ${network === 'loopback' ? 'on real sockets' : 'simulated'}`,
    `${formatNumber(result.messages)} messages`,
  ].join(', ')
  const checks = formatNumber(sum(result.invariants.values()))
  return [
    ...(result.failure !== undefined && written !== undefined
      ? await describeFailure(result.failure, loaded, written, network)
      : []),
    ...(result.nondeterminism !== undefined && written !== undefined
      ? describeNondeterminism(result.nondeterminism, written)
      : []),
    ...(result.held ? [`held: ${result.invariants.size} invariants, checked ${checks} times`] : ['']),
    figures,
    ...[...leftOut].map(([what, runs]) => `not possible on real sockets, in ${formatCount(runs, 'run')}: ${what}`),
    ...(result.held ? describeGoals(result.goals, loaded) : []),
    `${isRepeatable(network) ? `fingerprint ${result.fingerprint} ` : ''}${codeInWords(report.code)}`,
  ]
}

function codeInWords({ version, commit }: CodeVersion): string {
  return `(version ${version}${commit === '' ? '' : `, commit ${commit}`})`
}

function describeGoals(goals: ReadonlyMap<string, number>, { apps }: LoadedApps): string[] {
  const sentences = new Map(apps.flatMap(({ goals: own = {}, game }) => Object.entries({ ...own, ...game?.goals })))
  for (const [name, sentence] of Object.entries(GAME_GOALS)) sentences.set(name, sentence)
  for (const [name, sentence] of Object.entries(GOALS)) sentences.set(name, sentence)
  if (goals.size === 0) return []
  const missed = missedGoals(goals)
  const reached = `${goals.size - missed.length} of ${goals.size} goals reached`
  if (missed.length === 0) return [reached]
  return [`${reached}; never:`, ...missed.map((name) => `  ${name}: ${sentences.get(name)}`)]
}

export function missedGoals(goals: ReadonlyMap<string, number>): string[] {
  return [...goals].filter(([, times]) => times === 0).map(([name]) => name)
}

/** What was tried first, and what came of it. */
export function describeRetried(retried: readonly Retried[]): string[] {
  if (retried.length === 0) return []
  return [
    `first, what failed before (${formatCount(retried.length, 'seed')}, the fastest to fail before the rest):`,
    ...retried.map(({ known: { seed, invariant, afterMs, file }, failure }) => {
      const what = `  ${invariant}, seed ${seed}, ${formatSeconds(afterMs / 1000)} into the run`
      if (failure === undefined) return `${what}: holds now; it is not tried first any more (${file} stays)`
      return `${what}: still broken${failure.invariant === invariant ? '' : `, now ${failure.invariant}`}`
    }),
  ]
}

export function campaignToJson(report: CampaignReport): object {
  const { result, written, wallSeconds, network, code, shard, retried, stoppedBy } = report
  const { runs, held, seed, fingerprint, simulatedSeconds, messages, failure, nondeterminism } = result
  return {
    runs,
    held,
    seed,
    shard: shard === null ? null : `${shard.index + 1}/${shard.of}`,
    fingerprint: isRepeatable(network) ? fingerprint : null,
    version: code.version,
    commit: code.commit === '' ? null : code.commit,
    simulatedSeconds,
    wallSeconds,
    messages,
    stoppedBy: stoppedBy ?? null,
    invariants: Object.fromEntries(result.invariants),
    sometimes: Object.fromEntries(result.goals),
    retried: retried.map(({ known: { seed: ofRun, invariant }, failure: still }) => {
      return { seed: ofRun, invariant, holds: still === undefined }
    }),
    failure: failure === undefined || written === undefined ? null : failureToJson(failure, written),
    nondeterminism:
      nondeterminism === undefined || written === undefined
        ? null
        : {
            run: nondeterminism.run,
            fingerprints: nondeterminism.fingerprints,
            file: written.file,
            replayCommand: written.replayCommand,
          },
  }
}

function failureToJson(failure: CampaignFailure, { file, replayCommand }: WrittenFailure): object {
  const { invariant, message, seed, run, afterMs, scenario, tries, isSmallest } = failure
  return {
    invariant,
    message,
    seed,
    run,
    afterMs,
    scenario,
    file,
    steps: scenario.steps.length,
    tries,
    isSmallest,
    replayCommand,
  }
}
