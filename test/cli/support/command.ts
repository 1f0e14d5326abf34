/** Runs the real `overworld` command as a process of its own, as its users do. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'

const bin = path.resolve('bin/overworld.js')
/** How long a test waits for a process on a busy machine. */
const PATIENCE_MS = 120_000

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Default: this checkout. */
  readonly cwd?: string
  /** What standard input has; default: nothing. */
  readonly input?: string
}

export async function overworld(args: readonly string[], { cwd, input = '' }: RunOptions = {}): Promise<Finished> {
  const running = new RunningCommand(args, cwd)
  running.end(input)
  return running.finished
}

/** The last line of standard output, as JSON. */
export function lastJson<T>({ stdout }: Finished): T {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T
}

export class RunningCommand {
  readonly finished: Promise<Finished>
  readonly #child: ChildProcessWithoutNullStreams
  readonly #waiting = new Set<() => void>()
  stdout = ''
  stderr = ''

  constructor(args: readonly string[], cwd?: string) {
    this.#child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } })
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#heard({ stdout: text }))
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => this.#heard({ stderr: text }))
    // A command that ends before it has read everything closes the pipe.
    this.#child.stdin.on('error', () => undefined)
    this.finished = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        this.#heard({})
        resolve({ code, stdout: this.stdout, stderr: this.stderr })
      })
    })
  }

  /** Resolves with the match once it is somewhere in what was printed; rejects if that takes too long. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.#waiting.delete(look)
        reject(new Error(`did not print ${String(pattern)}, but:\n${this.stdout}\n${this.stderr}`))
      }, PATIENCE_MS)
      const look = (): void => {
        const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr)
        if (match === null) return
        clearTimeout(giveUp)
        this.#waiting.delete(look)
        resolve(match)
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** Types a line. */
  type(line: string): void {
    this.#child.stdin.write(`${line}\n`)
  }

  end(text = ''): void {
    this.#child.stdin.end(text)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  #heard({ stdout = '', stderr = '' }): void {
    this.stdout += stdout
    this.stderr += stderr
    for (const look of this.#waiting) look()
  }
}
