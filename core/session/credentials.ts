/**
 * What a client needs to return to one session: its valid tokens, and the attempt numbers that tell which request is
 * late, because one that was made after it has been accepted before.
 */
import { assert } from '../errors.ts'
import type { LinkOwner } from './client-link.ts'
import { isCurrent, type TokenPair, type Tokens } from './tokens.ts'

export class Credentials {
  readonly #registry: Tokens
  readonly #session: LinkOwner
  #tokens: TokenPair | undefined
  #attempt = 0
  /**
   * What `#attempt` was before a client returned with the previous token; undefined once it has proven that it holds the current
   * one. If its connection is lost first, its attempt number leaves no trace: a copy of an old token and a huge number must not
   * make the owner's requests late.
   */
  #attemptBefore: number | undefined

  constructor(registry: Tokens, session: LinkOwner) {
    this.#registry = registry
    this.#session = session
  }

  /** The token that was last issued; undefined without one. */
  get token(): Uint8Array | undefined {
    return this.#tokens?.current
  }

  /** Whether a request with this attempt number comes after one that was accepted later than it was made. */
  isLate(attempt: number | undefined): boolean {
    return attempt !== undefined && attempt < this.#attempt
  }

  /** `attempt`: undefined where the client does not count its requests. */
  accept(attempt: number | undefined): void {
    if (attempt !== undefined && attempt > this.#attempt) this.#attempt = attempt
  }

  /** A first token, unless there is one. */
  issue(): void {
    this.#tokens ??= this.#registry.issue(this.#session)
  }

  /** A client has returned with `used`. */
  resume(used: Uint8Array, attempt: number | undefined): void {
    assert(this.#tokens !== undefined, 'a resume of a session without a token')
    this.#attemptBefore = isCurrent(this.#tokens, used) ? undefined : (this.#attemptBefore ?? this.#attempt)
    this.accept(attempt)
  }

  /** A successor for `used`. */
  rotate(used: Uint8Array): void {
    assert(this.#tokens !== undefined, 'a resume of a session without a token')
    this.#tokens = this.#registry.rotate(this.#session, this.#tokens, used)
  }

  /** The client holds the current token. */
  prove(): void {
    this.#attemptBefore = undefined
    if (this.#tokens !== undefined) this.#tokens = this.#registry.prove(this.#tokens)
  }

  /** The connection is lost. */
  lose(): void {
    this.#attempt = this.#attemptBefore ?? this.#attempt
    this.#attemptBefore = undefined
  }

  /** The connection of `other` is given to this session. Its client counts its own attempts: they decide from now on. */
  countAs(other: Credentials | undefined): void {
    this.#attempt = other === undefined ? 0 : other.#attempt
    this.#attemptBefore = undefined
  }

  revoke(): void {
    if (this.#tokens !== undefined) this.#registry.revoke(this.#tokens)
    this.#tokens = undefined
  }
}
