/**
 * "What if", as its users meet it: a server with a bug that clean connections never show is recorded; over worse ones
 * the same clients find it; what they found is kept, found again, and made small.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineApp, type Session } from 'overworld'
import { defineSimulatedApp, runScenario, simulatedArena, simulatedChat, type Scenario } from 'overworld/scenarios'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chat_app } from '../../scenarios/apps/generated/chat.js'
import { filesOf, recordingBoot, type RecordedLife } from '../recording/recorded-run.ts'
import { lastJson, overworld, type Finished } from './support/command.ts'
import { inProcess } from './support/in-process.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-what-if-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => path.join(folder, name)

interface RunJson {
  readonly held: boolean
  readonly runs: readonly {
    readonly recording: string
    readonly damage: { readonly kind: string } | null
    readonly leftOut: readonly string[]
    readonly fingerprint: string
    readonly failure: { readonly invariant: string; readonly replayCommand: string } | null
  }[]
}

/** Twenty quiet seconds of two clients of a lobby. */
const QUIET: Scenario = {
  version: 1,
  name: 'quiet',
  seed: 3,
  durationMs: 20_000,
  server: {},
  clients: [
    { name: 'alice', app: 'lobby', transport: 'websocket' },
    { name: 'bob', app: 'lobby', transport: 'enet', startAtMs: 100 },
  ],
  steps: [],
}

/** Its zone forgets who a session is when it is disconnected, and believes that it knows when it is back. */
const ZONE_JS = `
import { createServer, defineApp } from 'overworld'
import { defineSimulatedApp } from 'overworld/scenarios'
import { chat_app } from '${pathToFileURL(path.resolve('scenarios/apps/generated/chat.js')).href}'

const lobby = defineApp({ name: 'lobby', prefix: 7, schema: chat_app.chat })
const zone = lobby.defineZone({
  init: () => new Map(),
  handleJoin(message, session, zone, names) {
    names.set(session, message.handle)
  },
  handleDisconnect(session, zone, names) {
    names.delete(session)
  },
  rpc: {
    channel_msg: (message, session, zone, names) =>
      lobby.broadcast('channel_msg', { handle: names.get(session).trim(), text: message.text }),
  },
})
`
const LOBBY_JS = `${ZONE_JS}
export default defineSimulatedApp({ app: lobby, zone, bot: { join: (handle) => ({ handle }), act: () => {} } })
`
/** The same as a whole server. */
const SERVER_JS = `${ZONE_JS}
export default {
  apps: [lobby],
  boot({ clock, random, network, calls }) {
    const server = createServer({ clock, random, calls, apps: [lobby], onReport: () => {} })
    server.zones.start(zone, { name: 'hall' })
    for (const address of ['ws://127.0.0.1:9000/ws', 'enet://127.0.0.1:9001']) server.listen(network, address)
    return server
  },
}
`

/** The same without the bug: connections were good, and nobody could tell the difference. */
const lobby = defineApp({ name: 'lobby', prefix: 7, schema: chat_app.chat })
const simulatedLobby = defineSimulatedApp({
  app: lobby,
  zone: lobby.defineZone({
    init: () => new Map<Session, string | undefined>(),
    handleJoin(message, session, _zone, names) {
      names.set(session, message.handle)
    },
    rpc: {
      channel_msg: (message, session, _zone, names) =>
        lobby.broadcast('channel_msg', { handle: names.get(session), text: message.text }),
    },
  }),
  bot: {
    join: (handle) => ({ handle }),
    act(room, { name, count }) {
      room.send('channel_msg', { text: `${name} ${count}` })
    },
  },
})

function record(scenario: Scenario, file: string, apps = [simulatedChat, simulatedArena(100)]): void {
  const lives: RecordedLife[] = []
  runScenario(scenario, { apps, boot: recordingBoot(lives) })
  const [life] = lives
  if (life === undefined) throw new Error('nothing was recorded')
  for (const [index, bytes] of filesOf(life).entries()) {
    writeFileSync(index === 0 ? at(file) : at(file.replace('0001', `000${index + 1}`)), bytes)
  }
}

