/** A server program of somebody's own, recorded, and as the server of what its clients do again. */
import {
  BlockReader,
  createServer,
  recordServer,
  type RecordedServer,
  type ServerOptions,
  type ServerProgram,
} from 'overworld'
import {
  appsOfProgram,
  chat,
  chatZone,
  NAMED_SCENARIOS,
  readScenario,
  runCampaign,
  runScenario,
  runScenarioOnWire,
  scenarioOfRecording,
  scenarioOfRun,
  type RecordingScenario,
  type RunResult,
  type Scenario,
  type SimulatedApp,
} from 'overworld/scenarios'
import type { BootServer } from 'overworld/sim'
import { expect, test, vi } from 'vitest'
import { cardGame, EVENING } from '../recording/card-game.ts'
import { entriesOf } from '../recording/recorded-run.ts'
import { referenceApps } from './support/reference-apps.ts'

/** Two zones and a route, options of its own, sessions without a connection, a command. `said`: in all zones, in order. */
function parrotServer(said: string[], fails: (text: string) => boolean = () => false): ServerProgram {
  return {
    apps: [chat],
    boot({ clock, random, network, calls }) {
      const zone = chat.defineZone({
        init: () => new Map<object, string>(),
        handleJoin({ handle = '' }, session, _zone, names) {
          if (handle === 'nobody') return chat.refuse('channel_msg', { text: 'not you' })
          names.set(session, handle)
          return undefined
        },
        rpc: {
          channel_msg({ text = '' }, session, { name }, names) {
            if (fails(text)) throw new Error('what a mess')
            const whose = names.get(session) ?? 'somebody'
            said.push(`${name}: ${whose} says ${text}`)
            return chat.broadcast('channel_msg', { handle: whose, text })
          },
        },
      })
      const server = createServer({ clock, random, calls, apps: [chat], disconnectTimeout: 2_000, onReport: () => {} })
      for (const name of ['den', 'lobby']) server.zones.start(zone, { name })
      server.zones.route(chat, ({ handle }) => server.zones.find(chat, handle === 'dora' ? 'den' : 'lobby'))
      server.listen(network, 'ws://0.0.0.0:8080/ws')
      server.listen(network, 'ws://127.0.0.1:8081/ws')
      server.listen(network, 'enet://0.0.0.0:7777')
      return server
    },
    commands: {
      addParrot(server, name: string) {
        const parrot = server.sessions.start({
          proxy: {
            deliver(type, message) {
              const { handle, text } = message as { readonly handle?: string; readonly text?: string }
              if (type === 'channel_msg' && handle !== name) parrot.rpc(chat, 'channel_msg', { text: `${text}!` })
            },
            closed: () => undefined,
          },
          disconnectTimeout: Infinity,
        })
        parrot.join(chat, { handle: name })
      },
    },
  }
}

const TALK: Scenario = {
  version: 1,
  name: 'talk',
  seed: 4,
  durationMs: 9_000,
  server: {},
  clients: [
    { name: 'carol', app: 'chat', transport: 'websocket', scripted: true },
    { name: 'dora', app: 'chat', transport: 'enet', scripted: true },
    { name: 'nobody', app: 'chat', transport: 'websocket', scripted: true },
  ],
  steps: [
    { atMs: 500, do: 'join', client: 'carol', message: { handle: 'carol' } },
    { atMs: 500, do: 'join', client: 'dora', message: { handle: 'dora' } },
    { atMs: 500, do: 'join', client: 'nobody', message: { handle: 'nobody' } },
    { atMs: 1_000, do: 'send', client: 'carol', type: 'channel_msg', message: { text: 'is anybody here' } },
    { atMs: 2_000, do: 'send', client: 'carol', type: 'channel_msg', message: { text: 'hello' } },
    { atMs: 2_500, do: 'send', client: 'dora', type: 'channel_msg', message: { text: 'in the den' } },
    { atMs: 3_000, do: 'disconnect', client: 'carol' },
    { atMs: 4_000, do: 'connect', client: 'carol' },
    { atMs: 6_000, do: 'send', client: 'carol', type: 'channel_msg', message: { text: 'back' } },
  ],
}

