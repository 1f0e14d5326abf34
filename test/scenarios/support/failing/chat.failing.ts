/** Run by vitest-accounts.test.ts: two of its tests fail. */
import { describe, expect, test } from 'vitest'
import { chat, chatZone } from 'overworld/scenarios'
import { simulate, type World } from 'overworld/sim'

function worldWith(name: string, seed: number): World {
  const world = simulate({ seed, apps: [chat], zones: [chatZone] })
  const client = world.client(name)
  client.client.on('session', ({ zone }) => zone ?? client.room(chat).join({ handle: name }))
  client.connect()
  return world
}

const shared = worldWith('sharon', 7)

test('that passes', () => {
  const world = worldWith('peter', 1)
  world.advance(1_000)
  expect(world.server.sessions.size).toBe(1)
})

test('that fails', () => {
  const world = worldWith('alice', 2)
  world.advance(1_000)
  world.clients.get('alice')?.halfOpen()
  world.advance(2_000)
  world.clients.get('alice')?.room(chat).send('channel_msg', { text: 'lost, and nobody says so' })
  world.advance(10_000)
  expect(world.server.sessions.size).toBe(2)
})

describe('of a describe', () => {
  test('that fails before its world did anything', () => {
    simulate({ seed: 3, apps: [chat] })
    shared.advance(100)
    expect(1).toBe(2)
  })
})
