/**
 * What the command prints: results on standard output, everything about how it goes on standard error. Progress is a
 * line that overwrites itself where standard error is a terminal, and a plain line now and then where it is not.
 *
 * Each line is printed as `printable`: it may have text in it that others have chosen. So one line is one line, and what
 * has several is handed over line by line (`linesOf`).
 */
import { writeSync } from 'node:fs'
import process from 'node:process'
import { printable } from '../core/printable.ts'
import { ExitCode } from './exit-codes.ts'

export interface Terminal {
  /** Text of our own, as it is: the help. */
  write(text: string, to: 'stdout' | 'stderr'): void
  /** A line of the result. */
  out(line: string): void
  /** A line about how it goes; what the user need not keep. */
  err(line: string): void
  /** The latest state of something that takes a while. Cheap to call often: most calls print nothing. */
  progress(describe: () => string): void
  /**
   * From now on this command outlives whoever reads what it prints. Lines that could not be written are counted, and
   * neither a full disk nor a reader that has stopped reading holds it up.
   */
  outlive?(): void
  /** Resolves once everything is written, or after so long (ms); whether it is. */
  written?(timeoutMs: number): Promise<boolean>
  /**
   * The command is done, or has failed: the process ends after so long (ms) even if something keeps it alive, with the exit code that
   * is set by then. A command within another process has none.
   */
  leave?(timeoutMs: number): void
}

/** `terminal`, to which nothing comes that could steer it. */
export function guardTerminal(terminal: Terminal): Terminal {
  return {
    write: (text, to) =>
      terminal.write(
        text
          .split('\n')
          .map((line) => printable(line))
          .join('\n'),
        to,
      ),
    out: (line) => terminal.out(printable(line)),
    err: (line) => terminal.err(printable(line)),
    progress: (describe) => terminal.progress(() => printable(describe())),
    outlive: () => terminal.outlive?.(),
    written: async (timeoutMs) => (await terminal.written?.(timeoutMs)) ?? true,
    leave: (timeoutMs) => terminal.leave?.(timeoutMs),
  }
}

/** For what has several lines of its own, such as a stack. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/)
}

const REDRAW_EVERY_MS = 100
const PLAIN_LINE_EVERY_MS = 5_000

export function systemTerminal(): Terminal {
  const { stderr } = process
  const outputs = { stdout: new Output(process.stdout), stderr: new Output(stderr) }
  const everyMs = stderr.isTTY ? REDRAW_EVERY_MS : PLAIN_LINE_EVERY_MS
  let shownAtMs = performance.now()
  let isShown = false
  const write: Terminal['write'] = (text, to) => {
    if (isShown) outputs.stderr.write('\r\u001b[2K')
    isShown = false
    outputs[to].write(text)
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
        outputs.stderr.write(`${describe()}\n`)
        return
      }
      // Longer than the terminal is wide, it would leave its beginning behind.
      outputs.stderr.write(`\r\u001b[2K${describe().slice(0, (stderr.columns || 80) - 1)}`)
      isShown = true
    },
    outlive() {
      outputs.stdout.outlive()
      outputs.stderr.outlive()
    },
    async written(timeoutMs) {
      const both = await Promise.all([outputs.stdout.written(timeoutMs), outputs.stderr.written(timeoutMs)])
      return both.every(Boolean)
    },
    leave: (timeoutMs) => void setTimeout(() => process.exit(), timeoutMs).unref(),
  }
}

/** What waits for a reader that does not read; more would fill the memory. */
const WAITING_BYTES_MAX = 1024 * 1024
const LOOK_EVERY_MS = 20

/**
 * One of the two streams. That nobody reads it any more ends the command, as `overworld scenarios | head -1` expects; a
 * command that outlives its log goes on, counts the lines that were lost, and says so once it can write again.
 */
class Output {
  readonly #stream: NodeJS.WriteStream
  #outlives = false
  #lost = 0

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#outlives) return
      // It was the reader's right to stop.
      if (error.code === 'EPIPE') process.exit()
      sayLast(`error: what this command prints cannot be written: ${error.message}\n`)
      process.exit(ExitCode.failed)
    })
  }

  outlive(): void {
    this.#outlives = true
    // Node writes to pipes in the way that waits for the reader, who may have stopped reading.
    const { _handle: handle } = this.#stream as { readonly _handle?: { setBlocking?(isBlocking: boolean): void } }
    if (!this.#stream.isTTY) handle?.setBlocking?.(false)
  }

  async written(timeoutMs: number): Promise<boolean> {
    const endMs = performance.now() + timeoutMs
    while (this.#stream.writableLength > 0) {
      if (performance.now() > endMs) return false
      await new Promise((resolve) => void setTimeout(resolve, LOOK_EVERY_MS))
    }
    return true
  }

  write(text: string): void {
    if (!this.#outlives) {
      this.#stream.write(text)
      return
    }
    if (this.#stream.writableLength > WAITING_BYTES_MAX) {
      this.#lost++
      return
    }
    const lost = this.#lost
    const note = lost === 0 ? '' : `${lost} ${lost === 1 ? 'line' : 'lines'} before this one could not be written\n`
    this.#lost = 0
    try {
      this.#stream.write(`${note}${text}`, (error) => {
        if (error !== null && error !== undefined) this.#lost += lost + 1
      })
    } catch {
      this.#lost += lost + 1
    }
  }
}

/** Standard error may be what cannot be written. */
function sayLast(text: string): void {
  try {
    writeSync(2, text)
  } catch {
    // Nobody can be told.
  }
}
