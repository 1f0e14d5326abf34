/** The browser's adapter, on `ws`'s WebSocket (which has the browser's interface) and on Node's own where there is one. */
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket as LibraryWebSocket } from 'ws'
import type { ConnectionHandler } from '../../core/injected.ts'
import { browserWebSocketNetwork, type BrowserWebSocketOptions } from '../../transports/browser-websocket.ts'
import { systemClock } from '../../transports/system-clock.ts'
import { webSocketNetwork } from '../../transports/websocket-network.ts'
import { describeNetwork } from '../conformance/network-conformance.ts'
import { Probe, ProbeServer } from '../conformance/probe.ts'
import { manualClock } from './manual-clock.ts'
import { until } from './real-time.ts'

type PlatformClass = NonNullable<BrowserWebSocketOptions['WebSocket']>

const classes: [string, PlatformClass][] = [['the interface of ws', LibraryWebSocket]]
const own = (globalThis as { WebSocket?: PlatformClass }).WebSocket
if (own !== undefined) classes.push(['the platform’s WebSocket', own])

for (const [name, WebSocket] of classes) {
  describeNetwork(
    `the browser’s adapter on ${name}`,
    () => {
      const clock = systemClock()
      const errors: unknown[] = []
      const onError = (error: unknown): void => void errors.push(error)
      const server = webSocketNetwork({ clock, onError })
      const dialler = browserWebSocketNetwork({ clock, onError, WebSocket })
      return {
        clock,
        server,
        client: dialler,
        listenAddress: 'ws://127.0.0.1:0/ws',
        deadAddress: 'ws://127.0.0.1:1/ws',
        errors,
        until,
        stop: () => undefined,
      }
    },
    { deliveries: false, closeReasons: true, messageBytesMax: 64 * 1024, tooLongCode: 1009 },
  )
}

/** A platform WebSocket that does nothing by itself. */
class MuteWebSocket {
  static latest: MuteWebSocket | undefined
  binaryType = 'blob'
  bufferedAmount = 0
  readyState = 1
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  onerror: (() => void) | null = null
  readonly sent: Uint8Array[] = []
  readonly closes: [number | undefined, string | undefined][] = []

  constructor() {
    MuteWebSocket.latest = this
  }

  send(data: Uint8Array): void {
    this.sent.push(data)
    this.bufferedAmount += data.length
  }

  close(code?: number, reason?: string): void {
    this.closes.push([code, reason])
  }
}

describe('a platform that is slow', () => {
  afterEach(() => (MuteWebSocket.latest = undefined))

  function dial(handler: ConnectionHandler): {
    clock: ReturnType<typeof manualClock>
    socket: MuteWebSocket
    connection: ReturnType<ReturnType<typeof browserWebSocketNetwork>['connect']>
  } {
    const clock = manualClock()
    const network = browserWebSocketNetwork({ clock, WebSocket: MuteWebSocket })
    const connection = network.connect('wss://game.example', handler)
    const socket = MuteWebSocket.latest
    if (socket === undefined) throw new Error('no socket was made')
    return { clock, socket, connection }
  }

  test('is given up 1 s after a close that it does not finish', () => {
    const probe = new Probe()
    const { clock, socket, connection } = dial(probe)
    socket.onopen?.()
    connection.close(4000, 'bye')
    expect(socket.closes).toEqual([[4000, 'bye']])
    clock.advance(999)
    expect(probe.isClosed).toBe(false)
    clock.advance(1)
    expect(probe.closes).toEqual([{ kind: 'closed', code: 4000, reason: 'bye' }])
    expect(socket.onclose).toBeNull()
  })

  test('is looked at until its buffer is empty, and then drained is said once', () => {
    const probe = new Probe()
    const { clock, socket, connection } = dial(probe)
    socket.onopen?.()
    connection.send(Uint8Array.of(1, 2, 3))
    expect(connection.bufferedBytes).toBe(3)
    clock.advance(500)
    expect(probe.heard.map(({ kind }) => kind)).toEqual(['opened'])
    socket.bufferedAmount = 0
    clock.advance(50)
    clock.advance(500)
    expect(probe.heard.map(({ kind }) => kind)).toEqual(['opened', 'drained'])
    expect(clock.pending).toBe(0)
  })

  test('reads a missing close code as 1006', () => {
    const probe = new Probe()
    const { socket } = dial(probe)
    socket.onopen?.()
    socket.onclose?.({ code: 1005, reason: '' })
    expect(probe.closes.map(({ code }) => code)).toEqual([1006])
  })
})

test('nobody can listen in a browser', () => {
  const network = browserWebSocketNetwork({
    clock: systemClock(),
    WebSocket: MuteWebSocket,
  })
  expect(() => new ProbeServer(network, 'ws://127.0.0.1:0/ws')).toThrow(
    expect.objectContaining({ code: 'bad_address' }),
  )
})

test('what the platform throws at is a connection that is closed, and not an exception at a retry', async () => {
  class Forbidding {
    constructor() {
      throw new Error('not from a secure page')
    }
  }
  const network = browserWebSocketNetwork({ clock: systemClock(), WebSocket: Forbidding as unknown as PlatformClass })
  const probe = new Probe()
  const connection = network.connect('ws://127.0.0.1:1/ws', probe)
  expect(probe.heard).toEqual([])
  await until(() => probe.isClosed)
  expect(probe.heard).toEqual([{ kind: 'closed', code: 1006, reason: 'not from a secure page' }])
  expect(connection.bufferedBytes).toBe(0)
})
