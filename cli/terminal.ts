/**
 * What the command prints: results on standard output, everything about how it goes on standard error. Progress is a
 * line that overwrites itself where standard error is a terminal, and a plain line now and then where it is not.
 */
import process from 'node:process'

export interface Terminal {
  /** Text as it is. */
  write(text: string, to: 'stdout' | 'stderr'): void
  /** A line of the result. */
  out(line: string): void
  /** A line about how it goes; what the user need not keep. */
  err(line: string): void
  /** The latest state of something that takes a while. Cheap to call often: most calls print nothing. */
  progress(describe: () => string): void
}

const REDRAW_EVERY_MS = 100
const PLAIN_LINE_EVERY_MS = 5_000

export function systemTerminal(): Terminal {
  const { stdout, stderr } = process
  // `overworld scenarios | head -1` closes the pipe early: that is the reader's right.
  stdout.on('error', exitIfNobodyReads)
  stderr.on('error', exitIfNobodyReads)
  const everyMs = stderr.isTTY ? REDRAW_EVERY_MS : PLAIN_LINE_EVERY_MS
  let shownAtMs = performance.now()
  let isShown = false
  const clear = (): void => {
    if (isShown) stderr.write('\r\u001b[2K')
    isShown = false
  }
  const write: Terminal['write'] = (text, to) => {
    clear()
    process[to].write(text)
  }
  return {
    write,
    out: (line) => write(`${line}\n`, 'stdout'),
    err: (line) => write(`${line}\n`, 'stderr'),
    progress(describe) {
      const nowMs = performance.now()
      if (nowMs - shownAtMs < everyMs) return
      shownAtMs = nowMs
      if (!stderr.isTTY) {
        stderr.write(`${describe()}\n`)
        return
      }
      // Longer than the terminal is wide, it would leave its beginning behind.
      stderr.write(`\r\u001b[2K${describe().slice(0, (stderr.columns || 80) - 1)}`)
      isShown = true
    },
  }
}

function exitIfNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit()
}
