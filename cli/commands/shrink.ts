/** `overworld shrink`: makes the scenario of a file small, as `overworld fuzz` does with what it finds. */
import { shrinking, type RunResult, type Scenario } from '../../scenarios/index.ts'
import { CommandError, ExitCode } from '../exit-codes.ts'
import { shrinkCommand, shrinkingInWords, SHRINK_TRIES_ON, sizeInWords } from '../fuzz/shrinking.ts'
import { loadApps } from '../load-apps.ts'
import { networkOption, networkWords, runOn, type NetworkName } from '../network.ts'
import { formatCount } from '../numbers.ts'
import { parseCount } from '../parse.ts'
import { findScenario } from '../scenario-source.ts'
import { writeScenarioFile } from '../scenario-file.ts'
import { shellCommand } from '../shell-words.ts'
import { watchForStop, type StopWatch } from '../stop-signal.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

interface ShrinkCommandOptions {
  readonly tries?: number
  readonly app?: string
  readonly network: NetworkName
  readonly out?: string
}

export const shrinkCommandDefinition: Subcommand = {
  usage: 'shrink',
  summary: 'Make a scenario that breaks an invariant small',
  examples: [
    ['overworld shrink overworld-failures/grace-period-123.json', 'the smaller scenario takes the place of the file'],
    ['overworld shrink big.json --tries 10000 --out small.json', 'a longer search, into another file'],
  ],
  define(command, terminal, exitWith) {
    command
      .argument('<file.json>', 'a scenario that breaks an invariant, such as `overworld fuzz` writes')
      .option(
        '--tries <number>',
        `how many smaller scenarios are tried at most (default: ${Object.entries(SHRINK_TRIES_ON)
          .map(([network, tries]) => `${tries} on ${network}`)
          .join(', ')})`,
        parseCount,
      )
      .option('--out <file>', 'where the small scenario is written (default: over the given file)')
      .option(
        '--app <file>',
        'a module with your own game, apps or server program, instead of the chat, the arena and the lab',
      )
      .addOption(networkOption())
      .addHelpText(
        'after',
        '\nEqual files and tries give equal results. Ctrl-C ends the search with what it has found so far.' +
          '\nExit codes: 0 done, 1 the scenario breaks nothing, 2 bad usage, 4 the file is damaged, 130 stopped by Ctrl-C.',
      )
      .action(async (file: string, options: ShrinkCommandOptions) => {
        const stop = watchForStop()
        try {
          exitWith(await shrink(file, options, stop, terminal))
        } finally {
          stop.end()
        }
      })
  },
}

async function shrink(
  nameOrFile: string,
  { network, app, out, tries: triesMax = SHRINK_TRIES_ON[network] }: ShrinkCommandOptions,
  stop: StopWatch,
  terminal: Terminal,
): Promise<ExitCode> {
  const { scenario, file } = findScenario(nameOrFile)
  const { apps } = await loadApps(app, scenario.server.tickMs)
  const run = (candidate: Scenario): Promise<RunResult> => runOn(network, candidate, { apps })
  let broken = (await run(scenario)).failure
  if (broken === undefined) {
    throw new CommandError(ExitCode.failed, `${nameOrFile} breaks no invariant: there is nothing to make small`)
  }
  const { invariant } = broken
  const before = scenario.breaks?.invariant ?? invariant
  if (before !== invariant) terminal.err(`it breaks ${invariant} now, and broke ${before} when it was written`)
  const search = shrinking(scenario, { triesMax, mayContinue: () => stop.signal === undefined })
  let smallest = scenario
  let step = search.next()
  for (let tries = 0; step.done !== true; tries++) {
    terminal.progress(() => shrinkingInWords({ tries, smallest }, triesMax))
    const { failure } = await run(step.value)
    const isBroken = failure?.invariant === invariant
    if (isBroken) {
      smallest = step.value
      broken = failure
    }
    // Lets the process hear signals.
    await new Promise((resolve) => void setImmediate(resolve))
    step = search.next(isBroken)
  }
  const { tries, isSmallest } = step.value
  const written = out ?? file ?? `${scenario.name}.json`
  writeScenarioFile(written, { ...smallest, breaks: { invariant, message: broken.message } })
  const words = app === undefined ? [] : ['--app', app]
  terminal.out(
    `${invariant}: ${sizeInWords(smallest)} (before: ${sizeInWords(scenario)}), after ${formatCount(tries, 'try')}`,
  )
  if (!isSmallest) {
    terminal.out('the search was given up: a smaller scenario may break it too')
    terminal.out(`to go on: ${shrinkCommand(written, tries, network, words)}`)
  }
  terminal.out(`scenario: ${written}`)
  terminal.out(
    `replay:   ${shellCommand('npx', '--no-install', 'overworld', 'run', written, ...words, ...networkWords(network))}`,
  )
  return stop.signal === undefined ? ExitCode.ok : stop.signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated
}
