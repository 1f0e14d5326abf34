/** `overworld serve PROGRAM`: one file that is served with all options, recorded, replayed byte for byte, and asked what if. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { Client, defineApp, type PartialServerOptions } from 'overworld'
import type { Scenario } from 'overworld/scenarios'
import { enetNetwork, systemClock, systemRandom, webSocketNetwork } from 'overworld/transports'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { chat_app } from '../../scenarios/apps/generated/chat.js'
import { lastJson, overworld, RunningCommand } from './support/command.ts'
import { startServing, type Serving } from './support/serving.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-serve-program-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => path.join(folder, name)
const hasOpenSsl = makeCertificate()

const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

/** For what takes a moment on a quiet machine. */
const PATIENCE = { timeout: 120_000, interval: 50 }

/**
 * A lobby that says what a dice has thrown, and how its server is set. `own`: options of its `createServer`. `boot`: what its boot
 * does after it has started its zone.
 */
function programText({ own = '', boot = LISTEN, before = '', exported = 'program' } = {}): string {
  return `
import { createServer, defineApp } from 'overworld'
import { chat_app } from '${pathToFileURL(path.resolve('scenarios/apps/generated/chat.js')).href}'
${before}
const lobby = defineApp({ name: 'lobby', prefix: 7, schema: chat_app.chat })
const program = {
  apps: [lobby],
  boot({ clock, random, network, addresses, shell }) {
    const server = createServer({ clock, random, shell, apps: [lobby], ${own} })
    server.zones.start(lobby.defineZone({
      init: () => new Map(),
      handleJoin(message, session, zone, names) {
        names.set(session, message.handle)
      },
      rpc: {
        channel_msg({ text }, session, zone, names) {
          if (text === 'crash') throw new Error('what a mess')
          if (text === 'stop') return server.stop()
          const told = text === 'options' ? JSON.stringify({ ...server.options, addresses }) : text + ' ' + zone.random.uint32()
          return lobby.broadcast('channel_msg', { handle: names.get(session), text: told })
        },
      },
    }), { name: 'hall' })
    ${boot}
  },
}
export default ${exported}
`
}

const CLIENT = `client({ client, name, every }) {
  const room = client.app(lobby)
  client.on('session', ({ zone }) => zone ?? room.join({ handle: name }))
  every(500, () => void room.send('channel_msg', { text: 'hi' }))
  return {}
}`
const LISTEN = 'for (const address of addresses) server.listen(network, address)\n    return server'

function write(name: string, parts: Parameters<typeof programText>[0] = {}): string {
  writeFileSync(at(name), programText(parts))
  return at(name)
}

async function serve(program: string, ...options: readonly string[]): Promise<Serving> {
  const serving = await startServing(program, ...options)
  cleanUps.push(() => serving.command.kill('SIGKILL'))
  return serving
}

const lobby = defineApp({ name: 'lobby', prefix: 7, schema: chat_app.chat })

interface Player {
  readonly client: Client
  readonly heard: string[]
  /** The code with which the server has refused it. */
  readonly closes: number[]
  say(text: string): void
}

function play(address: string, name: string): Player {
  const clock = systemClock()
  const network = address.startsWith('ws') ? webSocketNetwork({ clock }) : enetNetwork({ clock })
  const client = new Client({ clock, random: systemRandom(), network, address })
  const heard: string[] = []
  const closes: number[] = []
  const room = client.app(lobby)
  client.on('session', ({ zone }) => zone ?? room.join({ handle: name }))
  client.on('status', (status) => void (status.kind === 'waiting' && closes.push(status.code)))
  room.on('channel_msg', ({ handle = '', text = '' }) => void heard.push(`${handle}: ${text}`))
  client.connect()
  cleanUps.push(() => client.end())
  return { client, heard, closes, say: (text) => void room.send('channel_msg', { text }) }
}

async function isIn({ client }: Player): Promise<void> {
  await vi.waitFor(() => expect(client.status.kind).toBe('connected'), PATIENCE)
}

