/** Every counter is moved by what its documentation says, and by that alone; a new counter without a fact here fails. */
import { describe, expect, test } from 'vitest'
import type { Limits } from '../../core/options.ts'
import { COUNTER_NAMES, GAUGE_NAMES, type CounterName } from '../../core/stats.ts'
import { protocol } from '../../core/protocol.ts'
import { arena } from '../../scenarios/apps/arena.ts'
import { chat } from '../../scenarios/apps/chat.ts'
import { enterZone, startMembership, startZoneWorld } from './support/membership.ts'
import { Receiver } from './support/receiver.ts'
import { NOTHING_LEFT, startWorld, type ServerWorld } from './support/server-world.ts'

type Prepared = readonly [world: ServerWorld, act: () => void]

/** For each counter: a world, and what moves the counter in it by exactly one. */
const facts: Readonly<Record<CounterName, () => Prepared>> = {
  connectionsOpenedTotal() {
    const world = startWorld()
    return [world, () => world.connect()]
  },
  connectionsRefusedTotal() {
    const world = startWorld({ limits: { connections: 1 } })
    const first = world.connect()
    return [
      world,
      () => {
        world.connect()
        expect(first.connection.closedWith).toBe(4010)
      },
    ]
  },
  sessionsStartedTotal() {
    const world = startWorld()
    return [world, () => world.enter()]
  },
  sessionsResumedTotal() {
    const { world, member } = startMembership()
    member.close()
    return [world, () => world.connect().request(member.token)]
  },
  sessionsTakenOverTotal() {
    const { world, member } = startMembership()
    return [world, () => world.connect().request(member.token)]
  },
  sessionsDisconnectedTotal() {
    const { world, member } = startMembership()
    return [world, () => member.close()]
  },
  sessionsExpiredTotal() {
    const { world, member } = startMembership()
    member.close()
    return [world, () => world.clock.advance(5_000)]
  },
  sessionsEvictedTotal() {
    const world = startWorld({ limits: { sessions: 2, sessionsPerAddress: Infinity } })
    for (const client of [world.enter(), world.enter()]) client.close()
    return [world, () => world.connect('198.51.100.7').request()]
  },
  sessionsEndedTotal() {
    const { world, member } = startMembership()
    return [world, () => member.close(4000)]
  },
  sessionsStoppedTotal() {
    const { world, member } = startMembership()
    return [world, () => member.session.stop()]
  },
  badTokensTotal() {
    const world = startWorld()
    return [world, () => world.connect().request(Uint8Array.of(1))]
  },
  lateRequestsTotal() {
    const world = startWorld()
    const client = world.connect()
    client.request(undefined, 2)
    return [world, () => world.connect().request(client.token, 1)]
  },
  denialsTotal() {
    const world = startWorld()
    return [world, () => world.connect().ping(1)]
  },
  livenessTimeoutsTotal() {
    const { world } = startMembership()
    return [world, () => world.clock.advance(10_000)]
  },
  messagesInTotal() {
    const { world, member } = startMembership()
    return [world, () => member.say(chat, 'channel_msg', {})]
  },
  bytesInTotal() {
    const { world, member } = startMembership()
    return [world, () => member.connection.receive(Uint8Array.of(1))]
  },
  messagesOutTotal() {
    const { world, member } = startMembership()
    return [world, () => member.session.send(chat, 'sync', {})]
  },
  bytesOutTotal() {
    const { world, member } = startMembership()
    // Four bytes: the prefix, a tag and a length; see below.
    return [world, () => member.session.send(chat, 'sync', {})]
  },
  malformedTotal() {
    const { world, member } = startMembership()
    return [world, () => member.connection.receive(Uint8Array.of(0, 0, 0xff))]
  },
  oversizedTotal() {
    const { world, member } = startMembership({ limits: { messageBytes: 10 } })
    return [world, () => member.connection.receive(new Uint8Array(11))]
  },
  undecodableTotal() {
    const { world, member } = startMembership()
    return [world, () => member.connection.receive(Uint8Array.of(0, 0))]
  },
  unknownPrefixTotal() {
    const { world, member } = startMembership()
    return [world, () => member.connection.receive(Uint8Array.of(7, 7, 7))]
  },
  emptyMessageTotal() {
    const { world, member } = startMembership()
    return [world, () => member.connection.receive(Uint8Array.of(0, 0))]
  },
  unexpectedMessageTotal() {
    const { world, member } = startMembership()
    return [world, () => member.say(chat, 'sync', {})]
  },
  textFrameTotal() {
    const { world, member } = startMembership()
    return [world, () => member.connection.handler?.ignored?.('text_frame')]
  },
  unknownPingTotal() {
    const { world, member } = startMembership()
    return [world, () => member.ping(999)]
  },
  rateLimitedTotal() {
    const { world, member } = startMembership({ limits: { messagesPerSecond: 3 } })
    member.ping(0)
    return [world, () => member.ping(0)]
  },
  slowReadersTotal() {
    const { world, member } = startMembership()
    member.connection.bufferedBytes = 1_048_577
    return [world, () => member.session.send(chat, 'sync', {})]
  },
  droppedSlowTotal() {
    const { world, member } = startMembership()
    member.connection.bufferedBytes = 262_145
    return [world, () => member.session.send(arena, 'snapshot', { frame: 1 })]
  },
  droppedDisconnectedTotal() {
    const { world, member } = startMembership()
    member.close()
    return [world, () => member.session.send(chat, 'sync', {})]
  },
  droppedGoneTotal() {
    const { world, member } = startMembership()
    const { session } = member
    session.stop()
    return [world, () => session.send(chat, 'sync', {})]
  },
  throwsTotal() {
    const { world, zone } = startZoneWorld({
      expectReports: true,
      hooks: {
        handleInfo() {
          throw new Error('counted')
        },
      },
    })
    return [world, () => zone.tell('x')]
  },
  ticksTotal() {
    const world = startWorld()
    world.server.zones.start(chat.defineZone({ init: () => undefined, handleTick: () => undefined }))
    return [world, () => world.clock.advance(20)]
  },
}

