/** A recorder harms no server, whatever its arguments, its sink and its listener for warnings do. */
import {
  BlockReader,
  createServer,
  recordServer,
  Shell,
  type Clock,
  type Entry,
  type Network,
  type RecordedServer,
  type RecordingSink,
  type Server,
  type ServerProgram,
} from 'overworld'
import { chat } from 'overworld/scenarios'
import { replay, type ReplayResult } from 'overworld/sim'
import fc from 'fast-check'
import process from 'node:process'
import { expect, test } from 'vitest'
import { protocol } from '../../core/protocol.ts'
import { Redaction } from '../../recording/redact.ts'
import { FakeConnection } from '../core/support/fake-connection.ts'
import { SeededRandom } from '../core/support/seeded-random.ts'
import { VirtualClock } from '../core/support/virtual-clock.ts'

class Teller {
  readonly network: Network
  readonly clock = new VirtualClock()
  #accept: Parameters<Network['listen']>[1] | undefined

  constructor() {
    this.network = {
      listen: (address, accept) => {
        this.#accept = accept
        return { address, close: () => undefined }
      },
      connect: () => {
        throw new Error('this server dials nobody')
      },
    }
  }

  connect(): FakeConnection {
    const connection = new FakeConnection(this.clock, 1, '192.0.2.1')
    connection.handler = this.#accept?.(connection)
    connection.open()
    return connection
  }
}

const listening = chat.defineZone<object, unknown>({ init: () => ({}), handleInfo: () => undefined })

const program: ServerProgram = {
  apps: [chat],
  boot({ clock, random, calls, network }) {
    const server = createServer({ clock, random, calls, apps: [chat], onReport: () => undefined })
    server.zones.start(listening, { name: 'chat' })
    server.listen(network, 'ws://127.0.0.1:1/ws')
    return server
  },
  commands: { nothing: () => undefined },
}

function tell(server: Server, message: unknown): void {
  const zone = server.zones.find(chat, 'chat') as unknown as { tell(told: unknown): void }
  zone.tell(message)
}

/** A healthy client, of whom the server must think the same with a recorder and without. */
function talk(teller: Teller, act: () => void): string {
  const connection = teller.connect()
  connection.receive(Uint8Array.of(0, 100, 0x0a, 0))
  act()
  for (let i = 0; i < 20; i++) {
    teller.clock.advance(500)
    connection.receive(Uint8Array.of(9, 9))
  }
  const sent = connection.take().map(({ at, bytes }) => `${at} ${[...bytes].join(' ')}`)
  return [...sent, `closed: ${connection.closedWith}`, `timers: ${teller.clock.size}`].join('\n')
}

function quietly(call: () => void): void {
  try {
    call()
  } catch {
    // What a call throws at its caller is the same with a recorder and without, and not of interest here.
  }
}

function withoutRecorder(args: readonly unknown[]): string {
  const teller = new Teller()
  const { clock, network } = teller
  const server = program.boot({ clock, random: new SeededRandom(1), network, addresses: [], calls: undefined })
  return talk(teller, () => args.forEach((arg) => quietly(() => tell(server, arg))))
}

interface Recorded extends RecordedServer {
  readonly teller: Teller
  readonly chunks: Uint8Array[]
  readonly warnings: string[]
}

function record(sink?: (recorded: () => RecordedServer) => RecordingSink['append'], partBytesMax = Infinity): Recorded {
  const teller = new Teller()
  const chunks: Uint8Array[] = []
  const warnings: string[] = []
  const late: { recorded?: RecordedServer } = {}
  const append = sink?.(() => late.recorded as RecordedServer)
  const made: RecordedServer = recordServer(program, teller.network, {
    clock: teller.clock,
    random: new SeededRandom(1),
    recording: 'x',
    partBytesMax,
    sink: {
      append(bytes, startsPart) {
        chunks.push(bytes)
        return append?.(bytes, startsPart)
      },
    },
    onWarning: (warning) => void warnings.push(warning),
  })
  late.recorded = made
  return { ...made, teller, chunks, warnings }
}

