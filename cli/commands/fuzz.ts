/** `overworld fuzz`: run after run from one seed, until one breaks. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { runCampaign, scenarioOfRun, type CampaignResult } from '../../scenarios/index.ts'
import { systemRandom } from '../../transports/index.ts'
import { describeScenario } from '../describe-scenario.ts'
import { ExitCode, usageError } from '../exit-codes.ts'
import { findVersion, type CodeVersion } from '../find-version.ts'
import { loadSubject, type LoadedSubject, type SubjectOptions } from '../fuzz/around.ts'
import { checkIdentity, loadCampaign, type CampaignIdentity, type SavedCampaign } from '../fuzz/campaign-file.ts'
import { campaignToJson, describeCampaign, describeRetried, missedGoals } from '../fuzz/campaign-report.ts'
import { CampaignSession, checkThatCodeIsTheSame } from '../fuzz/campaign-session.ts'
import { rememberFailure, retryFailures, type Retried } from '../fuzz/failing-seeds.ts'
import { writeScenario, type WrittenFailure } from '../fuzz/failure-report.ts'
import { toJunit } from '../fuzz/junit.ts'
import { SHRINK_TRIES_ON } from '../fuzz/shrinking.ts'
import { writeWhole } from '../kept-file.ts'
import { isRepeatable, networkOption, type NetworkName } from '../network.ts'
import { formatNumber } from '../numbers.ts'
import { parseCount, parseDuration, parseRun, parseSeed, parseShard } from '../parse.ts'
import { formatScenario } from '../scenario-file.ts'
import { shellCommand } from '../shell-words.ts'
import { watchForStop, type StopSignal, type StopWatch } from '../stop-signal.ts'
import type { Subcommand } from '../subcommand.ts'
import { linesOf, type Terminal } from '../terminal.ts'

interface FuzzOptions extends SubjectOptions {
  readonly runs?: number
  readonly seed?: number
  readonly time?: number
  readonly out: string
  readonly json?: boolean
  readonly jobs: number
  readonly shard?: { readonly index: number; readonly of: number }
  readonly checkDeterminism?: boolean
  readonly requireGoals?: boolean
  readonly junit?: string
  readonly draw?: number
  readonly resume?: string
  readonly known?: boolean
  readonly network?: NetworkName
  readonly shrinkTries?: number
}

const RUNS_DEFAULT = 1_000
const LOOPBACK_RUNS_DEFAULT = 50

export const fuzzCommand: Subcommand = {
  usage: 'fuzz',
  summary: 'Run random disconnect scenarios until one breaks an invariant',
  examples: [
    ['overworld fuzz', '1,000 runs from a seed that is drawn and printed'],
    ['overworld fuzz --runs 5000 --seed 1', 'the same 5,000 runs each time'],
    ['overworld fuzz --time 10m', 'as many as fit into ten minutes'],
    ['overworld fuzz --network wire', 'with real adapters and libraries on simulated sockets'],
    ['overworld fuzz --network loopback', `a few (${LOOPBACK_RUNS_DEFAULT}) on real sockets of this machine`],
    ['overworld fuzz --runs 100000 --jobs 8', 'on eight cores; the result is the same'],
    ['overworld fuzz --runs 1000000 --resume night.resume', 'begins it, and after a stop goes on where it was'],
    ['overworld fuzz --seed 1 --runs 100000 --shard 2/4', 'the second quarter, on one of four machines'],
    ['overworld fuzz --from day.owrec', 'faults, links and times around what recorded clients did'],
    ['overworld fuzz --seed 1 --draw 26 > run-26.json', 'what run 26 of that campaign consists of'],
    ['overworld fuzz --app ./my-app.js', 'your own zones and bots instead of the chat, the arena and the lab'],
    ['overworld fuzz --seed 1 --json | tail -1 | jq .failure', 'for programs'],
  ],
  define(command, terminal, exitWith) {
    command
      .option(
        '--runs <number>',
        `how many at most (default: ${RUNS_DEFAULT}, on loopback ${LOOPBACK_RUNS_DEFAULT}; with --time as many as fit)`,
        parseCount,
      )
      .option('--seed <number>', '0 to 4294967295 (default: drawn, and printed first)', parseSeed)
      .option('--time <duration>', 'stop after this much real time, such as 60s', parseDuration)
      .option(
        '--app <file>',
        'a module whose default export is a game (defineGame), a simulated app, an array of them, { apps: [...] }, or a server program',
      )
      .option('--from <file>', 'draw around a recording, or a scenario: its clients, and what they say, stay')
      .option('--until <duration>', 'of a recording: no further than this after the boot', parseDuration)
      .option('--no-keep-random', 'of a recording: other random values than the recorded ones, from the beginning')
      .option('--out <dir>', 'where failing scenarios are kept', 'overworld-failures')
      .option('--known', 'first try what failed in earlier campaigns (default: unless --seed is given)')
      .option('--no-known', 'do not')
      .addOption(networkOption().default(undefined, 'message'))
      .option('--jobs <number>', 'how many threads; the result is the same whatever it is', parseCount, 1)
      .option('--shard <i/n>', 'only the i-th of n parts of the runs', parseShard)
      .option('--resume <file>', 'keep in this file how far it is; where the file is there already, go on from it')
      .option('--check-determinism', 'make every run twice, and compare (default: one in a hundred)')
      .option('--draw <number>', 'make no run: print the scenario of this one (from 0), for `overworld run`', parseRun)
      .option('--require-goals', 'fail (exit 1) where a goal was never reached')
      .option('--junit <file>', 'also write the result as JUnit XML')
      .option(
        '--shrink-tries <number>',
        'how many smaller scenarios are tried for a failing one (default: 1,000, on wire 300, on loopback 30)',
        parseCount,
      )
      .option('--json', 'end with the result as one JSON object; everything else goes to standard error')
      .addHelpText('after', FUZZ_EXIT_CODES)
      .action(async (options: FuzzOptions) => exitWith(await fuzz(options, terminal)))
  },
}

const FUZZ_EXIT_CODES = `
Ctrl-C ends it with what it has found so far, and says how to go on; a second one ends it at once.

Exit codes: 0 all held, 1 an invariant broke, 2 bad usage, 3 a run came out differently when it was made again,
4 the file of --resume or --from is damaged (a recording is used as far as it is intact), 130 stopped by Ctrl-C.`

async function fuzz(options: FuzzOptions, terminal: Terminal): Promise<ExitCode> {
  const stop = watchForStop()
  try {
    return await fuzzUntil(stop, options, terminal)
  } finally {
    stop.end()
  }
}

async function fuzzUntil(stop: StopWatch, options: FuzzOptions, terminal: Terminal): Promise<ExitCode> {
  const say = options.json === true ? terminal.err : terminal.out
  const plan = await makePlan(options)
  if (options.draw !== undefined) return drawOne(options.draw, plan, terminal)
  const { identity, loaded } = plan
  const { seed, network, shard, code } = identity
  say(`seed ${seed}`)
  const folder = options.out
  const memory = { folder, network, apps: loaded.apps }
  const retried = plan.triesKnown ? await retryFailures(memory) : []
  for (const line of [...describeRetried(retried), ...plan.lines]) say(line)
  const { result, wallSeconds, leftOut, stoppedBy } = await runPlan({ ...plan, stop }, retried, say, terminal)

  const written = writeWhatBroke(result, folder, loaded, network)
  // What was drawn around a file is drawn by no seed alone.
  if (result.failure !== undefined && written !== undefined && loaded.from === undefined) {
    rememberFailure(memory, result.failure, { file: written.file, code })
  }
  const report = { result, written, wallSeconds, network, leftOut, code, shard, retried, stoppedBy }
  for (const line of await describeCampaign(report, loaded)) say(line)
  if (options.json === true) terminal.out(JSON.stringify(campaignToJson(report)))
  if (options.junit !== undefined) {
    const requireGoals = options.requireGoals === true
    writeWhole(options.junit, toJunit(report, { requireGoals, at: new Date() }))
  }
  const exitCode = exitCodeOf(result, stoppedBy, options)
  return exitCode === ExitCode.ok ? plan.exitCode : exitCode
}

/** In words beside the file, so that the file can be redirected. */
function drawOne(run: number, { identity, loaded }: Plan, terminal: Terminal): ExitCode {
  const scenario = scenarioOfRun(identity.seed, run, loaded)
  terminal.err(`run ${run} of seed ${identity.seed}`)
  for (const line of describeScenario(scenario)) terminal.err(line)
  for (const line of linesOf(formatScenario(scenario).trimEnd())) terminal.out(line)
  return ExitCode.ok
}

