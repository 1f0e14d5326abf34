/**
 * What an outside observer of a server saw in one turn: the one input, and everything that came out of it in order.
 * Invariants judge by this, never by the server's own fields.
 */
import type { Delivery, PartReason, Session } from '../../core/index.ts'
import type { Misuse, NpcAction } from '../scenario.ts'

export type TurnInput =
  /** `from`: who is at its address, or that address. */
  | { readonly kind: 'opened'; readonly connection: number; readonly from: string }
  | { readonly kind: 'message'; readonly connection: number; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly connection: number; readonly code: number }
  /** Something that is no message has come. */
  | { readonly kind: 'alive'; readonly connection: number }
  | { readonly kind: 'timer' }
  /** The scenario did something to a session or a zone by the server's API. */
  | { readonly kind: 'call'; readonly call: ServerCall }

export type ServerCall =
  | SessionCall
  | { readonly kind: 'remove'; readonly session: number }
  | { readonly kind: 'stop_zone' | 'tell'; readonly zone: string }
  | { readonly kind: 'start_zone'; readonly zone: string; readonly app: string }
  | NpcCall
  | MisuseCall
  | GiveConnectionCall
  /** `session.stop()` or `session.disconnect()` of a session that its client has not requested. */
  | { readonly kind: 'refuse_stranger'; readonly connection: number; readonly how: 'stop' | 'disconnect' }
  | { readonly kind: 'drain'; readonly drainMs: number }
  | { readonly kind: 'stop_server' }

/** What a scenario, or a handler of a zone, calls on a session. */
export type SessionCall =
  | { readonly kind: 'stop_session'; readonly session: number }
  | { readonly kind: 'drop_session'; readonly session: number }
  | { readonly kind: 'set_timeout'; readonly session: number; readonly timeoutMs: number }
  /** `session.send` */
  | { readonly kind: 'send'; readonly session: number; readonly type: string; readonly delivery: Delivery }
  /** It joins, parts or says something as its client would. */
  | { readonly kind: 'act'; readonly session: number; readonly what: 'join' | 'part' | `rpc.${string}` }

/** What the game's own code does with a session that has no connection. */
export interface NpcCall {
  readonly kind: 'npc'
  readonly what: NpcAction | `rpc.${string}`
  /** Known once it has started. */
  session: number
  readonly app: string
  /** The one that it gets, by number. */
  readonly receiver: number | undefined
  /** The one that it is to join, whatever the route says. */
  readonly zone?: string | undefined
  /** What it was started with, where that is not the server's. */
  readonly timeoutMs?: number
  readonly callback?: CallbackOf
  /** The code of what it threw. */
  error: string | undefined
}

/** A connection becomes the proxy of a session. */
export interface GiveConnectionCall {
  readonly kind: 'give_connection'
  /** The session that had it: a provisional one where `connection` is given. */
  readonly from: number
  readonly to: number
  readonly connection?: number | undefined
}

/** What a handler calls of the server's API. */
export type AskedCall =
  SessionCall | NpcCall | GiveConnectionCall | { readonly kind: 'stop_zone'; readonly zone: string }

/** What must throw. */
export interface MisuseCall {
  readonly kind: 'misuse'
  readonly how: Misuse
  readonly session: number
  error: string | undefined
}

/** Which `disconnectCallback` a session has: the server's, its own, one of its own that throws or returns a promise, or none. */
export type CallbackOf = 'server' | 'own' | 'failing' | 'promising' | 'none'

export type Output =
  | { readonly kind: 'send'; readonly connection: number; readonly bytes: Uint8Array; readonly delivery: Delivery }
  | { readonly kind: 'close'; readonly connection: number; readonly code: number }
  | HandlerCall
  | Asked
  /** The same of a removal, a message to the zone itself, a timer. */
  | {
      readonly kind: 'asked_to_remove'
      readonly zone: string
      readonly session: number
      readonly reason: PartReason
    }
  | { readonly kind: 'told'; readonly zone: string }
  /** The same of a call of the server's API. */
  | { readonly kind: 'called'; readonly call: AskedCall }
  | { readonly kind: 'timer_set'; readonly zone: string; readonly timer: number; readonly delayMs: number }
  /** At once, whatever becomes of the handler. */
  | { readonly kind: 'timer_cancelled'; readonly timer: number }
  /** An app's route was asked for the zone of a join. */
  | {
      readonly kind: 'routed'
      readonly session: number
      /** Undefined: there is none, or it threw. */
      readonly zone: string | undefined
      readonly failure: Failure | undefined
    }
  /** A receiver of a session without a connection got a message, or was let go. */
  | {
      readonly kind: 'delivered'
      readonly receiver: number
      readonly type: string
      readonly form: 'frozen' | 'thawed' | 'bytes'
      /** What the receiver does with it, if that is wrong. */
      readonly failure: CallbackFailure | undefined
    }
  | { readonly kind: 'let_go'; readonly receiver: number; readonly code: number }
  /** `done` of `drain` was called. */
  | { readonly kind: 'drain_done'; readonly failure: CallbackFailure | undefined }
  | {
      readonly kind: 'callback'
      readonly session: number
      readonly code: number
      readonly status: Session['status']
      readonly callback: CallbackOf
      /** Of a callback of the zone's own. */
      failure: Failure | undefined
    }
  /** A client's message that could not be decoded was reported: the first of its kind. */
  | { readonly kind: 'undecodable'; readonly prefix: number; readonly why: string; readonly isSkewed: boolean }
  | {
      readonly kind: 'report'
      readonly text: string
      readonly isOurs: boolean
      /** The handler or the route that it is about (`thrower`), if it is about one. */
      readonly thrownBy: string | undefined
      readonly isOnPurpose: boolean
    }

