/** `--network`: on which of the networks scenarios run. */
import { Option } from 'commander'
import {
  runOnMessages,
  runScenarioOnLoopback,
  runScenarioOnWire,
  runScenarioPatiently,
  type RunOptions,
  type RunResult,
  type Scenario,
  type SimulatedNetwork,
} from '../scenarios/index.ts'
import { formatSeconds } from './numbers.ts'
import type { Patience } from './patience.ts'

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
  /** On `message`: hears signals while the run goes on. Default: it runs in one go. */
  readonly patience?: Patience
}

export async function runOn(network: NetworkName, scenario: Scenario, options: NetworkRunOptions): Promise<RunResult> {
  switch (network) {
    case 'message':
      return options.patience === undefined
        ? await runOnMessages(scenario, options)
        : runScenarioPatiently(scenario, options, (nowMs) => pause(options.patience, scenario, nowMs))
    case 'wire':
      return runScenarioOnWire(scenario, options)
    case 'loopback':
      return runScenarioOnLoopback(scenario, options)
  }
}

async function pause(patience: Patience | undefined, { durationMs }: Scenario, nowMs: number): Promise<void> {
  await patience?.pause(() => `${formatSeconds(nowMs / 1000)} of ${formatSeconds(durationMs / 1000)} have passed`)
}

/** Whether equal seeds give equal runs, so that a fingerprint says something. */
export function isRepeatable(network: NetworkName): network is SimulatedNetwork {
  return network !== 'loopback'
}

/** For commands that repeat something. */
export function networkWords(network: NetworkName): readonly string[] {
  return network === 'message' ? [] : ['--network', network]
}
