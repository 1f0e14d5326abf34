/** ENet over a network that loses a tenth of what is sent: a connection on which anything is heard is not given up. */
import { expect, test } from 'vitest'
import { runScenarioOnWire, type ClientSetup } from '../../scenarios/index.ts'
import { referenceApps } from './support/reference-apps.ts'

const DURATION_MS = 180_000

// With the first seed a connection is given up (4004) where ENet doubles its resend times without a limit, with the second where only
// delivered messages count as a sign of life.
test.each([
  { delayMs: 150, seed: 8 },
  { delayMs: 300, seed: 2 },
])('10 % loss and $delayMs ms each way: in three minutes no connection is given up', async ({ delayMs, seed }) => {
  const players = Array.from({ length: 6 }, (_, i): ClientSetup => ({
    name: `player${i}`,
    app: i % 2 === 0 ? 'chat' : 'arena',
    transport: 'enet',
    link: { delayMs, loss: 0.1 },
  }))
  const connected = new Set<string>()
  const givenUp: string[] = []
  const heard = new Map<string, number>()
  const run = await runScenarioOnWire(
    { version: 1, name: 'lossy', seed, durationMs: DURATION_MS, server: {}, clients: players, steps: [] },
    {
      apps: referenceApps,
      onEvent: (event) => {
        if (event.kind !== 'client' || event.atMs >= DURATION_MS) return
        const { client, note } = event
        if (note.kind === 'heard') heard.set(client, (heard.get(client) ?? 0) + 1)
        if (note.kind !== 'status') return
        if (note.status.kind === 'connected') connected.add(client)
        if (note.status.kind === 'waiting' && connected.has(client)) givenUp.push(`${client} ${note.status.code}`)
      },
    },
  )
  expect(run.failure).toBeUndefined()
  expect(givenUp).toEqual([])
  expect(connected.size).toBe(6)
  // A pong and a beacon each second, at least.
  expect(Math.min(...heard.values())).toBeGreaterThan(300)
})
