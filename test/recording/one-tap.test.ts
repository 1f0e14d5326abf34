/** A run that one tap has seen is replayed through the core alone: no recorder, no file, no network. */
import { createServer, protocol, RELIABLE, type Entry, type Network, type ServerProgram, type Tap } from 'overworld'
import { arena, chat, drawScenario, runScenario, runSeed, simulatedArena, simulatedChat } from 'overworld/scenarios'
import { describeEntry, replay } from 'overworld/sim'
import { describe, expect, it } from 'vitest'
import { Shell } from '../../core/turns/shell.ts'
import { EntryTap } from '../../recording/entry-tap.ts'
import { FakeConnection } from '../core/support/fake-connection.ts'
import { SeededRandom } from '../core/support/seeded-random.ts'
import { VirtualClock } from '../core/support/virtual-clock.ts'

const OUTPUTS: ReadonlySet<string> = new Set(['sent', 'close', 'set_timer', 'cancelled', 'listened', 'close_listener'])

/**
 * Tells each event by its name and what it is about. Left out: listeners and how much is buffered, which a replay tells otherwise, and
 * reports, since callbacks such as `done` of `stop` are in no recording.
 */
function everything(lines: string[]): Tap {
  const handle =
    (event: string) =>
    (...args: readonly unknown[]) => {
      lines.push([event, ...args.map(wordsFor)].join(' '))
    }
  return Object.fromEntries(EVENTS.map((event) => [event, handle(event)]))
}

const EVENTS: readonly (keyof Tap)[] = [
  ...([
    'opened',
    'message',
    'closed',
    'drained',
    'fired',
    'called',
    'random',
    'randomNumber',
    'send',
    'close',
  ] as const),
  ...(['setTimer', 'cancelTimer', 'deliver', 'release', 'serves', 'decoded', 'status', 'latency'] as const),
  ...(['handlerBegins', 'handlerEnds', 'asked', 'apiCalled', 'callThrew', 'zoneTimerCancelled', 'routed'] as const),
  ...(['callback', 'callbackEnds', 'zoneStarted', 'zoneStopped'] as const),
]

function wordsFor(arg: unknown): string {
  if (arg instanceof Uint8Array) return Buffer.from(arg).toString('hex')
  if (arg instanceof Error) return arg.message
  if (typeof arg === 'number' || typeof arg === 'string') return String(arg)
  if (typeof arg !== 'object' || arg === null) return typeof arg
  if ('id' in arg) return `session ${String(arg.id)}`
  return 'name' in arg ? String(arg.name) : 'kind' in arg ? String(arg.kind) : '{}'
}

interface Life {
  readonly program: ServerProgram
  readonly entries: Entry[]
}

/** Runs a drawn scenario; one tap tells what each life of its server did. */
function live(run: number): Life[] {
  const lives: Life[] = []
  const scenario = drawScenario(runSeed(5, run), { apps: ['chat', 'arena'] })
  const { tickMs = 100 } = scenario.server
  runScenario(scenario, {
    apps: [simulatedChat, simulatedArena(tickMs)],
    boot(program, parts) {
      const entries: Entry[] = []
      lives.push({ program, entries })
      const { shell = new Shell(parts) } = parts
      shell.taps.add(new EntryTap(program.apps, (entry) => entries.push(entry)))
      return shell.boot(() => program.boot({ ...parts, shell }))
    },
  })
  return lives
}

describe('a run that one tap has told', () => {
  it('comes out equal, output by output, whatever the fuzzer draws', () => {
    let compared = 0
    for (let run = 0; run < 25; run++) {
      for (const { program, entries } of live(run)) {
        const outputs = entries.filter(({ kind }) => OUTPUTS.has(kind)).length
        const result = replay(entries, program)
        expect(result.divergence, `run ${run}`).toBeUndefined()
        // Its host may have crashed in the middle of a turn, never before one.
        expect(result.outputs).toBe(outputs)
        compared += result.outputs
      }
    }
    expect(compared).toBeGreaterThan(5_000)
  })

  it('has the same events within, deliveries to receivers in the process among them', () => {
    let events = 0
    for (const run of [1, 4, 9, 16]) {
      const scenario = drawScenario(runSeed(6, run), { apps: ['chat', 'arena'] })
      const { tickMs = 100 } = scenario.server
      const told: string[][] = []
      const lives: Life[] = []
      const heard = (program: ServerProgram, lines: string[]): ServerProgram => ({
        ...program,
        boot(parts) {
          const server = program.boot(parts)
          server.tap(everything(lines))
          return server
        },
      })
      runScenario(scenario, {
        apps: [simulatedChat, simulatedArena(tickMs)],
        boot(program, parts) {
          const entries: Entry[] = []
          const lines: string[] = []
          told.push(lines)
          lives.push({ program, entries })
          const { shell = new Shell(parts) } = parts
          shell.taps.add(new EntryTap(program.apps, (entry) => entries.push(entry)))
          return shell.boot(() => heard(program, lines).boot({ ...parts, shell }))
        },
      })
      for (const [index, { program, entries }] of lives.entries()) {
        const lines: string[] = []
        const { end } = replay(entries, heard(program, lines))
        // A scenario may put a receiver into the server, which is a function: no replay goes on from there.
        const all = told[index] ?? []
        expect(lines).toEqual(end === 'unrecordable' ? all.slice(0, lines.length) : all)
        events += lines.length
      }
    }
    expect(events).toBeGreaterThan(5_000)
  })

  it('diverges at each output that is taken away, changed or added', () => {
    const [life] = live(3)
    if (life === undefined) throw new Error('nothing was booted')
    const { program, entries } = life
    const places = entries.flatMap(({ kind }, index) => (OUTPUTS.has(kind) ? [index] : []))
    for (let n = 1; n <= 40; n++) {
      const at = places[Math.floor((places.length * n) / 41)] ?? 0
      const expected = describeEntry(entries[at] as Entry, [chat, arena])
      const without = entries.toSpliced(at, 1)
      expect(replay(without, program).divergence?.now, `${expected} is missing`).toBeDefined()
      const twice = entries.toSpliced(at, 0, entries[at] as Entry)
      expect(replay(twice, program).identical, `${expected} twice`).toBe(false)
    }
  })
})

it('connections that the program hands to `server.accept` are recorded and replayed as well', () => {
  const [clock, random] = [new VirtualClock(), new SeededRandom(3)]
  const entries: Entry[] = []
  const shell = new Shell({ clock, random, taps: [new EntryTap([chat], (entry) => entries.push(entry))] })
  const program: ServerProgram = {
    apps: [chat],
    boot: (parts) => {
      const { clock: given, random: drawn, shell: handed } = parts
      return createServer({ clock: given, random: drawn, shell: handed, apps: [chat], onReport: () => undefined })
    },
  }
  const network: Network = { listen: () => expect.fail(), connect: () => expect.fail() }
  const server = shell.boot(() =>
    program.boot({ clock: shell.clock, random: shell.random, network, addresses: [], shell }),
  )
  const connection = new FakeConnection(clock, 7, '192.0.2.7')
  connection.handler = server.accept(connection)
  connection.open()
  connection.handler.message(protocol.codec.encode('session_request', {}), RELIABLE)
  clock.advance(3_000)
  expect(entries).toContainEqual(expect.objectContaining({ kind: 'accepted', connection: 1, listener: 0, id: 7 }))
  expect(replay(entries, program)).toMatchObject({ identical: true, outputs: connection.sent.length + 7 })
})
