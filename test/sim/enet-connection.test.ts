/** What an ENet-like connection does when the network is not kind. */
import { describe, expect, test } from 'vitest'
import type { Delivery } from '../../core/delivery.ts'
import { bytesOf, ConnectionWorld, unreliable, unsequenced, type ConnectionWorldOptions } from './connection-world.ts'

function makeWorld(options: Partial<ConnectionWorldOptions> = {}): ConnectionWorld {
  return new ConnectionWorld({ scheme: 'enet', links: { delayMs: 50 }, ...options })
}

function openWorld(options: Partial<ConnectionWorldOptions> = {}): ConnectionWorld {
  const world = makeWorld(options).dial().advance(1000)
  expect(world.connection.isOpen).toBe(true)
  world.take()
  return world
}

/** Sends it into the void. */
function sendLost(world: ConnectionWorld, text: string, delivery?: Delivery): void {
  world.setLinks({ loss: 1 })
  world.near.send(bytesOf(text), delivery)
  world.setLinks({ loss: 0 })
}

describe('opening and closing', () => {
  test('the client opens after one round trip, the server half a round trip later', () => {
    const world = makeWorld().dial().advance(1000)
    expect(world.log).toEqual(['100 client opened', '150 server opened'])
  })

  test.each([
    ['is given up after the connect timeout', 5_000, '5000 client closed 1006 connect timeout'],
    // 0.5 + 1 + 2 + 4 + 8 + 16 s: the last resend is answered no more than the others.
    ['times out by ENet’s rule where that comes first', 60_000, '31500 client closed 1006 timeout'],
  ])('a dial that nobody answers %s', (_how, connectTimeoutMs, line) => {
    const world = makeWorld({ enet: { connectTimeoutMs } })
    world.server.crash()
    world.dial().advance(60_000)
    expect(world.log).toEqual([line])
    expect(world.network.connections).toEqual([])
    expect(world.ground.queue.depth).toBe(0)
  })

  test('the code travels as disconnect data once everything before it was acknowledged', () => {
    const world = openWorld()
    world.near.send(bytesOf('first'))
    world.near.close(4000, 'no room for a reason')
    world.advance(5000)
    expect(world.log).toEqual([
      '1050 server message first',
      '1150 server closed 4000',
      '1200 client closed 4000 no room for a reason',
    ])
    expect(world.network.connections).toEqual([])
    expect(world.ground.queue.depth).toBe(0)
  })

  test('is cut after a second without an answer, with one more goodbye that nobody repeats', () => {
    const world = openWorld()
    const outage = world.network.paths.partition([world.client], [world.server])
    world.near.send(bytesOf('never acknowledged'))
    world.near.close(4000)
    world.advance(990)
    outage.heal()
    world.advance(1000)
    expect(world.log).toEqual(['2000 client closed 4000', '2050 server closed 4000'])
  })

  test('a cut takes away what the peer’s program has not read', () => {
    const world = openWorld()
    world.server.pause({ durationMs: 3000 })
    world.near.send(bytesOf('unread'))
    world.near.close(4000)
    world.advance(5000)
    expect(world.log).toEqual(['2000 client closed 4000', '4000 server closed 4000'])
  })

  test('the peer times out where the cut is lost too', () => {
    const world = openWorld()
    world.connection.halfOpen()
    world.near.close(4000)
    world.advance(65_000)
    expect(world.heardBy('client')).toEqual(['closed 4000'])
    expect(world.log[0]).toBe('2000 client closed 4000')
    expect(world.heardBy('server')).toEqual(['closed 1006 timeout'])
  })
})

