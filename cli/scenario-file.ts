/** Scenarios as files: a line for each client and each step, so that a long one can be read, compared and cut. */
import type { RecordedHistory, Scenario } from '../scenarios/index.ts'
import { writeWhole } from './kept-file.ts'

/** As `writeWhole`: makes the folder if need be, and leaves nothing behind where it fails. Throws a `CommandError`. */
export function writeScenarioFile(file: string, scenario: Scenario): void {
  writeWhole(file, formatScenario(scenario))
}

export function formatScenario(scenario: Scenario): string {
  const fields = Object.entries(scenario).map(([name, value]) => `  ${JSON.stringify(name)}: ${formatField(value)}`)
  return `{\n${fields.join(',\n')}\n}\n`
}

function formatField(value: unknown): string {
  if (isHistory(value)) return formatHistory(value)
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value)
  return `[\n${value.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`
}

function isHistory(value: unknown): value is RecordedHistory {
  return typeof value === 'object' && value !== null && 'places' in value
}

/** A line for each event of each place. */
function formatHistory({ places, ...rest }: RecordedHistory): string {
  const lines = places.map(({ events, ...place }) => {
    const each = events.map((event) => `        ${JSON.stringify(event)}`)
    return `      ${JSON.stringify({ ...place, events: [] }).slice(0, -2)}\n${each.join(',\n')}\n      ]}`
  })
  return `${JSON.stringify({ ...rest, places: [] }).slice(0, -2)}\n${lines.join(',\n')}\n    ]}`
}
