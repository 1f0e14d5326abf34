/** One connection of a client. Whether it is still the current one only its client knows. All that leaves over it passes here. */
import type { AnyApp } from '../app/app.ts'
import type { Delivery } from '../delivery.ts'
import type { Connection, ConnectionHandler } from '../injected.ts'
import type { ClientShell } from './client-shell.ts'
import type { StoredSession } from './token-store.ts'

/** The client, as its connections see it. */
export interface LinkOwner {
  handleOpened(link: ServerLink): void
  handleMessage(link: ServerLink, bytes: Uint8Array, delivery: Delivery): void
  handleIgnored(link: ServerLink, what: 'text_frame' | 'sign_of_life'): void
  handleClosed(link: ServerLink, code: number, reason: string): void
  handleDrained(link: ServerLink): void
}

export class ServerLink implements ConnectionHandler {
  /** 1 for the client's first connection, and so on. */
  readonly number: number
  readonly #owner: LinkOwner
  readonly #shell: ClientShell
  readonly patienceMs: number
  connection: Connection | undefined
  /** The session that was asked for by token. */
  requested: StoredSession | undefined
  /** The number of its last request. */
  attempt = 0
  /** The session of the last `session_new`. */
  sessionId: number | undefined
  /** Messages of apps that came before the program was told of their session. */
  readonly held: Uint8Array[] = []

  /** `patienceMs`: how long the client waits for a silent server. */
  constructor(owner: LinkOwner, shell: ClientShell, patienceMs: number) {
    this.number = shell.nextLink()
    this.#owner = owner
    this.#shell = shell
    this.patienceMs = patienceMs
  }

  /** False: it has closed, or was not dialled. `bytes`: the `message` of `app`. */
  send(bytes: Uint8Array, delivery: Delivery, app: AnyApp, type: string, message: object): boolean {
    const { connection } = this
    if (connection === undefined) return false
    const { taps } = this.#shell
    if (!taps.isOn) {
      connection.send(bytes, delivery)
      return true
    }
    const { causes } = taps
    const number = taps.emit.send(this.number, bytes, delivery, app, type, message)
    if (causes.isKept) causes.sending = number
    connection.send(bytes, delivery)
    causes.sending = 0
    return true
  }

  /** Nothing happens where it has closed, or was not dialled. */
  close(code: number, reason: string): void {
    const { connection } = this
    if (connection === undefined) return
    const { taps } = this.#shell
    if (taps.isOn) taps.emit.close(this.number, code, reason)
    connection.close(code, reason)
  }

  opened(): void {
    this.#owner.handleOpened(this)
  }

  message(bytes: Uint8Array, delivery: Delivery): void {
    this.#owner.handleMessage(this, bytes, delivery)
  }

  alive(): void {
    this.#owner.handleIgnored(this, 'sign_of_life')
  }

  ignored(what: 'text_frame'): void {
    this.#owner.handleIgnored(this, what)
  }

  closed(code: number, reason: string): void {
    this.#owner.handleClosed(this, code, reason)
  }

  drained(): void {
    this.#owner.handleDrained(this)
  }
}
