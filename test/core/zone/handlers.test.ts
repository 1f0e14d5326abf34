/** What zone handlers may ask for, when it is carried out, and what a throw costs (design section 6). */
import { describe, expect, test } from 'vitest'
import type { Action, Outcome } from '../../../core/session/views.ts'
import type { Session } from '../../../core/session/views.ts'
import { arena } from '../../../scenarios/apps/arena.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { enterZone, startMembership, startZoneWorld } from '../support/membership.ts'
import { Receiver } from '../support/receiver.ts'
import { startWorld, type FakeClient } from '../support/server-world.ts'
import type { ChatZone } from '../support/journal-zone.ts'

const say = (text: string): Action => chat.broadcast('channel_msg', { text })

/** The texts of what a client heard. */
function texts(client: FakeClient): readonly unknown[] {
  return client.hear().map(({ type, message }) => (type === 'channel_msg' ? message['text'] : type))
}

describe('what a handler returns', () => {
  test('nothing, one action, or several in their order', () => {
    const outcomes: Record<string, Outcome> = {
      none: undefined,
      empty: [],
      one: say('one'),
      many: [say('first'), chat.reply('sync', {}), say('second')],
    }
    const { world, member } = startMembership({ hooks: { channel_msg: (_session, _zone, text) => outcomes[text] } })
    const other = enterZone(world)
    for (const text of Object.keys(outcomes)) member.say(chat, 'channel_msg', { text })
    expect(texts(member)).toEqual(['one', 'first', 'sync', 'second'])
    expect(texts(other)).toEqual(['one', 'first', 'second'])
  })

  test('send reaches the members it names, in order, and nobody else', () => {
    const recipients: Session[] = []
    const { world, member } = startMembership({
      hooks: { channel_msg: () => chat.send(recipients, 'channel_msg', { text: 'you' }) },
    })
    const other = enterZone(world)
    const outsider = world.enter()
    outsider.hear()
    recipients.push(other.session, outsider.session)
    member.say(chat, 'channel_msg', {})
    expect([texts(member), texts(other), texts(outsider)]).toEqual([[], ['you'], []])
    expect(world.server.stats().droppedGoneTotal).toBe(1)
  })

  test('the list of recipients is taken when the action is made', () => {
    const recipients: Session[] = []
    const { member } = startMembership({
      hooks: {
        channel_msg(session) {
          recipients.push(session)
          const action = chat.send(recipients, 'channel_msg', { text: 'you' })
          recipients.length = 0
          return action
        },
      },
    })
    member.say(chat, 'channel_msg', {})
    expect(texts(member)).toEqual(['you'])
  })

  test('a message is a snapshot: what the handler does with its object afterwards does not arrive', () => {
    const message = { text: 'before' }
    const bot = new Receiver()
    const { world, member } = startMembership({
      hooks: {
        channel_msg(_session, zone) {
          zone.broadcast('channel_msg', message)
          message.text = 'after'
        },
      },
    })
    world.server.sessions.start({ proxy: bot }).join(chat, {})
    member.say(chat, 'channel_msg', {})
    expect(texts(member)).toEqual(['before'])
    expect(bot.messages).toEqual([{ text: 'before' }])
  })

  test('travels as its message type declares, whatever the inbound used', () => {
    const world = startWorld()
    world.server.zones.start(
      arena.defineZone({
        init: () => undefined,
        handleJoin: () => [arena.reply('snapshot', { frame: 1 }), arena.reply('event', { number: 1, kind: 1 })],
      }),
    )
    const client = world.enter()
    client.say(arena, 'join', {})
    expect(client.hear().map(({ type, mode, channel }) => [type, mode, channel])).toEqual([
      ['snapshot', 'unreliable', 1],
      ['event', 'reliable', 0],
    ])
  })
})

