/**
 * Plain HTTP requests on the WebSocket server's own port: one request for each connection, rates, a deadline for the
 * response, and 404 or 426 for all that `onRequest` leaves. Nothing that a peer sends, and nothing that `onRequest`
 * does, throws out of here.
 * Leaves out requests to a server that the user passed in (`server`): they belong to its owner.
 */
import { addressKey } from '../core/address-key.ts'
import type { Clock, Timer } from '../core/injected.ts'
import type { ReportError } from './guarded-handler.ts'
import { pathOf } from './http-requests.ts'
import { durationOption, limitOption } from './options.ts'
import { RateWindow } from './rate-window.ts'
import type { HttpRequest, HttpResponse, StreamSocket } from './websocket-library.ts'
import type { WebSocketOptions } from './websocket-options.ts'

const PER_SECOND_DEFAULT = 500
const PER_ADDRESS_AND_SECOND_DEFAULT = 100
const OPEN_MAX = 1_000
const RESPONSE_TIMEOUT_MS_DEFAULT = 60_000
/** Requests that a client may have sent before it read that the first response closes the connection. */
const PIPELINED_MAX = 16

export interface PlainRequestCounters {
  websocketPlainRequestsTotal: number
  websocketPlainRequestsRefusedTotal: number
  websocketPlainResponseTimeoutsTotal: number
}

export interface PlainRequestParts {
  readonly clock: Clock
  readonly options: WebSocketOptions
  readonly counters: PlainRequestCounters
  /** The path of WebSockets: a plain request for it is answered with 426. */
  readonly path: string
  readonly report: ReportError
  /** Of the client, behind trusted proxies. */
  readonly addressOf: (request: HttpRequest) => string
}

/** A connection whose first request was taken. */
interface Exchange {
  deadline: Timer | undefined
  requests: number
}

export class PlainRequests {
  readonly #parts: PlainRequestParts
  readonly #rate: RateWindow
  readonly #perAddressMax: number
  readonly #responseTimeoutMs: number
  readonly #exchanges = new Map<StreamSocket, Exchange>()
  /** Requests of the current second by address (IPv6: by /64). */
  readonly #byAddress = new Map<string, number>()
  #secondSinceMs = -Infinity

  /** Throws `OverworldError` `bad_option`. */
  constructor(parts: PlainRequestParts) {
    const { clock, options } = parts
    this.#parts = parts
    this.#rate = new RateWindow(
      clock,
      limitOption('plainRequestsPerSecondMax', options.plainRequestsPerSecondMax, PER_SECOND_DEFAULT),
    )
    this.#perAddressMax = limitOption(
      'plainRequestsPerAddressMax',
      options.plainRequestsPerAddressMax,
      PER_ADDRESS_AND_SECOND_DEFAULT,
    )
    this.#responseTimeoutMs = durationOption(
      'responseTimeoutMs',
      options.responseTimeoutMs,
      RESPONSE_TIMEOUT_MS_DEFAULT,
    )
  }

  handle(request: HttpRequest, response: HttpResponse, socket: StreamSocket): void {
    if (!this.#isFirst(socket)) return
    response.sendDate = false
    response.setHeader('Connection', 'close')
    if (this.#exchanges.size > OPEN_MAX || this.#isOverRate(request)) {
      this.#parts.counters.websocketPlainRequestsRefusedTotal++
      respond(response, 429, 'Too Many Requests\n', { 'Retry-After': 1 })
      return
    }
    const outcome = this.#ask(request, response)
    if (outcome === 'taken') return
    if (outcome === 'threw') {
      if (response.headersSent) socket.destroy()
      else respond(response, 500, 'Internal Server Error\n')
      return
    }
    this.#parts.counters.websocketPlainRequestsTotal++
    if (pathOf(request) === this.#parts.path) {
      respond(response, 426, 'Upgrade Required\n', { Connection: 'Upgrade, close', Upgrade: 'websocket' })
    } else {
      respond(response, 404, 'Not Found\n')
    }
  }

  /** Cuts all responses that are under way. */
  cut(): void {
    for (const socket of this.#exchanges.keys()) socket.destroy()
  }

  /** The first response closes its connection, so nothing that was pipelined behind the first request is answered. */
  #isFirst(socket: StreamSocket): boolean {
    const known = this.#exchanges.get(socket)
    if (known !== undefined) {
      this.#parts.counters.websocketPlainRequestsRefusedTotal++
      if (++known.requests > PIPELINED_MAX) socket.destroy()
      return false
    }
    // `http` reports requests of one read after the connection was destroyed, too.
    if (socket.destroyed) return false
    const exchange: Exchange = { deadline: undefined, requests: 1 }
    if (this.#responseTimeoutMs !== Infinity) {
      exchange.deadline = this.#parts.clock.setTimer(this.#responseTimeoutMs, () => {
        this.#parts.counters.websocketPlainResponseTimeoutsTotal++
        socket.destroy()
      })
    }
    this.#exchanges.set(socket, exchange)
    socket.on('close', () => {
      exchange.deadline?.cancel()
      this.#exchanges.delete(socket)
    })
    return true
  }

  /** What one address asks too much takes nothing from the others, such as a load balancer's `/healthz`. */
  #isOverRate(request: HttpRequest): boolean {
    const nowMs = this.#parts.clock.now()
    if (nowMs - this.#secondSinceMs >= 1_000) {
      this.#secondSinceMs = nowMs
      this.#byAddress.clear()
    }
    const address = addressKey(this.#parts.addressOf(request))
    const count = (this.#byAddress.get(address) ?? 0) + 1
    this.#byAddress.set(address, count)
    return count > this.#perAddressMax || this.#rate.isOver()
  }

  #ask(request: HttpRequest, response: HttpResponse): 'taken' | 'left' | 'threw' {
    const { options, report } = this.#parts
    try {
      // A handler in JavaScript may return anything.
      const taken: unknown = options.onRequest?.(request, response)
      if (typeof (taken as PromiseLike<unknown> | undefined)?.then !== 'function')
        return taken === true ? 'taken' : 'left'
      // It has taken the request and answers later. Its rejection must not end the process.
      void Promise.resolve(taken).then(undefined, (error: unknown) => {
        report(error)
        if (response.headersSent !== true) respond(response, 500, 'Internal Server Error\n')
      })
      return 'taken'
    } catch (error) {
      report(error)
      return 'threw'
    }
  }
}

function respond(
  response: HttpResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string | number>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': body.length, ...headers })
  response.end(body)
}
