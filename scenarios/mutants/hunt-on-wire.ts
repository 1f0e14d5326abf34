/**
 * Hunts one bug planted in an adapter: as `hunt.ts`, at wire level, and then by scenarios whose end must be that of the
 * message network, which has no adapters. What ends with an exception in a place that no
 * adapter guards counts as found too: in production it would have ended the process.
 */
import process from 'node:process'
import { referenceApps } from '../apps/bots.ts'
import { runCampaignOnWire } from '../fuzz/patient-campaign.ts'
import { NAMED_SCENARIOS } from '../named/index.ts'
import { EndState } from '../runner/end-state.ts'
import { runScenarioOnWire } from '../runner/run-on-wire.ts'
import { runScenario } from '../runner/run-scenario.ts'
import type { Catch, Hunt } from './hunt.ts'

const TICK_MS = 100
const COMPARED: ReadonlySet<string> = new Set(['calm', 'kicked', 'clock-steps'])

export async function hunt({ seed, runs }: Hunt): Promise<Catch> {
  const startedMs = performance.now()
  let isOver = false
  const crash = new Promise<never>((_resolve, reject) => process.once('uncaughtException', reject))
  try {
    const campaign = runCampaignOnWire({
      seed,
      runs,
      apps: referenceApps(TICK_MS),
      mayContinue: () => !isOver,
      shrinkTries: 0,
    })
    const result = await Promise.race([campaign, crash])
    const { failure, nondeterminism } = result
    const difference = result.held ? await Promise.race([findDifference(), crash]) : undefined
    return {
      found: !result.held || difference !== undefined,
      runs: result.runs,
      seconds: (performance.now() - startedMs) / 1000,
      shrinkSeconds: 0,
      // Nothing was made smaller: that takes long at wire level.
      steps: null,
      invariant:
        failure?.invariant ??
        (nondeterminism === undefined ? (difference === undefined ? null : 'end-state') : 'determinism'),
      message: failure?.message ?? difference ?? null,
      scenario: failure?.scenario ?? null,
    }
  } catch (error) {
    isOver = true
    return {
      found: true,
      runs: 0,
      seconds: (performance.now() - startedMs) / 1000,
      shrinkSeconds: 0,
      steps: null,
      invariant: 'no-internal-error',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      scenario: null,
    }
  }
}

/** The first named scenario that ends differently without a fault, when somebody is sent away, when a clock leaps. */
async function findDifference(): Promise<string | undefined> {
  const apps = referenceApps(TICK_MS)
  const named = NAMED_SCENARIOS.filter(({ name }) => COMPARED.has(name))
  const overEnet = named.map((scenario) => ({
    ...scenario,
    name: `${scenario.name} over ENet`,
    clients: scenario.clients.map((client) => ({ ...client, transport: 'enet' as const })),
  }))
  for (const scenario of [...named, ...overEnet]) {
    const [message, wire] = [new EndState(), new EndState()]
    const onMessage = message.of(runScenario(scenario, { apps, onEvent: message.onEvent }))
    const onWire = wire.of(await runScenarioOnWire(scenario, { apps, onEvent: wire.onEvent }))
    for (const [client, expected] of onMessage) {
      const found = onWire.get(client)
      if (JSON.stringify(found) !== JSON.stringify(expected)) {
        return `${scenario.name}: ${client} ends as ${JSON.stringify(found)}, not as ${JSON.stringify(expected)}`
      }
    }
  }
  return undefined
}
