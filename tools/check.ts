/**
 * `npm run check`: everything about the sources that a machine can judge without running them. Prints each step that
 * failed, with its output, and one line a step.
 *
 * `npm run check -- types lint` runs only the steps named.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import process from 'node:process'

/** Longest first, so that the last one to finish is a short one. */
const steps: Readonly<Record<string, readonly string[]>> = {
  types: ['tsc', '-p', 'tsconfig.json'],
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  imports: ['depcruise', '--config', '.dependency-cruiser.mjs', ...folders()],
  'generated code': ['node', 'tools/run.js', 'tools/generate.ts', '--check'],
  'unused code': ['knip', '--no-progress'],
  'core types': ['tsc', '-p', 'tsconfig.core.json'],
  mutants: ['node', 'tools/run.js', 'tools/check-mutants.ts'],
  'api docs': ['typedoc', '--emit', 'none', '--logLevel', 'Warn'],
  bans: ['node', 'tools/run.js', 'tools/check-bans.ts'],
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => steps[name] === undefined)
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are: ${Object.keys(steps).join(', ')}`)
  process.exit(2)
}

const waiting = Object.entries(steps).filter(([name]) => asked.length === 0 || asked.includes(name))
const failed: string[] = []
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, runWaitingSteps))
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exitCode = 1
}

async function runWaitingSteps(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const [name, command] = step
    const started = performance.now()
    const { status, output } = await run(command)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    if (status === 0) {
      console.log(`ok      ${name} (${seconds} s)`)
    } else {
      failed.push(name)
      console.error(`FAILED  ${name} (${seconds} s): ${command.join(' ')}\n${output.trimEnd()}\n`)
    }
  }
}

async function run([program = '', ...options]: readonly string[]): Promise<{ status: number; output: string }> {
  const bin = path.resolve('node_modules', '.bin')
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`, NO_COLOR: '1' }
  const child = spawn(program, options, { env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => chunks.push(chunk))
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: 1, output: error.message }))
    child.on('close', (code) => resolve({ status: code ?? 1, output: chunks.join('') }))
  })
}

function folders(): string[] {
  return [
    'index.ts',
    'core',
    'recording',
    'transports',
    'sim',
    'scenarios',
    'cli',
    'examples',
    'test',
    'bench',
    'tools',
  ].filter(existsSync)
}
