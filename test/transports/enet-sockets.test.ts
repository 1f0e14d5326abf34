/** ENet's sockets: what they hold while a program is busy, and what becomes of those that cannot be had. */
import { createSocket, type Socket } from 'node:dgram'
import { afterEach, describe, expect, test } from 'vitest'
import { loadEnetLibrary, type EnetLibrary } from '../../transports/enet-library.ts'
import { enetNetwork, type EnetNetwork } from '../../transports/enet-network.ts'
import type { EnetOptions } from '../../transports/enet-options.ts'
import { nodeUdpStack, type UdpStack } from '../../transports/enet-stack.ts'
import { systemClock } from '../../transports/system-clock.ts'
import { systemRandom } from '../../transports/system-random.ts'
import { Probe, ProbeServer } from '../conformance/probe.ts'
import { manualClock } from './manual-clock.ts'
import { until } from './real-time.ts'

const cleanUps: (() => void)[] = []

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp()
})

interface Started {
  readonly network: EnetNetwork
  readonly server: ProbeServer
}

async function start(options: Partial<EnetOptions>): Promise<Started> {
  const network = enetNetwork({ clock: systemClock(), ...options })
  const server = new ProbeServer(network, 'enet://127.0.0.1:0')
  cleanUps.push(() => server.listener.close())
  await until(() => server.isSettled)
  return { network, server }
}

describe('while a program is busy', () => {
  /** Of so many datagrams that came in one go, while nobody read. */
  async function kept({ network, server }: Started, socket: Socket, sent: number): Promise<number> {
    const port = Number(server.address?.split(':')[2])
    for (let i = 0; i < sent; i++) socket.send(Uint8Array.of(0x40, 0, 0, 0), port, '127.0.0.1')
    let read = -1
    let quietTurns = 0
    while (quietTurns < 20) {
      await new Promise((resolve) => setImmediate(resolve))
      const { enetDatagramsMalformedTotal: now = 0 } = network.stats()
      quietTurns = now === read && now > 0 ? quietTurns + 1 : 0
      read = now
    }
    return read
  }

  test('as many datagrams wait for it as its receive buffer holds, and what was granted is told', async () => {
    // Addresses in digits are not asked for, so that each datagram has left when `send` returns.
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, found) => found(null, host, 4) })
    cleanUps.push(() => socket.close())
    await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound))
    const small = await start({ receiveBufferBytes: 8 * 1024 })
    const byDefault = await start({})
    expect(await kept(small, socket, 1000)).toBeLessThan(150)
    // Linux without any settings grants a twentieth of what is asked for.
    expect(await kept(byDefault, socket, 1000)).toBeGreaterThan(300)
    const granted = [small, byDefault].map(({ network }) => network.stats()['enetReceiveBufferBytes'] ?? 0)
    expect(granted[0]).toBeGreaterThanOrEqual(2048)
    expect(granted[1]).toBeGreaterThan(5 * (granted[0] ?? 0))
  })
})

describe('options', () => {
  test.each([
    { receiveBufferBytes: 0 },
    { receiveBufferBytes: Infinity },
    { receiveBufferBytes: 2 ** 31 },
    { peerTimeouts: { minMs: 0, maxMs: 30_000 } },
    { peerTimeouts: { minMs: 5000, maxMs: Infinity } },
    { peerTimeouts: { minMs: NaN, maxMs: 30_000 } },
    { peerTimeouts: { minMs: 5000, maxMs: 86_400_000 } },
  ])('%o is a bad_option', (options) => {
    expect(() => enetNetwork({ clock: systemClock(), ...options })).toThrow(
      expect.objectContaining({ code: 'bad_option' }),
    )
  })
})

describe('what cannot be had', () => {
  function countingStack(): { readonly stack: UdpStack; open(): number } {
    let open = 0
    return {
      stack: {
        resolve: (host, resolved) => nodeUdpStack.resolve(host, resolved),
        createSocket(settings) {
          open++
          const socket = nodeUdpStack.createSocket(settings)
          socket.on('close', () => open--)
          return socket
        },
      },
      open: () => open,
    }
  }

  test('a library that cannot be loaded fails the listener and breaks the dial, later, and no socket stays open', async () => {
    const loadLibrary = (): EnetLibrary => {
      throw new Error('no memory for the library')
    }
    const { stack, open } = countingStack()
    const { network, server } = await start({ loadLibrary, stack })
    expect(server.failures.map(({ message }) => message)).toEqual(['no memory for the library'])
    const probe = new Probe()
    network.connect('enet://127.0.0.1:4483', probe)
    await until(() => probe.isClosed)
    expect(probe.heard).toEqual([{ kind: 'closed', code: 1006, reason: 'no memory for the library' }])
    await until(() => open() === 0)
    expect(network.stats()).toMatchObject({ enetSockets: 0, enetConnections: 0 })
  })

  test('a library without room for the host fails the listener, and the host does not count', async () => {
    const loadLibrary = (): EnetLibrary => {
      const library = loadEnetLibrary(systemClock(), systemRandom())
      const jsapi = { ...library.jsapi, enet_host_from_socket: () => 0 }
      return Object.assign(Object.create(library) as EnetLibrary, { jsapi })
    }
    const { stack, open } = countingStack()
    const { network, server } = await start({ loadLibrary, stack })
    expect(server.failures).toMatchObject([{ code: 'internal' }])
    await until(() => open() === 0)
    expect(network.stats()['enetSockets']).toBe(0)
  })

  test('a name that nobody resolves is given up like an address where nobody answers', () => {
    const clock = manualClock()
    const stack = { ...nodeUdpStack, resolve: () => undefined }
    const probe = new Probe()
    enetNetwork({ clock, stack, connectTimeoutMs: 300 }).connect('enet://game.example:4483', probe)
    clock.advance(299)
    expect(probe.heard).toEqual([])
    clock.advance(1)
    expect(probe.heard).toEqual([{ kind: 'closed', code: 1006, reason: 'nobody answered' }])
    expect(clock.pending).toBe(0)
  })
})
