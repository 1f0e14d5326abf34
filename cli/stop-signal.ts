/**
 * Waits to be told to stop: by SIGTERM or SIGINT, or by the end of npm where npm started this process. npm passes a
 * signal on to the shell that it runs commands with, which ends without telling its own child: `kill` of an `npx
 * overworld serve` would leave the server behind.
 */
import { constants } from 'node:os'
import process from 'node:process'

export type StopSignal = 'SIGTERM' | 'SIGINT'

export interface StopWatch {
  /** The first signal that came; undefined before that. */
  readonly signal: StopSignal | undefined
  /** Signals end the process again, as they do by default. */
  end(): void
}

const PARENT_LOOK_EVERY_MS = 250

/** The first signal resolves; a second ends the process, whatever it is doing. */
export function stopSignal(): Promise<StopSignal> {
  return new Promise((resolve) => void watchForStop(resolve))
}

/** The same for who looks now and then. `onStop` hears the first signal; a second ends the process. */
export function watchForStop(onStop: (signal: StopSignal) => void = () => {}): StopWatch {
  let told: StopSignal | undefined
  const handle = (signal: StopSignal): void => {
    if (told !== undefined) process.exit(128 + constants.signals[signal])
    told = signal
    onStop(signal)
  }
  process.on('SIGTERM', handle)
  process.on('SIGINT', handle)
  const stopLooking = process.env['npm_command'] === undefined ? () => {} : whenParentEnds(() => handle('SIGTERM'))
  return {
    get signal() {
      return told
    },
    end() {
      process.off('SIGTERM', handle)
      process.off('SIGINT', handle)
      stopLooking()
    },
  }
}

function whenParentEnds(ended: () => void): () => void {
  const parent = process.ppid
  const look = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(look)
    ended()
  }, PARENT_LOOK_EVERY_MS)
  look.unref()
  return () => clearInterval(look)
}
