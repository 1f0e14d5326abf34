/** Sessions by hand: NPCs and agents, which join, send and receive like anyone, with native objects and no encoding. */
import { describe, expect, test } from 'vitest'
import { chat } from '../../../scenarios/apps/chat.ts'
import { arena } from '../../../scenarios/apps/arena.ts'
import { enterZone, startMembership, startZoneWorld } from '../support/membership.ts'
import { Receiver } from '../support/receiver.ts'
import { startWorld } from '../support/server-world.ts'

describe('a session by hand', () => {
  test('is connected at once, and has no token, beacon, liveness or timer', () => {
    const world = startWorld()
    const bot = new Receiver()
    const session = world.server.sessions.start({ proxy: bot, status: 'connected', gameData: { kind: 'npc' } })
    expect(session).toMatchObject({ status: 'connected', serializer: undefined, latency: undefined, zone: undefined })
    expect(session.token).toBeUndefined()
    expect(session.proxy).toBe(bot)
    expect(session.gameData).toEqual({ kind: 'npc' })
    expect(world.gauges()).toMatchObject({ sessions: 1, tokens: 0, timers: 0, connections: 0 })
    world.clock.advance(60_000)
    expect(session.status).toBe('connected')
    expect(bot.heard).toEqual([])
  })

  test('joins, calls, hears and parts like anyone', () => {
    const { world, journal, member } = startMembership({
      hooks: {
        handleJoin: () => chat.broadcast('sync', { handles: ['npc'] }),
        channel_msg: (_session, _zone, text) => chat.broadcast('channel_msg', { text }),
      },
    })
    const bot = new Receiver()
    const session = world.server.sessions.start({ proxy: bot })
    session.join(chat, { handle: 'npc' })
    session.rpc(chat, 'channel_msg', { text: 'hi' })
    session.part(chat, {})
    expect(journal).toEqual(['join 1', 'join 2', 'channel_msg 2 hi', 'part 2 left with a message'])
    expect(bot.messages).toEqual([{ handles: ['npc'] }, { text: 'hi' }])
    expect(member.hearTypes()).toEqual(['sync', 'channel_msg'])
  })

  test('gets frozen copies: nobody can change what another receives', () => {
    const { world, zone } = startZoneWorld()
    const [a, b] = [new Receiver(), new Receiver()]
    for (const proxy of [a, b]) world.server.sessions.start({ proxy }).join(chat, {})
    const handles = ['x']
    zone.broadcast('sync', { handles })
    handles.push('y')
    expect(a.messages).toEqual([{ handles: ['x'] }])
    expect(Object.isFrozen(a.messages[0])).toBe(true)
    expect(Object.isFrozen((a.messages[0] as { handles: unknown }).handles)).toBe(true)
    expect(b.messages[0]).toBe(a.messages[0])
  })

  test('gets a message that was encoded once, whatever it is handed: the same checks as for a client', () => {
    const world = startWorld()
    const encode = chat.codec.encode.bind(chat.codec)
    let encoded = 0
    const counting = {
      ...chat,
      codec: { ...chat.codec, encode: (type: string, message: object) => (encoded++, encode(type, message)) },
    }
    const bot = new Receiver()
    const session = world.server.sessions.start({ proxy: bot })
    session.send(counting, 'sync', { handles: ['a'] })
    expect(encoded).toBe(1)
    session.serializer = 'protobuf'
    session.send(counting, 'sync', { handles: ['a'] })
    expect(encoded).toBe(2)
    expect(bot.messages).toEqual([{ handles: ['a'] }, chat.codec.encode('sync', { handles: ['a'] })])
  })

  test('with the protobuf serializer it gets the bytes that a client would get', () => {
    const { world, zone } = startZoneWorld()
    const bot = new Receiver()
    const session = world.server.sessions.start({ proxy: bot, serializer: 'protobuf' })
    session.join(chat, {})
    zone.broadcast('channel_msg', { text: 'a' })
    expect(bot.messages).toEqual([Uint8Array.from(Buffer.from('0000' + '1a03' + '120161', 'hex'))])
    session.serializer = undefined
    zone.broadcast('channel_msg', { text: 'b' })
    expect(bot.messages[1]).toEqual({ text: 'b' })
  })

  test('what a zone gets from it is a frozen copy too', () => {
    const seen: object[] = []
    const world = startWorld()
    world.server.zones.start(
      arena.defineZone({ init: () => undefined, rpc: { input: (message) => void seen.push(message) } }),
    )
    const session = world.server.sessions.start({ proxy: new Receiver() })
    session.join(arena, {})
    const input = { seq: 1 }
    session.rpc(arena, 'input', input)
    input.seq = 2
    expect(seen).toEqual([{ seq: 1 }])
    expect(Object.isFrozen(seen[0])).toBe(true)
  })
})

