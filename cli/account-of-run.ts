/** Runs a scenario and tells what happens in it, line by line. */
import {
  describeEvent,
  formatLine,
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

/** Runs `scenario`, and keeps the last `count` lines before it ended or broke. */
export async function runKeepingLastLines(
  scenario: Scenario,
  setting: RunSetting,
  count: number,
): Promise<{ readonly held: boolean; readonly lines: readonly string[] }> {
  const all: AccountLine[] = []
  const { held } = await runDescribed(scenario, setting, 'all', (line) => all.push(line))
  const whoWidth = widthOfNames(scenario)
  const lines = all
    .filter(({ isRoutine, isTick }, index) => !isRoutine || (index >= all.length - WHOLE_LINES && isTick !== true))
    .slice(-count)
    .map((line) => formatLine(line, whoWidth))
  return { held, lines }
}

async function runDescribed(
  scenario: Scenario,
  { network, onProgress, ...options }: RunSetting,
  detail: AccountDetail,
  hear: (line: AccountLine) => void,
): Promise<RunResult> {
  const codecs = options.apps.map(({ app }) => app)
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