/** The options of the server that somebody plays on, as its zone tells them. */
async function optionsAt(address: string): Promise<PartialServerOptions & { readonly addresses: readonly string[] }> {
  const asking = play(address, 'asking')
  await isIn(asking)
  asking.say('options')
  await vi.waitFor(() => expect(asking.heard).toHaveLength(1), PATIENCE)
  return JSON.parse(asking.heard[0]?.replace('asking: ', '') ?? '') as Awaited<ReturnType<typeof optionsAt>>
}

describe('a program that is served, and recorded', () => {
  const recorded = at('recorded')
  const game = at('game.mjs')
  let printed = { stdout: '', stderr: '', code: null as number | null }

  beforeAll(async () => {
    // The file that is fuzzed.
    const before = "import { defineGame } from 'overworld/scenarios'"
    write('game.mjs', { before, exported: `defineGame({ program, ${CLIENT} })` })
    const options = ['--max-sessions', '40', '--beacon-interval', '500ms', '--disconnect-timeout', 'never']
    const { command, ws, enet } = await serve(game, '--record', recorded, '--drain', '0', ...options)
    const [alice, bob] = [play(ws, 'alice'), play(enet, 'bob')]
    await Promise.all([isIn(alice), isIn(bob)])
    alice.say('hello')
    bob.say('welcome')
    await vi.waitUntil(() => new Set([...alice.heard, ...bob.heard]).size === 2, PATIENCE)
    bob.say('crash')
    await command.printed(/what a mess/)
    for (const { client } of [alice, bob]) client.end()
    command.kill('SIGTERM')
    printed = await command.finished
  })

  test('drains, and its reports are in the log though it has no onReport', () => {
    expect(printed.code).toBe(0)
    expect(printed.stderr).toMatch(
      /^\S+Z rpc\.channel_msg of zone 'hall' threw for session \d+: what a mess\n +at .*game\.mjs/m,
    )
    expect(printed.stderr).toContain('drained')
  })

  test('is replayed byte for byte by the same file', async () => {
    const { code, stdout } = await overworld(['replay', recorded, '--program', game])
    expect(stdout).toMatch(/ inputs, .* outputs, identical\n/)
    expect(code).toBe(0)
  })

  test('is replayed with the addresses and the options of then', async () => {
    const { stdout } = await overworld(['inspect', recorded, '--all', '--program', game])
    expect(stdout).toContain('its program is told that it listens at ws://127.0.0.1:0/ws and enet://127.0.0.1:0')
    expect(stdout).toContain(
      '"disconnectTimeout":"never","beaconIntervalMs":500,"limits":{"sessions":40,"connections":80}',
    )
  })

  test.each<readonly [string, readonly string[], string]>([
    ['replay', ['replay', recorded], `--program ${game}`],
    ['replay --as-scenario', ['replay', recorded, '--as-scenario'], `--program ${game}`],
    ['fuzz', ['fuzz', '--from', recorded, '--runs', '1'], `--app ${game}`],
  ])('without the file %s says which it was', async (_, args, advice) => {
    const { code, stderr } = await overworld(args)
    expect(stderr).toContain(`this recording is of the program that \`overworld serve\` was given: add ${advice}`)
    expect(code).toBe(2)
  })

  test('is asked what if, with the options of then', async () => {
    const asked = ['replay', recorded, '--as-scenario', '--program', game, '--save', at('asked.json')]
    const { code, stdout } = await overworld(asked)
    // What threw then throws again.
    expect(stdout).toContain('handlers-do-not-throw')
    expect(code).toBe(1)
    const { server } = JSON.parse(readFileSync(at('asked.json'), 'utf8')) as Scenario
    expect(server).toEqual({ disconnectTimeoutMs: 'never', beaconIntervalMs: 500, sessionsMax: 40, connectionsMax: 80 })
  })

  test('is fuzzed, as a game', async () => {
    const fuzz = ['fuzz', '--app', game, '--runs', '3', '--seed', '1', '--json']
    expect(lastJson(await overworld(fuzz))).toMatchObject({ held: true, runs: 3 })
  })

  test('is fuzzed around', async () => {
    const fuzz = [
      'fuzz',
      '--from',
      recorded,
      '--app',
      game,
      '--runs',
      '3',
      '--seed',
      '1',
      '--json',
      '--out',
      at('found'),
    ]
    expect(lastJson(await overworld(fuzz))).toMatchObject({ failure: { invariant: 'handlers-do-not-throw' } })
  })
})

