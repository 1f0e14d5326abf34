/**
 * `GET /healthz` and `GET /metrics` (Prometheus text) for any HTTP server: the one that WebSocket runs on, an Express
 * app, or one of its own. The numbers come from a function such as `server.stats()`; nothing is collected in between.
 * Leaves out metrics of the process itself; `prom-client` has those for whoever wants them in the same registry.
 */
import { Counter, Gauge, Registry } from 'prom-client'
import type { Clock } from '../core/injected.ts'
import { checkDuration } from '../core/options.ts'
import { pathOf } from './http-requests.ts'
import type { HttpRequest, HttpResponse, RequestHandler } from './websocket-library.ts'

const CACHE_MS_DEFAULT = 1_000

export type MetricKind = 'counter' | 'gauge'

export interface HttpEndpointsOptions {
  /** Called for each scrape. Names are written in snake case: `ticksTotal` becomes `overworld_ticks_total`. */
  stats(): Readonly<Record<string, number>>
  /** Stands before each name. Default `overworld_`. */
  readonly prefix?: string | undefined
  /**
   * What the numbers are, by name in `stats()`. Default: one that ends in `Total` is a counter (it only
   * grows), any other a gauge.
   */
  readonly kinds?: Readonly<Record<string, MetricKind>> | undefined
  /** Explanations for Prometheus, by name in `stats()`. Default: the name. */
  readonly help?: Readonly<Record<string, string>> | undefined
  /**
   * For how long (ms) the text of `/metrics` is given again instead of being made anew, so that scrapes in a row cost little. Default 1,000;
   * 0: made for each request.
   */
  readonly cacheMs?: number | undefined
  /** Tells the age of the cached text. Default: the platform's `performance`. */
  readonly clock?: Pick<Clock, 'now'> | undefined
  /** False: `/metrics` is left alone, as where it has a port of its own. Default: true. */
  readonly hasMetrics?: boolean | undefined
  /** False: `/healthz` answers 503, so that a load balancer sends nobody here, as while draining. Default: true. */
  readonly isHealthy?: (() => boolean) | undefined
}

/** Answers the two paths and returns true; leaves everything else alone and returns false. Throws `bad_option`. */
export function httpEndpoints(options: HttpEndpointsOptions): RequestHandler {
  const metrics = new StatsMetrics(options)
  return (request, response) => {
    const path = pathOf(request)
    if (path !== '/healthz' && (path !== '/metrics' || options.hasMetrics === false)) return false
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(request, response, 405, 'text/plain', 'Method Not Allowed\n')
    } else if (path === '/healthz') {
      const isHealthy = options.isHealthy?.() ?? true
      answer(request, response, isHealthy ? 200 : 503, 'text/plain', isHealthy ? 'ok\n' : 'unhealthy\n')
    } else {
      metrics
        .text()
        .then(
          (text) => answer(request, response, 200, metrics.contentType, text),
          (error: unknown) => answer(request, response, 500, 'text/plain', `${String(error)}\n`),
        )
        // Somebody else has answered meanwhile, such as a timeout of the app that this is part of.
        .catch(() => undefined)
    }
    return true
  }
}

class StatsMetrics {
  readonly #options: HttpEndpointsOptions
  readonly #registry = new Registry()
  readonly #counters = new Map<string, Counter>()
  readonly #gauges = new Map<string, Gauge>()
  readonly #clock: Pick<Clock, 'now'>
  readonly #cacheMs: number
  #cached: { readonly text: Promise<string>; readonly atMs: number } | undefined

  constructor(options: HttpEndpointsOptions) {
    this.#options = options
    this.#clock = options.clock ?? performance
    this.#cacheMs = options.cacheMs ?? CACHE_MS_DEFAULT
    checkDuration('cacheMs', this.#cacheMs)
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** Requests that come together, or soon after each other, share one text. */
  text(): Promise<string> {
    const nowMs = this.#clock.now()
    const cached = this.#cached
    if (cached !== undefined && nowMs - cached.atMs < this.#cacheMs) return cached.text
    const text = this.#make()
    this.#cached = { text, atMs: nowMs }
    // A text that could not be made is not kept.
    text.catch(() => (this.#cached = undefined))
    return text
  }

  async #make(): Promise<string> {
    for (const [name, value] of Object.entries(this.#options.stats())) this.#set(name, value)
    return this.#registry.metrics()
  }

  #set(name: string, value: number): void {
    if (this.#kindOf(name) === 'gauge') {
      this.#gauge(name).set(value)
      return
    }
    const counter = this.#counter(name)
    counter.reset()
    counter.inc(value)
  }

  #kindOf(name: string): MetricKind {
    return this.#options.kinds?.[name] ?? (/total$/i.test(name) ? 'counter' : 'gauge')
  }

  #gauge(name: string): Gauge {
    const gauge = this.#gauges.get(name) ?? new Gauge(this.#describe(name))
    this.#gauges.set(name, gauge)
    return gauge
  }

  #counter(name: string): Counter {
    const counter = this.#counters.get(name) ?? new Counter(this.#describe(name))
    this.#counters.set(name, counter)
    return counter
  }

  #describe(name: string): { name: string; help: string; registers: Registry[] } {
    const { prefix = 'overworld_', help } = this.#options
    const snakeCase = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll(/[^a-z0-9_]/g, '_')
    const words = snakeCase.replaceAll('_', ' ')
    return { name: `${prefix}${snakeCase}`, help: help?.[name] ?? words, registers: [this.#registry] }
  }
}

function answer(request: HttpRequest, response: HttpResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': new TextEncoder().encode(body).length })
  if (request.method === 'HEAD') response.end()
  else response.end(body)
}
