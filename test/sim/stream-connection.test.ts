/** What a WebSocket-like connection does when the network is not kind. */
import { describe, expect, test } from 'vitest'
import { bytesOf, ConnectionWorld, type ConnectionWorldOptions } from './connection-world.ts'

function makeWorld(options: Partial<ConnectionWorldOptions> = {}): ConnectionWorld {
  return new ConnectionWorld({ scheme: 'ws', links: { delayMs: 50 }, ...options })
}

function openWorld(options: Partial<ConnectionWorldOptions> = {}): ConnectionWorld {
  const world = makeWorld(options).dial().advance(1000)
  expect(world.connection.isOpen).toBe(true)
  world.take()
  return world
}

describe('opening', () => {
  test('takes the client two round trips; the server meets it half a round trip earlier', () => {
    const world = makeWorld().dial().advance(1000)
    expect(world.log).toEqual(['150 server opened', '200 client opened'])
  })

  test('is refused after one round trip where nobody listens', () => {
    const world = makeWorld()
    world.client.network.connect('ws://server:9/ws', {
      opened: () => world.log.push('opened'),
      message: () => undefined,
      closed: (code) => world.log.push(`${world.nowMs} ${code}`),
    })
    world.advance(1000)
    expect(world.log).toEqual(['100 1006'])
    expect(world.network.connections).toEqual([])
  })

  test('is given up after the connect timeout where no machine answers', () => {
    const world = makeWorld()
    world.server.crash()
    world.dial().advance(60_000)
    expect(world.log).toEqual(['15000 client closed 1006 connect timeout'])
    expect(world.ground.queue.depth).toBe(0)
  })

  test('tries again, 1 and 3 seconds later, when the first packet is lost', () => {
    const world = makeWorld()
    const outage = world.network.paths.partition([world.client], [world.server])
    world.dial().advance(2000)
    outage.heal()
    world.advance(5000)
    expect(world.heardBy('client')).toEqual(['opened'])
    expect(world.log[1]).toBe('3200 client opened')
  })

  test('fails by name where there is no such host', () => {
    const world = makeWorld()
    world.client.network.connect('ws://nowhere/ws', {
      opened: () => undefined,
      message: () => undefined,
      closed: (code, reason) => world.log.push(`${code} ${reason}`),
    })
    expect(world.log).toEqual([])
    world.advance(0)
    expect(world.log).toEqual(['1006 host not found'])
  })

  test('a server may never know of a client that opened: its end is half a connection', () => {
    // The client's request arrives, the answer does not: the server is open, the client waits.
    const world = makeWorld().dial().advance(149)
    world.connection.cut('server')
    world.advance(30_000)
    expect(world.heardBy('server')[0]).toBe('opened')
    // TCP's handshake is done, so that only its program's own patience can end this.
    expect(world.heardBy('client')).toEqual([])
    world.near.close(4000)
    world.advance(0)
    expect(world.heardBy('client')).toEqual(['closed 4000'])
  })

  test('a connection that the client abandons while it dials breaks at the server', () => {
    const world = makeWorld().dial().advance(160)
    world.near.close(4000, 'never mind')
    world.advance(1000)
    expect(world.log).toEqual(['150 server opened', '160 client closed 4000 never mind', '210 server closed 1006'])
    expect(world.network.connections).toEqual([])
  })
})

