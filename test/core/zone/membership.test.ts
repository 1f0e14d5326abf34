/** Who is in which zone, and what a zone hears of it; soft, hard, several zones (design section 6). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arena } from '../../../scenarios/apps/arena.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { journalZone } from '../support/journal-zone.ts'
import { enterZone, startMembership, startZoneWorld } from '../support/membership.ts'
import { Receiver } from '../support/receiver.ts'
import { ServerWorld, startWorld } from '../support/server-world.ts'

const coded = (code: string): Error => expect.objectContaining({ code }) as Error

describe('a client is denied, and nothing else changes', () => {
  test.each([
    ['an rpc without a zone', 'channel_msg', 4],
    ['a part without a zone', 'part', 4],
  ])('%s', (_name, type, reason) => {
    const { world, journal } = startZoneWorld()
    const client = world.enter()
    client.say(chat, type, {})
    expect(client.hear()).toMatchObject([{ type: 'session_denied', message: { reason } }])
    expect(journal).toEqual([])
  })

  test('an rpc or a part of another app than that of its zone', () => {
    const { world, member, journal } = startMembership()
    member.say(arena, 'input', { seq: 1 })
    member.say(arena, 'part', {})
    expect(member.hear().map(({ message }) => message['reason'])).toEqual([4, 4])
    member.say(arena, 'join', {})
    expect(member.hear()).toMatchObject([{ type: 'session_denied', message: { reason: 5 } }])
    expect(journal).toEqual(['join 1'])
    expect(world.gauges()).toMatchObject({ zoneMembers: 1 })
  })

  test('a join without any zone, or with several and no route', () => {
    const world = startWorld()
    const client = world.enter()
    client.say(chat, 'join', {})
    world.server.zones.start(journalZone([]))
    world.server.zones.start(journalZone([]))
    client.say(chat, 'join', {})
    expect(client.hear().map(({ message }) => message['reason'])).toEqual([6, 6])
  })
})

describe('a caller in the server is told', () => {
  test('already_joined, not_in_zone, unknown_zone, not_connected, app_unknown', () => {
    const { world, member, zone } = startMembership()
    const { session } = member
    expect(() => session.join(chat, {})).toThrow(coded('already_joined'))
    expect(() => session.join(chat, {}, zone)).toThrow(coded('already_joined'))
    expect(() => session.join(arena, {})).toThrow(coded('already_joined'))
    expect(() => session.part(arena, {})).toThrow(coded('not_in_zone'))
    expect(() => session.rpc(arena, 'input', { seq: 1 })).toThrow(coded('not_in_zone'))
    session.part(chat, {})
    expect(() => session.part(chat, {})).toThrow(coded('not_in_zone'))
    expect(() => session.join(arena, {})).toThrow(coded('unknown_zone'))
    expect(() => session.join(arena, {}, zone)).toThrow(coded('unknown_zone'))
    member.close()
    expect(() => session.join(chat, {})).toThrow(coded('not_connected'))
    const stranger = { ...chat, name: 'stranger' }
    expect(() => world.server.zones.start(stranger.defineZone({ init: () => undefined }))).not.toThrow()
    expect(() => session.join(stranger, {})).toThrow(coded('app_unknown'))
  })
})

describe('a soft zone', () => {
  test('keeps a member that is disconnected, and parts it with timeout if it does not come back', () => {
    const { world, member, journal, zone } = startMembership()
    const { session } = member
    member.close()
    expect(zone.members.has(session)).toBe(true)
    const back = world.connect()
    back.request(member.token)
    back.close()
    world.clock.advance(5_000)
    expect(journal).toEqual(['join 1', 'disconnect 1', 'reconnect 1', 'disconnect 1', 'part 1 timeout'])
    expect(zone.members.size).toBe(0)
  })

  test('what it sends to a disconnected member is dropped and counted, not kept', () => {
    const { world, member, zone } = startMembership()
    member.close()
    zone.broadcast('sync', {})
    zone.send(zone.members, 'sync', {})
    member.session.send(chat, 'sync', {})
    expect(world.server.stats().droppedDisconnectedTotal).toBe(3)
    const back = world.connect()
    expect(back.request(member.token).map(({ type }) => type)).toEqual(['session_new', 'session_beacon'])
  })
})

describe('a hard zone', () => {
  test('parts with disconnect at once; the session lives on, comes back, and is in no zone', () => {
    const { world, member, journal, zone } = startMembership({ disconnect: 'hard' })
    member.close()
    expect(journal).toEqual(['join 1', 'part 1 disconnect'])
    expect(zone.members.size).toBe(0)
    const back = world.connect()
    back.request(member.token)
    expect(back.session.zone).toBeUndefined()
    back.say(chat, 'channel_msg', {})
    expect(back.hear()).toMatchObject([{ message: { reason: 4 } }])
    back.say(chat, 'join', {})
    expect(journal).toEqual(['join 1', 'part 1 disconnect', 'join 1'])
  })

  test('keeps a member that is taken over, and hears reconnect alone', () => {
    const { world, member, journal, zone } = startMembership({ disconnect: 'hard' })
    const second = world.connect()
    second.request(member.token)
    expect(journal).toEqual(['join 1', 'reconnect 1'])
    expect(zone.members.size).toBe(1)
  })
})

describe('reasons of a part', () => {
  test('left is the only one with a message', () => {
    const { member, journal } = startMembership()
    member.say(chat, 'part', {})
    member.say(chat, 'join', {})
    member.session.part(chat, {})
    expect(journal.filter((line) => line.startsWith('part'))).toEqual(Array(2).fill('part 1 left with a message'))
  })

  test('removed by default, or as given', () => {
    const { world, zone, journal } = startMembership()
    const second = enterZone(world)
    const [first] = zone.members
    if (first !== undefined) zone.remove(first)
    zone.remove(second.session, 'disconnect')
    zone.remove(second.session)
    expect(journal.slice(2)).toEqual(['part 1 removed', 'part 2 disconnect'])
  })

  test('zone_stopped for every member; the sessions live on, connected or not', () => {
    const { world, member, journal, zone } = startMembership()
    const second = enterZone(world)
    second.close()
    zone.stop()
    zone.stop()
    expect(journal.slice(2)).toEqual(['disconnect 2', 'part 1 zone_stopped', 'part 2 zone_stopped'])
    expect(zone.isStopped).toBe(true)
    expect(world.server.zones.list()).toEqual([])
    expect(member.session.status).toBe('connected')
    expect(() => zone.tell('x')).toThrow(coded('zone_stopped'))
    member.say(chat, 'join', {})
    expect(member.hear()).toMatchObject([{ message: { reason: 6 } }])
  })

  test('a zone stopped by its own handlePart parts each member once', () => {
    const { world, member, journal } = startMembership({ hooks: { handlePart: (_session, zone) => zone.stop() } })
    enterZone(world)
    member.say(chat, 'part', {})
    expect(journal.slice(2)).toEqual(['part 1 left with a message', 'part 2 zone_stopped'])
  })

  test('a session stopped by its own handler is parted with stopped, and its disconnect is not heard', () => {
    const { member, journal } = startMembership({ hooks: { channel_msg: (session) => session.stop() } })
    member.say(chat, 'channel_msg', { text: 'stop' })
    expect(journal).toEqual(['join 1', 'channel_msg 1 stop', 'part 1 stopped'])
  })
})

describe('several zones', () => {
  test('each app has its own; names default to the app, numbered, and are unique within it', () => {
    const world = startWorld()
    const { zones } = world.server
    const make = (): ReturnType<typeof journalZone> => journalZone([])
    const first = zones.start(make())
    const second = zones.start(make())
    const named = zones.start(make(), { name: 'lobby' })
    const other = zones.start(arena.defineZone({ init: () => undefined }), { name: 'lobby' })
    expect(zones.list().map(({ name }) => name)).toEqual(['chat', 'chat-2', 'lobby', 'lobby'])
    expect(zones.list(chat)).toEqual([first, second, named])
    expect(zones.find(arena, 'lobby')).toBe(other)
    expect(zones.find(chat, 'nowhere')).toBeUndefined()
    expect(() => zones.start(make(), { name: 'lobby' })).toThrow(coded('zone_name_taken'))
    first.stop()
    expect(zones.start(make()).name).toBe('chat')
  })

  test('a route picks the zone, may make one, and may pick none', () => {
    const world = startWorld()
    const journal: string[] = []
    world.server.zones.route(chat, (message) => {
      if (message.handle === 'nobody') return undefined
      const name = message.handle ?? ''
      return world.server.zones.find(chat, name) ?? world.server.zones.start(journalZone(journal), { name })
    })
    const clients = ['a', 'b', 'a', 'nobody'].map((handle) => {
      const client = world.enter()
      client.say(chat, 'join', { handle })
      return client
    })
    expect(clients.map(({ session }) => session.zone?.name)).toEqual(['a', 'b', 'a', undefined])
    expect(clients[3]?.hear()).toMatchObject([{ message: { reason: 6 } }])
  })

  test('a route that throws is reported and counted, and the joiner is told unknown_zone', () => {
    const { world, journal } = startZoneWorld({ expectReports: true })
    world.server.zones.route(chat, () => {
      throw new Error('route')
    })
    const client = world.enter()
    client.say(chat, 'join', {})
    expect(client.hear()).toMatchObject([{ message: { reason: 6 } }])
    expect(world.reports).toMatchObject([{ kind: 'route_threw', session: client.session }])
    expect(world.server.stats().throwsTotal).toBe(1)
    expect(journal).toEqual([])
  })

  test.each(['a stopped zone', 'a zone of another app'])('a route that picks %s is told unknown_zone', (which) => {
    const { world, zone } = startZoneWorld()
    const foreign = world.server.zones.start(arena.defineZone({ init: () => undefined }))
    if (which === 'a stopped zone') zone.stop()
    world.server.zones.route(chat, () => (which === 'a stopped zone' ? zone : foreign))
    const client = world.enter()
    client.say(chat, 'join', {})
    expect(client.hear()).toMatchObject([{ message: { reason: 6 } }])
    expect(client.session.zone).toBeUndefined()
  })

  test('a zone whose init throws is none, and leaves no timer and no member', () => {
    const world = startWorld()
    const before = world.gauges()
    expect(() =>
      world.server.zones.start(
        chat.defineZone<undefined>({
          init(zone) {
            zone.setTimer(10, () => undefined)
            zone.broadcast('sync', {})
            throw new Error('init')
          },
          handleTick: () => undefined,
        }),
      ),
    ).toThrow('init')
    expect(world.gauges()).toEqual(before)
    expect(world.server.zones.start(journalZone([])).name).toBe('chat')
  })

  test('a zone may be made within a handler, and used at once', () => {
    const { world, member } = startMembership({
      hooks: {
        channel_msg(session, zone) {
          zone.remove(session)
          session.join(chat, {}, world.server.zones.start(journalZone([]), { name: 'made' }))
        },
      },
    })
    member.say(chat, 'channel_msg', {})
    expect(member.session.zone?.name).toBe('made')
  })
})

describe('the law of membership', () => {
  const actions = [
    'join',
    'part',
    'drop',
    'resume',
    'takeover',
    'end',
    'stop',
    'remove',
    'wait',
    'bot',
    'restart zone',
  ] as const

  test.each(['soft', 'hard'] as const)(
    'in a %s zone: one join, then disconnect/reconnect pairs and lone reconnects, then exactly one part',
    (disconnect) => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...actions), { maxLength: 40 }), (steps) => {
          const world = new ServerWorld({ disconnectTimeout: 500, livenessTimeout: 0 })
          const journal: string[] = []
          const start = (): void => void world.server.zones.start(journalZone(journal, {}, disconnect))
          start()
          let client = world.enter()
          for (const step of steps) {
            const session = world.server.sessions.get(client.sessionId ?? 0)
            if (session === undefined) client = world.enter()
            else perform(step, session)
          }
          world.server.stop()
          for (const [id, heard] of byMembership(journal)) {
            expect(heard, `session ${id}`).toMatch(disconnect === 'soft' ? /^j(r|dr)*d?p$/ : /^jr*p$/)
          }

          function perform(step: (typeof actions)[number], session: typeof client.session): void {
            switch (step) {
              case 'join':
              case 'part':
                return client.say(chat, step, {})
              case 'drop':
                return client.close()
              case 'resume':
              case 'takeover': {
                const { token } = session
                const next = world.connect()
                if (step === 'resume') client.close()
                next.request(token)
                client = next
                return
              }
              case 'end':
                return client.close(4000)
              case 'stop':
                return session.stop()
              case 'remove':
                return session.zone?.remove(session)
              case 'wait':
                return world.clock.advance(500)
              case 'bot':
                session.proxy = new Receiver()
                return
              case 'restart zone':
                for (const zone of world.server.zones.list()) zone.stop()
                return start()
            }
          }
        }),
        { numRuns: 300 },
      )
    },
  )
})

/** The letters of what a zone heard of each membership: join, reconnect, disconnect, part. */
function byMembership(journal: readonly string[]): readonly (readonly [string, string])[] {
  const memberships: (readonly [string, string])[] = []
  const open = new Map<string, string>()
  for (const line of journal) {
    const [what = '', id = ''] = line.split(' ')
    const heard = (open.get(id) ?? '') + what.slice(0, 1)
    open.set(id, heard)
    if (what !== 'part') continue
    memberships.push([id, heard])
    open.delete(id)
  }
  return [...memberships, ...open]
}
