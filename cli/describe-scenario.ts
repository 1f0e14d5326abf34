/** A scenario in lines that a person can read: who is there, over which links, and what happens. */
import { formatCount, sum } from './numbers.ts'
import { describeStep, type ClientSetup, type Scenario } from '../scenarios/index.ts'

export function describeScenario(scenario: Scenario): readonly string[] {
  return [
    ...scenario.clients.map((client) => `          ${describeClient(client)}`),
    ...describeServer(scenario.server),
    ...describeKept(scenario.history),
    ...scenario.steps.map((step) => `${(step.atMs / 1000).toFixed(3).padStart(9)} s  ${describeStep(step)}`),
    `${(scenario.durationMs / 1000).toFixed(3).padStart(9)} s  the network is well again`,
  ]
}

function describeClient({ name, app, transport, link, downlink, ...rest }: ClientSetup): string {
  const details = Object.entries(rest).map(([what, value]) => `, ${what} ${value}`)
  const links = [
    link === undefined ? '' : `, link ${JSON.stringify(link)}`,
    downlink === undefined ? '' : `, downlink ${JSON.stringify(downlink)}`,
  ]
  return `  ${name} plays ${app} over ${transport}${[...details, ...links].join('')}`
}

function describeKept(history: Scenario['history']): string[] {
  if (history === undefined) return []
  const count = sum(history.places.flatMap(({ events }) => events.map(({ drawn = [] }) => drawn.length)))
  return [
    `            the server is given ${formatCount(count, 'recorded random value')} while the history is the recorded one`,
  ]
}

function describeServer(server: Scenario['server']): string[] {
  const settings = Object.entries(server).map(([name, value]) => `${name} ${String(value)}`)
  return settings.length === 0 ? [] : [`            the server has ${settings.join(', ')}`]
}
