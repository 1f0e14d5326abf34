/** Where a client keeps what lets it come back: in memory, or wherever it survives a page reload. */

export interface StoredSession {
  readonly sessionId: number
  readonly token: Uint8Array
  /**
   * The number of the request that was answered with this token; undefined (in stores of earlier versions): of an
   * unknown, early one. Of two programs that use one store, the token of the later request stays.
   */
  readonly attempt?: number | undefined
}

export interface Stored {
  /** Undefined where there is no session to come back to. */
  readonly session: StoredSession | undefined
  /** Counts the requests made, so that a late one cannot steal the session back. */
  readonly attempt: number
}

/**
 * Synchronous: a token must be kept before the next message is handled. Where other programs use the same store (tabs
 * of one browser), `load` must return what was saved last by any of them: it is called before each use.
 */
export interface TokenStore {
  load(): Stored | undefined
  save(stored: Stored): void
  /**
   * For a store that other programs use as well: calls `onChange` when one of them has saved something. Returns how to
   * stop. A client watches its store from its first dial until it is idle or has ended.
   */
  watch?(onChange: () => void): () => void
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
