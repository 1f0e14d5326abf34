/**
 * WebSocket on real loopback: echo and broadcast through a zone (session, protobuf, zone and adapter), against raw `ws`
 * sending the same bytes back without looking at them. The clients are raw `ws` in a process of their own.
 */
import { spawn } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { WebSocket, WebSocketServer } from 'ws'
import { createServer, protocol } from '../core/index.ts'
import { chat } from '../scenarios/index.ts'
import { systemClock, systemRandom, webSocketNetwork } from '../transports/index.ts'

type Mode = 'echo' | 'broadcast'

const SECONDS = 4
const CLIENTS: Readonly<Record<Mode, number>> = { echo: 50, broadcast: 20 }
/** Messages that each client has under way. */
const IN_FLIGHT: Readonly<Record<Mode, number>> = { echo: 4, broadcast: 1 }
const TEXT = 'x'.repeat(32)
const ROUNDS = 2

const [, , role, url, mode] = process.argv
if (role === 'load') await load(url ?? '', mode as Mode)
else await compare()

async function compare(): Promise<void> {
  for (const each of ['echo', 'broadcast'] as const) {
    let zone = 0
    let raw = 0
    for (let round = 0; round < ROUNDS; round++) {
      raw = Math.max(raw, await measure(each, rawServer))
      zone = Math.max(zone, await measure(each, zoneServer))
    }
    const unit = each === 'echo' ? 'messages/s' : 'deliveries/s'
    console.log(
      `  ${each.padEnd(10)} raw ws ${rounded(raw)} ${unit}, through a zone ${rounded(zone)}: ${(zone / raw).toFixed(2)}`,
    )
  }
}

interface Running {
  readonly url: string
  stop(): void
}

async function measure(each: Mode, start: (mode: Mode) => Promise<Running>): Promise<number> {
  const running = await start(each)
  try {
    return await startLoad(running.url, each)
  } finally {
    running.stop()
  }
}

function startLoad(address: string, each: Mode): Promise<number> {
  const [runner = '', here = ''] = ['../tools/run.js', 'websocket.ts'].map((file) =>
    fileURLToPath(new URL(file, import.meta.url)),
  )
  const child = spawn(process.execPath, [runner, here, 'load', address, each], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(Number(output)) : reject(new Error(`the load ended with ${code}`)),
    )
  })
}

function rawServer(each: Mode): Promise<Running> {
  return new Promise((resolve) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false }, () => {
      const { port } = server.address() as { readonly port: number }
      resolve({
        url: `ws://127.0.0.1:${port}/raw`,
        stop: () => {
          for (const client of server.clients) client.terminate()
          server.close()
        },
      })
    })
    server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        if (each === 'echo') socket.send(data)
        else for (const client of server.clients) client.send(data)
      })
    })
  })
}

function zoneServer(each: Mode): Promise<Running> {
  const clock = systemClock()
  const server = createServer({
    clock,
    random: systemRandom(),
    apps: [chat],
    onReport: console.error,
    limits: { messagesPerSecond: Infinity },
  })
  server.zones.start(
    chat.defineZone({
      init: () => undefined,
      rpc: {
        channel_msg: ({ text }) =>
          each === 'echo' ? chat.reply('channel_msg', { text }) : chat.broadcast('channel_msg', { text }),
      },
    }),
  )
  return new Promise((resolve, reject) => {
    server.listen(webSocketNetwork({ clock }), 'ws://127.0.0.1:0/ws', {
      listening: (address) => resolve({ url: address, stop: () => server.stop() }),
      failed: reject,
    })
  })
}

/** The clients: prints how many messages a second they got. */
async function load(address: string, each: Mode): Promise<void> {
  const isRaw = address.endsWith('/raw')
  let heard = 0
  const sockets = await Promise.all(
    Array.from({ length: CLIENTS[each] }, (_, index) => join(address, isRaw, `client ${index}`, () => heard++)),
  )
  for (const { say } of sockets) for (let i = 0; i < IN_FLIGHT[each]; i++) say()
  await wait(500)
  const before = heard
  const startedMs = performance.now()
  await wait(SECONDS * 1000)
  console.log(((heard - before) / (performance.now() - startedMs)) * 1000)
  process.exit(0)
}

interface Joined {
  say(): void
}

function join(address: string, isRaw: boolean, handle: string, onHeard: () => void): Promise<Joined> {
  const socket = new WebSocket(address, { perMessageDeflate: false })
  // Says who it is, so that its own broadcast is told from those of others.
  const message = chat.codec.encode('channel_msg', { text: `${handle} ${TEXT}`.slice(0, 32) })
  const own = Buffer.from(message)
  const joined: Joined = { say: () => socket.send(message) }
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('open', () => {
      if (isRaw) resolve(joined)
      else socket.send(protocol.codec.encode('session_request', {}))
    })
    socket.on('message', (data: Buffer) => {
      if (data[1] === protocol.prefix) {
        if (data[2] !== SESSION_NEW_TAG) return
        socket.send(chat.codec.encode('join', {}))
        resolve(joined)
        return
      }
      onHeard()
      if (data.equals(own)) joined.say()
    })
  })
}

const SESSION_NEW_TAG = 0x12

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function rounded(rate: number): string {
  return Math.round(rate).toLocaleString('en')
}
