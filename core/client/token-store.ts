/** Where a client keeps what lets it come back: in memory, or wherever it survives a page reload. */

export interface StoredSession {
  readonly sessionId: number
  readonly token: Uint8Array
}

export interface Stored {
  /** Undefined where there is no session to come back to. */
  readonly session: StoredSession | undefined
  /** Counts the requests made, so that a late one cannot steal the session back. */
  readonly attempt: number
}

/** Synchronous: a token must be kept before the next message is handled. */
export interface TokenStore {
  load(): Stored | undefined
  save(stored: Stored): void
}

export function memoryStore(): TokenStore {
  let kept: Stored | undefined
  return {
    load: () => kept,
    save: (stored) => {
      kept = stored
    },
  }
}
