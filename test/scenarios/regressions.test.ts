/** Every scenario that once broke something, in the core or in the judgement of it, holds for ever. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readScenario, runScenario, runScenarioOnWire, type Scenario } from 'overworld/scenarios'
import { referenceApps } from './support/reference-apps.ts'

const folder = path.resolve('scenarios/regressions')
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

test('there are regressions to replay', () => {
  expect(files.length).toBeGreaterThan(0)
})

const load = (file: string): Scenario => readScenario(JSON.parse(readFileSync(path.join(folder, file), 'utf8')))

test.each(files)('%s holds', (file) => {
  const scenario = load(file)
  expect(scenario.name).toBe(file.replace(/\.json$/, ''))
  expect(scenario.description).toMatch(/\.$/)
  expect(runScenario(scenario, { apps: referenceApps }).failure).toBeUndefined()
})

test.each(files)('%s holds at wire level', async (file) => {
  expect((await runScenarioOnWire(load(file), { apps: referenceApps })).failure).toBeUndefined()
})
