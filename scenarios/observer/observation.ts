/**
 * What an outside observer of a server saw in one turn: the one input, and everything that came out of it in order.
 * Invariants judge by this, never by the server's own fields.
 */
import type { Delivery, PartReason } from '../../core/index.ts'

export type TurnInput =
  | { readonly kind: 'opened'; readonly connection: number }
  | { readonly kind: 'message'; readonly connection: number; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly connection: number; readonly code: number }
  | { readonly kind: 'timer' }
  /** The scenario did something to a session or a zone by the server's API. */
  | { readonly kind: 'call'; readonly call: ServerCall }

export type ServerCall =
  | { readonly kind: 'stop_session'; readonly session: number }
  | { readonly kind: 'drop_session'; readonly session: number }
  | { readonly kind: 'set_timeout'; readonly session: number; readonly timeoutMs: number }
  | { readonly kind: 'remove'; readonly session: number }
  | { readonly kind: 'stop_zone' | 'start_zone' | 'tell'; readonly zone: string }
  | { readonly kind: 'drain'; readonly drainMs: number }
  | { readonly kind: 'stop_server' }

export type Output =
  | { readonly kind: 'send'; readonly connection: number; readonly bytes: Uint8Array; readonly delivery: Delivery }
  | { readonly kind: 'close'; readonly connection: number; readonly code: number }
  | HandlerCall
  /** A handler returned this; it is carried out after the handler. */
  | {
      readonly kind: 'asked'
      readonly zone: string
      readonly action: 'broadcast' | 'reply' | 'send' | 'refuse'
      /** The session that is left out of a broadcast, or that a reply is for. */
      readonly session: number | undefined
      readonly type: string
      readonly isReliable: boolean
    }
  | { readonly kind: 'callback'; readonly session: number; readonly code: number }
  | { readonly kind: 'report'; readonly text: string; readonly isOurs: boolean }

export interface HandlerCall {
  readonly kind: 'handler'
  readonly handler: string
  readonly zone: string
  readonly app: string
  readonly isHard: boolean
  readonly session: number | undefined
  readonly reason: PartReason | undefined
  readonly frame: number
  /** The handler threw, or refused a join. */
  failed: boolean
}

export interface Turn {
  /** By the server's own clock. */
  readonly atMs: number
  readonly input: TurnInput
  readonly outputs: readonly Output[]
}
