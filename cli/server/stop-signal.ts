/**
 * Waits to be told to stop: by SIGTERM or SIGINT, or by the end of npm where npm started this process. npm passes a
 * signal on to the shell that it runs commands with, which ends without telling its own child: `kill` of an `npx
 * overworld serve` would leave the server behind.
 */
import { constants } from 'node:os'
import process from 'node:process'

export type StopSignal = 'SIGTERM' | 'SIGINT'

const PARENT_LOOK_EVERY_MS = 250

/** The first signal resolves; a second ends the process, whatever it is doing. */
export function stopSignal(): Promise<StopSignal> {
  return new Promise((resolve) => {
    let isTold = false
    const handle = (signal: StopSignal): void => {
      if (isTold) process.exit(128 + constants.signals[signal])
      isTold = true
      resolve(signal)
    }
    process.on('SIGTERM', handle)
    process.on('SIGINT', handle)
    if (process.env['npm_command'] !== undefined) whenParentEnds(() => handle('SIGTERM'))
  })
}

function whenParentEnds(ended: () => void): void {
  const parent = process.ppid
  const look = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(look)
    ended()
  }, PARENT_LOOK_EVERY_MS)
  look.unref()
}
