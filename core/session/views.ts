/**
 * A session and a zone as programs see them, and the types that these two need. They refer to each other, so they share
 * one file; the classes behind them are in `session.ts` and `core/zone/zone.ts`.
 */
import type { AnyApp, SchemaApp } from '../app/app.ts'
import type { MessageName, RpcName, Schema, Sendable } from '../app/message-types.ts'
import type { PlainMessage } from '../app/plain.ts'
import type { Connection, Random, Timer } from '../injected.ts'
import type { Synchronous } from '../synchronous.ts'
import type { SessionStatus } from './session-events.ts'

declare const brand: unique symbol
/** A positive integer, unique for the server's life. */
export type SessionId = number & { readonly [brand]: 'SessionId' }

/** Called once when a session loses its connection, or when its client ends it (`code` 4000). */
export type SessionDisconnect = (session: Session, code: number) => Synchronous

/** `undefined`: native objects and no encoding, for in-process proxies. */
export type Serializer = 'protobuf' | undefined

/**
 * A receiver within the process: an NPC, an agent, a test. Nothing is called before the call that caused it has
 * returned.
 */
export interface InProcessProxy {
  /**
   * A message for the session: a frozen object, or, where the session's `serializer` was set to `'protobuf'`, the
   * bytes that a client would get.
   */
  deliver(type: string, message: PlainMessage | Uint8Array, app: AnyApp): Synchronous
  /** The session no longer delivers here. Once and last. */
  closed(code: number): Synchronous
}

/** A connection as a proxy. The server makes it; a program may give it to another session. */
export interface ConnectionProxy {
  /** `number`: 1 for the server's first connection, and so on. */
  readonly connection: Connection & { readonly number: number }
  /** The session whose messages travel here; undefined once the connection was replaced. */
  readonly session: Session | undefined
  /** No message travels here any more. */
  readonly isClosing: boolean
}

/** What messages for a session are delivered to: a connection, or any receiver within the process. */
export type Proxy = ConnectionProxy | InProcessProxy

/** The server's record of one client, independent of any connection. */
export interface Session {
  readonly id: SessionId
  readonly status: SessionStatus
  /**
   * What messages are delivered to; undefined while disconnected.
   *
   * By hand: on a connected session a takeover, on a disconnected one a resume, both without a new token; undefined
   * disconnects it. A connection is taken away from the session that had it. Within a handler it takes effect after
   * the handler. Throws `session_gone`, and `not_connected` for a connection that has closed or a session that its
   * client has not requested yet.
   */
  get proxy(): Proxy | undefined
  set proxy(proxy: Proxy | undefined)
  /** Throws `foreign_serializer`: a connection carries bytes, so it needs `'protobuf'`. */
  get serializer(): Serializer
  set serializer(serializer: Serializer)
  /** The most recent round trip in whole ms; undefined until the first ping. */
  readonly latency: number | undefined
  get disconnectCallback(): SessionDisconnect | undefined
  set disconnectCallback(callback: SessionDisconnect | undefined)
  /** Whatever the game wants to keep with the session. Throws `session_gone` where it is set. */
  get gameData(): unknown
  set gameData(gameData: unknown)
  /**
   * How long (ms) the session outlives a lost connection; 0: not at all; Infinity: for ever.
   *
   * Set while it is disconnected, the deadline becomes the time of the disconnect plus the new value; if that is past, the
   * session expires at once. Within a handler it takes effect after the handler. Throws `bad_option`, `session_gone`.
   */
  get disconnectTimeout(): number
  set disconnectTimeout(timeoutMs: number)
  /** A copy of the token that was last issued; undefined without one. */
  readonly token: Uint8Array | undefined
  readonly zone: ZoneView | undefined
  /** To whatever the proxy is. Dropped and counted while the session is not connected. */
  send<S extends Schema, const Name extends RpcName<S>>(app: SchemaApp<S>, type: Name, message: Sendable<S, Name>): void
  /**
   * Joins a zone as a client would. Throws `already_joined`, `not_connected`, `unknown_zone`; from within a handler
   * these are reported instead.
   *
   * @param zone Default: the one that the app's route picks.
   */
  join<S extends Schema>(app: SchemaApp<S>, message: Sendable<S, 'join' & MessageName<S>>, zone?: ZoneView): void
  /** Leaves its zone as a client would. Throws `not_in_zone`. */
  part<S extends Schema>(app: SchemaApp<S>, message: Sendable<S, 'part' & MessageName<S>>): void
  /** Calls an rpc of its zone as a client would. Throws `not_in_zone`. */
  rpc<S extends Schema, const Name extends RpcName<S>>(app: SchemaApp<S>, type: Name, message: Sendable<S, Name>): void
  /** Closes the connection as if it had broken; the session waits for its client. */
  disconnect(): void
  /** Ends the session: its zone parts it with `stopped`, its connection is closed with 4500. No callback. */
  stop(): void
}

/** Why a membership ended. */
export type PartReason =
  /** The client asked for it; the only one with a message. */
  | 'left'
  /** A hard zone lost the connection. */
  | 'disconnect'
  /** The session was not back in time. */
  | 'timeout'
  /** The client ended its session. */
  | 'ended'
  /** The session was stopped. */
  | 'stopped'
  /** The zone removed it. */
  | 'removed'
  | 'zone_stopped'

/** What every zone offers, whatever its messages are. */
export interface ZoneView {
  readonly name: string
  readonly app: AnyApp
  /** In the order in which they joined. */
  readonly members: ReadonlySet<Session>
  /** Ticks run so far. */
  readonly frame: number
  readonly isStopped: boolean
  /** The server's time (ms), the same for everything in one turn. */
  now(): number
  /** The server's randomness; a zone that draws from elsewhere cannot be simulated or replayed. */
  readonly random: Random
  /** Ends a membership; `handlePart` runs with `reason`. Nothing happens where `session` is no member. */
  remove(session: Session, reason?: PartReason): void
  /** Calls `fire` as a handler, `delayMs` from now; freed with the zone. Throws `bad_delay`. */
  setTimer(delayMs: number, fire: () => Outcome): Timer
  /** Parts every member and ends the ticks; the sessions live on. */
  stop(): void
}

interface Message {
  readonly app: AnyApp
  readonly type: string
  readonly message: object
}

/** A message that a handler returns, to be sent after it. Made by `app.reply`, `app.broadcast`, … */
export type Action =
  | (Message & { readonly kind: 'reply' })
  | (Message & { readonly kind: 'broadcast'; readonly except: Session | undefined })
  | (Message & { readonly kind: 'send'; readonly sessions: readonly Session[] })
  | (Message & { readonly kind: 'refuse' })

/** Nothing, one action, or several. */
export type Outcome = Action | readonly Action[] | undefined | void
