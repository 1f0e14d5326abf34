/** A client's side of one app: typed messages to and from whatever zone its session is in. */
import type { SchemaApp } from '../app/app.ts'
import type { MessageName, Received, RpcName, Schema, Sendable } from '../app/message-types.ts'
import type { ClientStatus } from './client-events.ts'
import { Emitter, type ListenerErrors } from './emitter.ts'

type RoomEvents<S extends Schema> = { readonly [Name in RpcName<S>]: Received<S, Name> }

/** The client of a room, as far as a room shows it. */
export interface RoomClient {
  readonly status: ClientStatus
  on(name: 'status', listener: (status: ClientStatus) => void): () => void
}

export interface Room<S extends Schema> {
  readonly app: SchemaApp<S>
  readonly client: RoomClient
  /**
   * These three send at once and return true, or send nothing and return false where there is no session at the
   * moment: nothing is kept for later, the `session` event is the place to say it again.
   */
  join(message: Sendable<S, 'join' & MessageName<S>>): boolean
  part(message: Sendable<S, 'part' & MessageName<S>>): boolean
  send<Name extends RpcName<S>>(type: Name, message: Sendable<S, Name>): boolean
  /** Returns how to stop listening. */
  on<Name extends RpcName<S>>(type: Name, listener: (message: Received<S, Name>) => void): () => void
}

/** `send`: hands bytes to the client's connection, if there is a session. */
export class ClientRoom<S extends Schema> implements Room<S> {
  readonly app: SchemaApp<S>
  readonly client: RoomClient
  readonly #send: (app: SchemaApp<S>, type: string, message: object) => boolean
  readonly #events: Emitter<RoomEvents<S>>

  constructor(
    app: SchemaApp<S>,
    client: RoomClient,
    send: (app: SchemaApp<S>, type: string, message: object) => boolean,
    errors: ListenerErrors,
  ) {
    this.app = app
    this.client = client
    this.#send = send
    this.#events = new Emitter(errors)
  }

  join(message: Sendable<S, 'join' & MessageName<S>>): boolean {
    return this.#send(this.app, 'join', message)
  }

  part(message: Sendable<S, 'part' & MessageName<S>>): boolean {
    return this.#send(this.app, 'part', message)
  }

  send<Name extends RpcName<S>>(type: Name, message: Sendable<S, Name>): boolean {
    return this.#send(this.app, type, message)
  }

  on<Name extends RpcName<S>>(type: Name, listener: (message: Received<S, Name>) => void): () => void {
    return this.#events.on(type, listener)
  }

  /** @internal The codec has checked the message against the app's schema. */
  receive(type: string, message: object): void {
    const name = type as RpcName<S>
    this.#events.emit(name, message as Received<S, typeof name>)
  }
}
