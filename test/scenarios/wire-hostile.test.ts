/** Hostile bytes at wire level: whoever sends them harms nobody else, is counted, and leaves nothing behind. */
import { describe, expect, test } from 'vitest'
import { recordEnetCorpus } from '../../scenarios/hostile/enet-corpus.ts'
import { connectDatagram } from '../../scenarios/hostile/enet-siege.ts'
import { HostileEnet } from '../../scenarios/hostile/hostile-enet.ts'
import { DatagramMutator } from '../../scenarios/hostile/mutate-datagram.ts'
import { SharedEnet, wireUdpStack } from '../../scenarios/worlds/wire-enet.ts'
import { Wire } from '../../scenarios/worlds/wire-world.ts'
import type { Connection } from '../../core/injected.ts'
import { createGround, Host, RandomStream } from '../../sim/index.ts'
import type { DatagramSource, HostStacks, TcpSocket, UdpSocket } from '../../sim/wire/index.ts'

const UPGRADE =
  'GET /ws HTTP/1.1\r\nHost: server\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'

/** A server with a friend on it, who says something every 100 ms and must be answered. */
class Siege {
  readonly ground = createGround({ seed: 1 })
  readonly wire = new Wire(this.ground, { links: { delayMs: 5 } })
  readonly server = new Host(this.ground, this.wire.network, { name: 'server' })
  readonly friend = new Host(this.ground, this.wire.network, { name: 'friend' })
  readonly enemy = new Host(this.ground, this.wire.network, { name: 'enemy' })
  answers = 0
  friendClosed = 0
  accepted = 0
  closed: number[] = []
  readonly connections: Connection[] = []
  #newcomers = 0

  async begin(address: string): Promise<void> {
    this.server.boot(({ network }) => {
      network.listen(address, (connection) => {
        this.accepted++
        this.connections.push(connection)
        return {
          opened: () => undefined,
          message: (bytes) => connection.send(bytes),
          closed: (code) => void this.closed.push(code),
        }
      })
    })
    this.enemy.boot(() => undefined)
    this.friend.boot(({ network, clock }) => {
      const connection = network.connect(address, {
        opened: () => undefined,
        message: () => void this.answers++,
        closed: () => void this.friendClosed++,
      })
      const again = (): void => {
        connection.send(Uint8Array.of(1, 2, 3))
        clock.setTimer(100, again)
      }
      clock.setTimer(100, again)
    })
    await this.wire.advance(100)
  }

  get counters(): Readonly<Record<string, number>> {
    return this.wire.programOf(this.server.life)?.counters() ?? {}
  }

  get serverSockets(): number {
    return this.wire.programOf(this.server.life)?.stacks.tcp.openSockets ?? -1
  }

