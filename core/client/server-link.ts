/** One connection of a client. Whether it is still the current one only its client knows. */
import type { Connection, ConnectionHandler } from '../injected.ts'
import type { StoredSession } from './token-store.ts'

/** The client, as its connections see it. */
export interface LinkOwner {
  handleOpened(link: ServerLink): void
  handleMessage(link: ServerLink, bytes: Uint8Array): void
  handleAlive(link: ServerLink): void
  handleClosed(link: ServerLink, code: number, reason: string): void
}

export class ServerLink implements ConnectionHandler {
  readonly #owner: LinkOwner
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
  constructor(owner: LinkOwner, patienceMs: number) {
    this.#owner = owner
    this.patienceMs = patienceMs
  }

  opened(): void {
    this.#owner.handleOpened(this)
  }

  message(bytes: Uint8Array): void {
    this.#owner.handleMessage(this, bytes)
  }

  alive(): void {
    this.#owner.handleAlive(this)
  }

  closed(code: number, reason: string): void {
    this.#owner.handleClosed(this, code, reason)
  }
}