describe('loss', () => {
  test('is a stall: the message comes late, and those behind it wait', () => {
    const world = openWorld()
    world.setLinks({ loss: 1 })
    world.near.send(bytesOf('lost'))
    world.setLinks({ loss: 0 })
    world.near.send(bytesOf('behind'))
    world.advance(2000)
    // A round trip of 100 ms gives a timeout of some 200 to 300 ms.
    const [lost = '', behind = ''] = world.log
    expect(lost).toMatch(/ server message lost$/)
    expect(behind).toBe(lost.replace('lost', 'behind'))
    expect(parseFloat(lost)).toBeGreaterThanOrEqual(1000 + 50 + 200)
    expect(parseFloat(lost)).toBeLessThan(1000 + 50 + 400)
  })

  test('is found after one round trip when three later messages arrive', () => {
    const world = openWorld()
    world.setLinks({ loss: 1 })
    world.near.send(bytesOf('lost'))
    world.setLinks({ loss: 0 })
    for (const text of ['a', 'b', 'c']) world.near.send(bytesOf(text))
    world.advance(2000)
    expect(world.log.map((line) => parseFloat(line))).toEqual([1150, 1150, 1150, 1150])
    expect(world.heardBy('server')).toEqual(['message lost', 'message a', 'message b', 'message c'])
  })

  test('of every packet makes retransmissions back off, up to the limit that can be changed meanwhile', () => {
    const world = openWorld({ stream: { userTimeoutMs: 1_000_000 } })
    world.setLinks({ loss: 1 })
    const link = world.network.paths.link(world.client, world.server)
    world.near.send(bytesOf('x'))
    const sendings: number[] = []
    for (let count = link.packetCount; world.nowMs < 200_000; count = link.packetCount) {
      while (link.packetCount === count && world.nowMs < 200_000) world.advance(1)
      if (link.packetCount > count) sendings.push(world.nowMs)
    }
    const pauses = sendings.slice(1).map((atMs, index) => atMs - (sendings[index] ?? 0))
    for (const [index, pause] of pauses.slice(1).entries()) {
      const previous = pauses[index] ?? 0
      expect(pause).toBeGreaterThanOrEqual(Math.min(previous * 2 - 2, 59_000))
    }
    expect(Math.max(...pauses)).toBeGreaterThan(25_000)
    world.setLinks({ loss: 0 })
    world.network.configure({ stream: { retransmitTimeoutMsMax: 1000 } })
    const healedMs = world.nowMs
    world.advance(1100)
    expect(world.heardBy('server')).toEqual(['message x'])
    expect(parseFloat(world.log[0] ?? '')).toBeLessThanOrEqual(healedMs + 1050)
  })

  test('that lasts for the user timeout breaks the sender’s side only', () => {
    const world = openWorld({ stream: { userTimeoutMs: 10_000 } })
    world.connection.halfOpen()
    world.near.send(bytesOf('into the void'))
    world.advance(60_000)
    expect(world.log).toHaveLength(1)
    expect(world.log[0]).toMatch(/^11\d{3}(\.\d+)? client closed 1006 timeout$/)
    expect(world.connection.end('server')?.isOpen).toBe(true)
  })

  test('of acknowledgements alone is harmless in the end: the message arrives once', () => {
    const world = openWorld()
    world.network.paths.link(world.server, world.client).set({ loss: 1 })
    world.near.send(bytesOf('once'))
    world.advance(5000)
    world.network.paths.link(world.server, world.client).set({ loss: 0 })
    world.advance(20_000)
    expect(world.log).toEqual(['1050 server message once'])
    expect(world.near.bufferedBytes).toBe(0)
    world.far.send(bytesOf('back'))
    world.advance(1000)
    expect(world.heardBy('client')).toEqual(['message back'])
  })
})

