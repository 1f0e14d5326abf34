/**
 * Tokens: the secrets that let a client take its session over again.
 *
 * 24 bytes: 8 find the session, 16 prove the right to it and are compared in constant time. At most two are valid for
 * a session: the one last issued, and the one that was last used to come back, until the client has proven that it
 * holds its successor (design section 5). So a client is never stranded by a `session_new` that got lost.
 */
import type { Random } from '../injected.ts'
import type { LinkOwner } from './client-link.ts'

export const TOKEN_BYTES = 24

/** The valid tokens of one session. */
export interface TokenPair {
  /** The one last issued; clients are told this one. */
  readonly current: Uint8Array
  /** The one before, while the client may not have received `current`. */
  readonly previous: Uint8Array | undefined
}

interface Entry {
  readonly token: Uint8Array
  readonly session: LinkOwner
}

export class Tokens {
  readonly #random: Pick<Random, 'fill'>
  readonly #entries = new Map<string, Entry>()

  constructor(random: Pick<Random, 'fill'>) {
    this.#random = random
  }

  /** How many are valid. */
  get size(): number {
    return this.#entries.size
  }

  /** A session's first token. */
  issue(session: LinkOwner): TokenPair {
    return { current: this.#create(session), previous: undefined }
  }

  /** A successor for `used`, which stays valid; any third token dies. */
  rotate(session: LinkOwner, pair: TokenPair, used: Uint8Array): TokenPair {
    const hasCurrent = isCurrent(pair, used)
    const unused = hasCurrent ? pair.previous : pair.current
    if (unused !== undefined) this.#delete(unused)
    const kept = hasCurrent ? pair.current : (pair.previous ?? pair.current)
    return { current: this.#create(session), previous: kept }
  }

  /** The client holds `current`: the token before it dies. */
  prove(pair: TokenPair): TokenPair {
    if (pair.previous === undefined) return pair
    this.#delete(pair.previous)
    return { current: pair.current, previous: undefined }
  }

  revoke(pair: TokenPair): void {
    this.#delete(pair.current)
    if (pair.previous !== undefined) this.#delete(pair.previous)
  }

  find(token: Uint8Array): LinkOwner | undefined {
    if (token.length !== TOKEN_BYTES) return undefined
    const entry = this.#entries.get(finderOf(token))
    return entry !== undefined && equalInConstantTime(entry.token, token) ? entry.session : undefined
  }

  #create(session: LinkOwner): Uint8Array {
    const token = new Uint8Array(TOKEN_BYTES)
    // Two tokens with one finder would hide one of them; 2^-64 is not never.
    do this.#random.fill(token)
    while (this.#entries.has(finderOf(token)))
    this.#entries.set(finderOf(token), { token, session })
    return token
  }

  #delete(token: Uint8Array): void {
    this.#entries.delete(finderOf(token))
  }
}

/** Whether `token` is the one last issued. */
export function isCurrent(pair: TokenPair, token: Uint8Array): boolean {
  return equalInConstantTime(pair.current, token)
}

/** Its first eight bytes. */
function finderOf(token: Uint8Array): string {
  return String.fromCharCode(unitAt(token, 0), unitAt(token, 2), unitAt(token, 4), unitAt(token, 6))
}

function unitAt(token: Uint8Array, index: number): number {
  return ((token[index] ?? 0) << 8) | (token[index + 1] ?? 0)
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}