function entriesOf(chunks: readonly Uint8Array[]): Entry[] {
  const reader = new BlockReader()
  const entries = chunks.flatMap((chunk) => [...reader.push(chunk)].flatMap((block) => block.entries))
  expect(reader.damage).toBeUndefined()
  return entries
}

/** Ended, so that the whole of it is in the chunks. */
function replayOf({ recorder, chunks }: Recorded): ReplayResult {
  recorder.stop()
  return replay(entriesOf(chunks), program)
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function throwing(): never {
  throw new Error('a trap')
}

function cyclic(): object {
  const object: { self?: object; list: object[] } = { list: [] }
  object.self = object
  object.list.push(object, [object])
  return object
}

const EVERY_TRAP = Object.fromEntries(
  Reflect.ownKeys(Reflect)
    .filter((name) => typeof name === 'string')
    .map((name) => [name, throwing]),
)

class OwnClass {
  readonly #secret = 1
  get secret(): number {
    return this.#secret
  }
}

/** Each is made anew, as `() => value`. */
const exotic: readonly (() => unknown)[] = [
  revoked,
  cyclic,
  () => new Proxy({}, EVERY_TRAP),
  () => new Proxy([], EVERY_TRAP),
  () => new Proxy({}, { ownKeys: throwing }),
  () => new Proxy({}, { has: () => true, get: () => Symbol('x') }),
  () => new Proxy(new Uint8Array(3), {}),
  () =>
    new Proxy(
      { a: 1 },
      { getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: revoked() }) },
    ),
  () => ({
    get hp(): number {
      throw new Error('a getter')
    },
  }),
  () => ({ toJSON: throwing }),
  () => Object.defineProperty({}, 'constructor', { get: throwing }),
  () => Object.create({ constructor: 5 }) as object,
  () => Object.create(null) as object,
  () => Object.defineProperty(new Map(), Symbol.iterator, { get: throwing }),
  () => new Map([[1, 2]]),
  () => new (class extends Array<number> {})(1, 2, 3),
  () => Object.assign([1, 2], { 7: 8 }),
  () => Object.assign([], { length: 4_000_000_000 }),
  () => Array.from({ length: 300_000 }, () => 0),
  () => 'x'.repeat(17_000_000),
  () => '\ud800 alone',
  () => ({ '\udfff': 1 }),
  () => ({ [Symbol('s')]: 1 }),
  () => Symbol('s'),
  () => 1n << 100_000n,
  () => -0,
  () => ({ hp: Number.NaN, top: Infinity }),
  () => new OwnClass(),
  () => new Float64Array(3),
  () => new DataView(new ArrayBuffer(3)),
  () => structuredClone(new ArrayBuffer(8), {}),
  () => {
    const buffer = new ArrayBuffer(8)
    const bytes = new Uint8Array(buffer)
    structuredClone(buffer, { transfer: [buffer] })
    return bytes
  },
  () => throwing,
  () => new Error('x'),
  () => new WeakRef({}),
  () => Promise.resolve(1),
  () => ({ prefix: 'x', codec: 1, handled: 2 }),
  () => ({ __proto__: null, a: { b: { c: [undefined, null, [], {}] } } }),
  ...[38, 42, 60, 200].map((levels) => () => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1)),
]

const argument = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...exotic).map((make) => ({ make })) },
  {
    weight: 1,
    arbitrary: fc
      .anything({ withBigInt: true, withTypedArray: true, withSparseArray: true, withMap: true })
      .map((value) => ({ make: () => value })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...exotic).map((make) => ({ make: () => ({ deep: [{ inside: make() }] }) })),
  },
)