/** A handler returned this, or called it of its zone; it is carried out after the handler. */
export interface Asked {
  readonly kind: 'asked'
  /** Undefined: it is for this session, wherever that is. */
  readonly zone: string | undefined
  readonly action: 'broadcast' | 'reply' | 'send' | 'refuse'
  /** The session that is left out of a broadcast, or that a reply is for. */
  readonly session: number | undefined
  /** Those that a `send` is for. */
  readonly sessions?: readonly number[]
  readonly type: string
  readonly delivery: Delivery
}

/** The promise of a callback is rejected, on purpose. */
export type CallbackFailure = 'threw on purpose' | 'promised on purpose'

/** Of a handler or a route: it returned a promise that is rejected, or what is no action. */
export type Failure = 'refused' | 'threw' | CallbackFailure | 'returned nonsense on purpose'

export interface HandlerCall {
  readonly kind: 'handler'
  /** `setTimer`: what a timer of the zone fired. */
  readonly handler: string
  readonly zone: string
  readonly app: string
  readonly isHard: boolean
  readonly session: number | undefined
  readonly reason: PartReason | undefined
  readonly frame: number
  readonly timer: number | undefined
  /** What the session says of itself while it runs. */
  readonly status: Session['status'] | undefined
  readonly latency: number | undefined
  /** What a member has said, as the handler gets it. */
  readonly message: unknown
  /** The same as it was then, encoded; undefined: this one is not compared with what was said. */
  encoded: Uint8Array | 'not encodable' | undefined
  failure: Failure | undefined
}

const RPC_PREFIX = 'rpc.'

const HANDLERS = new Map<string, string>()

/** One string for each type, not one for each message. */
export function rpcOf(type: string): string {
  const known = HANDLERS.get(type)
  if (known !== undefined) return known
  const handler = `${RPC_PREFIX}${type}`
  HANDLERS.set(type, handler)
  return handler
}

/** Whether a handler was called for the message of a member. */
export function isForMessage({ handler, reason }: HandlerCall): boolean {
  if (handler === 'handleJoin' || handler.startsWith(RPC_PREFIX)) return true
  return handler === 'handlePart' && reason === 'left'
}

/** Of the message of a member that a handler was called for, if it was called for one. */
export function typeOfMessage({ handler, reason }: HandlerCall): string | undefined {
  if (handler.startsWith(RPC_PREFIX)) return handler.slice(RPC_PREFIX.length)
  if (handler === 'handleJoin') return 'join'
  return handler === 'handlePart' && reason === 'left' ? 'part' : undefined
}

/** Who threw, in a word that handlers and reports have in common. */
export function thrower(handler: string, zone: string, session: number | undefined): string {
  return `${handler} ${zone} ${session ?? '-'}`
}

/** So many reports must come of it. */
export function reportsOf(failure: Failure | undefined): number {
  if (failure === undefined || failure === 'refused') return 0
  return failure === 'promised on purpose' ? 2 : 1
}

export function isClose(output: Output, connection: number, code: number): boolean {
  return output.kind === 'close' && output.connection === connection && output.code === code
}

/** The same of a callback of a session's owner: its `disconnectCallback`, its receiver. */
export function callbackThrower(callback: string): string {
  return thrower(callback, 'callback', undefined)
}

export function askedDirectly({ session, type, delivery }: Extract<SessionCall, { readonly kind: 'send' }>): Asked {
  return { kind: 'asked', zone: undefined, action: 'reply', session, type, delivery }
}

export interface Turn {
  /** By the server's own clock. */
  readonly atMs: number
  readonly input: TurnInput
  readonly outputs: readonly Output[]
  /** What was carried out while a handler still ran, in words. */
  readonly interruption?: string | undefined
}
