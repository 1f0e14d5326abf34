/** One connection of a client. Whether it is still the current one only its client knows. */
import type { Connection, ConnectionHandler } from '../injected.ts'
import type { StoredSession } from './token-store.ts'

/** The client, as its connections see it. */
export interface LinkOwner {
  handleOpened(link: ServerLink): void
  handleMessage(link: ServerLink, bytes: Uint8Array): void
  handleClosed(link: ServerLink, code: number, reason: string): void
}

export class ServerLink implements ConnectionHandler {
  readonly #owner: LinkOwner
  connection: Connection | undefined
  hasOpened = false
  /** The session that was asked for by token. */
  requested: StoredSession | undefined
  /** The number of its last request. */
  attempt = 0
  /** The session that it has. */
  sessionId: number | undefined
  readonly held: Uint8Array[] = []

  constructor(owner: LinkOwner) {
    this.#owner = owner
  }

  get hasSession(): boolean {
    return this.sessionId !== undefined
  }

  opened(): void {
    this.hasOpened = true
    this.#owner.handleOpened(this)
  }

  message(bytes: Uint8Array): void {
    this.#owner.handleMessage(this, bytes)
  }

  closed(code: number, reason: string): void {
    this.#owner.handleClosed(this, code, reason)
  }
}
