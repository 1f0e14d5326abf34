/** When nothing is under way any more, over streams and over ENet. */
import { expect, test } from 'vitest'
import { hasMissed, isDelivered, LinkEnd, Traffic } from '../../../scenarios/game/traffic.ts'

const RELIABLE = { mode: 'reliable', channel: 0 } as const
const UNRELIABLE = { mode: 'unreliable', channel: 1 } as const
const [first, second, other] = [Uint8Array.of(0, 7, 10, 1), Uint8Array.of(0, 7, 10, 2), Uint8Array.of(0, 7, 18, 1)]

function link(transport: 'websocket' | 'enet'): { traffic: Traffic; client: LinkEnd; server: LinkEnd } {
  return { traffic: new Traffic(() => 5), client: new LinkEnd(transport), server: new LinkEnd(transport) }
}

test('over a stream everything arrives, whatever was asked for', () => {
  const { traffic, client, server } = link('websocket')
  traffic.sent(server, first, UNRELIABLE)
  expect(isDelivered(client, server)).toBe(false)
  traffic.heard(client, first, RELIABLE)
  expect(isDelivered(client, server)).toBe(true)
  expect(hasMissed(client, server)).toBe(false)
  expect(traffic.lastMs).toBe(5)
})

test('over ENet nobody waits for what may be lost; that the last of a type was lost is known', () => {
  const { traffic, client, server } = link('enet')
  traffic.sent(server, first, UNRELIABLE)
  traffic.sent(server, other, UNRELIABLE)
  traffic.heard(client, first, UNRELIABLE)
  expect(isDelivered(client, server)).toBe(true)
  expect(hasMissed(client, server)).toBe(true)
  traffic.heard(client, other, UNRELIABLE)
  expect(hasMissed(client, server)).toBe(false)
  traffic.sent(server, second, UNRELIABLE)
  expect(hasMissed(client, server)).toBe(true)
  traffic.sent(server, first, RELIABLE)
  expect(isDelivered(client, server)).toBe(false)
})