function exitCodeOf(result: CampaignResult, stoppedBy: StopSignal | undefined, options: FuzzOptions): ExitCode {
  if (result.nondeterminism !== undefined) return ExitCode.nondeterminism
  if (!result.held) return ExitCode.failed
  if (stoppedBy !== undefined) return stoppedBy === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated
  return options.requireGoals === true && missedGoals(result.goals).length > 0 ? ExitCode.failed : ExitCode.ok
}

/** What is to be done: as the options say, and, where it goes on, as its file says. */
interface Plan {
  readonly identity: CampaignIdentity
  readonly loaded: LoadedSubject
  /** What there is to say about the file of `--from`, and what that ends a campaign with that held. */
  readonly lines: readonly string[]
  readonly exitCode: ExitCode
  readonly runs: number
  readonly saved: SavedCampaign | undefined
  readonly options: FuzzOptions
  readonly triesKnown: boolean
}

async function makePlan(options: FuzzOptions): Promise<Plan> {
  const saved = options.resume === undefined ? undefined : loadCampaign(options.resume)
  const network = options.network ?? saved?.network ?? 'message'
  if (!isRepeatable(network)) {
    if (options.jobs > 1) throw usageError('--jobs is for the simulated networks: real sockets share one clock')
    if (options.checkDeterminism === true) {
      throw usageError('--check-determinism is for the simulated networks: real sockets do not repeat themselves')
    }
  }
  const appFile = options.app
  if (appFile === undefined && typeof saved?.appFile === 'string') {
    // The file is data, and may be somebody else's: code is loaded only where the user names it.
    throw usageError(`${options.resume} is a campaign of ${saved.appFile}, which is code: name it with --app to go on`)
  }
  const { loaded, lines, exitCode } = await loadSubject({
    app: appFile,
    from: options.from ?? saved?.from?.file,
    until: options.until ?? saved?.from?.untilMs ?? undefined,
    keepRandom: options.keepRandom !== false && saved?.from?.keepRandom !== false,
  })
  const identity: CampaignIdentity = {
    code: await findCode(appFile),
    seed: options.seed ?? saved?.seed ?? systemRandom().uint32(),
    shard: options.shard ?? saved?.shard ?? null,
    checkDeterminism: options.checkDeterminism ?? saved?.checkDeterminism ?? false,
    network,
    apps: loaded.apps.map(({ app }) => app.name),
    from: loaded.from ?? null,
  }
  const isSeedChosen = options.seed !== undefined || saved !== undefined
  const runs = runsOf(options, saved, network)
  if (options.resume !== undefined && saved !== undefined) {
    checkIdentity(options.resume, saved, identity)
    await checkThatCodeIsTheSame(options.resume, saved, loaded)
  }
  const triesKnown = loaded.from === undefined && (options.known ?? !isSeedChosen)
  return { identity, loaded, lines, exitCode, runs, saved, options, triesKnown }
}

