/** What a campaign that failed leaves behind: a file that replays the failure, and lines that explain it. */
import path from 'node:path'
import type { CampaignFailure, Nondeterminism, Scenario } from '../../scenarios/index.ts'
import { formatTraceRecord, type TraceRecord } from '../../sim/index.ts'
import { runKeepingLastLines } from '../account-of-run.ts'
import { describeScenario } from '../describe-scenario.ts'
import { CommandError, ExitCode } from '../exit-codes.ts'
import { sentenceOf } from '../invariant-sentence.ts'
import type { LoadedApps } from '../load-apps.ts'
import { isRepeatable, networkWords, type NetworkName } from '../network.ts'
import { formatCount } from '../numbers.ts'
import { writeScenarioFile } from '../scenario-file.ts'
import { shellCommand } from '../shell-words.ts'
import { shrinkCommand } from './shrinking.ts'
import { linesOf } from '../terminal.ts'

export interface WrittenFailure {
  readonly file: string
  readonly replayCommand: string
  /** What to add to commands that take the file. */
  readonly words: readonly string[]
}

export interface WritingOptions {
  readonly folder: string
  readonly name: string
  /** What to add to the command that replays it. */
  readonly words: readonly string[]
  readonly network: NetworkName
}

/** Writes `scenario` into `folder`, which is made if need be. Throws a `CommandError` where that fails. */
export function writeScenario(scenario: Scenario, { folder, name, words, network }: WritingOptions): WrittenFailure {
  const written = path.join(folder, `${name.replaceAll(/[^\w.-]+/g, '-')}.json`)
  try {
    writeScenarioFile(written, scenario)
  } catch (error) {
    const why = `the failing scenario could not be written: ${(error as Error).message}`
    const message = [why, JSON.stringify(scenario)]
    throw new CommandError(ExitCode.failed, message)
  }
  const replay = ['run', written, ...words, ...networkWords(network)]
  return { file: written, words, replayCommand: shellCommand('npx', '--no-install', 'overworld', ...replay) }
}

/** How much of what happened before the breach is shown. */
const LINES_MAX = 40

export async function describeFailure(
  failure: CampaignFailure,
  { apps }: LoadedApps,
  written: WrittenFailure,
  network: NetworkName,
): Promise<string[]> {
  const { invariant, message, run, seed, drawn, scenario, tries, isSmallest, stack } = failure
  const { held, lines, story } = await runKeepingLastLines(scenario, { apps, network }, LINES_MAX)
  return [
    `BROKEN: ${invariant} (run ${run}, its seed ${seed})`,
    `  the rule: ${sentenceOf(invariant, apps)}`,
    ...brokenBy(message),
    '',
    `the smallest scenario ${isSmallest ? 'that breaks it' : 'found until now'}: ${formatCount(scenario.steps.length, 'step')} of ${drawn.steps.length}, ` +
      `${formatCount(scenario.clients.length, 'client')} of ${drawn.clients.length} (found in ${formatCount(tries, 'try')})`,
    ...(isSmallest
      ? []
      : ['the search was given up after so many: a smaller scenario may break it too (to go on, see below)']),
    ...describeScenario(scenario),
    ...(story.length === 0
      ? []
      : [
          '',
          'how the two have come apart, at the places where they differ in the end:',
          ...story,
          '             ^ what is shown last is not seen, and nothing is on its way',
        ]),
    '',
    `what happened${isRepeatable(network) ? '' : ' when it was run again'}${lines.length === LINES_MAX ? `, the last ${LINES_MAX} lines` : ''}:`,
    ...lines,
    held ? '             ^ this time it held' : '             ^ here it broke',
    ...(stack === undefined ? [] : linesOf(stack)),
    '',
    `scenario: ${written.file}`,
    ...(isSmallest ? [] : [`smaller:  ${shrinkCommand(written.file, tries, network, written.words)}`]),
    `replay:   ${written.replayCommand}`,
    `          (--trace tells every message${isRepeatable(network) ? '' : '; --network wire runs it in virtual time, the same each time'})`,
  ]
}

function brokenBy(message: string): readonly string[] {
  const [first = '', ...rest] = linesOf(message)
  return [`  broken by: ${first}`, ...rest]
}

function describeDifference(difference: Nondeterminism['difference']): string[] {
  if (difference === undefined) return []
  const show = (record: TraceRecord | undefined): string =>
    record === undefined ? 'nothing more' : formatTraceRecord(record)
  return [
    `  the first event that differs is number ${difference.index}:`,
    `    one run:     ${show(difference.first)}`,
    `    the other:   ${show(difference.second)}`,
  ]
}

export function describeNondeterminism(found: Nondeterminism, written: WrittenFailure): string[] {
  const [first, second] = found.fingerprints
  const trace = `${written.replayCommand} --trace`
  if (found.difference?.isByJudges === true) {
    return [
      `A JUDGE CHANGES THE GAME: run ${found.run} (its seed ${found.scenario.seed}) comes out differently without the judges`,
      ...describeDifference(found.difference),
      'A judge sees the state of a zone read-only, but a method of a class that it calls may change its object.',
      `scenario: ${written.file}`,
    ]
  }
  return [
    `NOT DETERMINISTIC: run ${found.run} (its seed ${found.scenario.seed}) came out differently when it was made again`,
    `  fingerprints: ${first} and ${second}`,
    ...describeDifference(found.difference),
    'Something in a zone or a bot reads the real time or real randomness, or keeps something from run to run. To look:',
    `  ${trace} > first.txt; ${trace} > second.txt; diff first.txt second.txt`,
    `scenario: ${written.file}`,
  ]
}
