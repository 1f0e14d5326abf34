/**
 * The peers of one ENet host that are somebody's connection, or dial to be one, by ENet's pointer and by the number that
 * datagrams name. Leaves out unfinished handshakes of others; see `enet-handshakes.ts`.
 */
import type { Clock } from '../core/injected.ts'
import type { EnetConnection } from './enet-connection.ts'
import { claimedPeer } from './enet-datagram-guard.ts'
import type { EnetLibrary, PeerPointer } from './enet-library.ts'
import { expectedClaim } from './enet-peer-memory.ts'
import { RateWindow } from './rate-window.ts'

/** Where a datagram comes from. */
export interface Source {
  readonly address: string
  readonly port: number
}

export interface Seat extends Source {
  readonly connection: EnetConnection
  readonly peer: PeerPointer
  readonly peerId: number
  /** Of its datagrams. */
  readonly rate: RateWindow
}

export interface SeatsParts {
  readonly library: EnetLibrary
  readonly clock: Clock
  /** Of each peer. */
  readonly datagramsPerSecondMax: number
}

export class Seats {
  readonly #parts: SeatsParts
  readonly #library: EnetLibrary
  readonly #byPointer = new Map<PeerPointer, Seat>()
  readonly #byId = new Map<number, Seat>()

  constructor(parts: SeatsParts) {
    this.#parts = parts
    this.#library = parts.library
  }

  get size(): number {
    return this.#byPointer.size
  }

  connections(): EnetConnection[] {
    return Array.from(this.#byPointer.values(), ({ connection }) => connection)
  }

  hasConnection(isWanted: (connection: EnetConnection) => boolean): boolean {
    for (const { connection } of this.#byPointer.values()) if (isWanted(connection)) return true
    return false
  }

  add(peer: PeerPointer, connection: EnetConnection): void {
    const { peerId } = expectedClaim(this.#library, peer)
    const rate = new RateWindow(this.#parts.clock, this.#parts.datagramsPerSecondMax)
    const seat = { connection, peer, peerId, rate, ...this.addressOf(peer) }
    this.#byPointer.set(peer, seat)
    this.#byId.set(peerId, seat)
  }

  /** False: it had none. */
  remove(peer: PeerPointer): boolean {
    const seat = this.#byPointer.get(peer)
    if (seat === undefined) return false
    this.#byPointer.delete(peer)
    this.#byId.delete(seat.peerId)
    return true
  }

  at(peer: PeerPointer): EnetConnection | undefined {
    return this.#byPointer.get(peer)?.connection
  }

  /** Whose datagrams name this peer and come from there. */
  of(peerId: number, { address, port }: Source): Seat | undefined {
    const seat = this.#byId.get(peerId)
    return seat !== undefined && seat.port === port && seat.address === address ? seat : undefined
  }

  /**
   * Whose connection a datagram is of that ENet will not see: ENet's own test of address, peer and session number, so
   * that closing it takes no less than forging a disconnect would.
   */
  senderOf(bytes: Uint8Array, from: Source): EnetConnection | undefined {
    const { peerId, sessionId } = claimedPeer(bytes)
    const seat = this.of(peerId, from)
    if (seat === undefined) return undefined
    return expectedClaim(this.#library, seat.peer).sessionId === sessionId ? seat.connection : undefined
  }

  addressOf(peer: PeerPointer): Source {
    const { jsapi, HEAPU8 } = this.#library
    const pointer = jsapi.peer_get_address(peer)
    const at = jsapi.address_get_host(pointer)
    return { address: HEAPU8.subarray(at, at + 4).join('.'), port: jsapi.address_get_port(pointer) }
  }
}
