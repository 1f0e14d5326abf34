/** Whether a client dials where it is to, and no sooner than it has announced; never again after a 45xx (design section 8). */
import type { ClientStatus } from '../../core/index.ts'
import { SLACK_MS } from './client-signs.ts'
import { ClientWaits, RETRY_MS_MAX, type ClientWaitsOptions } from './client-waits.ts'

export class ClientDials {
  readonly #options: ClientWaitsOptions
  /** Where it is to dial. */
  address = ''
  #waits: ClientWaits
  #mayDialAtMs: number | undefined
  #isEnded = false

  constructor(options: ClientWaitsOptions) {
    this.#options = options
    this.#waits = new ClientWaits(options)
  }

  /** Its program starts again. */
  restarted(): void {
    this.#waits = new ClientWaits(this.#options)
    this.#mayDialAtMs = undefined
    this.#isEnded = false
  }

  /** `isCommanded`: it needs no other reason. */
  dialled(address: string, nowMs: number, isCommanded: boolean): void {
    this.#check('client-dials-as-announced', address === this.address, () => {
      return `${this.#name} dials ${address}; right was ${this.address}, the last that it was given`
    })
    if (!isCommanded) {
      const at = this.#mayDialAtMs
      this.#check('client-stays-away', !this.#isEnded, () => `${this.#name} dials although it was closed for good`)
      this.#check('client-dials-as-announced', at !== undefined && nowMs >= at - SLACK_MS, () =>
        at === undefined
          ? `${this.#name} dials without having announced it`
          : `${this.#name} dials ${at - nowMs} ms before its backoff is over`,
      )
    }
    this.#isEnded = false
    this.#mayDialAtMs = undefined
  }

  /** The connection that counts has closed. */
  closed(code: number): void {
    if (!mayComeBack(code)) this.#isEnded = true
  }

  became(status: ClientStatus, nowMs: number, isCommanded: boolean): void {
    this.#waits.became(status, nowMs, isCommanded)
    if (status.kind !== 'ended') return
    this.#isEnded = true
    this.#check('client-comes-back', isCommanded || !mayComeBack(status.code), () => {
      return `${this.#name} has ended with ${status.code}, after which a client comes back`
    })
  }

  /** `hasToken`: it has a session to come back to. */
  waiting(retryInMs: number, code: number, nowMs: number, hasToken: boolean): void {
    this.#waits.waiting(retryInMs, nowMs, hasToken)
    this.#check('client-stays-away', !this.#isEnded, () => {
      return `${this.#name} means to come back although it was closed with ${code}`
    })
    this.#check('client-dials-as-announced', retryInMs >= 0 && retryInMs <= RETRY_MS_MAX, () => {
      return `${this.#name} means to dial in ${retryInMs} ms`
    })
    this.#mayDialAtMs = nowMs + retryInMs
  }

  get #name(): string {
    return this.#options.name
  }

  #check(invariant: string, holds: boolean, explain: () => string): void {
    this.#options.checks.check(invariant, holds, explain)
  }
}

/** Design section 7, on its own: 45xx, it must not try again by itself. */
function mayComeBack(code: number): boolean {
  return Math.floor(code / 100) !== 45
}
