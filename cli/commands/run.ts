/** `overworld run`: one scenario, told step by step. */
import { notOnLoopback, type Scenario } from '../../scenarios/index.ts'
import type { World } from '../../sim/index.ts'
import { runTelling } from '../account-of-run.ts'
import { ExitCode, usageError } from '../exit-codes.ts'
import { loadApps } from '../load-apps.ts'
import { networkOption, networkWords, type NetworkName } from '../network.ts'
import { formatSeconds } from '../numbers.ts'
import { patiently, type Patience } from '../patience.ts'
import { parseSeed, parseSpeed } from '../parse.ts'
import { describeRun, runToJson } from '../run-report.ts'
import { findScenario } from '../scenario-source.ts'
import { shellCommand } from '../shell-words.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

const PROGRESS_EVERY_MS = 100

interface RunCommandOptions {
  readonly seed?: number
  readonly app?: string
  readonly trace?: boolean
  readonly json?: boolean
  readonly network: NetworkName
  readonly speed?: number
}

export const runCommand: Subcommand = {
  usage: 'run',
  summary: 'Run one scenario in the simulator, and tell what happens',
  examples: [
    ['overworld run tunnel', 'a named scenario, in readable steps'],
    ['overworld run overworld-failures/grace-period-123.json', 'replays a failure that the fuzzer wrote down'],
    ['overworld run tunnel --network wire', 'the same with real adapters and libraries on simulated sockets'],
    ['overworld run tunnel --network loopback', 'the same on real sockets of this machine, in real time'],
    ['overworld run tunnel --network loopback --speed max', 'as fast as the sockets allow'],
    ['overworld run tunnel --trace', 'every message, as both sides saw it'],
    ['overworld run tunnel --seed 7 --json', 'with other random choices; the result as one JSON object'],
  ],
  define(command, terminal, exitWith) {
    command
      .argument('<name|file.json>', 'a scenario that `overworld scenarios` lists, or a file')
      .option('--seed <number>', "instead of the scenario's own (0 to 4294967295)", parseSeed)
      .option(
        '--app <file>',
        'a module with your own game, apps or server program, instead of the chat, the arena and the lab',
      )
      .addOption(networkOption())
      .option('--speed <number|max>', 'on loopback: how many times as fast as real time (default: 1)', parseSpeed)
      .option('--trace', 'tell every message')
      .option('--json', 'end with the result as one JSON object, and tell nothing else unless --trace asks for it')
      .action(async (nameOrFile: string, options: RunCommandOptions) => {
        exitWith(await patiently(terminal, (patience) => run(nameOrFile, options, terminal, patience)))
      })
  },
}

async function run(
  nameOrFile: string,
  options: RunCommandOptions,
  terminal: Terminal,
  patience: Patience,
): Promise<ExitCode> {
  const { network, speed } = options
  if (speed !== undefined && network !== 'loopback') {
    throw usageError('--speed is for --network loopback: the simulated networks never wait')
  }
  const found = findScenario(nameOrFile)
  const scenario: Scenario = options.seed === undefined ? found.scenario : { ...found.scenario, seed: options.seed }
  const { apps } = await loadApps(options.app, scenario.server.tickMs)
  const isTold = options.json !== true || options.trace === true
  const tell = isTold ? (line: string) => terminal.out(line) : () => {}
  if (isTold) {
    terminal.out(
      `${scenario.name}, seed ${scenario.seed}${scenario.description === undefined ? '' : `: ${scenario.description}`}`,
    )
  }
  if (isTold && network === 'loopback') {
    for (const what of notOnLoopback(scenario)) terminal.out(`not possible on real sockets: ${what}`)
  }
  const progress = new Progress(scenario, terminal)
  const setting = { apps, network, patience, speed: speed ?? 1, onWorld: (world: World) => progress.follow(world) }
  const detail = options.trace === true ? 'all' : 'steps'
  const result = await runTelling(scenario, setting, detail, tell).finally(() => progress.end())
  const replayCommand = replayCommandOf(nameOrFile, options)
  if (options.json === true) terminal.out(JSON.stringify(runToJson(result, network, found.file, replayCommand)))
  else for (const line of describeRun(result, network, apps, replayCommand)) terminal.out(line)
  return result.held ? ExitCode.ok : ExitCode.failed
}

/** How far a run is that takes its time: one on loopback. The others are over before the first look. */
class Progress {
  readonly #scenario: Scenario
  readonly #terminal: Terminal
  #looking: ReturnType<typeof setInterval> | undefined

  constructor(scenario: Scenario, terminal: Terminal) {
    this.#scenario = scenario
    this.#terminal = terminal
  }

  follow(world: World): void {
    const faults = formatSeconds(this.#scenario.durationMs / 1000)
    this.#looking = setInterval(() => {
      this.#terminal.progress(() => `${formatSeconds(world.nowMs / 1000)} have passed (faults until ${faults})`)
    }, PROGRESS_EVERY_MS)
  }

  end(): void {
    clearInterval(this.#looking)
  }
}

function replayCommandOf(nameOrFile: string, { seed, app, network }: RunCommandOptions): string {
  const seedWords = seed === undefined ? [] : ['--seed', String(seed)]
  const appWords = app === undefined ? [] : ['--app', app]
  return shellCommand(
    'npx',
    '--no-install',
    'overworld',
    'run',
    nameOrFile,
    ...seedWords,
    ...appWords,
    ...networkWords(network),
  )
}