describe('closing', () => {
  test('comes after what was sent, and is answered with its code', () => {
    const world = openWorld()
    world.near.send(bytesOf('first'))
    world.near.close(4000, 'done')
    world.advance(5000)
    expect(world.log).toEqual([
      '1050 server message first',
      '1100 client closed 4000 done',
      '1150 server closed 4000 done',
    ])
    expect(world.network.connections).toEqual([])
    expect(world.ground.queue.depth).toBe(0)
  })

  test('is cut after a second without an answer', () => {
    const world = openWorld()
    world.connection.halfOpen()
    world.near.close(4000)
    world.advance(5000)
    expect(world.log).toEqual(['2000 client closed 4000'])
  })

  test('the server still hears messages of a connection that its client has abandoned', () => {
    const world = openWorld()
    world.network.paths.link(world.client, world.server).set({ delayMs: 3000 })
    world.near.send(bytesOf('late'))
    world.near.close(4000)
    world.advance(5000)
    expect(world.log).toEqual(['2000 client closed 4000', '4000 server message late', '5000 server closed 4000'])
  })

  test('the system of a program that has let go still sends its goodbye again, for a minute', () => {
    const world = openWorld()
    const outage = world.network.paths.partition([world.client], [world.server])
    world.near.send(bytesOf('last words'))
    world.near.close(4000)
    world.advance(20_000)
    outage.heal()
    world.advance(30_000)
    expect(world.log[0]).toBe('2000 client closed 4000')
    expect(world.heardBy('server')).toEqual(['message last words', 'closed 4000'])
    expect(world.network.connections).toEqual([])
  })

  test.each([
    [true, 'leaves its system behind'],
    [false, 'resets the connection if something was unread'],
  ])('a program that reads (%s) and lets go %s', (isReading) => {
    const world = openWorld()
    const { connection } = world
    connection.setReading('client', isReading)
    world.far.send(bytesOf('read me'))
    world.network.paths.link(world.server, world.client).set({ delayMs: 3000 })
    world.near.close(4000)
    world.advance(1010)
    expect(world.heardBy('client')).toContain('closed 4000')
    expect(connection.end('client')?.isGone).toBe(!isReading)
  })

  test('what comes for a program that has let go is refused', () => {
    const world = openWorld()
    world.connection.cut('client')
    world.near.close(4000)
    world.advance(2000)
    expect(world.take()).toEqual(['2000 client closed 4000'])
    world.far.send(bytesOf('anybody there?'))
    world.advance(5000)
    // The reset is lost too: the server finds out when its patience is over.
    expect(world.log).toEqual([])
    expect(world.connection.end('client')?.isGone).toBe(true)
  })

  test('who was said goodbye to waits two seconds for the end of the stream, and then for nobody', () => {
    const world = openWorld()
    world.near.close(4000)
    world.advance(60)
    world.connection.cut('client')
    world.advance(5000)
    expect(world.log).toEqual(['1100 client closed 4000', '3050 server closed 4000'])
  })

  test('who was said goodbye to can say nothing more, and its own close counts if it comes before the end', () => {
    const world = openWorld()
    world.near.close(4000)
    world.advance(70)
    world.far.send(bytesOf('wait'))
    world.far.close(4500)
    world.advance(5000)
    expect(world.log).toEqual(['1100 client closed 4000', '1150 server closed 4500'])
  })

  test('by both at once takes each a round trip, and each keeps its own code', () => {
    const world = openWorld()
    world.near.close(4000)
    world.far.close(4500)
    world.advance(5000)
    expect(world.log).toEqual(['1100 client closed 4000', '1100 server closed 4500'])
    expect(world.ground.queue.depth).toBe(0)
  })
})

describe('a stream that ends without a goodbye', () => {
  test('closes its peer with 1006 after what was sent before, and then itself', () => {
    const world = openWorld()
    world.near.send(bytesOf('before'))
    world.connection.halfClose('client')
    world.advance(0)
    world.near.send(bytesOf('after'))
    world.advance(5000)
    expect(world.log).toEqual(['1050 server message before', '1050 server closed 1006', '1100 client closed 1006'])
    expect(world.network.connections).toEqual([])
  })

  test('is sent again when it is lost', () => {
    const world = openWorld()
    const link = world.network.paths.link(world.server, world.client)
    link.set({ loss: 1 })
    world.connection.halfClose('server')
    world.advance(100)
    link.set({ loss: 0 })
    world.advance(5000)
    expect(world.heardBy('client')).toEqual(['closed 1006'])
    expect(world.heardBy('server')).toEqual(['closed 1006'])
  })

  test('is noticed by a slow reader once it has read what came before', () => {
    const world = openWorld()
    world.connection.setReading('server', false)
    world.near.send(bytesOf('one'))
    world.connection.halfClose('client')
    world.advance(10_000)
    expect(world.log).toEqual([])
    world.connection.setReading('server', true)
    world.advance(1000)
    expect(world.heardBy('server')).toEqual(['message one', 'closed 1006'])
  })

  test('waits for what its peer has still to send', () => {
    const world = openWorld()
    world.setLinks({ rateBytesPerSecond: 100_000 })
    for (let count = 0; count < 200; count++) world.far.send(new Uint8Array(1000))
    world.connection.halfClose('client')
    world.advance(500)
    expect(world.heardBy('server')).toEqual([])
    world.advance(20_000)
    expect(world.heardBy('client').filter((line) => line.startsWith('message'))).toHaveLength(200)
    expect(world.heardBy('client').at(-1)).toBe('closed 1006')
    expect(world.heardBy('server')).toEqual(['closed 1006'])
  })
})

