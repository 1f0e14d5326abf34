import process from 'node:process'
import { type Server, type ServerProgram } from 'overworld'
import {
  chat,
  chatZone,
  drawScenario,
  NAMED_SCENARIOS,
  runScenario,
  runSeed,
  simulatedArena,
  simulatedChat,
} from 'overworld/scenarios'
import { explainCause, findCause, replay, simulate, simulatedProgram, type AnyZone } from 'overworld/sim'
import { describe, expect, it } from 'vitest'
import {
  entriesOf,
  filesOf,
  recordingBoot,
  recordScenario,
  type RecordedLife,
  type RecorderSettings,
} from './recorded-run.ts'

/** `OVERWORLD_RECORDED_RUNS=1000 npx vitest run test/recording/replay.test.ts` for a longer campaign. */
const FUZZED_RUNS = Number(process.env['OVERWORLD_RECORDED_RUNS'] ?? 150)

/** A chat with two clients that talk, fall silent and come back; what the test does in between is recorded too. */
function recordChat({
  zone = chatZone,
  act = () => undefined,
  settings = {},
}: {
  readonly zone?: AnyZone
  readonly act?: (server: Server) => void
  readonly settings?: RecorderSettings
} = {}): { life: RecordedLife; tokens: Uint8Array[] } {
  const lives: RecordedLife[] = []
  const world = simulate({ seed: 3, apps: [chat], zones: [zone], boot: recordingBoot(lives, settings) })
  const clients = ['alice', 'bob'].map((name) => {
    const client = world.client(name)
    client.client.on('session', () => void client.room(chat).join({ handle: name }))
    client.connect()
    return client
  })
  world.advance(500)
  clients[0]?.room(chat).send('channel_msg', { text: 'a secret of hers' })
  world.advance(500)
  act(world.server)
  world.advance(500)
  clients[1]?.reset()
  world.advance(3_000)
  const tokens = [...world.server.sessions].flatMap(({ token }) => (token === undefined ? [] : [token]))
  return { life: lives[0] as RecordedLife, tokens }
}

function replayLife(life: RecordedLife, program: ServerProgram = life.program): ReturnType<typeof replay> {
  return replay(entriesOf(filesOf(life)), program)
}

describe('a recording of a simulated run', () => {
  it.each(NAMED_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'replays identically: %s',
    (_name, scenario) => {
      const { lives } = recordScenario(scenario)
      for (const life of lives) {
        const result = replayLife(life)
        expect(result.divergence).toBeUndefined()
        expect(result.outputs).toBeGreaterThan(10)
      }
    },
  )

  it('replays identically, whatever the fuzzer draws', () => {
    let outputs = 0
    for (let run = 0; run < FUZZED_RUNS; run++) {
      const { lives } = recordScenario(drawScenario(runSeed(2, run), { apps: ['chat', 'arena'] }))
      for (const life of lives) {
        const result = replayLife(life)
        expect(result.divergence, `run ${run}`).toBeUndefined()
        outputs += result.outputs
      }
    }
    expect(outputs).toBeGreaterThan(300 * FUZZED_RUNS)
  }, 600_000)

  it('does not change the run', () => {
    const scenario = drawScenario(runSeed(2, 5), { apps: ['chat', 'arena'] })
    const { tickMs = 100 } = scenario.server
    const plain = runScenario(scenario, { apps: [simulatedChat, simulatedArena(tickMs)] })
    expect(recordScenario(scenario).result.fingerprint).toBe(plain.fingerprint)
  })

  it('ends where it is asked to', () => {
    const { life } = recordChat()
    const all = replayLife(life)
    const some = replay(entriesOf(filesOf(life)), life.program, { untilMs: 1_000 })
    expect(some).toMatchObject({ identical: true, end: 'until' })
    expect(some.inputs).toBeLessThan(all.inputs)
    expect(some.recordedSeconds).toBeLessThanOrEqual(1)
    expect(all.recordedSeconds).toBeGreaterThan(4)
  })
})

