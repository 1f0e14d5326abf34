/** What takes long hears signals now and then, and stops at the first with what it has come to. */
import { RunStopped } from '../scenarios/index.ts'
import { CommandError, ExitCode } from './exit-codes.ts'
import { watchForStop, type StopWatch } from './stop-signal.ts'
import type { Terminal } from './terminal.ts'

/** Rarely enough to cost nothing, often enough to feel at once. */
const PAUSE_EVERY_MS = 25

export class Patience {
  readonly #stop: StopWatch
  readonly #terminal: Terminal
  #pausedAtMs = performance.now()

  constructor(stop: StopWatch, terminal: Terminal) {
    this.#stop = stop
    this.#terminal = terminal
  }

  /** Call it often. `describe`: how far it is, in words. Throws `RunStopped` once a signal has come. */
  async pause(describe: () => string): Promise<void> {
    const nowMs = performance.now()
    if (nowMs - this.#pausedAtMs < PAUSE_EVERY_MS) return
    this.#terminal.progress(describe)
    await new Promise((resolve) => void setImmediate(resolve))
    this.#pausedAtMs = performance.now()
    if (this.#stop.signal !== undefined) throw new RunStopped(describe())
  }
}

/** Runs `work`, which a signal stops at its next pause: that is said, with how far it was, and is the exit code. */
export async function patiently<T>(terminal: Terminal, work: (patience: Patience) => Promise<T>): Promise<T> {
  const stop = watchForStop()
  try {
    return await work(new Patience(stop, terminal))
  } catch (error) {
    if (!(error instanceof RunStopped) || stop.signal === undefined) throw error
    const exitCode = stop.signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated
    throw new CommandError(exitCode, `stopped by ${stop.signal}: ${error.message}`)
  } finally {
    stop.end()
  }
}