describe('what a handler asks for', () => {
  test('is carried out after it, its calls in order and then what it returned', () => {
    const order: string[] = []
    const { member, journal } = startMembership({
      hooks: {
        channel_msg(session, zone, text) {
          if (text !== 'go') return
          zone.send([session], 'channel_msg', { text: '1' })
          zone.broadcast('channel_msg', { text: '2' })
          session.send(chat, 'channel_msg', { text: '3' })
          zone.tell('4')
          session.rpc(chat, 'channel_msg', { text: 'called' })
          order.push(`asked, ${journal.length} done`)
          return say('6')
        },
        handleInfo: (message, zone) => zone.broadcast('channel_msg', { text: `${message}, told` }),
      },
    })
    member.say(chat, 'channel_msg', { text: 'go' })
    expect(order).toEqual(['asked, 2 done'])
    expect(journal).toEqual(['join 1', 'channel_msg 1 go', 'info 4', 'channel_msg 1 called'])
    expect(texts(member)).toEqual(['1', '2', '3', '6', '4, told'])
  })

  test('a zone does one thing at a time: a tell within a handler runs after that handler', () => {
    const running: string[] = []
    const { member } = startMembership({
      hooks: {
        channel_msg(_session, zone) {
          zone.tell('x')
          running.push('rpc returns')
        },
        handleInfo: () => void running.push('info'),
      },
    })
    member.say(chat, 'channel_msg', {})
    expect(running).toEqual(['rpc returns', 'info'])
  })

  test('recipients are judged when it is carried out: who was removed before a broadcast does not get it', () => {
    const { world, member } = startMembership({
      hooks: {
        channel_msg(session, zone) {
          zone.broadcast('channel_msg', { text: 'with you' })
          zone.remove(session)
          zone.broadcast('channel_msg', { text: 'without you' })
          zone.send([session], 'channel_msg', { text: 'nor this' })
          return chat.reply('sync', {})
        },
      },
    })
    const other = enterZone(world)
    member.say(chat, 'channel_msg', {})
    expect(texts(member)).toEqual(['with you', 'sync'])
    expect(texts(other)).toEqual(['with you', 'without you'])
  })

  test('a removal asked for twice parts once', () => {
    const { member, journal } = startMembership({
      hooks: {
        channel_msg(session, zone) {
          zone.remove(session)
          zone.remove(session, 'left')
        },
      },
    })
    member.say(chat, 'channel_msg', {})
    expect(journal.filter((line) => line.startsWith('part'))).toEqual(['part 1 removed'])
  })

  test('a join that is impossible by then is refused, and reported', () => {
    const { world, member } = startMembership({
      expectReports: true,
      hooks: { channel_msg: (session) => session.join(chat, {}) },
    })
    member.say(chat, 'channel_msg', {})
    expect(world.reports).toMatchObject([{ kind: 'refused', error: { code: 'already_joined' } }])
    expect(member.session.zone?.members.size).toBe(1)
  })

  test('a message to a session that is stopped right after it still arrives, in-process as over a connection', () => {
    const bot = new Receiver()
    const { world, member } = startMembership({
      hooks: {
        channel_msg(_session, zone) {
          for (const kicked of zone.members) {
            zone.send([kicked], 'channel_msg', { text: 'bye' })
            kicked.stop()
          }
        },
      },
    })
    world.server.sessions.start({ proxy: bot }).join(chat, {})
    member.say(chat, 'channel_msg', {})
    expect(texts(member)).toEqual(['bye'])
    expect(bot.heard).toEqual(['channel_msg', 'closed 4500'])
  })

  test('a slow reader in the middle of a broadcast is closed, and everybody else gets it', () => {
    const { world, member, journal } = startMembership({ limits: { bufferedBytesHard: 1_000 } })
    const slow = enterZone(world)
    const last = enterZone(world)
    slow.connection.bufferedBytes = 1_001
    const [zone] = world.server.zones.list(chat)
    ;(zone as unknown as ChatZone).broadcast('channel_msg', { text: 'all' })
    expect([texts(member), texts(slow), texts(last)]).toEqual([['all'], [], ['all']])
    expect(slow.connection.closedWith).toBe(4005)
    expect(journal.at(-1)).toBe(`disconnect ${slow.sessionId}`)
  })
})