describe('a changed program', () => {
  it('is caught at the first byte that differs, with both sides decoded and what led to it', () => {
    const { life } = recordChat()
    const louder = chat.defineZone({
      ...chatZone,
      rpc: {
        channel_msg: (message, session, _zone, state) =>
          chat.broadcast('channel_msg', { handle: state.handles.get(session), text: `${message.text}!` }),
      },
    })
    const { divergence } = replayLife(life, programOf(louder))
    expect(divergence).toMatchObject({
      connection: 1,
      session: 1,
      zone: 'chat',
      recorded: 'connection 1 -> chat channel_msg {"handle":"alice","text":"a secret of hers"}',
      now: 'connection 1 -> chat channel_msg {"handle":"alice","text":"a secret of hers!"}',
    })
    // The first byte that differs is the length of the message: one more.
    expect(divergence?.bytes).toEqual({
      at: 3,
      recorded: expect.stringContaining('[19]') as string,
      now: expect.stringContaining('[1a]') as string,
    })
    expect(divergence?.ledTo.join('\n')).toMatch(/connection 1 <- chat channel_msg \{"text":"a secret of hers"\}$/)
  })

  it('is caught where it says nothing any more, or something new', () => {
    const { life } = recordChat()
    const silent = chat.defineZone({ ...chatZone, rpc: {} })
    expect(replayLife(life, programOf(silent)).divergence).toMatchObject({
      recorded: expect.stringContaining('-> chat channel_msg') as string,
      now: 'nothing more',
    })
    const chatty = chat.defineZone({
      ...chatZone,
      rpc: { channel_msg: () => [chat.reply('channel_msg', {}), chat.reply('channel_msg', {})] },
    })
    const two = recordChat({ zone: chatty }).life
    const one = chat.defineZone({ ...chatZone, rpc: { channel_msg: () => chat.reply('channel_msg', {}) } })
    expect(replayLife(two, programOf(one)).divergence?.now).toBe('nothing more')
  })

  it('is caught where it sets another timer', () => {
    const { life } = recordChat()
    const program = programOf(chatZone, { requestTimeout: 5_001 })
    expect(replayLife(life, program).divergence).toMatchObject({
      recorded: 'sets timer 1, request of session 1, to 5000 ms',
      now: 'sets timer 1, request of session 1, to 5001 ms',
      connection: 1,
      session: 1,
    })
  })
})

describe('a zone that draws from elsewhere than what it is handed', () => {
  it('is found, and the message says so', () => {
    let drawn = 0
    const dicey = chat.defineZone({
      ...chatZone,
      rpc: { channel_msg: () => chat.broadcast('channel_msg', { text: `rolled ${++drawn}` }) },
    })
    const { life } = recordChat({ zone: dicey })
    const [first, second] = [replayLife(life), replayLife(life)]
    expect(first.divergence?.recorded).toContain('rolled 1')
    expect(findCause(first, second)).toBe('nondeterminism')
    expect(explainCause('nondeterminism', 'same')).toContain('zone.random')
  })

  it('is told apart from a program that has changed', () => {
    const { life } = recordChat()
    const program = programOf(chatZone, { requestTimeout: 5_001 })
    expect(findCause(replayLife(life, program), replayLife(life, program))).toBe('another_program')
  })

  it('is fine where it draws from what it is handed', () => {
    const fair = chat.defineZone({
      ...chatZone,
      rpc: {
        channel_msg: (_message, _session, zone) =>
          chat.broadcast('channel_msg', { text: `${zone.random.uint32()} at ${zone.now()}` }),
      },
    })
    expect(replayLife(recordChat({ zone: fair }).life).identical).toBe(true)
  })
})

function programOf(zone: AnyZone, options = {}): ServerProgram {
  return simulatedProgram({ apps: [chat], zones: [zone], options, onReport: () => undefined })
}

