/** `overworld serve`, spoken to by a client that nobody here wrote: `ws`, and bytes written down by hand. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { overworld } from './support/command.ts'
import { startServing, type Serving } from './support/serving.ts'

const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

async function serve(...options: readonly string[]): Promise<Serving> {
  const serving = await startServing(...options)
  cleanUps.push(() => serving.command.kill('SIGKILL'))
  return serving
}

/** Frames as hex. */
class Raw {
  readonly frames: string[] = []
  readonly closed: Promise<number>
  readonly #socket: WebSocket
  readonly #waiting = new Set<() => void>()

  constructor(address: string) {
    this.#socket = new WebSocket(address)
    cleanUps.push(() => this.#socket.terminate())
    this.#socket.on('message', (data: Buffer) => {
      this.frames.push(data.toString('hex'))
      for (const look of this.#waiting) look()
    })
    this.closed = new Promise((resolve) => this.#socket.on('close', resolve))
  }

  async opened(): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN) await once(this.#socket, 'open')
  }

  send(hex: string): void {
    this.#socket.send(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  }

  terminate(): void {
    this.#socket.terminate()
  }

  /** The first frame that begins with `hex`. */
  frame(hex: string): Promise<string> {
    const beginning = hex.replaceAll(' ', '')
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.frames.find((frame) => frame.startsWith(beginning))
        if (found === undefined) return
        this.#waiting.delete(look)
        resolve(found)
      }
      this.#waiting.add(look)
      look()
    })
  }
}

const SESSION_REQUEST = '00 64 0a 00'
const SESSION_NEW = '00 64 12'
const BEACON = '00 64 1a'
const JOIN_ALICE = '00 00 0a 07 0a 05 61 6c 69 63 65'
const SYNC_ALICE = '00 00 22 07 0a 05 61 6c 69 63 65'

/** `00 64 12 <length> 08 <id> 12 18 <24 bytes>` */
function readSessionNew(frame: string): { readonly id: string; readonly token: string } {
  const [, id = '', token = ''] = /^006412..08(..)1218([0-9a-f]{48})$/.exec(frame) ?? []
  if (token === '') throw new Error(`${frame} is no session_new`)
  return { id, token }
}

test('it answers bytes as the design has them, from the request to the resume', async () => {
  const { ws } = await serve()
  const first = new Raw(ws)
  await first.opened()
  first.send(SESSION_REQUEST)
  const session = readSessionNew(await first.frame(SESSION_NEW))
  await first.frame(BEACON)
  expect(first.frames[0]?.startsWith('006412')).toBe(true)
  first.send(JOIN_ALICE)
  expect(await first.frame('00 00 22')).toBe(SYNC_ALICE.replaceAll(' ', ''))
  first.terminate()
  await first.closed

  const second = new Raw(ws)
  await second.opened()
  second.send(`00 64 0a 1a 0a 18 ${session.token}`)
  const resumed = readSessionNew(await second.frame(SESSION_NEW))
  expect(resumed.id).toBe(session.id)
  expect(resumed.token).not.toBe(session.token)
  expect(await second.frame('00 00 22')).toBe(SYNC_ALICE.replaceAll(' ', ''))
})

test('health and metrics are on the WebSocket port', async () => {
  const { http, ws } = await serve()
  const raw = new Raw(ws)
  await raw.opened()
  raw.send(SESSION_REQUEST)
  await raw.frame(SESSION_NEW)
  const health = await fetch(`${http}/healthz`)
  expect([health.status, await health.text()]).toEqual([200, 'ok\n'])
  const metrics = await (await fetch(`${http}/metrics`)).text()
  expect(metrics).toMatch(/^overworld_sessions_connected 1$/m)
  expect(metrics).toMatch(/^# TYPE overworld_sessions_started_total counter$/m)
  expect(metrics).toMatch(/^overworld_enet_datagrams_malformed_total 0$/m)
})

test('SIGTERM drains: unhealthy at once, sessions closed with 4009 when the time is over, exit code 0', async () => {
  const { command, ws, http } = await serve('--drain', '500ms')
  const raw = new Raw(ws)
  await raw.opened()
  raw.send(SESSION_REQUEST)
  await raw.frame(SESSION_NEW)
  command.kill('SIGTERM')
  await command.printed(/draining 1 session /)
  expect((await fetch(`${http}/healthz`)).status).toBe(503)
  expect(await raw.closed).toBe(4009)
  expect((await command.finished).code).toBe(0)
})

test('the counters can have a port of their own, which ends with the server', async () => {
  const { command, http } = await serve('--metrics-port', '0')
  const [, metrics = ''] = await command.printed(/^metrics on (http:\S+)$/m)
  expect(await (await fetch(metrics)).text()).toContain('overworld_sessions 0\n')
  expect((await fetch(metrics.replace('metrics', 'healthz'))).status).toBe(200)
  expect((await fetch(`${http}/metrics`)).status).toBe(404)
  expect((await fetch(`${http}/healthz`)).status).toBe(200)
  command.kill('SIGTERM')
  expect((await command.finished).code).toBe(0)
})

test('a port for the counters that is taken is an error that says so', async () => {
  const { ws } = await serve()
  const port = new URL(ws).port
  const { code, stderr } = await overworld(['serve', '--ws-port', '0', '--enet-port', '0', '--metrics-port', port])
  expect(stderr).toMatch(/EADDRINUSE.*--metrics-port/)
  expect(code).toBe(1)
})

test('a server without sessions drains at once', async () => {
  const { command } = await serve('--drain', '1h')
  command.kill('SIGINT')
  expect((await command.finished).code).toBe(0)
})

test('a second signal ends it at once', async () => {
  const { command, ws } = await serve('--drain', '1h')
  const raw = new Raw(ws)
  await raw.opened()
  raw.send(SESSION_REQUEST)
  await raw.frame(SESSION_NEW)
  command.kill('SIGTERM')
  await command.printed(/draining/)
  command.kill('SIGTERM')
  expect((await command.finished).code).toBe(143)
  expect(await raw.closed).toBe(1006)
})

test.skipIf(process.platform === 'win32')(
  'under npx it drains when npx is killed, which does not pass the signal on',
  async () => {
    const script = `"${process.execPath}" bin/overworld.js serve --ws-port 0 --enet-port 0; true`
    // As npm does it: a shell in between, which the signal ends.
    const shell = spawn('sh', ['-c', script], { env: { ...process.env, npm_command: 'exec' } })
    cleanUps.push(() => shell.kill('SIGKILL'))
    let printed = ''
    shell.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
    await once(shell.stdout, 'data')
    shell.kill('SIGTERM')
    // The pipes close once the server itself has ended.
    await once(shell, 'close')
    expect(printed).toContain('drained')
  },
)

test('a port that is taken is an error that says so', async () => {
  const { enet } = await serve()
  const { code, stdout, stderr } = await overworld(['serve', '--ws-port', '0', '--enet-port', enet.split(':')[2] ?? ''])
  expect(stderr).toMatch(/EADDRINUSE.*--enet-port/)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})

test('pages from elsewhere are refused with --allowed-origin', async () => {
  const { ws } = await serve('--allowed-origin', 'https://game.example')
  const refused = new WebSocket(ws, { origin: 'https://elsewhere.example' })
  const [error] = (await once(refused, 'error')) as [Error]
  expect(error.message).toContain('403')
  const welcome = new WebSocket(ws, { origin: 'https://game.example' })
  cleanUps.push(() => welcome.terminate())
  await once(welcome, 'open')
})
