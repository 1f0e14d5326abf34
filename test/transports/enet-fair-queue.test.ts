/** Peers of one ENet listener that send more than it can handle: each address, and each peer, loses only its own datagrams. */
import { afterEach, describe, expect, test } from 'vitest'
import { FairQueue } from '../../transports/enet-fair-queue.ts'
import { enetNetwork, type EnetNetwork } from '../../transports/enet-network.ts'
import { nodeUdpStack, type UdpSocket } from '../../transports/enet-stack.ts'
import { ProbeServer, type Accepted } from '../conformance/probe.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { RawEnet, reliable } from './raw-enet.ts'
import { until } from './real-time.ts'

describe('the queue', () => {
  const anna = { addressKey: 'a' }
  const ben = { addressKey: 'b' }
  const bea = { addressKey: 'b' }
  const open = { perPeerMax: Infinity, bytesMax: Infinity }

  test('a peer that sends one datagram is served next, and each peer has its own in order', () => {
    const queue = new FairQueue(open)
    for (let i = 0; i < 100; i++) queue.add(ben, Uint8Array.of(i), 8)
    queue.add(anna, Uint8Array.of(200), 1)
    const order = takeAll(queue)
    expect(order.indexOf(200)).toBe(4)
    expect(order.filter((each) => each !== 200)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(queue.size).toBe(0)
  })

  test('an address has one share, however many peers it has', () => {
    const queue = new FairQueue(open)
    for (let peer = 0; peer < 20; peer++) {
      const share = { addressKey: 'b' }
      for (let i = 0; i < 50; i++) queue.add(share, Uint8Array.of(2), 8)
    }
    for (let i = 0; i < 50; i++) queue.add(anna, Uint8Array.of(1), 8)
    const order = takeAll(queue)
    expect(order.slice(0, 106).filter((each) => each === 1)).toHaveLength(50)
    expect(order).toHaveLength(1050)
  })

  test('the peers of an address share what it has', () => {
    const queue = new FairQueue(open)
    for (let i = 0; i < 100; i++) queue.add(ben, Uint8Array.of(2), 8)
    for (let i = 0; i < 20; i++) queue.add(bea, Uint8Array.of(3), 8)
    expect(takeAll(queue).lastIndexOf(3)).toBeLessThan(48)
  })

  test('a datagram with much work is paid for with the turns of as much', () => {
    const queue = new FairQueue(open)
    for (let i = 0; i < 20; i++) queue.add(ben, Uint8Array.of(2), 800)
    for (let i = 0; i < 100; i++) queue.add(anna, Uint8Array.of(1), 8)
    const order = takeAll(queue)
    expect(order.slice(0, order.lastIndexOf(1)).filter((each) => each === 2)).toHaveLength(1)
    expect(order).toHaveLength(120)
  })

  test('a peer loses what is more than its limit, and while much waits a peer may have eight', () => {
    const queue = new FairQueue({ perPeerMax: 50, bytesMax: 20_000 })
    const taken = (share: typeof ben, count: number): number =>
      Array.from({ length: count }).filter(() => queue.add(share, new Uint8Array(100), 1)).length
    expect(taken(ben, 100)).toBe(50)
    expect(taken(bea, 100)).toBe(8)
    expect(taken(anna, 8)).toBe(8)
    expect(takeAll(queue)).toHaveLength(66)
    expect(taken(anna, 100)).toBe(50)
  })

  function takeAll(queue: FairQueue<typeof ben>): number[] {
    const order: number[] = []
    for (let next = queue.take(); next !== undefined; next = queue.take()) order.push(next.bytes[0] ?? -1)
    return order
  }
})

const cleanUps: (() => void)[] = []

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp()
})

/** A listener whose datagrams wait in `held` while `isHolding`, as they do in the system while a program is busy. */
class HeldListener {
  readonly clock: ManualClock = manualClock()
  readonly held: (() => void)[] = []
  isHolding = false
  readonly network: EnetNetwork
  readonly server: ProbeServer

