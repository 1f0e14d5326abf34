/**
 * `overworld/client`: the client of the core with the platform's clock, randomness and WebSocket filled in, and
 * promises for those who like to wait. Runs in browsers as it is; no code of the server comes along.
 *
 * Leaves out ENet and the package `ws`: in Node 20, which has no `WebSocket` of its own, and for `enet:` addresses,
 * give a `network` from `overworld/transports`.
 */
import type { MessageName, Received, RpcName, Schema } from '../core/app/message-types.ts'
import { CLIENT_OPTION_NAMES } from '../core/client/client-init.ts'
import { Client, type ClientInit, type SessionEstablished } from '../core/client/client.ts'
import type { Room } from '../core/client/room.ts'
import { OverworldError } from '../core/errors.ts'
import { checkOptionNames, type OptionNames } from '../core/option-names.ts'
import { browserRandom } from './browser-random.ts'
import { browserWebSocketNetwork } from './browser-websocket.ts'
import { followPage, type PageLike } from './page-events.ts'
import { systemClock } from './system-clock.ts'

export type { AnyApp, AppOptions, MessageOptions } from '../core/app/app.ts'
export { defineApp, type App } from '../core/define-app.ts'
export {
  Client,
  type ClientEvents,
  type ClientInit,
  type ClientStatus,
  type SessionEstablished,
  type SessionZone,
} from '../core/client/client.ts'
export type { ClientCall, ClientTap, ClientTimerOwner } from '../core/client/client-tap.ts'
export type { ClientEvent, ClientState } from '../core/client/client-words.ts'
export type { Room, RoomClient } from '../core/client/room.ts'
export type { UndecodableMessage, UndecodableWhy } from '../core/client/undecodable.ts'
export { memoryStore, type Stored, type StoredSession, type TokenStore } from '../core/client/token-store.ts'
export { CloseCode, mayComeBack } from '../core/close-codes.ts'
export { OverworldError, type ErrorCode } from '../core/errors.ts'
export type { MessageName, Received, RpcName, Schema }
export { browserRandom } from './browser-random.ts'
export { browserWebSocketNetwork, type BrowserWebSocketOptions, type PlatformWebSocket } from './browser-websocket.ts'
export type { PageLike } from './page-events.ts'
export { storageStore, type StorageLike, type StorageSource } from './storage-store.ts'
export { systemClock } from './system-clock.ts'

/** Everything but the address has a default: the platform's clock, randomness and `WebSocket`, tokens in memory. */
export interface ClientOptions extends Pick<ClientInit, 'address'>, Omit<Partial<ClientInit>, 'address'> {
  /**
   * The page whose events wake the client (`online`, `offline`, `visibilitychange`, `pageshow`). Default: the platform's
   * window, if there is one; `{}`: none.
   */
  readonly page?: PageLike
}

const OPTION_NAMES: OptionNames<ClientOptions> = { ...CLIENT_OPTION_NAMES, page: true }

/**
 * A client that has not dialled yet: call `connect`. Throws `bad_option`, or `library_missing` where the platform has no
 * `WebSocket` or no `crypto.getRandomValues` and none is given.
 */
export function createClient(options: ClientOptions): Client {
  checkOptionNames('createClient', options, OPTION_NAMES)
  const { page, ...init } = options
  const clock = init.clock ?? systemClock()
  const client = new Client({
    ...init,
    clock,
    random: init.random ?? browserRandom(),
    network: init.network ?? browserWebSocketNetwork({ clock }),
  })
  followPage(client, page ?? (globalThis as PageLike))
  return client
}

/**
 * Resolves once `client` has a session, at once where it has one. Rejects with `client_ended` once it has ended.
 * While neither has happened the client goes on trying, for as long as it takes.
 */
export function whenConnected(client: Client): Promise<SessionEstablished> {
  return new Promise((resolve, reject) => {
    const { status, session } = client
    if (session !== undefined) {
      resolve(session)
      return
    }
    if (status.kind === 'ended') {
      reject(ended(status))
      return
    }
    const stop = [
      client.on('session', (session) => {
        for (const each of stop) each()
        resolve(session)
      }),
      client.on('status', (changed) => {
        if (changed.kind !== 'ended') return
        for (const each of stop) each()
        reject(ended(changed))
      }),
    ]
  })
}

/**
 * Resolves with the next message of `type`; those that came before this call are not seen. Rejects with `client_ended`
 * once the room's client has ended, at once where it has. While neither has happened it waits, for as long as it takes.
 */
export function nextMessage<S extends Schema, const Name extends RpcName<S>>(
  room: Room<S>,
  type: Name,
): Promise<Received<S, Name>> {
  return new Promise((resolve, reject) => {
    const { status } = room.client
    if (status.kind === 'ended') {
      reject(ended(status))
      return
    }
    const stop = [
      room.on(type, (message) => {
        for (const each of stop) each()
        resolve(message)
      }),
      room.client.on('status', (changed) => {
        if (changed.kind !== 'ended') return
        for (const each of stop) each()
        reject(ended(changed))
      }),
    ]
  })
}

function ended(status: { readonly code: number; readonly reason: string }): OverworldError {
  const why = status.reason === '' ? '' : `: ${status.reason}`
  return new OverworldError('client_ended', `the client has ended (${status.code}${why}); connect begins anew`)
}