describe('deliveries', () => {
  test('a lost reliable message is sent again, and those behind it on its channel wait, those on others do not', () => {
    const world = openWorld()
    sendLost(world, 'lost')
    world.near.send(bytesOf('behind'))
    world.near.send(bytesOf('elsewhere'), { mode: 'reliable', channel: 1 })
    world.advance(5000)
    expect(world.heardBy('server')).toEqual(['message elsewhere', 'message lost', 'message behind'])
    expect(world.log[0]).toBe('1050 server message elsewhere')
  })

  test('a lost unreliable message is gone', () => {
    const world = openWorld()
    sendLost(world, 'gone', unreliable)
    world.near.send(bytesOf('next'), unreliable)
    world.advance(5000)
    expect(world.heardBy('server')).toEqual(['message next'])
  })

  test('a late unreliable message is dropped, a late unsequenced one is not', () => {
    const world = openWorld()
    const link = world.network.paths.link(world.client, world.server)
    for (const delivery of [unreliable, unsequenced]) {
      world.near.send(bytesOf(`${delivery.mode} 1`), delivery)
      link.set({ reorder: 1 })
      world.near.send(bytesOf(`${delivery.mode} 2`), delivery)
      link.set({ reorder: 0 })
    }
    world.advance(1000)
    expect(world.heardBy('server')).toEqual(['message unreliable 2', 'message unsequenced 2', 'message unsequenced 1'])
  })

  test('no unreliable message overtakes an earlier reliable one of its channel', () => {
    const world = openWorld()
    sendLost(world, 'reliable 1')
    world.near.send(bytesOf('unreliable 1'), unreliable)
    world.near.send(bytesOf('unreliable 2'), unreliable)
    world.near.send(bytesOf('reliable 2'))
    world.near.send(bytesOf('unreliable 3'), unreliable)
    world.near.send(bytesOf('free'), unsequenced)
    world.advance(5000)
    expect(world.heardBy('server')).toEqual([
      'message free',
      'message reliable 1',
      'message unreliable 1',
      'message unreliable 2',
      'message reliable 2',
      'message unreliable 3',
    ])
  })

  test('an unreliable message that a later reliable one has overtaken is dropped', () => {
    const world = openWorld()
    const link = world.network.paths.link(world.client, world.server)
    world.near.send(bytesOf('late'), unreliable)
    link.set({ reorder: 1 })
    world.near.send(bytesOf('reliable'))
    world.advance(1000)
    expect(world.heardBy('server')).toEqual(['message reliable'])
  })

  test('duplicates are heard of unsequenced messages only', () => {
    const world = openWorld()
    world.setLinks({ duplicate: 1 })
    world.near.send(bytesOf('reliable'))
    world.near.send(bytesOf('unreliable'), unreliable)
    world.near.send(bytesOf('unsequenced'), unsequenced)
    world.advance(1000)
    expect(world.heardBy('server')).toEqual([
      'message reliable',
      'message unreliable',
      'message unsequenced',
      'message unsequenced',
    ])
  })

  test('a large unreliable message goes as reliable fragments and arrives with its own delivery', () => {
    const world = openWorld()
    const deliveries: Delivery[] = []
    world.setLinks({ loss: 0.3 })
    world.server.network.listen('enet://server:5000', () => ({
      opened: () => undefined,
      message: (bytes, delivery) => {
        expect(bytes.length).toBe(10_000)
        deliveries.push(delivery)
      },
      closed: () => undefined,
    }))
    const connection = world.client.network.connect('enet://server:5000', {
      opened: () => connection.send(new Uint8Array(10_000), { mode: 'unreliable', channel: 3 }),
      message: () => undefined,
      closed: () => undefined,
    })
    world.advance(20_000)
    expect(deliveries).toEqual([{ mode: 'unreliable', channel: 3 }])
  })

  test('what exceeds the window waits, and drained says when it has left', () => {
    const world = openWorld()
    for (let count = 0; count < 200; count++) world.near.send(new Uint8Array(1000))
    expect(world.near.bufferedBytes).toBeGreaterThan(130_000)
    world.advance(2000)
    expect(world.heardBy('server')).toHaveLength(200)
    expect(world.near.bufferedBytes).toBe(0)
    expect(world.heardBy('client')).toEqual(['drained'])
  })
})

describe('faults', () => {
  test('both ends of a silent connection time out by their pings, between 5 and 30 s', () => {
    const world = openWorld()
    world.advance(20_000)
    world.take()
    world.connection.halfOpen()
    world.advance(60_000)
    expect(world.heardBy('client')).toEqual(['closed 1006 timeout'])
    expect(world.heardBy('server')).toEqual(['closed 1006 timeout'])
    for (const line of world.log) {
      expect(parseFloat(line) - 21_000).toBeGreaterThan(5000)
      expect(parseFloat(line) - 21_000).toBeLessThan(31_000)
    }
    expect(world.ground.queue.depth).toBe(0)
  })

  test('an idle connection stays open for an hour', () => {
    const world = openWorld()
    world.advance(3_600_000)
    expect(world.log).toEqual([])
    expect(world.connection.isOpen).toBe(true)
  })

  test('a reset tells nobody: both peers time out', () => {
    const world = openWorld()
    world.connection.reset('client')
    world.advance(29_000)
    expect(world.log).toEqual([])
    world.advance(35_000)
    expect(world.heardBy('client')).toEqual(['closed 1006 timeout'])
    expect(world.heardBy('server')).toEqual(['closed 1006 timeout'])
  })

  test('the end of a stream is nothing to a peer without streams', () => {
    const world = openWorld()
    world.connection.halfClose('client')
    world.near.send(bytesOf('still here'))
    world.advance(5000)
    expect(world.log).toEqual(['1050 server message still here'])
  })

  test('a server that has rebooted ignores its old peers until they time out', () => {
    const world = openWorld()
    world.server.crash({ connections: 'reset' })
    world.server.restart()
    world.near.send(bytesOf('hello'))
    world.advance(40_000)
    expect(world.heardBy('client')).toEqual(['closed 1006 timeout'])
    expect(world.heardBy('server2')).toEqual([])
  })

  test('a paused program acknowledges nothing: a short pause is survived, a long one is a timeout', () => {
    const short = openWorld()
    short.server.pause({ durationMs: 3000 })
    short.near.send(bytesOf('patience'))
    short.advance(20_000)
    expect(short.log).toEqual(['4000 server message patience'])
    expect(short.connection.isOpen).toBe(true)

    const long = openWorld()
    long.server.pause({ durationMs: 40_000 })
    long.near.send(bytesOf('too long'))
    long.advance(39_000)
    expect(long.heardBy('client')).toEqual(['closed 1006 timeout'])
  })

  test('a change of address silences the old peer', () => {
    const world = openWorld()
    world.client.changeAddress('192.0.2.7')
    world.near.send(bytesOf('x'))
    world.advance(40_000)
    expect(world.heardBy('server')).toEqual(['closed 1006 timeout'])
    expect(world.heardBy('client')).toEqual(['closed 1006 timeout'])
  })

  test('a reader that is slow for long has its peer’s messages dropped, and gets the reliable ones when it reads on', () => {
    const world = openWorld({ enet: { receiveBufferBytes: 10_000 } })
    world.connection.setReading('client', false)
    for (let count = 0; count < 20; count++) world.far.send(new Uint8Array(1000))
    world.advance(2000)
    expect(world.log).toEqual([])
    world.connection.setReading('client', true)
    world.advance(10_000)
    expect(world.heardBy('client')).toHaveLength(20)
  })
})