describe('a reset', () => {
  test('breaks the other side when the packet arrives', () => {
    const world = openWorld()
    world.connection.reset('client')
    world.advance(1000)
    expect(world.log).toEqual(['1000 client closed 1006 reset', '1050 server closed 1006 reset'])
    expect(world.network.connections).toEqual([])
  })

  test('that is lost leaves the other side half-open until it sends something', () => {
    const world = openWorld()
    const link = world.network.paths.link(world.client, world.server)
    link.set({ loss: 1 })
    world.connection.reset('client')
    world.advance(10_000)
    link.set({ loss: 0 })
    expect(world.log).toEqual(['1000 client closed 1006 reset'])
    world.far.send(bytesOf('are you there?'))
    world.advance(1000)
    expect(world.log[1]).toBe('11100 server closed 1006 reset')
  })

  test('loses what was not read yet on both sides', () => {
    const world = openWorld()
    const { connection } = world
    connection.setReading('server', false)
    world.near.send(bytesOf('unread'))
    world.client.pause()
    world.far.send(bytesOf('unread too'))
    world.advance(100)
    connection.reset('client')
    world.advance(100)
    connection.setReading('server', true)
    world.client.resume()
    world.advance(1000)
    expect(world.log).toEqual(['1150 server closed 1006 reset', '1200 client closed 1006 reset'])
  })
})

describe('faults', () => {
  test('a half-open connection is silent at both ends, and neither is told', () => {
    const world = openWorld({ stream: { userTimeoutMs: 1_000_000 } })
    world.connection.halfOpen()
    for (const end of [world.near, world.far]) end.send(bytesOf('hello?'))
    world.advance(300_000)
    expect(world.log).toEqual([])
  })

  test('a one-way cut loses one direction and leaves the other', () => {
    const world = openWorld({ stream: { userTimeoutMs: 1_000_000 } })
    world.connection.cut('client')
    world.near.send(bytesOf('never'))
    world.far.send(bytesOf('arrives'))
    world.advance(60_000)
    expect(world.log).toEqual(['1050 client message arrives'])
  })

  test('a change of address leaves the old connection half-open; a new one comes from the new address', () => {
    const world = openWorld({ stream: { userTimeoutMs: 1_000_000 } })
    const oldAddress = world.far.remoteAddress
    world.client.changeAddress('192.0.2.7')
    world.near.send(bytesOf('from nowhere'))
    world.advance(10_000)
    expect(world.log).toEqual([])
    expect(world.far.remoteAddress).toBe(oldAddress)
    world.dial().advance(1000)
    expect(world.far.remoteAddress).toBe('192.0.2.7')
    expect(world.heardBy('server')).toEqual(['opened'])
  })

  test('after a silent crash the peer learns nothing; after the reboot its next message is answered with a reset', () => {
    const world = openWorld()
    world.server.crash({ connections: 'silent' })
    world.advance(5000)
    expect(world.log).toEqual([])
    world.server.restart()
    world.near.send(bytesOf('still there?'))
    world.advance(1000)
    expect(world.log).toEqual(['6100 client closed 1006 reset'])
  })

  test('after a crash of the program alone its system resets the connection', () => {
    const world = openWorld()
    world.server.crash({ connections: 'reset' })
    world.advance(1000)
    expect(world.log).toEqual(['1050 client closed 1006 reset'])
  })

  test.each([
    // The message waits in the system for the program.
    ['process', 6000, 6000],
    // It is lost, and sent again once in a while.
    ['machine', 6050, 12_000],
  ] as const)('a paused %s hears the message when it is back', (what, fromMs, toMs) => {
    const world = openWorld()
    world.server.pause({ durationMs: 5000, what })
    world.near.send(bytesOf('wake up'))
    world.advance(20_000)
    expect(world.heardBy('server')).toEqual(['message wake up'])
    const atMs = parseFloat(world.log[0] ?? '')
    expect(atMs).toBeGreaterThanOrEqual(fromMs)
    expect(atMs).toBeLessThanOrEqual(toMs)
  })
})

