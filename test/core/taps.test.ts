/** Taps: what they are told, in which order and with which causes; and that none of them can do harm. */
import { describe, expect, test } from 'vitest'
import { describeTimer, type Tap } from '../../core/index.ts'
import { chat } from '../../scenarios/apps/chat.ts'
import { journalZone } from './support/journal-zone.ts'
import { Receiver } from './support/receiver.ts'
import { startWorld } from './support/server-world.ts'
import { everything, type Told } from './support/everything-tap.ts'

function namesOf(told: readonly Told[]): readonly string[] {
  return told.map(({ event }) => event)
}

/** The chain of events that led to `last`, itself included, the first one first. */
function chainOf(told: readonly Told[], last: Told | undefined): readonly string[] {
  const chain: string[] = []
  for (let at = last; at !== undefined; at = told.find(({ number }) => number === at?.cause)) chain.unshift(at.event)
  return chain
}

describe('what a tap is told', () => {
  test('a turn begins, has its input, what follows from it, and ends', () => {
    const told: Told[] = []
    const world = startWorld({ taps: [everything(told)] })
    const client = world.connect()
    told.length = 0
    client.request()
    const names = namesOf(told)
    expect(names.slice(0, 4)).toEqual(['turnBegins', 'message', 'decoded', 'status'])
    expect(names.at(-1)).toBe('turnEnds')
    expect(names).toContain('send')
    expect(told.find(({ event }) => event === 'decoded')?.args[3]).toBe('session_request')
    expect(told.find(({ event }) => event === 'status')?.args.slice(1)).toEqual([
      'preconnect',
      'connected',
      'request_new',
    ])
  })

  test('each timer has its name', () => {
    const lines: string[] = []
    const world = startWorld({
      taps: [
        {
          setTimer: (_timer, owner, delayMs) => lines.push(`${describeTimer(owner)} in ${delayMs} ms`),
          fired: (_timer, owner) => lines.push(`${describeTimer(owner)} is over`),
        },
      ],
    })
    const client = world.enter()
    client.connection.close(1006)
    client.connection.handler?.closed(1006, '')
    world.clock.advance(5_000)
    expect(lines).toContain('request of session 1 in 5000 ms')
    expect(lines).toContain('grace of session 1 in 5000 ms')
    expect(lines).toContain('grace of session 1 is over')
  })

  test('an output follows from what was asked, in a handler, because of a message', () => {
    const told: Told[] = []
    const world = startWorld({ taps: [everything(told)] })
    world.server.zones.start(
      journalZone([], { channel_msg: () => chat.broadcast('channel_msg', { handle: 'a', text: 'b' }) }),
    )
    const client = world.enter()
    client.say(chat, 'join', { handle: 'anna' })
    told.length = 0
    client.say(chat, 'channel_msg', { text: 'hello' })
    const sent = told.findLast(({ event }) => event === 'send')
    expect(chainOf(told, sent)).toEqual(['message', 'handlerBegins', 'asked', 'send'])
  })

  test('that a timer fired follows from its being set', () => {
    const told: Told[] = []
    const world = startWorld({ taps: [everything(told)] })
    world.enter()
    world.clock.advance(1_000)
    const fired = told.find(({ event }) => event === 'fired')
    expect(chainOf(told, fired).slice(-2)).toEqual(['setTimer', 'fired'])
  })

  test('calls from outside are inputs, calls of handlers are not', () => {
    const told: Told[] = []
    const world = startWorld({ taps: [everything(told)] })
    const zone = world.server.zones.start(
      journalZone([], { handleInfo: (_message, own) => void own.setTimer(10, () => undefined) }),
    )
    const session = world.server.sessions.start({ proxy: new Receiver() })
    zone.tell('x')
    session.stop()
    const calls = told.filter(({ event }) => event === 'called' || event === 'apiCalled')
    expect(calls.map(({ event, args: [call] }) => `${event} ${(call as { method: string }).method}`)).toEqual([
      'called start',
      'called start',
      'called tell',
      'apiCalled setTimer',
      'called stop',
    ])
    expect(namesOf(told)).toContain('release')
  })

  test('a handler that throws is told with its failure', () => {
    const told: Told[] = []
    const world = startWorld({ taps: [everything(told)], expectReports: true })
    const failure = new Error('on purpose')
    const zone = world.server.zones.start(
      journalZone([], {
        handleInfo: () => {
          throw failure
        },
      }),
    )
    zone.tell('x')
    const ended = told.find(({ event }) => event === 'handlerEnds')
    expect(ended?.args[4]).toEqual({ error: failure })
    expect(namesOf(told)).toContain('report')
  })
})

describe('a tap does no harm', () => {
  test('one that throws is removed and reported once; the others go on', () => {
    const told: Told[] = []
    const broken: Tap = {
      message: () => {
        throw new Error('a broken tap')
      },
    }
    const world = startWorld({ taps: [broken, everything(told)], expectReports: true })
    const client = world.enter()
    client.request()
    expect(world.reports).toMatchObject([{ kind: 'callback_threw', callback: 'tap' }])
    expect(told.filter(({ event }) => event === 'message')).toHaveLength(2)
    expect(client.sessionId).toBe(1)
  })

  test.each([
    ['a method of the server', (world: ReturnType<typeof startWorld>) => world.server.drain(0)],
    ['a method of a session', (world: ReturnType<typeof startWorld>) => world.server.sessions.get(1)?.stop()],
    ['a property of a session', (world: ReturnType<typeof startWorld>) => (first(world).gameData = 1)],
    ['listen', (world: ReturnType<typeof startWorld>) => world.server.listen(undefined as never, 'ws://nowhere')],
    ['an answer', (world: ReturnType<typeof startWorld>) => world.server.sessions.start({ proxy: new Receiver() })],
  ])('one that calls %s gets called_from_tap', (_what, call) => {
    const world = startWorld({ expectReports: true })
    const client = world.enter()
    world.server.tap({ message: () => call(world) })
    client.request()
    expect(world.reports).toMatchObject([{ error: { code: 'called_from_tap' } }])
    expect(world.server.sessions.get(1)?.status).toBe('connected')
  })

  test('one that is removed is told nothing more', () => {
    const told: Told[] = []
    const world = startWorld()
    const remove = world.server.tap(everything(told))
    const client = world.enter()
    remove()
    told.length = 0
    client.request()
    expect(told).toEqual([])
  })

  test('what a tap reads is no event', () => {
    const told: Told[] = []
    const world = startWorld()
    const client = world.enter()
    world.server.tap({
      send: () => void (first(world).proxy as { connection?: { bufferedBytes: number } }).connection?.bufferedBytes,
    })
    world.server.tap(everything(told))
    client.connection.bufferedBytes = 100
    client.request()
    // Told once: it is read again and again, and stays the same.
    expect(namesOf(told).filter((name) => name === 'buffered').length).toBe(1)
    const numbers = told.map(({ number }) => number)
    expect(numbers).toEqual(numbers.map((_number, index) => (numbers[0] ?? 0) + index))
  })
})

function first(world: ReturnType<typeof startWorld>): { gameData: unknown; readonly proxy: unknown } {
  const session = world.server.sessions.get(1)
  if (session === undefined) throw new Error('there is no session')
  return session
}

test('the parts of a program can be spread into the options of its server', () => {
  const parts: object = { network: undefined }
  const world = startWorld(parts)
  expect(world.server.stats().sessions).toBe(0)
})