describe('each counter counts what it says', () => {
  test.each(COUNTER_NAMES)('%s', (name) => {
    const [world, act] = facts[name]()
    const before = world.server.stats()[name]
    act()
    expect(world.server.stats()[name] - before).toBe(name === 'bytesOutTotal' ? 4 : 1)
  })
})

test('a fresh server counts nothing, and has every documented name', () => {
  const stats = startWorld().server.stats()
  expect(Object.keys(stats).sort()).toEqual([...COUNTER_NAMES, ...GAUGE_NAMES].sort())
  expect(Object.values(stats).every((value) => value === 0)).toBe(true)
})

test('gauges follow what is there', () => {
  const { world, member } = startMembership()
  enterZone(world)
  world.connect()
  world.server.sessions.start({ proxy: new Receiver() })
  expect(world.gauges()).toEqual({
    connections: 3,
    sessions: 4,
    sessionsPreconnect: 1,
    sessionsConnected: 3,
    sessionsDisconnected: 0,
    tokens: 2,
    // Of each member: the next beacon and liveness; of the third: its request.
    timers: 5,
    zones: 1,
    zoneMembers: 2,
  })
  member.close()
  expect(world.gauges()).toMatchObject({ connections: 2, sessionsConnected: 2, sessionsDisconnected: 1, timers: 4 })
  expect(world.gauges()['timers']).toBe(world.clock.size)
  world.server.stop()
  world.clock.advance(10)
  expect(world.gauges()).toEqual(NOTHING_LEFT)
})

