/** Handlers and callbacks that return a promise, or what is no action: refused, reported, and never an unhandled rejection. */
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createServer, describeReport, OverworldError, summarizeReport, type Report } from '../../core/index.ts'
import type { Outcome } from '../../core/session/views.ts'
import type { ListenerEvents, Network } from '../../core/injected.ts'
import { chat } from '../../scenarios/apps/chat.ts'
import { enterZone, startMembership, startZoneWorld } from './support/membership.ts'
import { Receiver } from './support/receiver.ts'
import { SeededRandom } from './support/seeded-random.ts'
import { startWorld, type ServerWorld } from './support/server-world.ts'
import { VirtualClock } from './support/virtual-clock.ts'

const CLIENT_ENDED = 4000
/** What TypeScript refuses and JavaScript does not. */
const fails = (async () => {
  await Promise.resolve()
  throw new Error('the database is down')
}) as unknown as () => Outcome
const unhandled: Error[] = []
const note = (error: unknown): void => void unhandled.push(error as Error)

beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', note)
})

afterEach(async () => {
  await settled()
  process.off('unhandledRejection', note)
  const [error] = unhandled
  if (error !== undefined) throw error
})

/** Node tells of unhandled rejections once the microtasks are done. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

describe('an async handler of a zone is refused, and its rejection is reported', () => {
  const cases: Record<string, (world: ServerWorld) => void> = {
    handleJoin: (world) => void enterZone(world),
    handlePart: (world) => enterZone(world).say(chat, 'part', {}),
    handleDisconnect: (world) => enterZone(world).close(),
    handleReconnect(world) {
      const client = enterZone(world)
      world.connect().request(client.token)
    },
    handleTick: (world) => world.clock.advance(20),
    'rpc.channel_msg': (world) => enterZone(world).say(chat, 'channel_msg', {}),
    setTimer: (world) => world.clock.advance(20),
  }
  for (const handler of [...Object.keys(cases), 'handleInfo']) {
    test(`in ${handler}`, async () => {
      const world = startWorld({ expectReports: true })
      const zone = world.server.zones.start(
        chat.defineZone<undefined, string>({
          init: (made) => void (handler === 'setTimer' && made.setTimer(10, fails)),
          ...(handler.startsWith('rpc.') ? { rpc: { channel_msg: fails } } : { [handler]: fails }),
        }),
      )
      if (handler === 'handleInfo') zone.tell('x')
      else cases[handler]?.(world)
      await settled()
      expect(world.reports.map(summarizeReport)).toEqual([
        expect.stringContaining(`${handler} of zone 'chat' returned a promise: handlers are synchronous`),
        expect.stringMatching(new RegExp(`^${handler} of zone 'chat' threw.*: the database is down$`)),
      ])
      expect(world.reports[0]).toMatchObject({ kind: 'handler_threw', handler, error: { code: 'async_handler' } })
      expect(world.server.stats().throwsTotal).toBe(2)
    })
  }

  test('it counts as one that threw: what it asked for is lost, and who joined is no member', async () => {
    const { world, journal } = startZoneWorld({
      expectReports: true,
      hooks: {
        handleJoin(_session, zone) {
          zone.broadcast('sync', {})
          return fails()
        },
      },
    })
    const client = enterZone(world)
    expect(client.session.zone).toBeUndefined()
    expect(client.hear()).toEqual([])
    expect(journal).toEqual(['join 1'])
    await settled()
    expect(world.reports).toHaveLength(2)
  })

  test('a promise among its actions is refused as well', async () => {
    const { world } = startMembership({
      expectReports: true,
      hooks: { handleJoin: () => [chat.broadcast('sync', {}), fails()] as Outcome },
    })
    await settled()
    expect(world.reports).toMatchObject([
      { error: { code: 'async_handler' } },
      { error: { message: 'the database is down' } },
    ])
  })

  test('a promise that throws when it is asked, and one that lies about its members', () => {
    const odd = ['asked', 'got'].map((text) =>
      // oxlint-disable-next-line unicorn/no-thenable -- it is to be taken for a promise
      Object.defineProperty({}, 'then', {
        get: () => {
          if (text === 'got') throw new Error(text)
          return () => expect.fail(text)
        },
      }),
    )
    const { world, member } = startMembership({
      expectReports: true,
      hooks: { channel_msg: () => odd.shift() as unknown as Outcome },
    })
    member.say(chat, 'channel_msg', {})
    expect(world.reports.map(({ kind }) => kind)).toEqual(['handler_threw', 'handler_threw'])
    member.say(chat, 'channel_msg', {})
    expect(world.reports[2]).toMatchObject({ error: { message: 'got' } })
  })
})

test('an async init is an error for the caller that starts the zone', async () => {
  const world = startWorld({ expectReports: true })
  const init = fails as unknown as () => undefined
  expect(() => world.server.zones.start(chat.defineZone({ init }))).toThrow(
    expect.objectContaining({
      code: 'async_handler',
      message: expect.stringContaining("init of zone 'chat'") as string,
    }),
  )
  await settled()
  expect(world.reports).toMatchObject([{ handler: 'init', error: { message: 'the database is down' } }])
  expect(world.server.zones.list()).toEqual([])
})

test('an async route is reported, and so is a route to what is no zone', async () => {
  const { world } = startZoneWorld({ expectReports: true })
  world.server.zones.route(chat, fails as unknown as () => undefined)
  const client = world.enter()
  client.say(chat, 'join', {})
  expect(client.hear().at(-1)).toMatchObject({ type: 'session_denied' })
  await settled()
  expect(world.reports).toMatchObject([
    { kind: 'route_threw', error: { code: 'async_handler' } },
    { kind: 'route_threw', error: { message: 'the database is down' } },
  ])
  world.server.zones.route(chat, (() => 'lobby') as unknown as () => undefined)
  client.say(chat, 'join', {})
  expect(world.reports[2]).toMatchObject({ kind: 'route_threw', error: { code: 'bad_action' } })
})

test('what is no action is refused by name', () => {
  const returned = [5, 'hello', null, {}, [chat.reply('sync', {}), true], { kind: 'reply' }]
  const words = ['5', '"hello"', 'null', 'an object', 'true', 'an object']
  const { world, member } = startMembership({
    expectReports: true,
    hooks: { channel_msg: () => returned.shift() as unknown as Outcome },
  })
  for (const word of words) {
    member.say(chat, 'channel_msg', {})
    const report = world.reports.at(-1)
    expect(report).toMatchObject({ kind: 'handler_threw', error: { code: 'bad_action' } })
    expect(report === undefined ? '' : summarizeReport(report)).toContain(
      `rpc.channel_msg of zone 'chat' returned ${word}, which is no action`,
    )
  }
  expect(member.hear()).toEqual([])
})

describe('an async callback is reported, and so is its rejection', () => {
  const failsAsCallback = fails as unknown as () => undefined

  test('disconnectCallback, and both of an in-process proxy', async () => {
    const world = startWorld({ expectReports: true, disconnectCallback: failsAsCallback })
    world.enter().close(CLIENT_ENDED)
    const npc = world.server.sessions.start({ proxy: { deliver: failsAsCallback, closed: failsAsCallback } })
    npc.send(chat, 'sync', {})
    npc.stop()
    await settled()
    const told = world.reports.map((report) => (report.kind === 'callback_threw' ? report.callback : report.kind))
    expect(told.toSorted()).toEqual(
      ['disconnectCallback', 'deliver', 'closed'].flatMap((callback) => [callback, callback]).toSorted(),
    )
    expect(world.reports[0]).toMatchObject({ session: { id: 1 }, error: { code: 'async_handler' } })
  })

  test('done of stop and drain: what one does wrong keeps no other from being called', async () => {
    const world = startWorld({ expectReports: true })
    const called: string[] = []
    world.server.drain(Infinity, failsAsCallback)
    world.server.drain(1_000, () => {
      throw new Error('a part of the program')
    })
    world.server.stop(() => called.push('the last'))
    world.clock.advance(10)
    await settled()
    expect(called).toEqual(['the last'])
    expect(world.reports.map(summarizeReport)).toEqual([
      expect.stringContaining('done of stop or drain returned a promise'),
      'done threw: a part of the program',
      'done threw: the database is down',
    ])
  })

  test('listening and failed of listen', async () => {
    const world = startWorld({ expectReports: true })
    let told: ListenerEvents | undefined
    const network = {
      listen: (address: string, _accept: unknown, events?: ListenerEvents) => {
        told = events
        return { address, close: (done?: () => void) => done?.() }
      },
    } as unknown as Network
    world.server.listen(network, 'ws://here', { listening: failsAsCallback })
    told?.listening?.('ws://here')
    world.server.listen(network, 'ws://there', { failed: failsAsCallback })
    told?.failed?.(new Error('taken'))
    await settled()
    expect(world.reports).toHaveLength(4)
  })

  test('onReport: once of itself, and never for ever', async () => {
    const reports: Report[] = []
    const clock = new VirtualClock()
    const server = createServer({
      clock,
      random: new SeededRandom(1),
      apps: [chat],
      onReport: (report) => {
        reports.push(report)
        return fails()
      },
    })
    const zone = server.zones.start(
      chat.defineZone<undefined, string>({
        init: () => undefined,
        handleInfo(text) {
          throw new Error(text)
        },
      }),
    )
    zone.tell('first')
    zone.tell('second')
    for (let turn = 0; turn < 10; turn++) await settled()
    const told = reports.map((report) => {
      const error = 'error' in report ? (report.error as Error) : undefined
      return `${report.kind} ${error?.message.slice(0, 20)}`
    })
    expect(told).toEqual([
      'handler_threw first',
      'callback_threw onReport returned a ',
      'handler_threw second',
      'callback_threw the database is down',
      'callback_threw the database is down',
    ])
    server.stop()
  })

  test('what onReport throws at a late rejection harms nobody', async () => {
    const told = vi.spyOn(console, 'error').mockReturnValue(undefined)
    onTestFinished(() => told.mockRestore())
    const world = startWorld({ expectReports: true, disconnectCallback: failsAsCallback })
    world.enter().close(CLIENT_ENDED)
    Object.defineProperty(world.reports, 'push', {
      value: () => {
        throw new Error('the log is full')
      },
    })
    await settled()
    expect(() => world.clock.advance(100)).not.toThrow()
    expect(told).toHaveBeenCalledOnce()
  })
})

test('the compiler refuses async callbacks, and takes those that return anything else', () => {
  const world = startWorld()
  const proxy = new Receiver()
  const zone = chat.defineZone({ init: () => ({}) })
  const later = async (): Promise<void> => {}
  const isCompiledOnly = (): boolean => true
  if (!isCompiledOnly()) {
    // @ts-expect-error a promise
    world.server.stop(later)
    // @ts-expect-error a promise
    world.server.sessions.start({ proxy, disconnectCallback: later })
    // @ts-expect-error a promise
    world.server.sessions.start({ proxy: { deliver: later, closed() {} } })
    // @ts-expect-error a promise
    chat.defineZone({ init: async () => ({ count: 1 }) })
    // @ts-expect-error a promise
    chat.defineZone({ init: () => ({}), handleTick: later })
    // @ts-expect-error a promise
    world.server.zones.route(chat, async () => world.server.zones.list()[0])
    // @ts-expect-error a promise
    createServer({ clock: world.clock, random: new SeededRandom(1), apps: [chat], onReport: later })
  }
  const codes = new Set<number>()
  const session = world.server.sessions.start({ proxy, disconnectCallback: (_session, code) => codes.add(code) })
  session.disconnectCallback = (_session, code) => [code].push(code)
  session.stop()
  world.server.zones.start(zone)
})

describe('describeReport', () => {
  test('shows file and line of the code that threw, and of what caused it', () => {
    const { world } = startMembership({
      expectReports: true,
      hooks: {
        handleJoin() {
          throw new TypeError('no sword', { cause: new Error('no inventory') })
        },
      },
    })
    const [report] = world.reports
    const lines = report === undefined ? [] : describeReport(report).split('\n')
    expect(lines[0]).toBe("handleJoin of zone 'chat' threw for session 1: no sword")
    expect(lines[1]).toMatch(/^ {4}at .*async-handlers\.test\.ts:\d+:\d+/)
    expect(lines.filter((line) => line === '  caused by: no inventory')).toHaveLength(1)
    expect(report === undefined ? '' : summarizeReport(report)).toBe(lines[0])
  })

  test('describes whatever was thrown', () => {
    const trap = new Proxy(
      {},
      {
        getPrototypeOf() {
          throw new Error('gotcha')
        },
      },
    )
    const thrown = [undefined, null, Symbol('odd'), Object.create(null) as unknown, trap, 'text']
    const { world, member } = startMembership({
      expectReports: true,
      hooks: {
        channel_msg() {
          throw thrown.shift() as Error
        },
      },
    })
    while (thrown.length > 0) member.say(chat, 'channel_msg', {})
    const unknown = 'something that cannot be described'
    expect(world.reports.map((report) => describeReport(report).split(': ')[1])).toEqual([
      'undefined',
      'null',
      'Symbol(odd)',
      unknown,
      unknown,
      'text',
    ])
  })
})

test('a mistake of ours is called so once', () => {
  const error = new OverworldError('internal', 'internal error (please report it): something')
  expect(summarizeReport({ kind: 'internal', error })).toBe('internal error (please report it): something')
  expect(summarizeReport({ kind: 'internal', error: new Error('x') })).toBe('internal error (please report it): x')
})
