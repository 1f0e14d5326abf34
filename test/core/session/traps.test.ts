/** The traps of design section 5: each a bug that shipped in some server, and others of their kind. */
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { CloseCode } from '../../../core/close-codes.ts'
import { createServer } from '../../../core/server.ts'
import type { Session } from '../../../core/session/views.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { FakeConnection } from '../support/fake-connection.ts'
import { journalZone } from '../support/journal-zone.ts'
import { enterZone, startMembership, startZoneWorld } from '../support/membership.ts'
import { Receiver } from '../support/receiver.ts'
import { SeededRandom } from '../support/seeded-random.ts'
import { NOTHING_LEFT, startWorld } from '../support/server-world.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

describe('a connection that breaks', () => {
  test('a timer of an earlier disconnect does not end a session that came back and dropped again', () => {
    const { world, member, journal } = startMembership()
    const { session } = member
    member.close()
    world.clock.advance(4_000)
    const back = world.connect()
    back.request(member.token)
    back.close()
    world.clock.advance(4_999)
    expect(session.status).toBe('disconnected')
    world.clock.advance(1)
    expect(session.status).toBe('gone')
    expect(journal).toEqual(['join 1', 'disconnect 1', 'reconnect 1', 'disconnect 1', 'part 1 timeout'])
  })

  test.each([1006, CloseCode.ended, CloseCode.takenOver])(
    'a late close of the old connection with %i does not touch the resumed session',
    (code) => {
      const { world, member, journal } = startMembership()
      const { session } = member
      const back = world.connect()
      back.request(member.token)
      member.close(code)
      expect(session.status).toBe('connected')
      expect(back.connection.isOpen).toBe(true)
      expect(journal).toEqual(['join 1', 'reconnect 1'])
    },
  )

  test('what a replaced connection still says is not heard', () => {
    const { world, member, journal } = startMembership()
    const back = world.connect()
    back.request(member.token)
    const before = world.server.stats()
    member.say(chat, 'channel_msg', { text: 'ghost' })
    member.say(chat, 'part', {})
    member.connection.receive(Uint8Array.of(0))
    member.connection.handler?.ignored?.('text_frame')
    expect(journal).toEqual(['join 1', 'reconnect 1'])
    expect(member.hear()).toEqual([])
    expect(world.server.stats().malformedTotal).toBe(before.malformedTotal)
  })

  test('a pong to a beacon of the replaced connection is no proof, and no latency', () => {
    const { world, member } = startMembership()
    member.ping()
    expect(member.session.latency).toBe(0)
    world.clock.advance(1_000)
    const beacon = member.hear().find(({ type }) => type === 'session_beacon')
    const back = world.connect()
    back.request(member.token)
    back.ping(beacon?.message['id'] as number)
    expect(world.gauges()).toMatchObject({ tokens: 2 })
    expect(world.server.stats().unknownPingTotal).toBe(1)
    expect(back.session.latency).toBeUndefined()
  })

  test('the client is told its rotated token', () => {
    const { world, member } = startMembership()
    member.close()
    const back = world.connect()
    back.request(member.token)
    expect(back.token).toEqual(back.session.token)
    expect(back.token).not.toEqual(member.token)
  })

  test('a session that is lost between its join and what the join asked for leaves no ghost in the zone', () => {
    const { world, zone, journal } = startZoneWorld({
      hooks: { handleJoin: (session) => session.disconnect() },
      disconnectTimeout: 0,
    })
    const client = world.enter()
    client.say(chat, 'join', {})
    expect(journal).toEqual(['join 1', 'disconnect 1', 'part 1 timeout'])
    expect(zone.members.size).toBe(0)
    expect(world.gauges()).toMatchObject({ sessions: 0, tokens: 0, zoneMembers: 0 })
  })

  test('a join asked for in the turn in which its session is lost is refused, and leaves no ghost', () => {
    const { world, zone, journal } = startZoneWorld({ expectReports: true })
    const client = world.enter()
    client.session.disconnectCallback = (session) => session.join(chat, {})
    client.close()
    expect(world.reports).toMatchObject([{ kind: 'refused', error: { code: 'not_connected' } }])
    expect(journal).toEqual([])
    expect(zone.members.size).toBe(0)
  })

  test('a deadline is measured from the disconnect, not from the connect', () => {
    const { world, member } = startMembership({ livenessTimeout: 0 })
    const { session } = member
    world.clock.advance(60_000)
    member.close()
    world.clock.advance(4_999)
    expect(session.status).toBe('disconnected')
    world.clock.advance(1)
    expect(session.status).toBe('gone')
  })

  test('no message reaches a returning client before session_new, not even those sent in the same turn', () => {
    const { world, zone } = startMembership({
      hooks: { handleReconnect: (session) => [chat.reply('sync', { handles: [`back ${session.id}`] })] },
    })
    const other = enterZone(world)
    const [first] = [...zone.members]
    first?.disconnect()
    zone.broadcast('channel_msg', { text: 'while it is away' })
    const back = world.connect()
    const types = back.request(first?.token).map(({ type }) => type)
    expect(types).toEqual(['session_new', 'session_beacon', 'sync'])
    expect(other.hearTypes()).toEqual(['channel_msg'])
  })

  test('a second drop during a resume leaves the session resumable with either token', () => {
    const { world, member } = startMembership()
    member.close()
    const first = world.connect()
    first.request(member.token)
    first.close()
    const second = world.connect()
    second.request(member.token)
    expect(second.sessionId).toBe(member.sessionId)
    second.close()
    const third = world.connect()
    third.request(second.token)
    expect(third.sessionId).toBe(member.sessionId)
  })

  test('joining twice is denied and changes nothing', () => {
    const { world, member, journal, zone } = startMembership()
    member.say(chat, 'join', { handle: 'again' })
    expect(member.hear()).toMatchObject([{ type: 'session_denied', message: { reason: 5 } }])
    member.close()
    const back = world.connect()
    back.request(member.token)
    back.say(chat, 'join', {})
    expect(back.hear()).toMatchObject([{ type: 'session_denied', message: { reason: 5 } }])
    expect(journal).toEqual(['join 1', 'disconnect 1', 'reconnect 1'])
    expect(zone.members.size).toBe(1)
  })

  test('of two connections racing with one token the later has the session, the earlier is closed with 4501', () => {
    const { world, member, journal } = startMembership()
    member.close()
    const first = world.connect()
    const second = world.connect()
    first.request(member.token)
    second.request(member.token)
    expect(first.sessionId).toBe(member.sessionId)
    expect(second.sessionId).toBe(member.sessionId)
    expect(first.connection.closedWith).toBe(CloseCode.takenOver)
    expect(second.connection.isOpen).toBe(true)
    expect(journal).toEqual(['join 1', 'disconnect 1', 'reconnect 1', 'reconnect 1'])
  })

  test('no token and no timer is left when every session has run out', () => {
    const { world, member } = startMembership()
    for (let i = 0; i < 5; i++) {
      const back = world.connect()
      back.request(member.token)
      back.close()
    }
    world.clock.advance(10_000)
    expect(world.gauges()).toEqual({ ...NOTHING_LEFT, zones: 1 })
    expect(world.clock.size).toBe(0)
  })
})

