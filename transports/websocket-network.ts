/**
 * WebSocket as a `Network`, on the package `ws`: `listen` and `connect` for `ws:` and `wss:` addresses. Delivery and
 * channels are ignored, a WebSocket being one ordered stream. Leaves out compression: see `libraryOptions`.
 */
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { WebSocket, WebSocketServer } from 'ws'
import type { Accept, Connection, ConnectionHandler, Listener, ListenerEvents, Network } from '../core/injected.ts'
import { connectionIds } from './options.ts'
import { connectWebSocket } from './websocket-client.ts'
import type { WebSocketFrameCounters } from './websocket-connection.ts'
import type { HttpServer, ServerSettings, WebSocketLibrary, WebSocketStack } from './websocket-library.ts'
import { checkWebSocketOptionNames, type WebSocketOptions } from './websocket-options.ts'
import { listenWebSocket, type WebSocketServerCounters } from './websocket-server.ts'

export interface WebSocketNetwork extends Network {
  /** Counters of what no program hears of, by documented names. */
  stats(): Readonly<Record<string, number>>
}

/** Both sides of WebSocket. Throws `OverworldError` `bad_option`, also for the name of an option that does not exist. */
export function webSocketNetwork(options: WebSocketOptions): WebSocketNetwork {
  checkWebSocketOptionNames(options)
  const counters: WebSocketServerCounters & WebSocketFrameCounters = {
    websocketUpgradesRefusedTotal: 0,
    websocketUpgradeTimeoutsTotal: 0,
    websocketBadRequestsTotal: 0,
    websocketPlainRequestsTotal: 0,
    websocketPlainRequestsRefusedTotal: 0,
    websocketPlainResponseTimeoutsTotal: 0,
    websocketFramesRefusedTotal: 0,
    websocketPingsTotal: 0,
  }
  const parts = {
    library: options.library ?? nodeLibrary,
    stack: options.stack ?? nodeStack,
    options,
    nextConnectionId: options.nextConnectionId ?? connectionIds(),
    counters,
  }
  return {
    listen(address: string, accept: Accept, events: ListenerEvents = {}): Listener {
      return listenWebSocket(address, accept, events, parts)
    },
    connect(address: string, handler: ConnectionHandler): Connection {
      return connectWebSocket(address, handler, parts)
    },
    stats: () => ({ ...counters }),
  }
}

const nodeLibrary: WebSocketLibrary = { WebSocket, WebSocketServer }

const nodeStack: WebSocketStack = {
  createServer({ tls, http }: ServerSettings): HttpServer {
    const server = tls === undefined ? createHttpServer(http) : createHttpsServer({ ...http, ...tls })
    return server
  },
}
