/** `overworld mutants`: whether the fuzzer finds the bugs that were planted for it. */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { InvalidArgumentError, Option } from 'commander'
import { HUNTS, type Mutant } from '../../scenarios/mutants/index.ts'
import type { HuntAll, Hunted } from '../../scenarios/mutants/hunt.ts'
import { closestTo } from '../../core/closest.ts'
import { ExitCode, usageError } from '../exit-codes.ts'
import { formatNumber, formatSeconds } from '../numbers.ts'
import { parseCount, parseSeed } from '../parse.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

interface MutantsOptions {
  readonly runs?: number
  readonly network: 'message' | 'wire'
  readonly seed: number
  readonly jobs: number
  readonly list?: boolean
  readonly json?: boolean
}

const JOBS_MAX = 256

export const mutantsCommand: Subcommand = {
  usage: 'mutants',
  summary: 'Plant known bugs in a copy of the sources, and see whether the fuzzer finds them',
  examples: [
    ['overworld mutants', 'all of them, one after the other as cores are free'],
    ['overworld mutants joined-twice two-tabs-fight', 'these two'],
    ['overworld mutants --network wire', 'those in the adapters of WebSocket and ENet'],
    ['overworld mutants --list', 'their names, what each does, and where it really happened'],
    ['overworld mutants --json | jq ".mutants[] | select(.found | not)"', 'for programs'],
  ],
  define(command, terminal, exitWith) {
    command
      .argument('[names...]', 'which of them (default: all)')
      .addOption(
        new Option(
          '--network <name>',
          'message: bugs in the core and the client; wire: in the adapters, which only simulated sockets find',
        )
          .choices(Object.keys(HUNTS))
          .default('message'),
      )
      .option(
        '--runs <number>',
        `how many runs each may take (default: ${HUNTS.message.runs}, on wire ${HUNTS.wire.runs})`,
        parseCount,
      )
      .option('--seed <number>', 'of each campaign, 0 to 4294967295', parseSeed, 1)
      .option('--jobs <number>', 'how many at a time; the results are the same', parseJobs, availableParallelism())
      .option('--list', 'print the planted bugs, and run nothing')
      .option('--json', 'end with the result as one JSON object; everything else goes to standard error')
      .addHelpText(
        'after',
        '\nThis needs the sources: it works in a checkout, not in the published package.\n\nExit codes: 0 all were found, 1 one survived, 2 bad usage.',
      )
      .action(async (names: readonly string[], options: MutantsOptions) => {
        const mutants = pick(names, HUNTS[options.network].planted)
        exitWith(options.list === true ? list(mutants, terminal) : await hunt(mutants, options, terminal))
      })
  },
}

function parseJobs(text: string): number {
  const jobs = parseCount(text)
  if (jobs > JOBS_MAX) throw new InvalidArgumentError(`At most ${JOBS_MAX}.`)
  return jobs
}

function pick(names: readonly string[], planted: readonly Mutant[]): readonly Mutant[] {
  if (names.length === 0) return planted
  const wanted = new Set(names)
  for (const name of wanted) {
    if (planted.some((mutant) => mutant.name === name)) continue
    const closest = closestTo(
      name,
      planted.map((mutant) => mutant.name),
    )
    const hint = closest === undefined ? ';' : `; did you mean '${closest}'?`
    throw usageError(`there is no mutant '${name}'${hint} \`overworld mutants --list\` names them all`)
  }
  return planted.filter(({ name }) => wanted.has(name))
}

function list(mutants: readonly Mutant[], terminal: Terminal): ExitCode {
  for (const { name, source, sentence } of mutants) {
    terminal.out(name)
    terminal.out(`  ${sentence}`)
    terminal.out(`  (${source})`)
  }
  return ExitCode.ok
}

async function hunt(mutants: readonly Mutant[], options: MutantsOptions, terminal: Terminal): Promise<ExitCode> {
  const huntAll = await loadHunt()
  const say = options.json === true ? terminal.err : terminal.out
  const width = Math.max(...mutants.map(({ name }) => name.length))
  say(describeHeader(width))
  let done = 0
  const progress = (): void => terminal.progress(() => `${done} of ${mutants.length} mutants hunted`)
  const ticking = setInterval(progress, 1_000)
  const { network, runs = HUNTS[network].runs, seed, jobs } = options
  try {
    const hunted = await huntAll({
      mutants,
      runs,
      seed,
      jobs,
      network,
      onHunted(result) {
        done++
        say(describe(result, width))
      },
    })
    const survivors = hunted.filter(({ found }) => !found)
    for (const line of summarise(hunted, survivors)) say(line)
    if (options.json === true) terminal.out(JSON.stringify({ seed, mutants: hunted }))
    return survivors.length === 0 ? ExitCode.ok : ExitCode.failed
  } finally {
    clearInterval(ticking)
  }
}

/** In a checkout alone there are sources to plant a bug in, and esbuild to bundle them. */
async function loadHunt(): Promise<HuntAll> {
  const loader = new URL('../../tools/sources.js', import.meta.url)
  if (!existsSync(fileURLToPath(loader))) {
    throw usageError('planting bugs needs the sources of Overworld: run this in a checkout of its repository')
  }
  const { importSource } = (await import(loader.href)) as { importSource(file: string): Promise<unknown> }
  const file = fileURLToPath(new URL('../../tools/hunt-mutants.ts', import.meta.url))
  const { huntMutants } = (await importSource(file)) as { readonly huntMutants: HuntAll }
  return huntMutants
}

function describeHeader(width: number): string {
  return `${'mutant'.padEnd(width)}  found   runs  seconds  steps  invariant`
}

function describe({ name, found, runs, seconds, steps, invariant, message }: Hunted, width: number): string {
  return [
    name.padEnd(width),
    (found ? 'yes' : 'NO').padEnd(5),
    formatNumber(runs).padStart(5),
    seconds.toFixed(1).padStart(7),
    (steps === null ? '-' : String(steps)).padStart(5),
    invariant ?? message ?? 'survived',
  ].join('  ')
}

function summarise(hunted: readonly Hunted[], survivors: readonly Hunted[]): string[] {
  const steps = hunted.flatMap(({ steps: left }) => (left === null ? [] : [left])).sort((a, b) => a - b)
  const seconds = hunted.reduce((sum, each) => sum + each.seconds + each.shrinkSeconds, 0)
  const median = steps[Math.floor(steps.length / 2)]
  return [
    `${hunted.length - survivors.length} of ${hunted.length} found in ${formatSeconds(seconds)} of computing` +
      (median === undefined ? '' : `; median ${median} steps after shrinking`),
    ...(survivors.length === 0 ? [] : [`survived: ${survivors.map(({ name }) => name).join(', ')}`]),
  ]
}
