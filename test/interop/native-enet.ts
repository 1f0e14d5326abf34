/** Builds and drives `native-enet.c`, a peer on Debian's libenet. */
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Why the tests cannot run here, or undefined. */
export function missingForNativeEnet(): string | undefined {
  if (!existsSync('/usr/include/enet/enet.h')) return 'libenet-dev is not installed'
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' })
  } catch {
    return 'gcc is not installed'
  }
  return undefined
}

/** Compiles a program on libenet into a folder of its own; returns its path. */
export function buildNativeEnet(source: string = join(import.meta.dirname, 'native-enet.c')): string {
  const program = join(mkdtempSync(join(tmpdir(), 'overworld-native-enet-')), 'native-enet')
  execFileSync('gcc', ['-O2', '-Wall', '-o', program, source, '-lenet'])
  return program
}

type Wanted = (line: string) => boolean

export class NativeEnet {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #lines: string[] = []
  readonly #waiting: { readonly wanted: Wanted; readonly found: (line: string) => void }[] = []

  constructor(program: string, args: readonly string[]) {
    this.#process = spawn(program, args)
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const waiting = this.#waiting.findIndex(({ wanted }) => wanted(line))
      if (waiting === -1) this.#lines.push(line)
      else this.#waiting.splice(waiting, 1)[0]?.found(line)
    })
  }

  /** The first line, told already or to come, that starts with `start`; it is taken. */
  line(start: string): Promise<string> {
    return this.#take((line) => line.startsWith(start))
  }

  /** The first message on channel 0 that starts with `start` (hex). */
  async received(start: string): Promise<string> {
    const line = await this.#take((each) => each.startsWith(`received 0 ${start}`))
    return line.slice('received 0 '.length)
  }

  send(hex: string, mode = 'reliable', channel = 0): void {
    this.#process.stdin.write(`send ${channel} ${mode} ${hex}\n`)
  }

  disconnect(code: number): void {
    this.#process.stdin.write(`disconnect ${code}\n`)
  }

  /** Without a word. */
  kill(): void {
    this.#process.kill('SIGKILL')
  }

  #take(wanted: Wanted): Promise<string> {
    const index = this.#lines.findIndex(wanted)
    const told = this.#lines[index]
    if (told !== undefined) {
      this.#lines.splice(index, 1)
      return Promise.resolve(told)
    }
    return new Promise((found) => this.#waiting.push({ wanted, found }))
  }
}