test('what is told to a zone changes nothing for its server, whatever it is, and the recording says up to where it goes', () => {
  fc.assert(
    fc.property(fc.array(argument, { minLength: 1, maxLength: 4 }), (args) => {
      const values = args.map(({ make }) => make())
      const recorded = record()
      const before = recorded.recorder.clock.now()
      const said = talk(recorded.teller, () => values.forEach((value) => quietly(() => tell(recorded.server, value))))
      expect(said).toBe(withoutRecorder(values))
      expect(recorded.recorder.clock.now() - before).toBe(10_000)
      expect(recorded.recorder.isRecording).toBe(true)
      const replayed = replayOf(recorded)
      expect(replayed.divergence).toBeUndefined()
      expect(replayed.end).toBe(recorded.recorder.isReplayable ? 'ended' : 'unrecordable')
      expect(recorded.warnings).toHaveLength(recorded.recorder.isReplayable ? 0 : 1)
    }),
    { numRuns: 60, examples: exotic.map((make) => [[{ make }]]) },
  )
})

const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['an exception while it is looked at', () => revoked(), /tell was called from outside with an argument that throws/],
  ['itself', cyclic, /data that contains itself/],
  [
    'a getter',
    () => ({
      get hp(): number {
        return 1
      },
    }),
    /an object with a getter \(hp\)/,
  ],
  ['half a character', () => '\ud800', /a text that is not well-formed Unicode/],
  ['too much', () => Array.from({ length: 300_000 }, () => 0), /data of more than 250000 values/],
  ['a class', () => new Map(), /an object of the class Map/],
]

test.each(refused)('the recording and its replay say what could not be kept: %s', (_, make, why) => {
  const recorded = record()
  tell(recorded.server, make())
  expect(recorded.warnings).toEqual([expect.stringMatching(why)])
  expect(replayOf(recorded)).toMatchObject({ end: 'unrecordable', endWhy: expect.stringMatching(why) as string })
})

test('a trap of an argument cannot call the server while the recorder looks at the argument', () => {
  const recorded = record()
  const refusals: unknown[] = []
  const curious = new Proxy(
    { text: 'x' },
    {
      ownKeys(target): (string | symbol)[] {
        try {
          tell(recorded.server, 'from a trap')
        } catch (error) {
          refusals.push(error)
        }
        return Reflect.ownKeys(target)
      },
    },
  )
  recorded.command('nothing', curious)
  recorded.teller.clock.advance(10_000)
  expect(refusals[0]).toMatchObject({ code: 'called_from_tap' })
  expect(recorded.warnings).toEqual([])
  const calls = (recorded.recorder.stop(), entriesOf(recorded.chunks)).flatMap((entry) => {
    return entry.kind === 'called' ? [entry.call.method] : []
  })
  expect(calls).toEqual(['nothing'])
  expect(replay(entriesOf(recorded.chunks), program)).toMatchObject({ identical: true, end: 'ended' })
})

test('a sink that calls the server outside of its turns causes an ordinary input', () => {
  const recorded = record((made) => () => tell(made().server, 'from the sink'))
  recorded.recorder.flush()
  recorded.teller.clock.advance(1_000)
  const replayed = replayOf(recorded)
  expect(entriesOf(recorded.chunks).filter(({ kind }) => kind === 'called')).toHaveLength(1)
  expect(replayed).toMatchObject({ identical: true, end: 'ended' })
})

test('outputs outside of a turn are noticed: their cause is not in the recording', () => {
  const recorded = record()
  const connection = recorded.teller.connect()
  connection.receive(Uint8Array.of(0, 100, 0x0a, 0))
  const proxy = recorded.server.sessions.get(1)?.proxy
  if (proxy === undefined || !('connection' in proxy)) throw new Error('the session has no connection')
  proxy.connection.send(Uint8Array.of(0, 0, 1))
  expect(recorded.warnings).toEqual([expect.stringContaining('the server did something (sent) outside of a turn')])
  expect(replayOf(recorded)).toMatchObject({ identical: true, end: 'unrecordable' })
})

