/** Runs a scenario and tells what happens in it, line by line. */
import {
  describeEvent,
  formatLine,
  GameAccount,
  gameOf,
  type AccountDetail,
  type AccountLine,
  type RunResult,
  type Scenario,
} from '../scenarios/index.ts'
import { runOn, type NetworkName, type NetworkRunOptions } from './network.ts'

export interface RunSetting extends Pick<NetworkRunOptions, 'apps' | 'speed' | 'onWorld' | 'patience'> {
  readonly network: NetworkName
  /** Called very often while the run goes on. */
  readonly onProgress?: () => void
}

/** `tell` hears each line while the run goes on. `detail`: `all` has what happens all the time as well. */
export async function runTelling(
  scenario: Scenario,
  setting: RunSetting,
  detail: AccountDetail,
  tell: (line: string) => void,
): Promise<RunResult> {
  const whoWidth = widthOfNames(scenario)
  return await runDescribed(scenario, setting, detail, (line) => {
    if (detail === 'all' || !line.isRoutine) tell(formatLine(line, whoWidth))
  })
}

/** Of the last lines before a run ended, so many show everything but ticks; those before leave out what happens all the time. */
const WHOLE_LINES = 10
/** So much of how a client's view and the truth have come apart is told. */
const STORY_LINES = 16

export interface LastLines {
  readonly held: boolean
  readonly lines: readonly string[]
  /** Of a game, where a client sees something else than is so: how the two have come apart. Otherwise empty. */
  readonly story: readonly string[]
}

/** Runs `scenario`, and keeps the last `count` lines before it ended or broke. */
export async function runKeepingLastLines(scenario: Scenario, setting: RunSetting, count: number): Promise<LastLines> {
  const whoWidth = widthOfNames(scenario)
  if (gameOf(setting.apps) !== undefined) return await runGameKeepingLastLines(scenario, setting, count)
  const all: AccountLine[] = []
  const { held } = await runDescribed(scenario, setting, 'all', (line) => all.push(line))
  const lines = all
    .filter(({ isRoutine, isTick }, index) => !isRoutine || (index >= all.length - WHOLE_LINES && isTick !== true))
    .slice(-count)
    .map((line) => formatLine(line, whoWidth))
  return { held, lines, story: [] }
}

async function runGameKeepingLastLines(
  scenario: Scenario,
  { network, onProgress: _onProgress, ...options }: RunSetting,
  count: number,
): Promise<LastLines> {
  const account = new GameAccount(options.apps.map(({ app }) => app))
  const { held, failure } = await runOn(network, scenario, { ...options, onEvent: (event) => account.add(event) })
  const about = failure?.about
  const whoWidth = Math.max(widthOfNames(scenario), `is shown to ${about?.client ?? ''}`.length)
  const inLines = (lines: readonly AccountLine[]): readonly string[] => lines.map((line) => formatLine(line, whoWidth))
  const lines = account.lines.filter(
    ({ isRoutine, who }, index, all) => !isRoutine || who === about?.client || index >= all.length - WHOLE_LINES,
  )
  return {
    held,
    lines: inLines(lines.slice(-count)),
    story: about === undefined ? [] : inLines(account.storyOf(about).slice(-STORY_LINES)),
  }
}

async function runDescribed(
  scenario: Scenario,
  { network, onProgress, ...options }: RunSetting,
  detail: AccountDetail,
  hear: (line: AccountLine) => void,
): Promise<RunResult> {
  const codecs = options.apps.map(({ app }) => app)
  if (gameOf(options.apps) !== undefined && detail !== 'all') {
    const account = new GameAccount(codecs)
    return await runOn(network, scenario, {
      ...options,
      onEvent(event) {
        onProgress?.()
        account.add(event)
        for (const line of account.takeLines()) hear(line)
      },
    })
  }
  return await runOn(network, scenario, {
    ...options,
    onEvent(event) {
      onProgress?.()
      for (const line of describeEvent(event, codecs, detail)) hear(line)
    },
  })
}

function widthOfNames({ clients }: Scenario): number {
  return Math.max('scenario'.length, ...clients.map(({ name }) => name.length))
}