describe('a call from outside', () => {
  const zone = chat.defineZone<{ heard: string[] }, object>({
    init: () => ({ heard: [] }),
    handleJoin: (message) => chat.broadcast('sync', { handles: [message.handle ?? ''] }),
    handleInfo: (message) => chat.broadcast('channel_msg', { text: JSON.stringify(message) }),
    handleDisconnect: (session) =>
      chat.broadcast('channel_msg', { text: `${JSON.stringify(session.gameData)} ${session.disconnectTimeout}` }),
    rpc: { channel_msg: (message) => chat.broadcast('channel_msg', { text: message.text }) },
  }) as unknown as AnyZone

  const cases: readonly (readonly [string, (server: Server) => void])[] = [
    ['zone.tell', (server) => tell(server, { n: [1, Infinity, null, 'x'], deep: { yes: true } })],
    ['gameData', (server) => [...server.sessions].forEach((session) => (session.gameData = { gold: session.id }))],
    ['disconnectTimeout', (server) => [...server.sessions].forEach((each) => (each.disconnectTimeout = 777))],
    ['session.disconnect', (server) => server.sessions.get(2)?.disconnect()],
    ['session.stop', (server) => server.sessions.get(1)?.stop()],
    ['session.send', (server) => server.sessions.get(1)?.send(chat, 'channel_msg', { text: 'psst' })],
    ['session.rpc', (server) => server.sessions.get(1)?.rpc(chat, 'channel_msg', { text: 'as alice' })],
    ['part and join', (server) => partAndJoin(server)],
    [
      'zone.remove',
      (server) => {
        const session = server.sessions.get(1)
        if (session !== undefined) session.zone?.remove(session)
      },
    ],
    ['zone.broadcast', (server) => server.zones.find(chat, 'chat')?.app && broadcast(server)],
    [
      'a proxy taken from another',
      (server) => {
        const [a, b] = [server.sessions.get(1), server.sessions.get(2)]
        if (a && b) a.proxy = b.proxy
      },
    ],
    ['zone.stop and zones.start', (server) => restart(server)],
    ['server.drain', (server) => server.drain(1_000)],
    ['server.stop', (server) => server.stop()],
    [
      'one that throws',
      (server) => {
        expect(() => server.sessions.get(1)?.join(chat, {})).toThrow('already')
      },
    ],
  ]

  function tell(server: Server, message: object): void {
    ;(server.zones.find(chat, 'chat') as unknown as { tell(message: object): void }).tell(message)
  }

  function broadcast(server: Server): void {
    const found = server.zones.find(chat, 'chat') as unknown as {
      broadcast(type: string, message: object, options: object): void
      send(sessions: Iterable<unknown>, type: string, message: object): void
    }
    found.broadcast('channel_msg', { text: 'to all but one' }, { except: server.sessions.get(1) })
    found.send(new Set([server.sessions.get(2)]), 'channel_msg', { text: 'to one' })
  }

  function partAndJoin(server: Server): void {
    server.sessions.get(1)?.part(chat, {})
    server.sessions.get(1)?.join(chat, { handle: 'anew' }, server.zones.find(chat, 'chat'))
  }

  function restart(server: Server): void {
    const found = server.zones.find(chat, 'chat')
    found?.stop()
    server.zones.start(zone as never, { name: 'second' })
  }

  it.each(cases)('is replayed: %s', (name, act) => {
    const { life } = recordChat({ zone, act })
    const entries = [...entriesOf(filesOf(life))]
    expect(entries.filter(({ kind }) => kind === 'called').length).toBeGreaterThan(0)
    expect(entries.filter(({ kind }) => kind === 'unrecordable')).toEqual([])
    const result = replay(entries, life.program)
    expect(result.divergence).toBeUndefined()
    // It matters: without it the replay comes out differently.
    if (name === 'one that throws') return
    const without = entries.filter(({ kind }) => kind !== 'called')
    expect(replay(without, life.program).identical).toBe(false)
  })

  it('with a function ends what can be replayed, with a warning, and not the server', () => {
    const warnings: string[] = []
    const delivered: string[] = []
    const { life } = recordChat({
      settings: { onWarning: (warning) => warnings.push(warning) },
      act: (server) => {
        const npc = server.sessions.start({
          proxy: { deliver: (type) => delivered.push(type), closed: () => undefined },
        })
        npc.join(chat, { handle: 'npc' })
      },
    })
    expect(delivered).toContain('sync')
    expect(warnings).toEqual([
      expect.stringContaining('cannot be replayed: start was called from outside with a function'),
    ])
    expect(replayLife(life)).toMatchObject({ identical: true, end: 'unrecordable' })
  })
})

describe('redaction', () => {
  it('leaves no token, no payload and nothing that is replayed', () => {
    const { life, tokens } = recordChat({ settings: { isRedacted: true } })
    const [file = new Uint8Array(0)] = filesOf(life)
    const text = Buffer.from(file).toString('latin1')
    expect(tokens.length).toBe(2)
    const plainText = Buffer.from(filesOf(recordChat().life)[0] ?? []).toString('latin1')
    for (const token of tokens) {
      const secret = Buffer.from(token).toString('latin1')
      expect(plainText).toContain(secret)
      expect(text).not.toContain(secret)
      expect(text).not.toContain(secret.slice(0, 8))
    }
    expect(plainText).toContain('a secret of hers')
    expect(text).not.toContain('secret')
    const entries = [...entriesOf([file])]
    const lengths = entries.flatMap((entry) =>
      entry.kind === 'message' && entry.length !== entry.bytes.length ? [entry.length] : [],
    )
    expect(lengths.length).toBeGreaterThan(0)
  })

  it('gives a token the same alias wherever it appears', () => {
    const { life } = recordChat({ settings: { isRedacted: true } })
    const issued = new Set<string>()
    const used: string[] = []
    for (const entry of entriesOf(filesOf(life))) {
      if (entry.kind === 'random_bytes') issued.add(Buffer.from(entry.bytes).toString('hex'))
      if (entry.kind === 'message' && entry.bytes.length > 10 && entry.bytes[1] === 100) {
        const decoded = /0a06([0-9a-f]{12})/.exec(Buffer.from(entry.bytes).toString('hex'))
        if (decoded?.[1] !== undefined) used.push(decoded[1])
      }
    }
    expect(used.length).toBeGreaterThan(0)
    for (const alias of used) expect(issued).toContain(alias)
  })
})

describe('a sink that fails', () => {
  it('ends the recording with one warning, and never the server', () => {
    const warnings: string[] = []
    let appended = 0
    const { life, tokens } = recordChat({
      settings: {
        sink: {
          append() {
            if (++appended === 3) throw new Error('no space left on device')
          },
        },
        onWarning: (warning) => warnings.push(warning),
      } as RecorderSettings,
    })
    expect(life).toBeDefined()
    expect(tokens.length).toBe(2)
    expect(appended).toBe(3)
    expect(warnings).toEqual([expect.stringContaining('no space left on device')])
  })
})
