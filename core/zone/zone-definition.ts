/** What a zone is made from: how it treats a lost connection, its tick, and its handlers. */
import type { AnyApp, SchemaApp } from '../app/app.ts'
import type { MessageName, Received, RpcName, Schema, Sendable } from '../app/message-types.ts'
import type { Outcome, PartReason, Session, ZoneView } from '../session/views.ts'

/** A zone as its handlers and its owner see it, with the messages of its app. */
export interface TypedZone<S extends Schema, Info> extends ZoneView {
  /** To these members. Not delivered to who is no connected member when it is carried out. */
  send<Name extends RpcName<S>>(sessions: Iterable<Session>, type: Name, message: Sendable<S, Name>): void
  /** To every connected member. */
  broadcast<Name extends RpcName<S>>(
    type: Name,
    message: Sendable<S, Name>,
    options?: { readonly except?: Session | undefined },
  ): void
  /** Calls `handleInfo`: the way in for everything from outside. Throws `zone_stopped`. */
  tell(message: Info): void
}

export interface ZoneDefinition<S extends Schema, State, Info = never> {
  readonly app: SchemaApp<S>
  /**
   * `'soft'` (default): a disconnected session stays a member until its `disconnectTimeout`. `'hard'`: it is removed
   * at once.
   */
  readonly disconnect?: 'soft' | 'hard'
  /** Milliseconds between ticks; default 20. Without `handleTick` there are none. */
  readonly tickMs?: number
  init(zone: TypedZone<S, Info>): State
  /** The session is a member already. `app.refuse(…)`, or a throw: it is none, and no part follows. */
  handleJoin?(
    message: Received<S, 'join' & MessageName<S>>,
    session: Session,
    zone: TypedZone<S, Info>,
    state: State,
  ): Outcome
  /** The session is no member any more: only a reply can reach it. `message` is undefined unless it `left`. */
  handlePart?(
    message: Received<S, 'part' & MessageName<S>> | undefined,
    session: Session,
    zone: TypedZone<S, Info>,
    state: State,
    reason: PartReason,
  ): Outcome
  /** Soft zones only. */
  handleDisconnect?(session: Session, zone: TypedZone<S, Info>, state: State): Outcome
  /** The client is back, or came over another connection while the first was still open. */
  handleReconnect?(session: Session, zone: TypedZone<S, Info>, state: State): Outcome
  handleTick?(zone: TypedZone<S, Info>, state: State): Outcome
  handleInfo?(message: Info, zone: TypedZone<S, Info>, state: State): Outcome
  readonly rpc?: {
    readonly [Name in RpcName<S>]?: (
      message: Received<S, Name>,
      session: Session,
      zone: TypedZone<S, Info>,
      state: State,
    ) => Outcome
  }
}

/** The same with its types forgotten: what the core runs. */
export interface ErasedDefinition {
  readonly app: AnyApp
  readonly disconnect?: 'soft' | 'hard'
  readonly tickMs?: number
  init(zone: ZoneView): unknown
  handleJoin?(message: object, session: Session, zone: ZoneView, state: unknown): Outcome
  handlePart?(
    message: object | undefined,
    session: Session,
    zone: ZoneView,
    state: unknown,
    reason: PartReason,
  ): Outcome
  handleDisconnect?(session: Session, zone: ZoneView, state: unknown): Outcome
  handleReconnect?(session: Session, zone: ZoneView, state: unknown): Outcome
  handleTick?(zone: ZoneView, state: unknown): Outcome
  handleInfo?(message: unknown, zone: ZoneView, state: unknown): Outcome
  readonly rpc?: {
    readonly [type: string]:
      ((message: object, session: Session, zone: ZoneView, state: unknown) => Outcome) | undefined
  }
}
