/** Each client draws from streams of its own. */
import { expect, test } from 'vitest'
import { runScenario, type ClientSetup, type Scenario } from 'overworld/scenarios'
import { referenceApps } from './support/reference-apps.ts'

const alice: ClientSetup = { name: 'alice', app: 'chat', transport: 'websocket' }
const bob: ClientSetup = { name: 'bob', app: 'arena', transport: 'enet' }
const carol: ClientSetup = { name: 'carol', app: 'chat', transport: 'enet' }

/** The server is away for a while: everybody dials again and again, after waits of their own. */
function storm(clients: readonly ClientSetup[]): Scenario {
  return {
    version: 1,
    name: 'storm',
    seed: 11,
    durationMs: 30_000,
    server: {},
    clients,
    steps: [{ atMs: 3_000, do: 'crash', host: 'server', forMs: 15_000, connections: 'reset' }],
  }
}

/** When each client dials, and how long it means to wait before. */
function dialsOf(clients: readonly ClientSetup[]): Map<string, string[]> {
  const dials = new Map<string, string[]>()
  const result = runScenario(storm(clients), {
    apps: referenceApps,
    onEvent(event) {
      if (event.kind !== 'client') return
      const { note } = event
      const list = dials.get(event.client) ?? []
      dials.set(event.client, list)
      if (note.kind === 'dial') list.push(`dials at ${event.atMs}`)
      if (note.kind === 'status' && note.status.kind === 'waiting') list.push(`waits ${note.status.retryInMs}`)
    },
  })
  expect(result.held).toBe(true)
  return dials
}

test("adding a client leaves the other clients' draws unchanged", () => {
  const few = dialsOf([alice, bob])
  const more = dialsOf([alice, carol, bob])
  expect(few.get('alice')?.length).toBeGreaterThan(5)
  expect(more.get('alice')).toEqual(few.get('alice'))
  expect(more.get('bob')).toEqual(few.get('bob'))
})

test('two clients do not draw the same', () => {
  const dials = dialsOf([alice, carol])
  const waits = (name: string): string[] => (dials.get(name) ?? []).filter((line) => line.startsWith('waits'))
  expect(waits('alice')[0]).not.toBe(waits('carol')[0])
})
