/**
 * What the WebSocket adapter uses of `ws` and of Node's `http`: the adapter takes both as parameters, so that the
 * simulator can run it on a private instance of `ws` over simulated sockets. Described here by shape, so that the
 * published types need neither library's. Leaves out everything that the adapter does not touch.
 */

/** A byte stream: a TCP or TLS socket, or a simulated one. */
export interface StreamSocket {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly destroyed: boolean
  on(event: 'close', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  once(event: 'finish', listener: () => void): unknown
  end(text: string): unknown
  destroy(): unknown
  readonly writableLength: number
  /** Holds back what is written until `uncork` has been called as often. */
  cork(): void
  uncork(): void
}

export interface HttpRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface HttpResponse {
  /** Whether `http` adds a `Date` header from the real clock. */
  sendDate: boolean
  /** Undefined is as good as false. */
  readonly headersSent?: boolean
  setHeader(name: string, value: string): unknown
  writeHead(status: number, headers: Record<string, string | number>): unknown
  end(body?: string): unknown
}

/** Answers a plain HTTP request and returns true, or leaves it alone and returns false. */
export type RequestHandler = (request: HttpRequest, response: HttpResponse) => boolean

/** Typed so that Node's own declarations fit; `http` says what comes with which event. */
export type HttpServerListener = (...args: unknown[]) => void

/** Node's `http.Server` and `https.Server`, or anything that behaves like them. */
export interface HttpServer {
  on(event: string, listener: HttpServerListener): unknown
  off(event: string, listener: HttpServerListener): unknown
  emit(event: string, ...args: unknown[]): unknown
  listenerCount(event: string): number
  readonly listening: boolean
  listen(port: number, host: string): unknown
  close(): unknown
  address(): { readonly port: number } | string | null
}

export interface ServerSettings {
  /** PEM texts; `undefined` for plain `http`. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  /** For `http.createServer`. */
  readonly http: Readonly<Record<string, number | boolean>>
}

/** Where the adapter gets its sockets. */
export interface WebSocketStack {
  createServer(settings: ServerSettings): HttpServer
  /** What `ws` calls to dial a `ws:` address (its option of this name); `undefined`: the platform's TCP. */
  readonly createConnection?: ((options: object, connected?: () => void) => unknown) | undefined
}

/** An open or opening WebSocket of `ws`. */
export interface WebSocketLike {
  readonly readyState: number
  readonly bufferedAmount: number
  on(event: 'open', listener: () => void): unknown
  on(event: 'message', listener: (data: Uint8Array, isBinary: boolean) => void): unknown
  on(event: 'close', listener: (code: number, reason: Uint8Array) => void): unknown
  on(event: 'ping' | 'pong', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  send(data: Uint8Array, options: { readonly binary: true }, written: ((error?: Error) => void) | undefined): void
  close(code: number, reason: string): void
  /** Reads nothing more. */
  pause(): void
  terminate(): void
}

/** What the adapter uses of the package `ws` (8.23 or newer). */
export interface WebSocketLibrary {
  readonly WebSocket: new (address: string, options: object) => WebSocketLike
  readonly WebSocketServer: new (options: object) => WebSocketUpgrader
}

export interface WebSocketUpgrader {
  handleUpgrade(request: never, socket: never, head: never, upgraded: (socket: WebSocketLike) => void): void
}
