/**
 * Datagrams of peers that were read from the socket and that ENet has not been given yet, in a fair order: the addresses take
 * turns, and the peers of an address take turns within its share. A turn is worth an amount of work: a message costs as much
 * as eight acknowledgements. So a peer that sends a few datagrams is served next, however many datagrams of other peers wait, and a peer that
 * sends too many loses its own.
 *
 * Leaves out peers that have not finished their handshake: their addresses may be forged, and each would have a share
 * (`enet-handshakes.ts` limits them). Leaves out rates (`enet-gate.ts`).
 */

/** For each turn of an address, and of a peer: four messages, or 32 other commands. A datagram that costs more is paid for in later turns. */
const WORK_PER_TURN = 32
/** What a message costs, of which the program hears; other commands cost 1. */
export const MESSAGE_WORK = 8
/** What a datagram needs in memory beside its bytes. */
const OVERHEAD_BYTES = 256
/** So many datagrams may wait for each peer also while the queue is full. */
const KEPT_PER_PEER = 8

export interface FairQueueLimits {
  /** Datagrams of one peer that wait; Infinity: no limit. */
  readonly perPeerMax: number
  /** Memory for all that waits. Above it a peer may have 8 datagrams waiting. */
  readonly bytesMax: number
}

/** The peer whose datagrams they are: one object for each. */
export interface FairShare {
  readonly addressKey: string
}

interface Entry {
  readonly bytes: Uint8Array
  readonly work: number
}

/** Datagrams of a peer, oldest first. */
class PeerLine<Share extends FairShare> {
  readonly share: Share
  credit = WORK_PER_TURN
  #entries: Entry[] = []
  #head = 0

  constructor(share: Share) {
    this.share = share
  }

  get length(): number {
    return this.#entries.length - this.#head
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
  }

  shift(): Entry | undefined {
    const entry = this.#entries[this.#head++]
    if (this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head)
      this.#head = 0
    }
    return entry
  }
}

/** Takes turns among its members; each pays for what it has used with turns that it misses. */
class Ring<Member extends { credit: number }> {
  readonly #members: Member[] = []
  #at = 0

  get isEmpty(): boolean {
    return this.#members.length === 0
  }

  /** The member whose turn it is. */
  current(): Member | undefined {
    for (;;) {
      const member = this.#members[this.#at]
      if (member === undefined || member.credit > 0) return member
      member.credit += WORK_PER_TURN
      this.#at = (this.#at + 1) % this.#members.length
    }
  }

  add(member: Member): void {
    this.#members.push(member)
  }

  removeCurrent(): void {
    const last = this.#members.pop()
    if (last !== undefined && this.#at < this.#members.length) this.#members[this.#at] = last
    else this.#at = 0
  }
}

class AddressLine<Share extends FairShare> {
  readonly key: string
  credit = WORK_PER_TURN
  readonly peers = new Ring<PeerLine<Share>>()

  constructor(key: string) {
    this.key = key
  }
}

export class FairQueue<Share extends FairShare> {
  readonly #limits: FairQueueLimits
  readonly #addresses = new Ring<AddressLine<Share>>()
  readonly #byAddress = new Map<string, AddressLine<Share>>()
  readonly #byPeer = new Map<Share, PeerLine<Share>>()
  #size = 0
  #bytes = 0

  constructor(limits: FairQueueLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#size
  }

  /** False: too many datagrams of its peer wait, and it is dropped. `bytes` must not be changed later. */
  add(share: Share, bytes: Uint8Array, work: number): boolean {
    const { perPeerMax, bytesMax } = this.#limits
    const waiting = this.#byPeer.get(share)?.length ?? 0
    if (waiting >= perPeerMax || (waiting >= KEPT_PER_PEER && this.#bytes >= bytesMax)) return false
    this.#lineOf(share).push({ bytes, work })
    this.#size++
    this.#bytes += bytes.length + OVERHEAD_BYTES
    return true
  }

  /** The next datagram in fair order. */
  take(): { readonly share: Share; readonly bytes: Uint8Array } | undefined {
    const address = this.#addresses.current()
    const line = address?.peers.current()
    const entry = line?.shift()
    if (address === undefined || line === undefined || entry === undefined) return undefined
    const { bytes, work } = entry
    address.credit -= work
    line.credit -= work
    if (line.length === 0) {
      this.#byPeer.delete(line.share)
      address.peers.removeCurrent()
      if (address.peers.isEmpty) {
        this.#byAddress.delete(address.key)
        this.#addresses.removeCurrent()
      }
    }
    this.#size--
    this.#bytes -= bytes.length + OVERHEAD_BYTES
    return { share: line.share, bytes }
  }

  #lineOf(share: Share): PeerLine<Share> {
    const known = this.#byPeer.get(share)
    if (known !== undefined) return known
    let address = this.#byAddress.get(share.addressKey)
    if (address === undefined) {
      address = new AddressLine(share.addressKey)
      this.#byAddress.set(share.addressKey, address)
      this.#addresses.add(address)
    }
    const line = new PeerLine(share)
    this.#byPeer.set(share, line)
    address.peers.add(line)
    return line
  }
}
