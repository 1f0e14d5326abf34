/**
 * A campaign means something only if it checks every invariant, meets every situation that it should, and makes the
 * tables of sessions and clients decide every pair of a status and an event that they list.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import {
  drawOptionsOf,
  drawScenario,
  GOALS,
  INVARIANTS,
  runScenario,
  runSeed,
  type Scenario,
} from 'overworld/scenarios'
import { CLIENT_IGNORED, CLIENT_TRANSITIONS } from '../../core/client/client-table.ts'
import { IGNORED_PAIRS, TRANSITIONS } from '../../core/session/transitions.ts'
import { Campaign } from '../../scenarios/fuzz/campaign.ts'
import { scenarioOfRun, summaryOf } from '../../scenarios/fuzz/make-run.ts'
import { referenceApps } from './support/reference-apps.ts'

const SEED = 1
const RUNS = 1_000
/** Runs of those kinds of fault alone that lead to rare pairs. */
const ODD_RUNS = 400
const ODD_FAULTS = [
  'odd_way_back',
  'odd_moment',
  'odd_gift',
  'odd_gift_to_one_who_waits',
  'strangers',
  'strangers_talk',
  'ask_again',
  'cannot_dial',
  'hoard_and_begin',
  'npc',
]

const PAIRS: readonly string[] = [
  ...[...TRANSITIONS, ...IGNORED_PAIRS].map(({ from, on }) => `session: ${from} ${on}`),
  ...CLIENT_TRANSITIONS.map(({ from, on }) => `client: ${from} ${on}`),
  ...CLIENT_IGNORED.map((each) => `client: ${each.in} ${each.on}`),
]

/** Pairs that so few runs seldom or never reach. `test/core/client/rows.test.ts` reaches each of them. */
const RARE: Readonly<Record<string, string>> = {
  'client: requested token_outdated':
    'of 6,000 runs about 20 reach it: two programs with one store, at the right moment',
  'client: switching_requested token_outdated': 'the same, while the program goes over to another connection',
  'client: reassigned superseded': 'the same within the moment in which the session has been replaced',
  'client: dialled failed': 'the clock throws at a retry',
  'client: switching_dialled failed': 'the network calls the program while it sends, and throws',
  'client: idle failed': 'the same',
  'client: waiting failed': 'the same',
  'client: ended failed': 'the same',
}

let result: ReturnType<Campaign['result']>
const reached = new Set<string>()

beforeAll(() => {
  const options = { seed: SEED, runs: RUNS, apps: referenceApps }
  const campaign = new Campaign(options)
  for (let run = 0; run < RUNS; run++) {
    const made = make(scenarioOfRun(SEED, run, options))
    if (!campaign.add(summaryOf(run, made, made.fingerprint))) break
  }
  result = campaign.result()
})

function make(scenario: Scenario): ReturnType<typeof runScenario> {
  return runScenario(scenario, {
    apps: referenceApps,
    onDecided: (table, state, event) => reached.add(`${table}: ${state} ${event}`),
  })
}

describe(`in a campaign of ${RUNS} runs`, () => {
  test('everything holds', () => {
    expect(result.held).toBe(true)
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

  test(`and ${ODD_RUNS} runs of odd faults, every pair of the tables is reached, but for those that are rare`, () => {
    const drawn = { ...drawOptionsOf(referenceApps), faults: ODD_FAULTS }
    const failures = Array.from({ length: ODD_RUNS }, (_, run) => {
      return make(drawScenario(runSeed(SEED, run), drawn)).failure
    })
    expect(failures.filter((failure) => failure !== undefined)).toEqual([])
    expect(PAIRS.filter((pair) => !reached.has(pair) && !Object.hasOwn(RARE, pair))).toEqual([])
  }, 120_000)

  test('nothing is reached that the tables do not list, and each rare pair is listed', () => {
    expect([...reached].filter((pair) => !PAIRS.includes(pair))).toEqual([])
    expect(Object.keys(RARE).filter((pair) => !PAIRS.includes(pair))).toEqual([])
  })
})
