/**
 * Accepts WebSockets: on an `http` server of its own, or on somebody else's under a path. What comes before the
 * upgrade is dealt with here (deadline, origin, proxies, limits, plain requests); after it `WebSocketConnection`
 * takes over. Nothing that a peer does throws out of here.
 *
 * `http`'s own timers are off, because they run on real time; the deadline for the upgrade runs on the injected clock
 * and covers a slow header as well as a silent socket.
 */
import { readFileSync } from 'node:fs'
import { OverworldError } from '../core/errors.ts'
import type { Accept, Clock, Listener, ListenerEvents, Timer } from '../core/injected.ts'
import { formatAddress, parseAddress, type Address } from './address.ts'
import { errorReporter, GuardedHandler, type ReportError } from './guarded-handler.ts'
import { durationOption, limitOption } from './options.ts'
import { answerAndClose, isPlain, pathOf, responseOn } from './http-requests.ts'
import { PlainRequests, type PlainRequestCounters } from './plain-requests.ts'
import { clientAddressBehind, type ClientAddress } from './proxies.ts'
import { TlsHandshakes } from './tls-handshakes.ts'
import { WebSocketConnection, type WebSocketFrameCounters } from './websocket-connection.ts'
import type {
  HttpRequest,
  HttpResponse,
  HttpServer,
  HttpServerListener,
  ServerSettings,
  StreamSocket,
  WebSocketLibrary,
  WebSocketLike,
  WebSocketStack,
  WebSocketUpgrader,
} from './websocket-library.ts'
import { tellFailed } from './tell-failed.ts'
import { libraryOptions, PATH_DEFAULT, type WebSocketOptions } from './websocket-options.ts'

const UPGRADE_TIMEOUT_MS_DEFAULT = 5000
const HEADER_BYTES_MAX = 8 * 1024
const PORTS: Readonly<Record<string, number>> = { ws: 4433, wss: 4434 }

/** Counters of what was turned away before it became a connection. */
export interface WebSocketServerCounters extends PlainRequestCounters {
  websocketUpgradesRefusedTotal: number
  websocketUpgradeTimeoutsTotal: number
  websocketBadRequestsTotal: number
}

export interface WebSocketServerParts {
  readonly library: WebSocketLibrary
  readonly stack: WebSocketStack
  readonly options: WebSocketOptions
  readonly nextConnectionId: () => number
  readonly counters: WebSocketServerCounters & WebSocketFrameCounters
}

/** Throws `OverworldError` `bad_address` or `bad_option`; trouble with the port or the files comes as `failed`. */
export function listenWebSocket(
  address: string,
  accept: Accept,
  events: ListenerEvents,
  parts: WebSocketServerParts,
): Listener {
  return new WebSocketListener(withDefaults(parseAddress(address, ['ws', 'wss'])), accept, events, parts)
}

function withDefaults(address: Address): Address & { readonly port: number } {
  const path = address.path === '' || address.path === '/' ? PATH_DEFAULT : address.path
  return { ...address, path, port: address.port ?? PORTS[address.scheme] ?? 0 }
}

class WebSocketListener implements Listener {
  readonly #wanted: Address & { readonly port: number }
  readonly #accept: Accept
  readonly #events: ListenerEvents
  readonly #parts: WebSocketServerParts
  readonly #clock: Clock
  readonly #report: ReportError
  readonly #upgrader: WebSocketUpgrader
  readonly #clientAddress: ClientAddress
  readonly #connectionsMax: number
  readonly #upgradeTimeoutMs: number
  readonly #deadlines = new Map<StreamSocket, Timer | undefined>()
  readonly #tlsHandshakes = new TlsHandshakes()
  readonly #plainRequests: PlainRequests
  #stopListening: (() => void) | undefined
  #address: string
  #connections = 0
  #state: 'binding' | 'listening' | 'closed' = 'binding'