describe('disconnectTimeout', () => {
  test('0: disconnect and expiry in one turn, callback and part included, without a timer', () => {
    const { world, member, journal } = startMembership({ disconnectTimeout: 0 })
    const { session } = member
    session.disconnectCallback = () => journal.push('callback')
    member.close()
    expect(journal).toEqual(['join 1', 'callback', 'disconnect 1', 'part 1 timeout'])
    expect(session.status).toBe('gone')
    expect(world.gauges()).toMatchObject({ timers: 0, tokens: 0 })
  })

  test('Infinity: no timer, and the session waits for ever', () => {
    const { world, member } = startMembership({ disconnectTimeout: Infinity })
    const { session } = member
    member.close()
    expect(world.gauges()).toMatchObject({ timers: 0 })
    world.clock.advance(1e9)
    expect(session.status).toBe('disconnected')
  })

  test('set while disconnected, the deadline becomes the disconnect plus the new value', () => {
    const { world, member } = startMembership()
    const { session } = member
    member.close()
    world.clock.advance(3_000)
    session.disconnectTimeout = 8_000
    world.clock.advance(4_999)
    expect(session.status).toBe('disconnected')
    world.clock.advance(1)
    expect(session.status).toBe('gone')
  })

  test('set while disconnected to a deadline that is past, the session expires at once', () => {
    const { world, member, journal } = startMembership()
    const { session } = member
    member.close()
    world.clock.advance(3_000)
    session.disconnectTimeout = 3_000
    expect(session.status).toBe('gone')
    expect(journal.at(-1)).toBe('part 1 timeout')
  })

  test('from never to finite and back while disconnected', () => {
    const { world, member } = startMembership({ disconnectTimeout: Infinity })
    const { session } = member
    member.close()
    session.disconnectTimeout = 100
    expect(world.gauges()).toMatchObject({ timers: 1 })
    session.disconnectTimeout = Infinity
    expect(world.gauges()).toMatchObject({ timers: 0 })
    world.clock.advance(1_000)
    expect(session.status).toBe('disconnected')
    session.disconnectTimeout = 1_000
    expect(session.status).toBe('gone')
  })

  test('a client that comes back in the turn before an expiry asked for in it is no victim of it', () => {
    const { world, zone, member } = startMembership({ disconnectTimeout: Infinity })
    const { session } = member
    const bot = new Receiver()
    const informed = world.server.zones.start(
      chat.defineZone<undefined, string>({
        init: () => undefined,
        handleInfo() {
          session.proxy = bot
          session.disconnectTimeout = 0
        },
      }),
      { name: 'second' },
    )
    member.close()
    informed.tell('now')
    expect(session.status).toBe('connected')
    expect(zone.members.has(session)).toBe(true)
  })

  test('NaN and negative values are refused: by the server, by start and by the setter', () => {
    expect(() => startWorld({ disconnectTimeout: NaN })).toThrow(expect.objectContaining({ code: 'bad_option' }))
    const { world, member } = startMembership()
    for (const bad of [-1, NaN]) {
      expect(() => (member.session.disconnectTimeout = bad)).toThrow(expect.objectContaining({ code: 'bad_option' }))
      expect(() => world.server.sessions.start({ proxy: new Receiver(), disconnectTimeout: bad })).toThrow(
        expect.objectContaining({ code: 'bad_option' }),
      )
    }
  })
})