describe('a handler that throws', () => {
  test('loses what it asked for and returned, is reported, and harms nobody', () => {
    const { world, member, journal } = startMembership({
      expectReports: true,
      hooks: {
        channel_msg(session, zone, text) {
          if (text !== 'throw') return say(text)
          zone.broadcast('channel_msg', { text: 'lost' })
          session.send(chat, 'channel_msg', { text: 'lost' })
          zone.remove(session)
          zone.tell('lost')
          zone.setTimer(1, () => say('lost'))
          session.stop()
          session.proxy = undefined
          session.disconnectTimeout = 1
          zone.stop()
          throw new Error('oops')
        },
      },
    })
    member.say(chat, 'channel_msg', { text: 'throw' })
    member.say(chat, 'channel_msg', { text: 'next' })
    world.clock.advance(100)
    expect(texts(member).filter((text) => text !== 'session_beacon')).toEqual(['next'])
    expect(journal).toEqual(['join 1', 'channel_msg 1 throw', 'channel_msg 1 next'])
    expect(member.session.disconnectTimeout).toBe(5_000)
    const [report] = world.reports
    expect(report).toMatchObject({ kind: 'handler_threw', handler: 'rpc.channel_msg', session: member.session })
    expect(report).toHaveProperty('zone', member.session.zone)
    expect(world.server.stats().throwsTotal).toBe(1)
  })

  test('keeps what was asked for before it in the same turn', () => {
    const { world, member, zone } = startMembership({
      expectReports: true,
      hooks: {
        channel_msg(_session, zone) {
          zone.broadcast('channel_msg', { text: 'kept' })
          zone.tell('throw')
          return say('kept too')
        },
        handleInfo() {
          zone.broadcast('channel_msg', { text: 'lost' })
          throw new Error('info')
        },
      },
    })
    member.say(chat, 'channel_msg', {})
    expect(texts(member)).toEqual(['kept', 'kept too'])
    expect(world.reports).toHaveLength(1)
  })

  test('a message that cannot be encoded is thrown at the handler that made it', () => {
    const { world, member } = startMembership({
      expectReports: true,
      hooks: {
        channel_msg(_session, zone) {
          zone.broadcast('channel_msg', { text: 'lost' })
          return { kind: 'broadcast', app: chat, type: 'no_such_message', message: {}, except: undefined }
        },
      },
    })
    member.say(chat, 'channel_msg', {})
    expect(world.reports).toMatchObject([{ kind: 'handler_threw', error: { code: 'bad_message' } }])
    expect(texts(member)).toEqual([])
  })

  test.each([
    ['a reply where there is nobody to reply to', chat.reply('sync', {})],
    ['a refusal outside of handleJoin', chat.refuse('sync', {})],
  ])('%s counts as one', (_name, action) => {
    const { world, member, zone } = startMembership({
      expectReports: true,
      hooks: { handleInfo: () => [say('lost'), action] },
    })
    zone.tell('x')
    expect(world.reports).toMatchObject([{ kind: 'handler_threw', handler: 'handleInfo' }])
    expect(texts(member)).toEqual([])
  })
})

describe('joining', () => {
  test('the joiner is a member before handleJoin runs, and gets its broadcast', () => {
    const seen: unknown[] = []
    const { world } = startZoneWorld({
      hooks: {
        handleJoin(session, zone) {
          seen.push(zone.members.has(session), session.zone === (zone as unknown))
          return say('welcome')
        },
      },
    })
    const client = world.enter()
    client.say(chat, 'join', {})
    expect(seen).toEqual([true, true])
    expect(texts(client)).toEqual(['welcome'])
  })

  test('a refused joiner gets the message, nothing else, and no part follows', () => {
    const { world, journal, zone } = startZoneWorld({
      hooks: { handleJoin: () => [say('not for the refused'), chat.refuse('channel_msg', { text: 'full' })] },
    })
    const client = world.enter()
    client.say(chat, 'join', {})
    expect(texts(client)).toEqual(['full'])
    expect(journal).toEqual(['join 1'])
    expect(zone.members.size).toBe(0)
    expect(client.session.zone).toBeUndefined()
    client.close(4000)
    expect(journal).toEqual(['join 1'])
  })

  test('a joiner whose handleJoin throws is no member, and may try again', () => {
    let broken = true
    const { world, journal, zone } = startZoneWorld({
      expectReports: true,
      hooks: {
        handleJoin() {
          if (broken) throw new Error('join')
        },
      },
    })
    const client = world.enter()
    client.say(chat, 'join', {})
    expect(zone.members.size).toBe(0)
    broken = false
    client.say(chat, 'join', {})
    expect(zone.members.size).toBe(1)
    expect(journal).toEqual(['join 1', 'join 1'])
  })

  test('a joiner removed by its own handleJoin is parted once', () => {
    const { world, journal, zone } = startZoneWorld({ hooks: { handleJoin: (session, zone) => zone.remove(session) } })
    const client = world.enter()
    client.say(chat, 'join', {})
    expect(journal).toEqual(['join 1', 'part 1 removed'])
    expect(zone.members.size).toBe(0)
  })
})