  constructor(
    wanted: Address & { readonly port: number },
    accept: Accept,
    events: ListenerEvents,
    parts: WebSocketServerParts,
  ) {
    const { options } = parts
    this.#wanted = wanted
    this.#address = formatAddress(wanted, wanted.port)
    this.#accept = accept
    this.#events = events
    this.#parts = parts
    this.#clock = options.clock
    this.#report = errorReporter(options.onError)
    this.#connectionsMax = limitOption('connectionsMax', options.connectionsMax, Infinity)
    this.#upgradeTimeoutMs = durationOption('upgradeTimeoutMs', options.upgradeTimeoutMs, UPGRADE_TIMEOUT_MS_DEFAULT)
    this.#clientAddress = clientAddressBehind(options.trustedProxies ?? [])
    this.#plainRequests = new PlainRequests({
      clock: this.#clock,
      options,
      counters: parts.counters,
      path: wanted.path,
      report: this.#report,
      addressOf: (request) => this.#clientAddress((request as SocketRequest).socket?.remoteAddress ?? '', request),
    })
    this.#upgrader = new parts.library.WebSocketServer({
      ...libraryOptions(options, events.messageBytesMax),
      noServer: true,
      clientTracking: false,
    })
    if (options.server === undefined) this.#listenOnOwnServer()
    else this.#listenOn(options.server)
  }

  get address(): string {
    return this.#address
  }

  close(done?: () => void): void {
    this.#state = 'closed'
    this.#stopListening?.()
    this.#stopListening = undefined
    for (const [socket, deadline] of this.#deadlines) {
      deadline?.cancel()
      socket.destroy()
    }
    this.#deadlines.clear()
    this.#plainRequests.cut()
    this.#tlsHandshakes.cut()
    // The listening socket itself is closed at once; `http`'s own callback would wait for open connections as well.
    this.#clock.setTimer(0, () => done?.())
  }

  #listenOnOwnServer(): void {
    let server: HttpServer
    try {
      server = this.#parts.stack.createServer(this.#serverSettings())
    } catch (error) {
      if (error instanceof OverworldError) throw error
      this.#clock.setTimer(0, () => this.#failed(error as Error))
      return
    }
    listenTo(server, 'listening', () => this.#bound(server))
    listenTo(server, 'error', (error: Error) => this.#serverError(server, error))
    if (this.#wanted.scheme === 'wss') {
      // `connection` is of the socket below TLS.
      listenTo(server, 'connection', (socket: StreamSocket) => this.#tlsHandshakes.begun(socket))
      listenTo(server, 'secureConnection', (socket: StreamSocket) => {
        this.#tlsHandshakes.done(socket)
        this.#connected(socket)
      })
    } else {
      listenTo(server, 'connection', (socket: StreamSocket) => this.#connected(socket))
    }
    listenTo(server, 'clientError', (error: Error, socket: StreamSocket) => this.#badRequest(error, socket))
    listenTo(server, 'request', (request: SocketRequest, response: HttpResponse) => {
      this.#plainRequest(request, response, request.socket)
    })
    listenTo(server, 'connect', (_request: HttpRequest, socket: StreamSocket) => {
      this.#refuse(socket, '405 Method Not Allowed')
    })
    listenTo(server, 'upgrade', (request: HttpRequest, socket: StreamSocket, head: Uint8Array) => {
      if (isPlain(request)) {
        this.#plainRequest(request, responseOn(request, socket), socket)
        return
      }
      this.#forgetDeadline(socket)
      this.#upgrade(request, socket, head)
    })
    this.#stopListening = () => void server.close()
    server.listen(this.#wanted.port, this.#wanted.host)
  }

  #serverSettings(): ServerSettings {
    const { tls } = this.#parts.options
    const http = {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: 0,
      requestTimeout: 0,
      keepAliveTimeout: 0,
      handshakeTimeout: Math.min(this.#upgradeTimeoutMs, 2 ** 31 - 1),
      noDelay: true,
    }
    if (this.#wanted.scheme === 'ws') return { http }
    if (tls === undefined) {
      throw new OverworldError('bad_option', 'to listen on a wss: address, give tls: { certFile, keyFile }')
    }
    return { http, tls: { cert: readFileSync(tls.certFile, 'utf8'), key: readFileSync(tls.keyFile, 'utf8') } }
  }

  #listenOn(server: HttpServer): void {
    const onUpgrade = (request: HttpRequest, socket: StreamSocket, head: Uint8Array): void => {
      // `http` leaves an upgrade that nobody takes open for ever; where we are alone, nobody else will take it.
      const isAlone = server.listenerCount('upgrade') === 1
      if (isAlone && isPlain(request)) server.emit('request', request, responseOn(request, socket))
      else if (pathOf(request) === this.#wanted.path) this.#upgrade(request, socket, head)
      else if (isAlone) this.#refuse(socket, '404 Not Found')
    }
    const onListening = (): void => this.#bound(server)
    const stop = [listenTo(server, 'upgrade', onUpgrade), listenTo(server, 'listening', onListening)]
    this.#stopListening = () => {
      for (const each of stop) each()
    }
    if (server.listening) this.#clock.setTimer(0, onListening)
  }

  #bound(server: HttpServer): void {
    if (this.#state !== 'binding') return
    this.#state = 'listening'
    const bound = server.address()
    if (typeof bound === 'object' && bound !== null) this.#address = formatAddress(this.#wanted, bound.port)
    try {
      this.#events.listening?.(this.#address)
    } catch (error) {
      this.#report(error)
    }
  }

  #serverError(server: HttpServer, error: Error): void {
    if (this.#state === 'binding') this.#failed(error)
    // A listener that was closed before it was bound has nobody to tell.
    else if (this.#state === 'listening' && !server.listening) this.#failed(error)
    else if (this.#state === 'listening') this.#report(error)
  }

  #failed(error: Error): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    tellFailed(this.#events, error)
  }

  #connected(socket: StreamSocket): void {
    if (this.#state === 'closed') {
      socket.destroy()
      return
    }
    const deadline =
      this.#upgradeTimeoutMs === Infinity
        ? undefined
        : this.#clock.setTimer(this.#upgradeTimeoutMs, () => {
            this.#parts.counters.websocketUpgradeTimeoutsTotal++
            socket.destroy()
          })
    this.#deadlines.set(socket, deadline)
    socket.on('close', () => this.#forgetDeadline(socket))
  }

  #forgetDeadline(socket: StreamSocket): void {
    this.#deadlines.get(socket)?.cancel()
    this.#deadlines.delete(socket)
  }

  /** Of `https` it also comes for a TLS handshake that fails or takes too long, and where that is so nobody can be answered. */
  #badRequest(error: Error & { readonly code?: string }, socket: StreamSocket): void {
    if (this.#state !== 'closed') this.#parts.counters.websocketBadRequestsTotal++
    if (error.code?.startsWith('HPE_') !== true) {
      socket.destroy()
      return
    }
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
    answerAndClose(socket, status)
  }

  #plainRequest(request: HttpRequest, response: HttpResponse, socket: StreamSocket): void {
    // The request came in time; the response has a deadline of its own.
    this.#forgetDeadline(socket)
    this.#plainRequests.handle(request, response, socket)
  }

  #upgrade(request: HttpRequest, socket: StreamSocket, head: Uint8Array): void {
    if (this.#state === 'closed') return this.#refuse(socket, '503 Service Unavailable')
    if (pathOf(request) !== this.#wanted.path) return this.#refuse(socket, '404 Not Found')
    if (!this.#isOriginAllowed(request)) return this.#refuse(socket, '403 Forbidden')
    if (this.#connections >= this.#connectionsMax) return this.#refuse(socket, '503 Service Unavailable')
    const remoteAddress = this.#clientAddress(socket.remoteAddress ?? '', request)
    let isUpgraded = false
    try {
      this.#upgrader.handleUpgrade(request as never, socket as never, head as never, (webSocket) => {
        isUpgraded = true
        this.#upgraded(webSocket, socket, remoteAddress)
      })
    } catch (error) {
      this.#report(error)
      socket.destroy()
    }
    // `ws` has answered a malformed handshake itself.
    if (!isUpgraded) this.#parts.counters.websocketBadRequestsTotal++
  }

  #upgraded(webSocket: WebSocketLike, stream: StreamSocket, remoteAddress: string): void {
    const handler = new GuardedHandler(this.#report)
    this.#connections++
    const connection = new WebSocketConnection({
      id: this.#parts.nextConnectionId(),
      clock: this.#clock,
      socket: webSocket,
      handler,
      remoteAddress,
      counters: this.#parts.counters,
      stream,
      onGone: () => this.#connections--,
    })
    try {
      handler.attach(this.#accept(connection))
    } catch (error) {
      this.#report(error)
      connection.cut()
      return
    }
    handler.opened()
  }

  #isOriginAllowed(request: HttpRequest): boolean {
    const allowed = this.#parts.options.allowedOrigins
    const origin = request.headers['origin']
    return allowed === undefined || origin === undefined || allowed.includes(String(origin))
  }

  #refuse(socket: StreamSocket, status: string): void {
    this.#parts.counters.websocketUpgradesRefusedTotal++
    answerAndClose(socket, status)
  }
}

/** A request of `http`, which knows its socket. */
interface SocketRequest extends HttpRequest {
  readonly socket: StreamSocket
}

/** Returns how to stop listening. */
function listenTo<Args extends readonly unknown[]>(
  server: HttpServer,
  event: string,
  listener: (...args: Args) => void,
): () => void {
  const untyped = listener as unknown as HttpServerListener
  server.on(event, untyped)
  return () => server.off(event, untyped)
}