test('a server that is created without the shell is noticed', () => {
  const warnings: string[] = []
  const recorded = recordServer(
    {
      apps: [chat],
      boot: ({ clock, random }) => createServer({ clock, random, apps: [chat], onReport: () => undefined }),
    },
    new Teller().network,
    {
      clock: new VirtualClock(),
      random: new SeededRandom(1),
      recording: 'x',
      sink: { append: () => undefined },
      onWarning: (warning) => void warnings.push(warning),
    },
  )
  expect(warnings).toEqual([expect.stringContaining('created without the shell')])
  expect(recorded.recorder.isReplayable).toBe(false)
})

test('a server with a shell refuses a clock that is not the one of the shell', () => {
  const [clock, random] = [new VirtualClock(), new SeededRandom(1)]
  const shell = new Shell({ clock, random })
  const create = (given: Clock): Server =>
    createServer({ clock: given, random, shell, apps: [chat], onReport: () => undefined })
  expect(() => create(new VirtualClock())).toThrow('`clock` must be its clock')
  expect(create(shell.clock).sessions.size).toBe(0)
})

const misdeed = fc.constantFrom('throw', 'throw a revoked proxy', 'reject', 'stop', 'flush', 'tell', 'drain', 'nothing')

/** A sink that does `what` at its `nth` block. */
function wicked(nth: number, what: string): (recorded: () => RecordedServer) => RecordingSink['append'] {
  let blocks = 0
  return (recorded) => () => {
    if (++blocks !== nth) return undefined
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (what === 'throw a revoked proxy') throw revoked() as Error
    if (what === 'throw') throw new Error('no space left')
    if (what === 'reject') return Promise.reject(new Error('no space left')) as never
    if (what === 'stop') recorded().recorder.stop()
    if (what === 'flush') recorded().recorder.flush()
    if (what === 'tell') tell(recorded().server, 'from the sink')
    return undefined
  }
}

test('a sink that throws, rejects, stops, flushes or calls back at any block changes nothing for the server', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 30 }), misdeed, async (nth, what) => {
      const recorded = record(wicked(nth, what))
      const said = talk(recorded.teller, () => tell(recorded.server, 'hello'))
      expect(said).toBe(withoutRecorder(['hello']))
      await new Promise((resolve) => void setImmediate(resolve))
      recorded.teller.clock.advance(1_000)
      if (recorded.recorder.isReplayable && what !== 'throw') entriesOf(recorded.chunks)
    }),
    { numRuns: 80 },
  )
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

test('a read of what is buffered, outside of a turn, hides nothing of what a turn reads', () => {
  const recorded = record()
  const connection = recorded.teller.connect()
  connection.bufferedBytes = 2_000_000
  const [session] = recorded.server.sessions
  const { proxy } = session ?? {}
  expect(proxy !== undefined && 'connection' in proxy && proxy.connection.bufferedBytes).toBe(2_000_000)
  connection.receive(Uint8Array.of(0, 100, 0x0a, 0))
  expect(connection.closedWith).toBe(4005)
  expect(replayOf(recorded)).toMatchObject({ identical: true, end: 'ended' })
})

test('redaction reads what cannot be written again', () => {
  const redaction = new Redaction()
  const said = [
    [0x0a, 0],
    [0x0a, 3, 0x0a, 1, 7],
    [0x0a, 2, 0x10, 5],
    [0x12, 6, 8, 1, 0x12, 2, 1, 2],
    [0x32, 2, 8, 2],
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...said),
      fc.constantFrom(...said, []),
      fc.array(fc.tuple(fc.nat(12), fc.nat(255)), { maxLength: 3 }),
      (first, second, edits) => {
        const bytes = Uint8Array.from([0, protocol.prefix, ...first, ...second])
        for (const [at, byte] of edits) if (at + 2 < bytes.length) bytes[at + 2] = byte
        expect(redaction.message(bytes)).toBeInstanceOf(Uint8Array)
      },
    ),
    { numRuns: 3_000 },
  )
})
