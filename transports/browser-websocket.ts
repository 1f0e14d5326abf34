/**
 * The platform's own `WebSocket` (browsers; Node 22 and newer) as a `Network` that can only connect. Imports nothing
 * of Node. Leaves out what the platform does not let one do: reading the peer's pings, and cutting a connection.
 */
import { CloseCode } from '../core/close-codes.ts'
import { RELIABLE } from '../core/delivery.ts'
import { OverworldError } from '../core/errors.ts'
import type { Clock, Connection, ConnectionHandler, Listener, Network, Timer } from '../core/injected.ts'
import { parseAddress } from './address.ts'
import { CLOSE_GRACE_MS, checkCloseCode, truncateReason } from './closing.ts'
import { errorReporter, GuardedHandler, type ReportError } from './guarded-handler.ts'
import { connectionIds } from './options.ts'

/** How often a full buffer is looked at: the platform has no event for "has left". */
const DRAIN_POLL_MS = 50
const OPEN = 1
const CLOSED = 3

/** What is used of the platform's `WebSocket`. */
export interface PlatformWebSocket {
  binaryType: string
  readonly bufferedAmount: number
  readonly readyState: number
  /** The events are typed so that the DOM's own `WebSocket` fits: what is read of them is `data`, `code` and `reason`. */
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  /** Called with a `Uint8Array`, whose type differs between versions of TypeScript: it is generic since 5.7. */
  send(data: never): void
  close(code?: number, reason?: string): void
}

export interface BrowserWebSocketOptions {
  /** For the deadline of `close`, and for `drained`. */
  readonly clock: Clock
  /** Told of what handlers throw. Default: `console.error`. */
  readonly onError?: ReportError | undefined
  /** Default: the platform's. */
  readonly WebSocket?: (new (address: string) => PlatformWebSocket) | undefined
}

/** Throws `OverworldError` `library_missing` where the platform has no `WebSocket`. */
export function browserWebSocketNetwork(options: BrowserWebSocketOptions): Network {
  const platform = globalThis as { readonly WebSocket?: unknown }
  const WebSocket = options.WebSocket ?? (platform.WebSocket as BrowserWebSocketOptions['WebSocket'])
  if (WebSocket === undefined) {
    throw new OverworldError('library_missing', 'this platform has no WebSocket; give one, or use webSocketNetwork')
  }
  const nextId = connectionIds()
  const report = errorReporter(options.onError)
  return {
    listen(address): Listener {
      throw new OverworldError('bad_address', `nothing can listen here, not even on ${address}; only connect`)
    },
    connect(address, handler: ConnectionHandler): Connection {
      const { scheme, host, port, path, query } = parseAddress(address, ['ws', 'wss'])
      const authority = (host.includes(':') ? `[${host}]` : host) + (port === undefined ? '' : `:${port}`)
      const url = `${scheme}://${authority}${path === '' || path === '/' ? '/ws' : path}${query}`
      const guarded = new GuardedHandler(report, handler)
      const connect = (socket: PlatformWebSocket): Connection =>
        new PlatformConnection(nextId(), socket, host, options.clock, guarded)
      try {
        return connect(new WebSocket(url))
      } catch (error) {
        // Such as `ws:` from a page that came over `https:`. It may be at a retry, where nobody would catch it.
        const reason = error instanceof Error ? error.message : String(error)
        const dead = deadSocket()
        options.clock.setTimer(0, () => dead.onclose?.({ code: CloseCode.abnormal, reason } as never))
        return connect(dead)
      }
    },
  }
}

/** Says nothing, and lets everything be done to it. */
function deadSocket(): PlatformWebSocket {
  return {
    binaryType: 'blob',
    bufferedAmount: 0,
    readyState: CLOSED,
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: () => undefined,
    close: () => undefined,
  }
}

class PlatformConnection implements Connection {
  readonly id: number
  readonly transport = 'websocket'
  readonly remoteAddress: string
  readonly #socket: PlatformWebSocket
  readonly #clock: Clock
  readonly #handler: GuardedHandler
  #drainTimer: Timer | undefined
  #cutTimer: Timer | undefined
  #ownClose: { readonly code: number; readonly reason: string } | undefined

  constructor(id: number, socket: PlatformWebSocket, remoteAddress: string, clock: Clock, handler: GuardedHandler) {
    this.id = id
    this.remoteAddress = remoteAddress
    this.#socket = socket
    this.#clock = clock
    this.#handler = handler
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => this.#handler.opened()
    socket.onmessage = ({ data }: { readonly data: unknown }) => {
      if (data instanceof ArrayBuffer) this.#handler.message(new Uint8Array(data), RELIABLE)
      else this.#handler.ignored('text_frame')
    }
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => this.#gone(code, reason)
    // Says nothing that `close` does not say; without a listener some platforms throw it.
    socket.onerror = () => undefined
  }

  get bufferedBytes(): number {
    return this.#handler.status === 'closed' ? 0 : this.#socket.bufferedAmount
  }

  send(message: Uint8Array): void {
    if (this.#handler.status !== 'open' || this.#socket.readyState !== OPEN) return
    this.#socket.send(message as never)
    if (this.#socket.bufferedAmount > 0) this.#watchDrain()
  }

  close(code: number, reason = ''): void {
    if (this.#handler.isClosing) return
    checkCloseCode(code)
    this.#handler.closing()
    this.#ownClose = { code, reason: truncateReason(reason) }
    this.#socket.close(code, this.#ownClose.reason)
    this.#cutTimer = this.#clock.setTimer(CLOSE_GRACE_MS, () => this.#abandon())
  }

  /** The platform goes on by itself for as long as it likes; here the connection is over. */
  #abandon(): void {
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null
    this.#gone(CloseCode.abnormal, '')
  }

  #watchDrain(): void {
    this.#drainTimer ??= this.#clock.setTimer(DRAIN_POLL_MS, () => {
      this.#drainTimer = undefined
      if (this.#socket.bufferedAmount > 0) this.#watchDrain()
      else this.#handler.drained()
    })
  }

  #gone(code: number, reason: string): void {
    this.#drainTimer?.cancel()
    this.#cutTimer?.cancel()
    const heard = code === 1005 ? { code: CloseCode.abnormal, reason } : { code, reason }
    const closed = this.#ownClose ?? heard
    this.#handler.closed(closed.code, closed.reason)
  }
}
