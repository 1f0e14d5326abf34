/**
 * What a client hears, and for how long it waits where it hears nothing (design section 8): it gives a connection up for
 * no other reason than silence, notices silence, and asks for a sign of life when it is woken.
 */
import type { Checks } from '../invariants.ts'

/** `connectTimeout` and `livenessTimeout` of a client. */
const PATIENCE_MS = 5_000
/** How long it waits for a sign of life. */
const SIGN_MS = 2_000
export const SLACK_MS = 1.001
/** A clock that is set to another pace while a timer runs. */
const DRIFT_MS = 5

export interface ClientSignsOptions {
  readonly name: string
  readonly checks: Checks
  /** Its timers may be this late (ms): the world is unkind. */
  readonly timersLateMs: number
}

export class ClientSigns {
  readonly #options: ClientSignsOptions
  readonly #nowMs: () => number
  /** When the current connection was dialled, or, with a session, something was last heard on it. */
  #lastSignMs = 0
  /** When it asked for a sign of life; undefined: it has heard something since. */
  #askedAtMs: number | undefined
  /** Its machine stood still, or its clock leapt, until then: what it does may come later than it would. */
  #disturbedUntilMs = -Infinity
  #timersEveryMs = 0

  /** `nowMs`: its clock in its present life. */
  constructor(options: ClientSignsOptions, nowMs: () => number) {
    this.#options = options
    this.#nowMs = nowMs
  }

  /** Its program starts again. */
  restarted(): void {
    this.#askedAtMs = undefined
  }

  /** Its machine stands still for so long (ms), or its clock has leapt. */
  disturbed(forMs: number): void {
    this.#disturbedUntilMs = Math.max(this.#disturbedUntilMs, this.#nowMs() + forMs)
  }

  /** From now on its timers come at whole multiples of so many ms; 0: in time. */
  timersEvery(everyMs: number): void {
    this.#timersEveryMs = everyMs
    if (everyMs === 0) this.disturbed(0)
  }

  dialled(): void {
    this.#lastSignMs = this.#nowMs()
    this.#askedAtMs = undefined
  }

  asked(): void {
    this.#askedAtMs ??= this.#nowMs()
  }

  /** On its current connection; `hasSession`: on which it has its session. */
  heard(hasSession: boolean): void {
    this.#askedAtMs = undefined
    if (hasSession) this.#lastSignMs = this.#nowMs()
  }

  /** However late its timers are, it does not stay on a connection on which nothing is heard. */
  checkSilence(isHolding: boolean): void {
    const silentMs = this.#nowMs() - Math.max(this.#lastSignMs, this.#disturbedUntilMs)
    const limitMs = 2 * PATIENCE_MS + 3 * this.#timersEveryMs + DRIFT_MS
    this.#check('client-notices-silence', !isHolding || silentMs <= limitMs, () => {
      return `${this.#name} has heard nothing for ${silentMs} ms, and believes to be connected; its timers come every ${this.#timersEveryMs} ms`
    })
  }

  /** It was woken. `isConnected`: it was then, and is it now. Returns what must hold when a sign of life must have come. */
  woken(wasConnected: boolean, isConnected: () => boolean): () => void {
    const askedAtMs = this.#askedAtMs
    this.#check('client-wakes', !wasConnected || askedAtMs !== undefined, () => {
      return `${this.#name} is woken while it is connected, and does not ask whether the server is there`
    })
    const everyMs = this.#timersEveryMs
    return () => {
      // A check that is later than that is no check: liveness decides then, and has a rule of its own.
      const isInTime = everyMs === this.#timersEveryMs && everyMs < SIGN_MS
      const isSilent = askedAtMs !== undefined && this.#askedAtMs === askedAtMs && isInTime
      if (!isSilent || this.#disturbedUntilMs >= askedAtMs) return
      this.#check('client-wakes', !isConnected(), () => {
        return `${this.#name} got no sign of life after it had been woken, and keeps its connection`
      })
    }
  }

  /** It has waited for a session no longer than it may, counted from its dial. */
  checkPatience(hasSession: boolean): void {
    if (hasSession || this.#lastSignMs <= this.#disturbedUntilMs) return
    const waitedMs = this.#nowMs() - this.#lastSignMs
    const limitMs = PATIENCE_MS + SLACK_MS + DRIFT_MS + 3 * (this.#options.timersLateMs + this.#timersEveryMs)
    this.#check('client-gives-up-for-a-reason', waitedMs <= limitMs, () => {
      return `${this.#name} had no session ${waitedMs} ms after it had dialled, and had not given its connection up`
    })
  }

  /** It waits for a retry. `hasOtherReason`: it was told of the end of its connection, or could not dial. */
  checkGivenUp(hasSession: boolean, hasOtherReason: boolean): void {
    this.checkPatience(hasSession)
    const nowMs = this.#nowMs()
    const silentMs = nowMs - this.#lastSignMs
    const hasAskedInVain = this.#askedAtMs !== undefined && nowMs - this.#askedAtMs >= SIGN_MS - SLACK_MS
    this.#check(
      'client-gives-up-for-a-reason',
      hasOtherReason || hasAskedInVain || silentMs >= PATIENCE_MS - SLACK_MS,
      () => {
        return `${this.#name} gave its connection up ${silentMs} ms after ${hasSession ? 'it had last heard something on it' : 'it had dialled'}`
      },
    )
  }

  get #name(): string {
    return this.#options.name
  }

  #check(invariant: string, holds: boolean, explain: () => string): void {
    this.#options.checks.check(invariant, holds, explain)
  }
}
