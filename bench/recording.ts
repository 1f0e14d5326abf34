/**
 * What a recording costs at full load: a chat in which everybody talks as fast as they can. `core`: connections in
 * memory, so that nothing but the core and the recorder runs. `websocket`: real sockets, the clients in a process of
 * their own, so that the server has a core for itself.
 *
 * `node tools/run.js bench/recording.ts`
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import {
  createServer,
  RELIABLE,
  type Accept,
  type Connection,
  type ConnectionHandler,
  type Network,
  type Server,
  type ServerProgram,
} from '../core/index.ts'
import { chat } from '../scenarios/apps/chat.ts'
import { loudZone } from './loud-chat.ts'
import { protocol } from '../core/protocol.ts'
import { recordToFolder, systemClock, systemRandom, webSocketNetwork } from '../transports/index.ts'

const CLIENTS = 20
const ROUNDS = 5
const CORE_MESSAGES = 40_000
const SOCKET_SECONDS = 3
const ADDRESS = 'ws://127.0.0.1:0/ws'

const program = (onListen: (address: string) => void = () => undefined): ServerProgram => ({
  apps: [chat],
  boot({ clock, random, network, shell }) {
    const limits = { messagesPerSecond: Infinity, bufferedBytesHard: Infinity, bufferedBytesSoft: Infinity }
    const server = createServer({ clock, random, shell, apps: [chat], onReport: console.error, limits })
    server.zones.start(loudZone)
    server.listen(network, ADDRESS, { listening: onListen })
    return server
  },
})

const [, , clientsOf] = process.argv
if (clientsOf === undefined) await main()
else await beClients(clientsOf)

async function main(): Promise<void> {
  for (const [what, measure] of [
    ['core', measureCore],
    ['websocket', measureSockets],
  ] as const) {
    const best = { plain: 0, recorded: 0 }
    // In turns, so that a machine that is busy for a while is unfair to neither.
    for (let round = 0; round < ROUNDS; round++) {
      best.plain = Math.max(best.plain, await measure(undefined))
      const folder = mkdtempSync(path.join(tmpdir(), 'overworld-bench-'))
      best.recorded = Math.max(best.recorded, await measure(folder))
      rmSync(folder, { recursive: true })
    }
    const cost = (1 - best.recorded / best.plain) * 100
    const figures = [best.plain, best.recorded].map((rate) => `${Math.round(rate).toLocaleString('en')}/s`)
    console.log(
      `${what.padEnd(10)} ${figures[0]} messages delivered without, ${figures[1]} with a recording: ${cost.toFixed(1)} % slower`,
    )
  }
}

/** Messages that reached a client, a second. */
async function measureCore(folder: string | undefined): Promise<number> {
  let delivered = 0
  const accepts: Accept[] = []
  const network: Network = {
    listen(address, accept) {
      accepts.push(accept)
      return { address, close: (done) => done?.() }
    },
    connect: () => {
      throw new Error('nobody dials')
    },
  }
  const parts = { clock: systemClock(), random: systemRandom() }
  const recording = folder === undefined ? undefined : recordToFolder(program(), network, { ...parts, folder })
  const server = recording?.server ?? program().boot({ ...parts, network, addresses: [] })
  const handlers: ConnectionHandler[] = []
  for (let id = 1; id <= CLIENTS; id++) {
    const connection: Connection = {
      id,
      transport: 'websocket',
      remoteAddress: '127.0.0.1',
      bufferedBytes: 0,
      send: () => void delivered++,
      close: () => undefined,
    }
    const handler = accepts[0]?.(connection)
    if (handler === undefined) throw new Error('nobody listens')
    handlers.push(handler)
    handler.opened()
    handler.message(protocol.codec.encode('session_request', {}), RELIABLE)
    handler.message(chat.codec.encode('join', { handle: `client ${id}` }), RELIABLE)
  }
  const message = chat.codec.encode('channel_msg', { text: 'what people say to each other, more or less' })
  delivered = 0
  const started = performance.now()
  for (let sent = 0; sent < CORE_MESSAGES; sent++) {
    handlers[sent % CLIENTS]?.message(message, RELIABLE)
    // The disk gets its chance, as on a server that reads from sockets.
    if (sent % 64 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  const rate = (delivered / (performance.now() - started)) * 1000
  for (const handler of handlers) handler.closed(4000, '')
  await stop(server)
  await recording?.end()
  return rate
}

async function measureSockets(folder: string | undefined): Promise<number> {
  const parts = { clock: systemClock(), random: systemRandom() }
  const network = webSocketNetwork({ clock: parts.clock })
  let server: Server | undefined
  let recording: ReturnType<typeof recordToFolder> | undefined
  const address = await new Promise<string>((resolve) => {
    const made = program(resolve)
    if (folder !== undefined) recording = recordToFolder(made, network, { ...parts, folder })
    server = recording?.server ?? made.boot({ ...parts, network, addresses: [] })
  })
  const clients = await promisify(execFile)(process.execPath, ['tools/run.js', 'bench/recording.ts', address])
  const rate = Number(clients.stdout)
  if (server !== undefined) await stop(server)
  await recording?.end()
  return rate
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => server.stop(resolve))
}

/** Each talks again as soon as it hears itself. */
async function beClients(address: string): Promise<void> {
  const network = webSocketNetwork({ clock: systemClock() })
  const message = chat.codec.encode('channel_msg', { text: 'what people say to each other, more or less' })
  let heard = 0
  for (let id = 0; id < CLIENTS; id++) {
    let own = 0
    const connection = network.connect(address, {
      opened() {
        connection.send(protocol.codec.encode('session_request', {}))
        connection.send(chat.codec.encode('join', { handle: `client ${id}` }))
        for (let ahead = 0; ahead < 4; ahead++) connection.send(message)
      },
      message() {
        heard++
        // Everybody hears everybody: once in so many it is one's own.
        if (++own % CLIENTS === 0) connection.send(message)
      },
      closed: () => undefined,
    })
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const before = heard
  const started = performance.now()
  await new Promise((resolve) => setTimeout(resolve, SOCKET_SECONDS * 1000))
  console.log(((heard - before) / (performance.now() - started)) * 1000)
  process.exit()
}
