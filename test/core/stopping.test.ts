/** Drain and stop: who may still come, who is closed how, and that nothing is left afterwards. */
import { describe, expect, test } from 'vitest'
import { CloseCode } from '../../core/close-codes.ts'
import type { Accept, Listener, Network } from '../../core/injected.ts'
import { chat } from '../../scenarios/apps/chat.ts'
import { enterZone, startMembership } from './support/membership.ts'
import { journalZone } from './support/journal-zone.ts'
import { Receiver } from './support/receiver.ts'
import { NOTHING_LEFT, startWorld, type ServerWorld } from './support/server-world.ts'

describe('drain', () => {
  test('refuses new connections and new sessions with 4009, and lets a resume on an open one in', () => {
    const { world, member } = startMembership()
    const resuming = world.connect()
    const starting = world.connect()
    member.close()
    world.server.drain(3_000)
    expect(world.connect().connection.closedWith).toBe(CloseCode.draining)
    starting.request()
    expect(starting.connection.closedWith).toBe(CloseCode.draining)
    resuming.request(member.token)
    expect(resuming.sessionId).toBe(member.sessionId)
    expect(world.server.stats().connectionsRefusedTotal).toBe(1)
  })

  test('called again can only shorten the wait', () => {
    const { world, member } = startMembership()
    world.server.drain(Infinity)
    world.server.drain(3_000)
    world.clock.advance(1_000)
    world.server.drain(10_000)
    world.clock.advance(1_999)
    expect(member.session.status).toBe('connected')
    world.clock.advance(1)
    expect(member.connection.closedWith).toBe(CloseCode.draining)
  })

  test('after drainMs stops every session with 4009, and then nothing is left and done is called', () => {
    const { world, member, journal } = startMembership()
    const away = enterZone(world)
    away.close()
    away.hear()
    const waiting = world.connect()
    world.server.sessions.start({ proxy: new Receiver(), disconnectTimeout: Infinity }).join(chat, {})
    const done = noting(world)
    world.server.drain(3_000, done.call)
    world.clock.advance(2_999)
    expect(member.session.status).toBe('connected')
    world.clock.advance(1)
    expect(journal.slice(-3)).toEqual(['part 1 stopped', 'part 2 stopped', `part 4 stopped`])
    expect(member.connection.closedWith).toBe(CloseCode.draining)
    expect(waiting.connection.closedWith).toBe(CloseCode.draining)
    world.clock.advance(1_000)
    expect(done.gauges).toEqual([NOTHING_LEFT])
  })

  test('ends as soon as the last session has gone', () => {
    const { world, member } = startMembership()
    const done = noting(world)
    world.server.drain(60_000, done.call)
    member.close(CloseCode.ended)
    world.clock.advance(10)
    expect(done.gauges).toEqual([NOTHING_LEFT])
  })

  test('waits for a disconnected session to come back or run out', () => {
    const { world, member } = startMembership()
    const done = noting(world)
    member.close()
    world.server.drain(60_000, done.call)
    world.clock.advance(4_999)
    expect(done.gauges).toEqual([])
    world.clock.advance(20)
    expect(done.gauges).toEqual([NOTHING_LEFT])
  })

  test('of 0 ms stops at once; of Infinity waits; a later one changes nothing; stop cuts it short', () => {
    const first = startWorld()
    const client = first.enter()
    first.server.drain(0)
    expect(client.connection.closedWith).toBe(CloseCode.draining)

    const second = startMembership()
    const done = noting(second.world)
    second.world.server.drain(Infinity, done.call)
    second.world.server.drain(Infinity, done.call)
    second.world.clock.advance(1_000)
    expect(second.member.session.status).toBe('connected')
    second.world.server.stop(done.call)
    expect(second.member.connection.closedWith).toBe(CloseCode.restarting)
    second.world.clock.advance(10)
    expect(done.gauges).toEqual([NOTHING_LEFT, NOTHING_LEFT, NOTHING_LEFT])
  })

  test('with a bad time is refused', () => {
    const world = startWorld()
    expect(() => world.server.drain(-1)).toThrow(expect.objectContaining({ code: 'bad_option' }))
    expect(() => world.server.drain(NaN)).toThrow(expect.objectContaining({ code: 'bad_option' }))
  })

  test('that ends by a resume and a drop in the same instant leaves nothing', () => {
    const { world, member } = startMembership({ disconnectTimeout: 0 })
    const done = noting(world)
    const second = world.connect()
    world.server.drain(1_000, done.call)
    second.request(member.token)
    second.close()
    world.clock.advance(10)
    expect(done.gauges).toEqual([NOTHING_LEFT])
  })
})