function runsOf({ runs, time, resume }: FuzzOptions, saved: SavedCampaign | undefined, network: NetworkName): number {
  const asked = runs ?? saved?.runs ?? undefined
  if (asked !== undefined) return asked
  if (time === undefined && saved !== undefined) {
    throw usageError(`${resume} has no number of runs: say with --runs or --time how far it is to go on`)
  }
  if (time !== undefined) return Infinity
  return network === 'loopback' ? LOOPBACK_RUNS_DEFAULT : RUNS_DEFAULT
}

/** Of the app, where it is the user's own: its checkout is what may change. */
async function findCode(appFile: string | undefined): Promise<CodeVersion> {
  return appFile === undefined || !existsSync(appFile)
    ? findVersion()
    : findVersion(path.dirname(path.resolve(appFile)))
}

interface Outcome {
  readonly result: CampaignResult
  readonly wallSeconds: number
  readonly leftOut: ReadonlyMap<string, number>
  readonly stoppedBy: StopSignal | undefined
}

async function runPlan(
  { identity, loaded, runs, saved, options, stop }: Plan & { readonly stop: StopWatch },
  retried: readonly Retried[],
  say: (line: string) => void,
  terminal: Terminal,
): Promise<Outcome> {
  const broken = retried.find(({ failure }) => failure !== undefined)?.failure
  if (broken !== undefined) {
    const none = runCampaign({ seed: identity.seed, runs: 0, apps: loaded.apps })
    const result = { ...none, held: false, failure: broken }
    return { result, wallSeconds: 0, leftOut: new Map(), stoppedBy: undefined }
  }
  if (saved !== undefined) {
    const of = runs === Infinity ? '' : ` of ${formatNumber(runs)}`
    say(`goes on after ${formatNumber(saved.checkpoint.runs)}${of} runs, as ${options.resume} says`)
  }
  const { jobs, time } = options
  const shrinkTries = options.shrinkTries ?? SHRINK_TRIES_ON[identity.network]
  const timeMs = time ?? Infinity
  const session = new CampaignSession({ identity, loaded, runs, saved, jobs, timeMs, shrinkTries, stop, terminal })
  const result = await session.run(options.resume)
  const { wallSeconds, leftOut } = session
  if (!result.held || !session.isUnfinished) return { result, wallSeconds, leftOut, stoppedBy: undefined }
  const stoppedBy = stop.signal
  let file = options.resume
  if (stoppedBy !== undefined) {
    say(`stopped by ${stoppedBy} after ${formatNumber(result.runs)} runs`)
    file ??= path.join(options.out, `campaign-${identity.seed}.resume`)
    session.save(file)
  }
  if (file !== undefined)
    say(`to go on: ${shellCommand('npx', '--no-install', 'overworld', 'fuzz', '--resume', file, ...loaded.words)}`)
  return { result, wallSeconds, leftOut, stoppedBy }
}

function writeWhatBroke(
  { failure, nondeterminism }: CampaignResult,
  folder: string,
  { words }: LoadedSubject,
  network: NetworkName,
): WrittenFailure | undefined {
  if (failure !== undefined) {
    return writeScenario(failure.scenario, { folder, name: `${failure.invariant}-${failure.seed}`, words, network })
  }
  if (nondeterminism !== undefined) {
    const { scenario } = nondeterminism
    return writeScenario(scenario, { folder, name: `nondeterminism-${scenario.seed}`, words, network })
  }
  return undefined
}
