/** `wake`: dials at once where the client waits, asks for a sign of life where it is connected. */
import { expect, test } from 'vitest'
import { CloseCode } from '../../../core/close-codes.ts'
import { startClient, type ClientWorld } from '../support/client-world.ts'
import { Dial } from '../support/fake-network.ts'

function connected(): ClientWorld {
  const world = startClient({ livenessTimeout: 0 })
  world.client.connect()
  world.network.last.establish(1, Dial.token(1))
  world.network.last.take()
  return world
}

test('a waiting client dials at once, and once', () => {
  const { client, clock, network } = connected()
  network.last.breakOff()
  client.wake()
  expect(client.status.kind).toBe('connecting')
  client.wake()
  clock.advance(2_000)
  expect(network.dials).toHaveLength(2)
})

test('a dial that throws when the client wakes is a lost connection', () => {
  const { client, network } = connected()
  network.last.breakOff()
  network.failure = new Error('no')
  client.wake()
  expect(client.status).toMatchObject({ kind: 'waiting', reason: 'dialling failed: no' })
})

test('a connected client asks for a sign of life, and stays where it hears one', () => {
  const { client, clock, network, events } = connected()
  client.wake()
  client.wake()
  expect(network.last.heard()).toMatchObject([{ type: 'session_request', message: {} }])
  events.length = 0
  clock.advance(1_900)
  network.last.sessionNew(1, Dial.token(1))
  clock.advance(60_000)
  expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
  expect(events).toEqual([])
})

test('a connection without a sign of life within 2 s is given up', () => {
  const { client, clock, network } = connected()
  client.wake()
  clock.advance(1_999)
  expect(client.status.kind).toBe('connected')
  clock.advance(1)
  expect(client.status).toMatchObject({ kind: 'waiting', code: CloseCode.livenessTimeout })
  expect(network.last.closedWith).toBe(CloseCode.livenessTimeout)
})

test('a process that was paused while it waited for the sign does not give up what it has not read', () => {
  const { client, clock } = connected()
  client.wake()
  clock.pause(10_000)
  clock.advance(0)
  expect(client.status.kind).toBe('connected')
})

test('nothing happens where the client is idle, dials, or has ended', () => {
  const { client, network } = startClient()
  client.wake()
  expect(network.dials).toHaveLength(0)
  client.connect()
  client.wake()
  expect(network.dials).toHaveLength(1)
  client.end()
  client.wake()
  expect(client.status.kind).toBe('ended')
  expect(network.dials).toHaveLength(1)
})

test('a client that goes over to another connection asks no more', () => {
  const { client, clock, network } = connected()
  client.wake()
  client.connect()
  network.last.establish(1, Dial.token(2))
  clock.advance(10_000)
  expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
})
