/**
 * `npm run long`: everything that takes too long for `.ci/run`, part by part, each with a budget of real time. Prints the
 * budgets first and a table at the end. Exit code 1: a part failed or exceeded its budget; 2: there is no such part.
 *
 * `npm run long -- examples nodes`: only these parts. `npm run long -- --short`: a minute or less of each; `.ci/run` does so.
 * A part ends at its first command that fails; the other parts still run.
 */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import process from 'node:process'

interface Command {
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

interface Part {
  readonly what: string
  /** Minutes: in full, and short. Undefined: `.ci/run` runs the same in its tests. */
  readonly minutes: number
  readonly shortMinutes: number | undefined
  commands(isShort: boolean): readonly Command[]
}

const jobs = String(availableParallelism())
const seed = '1'

function overworld(...words: readonly string[]): Command {
  return { words: ['node', 'bin/overworld.js', ...words] }
}

function tool(...words: readonly string[]): Command {
  return { words: ['node', 'tools/run.js', ...words] }
}

function tests(env: Readonly<Record<string, string>>, ...files: readonly string[]): Command {
  return { words: ['npx', '--no-install', 'vitest', 'run', ...files], env }
}

/** Equal seeds give equal runs under every version: the campaign that this very process's version makes is compared with. */
function nodeVersion(version: string, runs: string): Command {
  return tool('tools/same-under-node.ts', version, runs)
}

const PARTS: Readonly<Record<string, Part>> = {
  examples: {
    what: '100,000 runs of the reference apps, 3,000 at wire level, and the programs of examples/',
    minutes: 90,
    shortMinutes: undefined,
    commands: () => [
      overworld('fuzz', '--seed', seed, '--runs', '100000', '--jobs', jobs),
      overworld('fuzz', '--seed', seed, '--runs', '3000', '--network', 'wire', '--jobs', jobs),
      tests({ OVERWORLD_CARD_ROOM_RUNS: '20000', OVERWORLD_CARD_ROOM_SEEDS: '300' }, 'test/examples'),
    ],
  },
  kills: {
    what: 'recorders and campaigns that are killed, again and again',
    minutes: 30,
    shortMinutes: undefined,
    commands: () =>
      Array.from({ length: 20 }, () => tests({}, 'test/recording/commands.test.ts', 'test/cli/campaign.test.ts')),
  },
  stress: {
    what: 'ENet under siege: a million hostile datagrams',
    minutes: 20,
    shortMinutes: 1,
    commands: (isShort) => [tool('tools/hostile.ts', isShort ? '20000' : '1000000')],
  },
  captures: {
    what: 'hostile packet captures and recorded runs, many of each',
    minutes: 30,
    shortMinutes: undefined,
    commands: () => [
      tests({ OVERWORLD_CAPTURE_INPUTS: '20000' }, 'test/capture/fuzz.test.ts'),
      tests({ OVERWORLD_RECORDED_RUNS: '2000' }, 'test/recording/replay.test.ts'),
    ],
  },
  loopback: {
    what: 'every named scenario on real sockets in real time, and a campaign there',
    minutes: 30,
    shortMinutes: undefined,
    commands: () => [
      tests({ OVERWORLD_LOOPBACK: 'full' }, 'test/recording/loopback.test.ts', 'test/scenarios/loopback.test.ts'),
      overworld('fuzz', '--network', 'loopback', '--seed', seed, '--runs', '200'),
    ],
  },
  nodes: {
    what: 'equal campaigns under Node 22 and 24, through npx',
    minutes: 15,
    shortMinutes: 4,
    commands: (isShort) => ['22', '24'].map((version) => nodeVersion(version, isShort ? '30' : '3000')),
  },
  types: {
    what: 'the published types with TypeScript 5.4 to 7.0',
    minutes: 15,
    shortMinutes: undefined,
    commands: () => [tool('tools/typescript-versions.ts')],
  },
  mutants: {
    what: 'the hunt of every planted bug',
    minutes: 120,
    shortMinutes: undefined,
    commands: () => [overworld('mutants'), overworld('mutants', '--network', 'wire')],
  },
  soak: {
    what: '200 clients on real sockets for ten minutes, recorded and replayed',
    minutes: 25,
    shortMinutes: 2,
    commands: (isShort) => [tool('bench/recording-soak.ts', isShort ? '15' : '600')],
  },
}

const MS_PER_MINUTE = 60_000
const PROGRESS_EVERY_MS = 60_000
/** After SIGTERM a command has so long to end. */
const KILL_AFTER_MS = 5_000
/** Exit code where Ctrl-C or SIGTERM ended it. */
const INTERRUPTED = 130

process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const isShort = words.includes('--short')
  const asked = words.filter((word) => word !== '--short')
  const unknown = asked.filter((name) => PARTS[name] === undefined)
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown.join(', ')}; there are: ${Object.keys(PARTS).join(', ')}`)
    return 2
  }
  const parts = Object.entries(PARTS)
    .map(([name, part]) => ({ name, part, minutes: isShort ? part.shortMinutes : part.minutes }))
    .flatMap(({ name, part, minutes }) => (minutes === undefined ? [] : [{ name, part, minutes }]))
    .filter(({ name }) => asked.length === 0 || asked.includes(name))
  for (const { name, part, minutes } of parts) console.log(`${name.padEnd(10)} at most ${minutes} min  ${part.what}`)
  console.log(`${'in all'.padEnd(10)} at most ${parts.reduce((sum, { minutes }) => sum + minutes, 0)} min\n`)
  const results: { readonly name: string; readonly outcome: string; readonly seconds: number }[] = []
  for (const { name, part, minutes } of parts) {
    const startedMs = performance.now()
    console.log(`== ${name} (${results.length + 1} of ${parts.length})`)
    const outcome = await runPart(part.commands(isShort), startedMs + minutes * MS_PER_MINUTE)
    results.push({ name, outcome, seconds: (performance.now() - startedMs) / 1000 })
  }
  console.log('\npart       outcome')
  for (const { name, outcome, seconds } of results) {
    console.log(`${name.padEnd(10)} ${outcome}, ${seconds.toFixed(0)} s`)
  }
  return results.every(({ outcome }) => outcome === 'ok') ? 0 : 1
}

async function runPart(commands: readonly Command[], untilMs: number): Promise<string> {
  for (const [index, command] of commands.entries()) {
    console.log(`-- ${command.words.join(' ')}${commands.length > 1 ? ` (${index + 1} of ${commands.length})` : ''}`)
    const outcome = await runCommand(command, untilMs)
    if (outcome !== 'ok') return `${outcome}: ${command.words.join(' ')}`
  }
  return 'ok'
}

function runCommand({ words: [program = '', ...words], env }: Command, untilMs: number): Promise<string> {
  return new Promise((resolve) => {
    const startedMs = performance.now()
    // A group of its own: what the command has started ends with it.
    const child = spawn(program, words, { stdio: 'inherit', env: { ...process.env, ...env }, detached: true })
    const endGroup = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal)
      } catch {
        // It has ended meanwhile.
      }
    }
    const interrupted = (): void => {
      endGroup('SIGTERM')
      process.exit(INTERRUPTED)
    }
    process.once('SIGINT', interrupted)
    process.once('SIGTERM', interrupted)
    let isOver = false
    const minutes = setInterval(() => {
      console.log(`   ${((performance.now() - startedMs) / MS_PER_MINUTE).toFixed(0)} min`)
    }, PROGRESS_EVERY_MS)
    const budget = setTimeout(
      () => {
        isOver = true
        endGroup('SIGTERM')
        setTimeout(() => endGroup('SIGKILL'), KILL_AFTER_MS).unref()
      },
      Math.max(0, untilMs - startedMs),
    )
    const end = (outcome: string): void => {
      clearInterval(minutes)
      clearTimeout(budget)
      process.off('SIGINT', interrupted)
      process.off('SIGTERM', interrupted)
      resolve(isOver ? 'over its budget' : outcome)
    }
    child.once('error', (error) => end(error.message))
    child.once('exit', (code, signal) => end(code === 0 ? 'ok' : `FAILED (${code ?? signal})`))
  })
}
