/**
 * One sitting of a campaign: from its beginning, or from where an earlier sitting had come to, until it ends, its time is
 * up, or somebody stops it. How far it is is saved now and then.
 */
import { OverworldError } from '../../core/index.ts'
import {
  LoopbackRuns,
  patientMessages,
  runParallelCampaign,
  runPatientCampaign,
  runSeed,
  simulatedNetworks,
  type CampaignOptions,
  type CampaignProgress,
  type CampaignResult,
  type RunMaker,
} from '../../scenarios/index.ts'
import { CommandError, ExitCode, usageError } from '../exit-codes.ts'
import { isRepeatable, networkWords } from '../network.ts'
import { formatCount, formatNumber, formatSeconds } from '../numbers.ts'
import { Patience } from '../patience.ts'
import { shellCommand } from '../shell-words.ts'
import type { StopWatch } from '../stop-signal.ts'
import { linesOf, type Terminal } from '../terminal.ts'
import { fromWords, type LoadedSubject } from './around.ts'
import { shrinkingInWords } from './shrinking.ts'
import { saveCampaign, type CampaignIdentity, type SavedCampaign } from './campaign-file.ts'
import { startCampaignThreads } from './campaign-threads.ts'

export interface SessionOptions {
  readonly identity: CampaignIdentity
  readonly loaded: LoadedSubject
  /** How many at most, those of earlier sittings included; Infinity: no end. */
  readonly runs: number
  /** Where an earlier sitting had come to. */
  readonly saved: SavedCampaign | undefined
  readonly jobs: number
  /** Real time for this sitting; Infinity: no end. */
  readonly timeMs: number
  /** How many scenarios are tried at most to make a failing one small. */
  readonly shrinkTries: number
  /** Somebody may stop it. */
  readonly stop: StopWatch
  readonly terminal: Terminal
}

const SAVE_EVERY_MS = 5_000
/** How often signals are heard and a terminal drawn: rarely enough to cost nothing, often enough to feel at once. */
const PAUSE_EVERY_MS = 25

export class CampaignSession {
  readonly #options: SessionOptions
  readonly #startedMs = performance.now()
  readonly #onLoopback = new LoopbackRuns()
  #progress: CampaignProgress | undefined
  #pausedAtMs = 0
  #savedAtMs = 0

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /** All sittings together. */
  get wallSeconds(): number {
    return (this.#options.saved?.wallSeconds ?? 0) + this.#elapsedMs / 1000
  }

  /** What could not come true on real sockets, and in how many runs of this sitting. */
  get leftOut(): ReadonlyMap<string, number> {
    return this.#onLoopback.leftOut
  }

  /** There are runs left. */
  get isUnfinished(): boolean {
    const { runs, identity } = this.#options
    const { index, of } = identity.shard ?? { index: 0, of: 1 }
    return this.#runsSoFar < Math.ceil((runs - index) / of)
  }

  /** `file`: where to keep how far it is. */
  async run(file: string | undefined): Promise<CampaignResult> {
    const { jobs, loaded, identity } = this.#options
    const { network } = identity
    const threads = jobs === 1 ? undefined : startCampaignThreads(jobs, loaded.appFile)
    try {
      if (file !== undefined) this.save(file)
      const options = { ...this.#campaignOptions(file), pause: () => this.#pause() }
      const result =
        threads === undefined || !isRepeatable(network)
          ? await runPatientCampaign(options, this.#maker)
          : await runParallelCampaign({ ...options, jobs, network, makeBatch: (batch) => threads.makeBatch(batch) })
      // A run that broke is left out: whoever goes on meets it again.
      if (file !== undefined && result.held) this.save(file)
      return result
    } catch (error) {
      const isMisuse = error instanceof OverworldError && error.code === 'bad_option'
      throw isMisuse || error instanceof CommandError ? error : this.#explainThrow(error)
    } finally {
      await threads?.end()
    }
  }

  get #maker(): RunMaker {
    const { loaded, identity, stop, terminal } = this.#options
    const { network } = identity
    if (!isRepeatable(network)) return this.#onLoopback
    // What was recorded may have taken days.
    if (network !== 'message' || loaded.around === undefined) return simulatedNetworks[network]
    const patience = new Patience(stop, terminal)
    const { durationMs } = loaded.around
    return patientMessages((nowMs) => {
      return patience.pause(() => {
        const inRun = `${formatSeconds(nowMs / 1000)} of ${formatSeconds(durationMs / 1000)} in this one`
        return `${formatCount(this.#runsSoFar, 'run')}, ${inRun}`
      })
    })
  }

  save(file: string): void {
    const { identity, loaded, runs, saved } = this.#options
    const checkpoint = this.#progress?.checkpoint() ?? saved?.checkpoint ?? NO_RUNS
    saveCampaign(file, {
      ...identity,
      appFile: loaded.appFile ?? null,
      runs: runs === Infinity ? null : runs,
      wallSeconds: this.wallSeconds,
      checkpoint,
    })
    this.#savedAtMs = performance.now()
  }

  #campaignOptions(file: string | undefined): CampaignOptions {
    const { identity, loaded, runs, saved, timeMs, shrinkTries, stop, terminal } = this.#options
    const { seed, shard, checkDeterminism } = identity
    return {
      seed,
      runs,
      apps: loaded.apps,
      ...(loaded.around !== undefined && { around: loaded.around }),
      checkDeterminism,
      ...(shard !== null && { shard }),
      ...(saved !== undefined && { from: saved.checkpoint }),
      mayContinue: () => stop.signal === undefined && this.#elapsedMs < timeMs,
      shrinkTries,
      mayShrink: () => stop.signal === undefined,
      onProgress: (progress) => {
        if (progress.phase === 'running') this.#progress = progress
        if (file !== undefined && progress.phase === 'running') this.#saveNowAndThen(file)
        terminal.progress(() => this.#describe(progress))
      },
    }
  }

  #saveNowAndThen(file: string): void {
    if (performance.now() - this.#savedAtMs >= SAVE_EVERY_MS) this.save(file)
  }

  /** Lets the process hear signals. */
  async #pause(): Promise<void> {
    const nowMs = performance.now()
    if (nowMs - this.#pausedAtMs < PAUSE_EVERY_MS) return
    this.#pausedAtMs = nowMs
    await new Promise((resolve) => void setImmediate(resolve))
  }

  get #elapsedMs(): number {
    return performance.now() - this.#startedMs
  }

  get #runsSoFar(): number {
    return this.#progress?.runs ?? this.#options.saved?.checkpoint.runs ?? 0
  }

