/** Runs a scenario and tells what happens in it, line by line. */
import {
  describeEvent,
  formatLine,
  type AccountDetail,
  type AccountLine,
  type RunResult,
  type Scenario,
  type SimulatedApp,
} from '../scenarios/index.ts'
import { runOn, type NetworkName } from './network.ts'

export interface RunSetting {
  readonly apps: readonly SimulatedApp[]
  readonly network: NetworkName
}

/** `tell` hears each line while the run goes on. `detail`: `all` has what happens all the time as well. */
export async function runTelling(
  scenario: Scenario,
  { apps, network }: RunSetting,
  detail: AccountDetail,
  tell: (line: string) => void,
): Promise<RunResult> {
  const whoWidth = widthOfNames(scenario)
  return await runDescribed(scenario, { apps, network }, detail, (line) => {
    if (detail === 'all' || !line.isRoutine) tell(formatLine(line, whoWidth))
  })
}

/** Of the last lines before a run ended, so many show everything; those before leave out what happens all the time. */
const WHOLE_LINES = 10

/** The last `count` lines of a run before it ended or broke. */
export async function lastLines(scenario: Scenario, setting: RunSetting, count: number): Promise<readonly string[]> {
  const lines: AccountLine[] = []
  await runDescribed(scenario, setting, 'all', (line) => lines.push(line))
  const whoWidth = widthOfNames(scenario)
  return lines
    .filter(({ isRoutine }, index) => !isRoutine || index >= lines.length - WHOLE_LINES)
    .slice(-count)
    .map((line) => formatLine(line, whoWidth))
}

async function runDescribed(
  scenario: Scenario,
  { apps, network }: RunSetting,
  detail: AccountDetail,
  hear: (line: AccountLine) => void,
): Promise<RunResult> {
  const codecs = apps.map(({ app }) => app)
  return await runOn(network, scenario, {
    apps,
    onEvent(event) {
      for (const line of describeEvent(event, codecs, detail)) hear(line)
    },
  })
}

function widthOfNames({ clients }: Scenario): number {
  return Math.max('scenario'.length, ...clients.map(({ name }) => name.length))
}
