/** A failure of a game reads like a story of the game. */
import { appsOfGame, GameAccount, runOnMessages, type RunFailure, type Scenario } from 'overworld/scenarios'
import { expect, test } from 'vitest'
import { roomGame } from './room-game.ts'

const LOST_AND_BACK: Scenario = {
  version: 1,
  name: 'lost and back',
  seed: 1,
  durationMs: 12_000,
  server: {},
  clients: [
    { name: 'alice', app: 'client', transport: 'websocket' },
    { name: 'bob', app: 'client', transport: 'enet' },
  ],
  steps: [
    { atMs: 2_000, do: 'disconnect', client: 'bob' },
    { atMs: 4_000, do: 'connect', client: 'bob' },
  ],
}

async function told(
  scenario: Scenario,
): Promise<{ readonly account: GameAccount; readonly failure: RunFailure | undefined }> {
  // What the page shows is wrong by one thing: who is away.
  const game = roomGame({ sees: ({ view }) => view?.map((name) => name.replace('(bob)', 'bob')) })
  const apps = appsOfGame(game)
  const account = new GameAccount(apps.map(({ app }) => app))
  const { failure } = await runOnMessages(scenario, { apps, onEvent: (event) => account.add(event) })
  return { account, failure }
}

test('an account tells who did what, and calls sessions by their clients', async () => {
  const { account, failure } = await told(LOST_AND_BACK)
  expect(failure).toBeUndefined()
  const lines = account.lines.map(({ who, text }) => `${who}: ${text}`)
  expect(lines).toContain("server: zone 'chat': handleDisconnect for bob's session")
  expect(lines).toContain("server: zone 'chat': handleReconnect for bob's session")
  expect(lines).toContain('bob: has disconnected')
  expect(lines).toContain('bob: is back in its session')
  expect(lines).toContain('scenario: everybody leaves')
  expect(lines.join('\n')).not.toMatch(/beacon|token|session_/)
  expect(account.takeLines()).toHaveLength(lines.length)
  expect(account.takeLines()).toEqual([])
})

test('where a client sees something else than is so, the two are told apart step by step', async () => {
  const steps = LOST_AND_BACK.steps.slice(0, 1)
  const { account, failure } = await told({ ...LOST_AND_BACK, durationMs: 3_000, steps })
  expect(failure?.invariant).toBe('views-agree')
  expect(failure?.about?.client).toBe('alice')
  const { about } = failure ?? {}
  if (about === undefined) throw new Error('a failure that is about nobody')
  const story = account.storyOf(about).map(({ who, text }) => `${who}: ${text}`)
  expect(story.at(-1)).toMatch(/^is shown to alice: \[\d\]: from 'bob' to '\(bob\)'$/)
  expect(story.some((line) => line.startsWith('alice sees: '))).toBe(true)
})
