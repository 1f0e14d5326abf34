/**
 * Real WebSockets on the loopback: our adapter, and a whole server with sessions and a zone, against `ws` alone doing
 * the same. The clients run in a process of their own and are the same for all.
 */
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { createServer, type Connection, type Network, type Session, type ZoneDefinition } from '../core/index.ts'
import { chat } from '../scenarios/apps/chat.ts'
import { systemClock, systemRandom, webSocketNetwork } from '../transports/index.ts'
import { compare, type Contender } from './contenders.ts'
import type { Benchmark, Figure } from './benchmark.ts'
import { Load } from './load.ts'

const ECHO = { pattern: 'echo', clients: 16, inFlight: 8 } as const
const BROADCAST = { pattern: 'broadcast', clients: 50, inFlight: 4 } as const
const ADDRESS = 'ws://127.0.0.1:0/ws'
const GOAL = 0.85

export const websocket: Benchmark = {
  name: 'websocket',
  about: 'echo and broadcast on real sockets, against `ws` alone',
  async run() {
    const load = new Load()
    try {
      const figures: Figure[] = []
      for (const traffic of [ECHO, BROADCAST]) {
        const { pattern } = traffic
        figures.push(
          ...(await compare(load, traffic, [
            { name: 'ws alone', needsSession: false, start: () => startBare(pattern) },
            { name: 'our adapter', needsSession: false, start: () => startAdapter(pattern), goal: GOAL },
            { name: 'a zone', needsSession: true, start: () => startZone(pattern), goal: GOAL },
          ])),
        )
      }
      return figures
    } finally {
      load.close()
    }
  },
}

type Pattern = 'echo' | 'broadcast'
type Started = Awaited<ReturnType<Contender['start']>>

function startBare(pattern: Pattern): Promise<Started> {
  return new Promise((resolve) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false }, () => {
      const { port } = server.address() as AddressInfo
      resolve({ address: `ws://127.0.0.1:${port}/`, stop: () => server.close() })
    })
    const open = new Set<WebSocket>()
    server.on('connection', (socket) => {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      socket.on('message', (data: Buffer) => {
        if (pattern === 'echo') socket.send(data, { binary: true })
        else for (const each of open) each.send(data, { binary: true })
      })
    })
  })
}

function startAdapter(pattern: Pattern): Promise<Started> {
  const open = new Set<Connection>()
  return listening(webSocketNetwork({ clock: systemClock() }), (connection) => ({
    opened: () => open.add(connection),
    closed: () => open.delete(connection),
    message: (bytes) => {
      if (pattern === 'echo') connection.send(bytes)
      else for (const each of open) each.send(bytes)
    },
  }))
}

function listening(network: Network, accept: Parameters<Network['listen']>[1]): Promise<Started> {
  return new Promise((resolve, reject) => {
    const listener = network.listen(ADDRESS, accept, {
      listening: (address) => resolve({ address, stop: () => listener.close() }),
      failed: reject,
    })
  })
}

function startZone(pattern: Pattern): Promise<Started> {
  const clock = systemClock()
  const server = createServer({
    clock,
    random: systemRandom(),
    apps: [chat],
    onReport: console.error,
    limits: { messagesPerSecond: Infinity, preconnectsPerAddress: Infinity },
  })
  server.zones.start(zoneOf(pattern))
  return new Promise((resolve, reject) => {
    server.listen(webSocketNetwork({ clock }), ADDRESS, {
      listening: (address) => resolve({ address, stop: () => server.stop() }),
      failed: reject,
    })
  })
}

export function zoneOf(pattern: Pattern): ZoneDefinition<typeof chat.schema, undefined> {
  return chat.defineZone({
    init: () => undefined,
    rpc: {
      channel_msg: ({ text }: { readonly text?: string | undefined }, _session: Session) =>
        pattern === 'echo' ? chat.reply('channel_msg', { text }) : chat.broadcast('channel_msg', { text }),
    },
  })
}
