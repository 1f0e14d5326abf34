/**
 * The WebSocket adapter's parts at wire level: real `http` and a private instance of the real `ws` on a simulated TCP
 * stack. The `http.Server` never listens (its interval that looks for slow requests would run on real time): it is
 * handed each connection that the simulated port accepts.
 */
import { createServer, type Server } from 'node:http'
import type { HostStacks, TcpListener } from '../../sim/wire/index.ts'
import {
  loadLibrary,
  libraryWorld,
  type HttpServer,
  type HttpServerListener,
  type LibraryWorld,
  type ServerSettings,
  type WebSocketLibrary,
  type WebSocketStack,
} from '../../transports/index.ts'

/** One for each life of a host: `ws` keeps timers, and a pool of random bytes. */
export function wireWebSocketLibrary(stacks: HostStacks): WebSocketLibrary {
  const { life, drain } = stacks
  const world = libraryWorld({ clock: life.clock, random: life.random('ws') })
  return loadLibrary('ws', {
    ...world,
    globals: { ...world.globals, process: processThatDrains(world, () => drain.need()) },
  }) as WebSocketLibrary
}

export function wireWebSocketStack({ tcp }: HostStacks): WebSocketStack {
  return {
    createServer: ({ tls, http }: ServerSettings) => {
      if (tls !== undefined) throw new Error('TLS is not simulated: listen on a ws: address')
      return new SimulatedHttpServer(createServer(http), tcp)
    },
    createConnection: (options) => {
      const { host, port } = options as { readonly host: string; readonly port: number | string }
      return tcp.connect(host, Number(port))
    },
  }
}

/** What `ws` puts off to the next tick happens before the next event. */
function processThatDrains(world: LibraryWorld, need: () => void): object {
  const quiet = world.globals['process'] as { nextTick(callback: () => void, ...args: unknown[]): void }
  return {
    ...quiet,
    // Native helpers, where somebody has installed them, would make no difference but in speed.
    env: { WS_NO_BUFFER_UTIL: '1', WS_NO_UTF_8_VALIDATE: '1' },
    nextTick: (callback: () => void, ...args: unknown[]) => {
      need()
      quiet.nextTick(callback, ...args)
    },
  }
}

class SimulatedHttpServer implements HttpServer {
  readonly #http: Server
  readonly #tcp: HostStacks['tcp']
  /** `listening` and `error` are the port's: the `http.Server` has none. */
  readonly #listeners = new Map<string, HttpServerListener[]>([
    ['listening', []],
    ['error', []],
  ])
  #port: TcpListener | undefined
  listening = false

  constructor(http: Server, tcp: HostStacks['tcp']) {
    this.#http = http
    this.#tcp = tcp
  }

  on(event: string, listener: HttpServerListener): void {
    const own = this.#listeners.get(event)
    if (own === undefined) this.#http.on(event, listener)
    else own.push(listener)
  }

  off(event: string, listener: HttpServerListener): void {
    const own = this.#listeners.get(event)
    if (own === undefined) this.#http.off(event, listener)
    else
      this.#listeners.set(
        event,
        own.filter((each) => each !== listener),
      )
  }

  listenerCount(event: string): number {
    return this.#listeners.get(event)?.length ?? this.#http.listenerCount(event)
  }

  listen(port: number, _host: string): void {
    this.#port = this.#tcp.listen(port, {
      listening: () => {
        this.listening = true
        this.emit('listening')
      },
      failed: (error) => this.emit('error', error),
      connection: (socket) => this.#http.emit('connection', socket),
    })
  }

  close(): void {
    this.listening = false
    this.#port?.close()
  }

  address(): { readonly port: number } | null {
    return this.#port === undefined ? null : { port: this.#port.port }
  }

  emit(event: string, ...args: unknown[]): void {
    const own = this.#listeners.get(event)
    if (own === undefined) this.#http.emit(event, ...args)
    else for (const listener of own) listener(...args)
  }
}
