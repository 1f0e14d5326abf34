/** ENet on loopback against peers that break the rules, and what is left when everybody has gone. */
import { createSocket, type Socket } from 'node:dgram'
import { afterEach, describe, expect, test } from 'vitest'
import { CloseCode } from '../../core/close-codes.ts'
import { CHANNEL_COUNT } from '../../core/delivery.ts'
import type { Connection } from '../../core/injected.ts'
import { connectDatagram } from '../../scenarios/hostile/enet-siege.ts'
import { RandomStream } from '../../sim/index.ts'
import { judgeDatagram } from '../../transports/enet-datagram-guard.ts'
import { EnetInstance, EnetInstances, loadEnetLibrary, type EnetLibrary } from '../../transports/enet-library.ts'
import { expectedClaim, peerAt, waitingBytes } from '../../transports/enet-peer-memory.ts'
import { enetNetwork, type EnetNetwork } from '../../transports/enet-network.ts'
import type { EnetOptions } from '../../transports/enet-options.ts'
import { nodeUdpStack, type UdpSocket } from '../../transports/enet-stack.ts'
import { systemClock } from '../../transports/system-clock.ts'
import { systemRandom } from '../../transports/system-random.ts'
import { Probe, ProbeServer } from '../conformance/probe.ts'
import { manualClock } from './manual-clock.ts'
import { patientClock, until } from './real-time.ts'

const cleanUps: (() => void)[] = []
const errors: unknown[] = []

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp()
  if (errors.length > 0) throw new Error('a network reported an error', { cause: errors.splice(0) })
})

interface Started {
  readonly network: EnetNetwork
  readonly server: ProbeServer
  readonly address: string
  readonly port: number
}

async function start(options: Partial<EnetOptions> = {}): Promise<Started> {
  const network = enetNetwork({ clock: patientClock(), onError: (error) => errors.push(error), ...options })
  const server = new ProbeServer(network, 'enet://127.0.0.1:0')
  await until(() => server.isSettled)
  cleanUps.push(() => server.listener.close())
  const address = server.address ?? ''
  return { network, server, address, port: Number(address.split(':')[2]) }
}

async function connect({
  network,
  server,
  address,
}: Started): Promise<{ near: Connection; nearProbe: Probe; far: Connection; farProbe: Probe }> {
  const before = server.accepted.length
  const nearProbe = new Probe()
  const near = network.connect(address, nearProbe)
  await until(() => nearProbe.isOpened && server.accepted.length > before)
  const accepted = server.accepted[before]
  if (accepted === undefined) throw new Error('nothing was accepted')
  return { near, nearProbe, far: accepted.connection, farProbe: accepted.probe }
}

async function expectServing(started: Started): Promise<void> {
  const { near, nearProbe, far, farProbe } = await connect(started)
  near.send(Uint8Array.of(7))
  await until(() => farProbe.messages.length === 1)
  far.send(new Uint8Array(5000))
  await until(() => nearProbe.messages.length === 1)
  near.close(1000)
  await until(() => nearProbe.isClosed && farProbe.isClosed)
}

function rawSocket(): Socket {
  const socket = createSocket('udp4')
  cleanUps.push(() => socket.close())
  return socket
}

/** Deterministic noise. */
function noise(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 8
  }
}

/** A reliable fragment on channel 0 that announces a message of `totalLength`. */
function fragment(head: number, totalLength: number, fragmentCount: number, sequence = 1): Buffer {
  const bytes = Buffer.alloc(4 + 24 + 4)
  bytes.writeUInt16BE(head | 0x8000, 0)
  bytes.writeUInt8(0x88, 4)
  bytes.writeUInt16BE(sequence, 6)
  bytes.writeUInt16BE(sequence, 8)
  bytes.writeUInt16BE(4, 10)
  bytes.writeUInt32BE(fragmentCount, 12)
  bytes.writeUInt32BE(totalLength, 20)
  return bytes
}