describe('flags', () => {
  const limits = ['--max-sessions', '4', '--disconnect-timeout', '7s']
  const all = [...limits, '--liveness-timeout', '20s', '--beacon-interval', '2s']

  test('count where the program says nothing', async () => {
    const { command, ws, enet } = await serve(write('plain.mjs'), ...all)
    const options = await optionsAt(ws)
    expect(options).toMatchObject({
      addresses: ['ws://127.0.0.1:0/ws', 'enet://127.0.0.1:0'],
      disconnectTimeout: 7_000,
      livenessTimeout: 20_000,
      beaconIntervalMs: 2_000,
      limits: { sessions: 4, connections: 8 },
    })
    await isIn(play(enet, 'second'))
    // One address has half of the places.
    const third = play(ws, 'third')
    await vi.waitFor(() => expect(third.closes).toContain(4010), PATIENCE)
    expect(command.stderr).not.toContain('has no effect')
  })

  test('that the program overrides are said, a line each', async () => {
    const own = 'disconnectTimeout: 1_000, limits: { sessions: 500 }, onReport: () => console.error("my own log"),'
    const { command, ws } = await serve(write('own.mjs', { own }), ...all)
    const options = await optionsAt(ws)
    expect(options).toMatchObject({
      disconnectTimeout: 1_000,
      livenessTimeout: 20_000,
      limits: { sessions: 500, connections: 20_000 },
    })
    const lines = command.stderr.split('\n').filter((line) => line.includes('has no effect'))
    expect(lines).toEqual([
      '--max-sessions has no effect: the program itself says limits.sessions: 500',
      '--disconnect-timeout has no effect: the program itself says disconnectTimeout: 1000',
    ])
    const crashing = play(ws, 'crashing')
    await isIn(crashing)
    crashing.say('crash')
    await command.printed(/my own log/)
    expect(command.stderr).not.toContain('what a mess')
  })

  test.runIf(hasOpenSsl)('for TLS and for pages are no matter of the program', async () => {
    const tls = ['--tls-cert', at('cert.pem'), '--tls-key', at('key.pem'), '--allowed-origin', 'https://game.example']
    const command = new RunningCommand(['serve', write('plain.mjs'), '--ws-port', '0', '--no-enet', ...tls])
    cleanUps.push(() => command.kill('SIGKILL'))
    const [, wss = ''] = await command.printed(/^listening on (wss:\S+)$/m)
    const options = { ca: readFileSync(at('cert.pem')) }
    const refused = new WebSocket(wss, { ...options, origin: 'https://elsewhere.example' })
    const [error] = (await once(refused, 'error')) as [Error]
    expect(error.message).toContain('403')
    const welcome = new WebSocket(wss, { ...options, origin: 'https://game.example' })
    cleanUps.push(() => welcome.terminate())
    await once(welcome, 'open')
    expect(command.stdout.match(/^listening/gm)).toHaveLength(1)
  })

  test('say where it listens, and where it does not is said', async () => {
    const boot = "server.listen(network, addresses.find((address) => address.startsWith('ws')))\n    return server"
    const program = write('ws-only.mjs', { boot })
    const command = new RunningCommand(['serve', program, '--ws-port', '0', '--enet-port', '0', '--metrics-port', '0'])
    cleanUps.push(() => command.kill('SIGKILL'))
    const [, metrics = ''] = await command.printed(/^metrics on (http:\S+)$/m)
    const [, ws = ''] = await command.printed(/^listening on (ws:\S+)$/m)
    await command.printed(/^the program does not listen at enet:\/\/127\.0\.0\.1:0$/m)
    await isIn(play(ws, 'alice'))
    expect(await (await fetch(metrics)).text()).toMatch(/^overworld_sessions_connected 1$/m)
    expect((await fetch(ws.replace('ws:', 'http:').replace('/ws', '/healthz'))).status).toBe(200)
  })
})