beforeAll(() => {
  record(QUIET, 'quiet.owrec', [simulatedLobby])
  const ofChat = QUIET.clients.map((client) => ({ ...client, app: 'chat' }))
  record({ ...QUIET, clients: ofChat }, 'chat.owrec')
  writeFileSync(at('lobby.js'), LOBBY_JS)
  writeFileSync(at('server.js'), SERVER_JS)
})

async function inFolder(...args: readonly string[]): Promise<Finished> {
  return overworld(args, { cwd: folder })
}

/** Runs a command line that was printed. */
async function again(commandLine: string, ...more: readonly string[]): Promise<Finished> {
  const words = commandLine.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? []
  expect(words.slice(0, 3)).toEqual(['npx', '--no-install', 'overworld'])
  return inFolder(...words.slice(3), ...more)
}

describe('a bug that needs a lost connection', () => {
  const recorded = ['replay', 'quiet.owrec', '--as-scenario', '--app', './lobby.js', '--json']

  test('does not show over the connections that were', async () => {
    const { code, stdout } = await inFolder(...recorded)
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as RunJson).held).toBe(true)
  })

  test('shows in an outage; kept as a scenario it shows again', async () => {
    const finished = await inFolder(...recorded, '--outage', '11s@4s', '--save', 'outage.json')
    expect(finished.code).toBe(1)
    const [run] = lastJson<RunJson>(finished).runs
    expect(run?.failure?.invariant).toBe('handlers-do-not-throw')
    const repeated = await again(run?.failure?.replayCommand ?? '', '--json')
    expect(run?.failure?.replayCommand).toContain('outage.json --app ./lobby.js')
    expect(repeated.code).toBe(1)
    expect(lastJson(repeated)).toMatchObject({
      fingerprint: run?.fingerprint,
      failure: { invariant: 'handlers-do-not-throw' },
    })
  })

  test('asked without --save, the command that is printed asks the same again', async () => {
    const finished = await inFolder(...recorded, '--link', '4g', '--loss', '1%', '--outage', '11s@4s', '--seed', '9')
    const [run] = lastJson<RunJson>(finished).runs
    const repeated = await again(run?.failure?.replayCommand ?? '', '--json')
    expect(lastJson<RunJson>(repeated).runs[0]?.fingerprint).toBe(run?.fingerprint)
  })

  test('shows in a whole server program as well, which needs no bots', async () => {
    const ofProgram = ['replay', 'quiet.owrec', '--as-scenario', '--program', './server.js', '--json']
    expect(await inFolder(...ofProgram)).toMatchObject({ code: 0 })
    const finished = await inFolder(...ofProgram, '--outage', '11s@4s', '--save', 'program.json')
    expect(finished.code).toBe(1)
    const [run] = lastJson<RunJson>(finished).runs
    expect(run?.failure?.invariant).toBe('handlers-do-not-throw')
    expect(run?.failure?.replayCommand).toContain('program.json --app ./server.js')
    expect(lastJson(await again(run?.failure?.replayCommand ?? '', '--json'))).toMatchObject({
      fingerprint: run?.fingerprint,
    })
    const fuzz = ['fuzz', '--from', 'quiet.owrec', '--app', './server.js', '--seed', '1', '--runs', '200']
    const [one, two] = [await inFolder(...fuzz, '--json'), await inFolder(...fuzz, '--jobs', '2', '--json')]
    expect(one.code).toBe(1)
    expect(lastJson(one)).toMatchObject({ failure: { invariant: 'handlers-do-not-throw' } })
    expect(lastJson<{ fingerprint: string }>(two).fingerprint).toBe(lastJson<{ fingerprint: string }>(one).fingerprint)
  }, 60_000)

  test('is found by fuzzing around the recording, and comes down to a few steps that break it by themselves', async () => {
    const fuzz = [
      'fuzz',
      '--from',
      'quiet.owrec',
      '--app',
      './lobby.js',
      '--seed',
      '1',
      '--runs',
      '200',
      '--out',
      'found',
    ]
    const finished = await inFolder(...fuzz, '--json')
    expect(finished.code).toBe(1)
    const { failure } = lastJson<{ readonly failure: FailureJson }>(finished)
    expect(failure.invariant).toBe('handlers-do-not-throw')
    expect(failure.steps).toBeLessThanOrEqual(5)
    expect(failure.scenario.clients.every(({ scripted }) => scripted === true)).toBe(true)
    expect(failure.replayCommand).toContain('--app ./lobby.js')
    const repeated = await again(failure.replayCommand, '--json')
    expect(repeated.code).toBe(1)
    expect(lastJson(repeated)).toMatchObject({ failure: { invariant: failure.invariant, message: failure.message } })
  })

  test('comes down to a few steps from the scenario that was kept as well', async () => {
    const fuzz = [
      'fuzz',
      '--from',
      'outage.json',
      '--app',
      './lobby.js',
      '--seed',
      '1',
      '--runs',
      '1',
      '--out',
      'small',
    ]
    const { failure } = lastJson<{ readonly failure: FailureJson }>(await inFolder(...fuzz, '--json'))
    expect(failure.steps).toBeLessThanOrEqual(5)
  })
})

