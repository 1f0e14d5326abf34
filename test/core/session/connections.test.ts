/** What becomes of connections where there are as many as `limits.connections` allows. */
import { expect, test } from 'vitest'
import { CloseCode } from '../../../core/close-codes.ts'
import { startWorld } from '../support/server-world.ts'

test('a further connection takes the place of the one that has waited longest without a session', () => {
  const world = startWorld({ limits: { connections: 2 } })
  const member = world.enter()
  const waiting = world.connect()
  const newcomer = world.connect()
  expect(waiting.connection.closedWith).toBe(CloseCode.full)
  expect(newcomer.request().map(({ type }) => type)).toEqual(['session_new', 'session_beacon'])
  expect(member.connection.isOpen).toBe(true)
  expect(world.server.stats()).toMatchObject({
    connectionsRefusedTotal: 1,
    sessionsConnected: 2,
    sessionsPreconnect: 0,
  })
})

test('one that is being closed already makes no place: the next one that waits does', () => {
  const world = startWorld({ limits: { connections: 2 } })
  world.enter()
  const closing = world.connect()
  for (let guess = 1; guess <= 3; guess++) closing.request(new Uint8Array(24).fill(guess))
  expect(closing.connection.closedWith).toBe(CloseCode.badTokens)
  const waiting = world.connect()
  const newcomer = world.connect()
  expect(waiting.connection.closedWith).toBe(CloseCode.full)
  expect(newcomer.request().map(({ type }) => type)).toEqual(['session_new', 'session_beacon'])
})

test('where all have a session, a disconnected one is resumed all the same, and a new one is refused with 4010', () => {
  const world = startWorld({ limits: { connections: 2 }, disconnectTimeout: 60_000 })
  const lost = world.enter()
  lost.close()
  world.enter()
  world.enter()
  const stranger = world.connect()
  expect(stranger.connection.isOpen).toBe(true)
  expect(stranger.request()).toEqual([])
  expect(stranger.connection.closedWith).toBe(CloseCode.full)
  const back = world.connect()
  expect(back.request(lost.token).map(({ type }) => type)).toEqual(['session_new', 'session_beacon'])
  expect(back.sessionId).toBe(lost.sessionId)
  expect(world.server.stats()).toMatchObject({ sessionsResumedTotal: 1, sessionsConnected: 3 })
})

test('a flood of connections leaves as many open as are allowed', () => {
  const world = startWorld({ limits: { connections: 10, preconnectsPerAddress: Infinity } })
  const member = world.enter()
  const flood = Array.from({ length: 1000 }, (_, index) => world.connect(`198.51.100.${index % 250}`))
  expect(flood.filter(({ connection }) => connection.isOpen)).toHaveLength(9)
  expect(member.connection.isOpen).toBe(true)
  expect(world.server.stats()).toMatchObject({ connectionsRefusedTotal: 991, sessionsPreconnect: 9 })
})
