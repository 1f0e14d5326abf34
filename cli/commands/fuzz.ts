/** `overworld fuzz`: run after run from one seed, until one breaks. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import {
  GOALS,
  runCampaign,
  runCampaignOnWire,
  runParallelCampaign,
  runSeed,
  type CampaignFailure,
  type CampaignOptions,
  type CampaignProgress,
  type CampaignResult,
} from '../../scenarios/index.ts'
import { systemRandom } from '../../transports/index.ts'
import { CommandError, ExitCode, usageError } from '../exit-codes.ts'
import { startCampaignThreads } from '../fuzz/campaign-threads.ts'
import { describeFailure, describeNondeterminism, writeScenario, type WrittenFailure } from '../fuzz/failure-report.ts'
import { toJunit } from '../fuzz/junit.ts'
import { loadApps, type LoadedApps } from '../load-apps.ts'
import { networkOption, networkWords, type NetworkName } from '../network.ts'
import { formatCount, formatNumber, formatSeconds, sum } from '../numbers.ts'
import { parseCount, parseDuration, parseSeed, parseShard } from '../parse.ts'
import { shellCommand } from '../shell-words.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

interface FuzzOptions {
  readonly runs?: number
  readonly seed?: number
  readonly time?: number
  readonly app?: string
  readonly out: string
  readonly json?: boolean
  readonly jobs: number
  readonly shard?: { readonly index: number; readonly of: number }
  readonly checkDeterminism?: boolean
  readonly requireGoals?: boolean
  readonly junit?: string
  readonly network: NetworkName
}

const RUNS_DEFAULT = 1_000
/** Real time for making a failing scenario small. */
const SHRINK_MS_MAX = 10_000

export const fuzzCommand: Subcommand = {
  usage: 'fuzz',
  summary: 'Run random disconnect scenarios until one breaks an invariant',
  examples: [
    ['overworld fuzz', '1,000 runs from a seed that is drawn and printed'],
    ['overworld fuzz --runs 5000 --seed 1', 'the same 5,000 runs each time'],
    ['overworld fuzz --time 10m', 'as many as fit into ten minutes'],
    ['overworld fuzz --network wire', 'with real adapters and libraries on simulated sockets'],
    ['overworld fuzz --runs 100000 --jobs 8', 'on eight cores; the result is the same'],
    ['overworld fuzz --seed 1 --runs 100000 --shard 2/4', 'the second quarter, on one of four machines'],
    ['overworld fuzz --app ./my-app.js', 'your own zones and bots instead of the chat and the arena'],
    ['overworld fuzz --seed 1 --json | tail -1 | jq .failure', 'for programs'],
  ],
  define(command, terminal, exitWith) {
    command
      .option('--runs <number>', `how many at most (default: ${RUNS_DEFAULT}, with --time as many as fit)`, parseCount)
      .option('--seed <number>', '0 to 4294967295 (default: drawn, and printed first)', parseSeed)
      .option('--time <duration>', 'stop after this much real time, such as 60s', parseDuration)
      .option('--app <file>', 'a module whose default export is a simulated app, an array of them, or { apps: [...] }')
      .option('--out <dir>', 'where a failing scenario is written', 'overworld-failures')
      .addOption(networkOption())
      .option('--jobs <number>', 'how many threads; the result is the same whatever it is', parseCount, 1)
      .option('--shard <i/n>', 'only the i-th of n parts of the runs', parseShard)
      .option('--check-determinism', 'make every run twice, and compare (default: one in a hundred)')
      .option('--require-goals', 'fail (exit 1) where a goal was never reached')
      .option('--junit <file>', 'also write the result as JUnit XML')
      .option('--json', 'end with the result as one JSON object; everything else goes to standard error')
      .addHelpText('after', FUZZ_EXIT_CODES)
      .action(async (options: FuzzOptions) => exitWith(await fuzz(options, terminal)))
  },
}

const FUZZ_EXIT_CODES = `
Exit codes: 0 all held, 1 an invariant broke, 2 bad usage, 3 a run came out differently when it was made again.`

async function fuzz(options: FuzzOptions, terminal: Terminal): Promise<ExitCode> {
  const say = options.json === true ? terminal.err : terminal.out
  const seed = options.seed ?? systemRandom().uint32()
  say(`seed ${seed}`)
  const loaded = await loadApps(options.app)
  const startedMs = performance.now()
  const result = await campaign(seed, options, loaded, startedMs, terminal)
  const wallSeconds = (performance.now() - startedMs) / 1000
  const written = writeWhatBroke(result, options.out, loaded, options.network)
  for (const line of await describe(result, loaded, written, wallSeconds, options.network)) say(line)
  if (options.json === true) terminal.out(JSON.stringify(toJson(result, written, wallSeconds)))
  if (options.junit !== undefined) {
    writeFileSync(options.junit, toJunit(result, { wallSeconds, commit: await findCommit() }))
  }
  if (result.nondeterminism !== undefined) return ExitCode.nondeterminism
  if (!result.held) return ExitCode.failed
  return options.requireGoals === true && missedGoals(result.goals).length > 0 ? ExitCode.failed : ExitCode.ok
}

