/** The connections of a client: which one counts, which one has its session, and how it closes them (design section 8). */
import { CloseCode, type ClientStatus } from '../../core/index.ts'
import type { Checks } from '../invariants.ts'

/** What its user has told it to do at the moment. */
export interface ClientOrders {
  readonly isEnding: boolean
  readonly isConnecting: boolean
  /** Its store has the session of another program: this one has to end its own. */
  readonly isTwin: boolean
}

export class ClientConnections {
  readonly #name: string
  readonly #checks: Checks
  /** The connection that counts: the last one dialled; 0: none. */
  #current = 0
  #dialled = 0
  /** Dialled in earlier lives of its program. */
  #before = 0
  /** The connection that has its session, while none after it has. */
  #holder = 0
  /** Neither closed, nor asked to close. */
  readonly #open = new Set<number>()
  /** It has not heard of their end. */
  readonly #living = new Set<number>()

  constructor(name: string, checks: Checks) {
    this.#name = name
    this.#checks = checks
  }

  get current(): number {
    return this.#current
  }

  get dialled(): number {
    return this.#dialled
  }

  /** The current one has its session. */
  get isHolder(): boolean {
    return this.#holder === this.#current
  }

  /** Counted over all lives of its program. `link`: as the client of the present one counts. */
  numberOf(link: number): number {
    return this.#before + link
  }

  restarted(): void {
    this.#current = 0
    this.#open.clear()
    this.#living.clear()
    this.#holder = 0
  }

  /** A client that has not dialled. */
  began(): void {
    this.#before = this.#dialled
  }

  add(number: number): void {
    this.#dialled = number
    this.#current = number
    this.#open.add(number)
    this.#living.add(number)
  }

  /** A dial that throws has made no connection. */
  forget(number: number): void {
    this.#open.delete(number)
    this.#living.delete(number)
    this.#current = 0
  }

  /** `session_new` has come over the current one. */
  hold(): void {
    this.#holder = this.#current
  }

  /** Returns whether it was the one that counts. */
  closed(number: number): boolean {
    this.#open.delete(number)
    this.#living.delete(number)
    if (number !== this.#current) return false
    this.#current = 0
    return true
  }

  closing(number: number, code: number, { isEnding, isConnecting, isTwin }: ClientOrders): void {
    this.#check('ended-at-once', code === CloseCode.ended ? isEnding || isTwin : !isEnding, () =>
      isEnding
        ? `${this.#name} ends its session, and closes with ${code} instead of 4000`
        : `${this.#name} closes with 4000, although its user did not end the session`,
    )
    this.#check('takeover-silent', !(isConnecting && number === this.#holder), () => {
      return `${this.#name} is to go over to another connection, and closes the one that has its session before another has it`
    })
    if (number === this.#holder) this.#holder = 0
    this.#open.delete(number)
    const isLiving = this.#living.has(number)
    this.#check('client-lets-go', isLiving && mayBeSent(code), () =>
      isLiving
        ? `${this.#name} closes with ${code}, which no WebSocket can send`
        : `${this.#name} closes its connection ${number} with ${code}, which has closed already`,
    )
    if (number === this.#current) this.#current = 0
  }

  /** It keeps none but the one that counts, and while it is on its way to that the one that has its session. */
  checkOpen({ kind }: ClientStatus): void {
    if (kind === 'connecting') return
    const max = kind === 'connected' ? 1 : 0
    this.#check('client-lets-go', this.#open.size <= max, () => {
      return `${this.#name} is ${kind}, and has left its connection ${[...this.#open].join(', ')} open`
    })
  }

  #check(invariant: string, holds: boolean, explain: () => string): void {
    this.#checks.check(invariant, holds, explain)
  }
}

/** RFC 6455, section 7.4: the other codes are the protocol's own. */
function mayBeSent(code: number): boolean {
  return code === CloseCode.normal || (code >= 3_000 && code < 5_000)
}
