/** Beacons, pings, pongs: latency; and liveness, on both sides of a pause. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CloseCode } from '../../../core/close-codes.ts'
import { Heartbeat } from '../../../core/session/heartbeat.ts'
import { Liveness } from '../../../core/liveness.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { Receiver } from '../support/receiver.ts'
import { ServerWorld, startWorld, type FakeClient } from '../support/server-world.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

describe('beacons', () => {
  test('come with session_new and then each second, numbered, reliable on channel 0', () => {
    const world = startWorld({ livenessTimeout: 0 })
    const client = world.enter()
    world.clock.advance(5_000)
    const heard = client.hear()
    expect(heard.map(({ message }) => message['id'])).toEqual([2, 3, 4, 5, 6])
    expect(heard.every(({ mode, channel }) => mode === 'reliable' && channel === 0)).toBe(true)
    const times = heard.map(({ at }) => at)
    expect(times.slice(1).map((at, i) => at - (times[i] ?? 0))).toEqual([1_000, 1_000, 1_000, 1_000])
  })

  test('are spread over the second by session id', () => {
    const world = startWorld({ livenessTimeout: 0 })
    const clients = Array.from({ length: 100 }, () => world.enter())
    world.clock.advance(1_000)
    const phases = new Set(clients.map((client) => Math.floor(((client.hear()[0]?.at ?? 0) % 1_000) / 100)))
    expect(phases.size).toBe(10)
  })

  test('are not doubled or drifting after a resume, a takeover or a pause', () => {
    const world = startWorld({ livenessTimeout: 0 })
    const first = world.enter()
    world.clock.advance(1_234)
    const second = world.connect()
    second.request(first.token)
    second.close()
    world.clock.advance(345)
    const third = world.connect()
    third.request(second.token)
    world.clock.pause(2_500)
    world.clock.advance(0)
    expect(third.hear()).toHaveLength(1)
    world.clock.advance(1_000)
    expect(third.hear()).toHaveLength(1)
    world.clock.advance(10_000)
    expect(third.hear()).toHaveLength(10)
    expect(first.hear().length + second.hear().length).toBe(1)
  })

  test('a clock whose instants are no whole milliseconds sends each beacon once', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.nat(50), (start, others) => {
        const clock = new VirtualClock(start)
        const world = new ServerWorld({ clock })
        for (let i = 0; i < others; i++) world.enter()
        const client = world.enter()
        clock.advance(5_000.001)
        const times = client.hear().map(({ at }) => at)
        expect(times.length).toBeLessThanOrEqual(6)
        times.slice(1).forEach((at, i) => expect(at - (times[i] ?? 0)).toBeGreaterThan(900))
        world.server.stop()
      }),
      { numRuns: 50 },
    )
  })

  test('a disconnected or in-process session gets none', () => {
    const world = startWorld()
    const client = world.enter()
    const bot = new Receiver()
    world.server.sessions.start({ proxy: bot })
    client.close()
    world.clock.advance(3_000)
    expect(client.hear()).toEqual([])
    expect(bot.heard).toEqual([])
  })
})

describe('latency', () => {
  test('is the round trip of the last answered beacon in whole ms, and told to the client', () => {
    const world = startWorld()
    const client = world.enter()
    expect(client.session.latency).toBeUndefined()
    world.clock.advance(41.6)
    client.ping()
    expect(client.session.latency).toBe(42)
    expect(client.hear().find(({ type }) => type === 'session_pong')?.message).toEqual({ latency: 42 })
  })

  test('an unknown id, a repeated one and one of 25 beacons ago change nothing, and are counted', () => {
    const world = startWorld({ livenessTimeout: 0 })
    const client = world.enter()
    client.ping(1)
    client.hear()
    for (const id of [1, 2, 0, 1e15]) client.ping(id)
    expect(client.hear()).toEqual([])
    world.clock.advance(26_000)
    client.hear()
    client.ping(2)
    expect(client.hear()).toEqual([])
    client.ping(3)
    expect(client.hear()).toMatchObject([{ type: 'session_pong' }])
    expect(world.server.stats().unknownPingTotal).toBe(5)
  })

  test('the last 25 beacons count, whatever was answered before, and each once', () => {
    const action = fc.oneof(fc.constant('beacon' as const), fc.nat(60))
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const heartbeat = new Heartbeat()
        const sentAt = new Map<number, number>()
        const answered = new Set<number>()
        let last = 0
        actions.forEach((what, now) => {
          if (what === 'beacon') {
            last = heartbeat.beacon(now)
            sentAt.set(last, now)
            return
          }
          const counts = what > last - 25 && what <= last && what >= 1 && !answered.has(what)
          expect(heartbeat.answer(what, now)).toBe(counts ? now - (sentAt.get(what) ?? 0) : undefined)
          if (counts) answered.add(what)
        })
      }),
    )
  })
})

describe('liveness', () => {
  const heardBy: readonly (readonly [string, (client: FakeClient) => void])[] = [
    ['a message', (client) => client.say(chat, 'channel_msg', {})],
    ['a ping with an unknown id', (client) => client.ping(999)],
    ['a message of an unknown app', (client) => client.connection.receive(Uint8Array.of(9, 9))],
    ['an empty oneof', (client) => client.connection.receive(Uint8Array.of(0, 0))],
    ['what is no message, such as an acknowledgement', (client) => client.connection.handler?.alive?.()],
    ['a text frame', (client) => client.connection.handler?.ignored?.('text_frame')],
  ]

  test.each(heardBy)('%s is a sign of life', (_name, say) => {
    const world = startWorld()
    const client = world.enter()
    world.clock.advance(9_000)
    say(client)
    world.clock.advance(9_999)
    expect(client.session.status).toBe('connected')
    world.clock.advance(1)
    expect(client.session.status).toBe('disconnected')
    expect(client.connection.closedWith).toBe(CloseCode.livenessTimeout)
  })

  test('0 switches it off, and less than 3 s is refused', () => {
    const world = startWorld({ livenessTimeout: 0 })
    const client = world.enter()
    world.clock.advance(1e6)
    expect(client.session.status).toBe('connected')
    expect(() => startWorld({ livenessTimeout: 2_999 })).toThrow(expect.objectContaining({ code: 'bad_option' }))
  })

  test('a server that was paused for long disconnects nobody: the interval starts anew', () => {
    const world = startWorld()
    const clients = [world.enter(), world.enter(), world.enter()]
    world.clock.advance(5_000)
    world.clock.pause(60_000)
    world.clock.advance(0)
    expect(clients.every(({ session }) => session.status === 'connected')).toBe(true)
    world.clock.advance(9_999)
    expect(clients.every(({ session }) => session.status === 'connected')).toBe(true)
    world.clock.advance(1)
    expect(clients.every(({ session }) => session.status === 'disconnected')).toBe(true)
  })

  test('a check that is at most 1 s late counts', () => {
    const world = startWorld()
    const client = world.enter()
    world.clock.pause(11_000)
    world.clock.advance(0)
    expect(client.session.status).toBe('disconnected')
  })

  test('a resume that waited to be read while the server was paused comes before the overdue grace timer', () => {
    const world = startWorld()
    const client = world.enter()
    const { session } = client
    client.close()
    world.clock.pause(20_000)
    // The overdue timer fires first, and input that was waiting is read after it, in the same instant.
    expect(world.clock.advanceToNextTimer()).toBe(true)
    const back = world.connect()
    back.request(client.token)
    world.clock.advance(0)
    expect(session.status).toBe('connected')
    expect(back.session).toBe(session)
  })

  test('a request that waited to be read while the server was paused comes before its overdue request timeout', () => {
    const world = startWorld()
    const client = world.connect()
    world.clock.pause(20_000)
    expect(world.clock.advanceToNextTimer()).toBe(true)
    client.request()
    world.clock.advance(0)
    expect(client.connection.closedWith).toBeUndefined()
    expect(client.session.status).toBe('connected')
  })

  test('an overdue grace timer still ends a session for which nothing was waiting', () => {
    const world = startWorld()
    const client = world.enter()
    client.close()
    world.clock.pause(20_000)
    world.clock.advance(0)
    expect(world.gauges()).toMatchObject({ sessions: 0, timers: 0 })
  })

  test('who is heard at least once per interval is never silent; who is not, is so exactly one interval later', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9_999 }), { maxLength: 20 }), (gaps) => {
        const clock = new VirtualClock()
        const silentAt: number[] = []
        const liveness = new Liveness(10_000, {
          now: () => clock.now(),
          setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
          onSilent: () => silentAt.push(clock.now()),
        })
        liveness.start()
        for (const gap of gaps) {
          clock.advance(gap)
          liveness.heard()
        }
        const lastHeard = clock.now()
        expect(silentAt).toEqual([])
        clock.advance(10_000)
        expect(silentAt).toEqual([lastHeard + 10_000])
        expect(clock.size).toBe(0)
      }),
    )
  })
})