async function campaign(
  seed: number,
  options: FuzzOptions,
  { apps, appFile }: LoadedApps,
  startedMs: number,
  terminal: Terminal,
): Promise<CampaignResult> {
  const { time, runs = time === undefined ? RUNS_DEFAULT : Infinity } = options
  const endMs = startedMs + (time ?? Infinity)
  let shrinkEndMs: number | undefined
  let completed = 0
  const { jobs, network } = options
  if (network === 'wire' && jobs > 1) throw usageError('--jobs works with --network message only; use --shard instead')
  const threads = jobs === 1 ? undefined : startCampaignThreads(jobs, appFile)
  try {
    const campaignOptions: CampaignOptions = {
      seed,
      runs,
      apps,
      ...(options.shard !== undefined && { shard: options.shard }),
      checkDeterminism: options.checkDeterminism === true,
      mayContinue: () => performance.now() < endMs,
      mayShrink: () => performance.now() < (shrinkEndMs ??= performance.now() + SHRINK_MS_MAX),
      onProgress(progress) {
        completed = progress.runs
        terminal.progress(() => describeProgress(progress, runs, startedMs))
      },
    }
    if (network === 'wire') return await runCampaignOnWire(campaignOptions)
    if (threads === undefined) return runCampaign(campaignOptions)
    return await runParallelCampaign({ ...campaignOptions, jobs, makeBatch: (batch) => threads.makeBatch(batch) })
  } catch (error) {
    throw explainThrow(error, { seed, run: completed, app: options.app, network })
  } finally {
    await threads?.end()
  }
}

interface ThrowingRun {
  readonly seed: number
  readonly run: number
  readonly app: string | undefined
  readonly network: NetworkName
}

/** Neither an invariant nor a zone's handler, whose errors are reported: a bot, or the simulator itself, threw. */
function explainThrow(error: unknown, { seed, run, app, network }: ThrowingRun): CommandError {
  const appWords = app === undefined ? [] : ['--app', app]
  const words = ['--seed', String(seed), '--runs', String(run + 1), ...appWords, ...networkWords(network)]
  const again = shellCommand('npx', '--no-install', 'overworld', 'fuzz', ...words)
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new CommandError(
    ExitCode.failed,
    `run ${run} (its seed ${runSeed(seed, run)}) threw instead of coming to its end:\n${stack}\nreplay: ${again}`,
  )
}

function describeProgress(progress: CampaignProgress, runsMax: number, startedMs: number): string {
  if (progress.phase === 'shrinking') return `run ${progress.runs} broke; making its scenario small`
  const { runs, simulatedSeconds, goalsReached } = progress
  const perSecond = Math.round((runs / (performance.now() - startedMs)) * 1000)
  const of = runsMax === Infinity ? '' : ` of ${formatNumber(runsMax)}`
  const simulated = `${formatNumber(Math.round(simulatedSeconds))} s simulated`
  return `${formatNumber(runs)}${of} runs, ${perSecond} runs/s, ${simulated}, ${goalsReached} goals reached`
}

function writeWhatBroke(
  { failure, nondeterminism }: CampaignResult,
  folder: string,
  { appFile }: LoadedApps,
  network: NetworkName,
): WrittenFailure | undefined {
  if (failure !== undefined) {
    return writeScenario(failure.scenario, { folder, name: `${failure.invariant}-${failure.seed}`, appFile, network })
  }
  if (nondeterminism !== undefined) {
    const { scenario } = nondeterminism
    return writeScenario(scenario, { folder, name: `nondeterminism-${scenario.seed}`, appFile, network })
  }
  return undefined
}

async function describe(
  result: CampaignResult,
  loaded: LoadedApps,
  written: WrittenFailure | undefined,
  wallSeconds: number,
  network: NetworkName,
): Promise<string[]> {
  const figures = [
    `${formatCount(result.runs, 'run')} in ${formatSeconds(wallSeconds)} (${Math.round(result.runs / wallSeconds)} a second)`,
    `${formatNumber(Math.round(result.simulatedSeconds))} s simulated`,
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
    ...(result.held ? describeGoals(result.goals) : []),
    `fingerprint ${result.fingerprint}`,
  ]
}

function describeGoals(goals: ReadonlyMap<string, number>): string[] {
  const sentences: Readonly<Record<string, string>> = GOALS
  const missed = missedGoals(goals)
  const reached = `${goals.size - missed.length} of ${goals.size} goals reached`
  if (missed.length === 0) return [reached]
  return [`${reached}; never:`, ...missed.map((name) => `  ${name}: ${sentences[name] ?? 'a goal of the app'}`)]
}

function missedGoals(goals: ReadonlyMap<string, number>): string[] {
  return [...goals].filter(([, times]) => times === 0).map(([name]) => name)
}

/** Of the sources in the present folder, for reports; undefined where it is no checkout. */
async function findCommit(): Promise<string | undefined> {
  try {
    return (await promisify(execFile)('git', ['rev-parse', 'HEAD'])).stdout.trim()
  } catch {
    return undefined
  }
}

function toJson(result: CampaignResult, written: WrittenFailure | undefined, wallSeconds: number): object {
  const { runs, held, seed, fingerprint, simulatedSeconds, messages, failure, nondeterminism } = result
  return {
    runs,
    held,
    seed,
    fingerprint,
    simulatedSeconds,
    wallSeconds,
    messages,
    invariants: Object.fromEntries(result.invariants),
    sometimes: Object.fromEntries(result.goals),
    failure: failure === undefined || written === undefined ? null : failureToJson(failure, written),
    nondeterminism:
      nondeterminism === undefined || written === undefined
        ? null
        : { run: nondeterminism.run, fingerprints: nondeterminism.fingerprints, ...written },
  }
}

function failureToJson(failure: CampaignFailure, { file, replayCommand }: WrittenFailure): object {
  const { invariant, message, seed, scenario } = failure
  return { invariant, message, seed, scenario, file, steps: scenario.steps.length, replayCommand }
}
