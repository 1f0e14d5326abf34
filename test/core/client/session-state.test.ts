/** What a client makes of `session_state`, of servers that send none, and of messages that it cannot decode. */
import { describe, expect, test } from 'vitest'
import type { SessionEstablished } from '../../../core/client/client.ts'
import { encodeSessionNew, protocol } from '../../../core/protocol.ts'
import { arena } from '../../../scenarios/apps/arena.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { startClient, type ClientWorld } from '../support/client-world.ts'
import { Dial } from '../support/fake-network.ts'

const token = (n: number): Uint8Array => Dial.token(n)

/** A client that has dialled and asked, and what it has asked with. */
function asking(world = startClient()): ClientWorld & { readonly schemas: readonly Uint8Array[] } {
  world.client.connect()
  world.network.last.open()
  const [request] = world.network.last.heard()
  world.events.length = 0
  return { ...world, schemas: request?.message['schemas'] as readonly Uint8Array[] }
}

/** Where the client was told that its session is. */
function toldOf({ events }: ClientWorld): SessionEstablished | undefined {
  return events.find(([name]) => name === 'session')?.[1] as SessionEstablished | undefined
}

describe('a request', () => {
  test('announces prefix and hash of each app of the client', () => {
    const world = startClient()
    world.client.app(chat)
    world.client.app(arena)
    const announced = asking(world).schemas.map((bytes) => [bytes[1], [...bytes.subarray(3)]])
    const lowFirst = (hash = ''): number[] =>
      (hash.match(/../g) ?? []).reverse().map((each) => Number.parseInt(each, 16))
    expect(announced).toEqual([
      [0, lowFirst(chat.schemaHash)],
      [1, lowFirst(arena.schemaHash)],
    ])
  })

  test('of a client without apps, or whose apps have no hash, announces the protocol', () => {
    expect(asking().schemas.map((bytes) => bytes[1])).toEqual([100])
    const world = startClient()
    world.client.app({ ...chat, schemaHash: undefined })
    expect(asking(world).schemas.map((bytes) => bytes[1])).toEqual([100])
  })
})

describe('the session event', () => {
  test('comes with session_state, and says in which zone the session is', () => {
    const world = startClient()
    world.client.app(chat)
    const { network, events, client } = asking(world)
    network.last.sessionNewAlone(1, token(1))
    expect(events).toEqual([])
    expect(client.app(chat).send('channel_msg', { text: 'too early' })).toBe(false)
    network.last.say(protocol, 'session_state', { zone_app: 0, zone: 'hall', skewed: [] })
    const zone = { app: chat, prefix: 0, name: 'hall' }
    expect(events).toEqual([
      ['status', { kind: 'connected', sessionId: 1 }],
      ['session', { id: 1, resumed: false, zone, isZoneKnown: true, skewed: [] }],
    ])
    expect(client.session?.zone).toEqual(zone)
  })

  test('names a zone of an app that the client does not have by its prefix', () => {
    const world = asking()
    world.network.last.sessionNew(1, token(1), { zone_app: 9, zone: 'elsewhere' })
    expect(toldOf(world)?.zone).toEqual({ app: undefined, prefix: 9, name: 'elsewhere' })
  })

  test('names the apps whose schemas differ', () => {
    const world = startClient()
    world.client.app(chat)
    const { network } = asking(world)
    network.last.sessionNew(1, token(1), { skewed: [7, 0] })
    expect(toldOf(world)?.skewed).toEqual([chat])
  })

  test('comes with the beacon of a server that sends no session_state: the zone is unknown', () => {
    const world = asking()
    world.network.last.sessionNewAlone(1, token(1))
    world.network.last.beacon(1)
    expect(toldOf(world)).toEqual({ id: 1, resumed: false, zone: undefined, isZoneKnown: false, skewed: [] })
    expect(world.network.last.heard()).toEqual([{ type: 'session_ping', message: { id: 1 } }])
  })

  test('that does not come within connectTimeout gives the connection up, with the token kept', () => {
    const { client, clock, network } = asking()
    network.last.sessionNewAlone(1, token(1))
    clock.advance(5_000)
    expect(client.status.kind).toBe('waiting')
    clock.advance(10_000)
    network.last.open()
    expect(network.last.heard()[0]?.message).toMatchObject({ reconnect_token: token(1) })
  })

  test('in which the client ends leaves the beacon unanswered', () => {
    const { client, network } = asking()
    client.on('session', () => client.end())
    network.last.sessionNewAlone(1, token(1))
    network.last.beacon(1)
    expect(network.last.heard()).toMatchObject([])
    expect(client.status.kind).toBe('ended')
  })

  test('is not repeated for a repeated session_new, and comes again for another session', () => {
    const world = asking()
    world.network.last.sessionNew(1, token(1))
    world.network.last.sessionNew(1, token(1))
    world.network.last.sessionNew(2, token(2), { zone_app: 0, zone: 'hall' })
    const told = world.events.flatMap(([name, value]) => (name === 'session' ? [value] : []))
    expect(told).toMatchObject([{ id: 1 }, { id: 2, zone: { name: 'hall' } }])
  })
})