describe('keep-alive', () => {
  const stream = { keepAliveMs: 10_000, keepAliveIntervalMs: 2_000, keepAliveProbes: 2 }

  test('is off by default: an idle connection to nobody lives for ever', () => {
    const world = openWorld()
    world.connection.halfOpen()
    world.advance(10_000_000)
    expect(world.log).toEqual([])
  })

  test('closes with 1006 after so many probes in vain', () => {
    const world = openWorld({ stream })
    world.connection.cut('server')
    world.advance(60_000)
    // The client heard the server last at 200 ms; its two probes arrive and their answers do not.
    expect(world.log).toEqual(['14200 client closed 1006 timeout', '26250 server closed 1006 timeout'])
  })

  test('learns from a machine that has rebooted that it knows of no connection', () => {
    const world = openWorld({ stream })
    world.server.crash({ connections: 'silent' })
    world.server.restart()
    world.advance(60_000)
    expect(world.log).toEqual(['10300 client closed 1006 reset'])
  })

  test('is put off by whatever is heard', () => {
    const world = openWorld({ stream })
    for (let count = 0; count < 12; count++) {
      world.far.send(bytesOf('tick'))
      world.advance(1000)
    }
    const link = world.network.paths.link(world.client, world.server)
    const before = link.packetCount
    // Last at 12.05 s.
    world.advance(9_049)
    expect(link.packetCount).toBe(before)
    world.advance(1)
    expect(link.packetCount).toBe(before + 1)
  })

  test('can be switched on, and off again, while a connection lives', () => {
    const world = openWorld()
    world.connection.halfOpen()
    world.network.configure({ stream })
    world.advance(5_000)
    world.network.configure({ stream: { keepAliveMs: 0 } })
    world.advance(60_000)
    expect(world.log).toEqual([])
    world.network.configure({ stream })
    world.advance(60_000)
    expect(world.heardBy('client')).toEqual(['closed 1006 timeout'])
    expect(world.heardBy('server')).toEqual(['closed 1006 timeout'])
  })

  test('needs no timer once everybody has gone', () => {
    const world = openWorld({ stream })
    world.near.close(4000)
    world.advance(5000)
    expect(world.ground.queue.depth).toBe(0)
  })
})

describe('a slow reader', () => {
  test('makes the sender buffer once both systems are full; everything arrives in order when it reads on', () => {
    const world = openWorld()
    world.connection.setReading('client', false)
    const message = new Uint8Array(1000)
    for (let count = 0; count < 400; count++) {
      world.far.send(message)
      world.advance(20)
    }
    expect(world.log).toEqual([])
    // 400 kB were sent; the receiver's system took 64 KiB, the sender's another 64 KiB.
    expect(world.far.bufferedBytes).toBeGreaterThan(260_000)
    expect(world.far.bufferedBytes).toBeLessThan(280_000)
    world.connection.setReading('client', true)
    world.advance(20_000)
    expect(world.heardBy('client').filter((line) => line === 'message of 1000 bytes')).toHaveLength(400)
    expect(world.heardBy('server')).toEqual(['drained'])
    expect(world.far.bufferedBytes).toBe(0)
  })

  test('learns of the end only after what it has not read', () => {
    const world = openWorld()
    world.connection.setReading('client', false)
    world.far.send(bytesOf('one'))
    world.advance(500)
    world.far.send(bytesOf('two'))
    world.far.close(4500)
    world.advance(100)
    expect(world.log).toEqual([])
    world.connection.setReading('client', true)
    world.advance(100)
    expect(world.heardBy('client')).toEqual(['message one', 'message two', 'closed 4500'])
  })
})

test('a machine that slept does not go on dialling what was given up meanwhile', () => {
  const world = makeWorld({ stream: { connectTimeoutMs: 3_000 } })
  world.server.crash()
  world.dial().advance(500)
  world.client.pause({ what: 'machine', durationMs: 5_000 })
  world.advance(60_000)
  expect(world.heardBy('client')).toEqual(['closed 1006 connect timeout'])
  expect(world.ground.queue.depth).toBe(0)
})

test('a bottleneck shows in the time that a large message takes', () => {
  const world = openWorld({ links: { delayMs: 50 } })
  world.setLinks({ rateBytesPerSecond: 100_000 })
  world.near.send(new Uint8Array(200_000))
  world.advance(20_000)
  expect(world.heardBy('server')).toEqual(['message of 200000 bytes'])
  expect(parseFloat(world.log.find((line) => line.includes('server message')) ?? '')).toBeGreaterThan(1000 + 2050)
})

test('a small buffer in front of a bottleneck loses packets, and the stream slows down instead of failing', () => {
  const world = openWorld({ links: { delayMs: 20 } })
  world.setLinks({ rateBytesPerSecond: 200_000, limitPackets: 10 })
  for (let index = 0; index < 300; index++) world.near.send(new Uint8Array(1000))
  world.advance(60_000)
  expect(world.heardBy('server')).toHaveLength(300)
})

test('what a path drops for its size never arrives, however often it is sent again', () => {
  const world = openWorld({ stream: { userTimeoutMs: 10_000 } })
  world.setLinks({ mtuBytes: 1000 })
  world.near.send(bytesOf('small'))
  world.near.send(new Uint8Array(5000))
  world.advance(60_000)
  expect(world.heardBy('server')).toEqual(['message small'])
  expect(world.heardBy('client')).toEqual(['closed 1006 timeout'])
})
