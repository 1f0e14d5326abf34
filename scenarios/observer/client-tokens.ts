/** Whether a client asks for the session that it has stored, with attempts that count up, and says nothing before it has asked. */
import type { SessionNew, SessionRequest } from '../../core/protocol.ts'
import type { Checks } from '../invariants.ts'
import { KeptToken } from './kept-token.ts'
import { toHex } from './wire.ts'

export class ClientTokens {
  readonly #name: string
  readonly #checks: Checks
  /** What its store should hold; shared with those who share its store. */
  #kept = new KeptToken()
  /** Someone else may use the same token (a duplicated tab), so losing it is no fault. */
  isShared = false
  /** The number of its present connection's request. */
  #attempt = 0
  #own = ''
  /** The token with which the current connection asked to come back; empty: for a new session. */
  #requested: string | undefined
  #sessionId: number | undefined
  #hasNew = false

  constructor(name: string, checks: Checks) {
    this.#name = name
    this.#checks = checks
  }

  /** The token that it brought or was given last, whatever is in its store. */
  get own(): string {
    return this.#own
  }

  get kept(): KeptToken {
    return this.#kept
  }

  get hasRequested(): boolean {
    return this.#requested !== undefined
  }

  /** It has asked to come back to a session over its current connection. */
  get hasAsked(): boolean {
    return this.#requested !== undefined && this.#requested !== ''
  }

  /** Its store has the session of another program: this one has to end its own. */
  get isTwin(): boolean {
    const { sessionId } = this.#kept
    return this.isShared && this.#hasNew && sessionId !== undefined && sessionId !== this.#sessionId
  }

  /**
   * A `bad_token` answers its request, but another program with its store has a token since: it asks with that one, and its
   * program is told nothing.
   */
  get isAskedAnew(): boolean {
    return this.hasAsked && !this.#hasNew && this.#kept.token !== '' && this.#kept.token !== this.#requested
  }

  /** It begins with a copy of what another client stores, or has the same store. */
  startWith(other: ClientTokens, what: 'copy' | 'same store'): void {
    this.#kept = what === 'copy' ? other.#kept.copy() : other.#kept
    this.isShared = true
    other.isShared = true
  }

  /** Its program starts again. `keepsToken`: with what it had stored. */
  restarted(keepsToken: boolean): void {
    this.#own = ''
    if (!keepsToken) this.#kept.clear()
  }

  /** Its user has ended its session. */
  ended(): void {
    if (this.#kept.token === this.#own || this.#own === '') this.#kept.forget()
  }

  dialled(): void {
    this.#hasNew = false
    this.#requested = undefined
  }

  requested({ reconnect_token, attempt }: Partial<SessionRequest>): void {
    const token = tokenOf(reconnect_token)
    const hasCounted = attempt !== undefined && attempt > this.#kept.attempt
    this.#checks.check('client-keeps-token', token === this.#kept.token && hasCounted, () =>
      hasCounted
        ? `${this.#name} requests with token ${short(token)}; the last that was stored is ${short(this.#kept.token)}`
        : `${this.#name} requests with attempt ${attempt} after ${this.#kept.attempt}`,
    )
    this.#attempt = this.#kept.attempt = attempt ?? this.#kept.attempt
    this.#own = token
    this.#requested = token
  }

  /** Something of an app leaves over its current connection. */
  checkHasRequested(): void {
    if (!this.hasRequested) {
      this.#checks.fail('client-keeps-token', `${this.#name} says something before it has requested a session`)
    }
    this.#checks.pass('client-keeps-token')
  }

  received({ id, reconnect_token }: SessionNew): void {
    this.#hasNew = true
    this.#own = toHex(reconnect_token)
    this.#kept.received(id, this.#own, this.#attempt)
    this.#sessionId = id
  }
}

export function tokenOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : toHex(bytes)
}

function short(token: string): string {
  return token === '' ? '(none)' : `${token.slice(0, 8)}…`
}