test('a program that stops its server ends the command, and its recording is whole', async () => {
  const program = write('stopping.mjs')
  const { command, ws } = await serve(program, '--metrics-port', '0', '--record', at('stopped'))
  const alice = play(ws, 'alice')
  await isIn(alice)
  alice.say('stop')
  const { code, stderr } = await command.finished
  expect(stderr).toContain('the program has stopped its server')
  expect(code).toBe(0)
  const { stdout } = await overworld(['replay', at('stopped'), '--program', program])
  expect(stdout).toMatch(/ inputs, .* outputs, identical\n/)
})

test('what the module leaves running does not keep a server that has drained', async () => {
  const { command } = await serve(write('busy.mjs', { before: 'setInterval(() => {}, 1_000)' }))
  command.kill('SIGTERM')
  expect((await command.finished).code).toBe(0)
})

describe('a program that cannot be served', () => {
  const usual = ['--ws-port', '0', '--enet-port', '0']

  test.each<readonly [string, Parameters<typeof programText>[0], RegExp]>([
    [
      'listens at another address',
      { boot: "server.listen(network, 'ws://0.0.0.0:8080/ws')\n return server" },
      /^error: \S*bad\.mjs: the program listens at ws:\/\/0\.0\.0\.0:8080\/ws, and its parts say ws:.* \[bad_program\]$/m,
    ],
    [
      'listens at another address as well',
      {
        boot: `for (const address of [...addresses, 'enet://0.0.0.0:9']) server.listen(network, address)\n return server`,
      },
      /the program listens at enet:\/\/0\.0\.0\.0:9, .* \[bad_program\]$/m,
    ],
    ['listens nowhere', { boot: 'return server' }, /bad\.mjs: the program listens nowhere; .* \[bad_program\]$/m],
    ['returns no server', { boot: LISTEN.replace('return', 'void') }, /bad\.mjs: boot must return the server/],
    [
      'throws, with timers running',
      { before: 'setInterval(() => {}, 1_000)', boot: "throw new Error('no database')" },
      /^error: \S*bad\.mjs does not boot: Error: no database\n +at .*bad\.mjs/m,
    ],
    [
      'has no program',
      { exported: '{ program: 1 }' },
      /bad\.mjs must export a server program by default, \{ apps, boot\(parts\), commands\? \}, or an object whose `program` is one/,
    ],
    ['is no module', { before: 'this is a letter' }, /bad\.mjs could not be loaded: SyntaxError/],
  ])('since it %s', async (_, parts, message) => {
    const { code, stdout, stderr } = await overworld(['serve', write('bad.mjs', parts), ...usual])
    expect(stderr).toMatch(message)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  test('since a flag is wrong: the program is not blamed', async () => {
    const { code, stderr } = await overworld(['serve', write('fine.mjs'), '--liveness-timeout', '1s'])
    expect(stderr).toMatch(/^error: livenessTimeout must be 0 \(off\) or at least 3000 ms.*\[bad_option\]$/m)
    expect(code).toBe(2)
  })

  test('since its port is taken', async () => {
    const { ws } = await serve(write('first.mjs'))
    const { port } = new URL(ws)
    const { code, stderr } = await overworld(['serve', write('second.mjs'), '--ws-port', port, '--enet-port', '0'])
    expect(stderr).toMatch(/^error: .*EADDRINUSE.*--ws-port/m)
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(1)
  })

  test.skipIf(isTypeScriptLoaded())('since it is TypeScript, which this Node does not load', async () => {
    const { code, stderr } = await overworld(['serve', write('game.mts'), ...usual])
    expect(stderr).toMatch(/game\.mts is not JavaScript\. Node 22\.18 or newer loads TypeScript/)
    expect(code).toBe(2)
  })
})

function isTypeScriptLoaded(): boolean {
  return 'typescript' in process.features
}

/** A certificate for tests, in the folder; false: there is no openssl. */
function makeCertificate(): boolean {
  try {
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', at('key.pem')]
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync('openssl', ['req', '-x509', ...key, '-out', at('cert.pem'), '-days', '2', ...subject], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}