describe('a throw', () => {
  test('in the disconnect callback is reported, and the zone is told all the same', () => {
    const { world, member, journal } = startMembership({ expectReports: true })
    member.session.disconnectCallback = (session) => {
      session.stop()
      throw new Error('callback')
    }
    member.close()
    expect(world.reports).toMatchObject([{ kind: 'callback_threw', callback: 'disconnectCallback' }])
    expect(journal).toEqual(['join 1', 'disconnect 1'])
    expect(member.session.status).toBe('disconnected')
    world.clock.advance(5_000)
    expect(journal.at(-1)).toBe('part 1 timeout')
  })

  test('in handleDisconnect, handleReconnect or handlePart harms neither the session nor what follows', () => {
    const fail = (): never => {
      throw new Error('zone')
    }
    const hooks = { handleDisconnect: fail, handleReconnect: fail, handlePart: fail }
    const { world, member } = startMembership({ hooks, expectReports: true })
    member.close()
    const back = world.connect()
    back.request(member.token)
    expect(back.session.status).toBe('connected')
    back.close(CloseCode.ended)
    expect(world.reports.map((report) => 'handler' in report && report.handler)).toEqual([
      'handleDisconnect',
      'handleReconnect',
      'handlePart',
    ])
    expect(world.gauges()).toMatchObject({ sessions: 0, tokens: 0, zoneMembers: 0 })
    expect(world.server.stats().throwsTotal).toBe(3)
  })

  test('of onReport ends no turn: it is counted, and the console is told once, with what onReport was told', () => {
    const told = vi.spyOn(console, 'error').mockReturnValue(undefined)
    onTestFinished(() => told.mockRestore())
    const onReport = (): never => {
      throw new Error('the log is full')
    }
    const clock = new VirtualClock()
    const server = createServer({ clock, random: new SeededRandom(1), apps: [chat], onReport })
    let ticks = 0
    const zone = server.zones.start(
      chat.defineZone<object, string>({
        tickMs: 100,
        init: () => ({}),
        handleTick() {
          ticks++
          throw new Error('in a timer')
        },
        handleInfo() {
          throw new Error('from outside')
        },
      }),
    )
    expect(() => zone.tell('now')).not.toThrow()
    expect(() => clock.advance(1_000)).not.toThrow()
    expect(ticks).toBe(10)
    // Each handler, and onReport for each.
    expect(server.stats().throwsTotal).toBe(22)
    const lines = told.mock.calls.map(([text]) => String(text))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('onReport threw (told once): the log is full')
    expect(lines[0]).toContain("handleInfo of zone 'chat' threw: from outside")
    server.stop()
  })

  test('of onReport harms nobody where the console fails as well', () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {
      throw new Error('EPIPE')
    })
    onTestFinished(() => told.mockRestore())
    const { world, member, journal } = startMembership({ expectReports: true })
    Object.defineProperty(world.reports, 'push', {
      value: () => {
        throw new Error('the log is full')
      },
    })
    member.session.disconnectCallback = () => {
      throw new Error('of the program')
    }
    member.close()
    expect(journal).toEqual(['join 1', 'disconnect 1'])
    expect(enterZone(world).session.zone?.members.size).toBe(2)
    expect(world.server.stats().throwsTotal).toBe(2)
  })
})

