/** The apps and drawn scenarios of the default campaign. */
import {
  drawOptionsOf,
  drawScenario,
  referenceApps as appsWith,
  type Scenario,
  type SimulatedApp,
} from 'overworld/scenarios'

export const referenceApps: readonly SimulatedApp[] = appsWith(100)

export function draw(seed: number): Scenario {
  return drawScenario(seed, drawOptionsOf(referenceApps))
}
