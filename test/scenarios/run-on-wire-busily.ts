/** For `wire.test.ts`: runs a scenario while the process has other things to do, and prints its fingerprint. */
import process from 'node:process'
import { runScenarioOnWire, simulatedArena, simulatedChat, type Scenario } from '../../scenarios/index.ts'

const scenario = JSON.parse(process.argv[2] ?? '') as Scenario
const busy = setInterval(() => {
  const untilMs = performance.now() + 2
  while (performance.now() < untilMs) Buffer.alloc(10_000)
}, 1)
const { fingerprint } = await runScenarioOnWire(scenario, { apps: [simulatedChat, simulatedArena(100)] })
clearInterval(busy)
console.log(fingerprint)