interface FailureJson {
  readonly invariant: string
  readonly message: string
  readonly steps: number
  readonly scenario: Scenario
  readonly replayCommand: string
}

describe('fuzzing around a recording', () => {
  const fuzz = ['fuzz', '--from', at('chat.owrec'), '--seed', '4', '--runs', '24', '--check-determinism', '--json']

  test('gives the same from the same seed, whatever the number of threads', async () => {
    const [one, two] = await Promise.all([overworld(fuzz), overworld([...fuzz, '--jobs', '2'])])
    expect(one.code).toBe(0)
    const { fingerprint } = lastJson<{ readonly fingerprint: string }>(one)
    expect(lastJson(two)).toMatchObject({ held: true, runs: 24, fingerprint })
    const other = await inProcess(['fuzz', '--from', at('chat.owrec'), '--seed', '5', '--runs', '24', '--json'])
    expect(lastJson<{ readonly fingerprint: string }>(other).fingerprint).not.toBe(fingerprint)
  })

  test('stops and goes on around the same recording, and around no other', async () => {
    const runs = (number: string, ...more: readonly string[]): readonly string[] => {
      return ['fuzz', '--runs', number, '--resume', at('night.resume'), '--json', ...more]
    }
    const from = ['--from', at('chat.owrec'), '--seed', '4']
    await inProcess(runs('5', ...from))
    const whole = await inProcess(['fuzz', '--runs', '9', '--json', ...from])
    const { fingerprint } = lastJson<{ readonly fingerprint: string }>(whole)
    expect(lastJson(await inProcess(runs('9')))).toMatchObject({ held: true, runs: 9, fingerprint })
    const other = await inProcess(runs('9', '--from', 'tunnel'))
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('its --from is') as string })
  })

  test('works on the wire, and around a scenario by its name', async () => {
    const wire = ['fuzz', '--from', at('chat.owrec'), '--seed', '4', '--runs', '2', '--network', 'wire', '--json']
    expect(await inProcess(wire)).toMatchObject({ code: 0 })
    expect(await inProcess(['fuzz', '--from', 'tunnel', '--seed', '4', '--runs', '3', '--json'])).toMatchObject({
      code: 0,
    })
  })
})

describe('a recording that is not whole', () => {
  test('is used as far as it is intact, with exit code 4', async () => {
    const bytes = readFileSync(at('chat.owrec'))
    writeFileSync(at('cut.owrec'), bytes.subarray(0, bytes.length - 100))
    const finished = await inProcess(['replay', at('cut.owrec'), '--as-scenario', '--json'])
    expect(finished.code).toBe(4)
    const { held, runs } = lastJson<RunJson>(finished)
    expect(held).toBe(true)
    expect(runs[0]?.damage?.kind).toBe('cut_off')
    expect(await inProcess(['fuzz', '--from', at('cut.owrec'), '--runs', '1', '--seed', '1', '--json'])).toMatchObject({
      code: 4,
    })
    writeFileSync(at('none.owrec'), '')
    for (const command of [
      ['replay', at('none.owrec'), '--as-scenario'],
      ['fuzz', '--from', at('none.owrec')],
    ]) {
      expect(await inProcess(command)).toMatchObject({ code: 4 })
    }
    writeFileSync(at('letter.owrec'), 'this is a letter')
    const letter = await inProcess(['replay', at('letter.owrec'), '--as-scenario'])
    expect(letter).toMatchObject({ code: 4, stdout: expect.stringContaining('it is not a recording') as string })
  })

  test('is used from its second file on, where the first is missing', async () => {
    mkdirSync(at('parts'))
    const lives: RecordedLife[] = []
    const clients = QUIET.clients.map((client) => ({ ...client, app: 'chat' }))
    const apps = [simulatedChat, simulatedArena(100)]
    runScenario({ ...QUIET, clients }, { apps, boot: recordingBoot(lives, { partMsMax: 8_000 }) })
    const parts = lives[0] === undefined ? [] : filesOf(lives[0])
    expect(parts.length).toBeGreaterThan(2)
    for (const [index, bytes] of parts.entries())
      if (index > 0) writeFileSync(at(`parts/day-000${index + 1}.owrec`), bytes)
    const { code, stdout } = await inProcess(['replay', at('parts'), '--as-scenario'])
    expect(code).toBe(4)
    expect(stdout).toContain('its first file is missing')
    expect(stdout).toMatch(/left out: how 2 connections came about/)
    expect(stdout).toMatch(/^held: /m)
  })
})

