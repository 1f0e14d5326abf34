/**
 * Who has asked a listener for a connection and has not yet shown that it lives at the address it gave. Anybody can
 * forge that address, and ENet 1.3 keeps a place for each who asks, for up to 30 s. So that forged ones do not keep
 * honest ones out:
 *
 * - a handshake is given up after 5 s: an honest one needs a round trip;
 * - while no place is free, or 1,024 of them are unfinished, whoever knocks for the first time is not heard. An honest ENet knocks again after half a
 *   second; who forges addresses by the thousand mostly does not, costs next to nothing, and is not answered, so that
 *   nobody else is flooded with our answers;
 * - whoever knocks again gets the place of a handshake: the one that has waited longest, of the address that has most.
 *
 * An address that has not been proven is sent at most three times as many bytes as came from it. Leaves out the proof
 * itself (`enet-disguise.ts`), and the places of open connections (`enet-seats.ts`).
 */
import { addressKey } from '../core/address-key.ts'
import type { Clock } from '../core/injected.ts'
import type { Proof } from './enet-disguise.ts'
import { CONNECT_BYTES } from './enet-protocol.ts'

/** How long an unfinished handshake keeps its place. ENet answers at 0, 0.5, 1.5 and 3.5 s until it is heard. */
const HANDSHAKE_MS_MAX = 5000
/**
 * Unfinished handshakes, however many places are free: ENet looks at all of its peers for each that asks, so that four thousand
 * at once would take it half a second.
 */
export const HANDSHAKES_MAX = 1024
/** QUIC's limit (RFC 9000, section 8.1): for each byte that came from an unproven address so many may go there. */
const AMPLIFICATION_MAX = 3
/** Of the datagram that asks for a connection. */
const KNOCK_BYTES = 4 + CONNECT_BYTES
/** So many datagrams that follow the proof are let through before the library has looked at it. */
const EARLY_MAX = 8
/** Knocks remembered: at 100,000 a second most are still there when an honest client knocks again. */
const KNOCKS = 2 ** 18

export interface HandshakeCounters {
  enetConnectsDeferredTotal: number
  enetConnectsRefusedTotal: number
  enetHandshakesEvictedTotal: number
  enetHandshakesTimedOutTotal: number
  enetHandshakesForgedTotal: number
  enetAnswersHeldTotal: number
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
  /** As many more that open connections never take. Default 0. */
  readonly placesKept?: number
  /** Has the library forget the handshake of this peer, unless it is over already. */
  readonly giveUp: (peerId: number) => void
}

interface Handshake {
  readonly knock: Knock
  readonly key: string
  readonly addressKey: string
  readonly sinceMs: number
  receivedBytes: number
  sentBytes: number
  /** Datagrams let through since the address was proven. */
  early: number | undefined
}

export class Handshakes {
  readonly #parts: HandshakesParts
  /** By peer id, oldest first. */
  readonly #open = new Map<number, Handshake>()
  readonly #keys = new Map<string, Handshake>()
  readonly #byAddress = new Map<string, number>()
  readonly #bySource = new Map<string, number>()
  /** Let through to the library, which has not looked at them yet. */
  #arriving = 0
  /** Hashes of knocks, each in its one possible place; made when it is first needed. */
  #knocks: Uint32Array | undefined

  constructor(parts: HandshakesParts) {
    this.#parts = parts
  }

  /**
   * Whether the library may see this knock; `connections`: places taken by finished handshakes, or 'none': there would be
   * no place for its connection.
   */
  admit(knock: Knock, connections: number | 'none'): boolean {
    const { counters, placesMax, placesKept = 0 } = this.#parts
    // One that is answered already: the answer was lost, and ENet knows what to do.
    const known = this.#keys.get(keyOf(knock))
    if (known !== undefined) {
      known.receivedBytes += KNOCK_BYTES
      return true
    }
    const places = connections === 'none' ? 0 : Math.max(placesMax - connections, placesKept)
    const free = Math.min(places, HANDSHAKES_MAX)
    if (this.#open.size + this.#arriving >= free) {
      if (this.#isFirst(knock)) {
        counters.enetConnectsDeferredTotal++
        return false
      }
      const victim = connections === 'none' ? undefined : this.#oldestOfMost()
      if (victim === undefined) {
        counters.enetConnectsRefusedTotal++
        return false
      }
      counters.enetHandshakesEvictedTotal++
      this.#giveUp(victim)
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

  /** Whether one is open with whoever is there. */
  isFrom(source: Pick<Knock, 'address' | 'port'>): boolean {
    return this.#bySource.has(sourceOf(source))
  }

  /** The library answers, for the first time or again. True: it is the first time. */
  answered(peerId: number, knock: Knock): boolean {
    const key = keyOf(knock)
    if (this.#open.get(peerId)?.key === key) return false
    this.finished(peerId)
    const handshake: Handshake = {
      knock,
      key,
      addressKey: addressKey(knock.address),
      sinceMs: this.#parts.clock.now(),
      receivedBytes: KNOCK_BYTES,
      sentBytes: 0,
      early: undefined,
    }
    this.#open.set(peerId, handshake)
    this.#keys.set(key, handshake)
    addOne(this.#byAddress, handshake.addressKey)
    addOne(this.#bySource, sourceOf(knock))
    this.#parts.counters.enetHandshakes++
    return true
  }

  /** Whether an answer of so many bytes may go to an address that has not been proven. */
  maySend(peerId: number, bytes: number): boolean {
    const handshake = this.#open.get(peerId)
    if (handshake === undefined || handshake.early !== undefined) return true
    if (handshake.sentBytes + bytes > AMPLIFICATION_MAX * handshake.receivedBytes) {
      this.#parts.counters.enetAnswersHeldTotal++
      return false
    }
    handshake.sentBytes += bytes
    return true
  }

  /** Whether the library may see a datagram of an open handshake: the one with the proof, and a few that follow it. */
  mayPass(peerId: number, proof: Proof): boolean {
    const handshake = this.#open.get(peerId)
    if (handshake === undefined) return false
    if (proof === 'proven') handshake.early ??= 0
    if (handshake.early !== undefined) return handshake.early++ < EARLY_MAX
    if (proof === 'wrong') this.#parts.counters.enetHandshakesForgedTotal++
    return false
  }

  /** It is a connection now, or nothing any more. */
  finished(peerId: number): void {
    const handshake = this.#open.get(peerId)
    if (handshake === undefined) return
    this.#open.delete(peerId)
    this.#keys.delete(handshake.key)
    takeOne(this.#byAddress, handshake.addressKey)
    takeOne(this.#bySource, sourceOf(handshake.knock))
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

  /** The peer whose handshake has waited longest, of those of the address that has most. */
  #oldestOfMost(): number | undefined {
    let most = 0
    for (const count of this.#byAddress.values()) most = Math.max(most, count)
    for (const [peerId, handshake] of this.#open) {
      if (this.#byAddress.get(handshake.addressKey) === most) return peerId
    }
    return undefined
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

function sourceOf({ address, port }: Pick<Knock, 'address' | 'port'>): string {
  return `${address}:${port}`
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function takeOne(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1
  if (left === 0) counts.delete(key)
  else counts.set(key, left)
}

/** FNV-1a with a last stir, never 0. */
function hashOf({ address, port, connectId }: Knock): number {
  let hash = 0x811c9dc5 ^ connectId
  for (let i = 0; i < address.length; i++) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ port, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0 || 1
}
