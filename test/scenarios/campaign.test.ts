/** Campaigns: the same runs from the same seed, whoever makes them. */
import { describe, expect, test } from 'vitest'
import {
  drawScenario,
  makeRuns,
  readCheckpoint,
  runCampaign,
  runCampaignOnWire,
  runParallelCampaign,
  runPatientCampaign,
  runScenario,
  runSeed,
  simulatedChat,
  simulatedNetworks,
  type CampaignCheckpoint,
  type CampaignOptions,
  type CampaignResult,
  type SimulatedApp,
} from 'overworld/scenarios'
import { lastJson, overworld } from '../cli/support/command.ts'
import { draw, referenceApps } from './support/reference-apps.ts'

const RUNS = 12
const SEED = 7

const campaign = (seed = SEED, runs = RUNS): CampaignResult => runCampaign({ seed, runs, apps: referenceApps })

/** The chat, whose bots break an invariant of their own when their program is started again. */
const moody: SimulatedApp = {
  ...simulatedChat,
  bot: {
    ...simulatedChat.bot,
    listen: (_room, { life, name }, check) => check('never-moody', life < 3, () => `${name} has had enough`),
  },
  invariants: { 'never-moody': 'No bot has enough.' },
}

/** Of a campaign of moody bots that makes some runs before it breaks. */
function seedThatBreaksLate(): number {
  for (let seed = 1; ; seed++) {
    const { failure } = runCampaign({ seed, runs: RUNS, apps: [moody], shrinkTries: 0 })
    if (failure !== undefined && failure.run > 2) return seed
  }
}

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
  })

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

describe('whoever makes the runs, the result is the same', () => {
  const options: CampaignOptions = { seed: SEED, runs: RUNS, apps: referenceApps }

  test('with pauses in between', async () => {
    let pauses = 0
    const pause = async (): Promise<void> => void pauses++
    expect(await runPatientCampaign({ ...options, pause }, simulatedNetworks.message)).toEqual(runCampaign(options))
    expect(pauses).toBe(RUNS)
  })

  test.each([1, 2, 3])('in batches, %i at a time', async (jobs) => {
    const makeBatch = (batch: Parameters<typeof makeRuns>[0]) => makeRuns(batch, referenceApps)
    expect(await runParallelCampaign({ ...options, jobs, makeBatch })).toEqual(runCampaign(options))
  })

  test('at wire level', async () => {
    const onWire = { ...options, runs: 5 }
    const makeBatch = (batch: Parameters<typeof makeRuns>[0]) => makeRuns(batch, referenceApps)
    const inBatches = await runParallelCampaign({ ...onWire, jobs: 2, network: 'wire', makeBatch })
    expect(inBatches).toEqual(await runCampaignOnWire(onWire))
  })

  test('where one breaks, too', async () => {
    const apps = [moody]
    const failing = { seed: seedThatBreaksLate(), runs: RUNS, apps }
    const makeBatch = (batch: Parameters<typeof makeRuns>[0]) => makeRuns(batch, apps)
    const result = runCampaign(failing)
    expect(result.failure?.invariant).toBe('never-moody')
    expect(await runPatientCampaign(failing, simulatedNetworks.message)).toEqual(result)
    expect(await runParallelCampaign({ ...failing, jobs: 2, makeBatch })).toEqual(result)
  })
})

describe('a campaign that goes on from a checkpoint ends like one that was never stopped', () => {
  const checkpointsOf = (options: CampaignOptions): readonly CampaignCheckpoint[] => {
    const checkpoints: CampaignCheckpoint[] = []
    runCampaign({
      ...options,
      onProgress: ({ phase, checkpoint }) => phase === 'running' && checkpoints.push(checkpoint()),
    })
    // As a file would give them back.
    return checkpoints.map((checkpoint) => readCheckpoint(JSON.parse(JSON.stringify(checkpoint))))
  }

  test.each([
    ['the whole', { seed: SEED, runs: RUNS, apps: referenceApps }],
    ['a shard', { seed: SEED, runs: 2 * RUNS, apps: referenceApps, shard: { index: 1, of: 2 } }],
    ['one that breaks', { seed: seedThatBreaksLate(), runs: RUNS, apps: [moody] }],
  ] satisfies [string, CampaignOptions][])('%s', (_, options) => {
    const result = runCampaign(options)
    const checkpoints = checkpointsOf(options)
    expect(checkpoints.length).toBeGreaterThan(2)
    for (const from of checkpoints.slice(0, -1).filter((__, index) => index % 4 === 0)) {
      expect(runCampaign({ ...options, from })).toEqual(result)
    }
  })

  test('also with more runs than it was begun with', () => {
    const [from] = checkpointsOf({ seed: SEED, runs: 2, apps: referenceApps }).slice(-1)
    if (from === undefined) throw new Error('no checkpoint')
    expect(runCampaign({ seed: SEED, runs: 4, apps: referenceApps, from })).toEqual(campaign(SEED, 4))
  })

  test('what is no checkpoint is refused, with what is wrong', () => {
    const [good] = checkpointsOf({ seed: SEED, runs: 1, apps: referenceApps })
    expect(() => readCheckpoint({ ...good, runs: -1 })).toThrow('checkpoint.runs must be')
    expect(() => readCheckpoint({ ...good, fingerprint: [1, 2] })).toThrow('checkpoint.fingerprint')
    expect(() => readCheckpoint({ ...good, goals: { takeover: 'often' } })).toThrow("checkpoint.goals['takeover']")
  })
})

describe("an app's own goals", () => {
  const withGoals = (reached: string): SimulatedApp => ({
    ...simulatedChat,
    bot: {
      ...simulatedChat.bot,
      listen: (_room, { client }, _check, reach) => client.on('session', () => reach(reached)),
    },
    goals: { seated: 'somebody has a session', never: 'nobody comes here' },
  })

  test('are counted among the others, those that were never reached as well', () => {
    const { goals } = runCampaign({ seed: SEED, runs: 1, apps: [withGoals('seated')] })
    expect(goals.get('seated')).toBeGreaterThan(0)
    expect(goals.get('never')).toBe(0)
  })

  test('come with those of every app that its zone can reach', () => {
    const goalsWith = (more: Partial<SimulatedApp>) =>
      runCampaign({ seed: SEED, runs: 1, apps: [{ ...withGoals('seated'), ...more }] }).goals
    const soft = goalsWith({})
    for (const goal of ['takeover', 'expired in a soft zone', 'seated']) expect([...soft.keys()]).toContain(goal)
    for (const goal of ['lost in a hard zone', 'timer fired', 'zone told']) expect([...soft.keys()]).not.toContain(goal)
    expect(goalsWith({ zoneGoals: ['join threw'] }).get('join threw')).toBe(0)
  })

  test('a bot that throws as soon as it begins is a finding', () => {
    const listen = (): never => {
      throw new Error('at once')
    }
    const { failure } = runCampaign({
      seed: SEED,
      runs: 1,
      apps: [{ ...simulatedChat, bot: { ...simulatedChat.bot, listen } }],
    })
    expect(failure?.message).toContain('at once')
  })

  test('one that the app does not name is refused', () => {
    expect(() => runCampaign({ seed: SEED, runs: 1, apps: [withGoals('seatd')] })).toThrow("'seatd' is no goal")
  })
})
