/** How long a client waits before it dials again (design section 8), from what it announces. */
import type { ClientStatus } from '../../core/index.ts'
import type { Checks } from '../invariants.ts'
import type { BackoffDraws } from './backoff-draws.ts'

export interface ClientWaitsOptions {
  readonly name: string
  readonly checks: Checks
  /** For so long (ms) after a loss its session is surely alive, as far as the client knows. */
  readonly graceMs: number
  /** Of all clients of its run. */
  readonly backoffs: BackoffDraws
}

/** The first backoff and the longest one. */
const RETRY_MS_FIRST = 500
export const RETRY_MS_MAX = 10_000
/** While its session may still be alive. */
const RETRY_MS_MAX_ALIVE = 2_000
/** So many waits in a row are drawn from ranges that hang on nothing but their number. */
const PLAIN_WAITS = 3
/** So many waits in a row that come to less than so many ms are no backoff: by chance that never happens. */
const HASTY_WAITS = 4
const HASTY_MS = 4
const SLACK_MS = 1.001

/** Of one life of its program. */
export class ClientWaits {
  readonly #options: ClientWaitsOptions
  /** Before each dial since it last had a session, or was told to connect. */
  #waits: number[] = []
  /** It has had a session over its last connections, and has not lost it since. */
  #isHolding = false
  #lostAtMs = -Infinity

  constructor(options: ClientWaitsOptions) {
    this.#options = options
  }

  became({ kind }: ClientStatus, nowMs: number, isCommanded: boolean): void {
    if (kind === 'connected' || isCommanded) this.#waits = []
    if (kind === 'connected') this.#isHolding = true
    else if (kind !== 'connecting' && this.#isHolding) {
      this.#isHolding = false
      this.#lostAtMs = nowMs
    }
  }

  /** `hasToken`: it has a session to come back to. */
  waiting(retryInMs: number, nowMs: number, hasToken: boolean): void {
    const mayBeAlive = hasToken && nowMs - this.#lostAtMs < this.#options.graceMs - SLACK_MS
    const capMs = mayBeAlive ? RETRY_MS_MAX_ALIVE : RETRY_MS_MAX
    const limitMs = Math.min(capMs, RETRY_MS_FIRST * 2 ** this.#waits.length)
    this.#check(retryInMs <= limitMs, () => {
      const whose = mayBeAlive ? ', as its session may still be alive' : ''
      return `${this.#name} means to wait ${retryInMs} ms before dial ${this.#waits.length + 1}; at most ${limitMs} ms are right${whose}`
    })
    const before = this.#waits.at(-1)
    const isDrawn = before === undefined || (retryInMs !== before && retryInMs !== 2 * before)
    this.#check(isDrawn, () => {
      return `${this.#name} means to wait ${retryInMs} ms after ${before} ms: it draws none of them, and all clients come at once`
    })
    if (this.#waits.length < PLAIN_WAITS) this.#options.backoffs.drawn(retryInMs, limitMs)
    this.#waits.push(retryInMs)
    const last = this.#waits.slice(-HASTY_WAITS)
    const isHasty = last.length === HASTY_WAITS && last.reduce((sum, ms) => sum + ms, 0) < HASTY_MS
    this.#check(!isHasty, () => `${this.#name} dials again and again without waiting`)
  }

  get #name(): string {
    return this.#options.name
  }

  #check(holds: boolean, explain: () => string): void {
    this.#options.checks.check('client-dials-as-announced', holds, explain)
  }
}
