/**
 * Who has asked a listener for a connection and has not yet shown that it lives at the address it gave. Anybody can
 * forge that address, and ENet 1.3 keeps a place for each who asks, for up to 30 s. So that forged ones do not keep
 * honest ones out:
 *
 * - a handshake is given up after 5 s: an honest one needs a round trip;
 * - while no place is free, whoever knocks for the first time is not heard. An honest ENet knocks again after half a
 *   second; who forges addresses by the thousand mostly does not, costs next to nothing, and is not answered, so that
 *   nobody else is flooded with our answers;
 * - whoever knocks again gets the place of the handshake that has waited longest.
 *
 * Leaves out proof: who forges an address and guesses when we answered can finish its handshake. Leaves out limits for
 * an address: a forger has as many as he likes (the core has one, `limits.preconnectsPerAddress`).
 */
import type { Clock } from '../core/injected.ts'

/** How long an unfinished handshake keeps its place. ENet answers at 0, 0.5, 1.5 and 3.5 s until it is heard. */
const HANDSHAKE_MS_MAX = 5000
/** Knocks remembered: at 100,000 a second most are still there when an honest client knocks again. */
const KNOCKS = 2 ** 18

export interface HandshakeCounters {
  enetConnectsDeferredTotal: number
  enetConnectsRefusedTotal: number
  enetHandshakesEvictedTotal: number
  enetHandshakesTimedOutTotal: number
  enetHandshakes: number
}

/** What one attempt to connect has in all its datagrams, and in our answers. */
export interface Knock {
  readonly address: string
  readonly port: number
  /** Chosen by the client, at random. */
  readonly connectId: number
}

export interface HandshakesParts {
  readonly clock: Clock
  readonly counters: HandshakeCounters
  /** Connections and handshakes that the host has room for. */
  readonly placesMax: number
  /** Has the library forget the handshake of this peer, unless it is over already. */
  readonly giveUp: (peerId: number) => void
}

interface Handshake {
  readonly knock: Knock
  readonly key: string
  readonly sinceMs: number
}

export class Handshakes {
  readonly #parts: HandshakesParts
  /** By peer id, oldest first. */
  readonly #open = new Map<number, Handshake>()
  readonly #keys = new Set<string>()
  /** Let through to the library, which has not looked at them yet. */
  #arriving = 0
  /** Hashes of knocks, each in its one possible place; made when it is first needed. */
  #knocks: Uint32Array | undefined

  constructor(parts: HandshakesParts) {
    this.#parts = parts
  }

  /** Whether the library may see this knock; `connections`: places taken by finished handshakes. */
  admit(knock: Knock, connections: number): boolean {
    const { counters, placesMax } = this.#parts
    // One that is answered already: the answer was lost, and ENet knows what to do.
    if (this.#keys.has(keyOf(knock))) return true
    if (connections + this.#open.size + this.#arriving >= placesMax) {
      if (this.#isFirst(knock)) {
        counters.enetConnectsDeferredTotal++
        return false
      }
      const [oldest] = this.#open.keys()
      if (oldest === undefined) {
        counters.enetConnectsRefusedTotal++
        return false
      }
      counters.enetHandshakesEvictedTotal++
      this.#giveUp(oldest)
    }
    this.#arriving++
    return true
  }

  /** The library has taken what was let through; what it made of it, `answered` has heard. */
  arrived(): void {
    this.#arriving = 0
  }

  get size(): number {
    return this.#open.size
  }

  /** Knocks that the library has not looked at yet. */
  get arriving(): number {
    return this.#arriving
  }

  /** Whether a datagram that comes from there and names this peer may be of a handshake. */
  isOpen(peerId: number, { address, port }: Pick<Knock, 'address' | 'port'>): boolean {
    const knock = this.#open.get(peerId)?.knock
    return knock !== undefined && knock.port === port && knock.address === address
  }

  /** The library answers, for the first time or again. */
  answered(peerId: number, knock: Knock): void {
    const key = keyOf(knock)
    if (this.#open.get(peerId)?.key === key) return
    this.finished(peerId)
    this.#open.set(peerId, { knock, key, sinceMs: this.#parts.clock.now() })
    this.#keys.add(key)
    this.#parts.counters.enetHandshakes++
  }

  /** It is a connection now, or nothing any more. */
  finished(peerId: number): void {
    const handshake = this.#open.get(peerId)
    if (handshake === undefined) return
    this.#open.delete(peerId)
    this.#keys.delete(handshake.key)
    this.#parts.counters.enetHandshakes--
  }

  /** Gives up those that have had their time. */
  expire(): void {
    const { clock, counters } = this.#parts
    for (const [peerId, { sinceMs }] of this.#open) {
      if (clock.now() - sinceMs < HANDSHAKE_MS_MAX) return
      counters.enetHandshakesTimedOutTotal++
      this.#giveUp(peerId)
    }
  }

  /** The library's host is gone, and all of them with it. */
  forgetAll(): void {
    for (const peerId of this.#open.keys()) this.finished(peerId)
  }

  #giveUp(peerId: number): void {
    this.finished(peerId)
    this.#parts.giveUp(peerId)
  }

  #isFirst(knock: Knock): boolean {
    this.#knocks ??= new Uint32Array(KNOCKS)
    const hash = hashOf(knock)
    const place = hash % KNOCKS
    if (this.#knocks[place] === hash) return false
    this.#knocks[place] = hash
    return true
  }
}

function keyOf({ address, port, connectId }: Knock): string {
  return `${address}:${port}/${connectId}`
}

/** FNV-1a with a last stir, never 0. */
function hashOf({ address, port, connectId }: Knock): number {
  let hash = 0x811c9dc5 ^ connectId
  for (let i = 0; i < address.length; i++) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ port, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0 || 1
}
