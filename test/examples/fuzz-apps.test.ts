/** The examples that can be fuzzed hold, and the rules of their own find what is planted here. */
import { expect, test } from 'vitest'
import { runCampaign, type SimulatedApp } from 'overworld/scenarios'
import { chat } from '../../examples/browser-chat/chat-app.ts'
import { chatZone } from '../../examples/browser-chat/chat-zone.ts'
import simulatedChat from '../../examples/browser-chat/fuzz-app.ts'
import { coinRace, raceZone } from '../../examples/coin-race/coin-race.ts'
import simulatedRace from '../../examples/coin-race/fuzz-app.ts'

const RUNS = 100

test.each([simulatedRace, simulatedChat])('$app.name holds, and its bots reach its goals', (app) => {
  const { failure, runs, goals } = runCampaign({ seed: 1, runs: RUNS, apps: [app] })
  expect(failure?.message).toBeUndefined()
  expect(runs).toBe(RUNS)
  expect(Object.keys(app.goals ?? {}).filter((goal) => !((goals.get(goal) ?? 0) > 0))).toEqual([])
})

const broken: readonly (readonly [string, string, SimulatedApp])[] = [
  [
    'a race that forgets who leaves',
    'no-twins',
    { ...simulatedRace, zone: coinRace.defineZone({ ...raceZone, handlePart: () => undefined }) as never },
  ],
  [
    'a chat that does not say who is here to those who come back',
    'speakers-are-here',
    { ...simulatedChat, zone: chat.defineZone({ ...chatZone, handleReconnect: () => undefined }) as never },
  ],
]

test.each(broken)('%s breaks %s', (_what, rule, app) => {
  expect(runCampaign({ seed: 1, runs: RUNS, apps: [app] }).failure?.invariant).toBe(rule)
})
