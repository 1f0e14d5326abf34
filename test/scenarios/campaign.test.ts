/** Campaigns: the same runs from the same seed, whoever makes them. */
import { describe, expect, test } from 'vitest'
import { drawScenario, runCampaign, runScenario, runSeed, type CampaignResult } from 'overworld/scenarios'
import { lastJson, overworld } from '../cli/support/command.ts'
import { draw, referenceApps } from './support/reference-apps.ts'

const RUNS = 12
const SEED = 7

const campaign = (seed = SEED, runs = RUNS): CampaignResult => runCampaign({ seed, runs, apps: referenceApps })

describe('one seed', () => {
  test('gives one fingerprint, twice in this process', () => {
    const first = campaign()
    expect(campaign()).toEqual(first)
    expect(first).toMatchObject({ held: true, runs: RUNS, seed: SEED })
  })

  test('gives the same fingerprint in two other processes', async () => {
    const fuzz = ['fuzz', '--seed', String(SEED), '--runs', String(RUNS), '--json']
    const others = await Promise.all([overworld(fuzz), overworld(fuzz)])
    const { fingerprint, messages } = campaign()
    for (const other of others) expect(lastJson(other)).toMatchObject({ held: true, fingerprint, messages })
  }, 60_000)

  test('another one gives another fingerprint', () => {
    expect(campaign(SEED + 1, 2).fingerprint).not.toBe(campaign(SEED, 2).fingerprint)
  })
})

test('any run of a campaign can be made by itself', () => {
  const fingerprints: string[] = []
  for (let run = 0; run < 3; run++) {
    fingerprints.push(runScenario(draw(runSeed(SEED, run)), { apps: referenceApps }).fingerprint)
  }
  const again = runScenario(draw(runSeed(SEED, 2)), { apps: referenceApps })
  expect(again.fingerprint).toBe(fingerprints[2])
  expect(new Set(fingerprints).size).toBe(3)
})

test('a campaign of more runs begins with the same ones', () => {
  const messages = (runs: number): number => campaign(SEED, runs).messages
  const [one, two] = [messages(1), messages(2)]
  expect(two - one).toBe(runScenario(draw(runSeed(SEED, 1)), { apps: referenceApps }).messages)
})

test('a campaign ends when it may not continue', () => {
  let asked = 0
  const result = runCampaign({ seed: SEED, runs: 1_000, apps: referenceApps, mayContinue: () => asked++ < 3 })
  expect(result.runs).toBe(3)
})

test('the length of the fault phase and the number of clients can be chosen', () => {
  const scenario = drawScenario(1, { apps: ['chat'], clients: 2, durationMs: 5_000 })
  expect(scenario.clients.map(({ app }) => app)).toEqual(['chat', 'chat'])
  expect(scenario.durationMs).toBe(5_000)
  expect(scenario.steps.every(({ atMs }) => atMs < 5_000)).toBe(true)
})
