/** `--network`: on which of the simulated networks scenarios run. */
import { Option } from 'commander'
import { runScenario, runScenarioOnWire, type RunOptions, type RunResult, type Scenario } from '../scenarios/index.ts'

export const NETWORKS = ['message', 'wire'] as const
export type NetworkName = (typeof NETWORKS)[number]

export function networkOption(): Option {
  return new Option(
    '--network <name>',
    'message: connections as they behave; wire: the real ws and enet over simulated TCP and UDP',
  )
    .choices(NETWORKS)
    .default('message')
}

export async function runOn(network: NetworkName, scenario: Scenario, options: RunOptions): Promise<RunResult> {
  return network === 'wire' ? runScenarioOnWire(scenario, options) : runScenario(scenario, options)
}

/** For commands that repeat something. */
export function networkWords(network: NetworkName): readonly string[] {
  return network === 'message' ? [] : ['--network', network]
}
