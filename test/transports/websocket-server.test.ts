/** What only real sockets show of the WebSocket server: what comes before an upgrade, and peers that break the rules. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect as netConnect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { httpEndpoints } from '../../transports/http-endpoints.ts'
import { webSocketNetwork, type WebSocketNetwork } from '../../transports/websocket-network.ts'
import type { WebSocketOptions } from '../../transports/websocket-options.ts'
import { Probe, ProbeServer, type Accepted } from '../conformance/probe.ts'
import { manualClock } from './manual-clock.ts'
import { patientClock, until } from './real-time.ts'

const cleanUps: (() => void)[] = []
let errors: unknown[] = []

beforeEach(() => {
  errors = []
})

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp()
})

interface Started {
  readonly network: WebSocketNetwork
  readonly server: ProbeServer
  readonly address: string
  readonly port: number
}

async function start(options: Partial<WebSocketOptions> = {}, where = 'ws://127.0.0.1:0/ws'): Promise<Started> {
  const network = webSocketNetwork({ clock: patientClock(), onError: (error) => errors.push(error), ...options })
  const server = new ProbeServer(network, where)
  cleanUps.push(() => server.listener.close())
  await until(() => server.isSettled)
  if (server.address === undefined) throw server.failures[0] ?? new Error('not listening')
  return { network, server, address: server.address, port: Number(/:(\d+)\//.exec(server.address)?.[1]) }
}

async function expectServing({ network, server, address }: Started): Promise<void> {
  const probe = new Probe()
  const before = server.accepted.length
  const connection = network.connect(address, probe)
  await until(() => probe.isOpened && server.accepted.length > before)
  connection.send(Uint8Array.of(7))
  await until(() => server.accepted[before]?.probe.messages.length === 1)
  connection.close(1000)
  await until(() => probe.isClosed)
}

interface Raw {
  readonly socket: Socket
  text(): string
  isClosed(): boolean
}

function raw(port: number, send: string | Uint8Array = ''): Raw {
  const chunks: Buffer[] = []
  let isClosed = false
  const socket = netConnect(port, '127.0.0.1')
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => undefined)
  socket.on('close', () => (isClosed = true))
  socket.write(send)
  cleanUps.push(() => socket.destroy())
  return { socket, text: () => Buffer.concat(chunks).toString('latin1'), isClosed: () => isClosed }
}

const UPGRADE = [
  'GET /ws HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n')

function get(
  port: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ response: IncomingMessage; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', path, headers }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += String(chunk)))
      response.on('end', () => resolve({ response, body }))
    })
    request.on('error', reject)
    request.end()
  })
}

/** The status that an upgrade is answered with; 101 where it succeeds. */
function upgradeStatus(
  address: string,
  options: { origin?: string; headers?: Record<string, string> } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, options)
    socket.on('open', () => {
      resolve(101)
      socket.close()
    })
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      socket.terminate()
    })
    socket.on('error', reject)
  })
}

