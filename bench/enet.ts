/**
 * Real ENet on the loopback: our adapter, and a whole server with sessions and a zone, against native libenet and the
 * package `enet` alone doing the same. The package polls its socket, here each millisecond; the adapter is told when
 * something arrives. The native server is compiled for the purpose where Debian's `libenet-dev` is there; it has a process of
 * its own, whose processor time is not measured.
 */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { createServer } from '../core/index.ts'
import { chat } from '../scenarios/apps/chat.ts'
import { buildNativeEnet, missingForNativeEnet } from '../test/interop/native-enet.ts'
import { enetNetwork, systemClock, systemRandom } from '../transports/index.ts'
import { compare, type Contender } from './contenders.ts'
import type { Benchmark } from './benchmark.ts'
import { Load } from './load.ts'
import { zoneOf } from './websocket.ts'

const ECHO = { pattern: 'echo', clients: 16, inFlight: 8 } as const
const ADDRESS = 'enet://127.0.0.1:0'
const POLL_MS = 1
const PEERS = 64
const CHANNELS = 4

export const enet: Benchmark = {
  name: 'enet',
  about: 'echo on real sockets, against native libenet and the package `enet` alone',
  async run() {
    const missing = missingForNativeEnet()
    if (missing !== undefined) console.error(`  without native libenet: ${missing}`)
    const native = missing === undefined ? [nativeContender()] : []
    const load = new Load()
    try {
      return await compare(load, ECHO, [
        ...native,
        { name: 'enet alone', needsSession: false, start: startBare },
        { name: 'our adapter', needsSession: false, start: startAdapter },
        { name: 'a zone', needsSession: true, start: startZone },
      ])
    } finally {
      load.close()
    }
  },
}

type Started = Awaited<ReturnType<Contender['start']>>

/** What is used of the package, which has no types. */
interface EnetPackage {
  readonly Packet: new (bytes: Uint8Array, flags: number) => object
  readonly PACKET_FLAG: { readonly RELIABLE: number }
  createServer(options: object, created: (error: unknown, host: BareHost) => void): void
}
interface BareHost {
  on(event: 'connect', listener: (peer: BarePeer) => void): void
  address(): { readonly port: number }
  start(pollMs: number): void
  destroy(): void
}
interface BarePeer {
  on(event: 'message', listener: (packet: { data(): Uint8Array }, channel: number) => void): void
  send(channel: number, packet: object): void
}

function nativeContender(): Contender {
  const program = buildNativeEnet('bench/native-echo.c')
  return {
    name: 'native libenet',
    needsSession: false,
    isElsewhere: true,
    start: () =>
      new Promise((resolve, reject) => {
        const server = spawn(program, { stdio: ['ignore', 'pipe', 'inherit'] })
        server.on('error', reject)
        createInterface({ input: server.stdout }).on('line', (port) =>
          resolve({ address: `enet://127.0.0.1:${port}`, stop: () => server.kill() }),
        )
      }),
  }
}

function startBare(): Promise<Started> {
  const library = createRequire(import.meta.url)('enet') as EnetPackage
  return new Promise((resolve, reject) => {
    const address = { address: '127.0.0.1', port: 0 }
    library.createServer({ address, peers: PEERS, channels: CHANNELS, down: 0, up: 0 }, (error, host) => {
      if (error !== undefined && error !== null) {
        reject(error)
        return
      }
      host.on('connect', (peer) => {
        peer.on('message', (packet, channel) => {
          peer.send(channel, new library.Packet(packet.data(), library.PACKET_FLAG.RELIABLE))
        })
      })
      host.start(POLL_MS)
      resolve({ address: `enet://127.0.0.1:${host.address().port}`, stop: () => host.destroy() })
    })
  })
}

function startAdapter(): Promise<Started> {
  return new Promise((resolve, reject) => {
    const listener = enetNetwork({ clock: systemClock() }).listen(
      ADDRESS,
      (connection) => ({
        opened: () => undefined,
        message: (bytes, delivery) => connection.send(bytes, delivery),
        closed: () => undefined,
      }),
      { listening: (address) => resolve({ address, stop: () => listener.close() }), failed: reject },
    )
  })
}

function startZone(): Promise<Started> {
  const clock = systemClock()
  const limits = { messagesPerSecond: Infinity, preconnectsPerAddress: Infinity }
  const server = createServer({ clock, random: systemRandom(), apps: [chat], onReport: console.error, limits })
  server.zones.start(zoneOf('echo'))
  return new Promise((resolve, reject) => {
    server.listen(enetNetwork({ clock }), ADDRESS, {
      listening: (address) => resolve({ address, stop: () => server.stop() }),
      failed: reject,
    })
  })
}
