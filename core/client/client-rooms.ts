/** The rooms of a client: one for each app, and which of them a message is for. */
import type { AnyApp, SchemaApp } from '../app/app.ts'
import { readPrefix } from '../app/codec.ts'
import type { Schema } from '../app/message-types.ts'
import type { ClientShell } from './client-shell.ts'
import type { ListenerErrors } from './emitter.ts'
import { ClientRoom, type Room, type RoomClient } from './room.ts'
import type { ServerLink } from './server-link.ts'
import type { UndecodableWhy } from './undecodable.ts'

export interface RoomsOwner {
  readonly client: RoomClient
  readonly errors: ListenerErrors
  readonly shell: ClientShell
  /** The connection, where messages of apps can be sent on it. */
  readonly linkToSend: () => ServerLink | undefined
  readonly onUndecodable: (prefix: number | undefined, why: UndecodableWhy, bytes: Uint8Array) => void
}

export class ClientRooms {
  readonly #owner: RoomsOwner
  readonly #rooms = new Map<number, ClientRoom<never>>()

  constructor(owner: RoomsOwner) {
    this.#owner = owner
  }

  get apps(): readonly AnyApp[] {
    return [...this.#rooms.values()].map(({ app }) => app)
  }

  /** The app with this prefix, if the client has it. */
  appOf(prefix: number): AnyApp | undefined {
    return this.#rooms.get(prefix)?.app
  }

  room<S extends Schema>(app: SchemaApp<S>): Room<S> {
    const known = this.#rooms.get(app.prefix)
    if (known !== undefined) return known as unknown as Room<S>
    const { client, errors } = this.#owner
    const room = new ClientRoom<S>(app, client, (to, type, message) => this.#send(to, type, message), errors)
    this.#rooms.set(app.prefix, room as unknown as ClientRoom<never>)
    return room
  }

  /** Decodes a message, and tells it to the listeners of its room. */
  receive(link: ServerLink, bytes: Uint8Array): void {
    const prefix = readPrefix(bytes)
    const room = prefix === undefined ? undefined : this.#rooms.get(prefix)
    if (room === undefined) {
      this.#owner.onUndecodable(prefix, prefix === undefined ? 'malformed' : 'unknown_app', bytes)
      return
    }
    const decoded = room.app.codec.decode(bytes)
    if (typeof decoded === 'object') {
      const { taps } = this.#owner.shell
      if (taps.isOn) taps.emit.decoded(link.number, room.app, decoded.type, decoded.message)
      room.receive(decoded.type, decoded.message)
    } else this.#owner.onUndecodable(prefix, decoded === 'empty' ? 'unknown_message' : decoded, bytes)
  }

  #send(app: AnyApp, type: string, message: object): boolean {
    const { shell } = this.#owner
    return shell.call(shell.taps.isOn ? { method: 'send', app, type, message } : undefined, () => {
      const bytes = app.codec.encode(type, message)
      return this.#owner.linkToSend()?.send(bytes, app.deliveryOf(type), app, type, message) ?? false
    })
  }
}