describe('a gone session', () => {
  test('reads gone; sending to it is dropped and counted; setting anything throws session_gone', () => {
    const { world, member } = startMembership()
    const { session } = member
    session.stop()
    const before = world.server.stats().droppedGoneTotal
    session.send(chat, 'sync', {})
    expect(world.server.stats().droppedGoneTotal).toBe(before + 1)
    expect(session.status).toBe('gone')
    expect(session.token).toBeUndefined()
    expect(session.zone).toBeUndefined()
    expect(session.proxy).toBeUndefined()
    const gone = expect.objectContaining({ code: 'session_gone' }) as Error
    expect(() => (session.proxy = new Receiver())).toThrow(gone)
    expect(() => (session.proxy = undefined)).toThrow(gone)
    expect(() => (session.serializer = 'protobuf')).toThrow(gone)
    expect(() => (session.disconnectCallback = undefined)).toThrow(gone)
    expect(() => (session.disconnectTimeout = 1)).toThrow(gone)
    expect(() => (session.gameData = 1)).toThrow(gone)
  })

  test('disconnect() and stop() do nothing to it any more', () => {
    const { member, journal } = startMembership()
    const { session } = member
    session.stop()
    session.stop()
    session.disconnect()
    expect(journal).toEqual(['join 1', 'part 1 stopped'])
    expect(member.connection.closes).toHaveLength(1)
  })

  test('it cannot join, part or call: not_connected', () => {
    const { member } = startMembership()
    const { session } = member
    session.stop()
    const refused = expect.objectContaining({ code: 'not_connected' }) as Error
    expect(() => session.join(chat, {})).toThrow(refused)
    expect(() => session.part(chat, {})).toThrow(refused)
    expect(() => session.rpc(chat, 'channel_msg', {})).toThrow(refused)
  })

  test('a property set within a handler, on a session that is gone by then, is refused and reported', () => {
    const { world, member } = startMembership({ expectReports: true })
    const { session } = member
    session.disconnectCallback = () => {
      session.stop()
      session.proxy = new Receiver()
      session.disconnectTimeout = 1
    }
    member.close()
    expect(world.reports).toMatchObject([
      { kind: 'refused', error: { code: 'session_gone' } },
      { kind: 'refused', error: { code: 'session_gone' } },
    ])
    expect(session.status).toBe('gone')
  })
})

