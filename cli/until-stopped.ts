/**
 * Work that a signal may end, and that writes new files: these are removed where it is stopped or fails, so that the
 * next try finds their places free.
 */
import process from 'node:process'
import { CommandError, ExitCode } from './exit-codes.ts'
import type { StopWatch } from './stop-signal.ts'

/** Signals are only heard between two turns of the event loop. */
const REST_EVERY_MS = 100

/** Ends the command if a signal has come. */
export function refuseStopped({ signal }: Pick<StopWatch, 'signal'>): void {
  if (signal === undefined) return
  const exitCode = signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated
  throw new CommandError(exitCode, `stopped by ${signal}: nothing was written`)
}

/** Takes `steps` to their end, unless a signal comes: then it rejects with what ends the command, after 100 ms and a step. */
export async function takeSteps<T>(steps: Generator<unknown, T>, stop: StopWatch): Promise<T> {
  let restedAt = performance.now()
  try {
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
      if (performance.now() - restedAt < REST_EVERY_MS) continue
      await new Promise((resolve) => void setImmediate(resolve))
      refuseStopped(stop)
      restedAt = performance.now()
    }
  } finally {
    steps.return(undefined as T)
  }
}

/** Runs `work`; where it fails, and where a second signal ends the process at once, calls `remove`. */
export async function orRemove<T>(remove: () => void, work: () => Promise<T>): Promise<T> {
  process.once('exit', remove)
  try {
    return await work()
  } catch (error) {
    remove()
    throw error
  } finally {
    process.off('exit', remove)
  }
}