  #describe(progress: CampaignProgress): string {
    if (progress.shrinking !== undefined) {
      return `run ${progress.runs} broke; making its scenario small: ${shrinkingInWords(progress.shrinking, this.#options.shrinkTries)}`
    }
    const { runs: runsMax, saved } = this.#options
    const { runs, simulatedSeconds, goalsReached } = progress
    const perSecond = Math.round(((runs - (saved?.checkpoint.runs ?? 0)) / this.#elapsedMs) * 1000)
    const of = runsMax === Infinity ? '' : ` of ${formatNumber(runsMax)}`
    const simulated = `${formatNumber(Math.round(simulatedSeconds))} s simulated`
    return `${formatNumber(runs)}${of} runs, ${perSecond} runs/s, ${simulated}, ${goalsReached} goals reached`
  }

  /** Neither an invariant nor a zone's handler, whose errors are reported: a bot, or the simulator itself, threw. */
  #explainThrow(error: unknown): CommandError {
    const { identity, loaded } = this.#options
    const { seed, network, shard } = identity
    const { index, of } = shard ?? { index: 0, of: 1 }
    const run = index + this.#runsSoFar * of
    const subjectWords = [...fromWords(loaded), ...loaded.words, ...networkWords(network)]
    const words = ['--seed', String(seed), '--runs', String(run + 1), ...subjectWords]
    const again = shellCommand('npx', '--no-install', 'overworld', 'fuzz', ...words)
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    if (String((error as NodeJS.ErrnoException).code).startsWith('ERR_WORKER')) {
      const from = `after ${formatNumber(this.#runsSoFar)} runs, so in run ${run} or one of those after it`
      return new CommandError(
        ExitCode.failed,
        linesOf(`a thread died ${from}:\n${stack}\nto look, without threads: ${again}`),
      )
    }
    return new CommandError(
      ExitCode.failed,
      linesOf(
        `run ${run} (its seed ${runSeed(seed, run)}) threw instead of coming to its end:\n${stack}\nreplay: ${again}`,
      ),
    )
  }
}

const NO_RUNS = {
  runs: 0,
  fingerprint: [0, 0, 0, 0, 0] as const,
  simulatedSeconds: 0,
  messages: 0,
  invariants: {},
  goals: {},
  last: null,
}

/** The commit does not tell everything: a change that is not committed, a dependency. The last run does. */
export async function checkThatCodeIsTheSame(
  file: string,
  { seed, network, checkpoint: { last } }: SavedCampaign,
  loaded: LoadedSubject,
): Promise<void> {
  if (last === null || !isRepeatable(network)) return
  const { fingerprint } = await simulatedNetworks[network].makeRun(seed, last.run, loaded, { twice: false })
  if (fingerprint === last.fingerprint) return
  throw usageError(
    `${file}: run ${last.run}, the last one it made, comes out differently now: something has changed since ` +
      '(the app, a dependency, this program). Runs of two programs do not add up: begin anew in another file',
  )
}
