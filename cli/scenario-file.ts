/** Scenarios as files: a line for each client and each step, so that a long one can be read, compared and cut. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Scenario } from '../scenarios/index.ts'

/** Makes the folder if need be. Throws what that, or writing, throws. */
export function writeScenarioFile(file: string, scenario: Scenario): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, formatScenario(scenario))
}

export function formatScenario(scenario: Scenario): string {
  const fields = Object.entries(scenario).map(([name, value]) => `  ${JSON.stringify(name)}: ${formatField(value)}`)
  return `{\n${fields.join(',\n')}\n}\n`
}

function formatField(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value)
  return `[\n${value.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`
}