describe('plain requests', () => {
  test('a GET on the path is answered 426, elsewhere 404, without a date, and the connection closed', async () => {
    const { port, network } = await start()
    const upgrade = await get(port, '/ws')
    expect(upgrade.response.statusCode).toBe(426)
    expect(upgrade.response.headers).toMatchObject({ upgrade: 'websocket', connection: 'Upgrade, close' })
    expect(upgrade.response.headers.date).toBeUndefined()
    const elsewhere = raw(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(elsewhere.isClosed)
    expect(elsewhere.text()).toMatch(/^HTTP\/1\.1 404 /)
    expect(network.stats()['websocketPlainRequestsTotal']).toBe(2)
  })

  test('the metrics page and the health check share the server', async () => {
    const started = await start({ onRequest: httpEndpoints({ stats: () => ({ sessions: 3, ticksTotal: 70 }) }) })
    expect((await get(started.port, '/healthz')).body).toBe('ok\n')
    const { body, response } = await get(started.port, '/metrics')
    expect(response.headers['content-type']).toContain('text/plain')
    expect(body).toContain('# TYPE overworld_sessions gauge\noverworld_sessions 3\n')
    expect(body).toContain('# TYPE overworld_ticks_total counter\noverworld_ticks_total 70\n')
    expect((await get(started.port, '/ws')).response.statusCode).toBe(426)
    await expectServing(started)
  })
})

describe('plain requests that a stranger repeats', () => {
  const request = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'

  test('one is answered for each connection, whatever is pipelined behind it', async () => {
    let asked = 0
    const { port, network } = await start({
      onRequest: (_request, response) => {
        asked++
        response.writeHead(200, { 'Content-Length': 2 })
        response.end('ok')
        return true
      },
    })
    const polite = raw(port, request.repeat(3))
    await until(polite.isClosed)
    expect(polite.text().match(/HTTP\/1\.1/g)).toHaveLength(1)
    const flood = raw(port, request.repeat(2_000))
    await until(flood.isClosed)
    expect(asked).toBe(2)
    expect(network.stats()['websocketPlainRequestsRefusedTotal']).toBeGreaterThanOrEqual(17)
  })

  test('an unanswered request keeps the pipelined ones from being asked, and is cut at its own deadline', async () => {
    const clock = manualClock()
    let asked = 0
    const { port, network } = await start({ clock, responseTimeoutMs: 30_000, onRequest: () => ++asked > 0 })
    const slow = raw(port, request.repeat(4))
    await until(() => network.stats()['websocketPlainRequestsRefusedTotal'] === 3)
    // The deadline for upgrades is over, and no upgrade was wanted.
    clock.advance(29_999)
    expect(network.stats()['websocketUpgradeTimeoutsTotal']).toBe(0)
    expect(slow.isClosed()).toBe(false)
    clock.advance(1)
    await until(slow.isClosed)
    expect(asked).toBe(1)
    expect(network.stats()['websocketPlainResponseTimeoutsTotal']).toBe(1)
    expect(clock.pending).toBe(0)
  })

  test('a response that takes longer than an upgrade may is not cut', async () => {
    const clock = manualClock()
    let finish: (() => void) | undefined
    const { port } = await start({
      clock,
      upgradeTimeoutMs: 300,
      onRequest: (_request, response) => {
        response.writeHead(200, { 'Content-Length': 4 })
        finish = () => void response.end('late')
        return true
      },
    })
    const reading = raw(port, request)
    await until(() => finish !== undefined)
    clock.advance(1_000)
    finish?.()
    await until(reading.isClosed)
    expect(reading.text()).toMatch(/late$/)
  })

  test('above the rates the answer is 429, for each address and for all together', async () => {
    const clock = manualClock()
    const { port, network } = await start({
      clock,
      plainRequestsPerAddressMax: 2,
      plainRequestsPerSecondMax: 3,
      trustedProxies: ['127.0.0.1'],
    })
    const status = async (from: string): Promise<number | undefined> =>
      (await get(port, '/', { 'X-Forwarded-For': from })).response.statusCode
    const answers = []
    for (const from of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.3'])
      answers.push(await status(from))
    // What an address asks too much counts for nobody else.
    expect(answers).toEqual([404, 404, 429, 429, 404, 429])
    expect(network.stats()['websocketPlainRequestsRefusedTotal']).toBe(3)
    clock.advance(1_000)
    expect(await status('2001:db8::1')).toBe(404)
    expect(await status('2001:db8::2')).toBe(404)
    expect(await status('2001:db8::3')).toBe(429)
  })

  test('a handler that throws costs only its own response, before or after the head', async () => {
    const started = await start({
      onRequest: ({ url }, response) => {
        if (url === '/late') response.writeHead(200, { 'Content-Length': 10 })
        throw new Error(`thrown for ${url}`)
      },
    })
    const early = raw(started.port, 'GET /early HTTP/1.1\r\nHost: x\r\n\r\n')
    const late = raw(started.port, 'GET /late HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(() => early.isClosed() && late.isClosed())
    expect(early.text()).toMatch(/^HTTP\/1\.1 500 /)
    expect(errors.map(String).sort()).toEqual(['Error: thrown for /early', 'Error: thrown for /late'])
    await expectServing(started)
  })

  test('a promise of a handler is waited for, and its rejection is reported', async () => {
    const started = await start({
      onRequest: (async (_request: unknown, _response: unknown) => {
        await Promise.resolve()
        throw new Error('rejected')
      }) as never,
    })
    const reading = raw(started.port, request)
    await until(reading.isClosed)
    expect(reading.text()).toMatch(/^HTTP\/1\.1 500 /)
    expect(errors.map(String)).toEqual(['Error: rejected'])
    await expectServing(started)
  })
})

describe('upgrades', () => {
  test('an offer to upgrade to something else is a plain request, as from clients that would like HTTP/2', async () => {
    const clock = manualClock()
    const started = await start({ clock, onRequest: httpEndpoints({ stats: () => ({}) }) })
    const offer =
      'Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n'
    const healthy = raw(started.port, `GET /healthz HTTP/1.1\r\n${offer}`)
    const astray = raw(started.port, `GET /ws HTTP/1.1\r\n${offer}`)
    await until(() => healthy.isClosed() && astray.isClosed())
    expect(healthy.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n[^]*\r\n\r\nok\n$/)
    expect(astray.text()).toMatch(/^HTTP\/1\.1 426 /)
    expect(started.network.stats()).toMatchObject({ websocketPlainRequestsTotal: 1, websocketUpgradesRefusedTotal: 0 })
    await until(() => clock.pending === 0)
    await expectServing(started)
  })

  test('only allowed origins may upgrade, and clients without one', async () => {
    const { address, network } = await start({ allowedOrigins: ['https://game.example'] })
    expect(await upgradeStatus(address, { origin: 'https://game.example' })).toBe(101)
    expect(await upgradeStatus(address, { origin: 'https://evil.example' })).toBe(403)
    expect(await upgradeStatus(address, { origin: 'https://game.example.evil.example' })).toBe(403)
    expect(await upgradeStatus(address)).toBe(101)
    expect(network.stats()['websocketUpgradesRefusedTotal']).toBe(2)
  })

  test('another path is refused with 404', async () => {
    const { address } = await start()
    expect(await upgradeStatus(address.replace('/ws', '/other'))).toBe(404)
    expect(await upgradeStatus(`${address}?token=1`)).toBe(101)
  })

  test('X-Forwarded-For is believed only from trusted proxies, and only as far as they pass it on', async () => {
    const remoteOf = async (options: Partial<WebSocketOptions>, forwardedFor: string): Promise<string | undefined> => {
      const { server, address } = await start(options)
      await upgradeStatus(address, { headers: { 'X-Forwarded-For': forwardedFor } })
      return server.accepted[0]?.connection.remoteAddress
    }
    expect(await remoteOf({}, '203.0.113.9')).toBe('127.0.0.1')
    expect(await remoteOf({ trustedProxies: ['10.0.0.0/8'] }, '203.0.113.9')).toBe('127.0.0.1')
    const trustedProxies = ['127.0.0.1', '10.0.0.0/8']
    expect(await remoteOf({ trustedProxies }, '203.0.113.9')).toBe('203.0.113.9')
    expect(await remoteOf({ trustedProxies }, '1.2.3.4, 203.0.113.9, 10.1.2.3')).toBe('203.0.113.9')
    expect(await remoteOf({ trustedProxies }, '1.2.3.4, nonsense')).toBe('127.0.0.1')
    expect(await remoteOf({ trustedProxies }, '::ffff:203.0.113.7')).toBe('203.0.113.7')
    expect(await remoteOf({ trustedProxies }, '203.0.113.9:5678')).toBe('203.0.113.9')
    expect(await remoteOf({ trustedProxies }, '[2001:db8::1]:5678')).toBe('2001:db8::1')
    expect(await remoteOf({ trustedProxies }, '[2001:db8::2]')).toBe('2001:db8::2')
    expect(await remoteOf({ trustedProxies }, '2001:db8::3')).toBe('2001:db8::3')
  })

  test('a proxy that is no address is a bad_option', async () => {
    const ranges = [
      '10.0.0.0/',
      '::1/',
      '10.0.0.0/33',
      '::1/129',
      '10.0.0.0/x',
      '10.0.0.0/8/9',
      '10.0.0.0/0x8',
      '10.0.0.0/1e1',
    ]
    for (const bad of ['proxy.local', '', '/', '/8', ...ranges, '10.0.0.0/ 8', '10.0.0.0/08', '10.0.0.0/-1']) {
      await expect(start({ trustedProxies: [bad] })).rejects.toMatchObject({ code: 'bad_option' })
    }
  })

  test('beyond connectionsMax upgrades get 503, until a connection ends', async () => {
    const { network, server, address } = await start({ connectionsMax: 1 })
    const first = new Probe()
    const connection = network.connect(address, first)
    await until(() => first.isOpened)
    expect(await upgradeStatus(address)).toBe(503)
    connection.close(1000)
    await until(() => server.accepted[0]?.probe.isClosed === true)
    expect(await upgradeStatus(address)).toBe(101)
  })

  test('who has not upgraded 5 s after connecting is cut, however slowly he writes; who has, is not', async () => {
    const clock = manualClock()
    const { network, port, server } = await start({ clock })
    const silent = raw(port)
    const slow = raw(port, 'GET /ws HTTP/1.1\r\nHost: x\r\n')
    const quick = raw(port, UPGRADE)
    await until(() => quick.text().includes(' 101 ') && clock.pending === 2)
    clock.advance(4999)
    slow.socket.write('X-Slow: y\r\n')
    await expectEcho(port)
    expect([silent.isClosed(), slow.isClosed()]).toEqual([false, false])
    clock.advance(1)
    await until(() => silent.isClosed() && slow.isClosed())
    expect(quick.isClosed()).toBe(false)
    expect(server.accepted[0]?.probe.isClosed).toBe(false)
    expect(network.stats()['websocketUpgradeTimeoutsTotal']).toBe(2)
    await until(() => clock.pending === 0)
  })

  async function expectEcho(port: number): Promise<void> {
    const other = raw(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(other.isClosed)
  }

  test('a closed listener also cuts those that were still on their way to an upgrade', async () => {
    const clock = manualClock()
    const { port, server } = await start({ clock })
    const halfWay = raw(port, 'GET /ws HTTP/1.1\r\n')
    await until(() => clock.pending === 1)
    server.listener.close()
    await until(halfWay.isClosed)
    expect(clock.pending).toBe(0)
  })
})

describe('a server of one’s own', () => {
  async function ownServer(): Promise<{ server: ReturnType<typeof createServer>; port: number }> {
    const server = createServer((_request, response) => response.end('the app'))
    cleanUps.push(() => void server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const bound = server.address()
    return { server, port: typeof bound === 'object' && bound !== null ? bound.port : 0 }
  }

  test('keeps its requests, and shares its port', async () => {
    const { server, port } = await ownServer()
    const started = await start({ server }, 'ws://127.0.0.1/game')
    expect(started.address).toBe(`ws://127.0.0.1:${port}/game`)
    expect((await get(port, '/game')).body).toBe('the app')
    await expectServing(started)
  })

  test('keeps requests that offer to upgrade to something else', async () => {
    const { server, port } = await ownServer()
    await start({ server }, 'ws://127.0.0.1/game')
    const offer = 'Host: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n'
    for (const path of ['/', '/game']) {
      const peer = raw(port, `GET ${path} HTTP/1.1\r\n${offer}\r\n`)
      await until(peer.isClosed)
      expect(peer.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n[^]*the app/)
    }
    const withBody = raw(port, `POST / HTTP/1.1\r\n${offer}Content-Length: 2\r\n\r\nhi`)
    await until(withBody.isClosed)
    expect(withBody.text()).toMatch(/^HTTP\/1\.1 404 /)
  })

  test('keeps upgrades on other paths, where it has a listener for them', async () => {
    const { server, port } = await ownServer()
    await start({ server }, 'ws://127.0.0.1/game')
    expect(await upgradeStatus(`ws://127.0.0.1:${port}/other`)).toBe(404)
    server.on('upgrade', (request, socket) => {
      if (request.url === '/other') socket.end('HTTP/1.1 418 Teapot\r\nConnection: close\r\n\r\n')
    })
    expect(await upgradeStatus(`ws://127.0.0.1:${port}/other`)).toBe(418)
    expect(await upgradeStatus(`ws://127.0.0.1:${port}/game`)).toBe(101)
  })

  test('has its listeners back once ours is closed', async () => {
    const { server } = await ownServer()
    const started = await start({ server }, 'ws://127.0.0.1/game')
    let isDone = false
    started.server.listener.close(() => (isDone = true))
    await until(() => isDone)
    expect(server.listenerCount('upgrade')).toBe(0)
    expect(server.listening).toBe(true)
  })
})

test('what a server sends one connection within a turn costs it one write', async () => {
  let writes = 0
  const server = createServer()
  server.on('connection', (socket: Socket) => {
    for (const name of ['_write', '_writev'] as const) {
      const write = socket[name]?.bind(socket) as (...args: unknown[]) => void
      socket[name] = (...args: unknown[]) => {
        writes++
        write(...args)
      }
    }
  })
  cleanUps.push(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const started = await start({ server })
  const { server: ours, network, address } = started
  const probe = new Probe()
  network.connect(address, probe)
  await until(() => probe.isOpened && ours.accepted.length === 1)
  const before = writes
  const { connection } = ours.accepted[0] as Accepted
  for (let size = 1; size <= 20; size++) connection.send(new Uint8Array(size * 10).fill(size))
  // It waits for nobody who reads slowly.
  expect(connection.bufferedBytes).toBe(0)
  connection.close(4000)
  await until(() => probe.isClosed)
  expect(probe.messages.map(({ bytes }) => bytes.length)).toEqual(Array.from({ length: 20 }, (_, i) => (i + 1) * 10))
  expect(probe.closes).toMatchObject([{ code: 4000 }])
  expect(writes - before).toBe(1)
  expect(ours.accepted[0]?.probe.heard.map(({ kind }) => kind)).toEqual(['opened', 'closed'])
})

describe('broken peers', () => {
  /** A client frame with a mask of zeros: `first` and `second` are its first two bytes. */
  function frame(first: number, second: number, payload: Uint8Array | string = ''): Buffer {
    return Buffer.concat([Buffer.of(first, second | 0x80, 0, 0, 0, 0), Buffer.from(payload)])
  }

  function fragmentOfOne(_: unknown, index: number): Buffer {
    return frame(index === 0 ? 0x02 : 0x00, 1, 'x')
  }

  async function rawUpgraded(started: Started): Promise<{ peer: Raw; probe: Probe }> {
    const before = started.server.accepted.length
    const peer = raw(started.port, UPGRADE)
    await until(() => started.server.accepted.length > before && peer.text().includes('\r\n\r\n'))
    return { peer, probe: started.server.accepted[before]?.probe ?? new Probe() }
  }

  test('a text frame is a sign of life and no message', async () => {
    const started = await start()
    const { peer, probe } = await rawUpgraded(started)
    peer.socket.write(frame(0x81, 2, 'hi'))
    peer.socket.write(frame(0x82, 1, 'b'))
    await until(() => probe.messages.length === 1)
    expect(probe.heard.map(({ kind }) => kind)).toEqual(['opened', 'ignored', 'message'])
  })

  test('a server hears drained of short messages too, once a peer that had stopped reading has read them', async () => {
    const started = await start()
    const { peer, probe } = await rawUpgraded(started)
    const { connection } = started.server.accepted[0] as Accepted
    peer.socket.pause()
    while (connection.bufferedBytes === 0) {
      for (let i = 0; i < 15; i++) connection.send(new Uint8Array(1000))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(probe.heard.map(({ kind }) => kind)).toEqual(['opened'])
    peer.socket.resume()
    await until(() => probe.heard.some(({ kind }) => kind === 'drained'))
    expect(connection.bufferedBytes).toBe(0)
  })

  test('a ping is answered and counted', async () => {
    const started = await start()
    const { peer } = await rawUpgraded(started)
    peer.socket.write(frame(0x89, 2, 'hi'))
    await until(() => peer.text().endsWith('\x8a\x02hi'))
    expect(started.network.stats()).toMatchObject({ websocketPingsTotal: 1, websocketFramesRefusedTotal: 0 })
  })

  test.each([
    ['an unmasked frame', Buffer.of(0x82, 0x01, 0x00), 1002],
    ['reserved bits', frame(0xf2, 0), 1002],
    ['an unknown opcode', frame(0x83, 0), 1002],
    ['a fragmented ping', frame(0x09, 0), 1002],
    ['a continuation of nothing', frame(0x80, 0), 1002],
    ['invalid UTF-8 in a text frame', frame(0x81, 1, Buffer.of(0xff)), 1007],
    ['a length of 2^63', Buffer.from('82ff800000000000000000000000', 'hex'), 1009],
    ['more fragments than a message can need', Buffer.concat(Array.from({ length: 20_000 }, fragmentOfOne)), 1008],
    ['a length over the limit', Buffer.from('82ff000000000001000100000000', 'hex'), 1009],
  ])('%s ends its connection with a code, and no other, and is counted', async (_what, bytes, code) => {
    const clock = manualClock()
    const started = await start({ clock })
    const { peer, probe } = await rawUpgraded(started)
    peer.socket.write(bytes)
    await until(() => peer.text().includes(`\x88`))
    // The peer does not answer the close frame: 1 s, and it is cut.
    clock.advance(1000)
    await until(() => probe.isClosed && peer.isClosed())
    expect(probe.closes.map((each) => each.code)).toEqual([code])
    expect(started.network.stats()['websocketFramesRefusedTotal']).toBe(1)
    await expectServing(started)
    expect(errors).toEqual([])
  })

  test('who pings without end and never reads is cut, before the answers pile up', async () => {
    const started = await start()
    const { peer, probe } = await rawUpgraded(started)
    peer.socket.pause()
    const pings = Buffer.concat(Array.from({ length: 5000 }, () => frame(0x89, 100, 'x'.repeat(100))))
    for (let i = 0; i < 200 && !probe.isClosed; i++) {
      peer.socket.write(pings)
      await new Promise((resolve) => setImmediate(resolve))
      expect(started.server.accepted[0]?.connection.bufferedBytes).toBeLessThan(1_000_000)
    }
    await until(() => probe.isClosed)
    expect(probe.closes.map(({ code }) => code)).toEqual([1006])
    await expectServing(started)
  })

  test('CONNECT is answered, closed and counted', async () => {
    const started = await start()
    const peer = raw(started.port, 'CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\n')
    await until(peer.isClosed)
    expect(peer.text()).toMatch(/^HTTP\/1\.1 405 /)
    expect(started.network.stats()['websocketUpgradesRefusedTotal']).toBe(1)
  })

  test('close cuts after 1 s where the peer does not answer, and keeps the own code', async () => {
    const clock = manualClock()
    const started = await start({ clock })
    const { peer, probe } = await rawUpgraded(started)
    started.server.accepted[0]?.connection.close(4501, 'taken over')
    await until(() => peer.text().endsWith('\x88\x0c\x11\x95taken over'))
    clock.advance(999)
    await expectServing(started)
    expect(probe.isClosed).toBe(false)
    clock.advance(1)
    await until(() => probe.isClosed && peer.isClosed())
    expect(probe.closes).toEqual([{ kind: 'closed', code: 4501, reason: 'taken over' }])
    expect(clock.pending).toBe(0)
  })

  test('a socket that breaks, ends, or closes without a code reads as 1006', async () => {
    const started = await start()
    for (const hangUp of [
      (socket: Socket) => socket.resetAndDestroy(),
      (socket: Socket) => socket.end(),
      (socket: Socket) => socket.end(frame(0x88, 0)),
    ]) {
      const { peer, probe } = await rawUpgraded(started)
      hangUp(peer.socket)
      await until(() => probe.isClosed)
      expect(probe.closes.map(({ code }) => code)).toEqual([1006])
    }
    expect(errors).toEqual([])
  })

  test('garbage, oversized headers and bad handshakes disturb nobody, and are counted', async () => {
    const started = await start()
    const inputs: (string | Uint8Array)[] = [
      '\0\x01\x02\xff'.repeat(100),
      'GET\r\n\r\n',
      `GET /ws HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
      Uint8Array.from({ length: 5000 }, (_, i) => (i * 167 + 13) & 0xff),
      UPGRADE.replace('GET', 'POST'),
      UPGRADE.replace('Version: 13', 'Version: 12'),
      UPGRADE.replace('dGhlIHNhbXBsZSBub25jZQ==', 'short'),
    ]
    const peers = inputs.map((input) => raw(started.port, input))
    await until(() => peers.every((peer) => peer.isClosed()))
    expect(peers.map((peer) => /^HTTP\/1\.1 (\d+)/.exec(peer.text())?.[1])).toEqual(
      '400 400 431 400 405 400 400'.split(' '),
    )
    expect(started.server.accepted).toEqual([])
    expect(started.network.stats()['websocketBadRequestsTotal']).toBe(inputs.length)
    await expectServing(started)
    expect(errors).toEqual([])
  })
})

describe('broken servers', () => {
  const accepting = [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Accept: KEY',
    '',
    '',
  ].join('\r\n')

  test.each([
    ['no HTTP', 'no HTTP', 1006],
    ['another answer', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 1006],
    ['the wrong key', accepting.replace('KEY', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='), 1006],
    ['a masked frame', `${accepting}\x82\x81\0\0\0\0x`, 1002],
    ['a reserved bit', `${accepting}\xc2\x00`, 1002],
    ['a message over the limit', `${accepting}\x82\x7f\0\0\0\0\x40\0\0\0`, 1009],
    ['half of an answer, and the end', accepting.slice(0, 30), 1006],
  ])('%s closes the client alone', async (_what, answer, code) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', (request) => {
        const key = /Sec-WebSocket-Key: (\S+)/i.exec(request.toString('latin1'))?.[1] ?? ''
        const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
        socket.end(answer.replace('KEY', accept), 'latin1')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanUps.push(() => void server.close())
    const probe = new Probe()
    const network = webSocketNetwork({ clock: patientClock(), onError: (error) => errors.push(error) })
    network.connect(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`, probe)
    await until(() => probe.isClosed)
    expect(probe.closes.map((each) => each.code)).toEqual([code])
    expect(errors).toEqual([])
  })

  test('an address that only looks like one is a bad_address', () => {
    const network = webSocketNetwork({ clock: patientClock() })
    expect(() => network.connect('ws://a%zz/ws', new Probe())).toThrow(expect.objectContaining({ code: 'bad_address' }))
  })
})

describe('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'overworld-tls-'))
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const hasOpenSsl = makeCertificate()

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function makeCertificate(): boolean {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile]
    try {
      execFileSync('openssl', ['req', '-x509', ...key, '-out', certFile, '-days', '2', ...subject], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }

  test.runIf(hasOpenSsl)('wss: serves with a certificate and key from files, and the client checks them', async () => {
    const started = await start({ tls: { certFile, keyFile }, caFile: certFile }, 'wss://127.0.0.1:0/ws')
    await expectServing(started)
    const untrusting = webSocketNetwork({ clock: patientClock() })
    const probe = new Probe()
    untrusting.connect(started.address, probe)
    await until(() => probe.isClosed)
    expect(probe.isOpened).toBe(false)
    expect(probe.closes[0]).toMatchObject({ code: 1006, reason: expect.stringMatching(/self.signed/) as string })
    const garbage = raw(started.port, 'GET /ws HTTP/1.1\r\n\r\n')
    await until(garbage.isClosed)
    await expectServing(started)
    expect(errors).toEqual([])
  })

  test.runIf(hasOpenSsl)('who never finishes the TLS handshake is cut, and counted once', async () => {
    const started = await start({ tls: { certFile, keyFile }, upgradeTimeoutMs: 100 }, 'wss://127.0.0.1:0/ws')
    const hello = await clientHello()
    const half = [raw(started.port, hello), raw(started.port, hello.subarray(0, 50)), raw(started.port)]
    await until(() => half.every((peer) => peer.isClosed()))
    expect(started.network.stats()['websocketBadRequestsTotal']).toBe(3)
    const garbage = raw(started.port, 'no TLS at all')
    await until(garbage.isClosed)
    expect(started.network.stats()['websocketBadRequestsTotal']).toBe(4)
  })

  test.runIf(hasOpenSsl)('a closed listener cuts TLS handshakes that go on, and leaves what is open', async () => {
    const settings = { tls: { certFile, keyFile }, caFile: certFile, upgradeTimeoutMs: Infinity }
    const started = await start(settings, 'wss://127.0.0.1:0/ws')
    const probe = new Probe()
    const connection = started.network.connect(started.address, probe)
    await until(() => probe.isOpened)
    const hello = await clientHello()
    const half = [raw(started.port, hello), raw(started.port)]
    await until(() => half[0]?.text() !== '' && half[1]?.socket.readyState === 'open')
    // One that came after them is through.
    await expectServing(started)
    started.server.listener.close()
    await until(() => half.every((peer) => peer.isClosed()))
    connection.send(Uint8Array.of(7))
    await until(() => started.server.accepted[0]?.probe.messages.length === 1)
    expect(started.network.stats()['websocketBadRequestsTotal']).toBe(0)
  })

  /** What a client says first, as it says it to somebody who does not answer. */
  async function clientHello(): Promise<Buffer> {
    const sink = createTcpServer()
    sink.listen(0, '127.0.0.1')
    await once(sink, 'listening')
    const client = tlsConnect({ port: (sink.address() as AddressInfo).port, host: '127.0.0.1' })
    client.on('error', () => undefined)
    const [socket] = (await once(sink, 'connection')) as [Socket]
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    client.destroy()
    socket.destroy()
    sink.close()
    return bytes
  }

  test('files that cannot be read are a failure of the listener, later', async () => {
    const network = webSocketNetwork({ clock: patientClock(), tls: { certFile: '/nowhere', keyFile: '/nowhere' } })
    const server = new ProbeServer(network, 'wss://127.0.0.1:0/ws')
    await until(() => server.isSettled)
    expect(server.failures[0]).toMatchObject({ code: 'ENOENT' })
  })

  test('a wss: address without tls is a bad_option', async () => {
    await expect(start({}, 'wss://127.0.0.1:0/ws')).rejects.toMatchObject({ code: 'bad_option' })
  })
})
