/**
 * The open connections of a server, and which of them each address has without a session yet. Where there are as many
 * as are allowed, of the server or of the address, the one that has waited longest without asking for a session makes
 * place: whoever comes back to a session asks at once, and is never refused for fullness.
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
  /** Those of them without a session yet, the oldest first, in all and for each address. */
  readonly #waiting = new Set<ClientLink>()
  readonly #waitingByAddress = new Map<string, Set<ClientLink>>()

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
    this.#links.add(link)
    this.#counters.connectionsOpenedTotal++
    const refusal = this.#refusal()
    if (refusal !== undefined) {
      this.#counters.connectionsRefusedTotal++
      return refusal
    }
    this.#open.add(link)
    const address = addressKey(link.connection.remoteAddress)
    const neighbours = this.#waitingByAddress.get(address)
    if (neighbours !== undefined && neighbours.size >= this.#limits.preconnectsPerAddress) {
      this.#crowdOut(neighbours, 'crowded_out_of_address')
    }
    if (this.isCrowded) this.#crowdOut(this.#waiting, 'crowded_out')
    this.#waiting.add(link)
    // Who was turned away may have been the last of the address.
    this.#waitingByAddress.set(address, (this.#waitingByAddress.get(address) ?? new Set()).add(link))
    return undefined
  }

  /** It has a session now. */
  settle(link: ClientLink): void {
    if (!this.#waiting.delete(link)) return
    const address = addressKey(link.connection.remoteAddress)
    const neighbours = this.#waitingByAddress.get(address)
    neighbours?.delete(link)
    if (neighbours?.size === 0) this.#waitingByAddress.delete(address)
  }

  /** It was asked to close. */
  closing(link: ClientLink): void {
    this.settle(link)
    this.#open.delete(link)
  }

  remove(link: ClientLink): void {
    this.settle(link)
    this.#open.delete(link)
    this.#links.delete(link)
    if (this.#links.size === 0) this.#onEmpty()
  }

  /** The one of `waiting` that has waited longest makes place. */
  #crowdOut(waiting: ReadonlySet<ClientLink>, event: 'crowded_out' | 'crowded_out_of_address'): void {
    for (const link of waiting) {
      link.session?.apply(event)
      return
    }
  }

  #refusal(): ConnectionRefusal | undefined {
    if (this.#isDraining()) return { code: CloseCode.draining, reason: 'the server is draining' }
    if (this.#limits.preconnectsPerAddress >= 1) return undefined
    return { code: CloseCode.tooMany, reason: 'no connections without a session are allowed' }
  }
}
