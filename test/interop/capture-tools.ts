/** Takes real captures with tcpdump, and lets tshark say what is in one. */
import { execFileSync, spawn } from 'node:child_process'

/** Why captures cannot be taken or read here, or undefined. */
export function missingForCaptures(...programs: readonly ('tcpdump' | 'tshark')[]): string | undefined {
  for (const program of programs) {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' })
    } catch {
      return `${program} is not installed`
    }
  }
  if (!programs.includes('tcpdump')) return undefined
  try {
    execFileSync('tcpdump', ['-i', 'lo', '-c', '1', '-w', '/dev/null', '-G', '1', '-W', '1'], {
      stdio: 'ignore',
      timeout: 3_000,
    })
  } catch (error) {
    const { code, status } = error as { readonly code?: string; readonly status?: number | null }
    // Nothing came by, which is no trouble.
    if (code !== 'ETIMEDOUT' && status !== null) return 'tcpdump may not capture here'
  }
  return undefined
}

export interface Capturing {
  /** Ends it, once everything that was sent so far is in the file. */
  end(): Promise<void>
}

export const TCPDUMP: readonly string[] = ['tcpdump', '-i', 'lo', '-n', '-U', '--immediate-mode', '-B', '16384']
/** Its captures are pcapng, and have all interfaces. */
export const TSHARK_ANY: readonly string[] = ['tshark', '-i', 'any', '-q', '-n', '-B', '16']

/** Takes what passes on the loopback interface into `file`. `command`: the program and its options. */
export async function capture(file: string, filter: string, command: readonly string[] = TCPDUMP): Promise<Capturing> {
  const [program = '', ...options] = command
  const child = spawn(program, [...options, '-w', file, ...(program === 'tshark' ? ['-f', filter] : [filter])])
  let said = ''
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (/listening on|Capturing on/.test(said)) resolve()
    })
    child.on('close', () => reject(new Error(`tcpdump ended: ${said}`)))
    child.on('error', reject)
  })
  // tshark says so before it does.
  if (program === 'tshark') await new Promise((resolve) => setTimeout(resolve, 1_000))
  return {
    async end() {
      await new Promise((resolve) => setTimeout(resolve, 500))
      child.kill('SIGINT')
      await ended
    },
  }
}

/** The fields of each packet that the filter lets through, one line a packet. */
export function tshark(
  file: string,
  filter: string,
  fields: readonly string[],
  options: readonly string[] = [],
): string[][] {
  const args = ['-r', file, ...options, '-Y', filter, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])]
  const out = execFileSync('tshark', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 28,
  })
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}