describe('limits', () => {
  test('messages a second: one more closes with 4007, and the next second is another', () => {
    const { world, member } = startMembership({ limits: { messagesPerSecond: 10 } })
    world.clock.advance(1_000)
    for (let second = 0; second < 3; second++) {
      for (let i = 0; i < 10; i++) member.ping(0)
      world.clock.advance(1_000)
    }
    expect(member.connection.isOpen).toBe(true)
    for (let i = 0; i < 11; i++) member.ping(0)
    expect(member.connection.closedWith).toBe(4007)
    expect(member.session.status).toBe('disconnected')
  })

  test('bytes a second: above them it is closed with 4007, and the next second is another', () => {
    const { world, member } = startMembership({ limits: { bytesPerSecond: 60 } })
    world.clock.advance(1_000)
    // A ping has six bytes.
    for (let second = 0; second < 3; second++) {
      for (let i = 0; i < 10; i++) member.ping(0)
      world.clock.advance(1_000)
    }
    expect(member.connection.isOpen).toBe(true)
    for (let i = 0; i < 11; i++) member.ping(0)
    expect(member.connection.closedWith).toBe(4007)
    expect(world.server.stats()).toMatchObject({ rateLimitedTotal: 1 })
  })

  test('the limit of bytes leaves room for four of the longest messages', () => {
    const limitOf = (limits: Partial<Limits>): number =>
      startMembership({ limits }).world.server.options.limits.bytesPerSecond
    expect(limitOf({})).toBe(262_144)
    expect(limitOf({ messageBytes: 1_000_000 })).toBe(4_000_000)
    expect(limitOf({ messageBytes: 1_000_000, bytesPerSecond: 5_000 })).toBe(5_000)
  })

  test('frames that are ignored count as messages: nobody is kept busy with them', () => {
    const { world, member } = startMembership({ limits: { messagesPerSecond: 10 } })
    world.clock.advance(1_000)
    for (let i = 0; i < 10; i++) member.connection.handler?.ignored?.('text_frame')
    expect(member.connection.isOpen).toBe(true)
    member.connection.handler?.ignored?.('text_frame')
    expect(member.connection.closedWith).toBe(4007)
    expect(member.session.status).toBe('disconnected')
    expect(world.server.stats()).toMatchObject({ textFrameTotal: 11, rateLimitedTotal: 1 })
  })

  test('a message of exactly messageBytes is read, one byte more closes with 4506', () => {
    const { member, journal } = startMembership({ limits: { messageBytes: 100 } })
    const text = (length: number): string => 'x'.repeat(length - 6)
    member.say(chat, 'channel_msg', { text: text(100) })
    expect(journal).toHaveLength(2)
    member.say(chat, 'channel_msg', { text: text(101) })
    expect(journal.at(-1)).toBe('disconnect 1')
    expect(member.connection.closedWith).toBe(4506)
  })

  test('a resume is never refused for fullness, and who ends makes room', () => {
    const { world, member } = startMembership({ limits: { sessions: 1 } })
    member.close()
    const refused = world.connect()
    refused.request()
    expect(refused.connection.closedWith).toBe(4010)
    const back = world.connect()
    back.request(member.token)
    expect(back.session.status).toBe('connected')
    back.close(4000)
    expect(world.enter().session.status).toBe('connected')
  })

  test('connections of one address without a session: the oldest makes place and is closed with 4007, no other is', () => {
    const world = startWorld({ limits: { preconnectsPerAddress: 2 } })
    const elsewhere = world.connect('198.51.100.2')
    const [first, second, third] = Array.from({ length: 3 }, () => world.connect('198.51.100.1'))
    expect(first?.connection.closedWith).toBe(4007)
    second?.request()
    const fourth = world.connect('198.51.100.1')
    expect([elsewhere, second, third, fourth].map((client) => client?.connection.isOpen)).toEqual([
      true,
      true,
      true,
      true,
    ])
    world.connect('198.51.100.1')
    expect(third?.connection.closedWith).toBe(4007)
    expect(fourth?.connection.isOpen).toBe(true)
    expect(world.server.stats()).toMatchObject({ connectionsRefusedTotal: 2, sessionsPreconnect: 3 })
  })

  test('a resume is let in from an address whose connections without a session are always too many', () => {
    const { world, member } = startMembership({ limits: { preconnectsPerAddress: 3 } })
    const { token } = member
    for (let i = 0; i < 10; i++) world.connect()
    member.close()
    for (let i = 0; i < 10; i++) world.connect()
    const back = world.connect()
    for (let i = 0; i < 2; i++) world.connect()
    back.request(token)
    expect(back.session.status).toBe('connected')
  })

  test('preconnectsPerAddress: one, which each newcomer takes over, and none', () => {
    const one = startWorld({ limits: { preconnectsPerAddress: 1, connections: 1 } })
    const [first, second] = [one.connect(), one.connect()]
    expect(first.connection.closedWith).toBe(4007)
    expect(second.connection.isOpen).toBe(true)
    expect(startWorld({ limits: { preconnectsPerAddress: 0 } }).connect().connection.closedWith).toBe(4007)
  })

  test('a mass join of 500 from one address at once is let in', () => {
    const world = startWorld()
    const clients = Array.from({ length: 500 }, () => world.connect())
    for (const client of clients) client.request()
    expect(world.gauges()).toMatchObject({ sessionsConnected: 500 })
  })

  test('above the soft limit unreliable messages are dropped, reliable ones are not', () => {
    const { member } = startMembership()
    member.connection.bufferedBytes = 262_144
    member.session.send(arena, 'snapshot', { frame: 1 })
    member.connection.bufferedBytes++
    member.session.send(arena, 'snapshot', { frame: 2 })
    member.session.send(chat, 'sync', {})
    expect(member.hearTypes()).toEqual(['snapshot', 'sync'])
  })

  test('Infinity switches each off, and a bad value is refused', () => {
    const none = {
      messageBytes: Infinity,
      messagesPerSecond: Infinity,
      sessions: Infinity,
      connections: Infinity,
      preconnectsPerAddress: Infinity,
      bufferedBytesSoft: Infinity,
      bufferedBytesHard: Infinity,
    }
    const { world, member } = startMembership({ limits: none, requestTimeout: Infinity })
    member.connection.bufferedBytes = 1e12
    for (let i = 0; i < 2_000; i++) member.ping(0)
    member.session.send(arena, 'snapshot', { frame: 1 })
    expect(member.hearTypes()).toEqual(['snapshot'])
    const silent = world.connect()
    world.clock.advance(9_000)
    expect(silent.connection.isOpen).toBe(true)
    expect(() => startWorld({ limits: { sessions: -1 } })).toThrow(expect.objectContaining({ code: 'bad_option' }))
    const misspelt = { sesions: 5 } as Partial<Limits>
    expect(() => startWorld({ limits: misspelt })).toThrow('limits has no option "sesions"; did you mean sessions?')
  })
})

test('the protocol is no app that one can give to a server', () => {
  expect(() => startWorld({ apps: [protocol] })).toThrow(expect.objectContaining({ code: 'bad_app' }))
})
