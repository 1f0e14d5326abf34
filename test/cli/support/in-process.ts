/** Runs the command inside the test: what needs no process of its own starts in no time. */
import { main } from '../../../cli/main.ts'
import type { Terminal } from '../../../cli/terminal.ts'
import type { Finished } from './command.ts'

export async function inProcess(args: readonly string[]): Promise<Finished> {
  const printed = { stdout: '', stderr: '' }
  const write: Terminal['write'] = (text, to) => {
    printed[to] += text
  }
  const code = await main(args, {
    write,
    out: (line) => write(`${line}\n`, 'stdout'),
    err: (line) => write(`${line}\n`, 'stderr'),
    progress: () => undefined,
  })
  return { code, ...printed }
}
