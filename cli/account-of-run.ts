/** Runs a scenario and tells what happens in it, line by line. */
import {
  describeEvent,
  formatLine,
  runScenario,
  type AccountDetail,
  type AccountLine,
  type RunResult,
  type Scenario,
  type SimulatedApp,
} from '../scenarios/index.ts'

/** `tell` hears each line while the run goes on. `detail`: `all` has what happens all the time as well. */
export function runTelling(
  scenario: Scenario,
  apps: readonly SimulatedApp[],
  detail: AccountDetail,
  tell: (line: string) => void,
): RunResult {
  const whoWidth = widthOfNames(scenario)
  return runDescribed(scenario, apps, detail, (line) => {
    if (detail === 'all' || !line.isRoutine) tell(formatLine(line, whoWidth))
  })
}

/** Of the last lines before a run ended, so many show everything; those before leave out what happens all the time. */
const WHOLE_LINES = 10

/** The last `count` lines of a run before it ended or broke. */
export function lastLines(scenario: Scenario, apps: readonly SimulatedApp[], count: number): readonly string[] {
  const lines: AccountLine[] = []
  runDescribed(scenario, apps, 'all', (line) => lines.push(line))
  const whoWidth = widthOfNames(scenario)
  return lines
    .filter(({ isRoutine }, index) => !isRoutine || index >= lines.length - WHOLE_LINES)
    .slice(-count)
    .map((line) => formatLine(line, whoWidth))
}

function runDescribed(
  scenario: Scenario,
  apps: readonly SimulatedApp[],
  detail: AccountDetail,
  hear: (line: AccountLine) => void,
): RunResult {
  const codecs = apps.map(({ app }) => app)
  return runScenario(scenario, {
    apps,
    onEvent(event) {
      for (const line of describeEvent(event, codecs, detail)) hear(line)
    },
  })
}

function widthOfNames({ clients }: Scenario): number {
  return Math.max('scenario'.length, ...clients.map(({ name }) => name.length))
}