const SAID = [
  'lobby: carol says is anybody here',
  'lobby: carol says hello',
  'lobby: Polly says hello!',
  'den: dora says in the den',
  'lobby: carol says back',
  'lobby: Polly says back!',
]

/** The talk, in which a parrot is added after a second and a half. */
function recordTalk(): { result: RunResult; made: RecordingScenario; said: readonly string[] } {
  const said: string[] = []
  const program = parrotServer(said)
  const blocks: Uint8Array[] = []
  const lives: RecordedServer[] = []
  const boot: BootServer = (placed, { clock, random, network }) => {
    const sink = { append: (bytes: Uint8Array) => void blocks.push(bytes) }
    const recorded = recordServer(placed, network, { clock, random, sink, recording: 'talk' })
    lives.push(recorded)
    return recorded.server
  }
  const result = runScenario(TALK, {
    apps: appsOfProgram(program),
    boot,
    onWorld: (world) => world.after(1_500, () => lives[0]?.command('addParrot', 'Polly')),
    onEvent: (event) => {
      if (event.kind === 'phase' && event.phase === 'healed') lives[0]?.recorder.stop()
    },
  })
  const file = Uint8Array.from(blocks.flatMap((block) => [...block]))
  const reader = new BlockReader()
  const [first] = reader.push(file)
  if (first?.header === undefined) throw new Error('a recording without a header')
  const made = scenarioOfRecording({
    header: first.header,
    entries: entriesOf([file]),
    apps: [chat],
    isOfProgram: true,
  })
  return { result, made, said }
}

const recorded = recordTalk()

test('what its clients did happens again against the same program, with its commands', () => {
  expect(recorded.result.failure).toBeUndefined()
  expect(recorded.said).toEqual(SAID)
  expect(recorded.made.omissions).toEqual([])
  const commands = recorded.made.scenario.steps.filter((step) => step.do === 'command')
  expect(commands).toMatchObject([{ name: 'addParrot', args: ['Polly'] }])
  const scenario = readScenario(JSON.parse(JSON.stringify(recorded.made.scenario)))
  const said: string[] = []
  const result = runScenario(scenario, { apps: appsOfProgram(parrotServer(said)) })
  expect(result.failure).toBeUndefined()
  expect(said).toEqual(SAID)
})

test('and on the wire, with the real libraries', async () => {
  const said: string[] = []
  const result = await runScenarioOnWire(recorded.made.scenario, { apps: appsOfProgram(parrotServer(said)) })
  expect(result.failure).toBeUndefined()
  expect(said).toEqual(SAID)
})

test('a handler of the program that throws is found', () => {
  const program = parrotServer([], (text) => text === 'hello')
  const { failure } = runScenario(recorded.made.scenario, { apps: appsOfProgram(program) })
  expect(failure).toMatchObject({ invariant: 'handlers-do-not-throw' })
  expect(failure?.atMs).toBeGreaterThan(1_900)
})

test('a campaign around what was recorded holds, and comes out the same', () => {
  const { scenario } = recorded.made
  const campaign = (): ReturnType<typeof runCampaign> =>
    runCampaign({ seed: 5, runs: 60, apps: appsOfProgram(parrotServer([])), around: scenario })
  const first = campaign()
  expect(first.failure).toBeUndefined()
  expect(first.nondeterminism).toBeUndefined()
  expect(first.fingerprint).toBe(campaign().fingerprint)
  expect([...first.invariants.keys()]).toContain('healed')
  expect(first.goals.size).toBe(0)
})

