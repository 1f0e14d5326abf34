/**
 * The session of a client in its store. Other programs may use the same store (two tabs with `localStorage`, two pages
 * of one tab), so nothing is remembered that can be read again, and a program changes only what is its own:
 *
 * - A token from an earlier request does not replace one from a later request. Otherwise a slow answer in one tab
 *   would replace the valid token of the tab that took the session over.
 * - A session is forgotten only while the store still has the token that this client knows.
 *
 * A store that throws is reported, and the client goes on with what it saved last itself.
 */
import type { ClientShell } from './client-shell.ts'
import { checkMethods } from './guarded-parts.ts'
import type { Stored, StoredSession, TokenStore } from './token-store.ts'

export class SessionKeeper {
  readonly #store: TokenStore
  readonly #shell: ClientShell
  readonly #onError: (error: unknown) => void
  /** For a store that throws. */
  #latest: Stored | undefined
  /** The token that this client asked with, or was given, last. */
  #own: Uint8Array | undefined
  #unwatch: (() => void) | undefined

  /** Throws `bad_option`. */
  constructor(store: TokenStore, shell: ClientShell, onError: (error: unknown) => void) {
    checkMethods('store', store, ['load', 'save'])
    this.#store = store
    this.#shell = shell
    this.#onError = onError
  }

  get sessionId(): number | undefined {
    return this.#load()?.session?.sessionId
  }

  /** Counts an attempt, and returns what to request with. */
  beginAttempt(): Stored {
    const stored = this.#load()
    const attempt = (stored?.attempt ?? 0) + 1
    const session = stored?.session
    this.#own = session?.token
    this.#save({ session, attempt })
    return { session, attempt }
  }

  /** `session_new` has answered the request with number `attempt`. The bytes of `token` are copied. */
  received(sessionId: number, token: Uint8Array, attempt: number): void {
    const stored = this.#load()
    const session = { sessionId, token: Uint8Array.from(token), attempt }
    this.#own = session.token
    if (stored?.session !== undefined && attemptOf(stored.session) > attempt) return
    this.#save({ session, attempt: Math.max(stored?.attempt ?? 0, attempt) })
  }

  /** There is a session in the store, and it is not that of `token`. */
  hasOtherThan(token: Uint8Array): boolean {
    const session = this.#load()?.session
    return session !== undefined && !isSame(session.token, token)
  }

  /** Another program has begun another session with this store, and saved it last. */
  isSuperseded(sessionId: number): boolean {
    const session = this.#load()?.session
    return session !== undefined && session.sessionId !== sessionId
  }

  /** Calls `onChange` when another program has saved something, until `unwatch`. */
  watch(onChange: () => void): void {
    if (this.#unwatch !== undefined) return
    try {
      this.#unwatch = this.#store.watch?.(onChange)
    } catch (error) {
      this.#onError(error)
    }
  }

  unwatch(): void {
    const unwatch = this.#unwatch
    this.#unwatch = undefined
    try {
      unwatch?.()
    } catch (error) {
      this.#onError(error)
    }
  }

  /** Nothing to come back to; but what another program has stored since stays. */
  forget(): void {
    if (this.#own !== undefined && this.hasOtherThan(this.#own)) return
    this.#save({ session: undefined, attempt: this.#load()?.attempt ?? 0 })
  }

  #load(): Stored | undefined {
    const stored = this.#read()
    const { taps } = this.#shell
    if (taps.isOn) taps.emit.loaded(stored)
    return stored
  }

  #read(): Stored | undefined {
    try {
      return this.#store.load()
    } catch (error) {
      this.#onError(error)
      return this.#latest
    }
  }

  #save(stored: Stored): void {
    this.#latest = stored
    const { taps } = this.#shell
    if (taps.isOn) taps.emit.stored(stored)
    try {
      this.#store.save(stored)
    } catch (error) {
      this.#onError(error)
    }
  }
}

function attemptOf({ attempt = 0 }: StoredSession): number {
  return attempt
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
