/** The simulated TCP: what a program on Node's `net` would meet. Links take 10 ms each way. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collect, WireStacks } from './wire-stacks.ts'

const LONG = Buffer.alloc(300_000, 'overworld ')

describe('opening', () => {
  test('the client is connected after one round trip, the server after one and a half', async () => {
    const world = new WireStacks()
    world.listen((socket) => void world.diary.push(`${world.nowMs} server accepts from ${socket.remoteAddress}`))
    world.dial()
    await world.advance(1000)
    expect(world.diary).toEqual(['20 client connect', `30 server accepts from ${world.client.address}`])
  })

  test('a port where nobody listens refuses', async () => {
    const world = new WireStacks()
    world.dial(81)
    await world.advance(1000)
    expect(world.diary).toEqual(['20 client error ECONNREFUSED', '20 client close'])
  })

  test('a name that nobody has is not found', async () => {
    const world = new WireStacks()
    world.dial(80, 'nowhere')
    await world.advance(10)
    expect(world.diary).toEqual(['0 client error ENOTFOUND', '0 client close'])
  })

  test('a machine that is off lets the dial run into its timeout', async () => {
    const world = new WireStacks({ stream: { connectTimeoutMs: 7000 } })
    world.server.crash()
    world.dial()
    await world.advance(60_000)
    expect(world.diary).toEqual(['7000 client error ETIMEDOUT', '7000 client close'])
  })

  test('a SYN that is lost is sent again after 1 s, then after 2 s more', async () => {
    const world = new WireStacks()
    world.listen()
    const outage = world.network.paths.partition([world.client], [world.server])
    world.dial()
    await world.advance(1500)
    outage.heal()
    await world.advance(2000)
    expect(world.diary[0]).toBe('3020 client connect')
  })

  test('a port is taken once', async () => {
    const world = new WireStacks()
    world.listen()
    world.listen()
    await world.advance(1)
    expect(world.diary).toEqual(['listen port 80 is in use: choose another'])
  })

  test('connecting to a machine that is paused succeeds, and its program hears of it afterwards', async () => {
    const world = new WireStacks()
    const accepted = world.listen()
    await world.advance(1)
    world.server.pause({ durationMs: 500 })
    world.dial()
    await world.advance(400)
    expect(world.diary).toEqual(['21 client connect'])
    expect(accepted).toHaveLength(0)
    await world.advance(200)
    expect(accepted).toHaveLength(1)
  })
})

describe('data', () => {
  test('arrives after one crossing, in both directions', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    near.write('up')
    far.write('down')
    await world.advance(50)
    expect(world.diary.sort()).toEqual(['110 client data down', '110 server data up'])
  })

  test('that is large arrives whole, and takes more round trips as the congestion window has to grow', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    const heard = collect(far)
    near.write(LONG)
    await world.advance(15)
    expect(heard.bytes.length).toBe(10 * 1460)
    await world.advance(1000)
    expect(heard.bytes.equals(LONG)).toBe(true)
  })

  test('that is lost is sent again after the retransmission timeout, and what follows waits for it', async () => {
    const world = new WireStacks()
    const { near } = await world.connected()
    const outage = world.network.paths.partition([world.client], [world.server], 'one-way')
    near.setNoDelay().write('first')
    await world.advance(10)
    outage.heal()
    near.write('second')
    await world.advance(500)
    expect(world.diary).toEqual(['310 server data firstsecond'])
  })

  test('that is lost among much else is sent again after three repeated acknowledgements', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    const heard = collect(far)
    let count = 0
    const link = world.network.paths.link(world.client, world.server)
    link.addRule({ judge: () => (++count === 3 ? -1 : 0) })
    near.write(LONG.subarray(0, 14_600))
    await world.advance(10)
    expect(heard.bytes.length).toBe(2 * 1460)
    await world.advance(25)
    expect(heard.bytes.equals(LONG.subarray(0, 14_600))).toBe(true)
  })

  test('timeouts back off while nothing gets through', async () => {
    const world = new WireStacks()
    const { near } = await world.connected()
    const link = world.network.paths.link(world.client, world.server)
    const sentAtMs: number[] = []
    link.addRule({ judge: () => (sentAtMs.push(world.nowMs), -1) })
    near.write('x')
    await world.advance(7_000)
    expect(sentAtMs).toEqual([100, 300, 700, 1500, 3100, 6300])
  })

  test('through a bottleneck waits in its queue: bufferbloat', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    world.setLinks({ rateBytesPerSecond: 50_000, limitPackets: 1000 })
    const heard = collect(far)
    near.write(LONG)
    await world.advance(3000)
    far.write('how long?')
    near.write('this long')
    await world.advance(10_000)
    expect(heard.bytes.length).toBe(300_009)
    const uplink = world.network.paths.link(world.client, world.server)
    expect(uplink.packetCount).toBeGreaterThan(205)
  })

  test('small writes wait for the acknowledgement of the one before, unless the program says otherwise', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    for (const text of ['a', 'b', 'c']) near.write(text)
    far.setNoDelay()
    for (const text of ['x', 'y', 'z']) far.write(text)
    await world.advance(100)
    const server = world.diary.filter((line) => line.includes('server'))
    expect(server).toEqual(['110 server data a', '130 server data bc'])
    expect(world.diary.filter((line) => line.includes('client')).map((line) => line.split(' ')[0])).not.toContain('130')
  })

  test('memory that the program uses again after a write does not change what arrives', async () => {
    const world = new WireStacks()
    const { near } = await world.connected()
    const bytes = Buffer.from('mine')
    near.write(bytes)
    bytes.fill(0)
    await world.advance(50)
    expect(world.diary).toEqual(['110 server data mine'])
  })

  test('a law: whatever the link does, the bytes arrive in order, each once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(),
          loss: fc.constantFrom(0, 0.01, 0.1, 0.3),
          duplicate: fc.constantFrom(0, 0.1),
          reorder: fc.constantFrom(0, 0.1),
          corrupt: fc.constantFrom(0, 0.02),
          rate: fc.constantFrom(0, 20_000),
          sizes: fc.array(fc.integer({ min: 1, max: 6000 }), { minLength: 1, maxLength: 12 }),
        }),
        async ({ seed, loss, duplicate, reorder, corrupt, rate, sizes }) => {
          const world = new WireStacks({ seed, stream: { userTimeoutMs: 3_600_000, connectTimeoutMs: 600_000 } })
          world.setLinks({ jitterMs: 5, loss, duplicate, reorder, corrupt, rateBytesPerSecond: rate, limitPackets: 20 })
          const received: ReturnType<typeof collect>[] = []
          const echoes = world.listen((socket) => {
            received.push(collect(socket))
            socket.pipe(socket)
          })
          const near = world.dial()
          const back = collect(near)
          const sent = sizes.map((size, i) => Buffer.alloc(size, String.fromCharCode(97 + i)))
          for (const bytes of sent) near.write(bytes)
          near.end()
          await world.advance(3_600_000)
          expect(received[0]?.bytes.equals(Buffer.concat(sent))).toBe(true)
          expect(echoes).toHaveLength(1)
          // The client does not stay half open, so that its end may cut the echo short, but never garble it.
          expect(Buffer.concat(sent).subarray(0, back.bytes.length).equals(back.bytes)).toBe(true)
        },
      ),
      { numRuns: 25, seed: 1 },
    )
  })
})

describe('a slow reader', () => {
  test('closes the window; the writer is held up, and goes on once there is room', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    const connection = world.network.connectionsOf(world.client)[0]
    connection?.setReading('server', false)
    let written = 0
    for (let i = 0; i < 30; i++) near.write(LONG.subarray(0, 10_000), () => written++)
    await world.advance(20_000)
    // 64 KiB with the receiver, 64 KiB with the sender, and nothing has been lost or broken.
    expect(far.bytesRead).toBe(0)
    expect(written).toBeLessThan(30)
    expect(near.destroyed).toBe(false)
    connection?.setReading('server', true)
    await world.advance(10_000)
    expect(far.bytesRead).toBe(300_000)
    expect(written).toBe(30)
  })

  test('a window update that is lost is made up for by probing', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    const connection = world.network.connectionsOf(world.client)[0]
    connection?.setReading('server', false)
    near.write(LONG)
    await world.advance(5000)
    const outage = world.network.paths.partition([world.server], [world.client], 'one-way')
    connection?.setReading('server', true)
    await world.advance(100)
    outage.heal()
    await world.advance(60_000)
    expect(far.bytesRead).toBe(300_000)
  })

  test('who stops reading by itself (pause) holds the writer up just the same', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    far.pause()
    near.write(LONG)
    await world.advance(20_000)
    expect(far.bytesRead).toBeLessThan(200_000)
    far.resume()
    await world.advance(10_000)
    expect(far.bytesRead).toBe(300_000)
  })
})

describe('closing', () => {
  test('an end is heard after everything before it, and closes both sides', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    far.on('end', () => far.end())
    near.end('bye')
    await world.advance(1000)
    expect(world.diary).toEqual([
      '110 server data bye',
      '110 server end',
      '110 server close',
      '120 client end',
      '120 client close',
    ])
  })

  test('half-closed, the other side may go on writing', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    near.allowHalfOpen = true
    near.end()
    await world.advance(50)
    far.write('still here')
    await world.advance(50)
    far.end()
    await world.advance(1000)
    expect(world.diary).toEqual([
      '110 server end',
      '160 client data still here',
      '200 server close',
      '210 client end',
      '210 client close',
    ])
  })

  test('what a peer writes to a socket that was destroyed breaks its own, which hears so when it writes again', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    near.destroy()
    await world.advance(50)
    far.write('anybody?')
    await world.advance(1000)
    far.write('nobody')
    await world.advance(1000)
    expect(world.diary.filter((line) => line.includes('server'))).toEqual([
      '110 server end',
      '1150 server error EPIPE',
      '1150 server close',
    ])
  })

  test('destroyed with something unread, it resets its peer', async () => {
    const world = new WireStacks()
    const { near, far } = await world.connected()
    near.pause()
    far.write(LONG)
    await world.advance(500)
    near.destroy()
    await world.advance(100)
    expect(world.diary.slice(-2)).toEqual(['610 server error ECONNRESET', '610 server close'])
  })

  test('resetAndDestroy tells the peer at once', async () => {
    const world = new WireStacks()
    const { near } = await world.connected()
    near.write('lost?')
    near.resetAndDestroy()
    await world.advance(100)
    expect(world.diary.slice(-2)).toEqual(['110 server error ECONNRESET', '110 server close'])
  })

  test('nothing is left of connections that have ended in any of these ways', async () => {
    const world = new WireStacks()
    const accepted = world.listen((socket) => {
      socket.on('error', () => undefined)
      socket.resume()
      socket.on('end', () => socket.end())
    })
    const near = Array.from({ length: 4 }, () => world.dial())
    await world.advance(100)
    near[0]?.end()
    near[1]?.destroy()
    near[2]?.resetAndDestroy()
    accepted[3]?.destroy()
    await world.advance(200_000)
    expect(world.network.connectionsOf(world.client)).toEqual([])
    expect(world.ground.queue.depth).toBe(0)
  })
})

describe('faults', () => {
  test('a reset breaks one side at once and the other when it hears of it', async () => {
    const world = new WireStacks()
    await world.connected()
    world.network.connectionsOf(world.client)[0]?.reset()
    await world.advance(100)
    expect(world.diary).toEqual([
      '100 client error ECONNRESET',
      '100 client close',
      '110 server error ECONNRESET',
      '110 server close',
    ])
  })

  test('half-open, nobody hears anything until somebody writes and the user timeout has passed', async () => {
    const world = new WireStacks({ stream: { userTimeoutMs: 20_000 } })
    const { near } = await world.connected()
    world.network.connectionsOf(world.client)[0]?.halfOpen()
    await world.advance(100_000)
    expect(world.diary).toEqual([])
    near.write('anybody?')
    await world.advance(100_000)
    expect(world.diary).toEqual(['120100 client error ETIMEDOUT', '120100 client close'])
  })

  test('keep-alive finds a half-open connection on which nobody writes', async () => {
    const world = new WireStacks()
    const { near } = await world.connected()
    near.setKeepAlive(true, 30_000)
    await world.advance(100_000)
    expect(world.diary).toEqual([])
    world.network.connectionsOf(world.client)[0]?.halfOpen()
    await world.advance(900_000)
    expect(world.diary.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      'client error ETIMEDOUT',
      'client close',
    ])
  })

  test('a machine that crashed without a word answers with a reset once it is back', async () => {
    const world = new WireStacks()
    const { near } = await world.connected()
    world.server.crash()
    await world.advance(1000)
    world.server.restart()
    near.write('still there?')
    await world.advance(1000)
    expect(world.diary).toEqual(['1120 client error ECONNRESET', '1120 client close'])
  })

  test('a program that crashed has its connections reset by its system', async () => {
    const world = new WireStacks()
    await world.connected()
    world.server.crash({ connections: 'reset' })
    await world.advance(1000)
    expect(world.diary).toEqual(['110 client error ECONNRESET', '110 client close'])
  })

  test('a new address leaves streams silent', async () => {
    const world = new WireStacks({ stream: { userTimeoutMs: 5_000 } })
    const { near } = await world.connected()
    world.client.changeAddress('10.9.9.9')
    near.write('hello?')
    await world.advance(30_000)
    expect(world.diary).toEqual(['5100 client error ETIMEDOUT', '5100 client close'])
  })

  test('a paused program reads afterwards what its system took meanwhile', async () => {
    const world = new WireStacks()
    const { near } = await world.connected()
    world.server.pause({ durationMs: 1000 })
    near.setNoDelay()
    near.write('one ')
    near.write('two')
    await world.advance(900)
    expect(world.diary).toEqual([])
    await world.advance(200)
    expect(world.diary).toEqual(['1100 server data one two'])
  })

  test('a sleeping machine loses what comes, and gets it later', async () => {
    const world = new WireStacks()
    const { near } = await world.connected()
    world.server.pause({ durationMs: 1000, what: 'machine' })
    near.write('wake up')
    await world.advance(5000)
    expect(world.diary).toEqual(['1510 server data wake up'])
  })
})

test('an idle timeout counts from the last sign of life', async () => {
  const world = new WireStacks()
  const { near } = await world.connected()
  near.setTimeout(200)
  await world.advance(150)
  near.write('x')
  await world.advance(500)
  expect(world.diary.filter((line) => line.includes('timeout'))).toEqual(['450 client timeout'])
})
