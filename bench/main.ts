/**
 * `npm run bench`: runs the benchmarks and prints what they measured, with ratios to something measured in the same
 * run. `npm run bench -- fuzz codec` runs only these; `--json` prints JSON; `--list` says which there are.
 *
 * Nothing here is a test: a number depends on the machine and on who else uses it. What a recording costs has programs
 * of its own (`recording.ts`, `recording-soak.ts`), because it needs minutes and a disk.
 */
import { availableParallelism, cpus, loadavg } from 'node:os'
import process from 'node:process'
import type { Benchmark, Figure } from './benchmark.ts'
import { clientBundle } from './client-bundle.ts'
import { codec } from './codec.ts'
import { enet } from './enet.ts'
import { eventLoop } from './event-loop.ts'
import { fuzz } from './fuzz.ts'
import { memory } from './memory.ts'
import { simCore } from './sim-core.ts'
import { simNetwork } from './sim-network.ts'
import { websocket } from './websocket.ts'
import { wire } from './wire.ts'

const BENCHMARKS: readonly Benchmark[] = [
  eventLoop,
  simNetwork,
  simCore,
  fuzz,
  memory,
  wire,
  codec,
  websocket,
  enet,
  clientBundle,
]

interface Result {
  readonly benchmark: string
  readonly figures: readonly Figure[]
}

const words = process.argv.slice(2)
const names = words.filter((word) => !word.startsWith('--'))
const unknown = names.filter((name) => !BENCHMARKS.some((each) => each.name === name))

if (words.includes('--list') || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no benchmark '${unknown.join("', '")}'. There are:`)
  for (const { name, about } of BENCHMARKS) console.log(`${name.padEnd(16)} ${about}`)
  process.exitCode = unknown.length > 0 ? 2 : 0
} else {
  const chosen = BENCHMARKS.filter(({ name }) => names.length === 0 || names.includes(name))
  await runAll(chosen, words.includes('--json'))
}

async function runAll(benchmarks: readonly Benchmark[], isJson: boolean): Promise<void> {
  const results: Result[] = []
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? '?', cores: availableParallelism() }
  const loadBefore = loadOf()
  if (!isJson) console.log(`Node ${machine.node}, ${machine.cores} × ${machine.cpu}, load ${loadBefore}`)
  for (const benchmark of benchmarks) {
    if (!isJson) console.log(`\n${benchmark.name}: ${benchmark.about}`)
    const figures = await benchmark.run()
    results.push({ benchmark: benchmark.name, figures })
    if (!isJson) for (const figure of figures) console.log(lineOf(figure))
  }
  const loadAfter = loadOf()
  if (isJson) console.log(JSON.stringify({ ...machine, loadBefore, loadAfter, results }, undefined, 2))
  else console.log(`\nload ${loadAfter} at the end`)
}

/** Processes that wanted to run during the last minute: far above the number of cores, only ratios mean anything. */
function loadOf(): string {
  return (loadavg()[0] ?? 0).toFixed(1)
}

function lineOf({ what, value, unit, goal, ratio }: Figure): string {
  const columns = [`  ${what.padEnd(42)}`, `${shortOf(value)}`.padStart(10), `${unit}${goalOf(goal)}`.padEnd(32)]
  if (ratio !== undefined) columns.push(`${shortOf(ratio.value)} × ${ratio.to}${goalOf(ratio.goal)}`)
  return columns.join(' ').trimEnd()
}

function goalOf(goal: number | undefined): string {
  return goal === undefined ? '' : ` (goal ${shortOf(goal)})`
}

function shortOf(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}
