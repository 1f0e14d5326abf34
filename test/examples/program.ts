/** Starts an example as a user would, in a process of its own, and waits for what it prints. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Program {
  /** What it printed after `listening on `. */
  readonly address: string
  /** Asks it to end (SIGTERM), and resolves with its exit code once it has. */
  stop(): Promise<number | null>
}

export async function startProgram(file: string, ...options: readonly string[]): Promise<Program> {
  const child = spawn(process.execPath, ['tools/run.js', file, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit') as Promise<[number | null]>
  let said = ''
  const address = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString()
      const [, found] = /listening on (\S+)/.exec(said) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', () => reject(new Error(`${file} ended before it listened:\n${said}`)))
  })
  return {
    address,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      return code
    },
  }
}
