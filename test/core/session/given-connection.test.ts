/** A connection that is given to another session by hand: `session.proxy = …`. */
import { expect, test } from 'vitest'
import { CloseCode } from '../../../core/close-codes.ts'
import { Receiver } from '../support/receiver.ts'
import { startWorld } from '../support/server-world.ts'

test('its client counts its own attempts: it comes back to the session that it was given, and is not late', () => {
  const world = startWorld()
  const player = world.connect()
  player.request(undefined, 7)
  const spectator = world.connect()
  spectator.request(undefined, 2)
  player.session.proxy = spectator.session.proxy
  expect(spectator.hearTypes()).toEqual(['session_new', 'session_beacon'])
  expect(spectator.sessionId).toBe(player.sessionId)
  spectator.close()
  const back = world.connect()
  expect(back.request(spectator.token, 3).map(({ type }) => type)).toEqual(['session_new', 'session_beacon'])
  expect(back.sessionId).toBe(player.sessionId)
})

test('what is late for its client is late for the session', () => {
  const world = startWorld()
  const player = world.enter()
  const spectator = world.connect()
  spectator.request(undefined, 5)
  player.session.proxy = spectator.session.proxy
  spectator.hear()
  const late = world.connect()
  expect(late.request(spectator.token, 4)).toEqual([])
  expect(late.connection.closedWith).toBe(CloseCode.takenOver)
})

test('an answer to a beacon of the session that had it is none to a beacon of the one that has it', () => {
  const world = startWorld()
  const npc = world.server.sessions.start({ proxy: new Receiver() })
  const spectator = world.enter()
  const underWay = spectator.beacon
  npc.proxy = spectator.session.proxy
  expect(spectator.hearTypes()).toEqual(['session_new', 'session_beacon'])
  spectator.ping(underWay)
  expect(spectator.hearTypes()).toEqual([])
  expect(npc.latency).toBeUndefined()
  spectator.ping()
  expect(spectator.hearTypes()).toEqual(['session_pong'])
})
