/**
 * The open connections of a server, and how many of them each address has without a session yet. Where there are as many
 * as are allowed, the one that has waited longest without asking for a session makes place: whoever comes back to a
 * session asks at once, and is never refused for fullness.
 */
import { addressKey } from '../address-key.ts'
import { CloseCode } from '../close-codes.ts'
import type { Limits } from '../options.ts'
import type { Counters } from '../stats.ts'
import type { ClientLink } from './client-link.ts'

export interface ConnectionRefusal {
  readonly code: number
  readonly reason: string
}

export class Connections {
  readonly #limits: Limits
  readonly #counters: Counters
  readonly #isDraining: () => boolean
  readonly #onEmpty: () => void
  readonly #links = new Set<ClientLink>()
  /** Those that nobody has asked to close. */
  readonly #open = new Set<ClientLink>()
  /** Those without a session yet, and their number for each address. */
  readonly #waiting = new Set<ClientLink>()
  readonly #waitingByAddress = new Map<string, number>()

  constructor(limits: Limits, counters: Counters, isDraining: () => boolean, onEmpty: () => void) {
    this.#limits = limits
    this.#counters = counters
    this.#isDraining = isDraining
    this.#onEmpty = onEmpty
  }

  get size(): number {
    return this.#links.size
  }

  /** More than allowed: whoever is in can come back to a session, but not begin one. */
  get isCrowded(): boolean {
    return this.#open.size > this.#limits.connections
  }

  /** A connection opened: it is counted until it has closed, even where it is refused. */
  add(link: ClientLink): ConnectionRefusal | undefined {
    const refusal = this.#refusalFor(link)
    this.#links.add(link)
    this.#counters.connectionsOpenedTotal++
    if (refusal !== undefined) {
      this.#counters.connectionsRefusedTotal++
      return refusal
    }
    this.#open.add(link)
    if (this.isCrowded) this.#turnAwayOldest()
    const address = addressKey(link.connection.remoteAddress)
    this.#waiting.add(link)
    this.#waitingByAddress.set(address, (this.#waitingByAddress.get(address) ?? 0) + 1)
    return undefined
  }

  /** It has a session now. */
  settle(link: ClientLink): void {
    if (!this.#waiting.delete(link)) return
    const address = addressKey(link.connection.remoteAddress)
    const left = (this.#waitingByAddress.get(address) ?? 1) - 1
    if (left === 0) this.#waitingByAddress.delete(address)
    else this.#waitingByAddress.set(address, left)
  }

  /** It was asked to close. */
  closing(link: ClientLink): void {
    this.#open.delete(link)
  }

  remove(link: ClientLink): void {
    this.settle(link)
    this.#open.delete(link)
    this.#links.delete(link)
    if (this.#links.size === 0) this.#onEmpty()
  }

  /** Closes all that are open. */
  closeAll(code: number): void {
    for (const link of this.#links) link.close(code)
  }

  #turnAwayOldest(): void {
    for (const link of this.#waiting) {
      // One that is being closed already makes no place by being closed again.
      if (!this.#open.has(link)) continue
      this.#counters.connectionsRefusedTotal++
      this.settle(link)
      link.turnAway()
      return
    }
  }

  #refusalFor(link: ClientLink): ConnectionRefusal | undefined {
    if (this.#isDraining()) return { code: CloseCode.draining, reason: 'the server is draining' }
    const waiting = this.#waitingByAddress.get(addressKey(link.connection.remoteAddress)) ?? 0
    if (waiting >= this.#limits.preconnectsPerAddress) {
      return { code: CloseCode.tooMany, reason: 'too many connections without a session from this address' }
    }
    return undefined
  }
}
