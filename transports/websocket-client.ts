/**
 * Dials WebSockets from Node. Leaves out a deadline for the connection: the client in the core has one, and closes.
 * Browsers have their own; see `browser-websocket.ts`.
 */
import { readFileSync } from 'node:fs'
import { OverworldError } from '../core/errors.ts'
import type { Connection, ConnectionHandler } from '../core/injected.ts'
import { parseAddress } from './address.ts'
import { errorReporter, GuardedHandler } from './guarded-handler.ts'
import { WebSocketConnection, type WebSocketFrameCounters } from './websocket-connection.ts'
import type { WebSocketLibrary, WebSocketLike, WebSocketStack } from './websocket-library.ts'
import { libraryOptions, PATH_DEFAULT, type WebSocketOptions } from './websocket-options.ts'

export interface WebSocketClientParts {
  readonly library: WebSocketLibrary
  readonly stack: WebSocketStack
  readonly options: WebSocketOptions
  readonly nextConnectionId: () => number
  readonly counters: WebSocketFrameCounters
}

/**
 * `address`: `ws://…` or `wss://…`; without a port 80 or 443, as everywhere, without a path `/ws`.
 * Throws `OverworldError` `bad_address`; throws what reading `caFile` throws.
 */
export function connectWebSocket(address: string, handler: ConnectionHandler, parts: WebSocketClientParts): Connection {
  const { options, stack } = parts
  const { scheme, host, port, path, query } = parseAddress(address, ['ws', 'wss'])
  const authority = (host.includes(':') ? `[${host}]` : host) + (port === undefined ? '' : `:${port}`)
  const url = `${scheme}://${authority}${path === '' || path === '/' ? PATH_DEFAULT : path}${query}`
  const socket = dialled(parts.library, url, {
    ...libraryOptions(options),
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    ...(scheme === 'wss' && options.caFile !== undefined ? { ca: readFileSync(options.caFile) } : {}),
    ...(scheme === 'ws' && stack.createConnection !== undefined ? { createConnection: stack.createConnection } : {}),
  })
  return new WebSocketConnection({
    id: parts.nextConnectionId(),
    clock: options.clock,
    socket,
    handler: new GuardedHandler(errorReporter(options.onError), handler),
    remoteAddress: host,
    counters: parts.counters,
  })
}

/** `URL`, on which `ws` relies, is stricter than we are. */
function dialled(library: WebSocketLibrary, url: string, options: object): WebSocketLike {
  try {
    return new library.WebSocket(url, options)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new OverworldError('bad_address', `"${url}" is not an address: ${error.message}`)
  }
}
