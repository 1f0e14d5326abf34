/**
 * How much ENet may hold of messages that it cannot hand out yet: those of which parts are missing, and those that came
 * before their predecessors. ENet 1.3.8 has no limit of its own. A fragment of a hundred bytes makes it set the whole
 * message aside, there can be 28,000 on each channel, and its memory never shrinks.
 *
 * What was announced is an upper bound, cheap to keep. Only where it is above the budget ENet's own lists are walked;
 * most of it has been handed out by then. Leaves out what waits to be sent: the core closes slow readers.
 */
import type { EnetLibrary, PeerPointer } from './enet-library.ts'
import { waitingBytes } from './enet-peer-memory.ts'

/** May wait for one peer, or four of the longest messages where these are more. */
const PEER_BYTES_MAX = 2 * 1024 * 1024
/** For all peers of a host together: so many times as much as for one. */
const PEERS = 16
/** Only where so many times as much was announced it is looked: what is allowed to wait costs no look each time. */
const LOOK = 2

export class WaitingBudget {
  readonly #library: EnetLibrary
  readonly #peerBytesMax: number
  readonly #allBytesMax: number
  /** At most so much waits for each. */
  readonly #bounds = new Map<PeerPointer, number>()
  #allBytes = 0

  constructor(library: EnetLibrary, messageBytesMax: number) {
    this.#library = library
    this.#peerBytesMax = Math.max(PEER_BYTES_MAX, 4 * messageBytesMax)
    this.#allBytesMax = PEERS * this.#peerBytesMax
  }

  /** ENet has been handed a datagram. True: it is time to measure. */
  announce(peer: PeerPointer, bytes: number): boolean {
    const bound = (this.#bounds.get(peer) ?? 0) + bytes
    this.#bounds.set(peer, bound)
    this.#allBytes += bytes
    return bound > LOOK * this.#peerBytesMax || this.#allBytes > LOOK * this.#allBytesMax
  }

  /** Looks at what ENet really holds. Gives the peers that have to go, if any. */
  measure(): readonly PeerPointer[] {
    const isAll = this.#allBytes > LOOK * this.#allBytesMax
    for (const [peer, bound] of this.#bounds) {
      if (isAll || bound > LOOK * this.#peerBytesMax) this.#set(peer, waitingBytes(this.#library, peer))
    }
    const over = [...this.#bounds].filter(([, bytes]) => bytes > this.#peerBytesMax)
    // Where many together hold too much, the one that holds most.
    if (over.length === 0 && isAll && this.#allBytes > this.#allBytesMax) {
      const [most] = [...this.#bounds].sort(([, a], [, b]) => b - a)
      if (most !== undefined) over.push(most)
    }
    return over.map(([peer]) => peer)
  }

  forget(peer: PeerPointer): void {
    this.#allBytes -= this.#bounds.get(peer) ?? 0
    this.#bounds.delete(peer)
  }

  #set(peer: PeerPointer, bytes: number): void {
    this.#allBytes += bytes - (this.#bounds.get(peer) ?? 0)
    this.#bounds.set(peer, bytes)
  }
}
