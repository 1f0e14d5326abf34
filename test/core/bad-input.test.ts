/** Bad input never throws out of the server and never harms another session (design section 7). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnyApp } from '../../core/app/app.ts'
import { protocol } from '../../core/protocol.ts'
import { COUNTER_NAMES } from '../../core/stats.ts'
import { arena } from '../../scenarios/apps/arena.ts'
import { chat, chatZone } from '../../scenarios/apps/chat.ts'
import { journalZone } from './support/journal-zone.ts'
import { startMembership } from './support/membership.ts'
import { NOTHING_LEFT, ServerWorld, type FakeClient } from './support/server-world.ts'

const frame = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

describe('malformed: closed with 4506, in any status', () => {
  test.each([
    ['no byte', ''],
    ['one byte', '00'],
    ['a truncated protocol message', '00640a'],
    ['a truncated app message', '00001a05'],
    ['a length beyond the end', '00000a7f'],
    ['a varint that never ends', '0064ffffffffffffffffffff'],
    ['a missing required field', '00642200'],
    ['a missing required field of an app', '00011a00'],
    ['an integer beyond 2^53−1', '006422' + '08' + '08' + '8080808080808010'],
    ['an attempt of 2^64−1', '00640a' + '0b' + '10' + 'ffffffffffffffffff01'],
    ['an unfinished group', '00000b'],
  ])('%s', (_name, hex) => {
    const { world, member } = startMembership()
    const fresh = world.connect()
    fresh.connection.receive(frame(hex))
    member.connection.receive(frame(hex))
    expect([fresh.connection.closedWith, member.connection.closedWith]).toEqual([4506, 4506])
    expect(world.server.stats().malformedTotal).toBe(2)
    expect(member.session.status).toBe('disconnected')
  })

  test('the largest integer that is one is no malformed input', () => {
    const { member } = startMembership()
    member.say(protocol, 'session_ping', { id: 2 ** 53 - 1 })
    expect(member.connection.isOpen).toBe(true)
  })
})

describe('ignored and counted, in any status', () => {
  test.each([
    ['an unknown prefix', 'ffff0a00', 'unknownPrefixTotal'],
    ['an unknown prefix and nothing more', '0002', 'unknownPrefixTotal'],
    ['an empty oneof of the protocol', '0064', 'emptyMessageTotal'],
    ['an empty oneof of an app', '0000', 'emptyMessageTotal'],
    ['an unknown field', '0064f8010a', 'emptyMessageTotal'],
    ['a known field with the wrong wire type', '00640801', 'emptyMessageTotal'],
    ['a beacon', '00641a020842', 'unexpectedMessageTotal'],
    ['a pong', '00642a020805', 'unexpectedMessageTotal'],
    ['a denial', '006432020802', 'unexpectedMessageTotal'],
    ['a session_new', '0064120508011201aa', 'unexpectedMessageTotal'],
    ['a message of an app that only a server sends', '00002200', 'unexpectedMessageTotal'],
  ] as const)('%s', (_name, hex, counter) => {
    const { world, member, journal } = startMembership()
    const fresh = world.connect()
    for (const client of [fresh, member]) client.connection.receive(frame(hex))
    expect(world.server.stats()[counter]).toBe(2)
    expect([fresh.hear(), member.hear()]).toEqual([[], []])
    expect(fresh.connection.isOpen && member.connection.isOpen).toBe(true)
    expect(journal).toEqual(['join 1'])
  })
})

describe('no input', () => {
  const bytes = fc.uint8Array({ maxLength: 60 })
  const random = fc.oneof(
    bytes,
    fc
      .tuple(fc.constantFrom(frame('0064'), frame('0000'), frame('0001')), bytes)
      .map(([head, tail]) => Uint8Array.of(...head, ...tail)),
  )
  const valid: fc.Arbitrary<readonly [AnyApp, string, object]> = fc.oneof(
    fc
      .option(fc.uint8Array({ maxLength: 30 }), { nil: undefined })
      .map((reconnect_token) => [protocol, 'session_request', { reconnect_token }] as const),
    fc.nat(40).map((id) => [protocol, 'session_ping', { id }] as const),
    fc.string().map((handle) => [chat, 'join', { handle }] as const),
    fc.constant([chat, 'part', {}] as const),
    fc.string().map((text) => [chat, 'channel_msg', { text }] as const),
    fc.constant([arena, 'join', {}] as const),
    fc.integer({ min: 0 }).map((seq) => [arena, 'input', { seq, dx: seq }] as const),
  )
  const validFrame = valid.map(([app, type, message]) => app.codec.encode(type, message))
  const mutated = fc
    .tuple(validFrame, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(8))
    .map(([original, changes, cut]) => {
      const copy = Uint8Array.from(original)
      for (const [at, value] of changes) copy[at % copy.length] = value
      return cut < 4 ? copy.subarray(0, copy.length - cut) : copy
    })

  test('throws, or harms a member on another connection', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(random, mutated, validFrame), { maxLength: 50 }),
        fc.boolean(),
        (frames, hasSession) => {
          const world = new ServerWorld({ limits: { messagesPerSecond: Infinity } })
          const journal: string[] = []
          world.server.zones.start(journalZone(journal))
          const victim = world.enter()
          victim.say(chat, 'join', {})
          const token = victim.session.token
          let attacker = world.connect()
          if (hasSession) attacker.request()
          for (const input of frames) {
            if (!attacker.connection.isOpen) attacker = world.connect()
            attacker.connection.receive(input)
            attacker.connection.take()
          }
          expect(victim.session.status).toBe('connected')
          expect(victim.session.token).toEqual(token)
          expect(victim.connection.isOpen).toBe(true)
          victim.say(chat, 'channel_msg', { text: 'alive' })
          expect(journal.at(-1)).toBe('channel_msg 1 alive')
          expectNothingLeftAfterStop(world)
        },
      ),
      { numRuns: 300 },
    )
  })

  type Step =
    | { readonly do: 'say'; readonly frame: Uint8Array }
    | { readonly do: 'request' | 'connect' | 'close' | 'end' | 'ping'; readonly of: number }
    | { readonly do: 'wait'; readonly ms: number }
  const step: fc.Arbitrary<readonly [number, Step]> = fc.tuple(
    fc.nat(3),
    fc.oneof(
      { weight: 3, arbitrary: validFrame.map((frame): Step => ({ do: 'say', frame })) },
      {
        weight: 4,
        arbitrary: fc
          .tuple(fc.constantFrom('request', 'connect', 'close', 'end', 'ping'), fc.nat(3))
          .map(([what, of]): Step => ({ do: what, of })),
      },
      { weight: 1, arbitrary: fc.nat(6_000).map((ms): Step => ({ do: 'wait', ms })) },
    ),
  )

  test('in whatever order on whatever connections breaks the books', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = new ServerWorld()
        world.server.zones.start(chatZone)
        const clients = Array.from({ length: 4 }, () => world.connect())
        let previous = world.server.stats()
        for (const [who, what] of steps) {
          const client = clients[who]
          if (client === undefined) continue
          perform(world, clients, who, client, what)
          previous = expectBooksToBalance(world, previous)
        }
        expectNothingLeftAfterStop(world)
      }),
      { numRuns: 300 },
    )
  })

  function perform(world: ServerWorld, clients: FakeClient[], who: number, client: FakeClient, what: Step): void {
    switch (what.do) {
      case 'say':
        client.connection.receive(what.frame)
        break
      case 'request':
        client.request(clients[what.of]?.token)
        break
      case 'connect':
        clients[who] = world.connect()
        break
      case 'close':
        client.close()
        break
      case 'end':
        client.close(4000)
        break
      case 'ping':
        client.ping()
        break
      case 'wait':
        world.clock.advance(what.ms)
        break
    }
    client.hear()
  }
})

function expectBooksToBalance(world: ServerWorld, before: ReturnType<ServerWorld['server']['stats']>): typeof before {
  const stats = world.server.stats()
  for (const name of COUNTER_NAMES) expect(stats[name]).toBeGreaterThanOrEqual(before[name])
  const { sessions, sessionsPreconnect, sessionsConnected, sessionsDisconnected } = stats
  const established = sessionsConnected + sessionsDisconnected
  expect(sessions).toBe(sessionsPreconnect + established)
  expect([...world.server.sessions].length).toBe(sessions)
  expect(stats.tokens).toBeGreaterThanOrEqual(established)
  expect(stats.tokens).toBeLessThanOrEqual(2 * established)
  expect(stats.zoneMembers).toBeLessThanOrEqual(established)
  expect(stats.timers).toBeGreaterThanOrEqual(sessions)
  const over = stats.sessionsExpiredTotal + stats.sessionsEndedTotal + stats.sessionsStoppedTotal
  expect(stats.sessionsStartedTotal - over).toBe(established)
  const lost = stats.sessionsDisconnectedTotal - stats.sessionsResumedTotal - stats.sessionsExpiredTotal
  expect(lost).toBe(sessionsDisconnected)
  return stats
}

function expectNothingLeftAfterStop(world: ServerWorld): void {
  world.server.stop()
  world.clock.advance(1_000)
  expect(world.gauges()).toEqual(NOTHING_LEFT)
  expect(world.clock.size).toBe(0)
}