test('messages of apps that come before session_state are held, at most 64, and told after the session', () => {
  const { client, network } = asking()
  const told: string[] = []
  client.on('session', ({ id }) => told.push(`session ${id}`))
  client.app(chat).on('channel_msg', ({ text }) => told.push(text ?? ''))
  network.last.say(chat, 'channel_msg', { text: 'first' })
  network.last.sessionNewAlone(1, token(1))
  for (let count = 0; count < 70; count++) network.last.say(chat, 'channel_msg', { text: 'more' })
  expect(told).toEqual([])
  network.last.beacon(1)
  expect(told).toHaveLength(1 + 64)
  expect(told.slice(0, 3)).toEqual(['session 1', 'first', 'more'])
})

test('a client that goes over again between session_new and session_state keeps the connection that has its session', () => {
  const { client, network } = asking()
  network.last.sessionNewAlone(1, token(1))
  const holder = network.last
  client.connect()
  expect(holder.closes).toEqual([])
  network.last.open()
  network.last.sessionNew(1, token(2))
  expect(holder.closedWith).toBe(1000)
})

describe('a message that cannot be decoded', () => {
  const connected = (): ClientWorld => {
    const world = startClient()
    world.client.app(chat)
    asking(world).network.last.sessionNew(1, token(1), { skewed: [0] })
    world.events.length = 0
    return world
  }

  test.each([
    ['malformed', [0, 0, 0xff], { app: chat, prefix: 0, why: 'malformed', isSkewed: true }],
    ['of a type that the schema does not have', [0, 0, 0x7a, 0], { app: chat, prefix: 0, why: 'unknown_message' }],
    ['of an app that the client does not have', [0, 9, 10, 0], { app: undefined, prefix: 9, why: 'unknown_app' }],
    ['of the protocol, malformed', [0, 100, 0xff], { app: undefined, prefix: 100, why: 'malformed', isSkewed: false }],
    ['of a later protocol', [0, 100, 0x7a, 0], { app: undefined, prefix: 100, why: 'unknown_message' }],
    ['without a prefix', [1], { app: undefined, prefix: undefined, why: 'malformed' }],
  ])('is told and counted: %s', (_name, bytes, expected) => {
    const { client, network, events } = connected()
    network.last.receive(Uint8Array.from(bytes))
    network.last.receive(Uint8Array.from(bytes))
    expect(events).toMatchObject([
      ['undecodable', { ...expected, bytes: Uint8Array.from(bytes), count: 1 }],
      ['undecodable', { ...expected, count: 2 }],
    ])
    expect(client.undecodableTotal).toBe(2)
    expect(client.status.kind).toBe('connected')
  })

  test('of countless kinds fills no memory: further kinds are counted as one', () => {
    const { network, events } = connected()
    for (let prefix = 0; prefix < 300; prefix++) network.last.receive(Uint8Array.of(1, prefix & 0xff, prefix >> 8))
    for (let prefix = 0; prefix < 300; prefix++) network.last.receive(Uint8Array.of(2, prefix & 0xff, prefix >> 8))
    expect(Math.max(...events.map(([, value]) => (value as { count: number }).count))).toBeGreaterThan(200)
  })
})

test('session_new before a request is answered with nothing, and the token is kept', () => {
  const { client, network } = startClient()
  client.connect()
  network.last.open()
  network.last.receive(encodeSessionNew(3, token(3)).bytes)
  expect(client.sessionId).toBe(3)
  expect(client.status.kind).toBe('connecting')
})
