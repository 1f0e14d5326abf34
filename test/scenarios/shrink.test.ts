/** The laws of shrinking: what comes out fails as well, and is no larger. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shrinkScenario, type ClientSetup, type Scenario, type Step } from 'overworld/scenarios'
import { draw } from './support/reference-apps.ts'

const scenarios = fc.nat(0xffff_ffff).map(draw)
const OPTIONS = { numRuns: 25 }

/** A failure that depends on some of a scenario's steps: two of them, in this order. */
function pairOf({ steps }: Scenario): ((scenario: Scenario) => boolean) | undefined {
  const first = steps[0]
  const last = steps.at(-1)
  if (first === undefined || last === undefined) return undefined
  return (scenario) => {
    const at = scenario.steps.findIndex((step) => step.do === first.do)
    return at >= 0 && scenario.steps.findLastIndex((step) => step.do === last.do) >= at
  }
}

test('what is left still fails', () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const fails = pairOf(scenario)
      fc.pre(fails !== undefined)
      expect(fails(shrinkScenario(scenario, { fails }).scenario)).toBe(true)
    }),
    OPTIONS,
  )
})

test('a failure that needs two steps comes down to two steps', () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const fails = pairOf(scenario)
      fc.pre(fails !== undefined)
      expect(shrinkScenario(scenario, { fails }).scenario.steps.length).toBeLessThanOrEqual(2)
    }),
    OPTIONS,
  )
})

test('nothing grows: no more clients, no more steps, no longer run, no longer fault', () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const fails = pairOf(scenario)
      fc.pre(fails !== undefined)
      const { scenario: small } = shrinkScenario(scenario, { fails })
      const longest = ({ steps }: Scenario): number =>
        Math.max(0, ...steps.map((step) => ('forMs' in step ? step.forMs : 0)))
      expect(small.clients.length).toBeLessThanOrEqual(scenario.clients.length)
      expect(small.steps.length).toBeLessThanOrEqual(scenario.steps.length)
      expect(small.durationMs).toBeLessThanOrEqual(scenario.durationMs)
      expect(longest(small)).toBeLessThanOrEqual(longest(scenario))
    }),
    OPTIONS,
  )
})

test('a failure that needs nothing leaves one plain client and no step', () => {
  const drawn = draw(3)
  const app = drawn.clients.at(-1)?.app
  const { scenario } = shrinkScenario(drawn, { fails: () => true })
  expect(scenario.steps).toEqual([])
  expect(scenario.server).toEqual({})
  expect(scenario.clients).toEqual([{ name: 'dave', app, transport: 'websocket', actEveryMs: 0 }])
})

test('a failure that needs one client keeps that client', () => {
  const fails = ({ clients }: Scenario): boolean => clients.some(({ name }) => name === 'bob')
  expect(shrinkScenario(draw(3), { fails }).scenario.clients.map(({ name }) => name)).toEqual(['bob'])
})

test('a scenario that nothing smaller fails like stays as it is', () => {
  const scenario = draw(3)
  const kept = shrinkScenario(scenario, {
    fails: (candidate) => JSON.stringify(candidate) === JSON.stringify(scenario),
  })
  expect(kept.scenario).toBe(scenario)
  expect(kept.tries).toBeGreaterThan(10)
})

test('who may not continue is given what was found so far', () => {
  let asked = 0
  const scenario = draw(3)
  const shrunk = shrinkScenario(scenario, { fails: () => true, mayContinue: () => ++asked <= 2 })
  expect(shrunk).toMatchObject({ tries: 2, isSmallest: false })
  expect(shrunk.scenario.clients.length).toBe(scenario.clients.length - 2)
})

test('tries end the search, however long one takes: equal scenarios and tries give equal results', () => {
  const scenario = draw(3)
  const fails = (candidate: Scenario): boolean => candidate.steps.length > 1
  const all = shrinkScenario(scenario, { fails })
  expect(all.isSmallest).toBe(true)
  for (let triesMax = 0; triesMax < all.tries; triesMax++) {
    const shrunk = shrinkScenario(scenario, { fails, triesMax })
    expect(shrunk).toMatchObject({ tries: triesMax, isSmallest: false })
    expect(fails(shrunk.scenario)).toBe(true)
    expect(shrinkScenario(scenario, { fails, triesMax })).toEqual(shrunk)
  }
  expect(shrinkScenario(scenario, { fails, triesMax: all.tries })).toEqual(all)
})

test('nothing is tried a second time in the same scenario', () => {
  const scenario = draw(3)
  const triedIn = new Map<string, number>()
  let best = JSON.stringify(scenario)
  const { tries } = shrinkScenario(scenario, {
    fails(candidate) {
      const isBroken = candidate.steps.length > 3
      triedIn.set(best, (triedIn.get(best) ?? 0) + 1)
      if (isBroken) best = JSON.stringify(candidate)
      return isBroken
    },
  })
  const last = triedIn.get(best) ?? 0
  const { tries: again } = shrinkScenario(JSON.parse(best) as Scenario, { fails: () => false })
  // From the last improvement on each candidate is tried once, but for those of the pass that has found it.
  expect(last).toBeLessThan(1.5 * again)
  expect(tries).toBeGreaterThan(last)
})

describe('a long recording', () => {
  const SPEAKERS = 100
  const clients = Array.from({ length: SPEAKERS }, (_, index): ClientSetup => {
    return { name: `client${index}`, app: 'chat', transport: 'enet', scripted: true, startAtMs: index }
  })
  const steps = Array.from({ length: 5_000 }, (_, index): Step => {
    const client = `client${(index * 37) % SPEAKERS}`
    return index % 500 === 250
      ? { atMs: index * 20, do: 'cut', client, forMs: 3_000 }
      : { atMs: index * 20, do: 'send', client, type: 'channel_msg', message: { text: String(index) } }
  })
  const recorded: Scenario = { version: 1, name: 'long', seed: 1, durationMs: 100_000, server: {}, clients, steps }
  const textOf = (step: Step | undefined): unknown => (step?.do === 'send' ? step.message['text'] : undefined)

  test('comes down to the two of its steps that matter, in few tries, most of them of small scenarios', () => {
    let stepsTried = 0
    const { scenario, tries } = shrinkScenario(recorded, {
      fails(candidate) {
        stepsTried += candidate.steps.length
        const said = candidate.steps.findIndex((step) => textOf(step) === '1234')
        return said >= 0 && candidate.steps.slice(said).some((step) => step.do === 'cut')
      },
    })
    expect(scenario.steps.map((step) => step.do)).toEqual(['send', 'cut'])
    expect(scenario.clients.length).toBeLessThanOrEqual(2)
    expect(tries).toBeLessThan(300)
    expect(stepsTried).toBeLessThan(40 * steps.length)
    // What lay between them is gone, and so is the time that it took.
    expect(scenario.durationMs).toBeLessThan(3_000)
  })

  test('of which nobody’s words matter loses them at once', () => {
    const { scenario, tries } = shrinkScenario(recorded, {
      fails: (candidate) => candidate.steps.some((step) => step.do === 'cut'),
    })
    expect(scenario.steps.length).toBe(1)
    expect(tries).toBeLessThan(60)
  })
})