  constructor() {
    const stack = { ...nodeUdpStack, createSocket: () => this.#socket() }
    this.network = enetNetwork({ clock: this.clock, stack })
    this.server = new ProbeServer(this.network, 'enet://127.0.0.1:0')
    cleanUps.push(() => this.server.listener.close())
  }

  async enter(): Promise<{ peer: RawEnet } & Accepted> {
    await until(() => this.server.isSettled)
    const before = this.server.accepted.length
    const peer = await RawEnet.connected(Number(this.server.address?.split(':')[2]))
    cleanUps.push(() => peer.close())
    await until(() => this.server.accepted.length > before)
    const accepted = this.server.accepted[before]
    if (accepted === undefined) throw new Error('nothing was accepted')
    return { peer, ...accepted }
  }

  /** Holds datagrams until `count` more of them are there. */
  async hold(count: number, say: (i: number) => void): Promise<void> {
    this.isHolding = true
    const before = this.held.length
    for (let i = 0; i < count; i += 50) {
      for (let k = i; k < Math.min(count, i + 50); k++) say(k)
      await until(() => this.held.length >= before + Math.min(count, i + 50))
    }
  }

  /** The program reads so many of them. */
  read(count: number): void {
    for (const datagram of this.held.splice(0, count)) datagram()
  }

  #socket(): UdpSocket {
    const socket = nodeUdpStack.createSocket()
    const on = socket.on.bind(socket) as (event: string, listener: (...args: never[]) => void) => unknown
    socket.on = (event: string, listener: (...args: never[]) => void) => {
      if (event !== 'message') return on(event, listener)
      return on(event, (...args) => {
        if (this.isHolding) this.held.push(() => listener(...args))
        else listener(...args)
      })
    }
    return socket
  }
}

describe('a listener', () => {
  test('handles the one datagram of a peer before the thousand of another, of which it drops most', async () => {
    const listener = new HeldListener()
    const greedy = await listener.enter()
    const honest = await listener.enter()
    const order: string[] = []
    greedy.probe.react = ({ kind }) => void (kind === 'message' && order.push('greedy'))
    honest.probe.react = ({ kind }) => void (kind === 'message' && order.push('honest'))
    await listener.hold(1000, (i) => greedy.peer.say(reliable(0, i + 1)))
    await listener.hold(1, () => honest.peer.say(reliable(0, 1)))
    listener.read(1001)
    await until(() => order.includes('honest'))
    expect(order.indexOf('honest')).toBeLessThanOrEqual(4)
    await until(() => order.length === 257)
    expect(listener.network.stats()['enetDatagramsOverShareTotal']).toBe(1000 - 256)
  })

  test('a turn ends after 10 ms, and what is left has the next one', async () => {
    const listener = new HeldListener()
    const { peer, probe } = await listener.enter()
    await listener.hold(100, (i) => peer.say(reliable(0, i + 1)))
    probe.react = ({ kind }) => void (kind === 'message' && listener.clock.advance(1))
    listener.read(100)
    const seen: number[] = []
    while (probe.messages.length < 100) {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(probe.messages.length - (seen.at(-1) ?? 0))
      if (seen.length > 1000) throw new Error(`handled ${probe.messages.length}`)
    }
    expect(probe.messages.map(({ bytes }) => bytes)).toHaveLength(100)
    let before = 0
    for (const count of seen) {
      expect(count).toBeLessThanOrEqual(before + 10)
      before = count
    }
  })

  test('what waits in the system is read before the library works, for 50 ms', async () => {
    const listener = new HeldListener()
    const { peer, probe } = await listener.enter()
    const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
    await listener.hold(200, (i) => peer.say(reliable(0, i + 1)))
    for (let i = 0; i < 4; i++) {
      listener.read(32)
      await turnOfLoop()
      expect(probe.messages).toHaveLength(0)
    }
    // Fewer than a whole read: nothing else waits.
    listener.read(5)
    await until(() => probe.messages.length === 133)
    for (let i = 0; i < 2; i++) {
      listener.read(32)
      await turnOfLoop()
    }
    expect(probe.messages).toHaveLength(133)
    listener.clock.advance(50)
    await until(() => probe.messages.length === 133 + 64)
  })
})
