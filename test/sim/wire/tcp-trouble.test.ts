/** What the simulated TCP makes of single segments that are lost, late or doubled, and of peers that are. */
import { describe, expect, test } from 'vitest'
import type { Link } from '../../../sim/index.ts'
import { collect, WireStacks } from './wire-stacks.ts'

const LONG = Buffer.alloc(300_000, 'overworld ')
const MINUTES_MS = 60_000

/** Loses the packets with these numbers, counted from now on. */
function lose(link: Link, ...ordinals: readonly number[]): void {
  let count = 0
  link.addRule({ judge: () => (ordinals.includes(++count) ? -1 : 0) })
}

describe('opening', () => {
  test('an answer that is lost is sent again after 1 s', async () => {
    const world = new WireStacks()
    world.listen()
    lose(world.network.paths.link(world.server, world.client), 1)
    world.dial()
    await world.advance(3000)
    // The client says it again at the same time, which brings another.
    expect(world.diary[0]).toBe('1020 client connect')
  })

  test('whose last acknowledgement is lost is finished by the first data', async () => {
    const world = new WireStacks()
    const accepted = world.listen()
    lose(world.network.paths.link(world.client, world.server), 2)
    const near = world.dial()
    await world.advance(100)
    expect(accepted).toHaveLength(0)
    near.write('hello')
    await world.advance(15)
    expect(accepted).toHaveLength(1)
    expect(world.diary).toEqual(['20 client connect', '110 server data hello'])
  })

  test('a SYN that comes late opens nothing a second time', async () => {
    const world = new WireStacks()
    const up = world.network.paths.link(world.client, world.server)
    up.set({ duplicate: 1 })
    const accepted = world.listen((socket) => void socket.resetAndDestroy())
    world.dial()
    up.set({ duplicate: 0 })
    // What the server says of its reset is lost: the client goes on believing that it is connected.
    await world.advance(20)
    world.network.paths.partition([world.server], [world.client], 'one-way')
    await world.advance(10 * MINUTES_MS)
    expect(accepted).toHaveLength(1)
    expect(world.stacksOf(world.server).tcp.openSockets).toBe(0)
  })
})

describe('a window that is closed', () => {
  test('is asked after ever more rarely, for as long as the peer answers', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    far.pause()
    near.write(LONG)
    await world.advance(5000)
    const up = world.network.paths.link(world.client, world.server)
    const before = up.packetCount
    await world.advance(60 * MINUTES_MS)
    expect(near.destroyed).toBe(false)
    // A probe a minute, as the longest time to wait is one.
    expect(up.packetCount - before).toBeGreaterThan(55)
    expect(up.packetCount - before).toBeLessThan(75)
  })

  test('behind which nobody answers any more breaks the connection after the user timeout', async () => {
    const world = new WireStacks({ stream: { userTimeoutMs: 20_000 } })
    const { near, far } = await world.connected()
    far.pause()
    near.write(LONG)
    await world.advance(5000)
    world.network.connectionsOf(world.client)[0]?.halfOpen()
    await world.advance(10 * MINUTES_MS)
    expect(near.destroyed).toBe(true)
    expect(world.diary.filter((line) => line.includes('client')).at(-2)).toContain('client error ETIMEDOUT')
  })

  test('does not count as a loss: once there is room again, all that may be under way is', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    const heard = collect(far)
    far.pause()
    near.write(LONG)
    await world.advance(30_000)
    const beforeBytes = heard.bytes.length
    far.resume()
    // Its 64 KiB at once, then a window each 20 ms.
    await world.advance(100)
    expect(heard.bytes.length - beforeBytes).toBeGreaterThan(200_000)
  })
})

test('a path that becomes a hundred times slower is not flooded with what is only late', async () => {
  const world = new WireStacks()
  const { near, far } = await world.connected()
  const heard = collect(far)
  world.setLinks({ rateBytesPerSecond: 1000, limitPackets: 1000 })
  const up = world.network.paths.link(world.client, world.server)
  const before = up.packetCount
  near.write(LONG.subarray(0, 60_000))
  // It takes a minute and 42 segments at best.
  await world.advance(100_000)
  expect(heard.bytes.length).toBe(60_000)
  expect(up.packetCount - before).toBeLessThan(70)
})

describe('closing', () => {
  test('an end that is lost is sent again', async () => {
    const world = new WireStacks()
    const { near } = await world.connected()
    lose(world.network.paths.link(world.client, world.server), 1)
    near.end()
    await world.advance(1000)
    expect(world.diary[0]).toBe('310 server end')
  })

  test('both ends at once are each acknowledged, and nothing is left', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    near.end('a')
    far.end('b')
    await world.advance(1000)
    expect(world.diary.sort()).toEqual([
      '110 client close',
      '110 client data b',
      '110 client end',
      '110 server close',
      '110 server data a',
      '110 server end',
    ])
    expect(world.network.connectionsOf(world.client)).toEqual([])
  })

  test('whose last acknowledgement is lost is answered again, by a side that has long been done', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    far.on('end', () => far.end())
    // What the client says: its end, and then that it has heard the other one.
    lose(world.network.paths.link(world.client, world.server), 2)
    near.end()
    await world.advance(5000)
    expect(world.diary.filter((line) => line.includes('error'))).toEqual([])
    expect(world.network.connectionsOf(world.client)).toEqual([])
  })

  test('what was written before a socket was let go of arrives, even where that takes minutes', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    const heard = collect(far)
    let hasEnded = false
    far.on('end', () => (hasEnded = true))
    world.setLinks({ rateBytesPerSecond: 500, limitPackets: 1000 })
    near.write(LONG.subarray(0, 60_000))
    near.destroySoon()
    await world.advance(100)
    expect(near.destroyed).toBe(true)
    await world.advance(5 * MINUTES_MS)
    expect([heard.bytes.length, hasEnded]).toEqual([60_000, true])
  })

  test('who let go of a socket whose peer never reads is not kept for ever', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    far.pause()
    near.write(LONG.subarray(0, 100_000))
    await world.advance(1000)
    near.destroy()
    await world.advance(5 * MINUTES_MS)
    far.destroy()
    await world.advance(5 * MINUTES_MS)
    expect(world.network.connectionsOf(world.client)).toEqual([])
    expect(world.ground.queue.depth).toBe(0)
  })

  test('a reset that finds something unread is no end: who has not read it all hears that it broke', async () => {
    const world = new WireStacks()
    const { near } = await world.connected()
    world.server.pause({ durationMs: 100 })
    near.write('this is')
    near.end(' all')
    await world.advance(20)
    world.network.connectionsOf(world.client)[0]?.reset('server')
    await world.advance(1000)
    expect(world.diary.filter((line) => line.includes('server'))).toEqual([
      '200 server error ECONNRESET',
      '200 server close',
    ])
  })
})
