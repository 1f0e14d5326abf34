/** The laws of shrinking: what comes out fails as well, and is no larger. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shrinkScenario, type Scenario } from 'overworld/scenarios'
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
  const { scenario } = shrinkScenario(draw(3), { fails: () => true })
  expect(scenario.steps).toEqual([])
  expect(scenario.server).toEqual({})
  expect(scenario.clients).toEqual([{ name: 'dave', app: 'arena', transport: 'websocket', actEveryMs: 0 }])
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
  const { tries, scenario: small } = shrinkScenario(scenario, { fails: () => true, mayContinue: () => ++asked <= 2 })
  expect(tries).toBe(2)
  expect(small.clients.length).toBe(scenario.clients.length - 2)
})
