/**
 * ENet on real loopback: echo through our adapter, and through a zone, against the bare `enet` package echoing the same
 * bytes. The clients are our adapter's, in a process of their own.
 */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createServer, protocol, type Connection } from '../core/index.ts'
import { chat } from '../scenarios/index.ts'
import { enetNetwork, systemClock, systemRandom } from '../transports/index.ts'

const SECONDS = 4
const ROUNDS = 2
const CLIENTS = 32
/** Messages that each client has under way. */
const IN_FLIGHT = 4
const TEXT = 'x'.repeat(32)
/** The bare package only answers when it is polled; the shortest interval that a Node timer has. */
const POLL_MS = 1

const [, , role, url] = process.argv
if (role === 'load') load(url ?? '')
else await compare()

async function compare(): Promise<void> {
  const best = { bare: 0, adapter: 0, zone: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    best.bare = Math.max(best.bare, await measure(bareServer))
    best.adapter = Math.max(best.adapter, await measure(adapterServer))
    best.zone = Math.max(best.zone, await measure(zoneServer))
  }
  console.log(`  echo       bare enet (polled each ms) ${rounded(best.bare)} messages/s`)
  console.log(`             adapter ${rounded(best.adapter)}: ${(best.adapter / best.bare).toFixed(2)}`)
  console.log(`             through a zone ${rounded(best.zone)}: ${(best.zone / best.bare).toFixed(2)}`)
}

interface Running {
  readonly url: string
  stop(): void
}

async function measure(start: () => Promise<Running>): Promise<number> {
  const running = await start()
  try {
    return await startLoad(running.url)
  } finally {
    running.stop()
  }
}

function startLoad(address: string): Promise<number> {
  const [runner = '', here = ''] = ['../tools/run.js', 'enet.ts'].map((file) =>
    fileURLToPath(new URL(file, import.meta.url)),
  )
  const child = spawn(process.execPath, [runner, here, 'load', address], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(Number(output)) : reject(new Error(`the load ended with ${code}`)),
    )
  })
}

/** What of the package's own interface is used here. */
interface BareEnet {
  createServer(
    options: {
      readonly address: { readonly address: string; readonly port: number }
      readonly peers: number
      readonly channels: number
    },
    created: (error: Error | undefined, host: BareHost) => void,
  ): void
  Packet: new (data: Buffer, flags: number) => unknown
}

interface BareHost {
  on(event: 'connect', listener: (peer: BarePeer) => void): void
  start(intervalMs: number): void
  destroy(): void
  address(): { readonly port: number }
}

interface BarePeer {
  on(event: 'message', listener: (packet: { data(): Buffer }, channel: number) => void): void
  send(channel: number, packet: unknown): void
}

const RELIABLE_FLAG = 1

function bareServer(): Promise<Running> {
  const enet = createRequire(import.meta.url)('enet') as BareEnet
  return new Promise((resolve, reject) => {
    const options = { address: { address: '127.0.0.1', port: 0 }, peers: 2 * CLIENTS, channels: 4 }
    enet.createServer(options, (error, host) => {
      if (error !== undefined && error !== null) {
        reject(error)
        return
      }
      host.on('connect', (peer) => {
        peer.on('message', (packet, channel) => {
          peer.send(channel, new enet.Packet(Buffer.from(packet.data()), RELIABLE_FLAG))
        })
      })
      host.start(POLL_MS)
      resolve({ url: `enet://127.0.0.1:${host.address().port}#raw`, stop: () => host.destroy() })
    })
  })
}

function adapterServer(): Promise<Running> {
  return new Promise((resolve, reject) => {
    const listener = enetNetwork({ clock: systemClock() }).listen(
      'enet://127.0.0.1:0',
      (connection: Connection) => ({
        opened: () => {},
        message: (bytes, delivery) => connection.send(bytes, delivery),
        closed: () => {},
      }),
      { listening: (address) => resolve({ url: `${address}#raw`, stop: () => listener.close() }), failed: reject },
    )
  })
}

function zoneServer(): Promise<Running> {
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
      rpc: { channel_msg: ({ text }) => chat.reply('channel_msg', { text }) },
    }),
  )
  return new Promise((resolve, reject) => {
    server.listen(enetNetwork({ clock }), 'enet://127.0.0.1:0', {
      listening: (address) => resolve({ url: address, stop: () => server.stop() }),
      failed: reject,
    })
  })
}

const SESSION_NEW_TAG = 0x12

/** The clients: prints how many messages a second they got. */
function load(given: string): void {
  const [address = '', kind] = given.split('#')
  const network = enetNetwork({ clock: systemClock() })
  const message = chat.codec.encode('channel_msg', { text: TEXT })
  let heard = 0
  for (let client = 0; client < CLIENTS; client++) {
    const start = (): void => {
      for (let i = 0; i < IN_FLIGHT; i++) connection.send(message)
    }
    const connection = network.connect(address, {
      opened: () => {
        if (kind === 'raw') start()
        else connection.send(protocol.codec.encode('session_request', {}))
      },
      message: (bytes) => {
        if (bytes[1] === protocol.prefix) {
          if (bytes[2] !== SESSION_NEW_TAG) return
          connection.send(chat.codec.encode('join', {}))
          start()
          return
        }
        heard++
        connection.send(message)
      },
      closed: (code) => {
        throw new Error(`the connection closed with ${code}`)
      },
    })
  }
  setTimeout(() => {
    const before = heard
    const startedMs = performance.now()
    setTimeout(() => {
      console.log(((heard - before) / (performance.now() - startedMs)) * 1000)
      process.exit(0)
    }, SECONDS * 1000)
  }, 1_500)
}

function rounded(rate: number): string {
  return Math.round(rate).toLocaleString('en')
}
