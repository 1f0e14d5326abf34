/** A campaign means something only if it checks every invariant and meets every situation that it should. */
import { beforeAll, describe, expect, test } from 'vitest'
import { GOALS, INVARIANTS, runCampaign, type CampaignResult } from 'overworld/scenarios'
import { referenceApps } from './support/reference-apps.ts'

const RUNS = 1_000

describe(`in a campaign of ${RUNS} runs`, () => {
  let result: CampaignResult
  beforeAll(() => {
    result = runCampaign({ seed: 1, runs: RUNS, apps: referenceApps })
  })

  test('everything holds', () => {
    expect(result.failure).toBeUndefined()
    expect(result.nondeterminism).toBeUndefined()
    expect(result.runs).toBe(RUNS)
  })

  test('every invariant is checked: none is dead', () => {
    const names = [...Object.keys(INVARIANTS), 'server-names-speakers', 'events-without-gaps']
    expect([...result.invariants.keys()].sort()).toEqual(names.sort())
    expect([...result.invariants].filter(([, times]) => times === 0)).toEqual([])
  })

  test('every goal is reached', () => {
    expect([...result.goals.keys()].sort()).toEqual(Object.keys(GOALS).sort())
    expect([...result.goals].filter(([, times]) => times === 0)).toEqual([])
  })
})
