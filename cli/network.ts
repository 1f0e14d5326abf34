/** `--network`: on which of the networks scenarios run. */
import { Option } from 'commander'
import {
  runScenario,
  runScenarioOnLoopback,
  runScenarioOnWire,
  type RunOptions,
  type RunResult,
  type Scenario,
  type SimulatedNetwork,
} from '../scenarios/index.ts'

export const NETWORKS = ['message', 'wire', 'loopback'] as const
export type NetworkName = (typeof NETWORKS)[number]

export function networkOption(): Option {
  return new Option(
    '--network <name>',
    'message: connections as they behave; wire: the real ws and enet over simulated TCP and UDP; loopback: real sockets',
  )
    .choices(NETWORKS)
    .default('message')
}

export interface NetworkRunOptions extends RunOptions {
  /** On loopback: seconds of the scenario for each real one. Default: as many as the sockets allow. */
  readonly speed?: number
}

export async function runOn(network: NetworkName, scenario: Scenario, options: NetworkRunOptions): Promise<RunResult> {
  switch (network) {
    case 'message':
      return runScenario(scenario, options)
    case 'wire':
      return runScenarioOnWire(scenario, options)
    case 'loopback':
      return runScenarioOnLoopback(scenario, options)
  }
}

/** Whether equal seeds give equal runs, so that a fingerprint says something. */
export function isRepeatable(network: NetworkName): network is SimulatedNetwork {
  return network !== 'loopback'
}

/** For commands that repeat something. */
export function networkWords(network: NetworkName): readonly string[] {
  return network === 'message' ? [] : ['--network', network]
}
