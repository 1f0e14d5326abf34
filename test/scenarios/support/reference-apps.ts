/** The apps and drawn scenarios of the default campaign. */
import { drawScenario, simulatedArena, simulatedChat, type Scenario, type SimulatedApp } from 'overworld/scenarios'

export const referenceApps: readonly SimulatedApp[] = [simulatedChat, simulatedArena(100)]

export function draw(seed: number): Scenario {
  return drawScenario(seed, { apps: referenceApps.map(({ app }) => app.name) })
}
