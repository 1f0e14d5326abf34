/**
 * Which addresses the sessions of a server belong to, so that one address cannot take all places. The address of a session is that
 * of its latest connection, as the key by which limits count (`addressKey`); sessions of in-process receivers have none.
 *
 * Sessions in grace cost their client nothing: where the server is full, the address with the most of them gives up its newest.
 */
import type { LinkOwner } from './client-link.ts'

/** A session that waits for its client. */
interface Wait {
  readonly session: LinkOwner
  /** Of all losses of the server. */
  readonly order: number
  isOver: boolean
}

interface Entry {
  readonly address: string
  /** Undefined while it is connected. */
  wait: Wait | undefined
}

/** The waits of one address, the newest last. Those that are over stay until they are the last, or the majority. */
interface Waits {
  list: Wait[]
  size: number
}

export class AddressLedger {
  readonly #entries = new Map<LinkOwner, Entry>()
  readonly #counts = new Map<string, number>()
  readonly #waits = new Map<string, Waits>()
  /** Addresses by the number of their sessions in grace; the index is the number. */
  readonly #byNumber: Set<string>[] = []
  #losses = 0

  /** How many sessions `address` has, those in grace included. */
  countOf(address: string): number {
    return this.#counts.get(address) ?? 0
  }

  /** `session` is connected from `address`. */
  assign(session: LinkOwner, address: string): void {
    const entry = this.#entries.get(session)
    if (entry?.address === address && entry.wait === undefined) return
    this.forget(session)
    this.#entries.set(session, { address, wait: undefined })
    this.#counts.set(address, this.countOf(address) + 1)
  }

  /** `session` lost its connection, and is in grace. */
  lost(session: LinkOwner): void {
    const entry = this.#entries.get(session)
    if (entry === undefined || entry.wait !== undefined) return
    const { address } = entry
    entry.wait = { session, order: ++this.#losses, isOver: false }
    const waits = this.#waits.get(address) ?? { list: [], size: 0 }
    waits.list.push(entry.wait)
    this.#waits.set(address, waits)
    this.#resize(address, waits, 1)
  }

  /** `session` is connected again. */
  returned(session: LinkOwner): void {
    const entry = this.#entries.get(session)
    if (entry?.wait === undefined) return
    entry.wait.isOver = true
    entry.wait = undefined
    const waits = this.#waits.get(entry.address)
    if (waits === undefined) return
    this.#resize(entry.address, waits, -1)
    if (waits.size === 0) this.#waits.delete(entry.address)
    else if (waits.list.length > 2 * waits.size) waits.list = waits.list.filter(({ isOver }) => !isOver)
  }

  forget(session: LinkOwner): void {
    const entry = this.#entries.get(session)
    if (entry === undefined) return
    this.returned(session)
    this.#entries.delete(session)
    const left = this.countOf(entry.address) - 1
    if (left === 0) this.#counts.delete(entry.address)
    else this.#counts.set(entry.address, left)
  }

  /**
   * The session that gives its place up for a new one of `address`: of the addresses with the most sessions in grace, and
   * more of them than `address` would have sessions, the one that lost its connection last. Undefined: there is no such address.
   */
  candidateFor(address: string): LinkOwner | undefined {
    const most = this.#byNumber.length - 1
    if (most <= this.countOf(address) + 1) return undefined
    let newest: Wait | undefined
    for (const crowded of this.#byNumber[most] ?? []) {
      const last = lastOf(this.#waits.get(crowded))
      if (last !== undefined && last.order > (newest?.order ?? 0)) newest = last
    }
    return newest?.session
  }

  #resize(address: string, waits: Waits, by: 1 | -1): void {
    this.#byNumber[waits.size]?.delete(address)
    waits.size += by
    if (waits.size > 0) {
      const same = this.#byNumber[waits.size] ?? new Set()
      this.#byNumber[waits.size] = same.add(address)
    }
    while (this.#byNumber.length > 0 && (this.#byNumber.at(-1)?.size ?? 0) === 0) this.#byNumber.pop()
  }
}

function lastOf(waits: Waits | undefined): Wait | undefined {
  const list = waits?.list ?? []
  while (list.at(-1)?.isOver === true) list.pop()
  return list.at(-1)
}