describe('a proxy set by hand', () => {
  test('within a handler takes effect after it', () => {
    const bot = new Receiver()
    const seen: unknown[] = []
    const hooks = {
      channel_msg: (session: Session) => {
        session.proxy = bot
        seen.push(session.proxy === bot)
        session.send(chat, 'sync', {})
      },
    }
    const { member } = startMembership({ hooks })
    const { session } = member
    member.say(chat, 'channel_msg', {})
    expect(seen).toEqual([false])
    expect(session.proxy).toBe(bot)
    expect(bot.heard).toEqual(['sync'])
    expect(member.hear()).toEqual([])
  })

  test('to the proxy that it has changes nothing', () => {
    const { member, journal } = startMembership()
    const { session } = member
    const { proxy } = session
    session.proxy = proxy
    expect(member.connection.isOpen).toBe(true)
    expect(journal).toEqual(['join 1'])
  })

  test('by the disconnect callback, lets a bot step in at once', () => {
    const { world, member, journal } = startMembership()
    const bot = new Receiver()
    member.session.disconnectCallback = (session) => {
      session.proxy = bot
    }
    const { session } = member
    member.close()
    expect(session.status).toBe('connected')
    world.clock.advance(60_000)
    expect(journal).toEqual(['join 1', 'disconnect 1', 'reconnect 1'])
  })

  test('to a connection that has closed is refused, and harms nothing', () => {
    const { world, member, journal } = startMembership()
    const other = world.enter()
    const { proxy } = other.session
    other.close()
    expect(() => (member.session.proxy = proxy)).toThrow(expect.objectContaining({ code: 'not_connected' }))
    expect(member.session.status).toBe('connected')
    expect(member.connection.isOpen).toBe(true)
    expect(journal).toEqual(['join 1'])
  })

  test('on a session that its client has not requested yet is refused', () => {
    const world = startWorld()
    const client = world.connect()
    const [session] = world.server.sessions
    expect(session?.status).toBe('preconnect')
    expect(() => session && (session.proxy = new Receiver())).toThrow(
      expect.objectContaining({ code: 'not_connected' }),
    )
    client.request()
    expect(client.session).toBe(session)
  })

  test('a connection given away twice serves only its last owner', () => {
    const { world, member, journal } = startMembership()
    const a = world.enter()
    const b = world.enter()
    const { proxy } = member.session
    a.session.proxy = proxy
    b.session.proxy = proxy
    expect([member.session.status, a.session.status, b.session.status]).toEqual([
      'disconnected',
      'disconnected',
      'connected',
    ])
    member.say(chat, 'join', {})
    expect(journal.at(-1)).toBe(`join ${b.sessionId}`)
  })

  test('a connection given to another session counts no longer as one without a session', () => {
    const world = startWorld({ limits: { preconnectsPerAddress: 1 } })
    const owner = world.enter()
    world.connect()
    const waiting = [...world.server.sessions].find(({ status }) => status === 'preconnect')
    owner.session.proxy = waiting?.proxy
    expect(world.connect().connection.isOpen).toBe(true)
  })

  test('a serializer of undefined on a connection is refused: foreign_serializer', () => {
    const { member } = startMembership()
    expect(() => (member.session.serializer = undefined)).toThrow(
      expect.objectContaining({ code: 'foreign_serializer' }),
    )
  })
})

describe('connections', () => {
  test('one that closes without having opened leaves nothing', () => {
    const world = startWorld()
    const client = world.enter()
    const handler = world.server.accept(new FakeConnection(world.clock, 99, '192.0.2.9'))
    handler.closed(1006, '')
    expect(client.session.status).toBe('connected')
    expect(world.gauges()).toMatchObject({ connections: 1, sessions: 1 })
  })

  test('messages that follow a close of ours in the same turn or later are not heard', () => {
    const { world, member, journal } = startMembership()
    member.connection.receive(Uint8Array.of(0))
    member.say(chat, 'channel_msg', { text: 'after' })
    expect(member.connection.closedWith).toBe(CloseCode.malformed)
    expect(journal).toEqual(['join 1', 'disconnect 1'])
    world.clock.advance(10)
    expect(member.connection.closes).toHaveLength(1)
  })

  test('a zone stopped in the turn of a resume hears nothing of it afterwards', () => {
    const journal: string[] = []
    const { world, member } = startMembership()
    const other = world.server.zones.start(
      journalZone(journal, {
        handleReconnect: (_session, zone) => zone.stop(),
      }),
      { name: 'other' },
    )
    member.session.part(chat, {})
    member.session.join(chat, {}, other)
    const back = world.connect()
    back.request(member.token)
    expect(journal).toEqual(['join 1', 'reconnect 1', 'part 1 zone_stopped'])
    expect(back.session.zone).toBeUndefined()
    expect(back.session.status).toBe('connected')
  })
})
