/** The named scenarios: each holds, and each is frozen. */
import { describe, expect, test } from 'vitest'
import { NAMED_SCENARIOS, runScenario } from 'overworld/scenarios'
import { referenceApps } from './support/reference-apps.ts'

describe('the named scenarios', () => {
  test('hold, and happen as they always have (a change of what happens is reviewed: vitest -u writes it)', async () => {
    const lines: string[] = []
    for (const scenario of NAMED_SCENARIOS) {
      const { failure, fingerprint, messages } = runScenario(scenario, { apps: referenceApps })
      expect({ name: scenario.name, failure }).toEqual({ name: scenario.name, failure: undefined })
      lines.push(`${scenario.name.padEnd(24)} ${fingerprint}  ${messages} messages`)
    }
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/named-scenarios.txt')
  })

  test('have names of their own, and say where people meet them', () => {
    expect(new Set(NAMED_SCENARIOS.map(({ name }) => name)).size).toBe(NAMED_SCENARIOS.length)
    for (const { description = '' } of NAMED_SCENARIOS) expect(description).toMatch(/^[A-Z].{20,}\.$/)
  })

  test.each([
    ['tunnel', 'alice', { status: 'connected', zone: 'chat' }],
    ['two-tabs', 'alice', { status: 'ended' }],
    ['impatient-user', 'alice', { status: 'connected', zone: 'chat' }],
  ])('%s leaves %s as its description says', (name, client, outcome) => {
    const scenario = NAMED_SCENARIOS.find((each) => each.name === name)
    if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
    expect(runScenario(scenario, { apps: referenceApps }).clients.get(client)).toMatchObject(outcome)
  })
})