describe('stop', () => {
  test('without any connection calls done when sessions, zones and timers have gone', () => {
    const world = startWorld()
    const journal: string[] = []
    const zone = world.server.zones.start(journalZone(journal))
    zone.setTimer(1_000, () => undefined)
    world.server.sessions.start({ proxy: new Receiver() }).join(chat, {})
    const done = noting(world)
    world.server.stop(done.call)
    expect(done.gauges).toEqual([NOTHING_LEFT])
    expect(journal).toEqual(['join 1', 'part 1 stopped'])
    expect(zone.isStopped).toBe(true)
  })

  test('within a handler, and with callbacks that try to go on, leaves nothing', () => {
    const { world, member } = startMembership({
      expectReports: true,
      hooks: {
        channel_msg(_session, zone) {
          world.server.stop()
          zone.setTimer(1, () => undefined)
          zone.tell('after the stop')
        },
        handlePart(_session, zone) {
          zone.setTimer(5, () => undefined)
          world.server.sessions.start({ proxy: new Receiver() })
        },
      },
    })
    member.say(chat, 'channel_msg', {})
    world.clock.advance(10)
    expect(world.gauges()).toEqual(NOTHING_LEFT)
    expect(world.reports).toMatchObject([{ kind: 'handler_threw', error: { code: 'server_stopped' } }])
  })

  test('a stopped server takes no sessions, zones, listeners or connections', () => {
    const world = startWorld()
    world.server.stop()
    const stopped = expect.objectContaining({ code: 'server_stopped' }) as Error
    expect(() => world.server.sessions.start({ proxy: new Receiver() })).toThrow(stopped)
    expect(() => world.server.zones.start(journalZone([]))).toThrow(stopped)
    expect(() => world.server.listen(new ListenOnly(), 'ws://x')).toThrow(stopped)
    expect(world.connect().connection.closedWith).toBe(CloseCode.draining)
  })

  test('waits for its listeners and connections', () => {
    const world = startWorld()
    const network = new ListenOnly()
    world.server.listen(network, 'ws://127.0.0.1:0/ws')
    world.server.listen(network, 'enet://127.0.0.1:0')
    const client = world.enter()
    const done = noting(world)
    world.server.stop(done.call)
    expect(network.closing).toHaveLength(2)
    for (const close of network.closing) close()
    expect(done.gauges).toEqual([])
    expect(client.connection.closedWith).toBe(CloseCode.restarting)
    world.clock.advance(10)
    expect(done.gauges).toEqual([NOTHING_LEFT])
  })

  test('twice calls both', () => {
    const world = startWorld()
    const done = noting(world)
    world.server.stop(done.call)
    world.server.stop(done.call)
    world.server.drain(1_000, done.call)
    expect(done.gauges).toHaveLength(3)
  })
})

test('apps with one prefix, or with Overworld’s own, are refused: bad_app', () => {
  const bad = expect.objectContaining({ code: 'bad_app' }) as Error
  expect(() => startWorld({ apps: [chat, chat] })).toThrow(bad)
  expect(() => startWorld({ apps: [{ ...chat, prefix: 100 }] })).toThrow(bad)
})

/** What was left at each call of `call`. */
function noting(world: ServerWorld): {
  readonly gauges: Readonly<Record<string, number>>[]
  readonly call: () => void
} {
  const gauges: Readonly<Record<string, number>>[] = []
  return { gauges, call: () => void gauges.push(world.gauges()) }
}

/** Remembers what closing listeners wait for. */
class ListenOnly implements Network {
  readonly closing: (() => void)[] = []

  listen(address: string, _accept: Accept): Listener {
    return { address, close: (done) => void this.closing.push(done ?? (() => undefined)) }
  }

  connect(): never {
    throw new Error('nobody dials here')
  }
}
