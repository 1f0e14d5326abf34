/** Every named scenario holds on all three networks, and ends on them with the same sessions, zones and clients. */
import { expect, test } from 'vitest'
import {
  NAMED_SCENARIOS,
  notOnLoopback,
  runScenario,
  runScenarioOnLoopback,
  runScenarioOnWire,
  simulatedArena,
  simulatedChat,
  type RunOptions,
  type RunResult,
  type Scenario,
} from '../../scenarios/index.ts'
import { EndState } from '../../scenarios/runner/end-state.ts'

const APPS = [simulatedChat, simulatedArena(100)]

/** Where nothing goes wrong, even the number of dials is the same; else a millisecond can make a difference. */
const UNDISTURBED: ReadonlySet<string> = new Set(['calm'])

type Run = (scenario: Scenario, options: RunOptions) => RunResult | Promise<RunResult>

test('real sockets can do everything that the named scenarios ask for', () => {
  expect(NAMED_SCENARIOS.flatMap(notOnLoopback)).toEqual([])
})

test.each(NAMED_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
  const onMessage = await endOf(scenario, runScenario)
  const onWire = await endOf(scenario, runScenarioOnWire)
  const onLoopback = await endOf(scenario, runScenarioOnLoopback)
  expect(onWire).toEqual(onMessage)
  expect(onLoopback).toEqual(onWire)
})

async function endOf(scenario: Scenario, run: Run): Promise<Readonly<Record<string, object>>> {
  const end = new EndState()
  const result = await run(scenario, { apps: APPS, onEvent: end.onEvent })
  expect(result.failure).toBeUndefined()
  return Object.fromEntries(
    [...end.of(result)].map(([client, { dials, ...state }]) => [
      client,
      { ...state, ...(UNDISTURBED.has(scenario.name) && { dials }) },
    ]),
  )
}
