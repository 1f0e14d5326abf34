/** Whole scenarios at wire level: they repeat, and campaigns of them hold. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  drawScenario,
  NAMED_SCENARIOS,
  readScenario,
  runCampaignOnWire,
  runScenarioOnWire,
  runSeed,
  simulatedArena,
  simulatedChat,
  type Scenario,
} from '../../scenarios/index.ts'
import type { Output } from '../../scenarios/observer/observation.ts'
import { referenceApps } from './support/reference-apps.ts'

const APPS = [simulatedChat, simulatedArena(100)]

describe('equal seeds give equal runs', () => {
  test('100 times in one process', async () => {
    const scenario = short('reconnect-storm', 9_000)
    const fingerprints = new Set<string>()
    for (let i = 0; i < 100; i++) fingerprints.add((await runScenarioOnWire(scenario, { apps: APPS })).fingerprint)
    expect(fingerprints.size).toBe(1)
  })

  test('in two processes, one of which is kept busy', async () => {
    const scenario = JSON.stringify(short('elevator', 8_000))
    const here = await runScenarioOnWire(JSON.parse(scenario) as Scenario, { apps: APPS })
    const run = fileURLToPath(new URL('../../tools/run.js', import.meta.url))
    const script = fileURLToPath(new URL('run-on-wire-busily.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [run, script, scenario])
    expect(stdout.trim()).toBe(here.fingerprint)
  })

  test('whether the driver waits after the events that need it or after every event', async () => {
    for (const run of [0, 1, 2, 3, 4, 5]) {
      const scenario = drawScenario(runSeed(7, run), { apps: ['chat', 'arena'] })
      const needed = await runScenarioOnWire(scenario, { apps: APPS })
      const always = await runScenarioOnWire(scenario, { apps: APPS, drains: 'always' })
      expect(always.fingerprint).toBe(needed.fingerprint)
    }
  })

  test('and other seeds give other runs', async () => {
    const scenario = short('elevator', 5_000)
    const one = await runScenarioOnWire(scenario, { apps: APPS })
    const other = await runScenarioOnWire({ ...scenario, seed: scenario.seed + 1 }, { apps: APPS })
    expect(other.fingerprint).not.toBe(one.fingerprint)
  })
})

test('a campaign holds, and is the same campaign when it is made again', async () => {
  const campaign = { seed: 11, runs: 8, apps: APPS }
  const first = await runCampaignOnWire(campaign)
  expect(first.failure).toBeUndefined()
  expect(first.runs).toBe(8)
  expect((await runCampaignOnWire(campaign)).fingerprint).toBe(first.fingerprint)
})

test('a session that loses its connection before its client was told of it breaks no rule', async () => {
  const text = readFileSync('scenarios/regressions/closed-before-it-was-told.json', 'utf8')
  const outputs: Output[] = []
  const run = await runScenarioOnWire(readScenario(JSON.parse(text)), {
    apps: referenceApps,
    onEvent: (event) => {
      if (event.kind === 'turn') outputs.push(...event.turn.outputs)
    },
  })
  expect(run.failure).toBeUndefined()
  expect(outputs).toContainEqual(expect.objectContaining({ kind: 'callback', session: 1, code: 4005 }))
})

function short(name: string, durationMs: number): Scenario {
  const scenario = NAMED_SCENARIOS.find((each) => each.name === name)
  if (scenario === undefined) throw new Error(`no scenario is named ${name}`)
  return { ...scenario, durationMs, steps: scenario.steps.filter(({ atMs }) => atMs < durationMs) }
}