test('a program that leaves a client without its session is found', () => {
  const said: string[] = []
  const program = parrotServer(said)
  const deaf: ServerProgram = {
    ...program,
    boot: (parts) => {
      const server = program.boot(parts)
      server.drain(1_000)
      return server
    },
  }
  const { failure } = runScenario(recorded.made.scenario, { apps: appsOfProgram(deaf) })
  expect(failure).toMatchObject({ invariant: 'healed' })
})

/** Says nothing of its options, and listens where it is told to. */
const obliging: ServerProgram = {
  apps: [chat],
  boot({ clock, random, network, addresses, shell }) {
    const server = createServer({ clock, random, shell, apps: [chat] })
    server.zones.start(chatZone)
    for (const address of addresses) server.listen(network, address)
    return server
  },
}

test('a program that listens where it is told to has the settings of the scenario where it says nothing itself', () => {
  const server = { disconnectTimeoutMs: 'never', beaconIntervalMs: 500, sessionsMax: 70 } as const
  const optionsOf = (apps: readonly SimulatedApp[]): ServerOptions | undefined => {
    let options: ServerOptions | undefined
    const result = runScenario({ ...TALK, server }, { apps, onWorld: (world) => void (options = world.server.options) })
    expect(result.failure).toBeUndefined()
    return options
  }
  expect(optionsOf(appsOfProgram(obliging))).toMatchObject({
    disconnectTimeout: Infinity,
    beaconIntervalMs: 500,
    limits: { sessions: 70 },
  })
  // It says so itself.
  expect(optionsOf(appsOfProgram(parrotServer([])))).toMatchObject({ disconnectTimeout: 2_000, beaconIntervalMs: 500 })
  // With bots, the fuzzer has drawn these settings for a server of its own.
  const played = appsOfProgram(obliging).map((app) => ({ ...app, isBotless: false }))
  expect(optionsOf(played)).toMatchObject({ disconnectTimeout: 5_000, limits: { sessions: 10_000 } })
})

test('a program without an onReport is judged as quietly as any other', () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const failing: ServerProgram = {
    ...obliging,
    boot(parts) {
      const server = obliging.boot(parts)
      server.zones.route(chat, () => {
        throw new Error('no way')
      })
      return server
    },
  }
  const { failure } = runScenario(TALK, { apps: appsOfProgram(failing) })
  expect(failure).toMatchObject({ invariant: 'handlers-do-not-throw' })
  expect(printed).not.toHaveBeenCalled()
  printed.mockRestore()
})

test('a command that there is not, a bot that there is not, and a program without apps are refused', () => {
  const step = { atMs: 100, do: 'command', name: 'addCat', args: [] } as const
  const apps = appsOfProgram(parrotServer([]))
  const withStep = { ...TALK, steps: [step] }
  expect(() => runScenario(withStep, { apps })).toThrow(/runs command 'addCat', and the server's program has none/)
  const [tunnel] = NAMED_SCENARIOS
  const reference = { ...(tunnel as Scenario), steps: [step] }
  expect(() => runScenario(reference, { apps: referenceApps })).toThrow(/addCat/)
  const unscripted = { ...TALK, steps: [], clients: [{ name: 'carol', app: 'chat', transport: 'websocket' } as const] }
  expect(() => runScenario(unscripted, { apps })).toThrow(/nobody knows what to join 'chat' with/)
  expect(() => appsOfProgram({ ...parrotServer([]), apps: [] })).toThrow(/has no apps/)
})

test('nobody goes over to a transport that the program does not listen on', () => {
  const apps = appsOfProgram(cardGame().program)
  const isOverEnet = (run: number): boolean =>
    scenarioOfRun(3, run, { apps, around: EVENING }).steps.some(
      (step) => 'transport' in step && step.transport === 'enet',
    )
  expect(Array.from({ length: 60 }, (_, run) => run).filter(isOverEnet)).toEqual([])
  expect(runCampaign({ seed: 3, runs: 40, apps, around: EVENING }).failure).toBeUndefined()
})