describe('what is wrong is said', () => {
  const usage: readonly [string, readonly string[], RegExp][] = [
    [
      'a program and an app',
      ['replay', at('chat.owrec'), '--as-scenario', '--program', 'x.js', '--app', 'y.js'],
      /--program and --app both say what the server is/,
    ],
    ['a program without clients', ['fuzz', '--app', at('server.js')], /is a server program, which has no bots/],
    [
      'an option of it without --as-scenario',
      ['replay', at('chat.owrec'), '--loss', '5%'],
      /--loss is for --as-scenario/,
    ],
    [
      'an outage that is none',
      ['replay', at('chat.owrec'), '--as-scenario', '--outage', '3s'],
      /an outage such as 3s@12s/,
    ],
    ['a share that is none', ['replay', at('chat.owrec'), '--as-scenario', '--loss', '500%'], /a share such as 5%/],
    ['a network that is none', ['replay', at('chat.owrec'), '--as-scenario', '--link', '6g'], /no network preset '6g'/],
    [
      'a network that changes by itself',
      ['replay', at('chat.owrec'), '--as-scenario', '--link', 'train', '--loss', '1%'],
      /changes by itself/,
    ],
    [
      'a recording of apps that are not there',
      ['replay', at('quiet.owrec'), '--as-scenario'],
      /is of 'lobby' \(prefix 7\).*give your own with --app/,
    ],
    [
      '--until without a recording',
      ['fuzz', '--from', 'tunnel', '--until', '3s'],
      /--until is for --from with a recording/,
    ],
    ['a place that is not there', ['fuzz', '--from', at('nowhere.owrec')], /there is no file/],
  ]
  test.each(usage)('%s', async (_, args, message) => {
    const { code, stderr } = await inProcess(args)
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })

  test('a redacted recording', async () => {
    const lives: RecordedLife[] = []
    const clients = QUIET.clients.map((client) => ({ ...client, app: 'chat' }))
    runScenario({ ...QUIET, clients }, { apps: [simulatedChat], boot: recordingBoot(lives, { isRedacted: true }) })
    const [bytes] = lives[0] === undefined ? [] : filesOf(lives[0])
    writeFileSync(at('redacted.owrec'), bytes ?? '')
    const { code, stderr } = await inProcess(['replay', at('redacted.owrec'), '--as-scenario'])
    expect(code).toBe(2)
    expect(stderr).toContain('is redacted: what its clients said is not in it')
  })
})

test('a folder of recordings is asked one by one; only one of them can be saved', async () => {
  mkdirSync(at('both'))
  for (const name of ['a', 'b']) writeFileSync(at(`both/${name}-0001.owrec`), readFileSync(at('chat.owrec')))
  const { runs } = lastJson<RunJson>(await inProcess(['replay', at('both'), '--as-scenario', '--json']))
  expect(runs.map(({ recording }) => recording)).toEqual(['a', 'b'])
  const saved = await inProcess(['replay', at('both'), '--as-scenario', '--save', at('both.json')])
  expect(saved).toMatchObject({ code: 2, stderr: expect.stringContaining('--save takes one recording') as string })
  expect(existsSync(at('both.json'))).toBe(false)
})