describe('parting', () => {
  test('a leaver is no member before handlePart runs: its reply may reach it, a broadcast does not', () => {
    const seen: unknown[] = []
    const { world, member } = startMembership({
      hooks: {
        handlePart(session, zone) {
          seen.push(zone.members.has(session), session.zone)
          return [say('somebody left'), chat.reply('sync', {})]
        },
      },
    })
    const other = enterZone(world)
    member.say(chat, 'part', {})
    expect(seen).toEqual([false, undefined])
    expect(texts(member)).toEqual(['sync'])
    expect(texts(other)).toEqual(['somebody left'])
  })

  test('handlePart may send its session straight into another zone', () => {
    const { world, member, journal } = startMembership({
      hooks: {
        handlePart(session) {
          session.join(chat, {}, world.server.zones.find(chat, 'next'))
        },
      },
    })
    const next = world.server.zones.start(chat.defineZone({ init: () => undefined }), { name: 'next' })
    member.say(chat, 'part', {})
    expect([...next.members]).toEqual([member.session])
    expect(journal).toEqual(['join 1', 'part 1 left with a message'])
  })
})

describe('timers of a zone', () => {
  test('run as handlers, once, and can be cancelled before they are even set', () => {
    const { world, member, zone } = startMembership({
      hooks: {
        channel_msg(_session, zone) {
          zone.setTimer(50, () => say('fifty'))
          zone.setTimer(60, () => say('never')).cancel()
          const timer = zone.setTimer(70, () => say('neither'))
          zone.setTimer(65, () => {
            timer.cancel()
            timer.cancel()
          })
        },
      },
    })
    member.say(chat, 'channel_msg', {})
    const before = world.gauges()['timers'] ?? 0
    world.clock.advance(49)
    expect(texts(member)).toEqual([])
    world.clock.advance(100)
    expect(texts(member)).toEqual(['fifty'])
    expect(world.gauges()['timers']).toBe(before - 3)
    expect(() => zone.setTimer(-1, () => undefined)).toThrow(expect.objectContaining({ code: 'bad_delay' }))
    expect(() => zone.setTimer(NaN, () => undefined)).toThrow(expect.objectContaining({ code: 'bad_delay' }))
  })

  test('are freed with the zone, those that are set while it stops included', () => {
    const { world, zone } = startMembership({
      hooks: {
        handlePart(_session, zone) {
          zone.setTimer(10, () => {
            throw new Error('a stopped zone does nothing')
          })
        },
      },
    })
    const before = world.gauges()['timers'] ?? 0
    zone.setTimer(100, () => {
      throw new Error('a stopped zone does nothing')
    })
    zone.setTimer(Infinity, () => undefined)
    expect(world.gauges()['timers']).toBe(before + 1)
    zone.stop()
    expect(world.gauges()['timers']).toBe(before)
    world.clock.advance(200)
  })

  test('a throw in one is reported', () => {
    const { world, zone } = startZoneWorld({ expectReports: true })
    zone.setTimer(1, () => {
      throw new Error('timer')
    })
    world.clock.advance(1)
    expect(world.reports).toMatchObject([{ kind: 'handler_threw', handler: 'setTimer', session: undefined }])
  })
})

test('now() is constant within a turn, and the clock between turns', () => {
  const { world, zone } = startZoneWorld()
  const seen: number[] = []
  zone.setTimer(10, () => {
    seen.push(zone.now())
    world.clock.pause(5)
    seen.push(zone.now())
  })
  const start = world.clock.now()
  expect(zone.now()).toBe(start)
  world.clock.advance(10)
  expect(seen).toEqual([start + 10, start + 10])
  world.clock.advance(85)
  expect(zone.now()).toBe(world.clock.now())
})