  dial(): TcpSocket & { heard: string } {
    const socket = Object.assign(this.#enemyStacks.tcp.connect('server', 4433), { heard: '' })
    socket.on('data', (bytes: Buffer) => (socket.heard += bytes.toString('latin1')))
    socket.on('error', () => undefined)
    return socket
  }

  async upgraded(): Promise<TcpSocket & { heard: string }> {
    const socket = this.dial()
    socket.write(UPGRADE)
    await this.wire.advance(100)
    return socket
  }

  async bindUdp(): Promise<UdpSocket> {
    const socket = this.#enemyStacks.udp.createSocket().bind(0)
    await this.wire.advance(1)
    return socket
  }

  forge(bytes: Uint8Array, from: DatagramSource): void {
    this.#enemyStacks.udp.forge(bytes, from, 4483, 'server')
  }

  /** A client of ours on the enemy's machine whose socket says more than it should. */
  hostile(address: string, corpus: readonly Uint8Array[]): HostileEnet {
    const { clock } = this.enemy.life
    const random = this.enemy.life.random('hostile')
    const enet = new SharedEnet(random)
    return new HostileEnet({
      clock,
      random,
      stack: wireUdpStack(this.#enemyStacks),
      loadLibrary: () => enet.libraryFor(clock),
      address,
      corpus,
      mutations: new RandomStream(1, 'enemy'),
    })
  }

  /** Somebody honest who stays for a moment; `opened` hears how long it took to get in. */
  newcomer(address: string, opened: (waitedMs: number) => void): void {
    const host = new Host(this.ground, this.wire.network, { name: `newcomer${++this.#newcomers}` })
    host.boot(({ network, clock }) => {
      const startedMs = clock.now()
      const connection = network.connect(address, {
        opened: () => {
          opened(clock.now() - startedMs)
          connection.close(4000)
        },
        message: () => undefined,
        closed: () => undefined,
      })
    })
  }

  get #enemyStacks(): HostStacks {
    const stacks = this.wire.programOf(this.enemy.life)?.stacks
    if (stacks === undefined) throw new Error('the enemy has not booted')
    return stacks
  }
}

/** Any address and port. */
function forgedSource(random: RandomStream): DatagramSource {
  return {
    address: Array.from({ length: 4 }, () => 1 + random.below(254)).join('.'),
    port: 1 + random.below(65_535),
  }
}

function repeated(count: number, ...bytes: readonly number[]): Buffer {
  return Buffer.alloc(count * bytes.length, Uint8Array.from(bytes))
}

describe('over WebSocket', () => {
  const requests: readonly (readonly [string, string, RegExp])[] = [
    ['a request that is no HTTP', '\x16\x03\x01\x02\x00', /^HTTP\/1\.1 400/],
    ['headers that are too large', `GET /ws HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1\.1 431/],
    ['an upgrade without a key', UPGRADE.replace(/Sec-WebSocket-Key.*\r\n/, ''), /^HTTP\/1\.1 400/],
    ['an upgrade of another version', UPGRADE.replace('Version: 13', 'Version: 12'), /^HTTP\/1\.1 4(00|26)/],
    ['an upgrade of another path', UPGRADE.replace('/ws', '/other'), /^HTTP\/1\.1 404/],
    ['a plain request', 'GET / HTTP/1.1\r\nHost: server\r\n\r\n', /^HTTP\/1\.1 404/],
  ]
  test.each(requests)('%s is answered and closed', async (_, bytes, answer) => {
    const siege = new Siege()
    await siege.begin('ws://server:4433/ws')
    const socket = siege.dial()
    socket.write(bytes, 'latin1')
    await siege.wire.advance(2000)
    expect(socket.heard).toMatch(answer)
    expect(socket.heard).not.toMatch(/^Date:/im)
    expect(siege.serverSockets).toBe(1)
    expect(siege.answers).toBeGreaterThan(18)
    expect(siege.friendClosed).toBe(0)
  })

  test('a slow-loris is cut after five virtual seconds, whatever it dribbles', async () => {
    const siege = new Siege()
    await siege.begin('ws://server:4433/ws')
    const sockets = Array.from({ length: 50 }, () => siege.dial())
    for (let i = 0; i < 60; i++) {
      for (const socket of sockets)
        if (socket.writable) socket.write(i === 0 ? 'GET /ws HTTP/1.1\r\n' : `X-${i}: y\r\n`)
      await siege.wire.advance(100)
    }
    expect(siege.counters['websocketUpgradeTimeoutsTotal']).toBe(50)
    expect(siege.serverSockets).toBe(1)
    expect(siege.answers).toBeGreaterThan(55)
  })

  const frames: readonly (readonly [string, readonly number[], number])[] = [
    ['an unmasked frame', [0x82, 0x01, 0x00], 1002],
    ['a reserved bit', [0xc2, 0x80, 0, 0, 0, 0], 1002],
    ['an unknown opcode', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['a continuation of nothing', [0x80, 0x80, 0, 0, 0, 0], 1002],
    ['a fragmented ping', [0x09, 0x80, 0, 0, 0, 0], 1002],
    ['a ping that is too long', [0x89, 0xfe, 0, 126, 0, 0, 0, 0], 1002],
    ['a close code that does not exist', [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed], 1002],
    ['invalid UTF-8 in a text frame', [0x81, 0x82, 0, 0, 0, 0, 0xff, 0xff], 1007],
    ['a message of a gigabyte', [0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0], 1009],
  ]
  test.each(frames)('%s closes its connection alone, with its code', async (_, frame, code) => {
    const siege = new Siege()
    await siege.begin('ws://server:4433/ws')
    const socket = siege.dial()
    socket.write(UPGRADE)
    await siege.wire.advance(100)
    expect(socket.heard).toMatch(/^HTTP\/1\.1 101/)
    socket.write(Uint8Array.from(frame))
    await siege.wire.advance(3000)
    expect(siege.closed).toEqual([code])
    expect(siege.serverSockets).toBe(1)
    expect(siege.answers).toBeGreaterThan(28)
  })

  test('a frame that comes byte by byte is a message like any other', async () => {
    const siege = new Siege()
    await siege.begin('ws://server:4433/ws')
    const socket = siege.dial().setNoDelay()
    socket.write(UPGRADE)
    await siege.wire.advance(100)
    for (const byte of [0x82, 0x83, 0, 0, 0, 0, 7, 8, 9]) {
      socket.write(Uint8Array.of(byte))
      await siege.wire.advance(20)
    }
    await siege.wire.advance(100)
    expect(Buffer.from(socket.heard, 'latin1').subarray(-5)).toEqual(Buffer.of(0x82, 3, 7, 8, 9))
  })

  test.each([
    ['pings', 0x89, 'websocketPingsTotal', 2730],
    ['pongs that nobody asked for', 0x8a, 'websocketFramesRefusedTotal', 1],
  ])('a flood of %s breaks its connection, and does not keep the friend waiting', async (_, opcode, counter, least) => {
    const siege = new Siege()
    await siege.begin('ws://server:4433/ws')
    const socket = await siege.upgraded()
    for (let i = 0; i < 60; i++) {
      socket.write(repeated(45, opcode, 0x80, 0, 0, 0, 0))
      await siege.wire.advance(50)
    }
    expect(siege.closed).toEqual([])
    socket.write(repeated(20_000, opcode, 0x80, 0, 0, 0, 0))
    await siege.wire.advance(1000)
    expect(siege.closed).toEqual([1006])
    expect(siege.counters[counter]).toBeGreaterThanOrEqual(least)
    expect(siege.answers).toBeGreaterThan(38)
    expect(siege.friendClosed).toBe(0)
  })

  test('who goes on after it was closed is soon not read any more, and still told why', async () => {
    const siege = new Siege()
    await siege.begin('ws://server:4433/ws')
    const socket = await siege.upgraded()
    siege.connections[1]?.close(4007, 'enough')
    socket.write(repeated(1_000_000, 0x82, 0x81, 0, 0, 0, 0, 7))
    await siege.wire.advance(900)
    // Of seven megabytes: what its system takes unread, and what the server's has room for.
    expect(socket.bytesWritten - socket.writableLength).toBeLessThan(1_000_000)
    expect(socket.heard).toContain('enough')
    await siege.wire.advance(200)
    expect(siege.closed).toEqual([4007])
    expect(siege.serverSockets).toBe(1)
  })
})

describe('over ENet', () => {
  test('mutated datagrams disturb nobody else, whoever they are forged to come from', async () => {
    const siege = new Siege()
    await siege.begin('enet://server:4483')
    const corpus = await recordEnetCorpus(1)
    const random = new RandomStream(1, 'mutations')
    const mutator = new DatagramMutator(corpus, random)
    const enemies = siege.hostile('enet://server:4483', corpus)
    await siege.wire.advance(200)
    for (let i = 0; i < 20_000; i++) {
      if (i % 4 === 0) siege.forge(mutator.next(), forgedSource(random))
      else enemies.attack(1)
      if (i % 50 === 0) await siege.wire.advance(10)
    }
    const before = siege.answers
    await siege.wire.advance(3000)
    expect(siege.answers - before).toBeGreaterThan(28)
    expect(siege.friendClosed).toBe(0)
    expect(siege.counters['enetDatagramsMalformedTotal']).toBeGreaterThan(500)
    expect(siege.counters['enetDatagramsRefusedTotal']).toBeGreaterThan(500)
    expect(siege.counters['enetMessagesTooLongTotal']).toBeGreaterThan(100)
  })

  test('connects from forged addresses keep nobody out, and leave nothing behind', async () => {
    const siege = new Siege()
    await siege.begin('enet://server:4483')
    const random = new RandomStream(1, 'connects')
    const opened: number[] = []
    for (let ms = 0; ms < 20_000; ms += 10) {
      // 2,000 a second: every place is taken after half a second.
      for (let i = 0; i < 20; i++) siege.forge(connectDatagram(random), forgedSource(random))
      if (ms % 2000 === 1000) siege.newcomer('enet://server:4483', (waitedMs) => opened.push(waitedMs))
      await siege.wire.advance(10)
    }
    expect(opened).toHaveLength(10)
    // While it is crowded one has to knock twice, which ENet does after half a second.
    expect(Math.max(...opened)).toBeLessThan(700)
    expect(siege.counters).toMatchObject({ enetHandshakes: expect.any(Number) as number, enetConnectsRefusedTotal: 0 })
    expect(siege.counters['enetHandshakes']).toBeLessThanOrEqual(1024)
    expect(siege.counters['enetConnectsDeferredTotal']).toBeGreaterThan(30_000)
    expect(siege.counters['enetHandshakesTimedOutTotal']).toBeGreaterThan(2000)
    expect(siege.friendClosed).toBe(0)
    expect(siege.answers).toBeGreaterThan(195)
    await siege.wire.advance(6000)
    expect(siege.counters['enetHandshakes']).toBe(0)
  })

  test('fragments that announce a gigabyte cost no memory', async () => {
    const siege = new Siege()
    await siege.begin('enet://server:4483')
    const socket = await siege.bindUdp()
    const fragment = new Uint8Array(60)
    const view = new DataView(fragment.buffer)
    fragment.set([0x00, 0x00, 0x08, 0x00])
    view.setUint16(8, 32)
    view.setUint32(10, 1_000_000)
    view.setUint32(18, 0x4000_0000)
    const before = process.memoryUsage().external
    for (let peer = 0; peer < 64; peer++) {
      view.setUint16(0, peer)
      socket.send(fragment, 0, fragment.length, 4483, 'server')
    }
    await siege.wire.advance(1000)
    expect(process.memoryUsage().external - before).toBeLessThan(10_000_000)
    expect(siege.counters['enetMessagesTooLongTotal']).toBe(64)
    expect(siege.answers).toBeGreaterThan(8)
    expect(siege.friendClosed).toBe(0)
  })
})
