/** `session_state`: where a session is, said to clients that announce their schemas, with each `session_new`. */
import { describe, expect, test } from 'vitest'
import { protocol } from '../../../core/protocol.ts'
import { arena, arenaZone } from '../../../scenarios/apps/arena.ts'
import { chat, chatZone } from '../../../scenarios/apps/chat.ts'
import { startWorld, type FakeClient, type ServerWorld } from '../support/server-world.ts'

const HASH = 0x11
const schemaOf = (prefix: number, last = 0): Uint8Array => Uint8Array.of(0x08, prefix, HASH, 1, 2, 3, 4, 5, 6, 7, last)
const ANNOUNCED = [schemaOf(0)]

function ask(client: FakeClient, token?: Uint8Array, schemas = ANNOUNCED): readonly (readonly [string, object])[] {
  client.say(protocol, 'session_request', { schemas, ...(token === undefined ? {} : { reconnect_token: token }) })
  return client.hear().map(({ type, message }) => [type, message])
}

function enter(world: ServerWorld): FakeClient {
  const client = world.connect()
  ask(client)
  return client
}

const stateOf = (heard: readonly (readonly [string, object])[]): object | undefined => {
  expect(heard.map(([type]) => type).slice(0, 3)).toEqual(['session_new', 'session_state', 'session_beacon'])
  return heard[1]?.[1]
}

describe('a client that comes back', () => {
  test('in time, is still in its soft zone', () => {
    const world = startWorld()
    world.server.zones.start(chatZone)
    const client = enter(world)
    client.say(chat, 'join', { handle: 'alice' })
    client.hear()
    client.close()
    expect(stateOf(ask(world.connect(), client.token))).toEqual({ zone_app: 0, zone: 'chat', skewed: [0] })
  })

  test('is in no zone, where the zone is hard, has stopped or has removed it', () => {
    const world = startWorld()
    const zone = world.server.zones.start(chatZone)
    world.server.zones.start(arenaZone)
    const [player, chatter] = [enter(world), enter(world)]
    player.say(arena, 'join', { handle: 'alice' })
    chatter.say(chat, 'join', { handle: 'bob' })
    for (const client of [player, chatter]) {
      client.hear()
      client.close()
    }
    zone.stop()
    expect(stateOf(ask(world.connect(), player.token))).toEqual({ skewed: [0] })
    expect(stateOf(ask(world.connect(), chatter.token))).toEqual({ skewed: [0] })
  })

  test('to a connection that it takes over, is told so before the zone sends anything', () => {
    const world = startWorld()
    world.server.zones.start(chatZone)
    const client = enter(world)
    client.say(chat, 'join', { handle: 'alice' })
    client.hear()
    const heard = ask(world.connect(), client.token)
    expect(stateOf(heard)).toMatchObject({ zone: 'chat' })
    expect(heard.length).toBeGreaterThan(3)
  })

  test('over a connection that announces nothing, is told nothing', () => {
    const world = startWorld()
    const client = enter(world)
    client.close()
    expect(
      world
        .connect()
        .request(client.token)
        .map(({ type }) => type),
    ).toEqual(['session_new', 'session_beacon'])
  })
})

test('a connection that is given to another session is told where that one is', () => {
  const world = startWorld()
  world.server.zones.start(chatZone)
  const [alice, bob] = [enter(world), enter(world)]
  bob.say(chat, 'join', { handle: 'bob' })
  alice.hear()
  bob.session.proxy = alice.session.proxy
  expect(stateOf(alice.hear().map(({ type, message }) => [type, message]))).toMatchObject({ zone: 'chat' })
})

describe('what cannot be decoded', () => {
  const MALFORMED = Uint8Array.of(0, 0, 0xff)
  const UNKNOWN_MESSAGE = Uint8Array.of(0, 0, 0x7a, 0)

  test('of a client with another schema is ignored, counted, and reported once', () => {
    const world = startWorld({ expectReports: true })
    const client = enter(world)
    for (let count = 0; count < 3; count++) client.connection.receive(MALFORMED)
    expect(client.connection.closedWith).toBeUndefined()
    expect(client.session.status).toBe('connected')
    expect(world.server.stats()).toMatchObject({ undecodableTotal: 3, malformedTotal: 0 })
    expect(world.reports).toMatchObject([{ kind: 'undecodable', app: chat, why: 'malformed', isSkewed: true }])
  })

  test('still counts against the limit', () => {
    const world = startWorld({ limits: { messagesPerSecond: 5 } })
    const client = enter(world)
    for (let count = 0; count < 6; count++) client.connection.receive(MALFORMED)
    expect(client.connection.closedWith).toBe(4007)
  })

  test('of a client whose schema is the same, or that has not said, closes its connection', () => {
    const world = startWorld()
    const [silent, equal] = [world.enter(), world.connect()]
    const digits = chat.schemaHash?.match(/../g) ?? []
    ask(equal, undefined, [Uint8Array.of(0x08, 0, HASH, ...digits.reverse().map((each) => Number.parseInt(each, 16)))])
    for (const client of [silent, equal]) {
      client.connection.receive(MALFORMED)
      expect(client.connection.closedWith).toBe(4506)
    }
    expect(world.server.stats()).toMatchObject({ undecodableTotal: 2, malformedTotal: 2 })
    expect(world.reports).toMatchObject([{ kind: 'undecodable', isSkewed: false }])
  })

  test('since the schema has no such message, is ignored and reported once', () => {
    const world = startWorld()
    const client = world.enter()
    client.connection.receive(UNKNOWN_MESSAGE)
    client.connection.receive(UNKNOWN_MESSAGE)
    expect(client.connection.closedWith).toBeUndefined()
    expect(world.reports).toMatchObject([{ kind: 'undecodable', why: 'unknown_message' }])
    expect(world.server.stats()).toMatchObject({ undecodableTotal: 2, emptyMessageTotal: 2 })
  })

  test('of another app than the one that differs closes the connection', () => {
    const world = startWorld()
    const client = enter(world)
    client.connection.receive(Uint8Array.of(0, 1, 0xff))
    expect(client.connection.closedWith).toBe(4506)
  })
})