describe('a receiver', () => {
  test('is never called before the call that caused it has returned', () => {
    const { world, journal } = startZoneWorld({
      hooks: {
        channel_msg: (_session, _zone, text) => {
          journal.push(`handler of ${text} returns`)
          return chat.broadcast('channel_msg', { text: `${text}!` })
        },
      },
    })
    const bot = new Receiver()
    const session = world.server.sessions.start({ proxy: bot })
    let isCalling = false
    bot.react = (_type, message) => {
      expect(isCalling).toBe(false)
      journal.push(`hears ${(message as { text: string }).text}`)
      if (journal.length > 8) return
      isCalling = true
      session.rpc(chat, 'channel_msg', message as { text: string })
      isCalling = false
    }
    session.join(chat, {})
    session.rpc(chat, 'channel_msg', { text: 'a' })
    expect(journal.slice(1, 6)).toEqual([
      'channel_msg 1 a',
      'handler of a returns',
      'hears a!',
      'channel_msg 1 a!',
      'handler of a! returns',
    ])
  })

  test('that throws loses what it asked for, is reported, and harms nobody', () => {
    const { world, zone } = startZoneWorld({ expectReports: true })
    const [broken, other] = [new Receiver(), new Receiver()]
    const session = world.server.sessions.start({ proxy: broken })
    world.server.sessions.start({ proxy: other }).join(chat, {})
    session.join(chat, {})
    broken.react = () => {
      session.stop()
      throw new Error('deliver')
    }
    zone.broadcast('sync', {})
    expect(world.reports).toMatchObject([{ kind: 'callback_threw', callback: 'deliver', session }])
    expect(session.status).toBe('connected')
    expect(other.heard).toEqual(['sync'])
  })

  test('hears closed once and last, whatever ends it', () => {
    const world = startWorld()
    const heard = ['disconnect', 'stop', 'replace', 'unset'].map((how) => {
      const bot = new Receiver()
      const session = world.server.sessions.start({ proxy: bot })
      session.send(chat, 'sync', {})
      if (how === 'disconnect') session.disconnect()
      else if (how === 'stop') session.stop()
      else session.proxy = how === 'replace' ? new Receiver() : undefined
      session.send(chat, 'sync', {})
      return bot.heard
    })
    expect(heard).toEqual([
      ['sync', 'closed 1000'],
      ['sync', 'closed 4500'],
      ['sync', 'closed 4501'],
      ['sync', 'closed 1000'],
    ])
  })

  test('a session by hand that was disconnected comes back when a proxy is set, and expires where none is', () => {
    const { world, journal } = startZoneWorld()
    const session = world.server.sessions.start({ proxy: new Receiver(), disconnectTimeout: 1_000 })
    session.join(chat, {})
    session.disconnect()
    world.clock.advance(999)
    session.proxy = new Receiver()
    world.clock.advance(5_000)
    session.proxy = undefined
    world.clock.advance(1_000)
    expect(session.status).toBe('gone')
    expect(journal).toEqual(['join 1', 'disconnect 1', 'reconnect 1', 'disconnect 1', 'part 1 timeout'])
  })
})

describe('messages between the two worlds', () => {
  test('a reply prepared for a connection reaches the receiver that has replaced it, and the other way about', () => {
    const { world, member } = startMembership({
      hooks: {
        channel_msg(session) {
          session.proxy = bot
          return chat.reply('channel_msg', { text: 'to whom?' })
        },
      },
    })
    const bot = new Receiver()
    member.say(chat, 'channel_msg', {})
    expect(bot.messages).toEqual([{ text: 'to whom?' }])
    const other = enterZone(world)
    const { session } = member.connection.isOpen ? member : { session: world.server.sessions.get(1) }
    const link = other.session.proxy
    if (session !== undefined) session.proxy = link
    session?.send(chat, 'channel_msg', { text: 'over the wire' })
    expect(other.hear().at(-1)?.message).toEqual({ text: 'over the wire' })
  })

  test('one server broadcast reaches both kinds of member with equal content', () => {
    const { world, zone, member } = startMembership()
    const bot = new Receiver()
    world.server.sessions.start({ proxy: bot }).join(chat, {})
    zone.broadcast('sync', { handles: ['a', 'ü'] })
    expect(member.hear()[0]?.message).toEqual(bot.messages[0])
  })
})