describe('hostile datagrams', () => {
  test('random and truncated ones disturb nobody', async () => {
    const started = await start()
    const { near, farProbe } = await connect(started)
    const socket = rawSocket()
    const next = noise(1)
    for (let i = 0; i < 3000; i++) {
      const bytes = Uint8Array.from({ length: next() % 80 }, () => next() & 0xff)
      // Half of them with a header that gets past the first looks.
      if (i % 2 === 0 && bytes.length > 4) bytes.set([0x8f, 0xff, 0, 0, 0x82 + (next() % 11)])
      socket.send(bytes, started.port, '127.0.0.1')
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    near.send(Uint8Array.of(1))
    await until(() => farProbe.messages.length === 1)
    await expectServing(started)
    expect(started.network.stats()['enetDatagramsMalformedTotal']).toBeGreaterThan(100)
  })

  test('mutations of real datagrams disturb nobody', async () => {
    const captured: Uint8Array[] = []
    const stack = {
      ...nodeUdpStack,
      createSocket(): UdpSocket {
        const socket = nodeUdpStack.createSocket()
        const send = socket.send.bind(socket)
        socket.send = (bytes, ...rest) => {
          captured.push(bytes.slice())
          send(bytes, ...rest)
        }
        return socket
      },
    }
    const started = await start({ stack })
    await expectServing(started)
    const socket = rawSocket()
    const next = noise(2)
    for (let i = 0; i < 3000; i++) {
      const bytes = (captured[next() % captured.length] ?? new Uint8Array(0)).slice(0, 1 + (next() % 1400))
      for (let flips = next() % 4; flips > 0; flips--) bytes[next() % bytes.length] = next() & 0xff
      socket.send(bytes, started.port, '127.0.0.1')
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await expectServing(started)
  })

  test('a fragment that announces 1 GiB is dropped before ENet allocates it, whoever sends it', async () => {
    const library = loadEnetLibrary(systemClock(), systemRandom())
    const started = await start({ loadLibrary: () => library })
    const { near, nearProbe, far, farProbe } = await connect(started)
    const socket = rawSocket()
    for (let peer = 0; peer < 4; peer++) socket.send(fragment(peer, 2 ** 30, 2 ** 20), started.port, '127.0.0.1')
    await until(() => started.network.stats()['enetMessagesTooLongTotal'] === 4)
    near.send(Uint8Array.of(1))
    far.send(Uint8Array.of(2))
    await until(() => farProbe.messages.length === 1 && nearProbe.messages.length === 1)
    expect(library.HEAPU8.length).toBeLessThan(64 * 1024 * 1024)
  })

  test('a program that closes who has just been refused hears its own code, and the refused hears why', async () => {
    let onDatagram = (): void => undefined
    const stack = {
      ...nodeUdpStack,
      createSocket(): UdpSocket {
        const socket = nodeUdpStack.createSocket()
        // After the adapter has looked at each datagram, and before it hears of anything else.
        queueMicrotask(() => socket.on('message', () => onDatagram()))
        return socket
      },
    }
    const started = await start({ stack })
    const talker = enetNetwork({ clock: patientClock(), messageBytesMax: Infinity })
    const { nearProbe, near, far, farProbe } = await connect({ ...started, network: talker })
    onDatagram = () => {
      if (started.network.stats()['enetMessagesTooLongTotal'] === 1) far.close(4501)
    }
    near.send(new Uint8Array(70_000))
    await until(() => farProbe.isClosed && nearProbe.isClosed)
    expect(farProbe.closes).toMatchObject([{ code: 4501 }])
    expect(nearProbe.closes).toMatchObject([{ code: CloseCode.malformed }])
  })

  test('what a peer sends beyond its datagrams for a second is lost, and the connection goes on in the next', async () => {
    const clock = manualClock()
    let say: (bytes: Uint8Array) => void = () => undefined
    let head = new Uint8Array(0)
    let read = 0
    const stack = {
      ...nodeUdpStack,
      createSocket(): UdpSocket {
        const socket = nodeUdpStack.createSocket()
        const send = socket.send.bind(socket)
        socket.on('message', () => read++)
        socket.send = (bytes, offset, length, port, host, sent) => {
          if (port === started.port) {
            head = bytes.slice(offset, offset + 4)
            say = (ours) => send(ours, 0, ours.length, port, host, () => undefined)
          }
          send(bytes, offset, length, port, host, sent)
        }
        return socket
      },
    }
    const started = await start({ clock, stack, datagramsPerSecondMax: 500 })
    const { near, farProbe } = await connect(started)
    near.send(Uint8Array.of(1))
    await until(() => farProbe.messages.length === 1)
    // Pings that ask for no answer.
    const ping = Uint8Array.of(...head, 0x05, 0xff, 0, 1)
    for (let sent = 0; sent < 700; sent += 50) {
      const readBefore = read
      for (let i = 0; i < 50; i++) say(ping)
      await until(() => read >= readBefore + 50)
    }
    const lost = started.network.stats()['enetDatagramsOverRateTotal'] ?? 0
    expect(lost).toBeGreaterThanOrEqual(200)
    expect(lost).toBeLessThan(250)
    near.send(Uint8Array.of(2))
    await until(() => (started.network.stats()['enetDatagramsOverRateTotal'] ?? 0) > lost)
    expect(farProbe.messages).toHaveLength(1)
    await until(() => {
      clock.advance(20)
      return farProbe.messages.length === 2
    })
    expect(farProbe.isClosed).toBe(false)
  })

  test('datagrams that name an open handshake and come from elsewhere never reach ENet', async () => {
    const started = await start()
    const knocking = rawSocket()
    knocking.send(connectDatagram(new RandomStream(5, 'connects')), started.port, '127.0.0.1')
    await until(() => started.network.stats()['enetHandshakes'] === 1)
    const ping = Uint8Array.of(0x80, 0, 0, 0, 0x05, 0xff, 0, 1)
    knocking.send(ping, started.port, '127.0.0.1')
    const stranger = rawSocket()
    for (let i = 0; i < 10; i++) stranger.send(ping, started.port, '127.0.0.1')
    await until(() => started.network.stats()['enetDatagramsRefusedTotal'] === 10)
    await expectServing(started)
    expect(started.network.stats()['enetDatagramsRefusedTotal']).toBe(10)
  })

  test('datagrams that ENet cannot hold, compressed ones, and its own extension are malformed', () => {
    const options = { messageBytesMax: 65536, acceptsConnections: true }
    expect(judgeDatagram(new Uint8Array(4097), options)).toBe('malformed')
    expect(judgeDatagram(new Uint8Array(4096), options)).toBe('pass')
    expect(judgeDatagram(Uint8Array.of(0), options)).toBe('malformed')
    expect(judgeDatagram(Uint8Array.of(0x40, 0, 0, 0), options)).toBe('malformed')
    expect(judgeDatagram(new TextEncoder().encode('{"a":1}'), options)).toBe('malformed')
  })

  test('a fragment within the limits passes, one over either does not, also as the second command', () => {
    const options = { messageBytesMax: 65536, acceptsConnections: true }
    expect(judgeDatagram(fragment(0, 65536, 48), options)).toBe('pass')
    expect(judgeDatagram(fragment(0, 65537, 48), options)).toBe('too_long')
    expect(judgeDatagram(fragment(0, 65536, 1000), options)).toBe('too_long')
    const ping = Buffer.of(0x85, 0xff, 0, 1)
    const twoCommands = Buffer.concat([fragment(0, 1, 1).subarray(0, 4), ping, fragment(0, 2 ** 30, 1).subarray(4)])
    expect(judgeDatagram(twoCommands, options)).toBe('too_long')
  })

  test('connects are refused once nobody accepts them', () => {
    const connectDatagram = Uint8Array.of(0x8f, 0xff, 0, 0, 0x82, 0xff, 0, 1)
    expect(judgeDatagram(connectDatagram, { messageBytesMax: 1, acceptsConnections: true })).toBe('pass')
    expect(judgeDatagram(connectDatagram, { messageBytesMax: 1, acceptsConnections: false })).toBe('refused')
  })
})

describe('floods of connects', () => {
  test('handshakes that nobody finishes keep nobody out', async () => {
    const started = await start({ connectionsMax: 16 })
    const random = new RandomStream(1, 'connects')
    const socket = rawSocket()
    for (let i = 0; i < 2000; i++) {
      socket.send(connectDatagram(random), started.port, '127.0.0.1')
      if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => (started.network.stats()['enetConnectsDeferredTotal'] ?? 0) > 1000)
    expect(started.network.stats()).toMatchObject({ enetHandshakes: 16, enetConnections: 0 })
    await expectServing(started)
    expect(started.network.stats()).toMatchObject({ enetHandshakesEvictedTotal: 1, enetConnectsRefusedTotal: 0 })
  })

  test('who knocks twice, and is one of very many, has the place of the oldest handshake, never of a connection', async () => {
    const started = await start({ connectionsMax: 4 })
    const { near, farProbe } = await connect(started)
    const random = new RandomStream(2, 'connects')
    const socket = rawSocket()
    for (let i = 0; i < 50; i++) {
      const knock = connectDatagram(random)
      for (let times = 0; times < 2; times++) {
        socket.send(knock, started.port, '127.0.0.1')
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
    await until(() => (started.network.stats()['enetHandshakesEvictedTotal'] ?? 0) > 30)
    near.send(Uint8Array.of(1))
    await until(() => farProbe.messages.length === 1)
    await expectServing(started)
  })

  test('where every place is a connection, connects are refused and counted', async () => {
    const started = await start({ connectionsMax: 1 })
    await connect(started)
    const knock = connectDatagram(new RandomStream(3, 'connects'))
    const socket = rawSocket()
    for (let times = 0; times < 3; times++) socket.send(knock, started.port, '127.0.0.1')
    await until(() => started.network.stats()['enetConnectsRefusedTotal'] === 2)
    expect(started.network.stats()).toMatchObject({ enetConnectsDeferredTotal: 1, enetHandshakes: 0 })
  })

  test('a handshake that is not finished after 5 s is given up', async () => {
    const clock = manualClock()
    const started = await start({ clock })
    const socket = rawSocket()
    socket.send(connectDatagram(new RandomStream(4, 'connects')), started.port, '127.0.0.1')
    await until(() => {
      clock.advance(0)
      return started.network.stats()['enetHandshakes'] === 1
    })
    for (let ms = 0; ms < 4900; ms += 100) clock.advance(100)
    expect(started.network.stats()['enetHandshakes']).toBe(1)
    for (let ms = 0; ms < 400; ms += 100) clock.advance(100)
    expect(started.network.stats()).toMatchObject({ enetHandshakes: 0, enetHandshakesTimedOutTotal: 1 })
  })
})

describe('what waits for missing messages', () => {
  /** A conversation whose client can also send what it should not. */
  async function talkative(started: Started): Promise<Conversation> {
    let say = (_bytes: Uint8Array): void => undefined
    let head = new Uint8Array(0)
    const stack = {
      ...nodeUdpStack,
      createSocket(): UdpSocket {
        const socket = nodeUdpStack.createSocket()
        const send = socket.send.bind(socket)
        socket.send = (bytes, offset, length, port, host, sent) => {
          head = bytes.slice(offset, offset + 2)
          send(bytes, offset, length, port, host, sent)
        }
        say = (bytes) => send(bytes, 0, bytes.length, started.port, '127.0.0.1', () => undefined)
        return socket
      },
    }
    const network = enetNetwork({ clock: systemClock(), stack })
    const { farProbe, near, nearProbe } = await connect({ ...started, network })
    near.send(Uint8Array.of(1))
    await until(() => farProbe.messages.length === 1)
    const peer = ((head[0] ?? 0) << 8) | (head[1] ?? 0)
    return { say: (bytes) => say(bytes), head: peer, nearProbe, farProbe }
  }

  interface Conversation {
    readonly say: (bytes: Uint8Array) => void
    readonly head: number
    readonly nearProbe: Probe
    readonly farProbe: Probe
  }

  test('parts of many messages, and never all of one, close the peer that sends them and nobody else', async () => {
    const library = loadEnetLibrary(systemClock(), systemRandom())
    const started = await start({ loadLibrary: () => library })
    const friend = await connect(started)
    const enemy = await talkative(started)
    for (let sequence = 100; sequence < 2000 && !enemy.nearProbe.isClosed; sequence++) {
      enemy.say(fragment(enemy.head, 65_536, 48, sequence))
      if (sequence % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => enemy.farProbe.isClosed)
    expect(enemy.farProbe.closes).toMatchObject([{ code: CloseCode.tooMany }])
    expect(started.network.stats()['enetWaitingTooMuchTotal']).toBe(1)
    // 2,000 such messages are 125 MiB.
    expect(library.HEAPU8.length).toBeLessThan(32 * 1024 * 1024)
    friend.near.send(Uint8Array.of(1))
    await until(() => friend.farProbe.messages.length === 1)
  })

  test('long messages that arrive whole do not count, however many there are', async () => {
    const started = await start()
    const { near, farProbe } = await connect(started)
    for (let i = 0; i < 200; i++) {
      near.send(new Uint8Array(60_000).fill(i))
      await until(() => farProbe.messages.length === i + 1)
    }
    expect(started.network.stats()['enetWaitingTooMuchTotal']).toBe(0)
    expect(farProbe.isClosed).toBe(false)
  })
})

describe('limits', () => {
  test('beyond connectionsMax nobody is let in, until somebody leaves', async () => {
    const started = await start({ connectionsMax: 2, connectTimeoutMs: 200 })
    const first = await connect(started)
    await connect(started)
    const third = new Probe()
    started.network.connect(started.address, third)
    await until(() => third.isClosed)
    expect(third.heard).toMatchObject([{ kind: 'closed', code: 1006 }])
    first.near.close(1000)
    await until(() => first.farProbe.isClosed)
    await connect(started)
  })

  test('more connections than ENet can number, and other nonsense, is a bad_option', () => {
    const clock = systemClock()
    for (const bad of [
      { connectionsMax: 4096 },
      { connectionsMax: 0 },
      { messageBytesMax: 1.5 },
      { connectTimeoutMs: 0 },
    ]) {
      expect(() => enetNetwork({ clock, ...bad })).toThrow(expect.objectContaining({ code: 'bad_option' }))
    }
  })

  test('four channels are granted to who asks for four, and a peer with fewer gets everything on the first', async () => {
    const started = await start()
    const { near, farProbe } = await connect(started)
    for (let channel = 0; channel < CHANNEL_COUNT; channel++)
      near.send(Uint8Array.of(channel), { mode: 'reliable', channel })
    await until(() => farProbe.messages.length === CHANNEL_COUNT)
    expect(farProbe.messages.map(({ delivery }) => delivery.channel).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
    near.send(Uint8Array.of(9), { mode: 'reliable', channel: 7 })
    await until(() => farProbe.messages.length === CHANNEL_COUNT + 1)
    expect(farProbe.messages.at(-1)?.delivery.channel).toBe(0)
  })
})

describe('what is left', () => {
  test('of 1000 connections that came and went: nothing', async () => {
    const started = await start()
    let closed = 0
    for (let round = 0; round < 20; round++) {
      const batch = await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          const probe = new Probe()
          const connection = started.network.connect(started.address, probe)
          await until(() => probe.isOpened)
          connection.send(Uint8Array.of(i), { mode: i % 2 === 0 ? 'reliable' : 'unreliable', channel: i % 4 })
          connection.close(4000)
          return probe
        }),
      )
      closed += batch.length
      await until(() => started.server.accepted.filter(({ probe }) => probe.isClosed).length === closed)
      await until(() => batch.every((probe) => probe.isClosed))
    }
    expect(started.server.accepted).toHaveLength(1000)
    expect(started.server.accepted.every(({ connection }) => connection.bufferedBytes === 0)).toBe(true)
    await until(() => started.network.stats()['enetSockets'] === 1)
    expect(started.network.stats()['enetConnections']).toBe(0)
  })

  test('a closed server has no socket and no timer', async () => {
    const real = systemClock()
    let pending = 0
    const clock = {
      now: real.now,
      setTimer(delayMs: number, fire: () => void) {
        pending++
        let isDone = false
        const end = (): void => {
          if (!isDone) pending--
          isDone = true
        }
        const timer = real.setTimer(delayMs, () => {
          end()
          fire()
        })
        return {
          cancel() {
            timer.cancel()
            end()
          },
        }
      },
    }
    const started = await start({ clock })
    await expectServing(started)
    let isDone = false
    started.server.listener.close(() => (isDone = true))
    await until(() => isDone && pending === 0)
    expect(started.network.stats()).toMatchObject({ enetSockets: 0, enetConnections: 0 })
  })

  test('a new instance is opened where one is full, and the spare one let go', () => {
    let loaded = 0
    const instances = new EnetInstances(() => {
      loaded++
      return loadEnetLibrary(systemClock(), systemRandom())
    })
    const taken = Array.from({ length: 60 }, () => instances.take())
    expect(loaded).toBe(2)
    expect(new Set(taken).size).toBe(2)
    for (const instance of taken) instances.release(instance)
    expect(instances.hosts).toBe(0)
    instances.take()
    expect(loaded).toBe(2)
  })

  test('100 hosts in one process serve at the same time', async () => {
    const started = await start()
    const probes = Array.from({ length: 100 }, () => new Probe())
    const connections = probes.map((probe) => started.network.connect(started.address, probe))
    await until(() => probes.every(({ isOpened }) => isOpened))
    for (const connection of connections) connection.send(Uint8Array.of(1))
    await until(() => started.server.accepted.every(({ probe }) => probe.messages.length === 1))
    for (const connection of connections) connection.close(4000)
    await until(() => probes.every(({ isClosed }) => isClosed))
  })
})

describe('the library', () => {
  test('once it throws, its connections are closed, nothing is thrown at their owners, and the next listener serves', async () => {
    let isBroken = false
    const started = await start({ loadLibrary: () => breakable(() => isBroken) })
    const { near, nearProbe, far, farProbe } = await connect(started)
    const third = await connect(started)
    isBroken = true
    near.send(Uint8Array.of(1))
    far.close(1000)
    third.near.close(1000)
    await until(() => [nearProbe, farProbe, third.nearProbe, third.farProbe].every(({ isClosed }) => isClosed))
    expect(errors.splice(0).length).toBeGreaterThan(0)
    expect(started.network.stats()).toMatchObject({ enetConnections: 0, enetSockets: 0 })
    isBroken = false
    const again = new ProbeServer(started.network, 'enet://127.0.0.1:0')
    cleanUps.push(() => again.listener.close())
    await until(() => again.isSettled)
    await expectServing({ ...started, server: again, address: again.address ?? '' })
  })

  /** A library that throws, as it does when its memory is exhausted. */
  function breakable(isBroken: () => boolean): EnetLibrary {
    const library = loadEnetLibrary(systemClock(), systemRandom())
    const calls = Object.entries(library.libenet).map(([name, call]) => [
      name,
      (...args: number[]) => {
        if (isBroken()) throw new Error('abort')
        return Reflect.apply(call, undefined, args) as unknown
      },
    ])
    return Object.assign(Object.create(library) as EnetLibrary, { libenet: Object.fromEntries(calls) as object })
  }

  test('peers are laid out in its memory as the adapter believes', () => {
    const instance = new EnetInstance(loadEnetLibrary(systemClock(), systemRandom()))
    const { jsapi, createStreamFromSocket } = instance.library
    const socket = {
      on: () => undefined,
      setBroadcast: () => undefined,
      send: () => undefined,
      address: () => ({ port: 1 }),
    }
    const host = jsapi.enet_host_from_socket(createStreamFromSocket(socket), 0, 3, 4, 0, 0)
    const peers = [1, 2, 3].map((port) => jsapi.enet_host_connect(host, 0x0100007f, port, 4, 0))
    expect(peers.map((peer) => expectedClaim(instance.library, peer).peerId)).toEqual([0, 1, 2])
    expect([0, 1, 2, 3].map((id) => peerAt(instance.library, host, id))).toEqual([...peers, undefined])
    expect(peers.map((peer) => waitingBytes(instance.library, peer))).toEqual([0, 0, 0])
    const fresh = peers.map((peer) =>
      Array.from(instance.library.HEAPU32.subarray((peer + 136) >> 2, (peer + 152) >> 2)),
    )
    expect(fresh).toEqual([1, 2, 3].map(() => [500, 32, 5000, 30000]))
  })

  test('adds no listener to the process and prints nothing', async () => {
    const before = process.listenerCount('uncaughtException')
    const started = await start()
    await expectServing(started)
    expect(process.listenerCount('uncaughtException')).toBe(before)
  })

  test('datagrams that come in by the hundred are all served in one turn on the side that dialled', async () => {
    const held: (() => void)[] = []
    let isHolding = false
    const stack = {
      ...nodeUdpStack,
      createSocket(): UdpSocket {
        const socket = nodeUdpStack.createSocket()
        const on = socket.on.bind(socket) as (event: string, listener: (...args: unknown[]) => void) => unknown
        socket.on = (event: string, listener: (...args: never[]) => void) =>
          on(event, (...args) => {
            const hand = (): void => listener(...(args as never[]))
            if (event === 'message' && isHolding) held.push(hand)
            else hand()
          })
        return socket
      },
    }
    const started = await start({ stack, clock: manualClock() })
    const { far, nearProbe } = await connect(started)
    isHolding = true
    for (let i = 0; i < 600; i++) {
      far.send(new Uint8Array(1300).fill(i), { mode: 'unsequenced', channel: 0 })
      if (i % 20 === 19) await until(() => held.length > i)
    }
    isHolding = false
    for (const hand of held) hand()
    // The first turn of the event loop looks whether there are more of them.
    for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(nearProbe.messages).toHaveLength(600)
  })
})
