/**
 * The peers of one ENet host that are somebody's connection, or dial to be one, by ENet's pointer and number, and by the
 * address that they came from. Where all places are taken, the newest connection of the address that has most of them
 * makes room for somebody from an address that has fewer; where that would be the newcomer itself, it is refused.
 * Leaves out unfinished handshakes of others; see `enet-handshakes.ts`.
 */
import { addressKey } from '../core/address-key.ts'
import type { Clock } from '../core/injected.ts'
import type { EnetConnection } from './enet-connection.ts'
import type { EnetIntake } from './enet-intake.ts'
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
  readonly addressKey: string
  /** Of its datagrams, and of the commands in them. */
  readonly datagramRate: RateWindow
  readonly commandRate: RateWindow
  /** Undefined: this build of the library lays out its memory differently, so that ENet is given everything. */
  readonly intake: EnetIntake | undefined
}

export interface SeatsParts {
  readonly library: EnetLibrary
  readonly clock: Clock
  /** Of each peer. */
  readonly datagramsPerSecondMax: number
  readonly commandsPerSecondMax: number
  readonly makeIntake: (peer: PeerPointer) => EnetIntake | undefined
}

export class Seats {
  readonly #parts: SeatsParts
  readonly #library: EnetLibrary
  readonly #byPointer = new Map<PeerPointer, Seat>()
  readonly #byId = new Map<number, Seat>()
  /** By address and port: a program may have several connections on one socket. */
  readonly #bySource = new Map<string, Set<Seat>>()
  /** Those that nobody has begun to close, newest last. */
  readonly #openByAddress = new Map<string, Set<Seat>>()
  #openCount = 0
  /** The largest of them; undefined: it has to be looked for. */
  #most: Set<Seat> | undefined

  constructor(parts: SeatsParts) {
    this.#parts = parts
    this.#library = parts.library
  }

  get size(): number {
    return this.#byPointer.size
  }

  peers(): Iterable<PeerPointer> {
    return this.#byPointer.keys()
  }

  connections(): EnetConnection[] {
    return Array.from(this.#byPointer.values(), ({ connection }) => connection)
  }

  hasConnection(isWanted: (connection: EnetConnection) => boolean): boolean {
    for (const { connection } of this.#byPointer.values()) if (isWanted(connection)) return true
    return false
  }

  /** Connections that nobody has begun to close. */
  get openCount(): number {
    return this.#openCount
  }

  add(peer: PeerPointer, connection: EnetConnection): void {
    const { clock, datagramsPerSecondMax, commandsPerSecondMax, makeIntake } = this.#parts
    const { peerId } = expectedClaim(this.#library, peer)
    const source = this.addressOf(peer)
    const seat: Seat = {
      connection,
      peer,
      peerId,
      addressKey: addressKey(source.address),
      datagramRate: new RateWindow(clock, datagramsPerSecondMax),
      commandRate: new RateWindow(clock, commandsPerSecondMax),
      intake: makeIntake(peer),
      ...source,
    }
    this.#byPointer.set(peer, seat)
    this.#byId.set(peerId, seat)
    addTo(this.#bySource, sourceKey(source), seat)
    addTo(this.#openByAddress, seat.addressKey, seat)
    this.#openCount++
    this.#most = undefined
  }

  /** Its connection is being closed: it takes no place from anybody. */
  closing(peer: PeerPointer): void {
    const seat = this.#byPointer.get(peer)
    if (seat === undefined || !removeFrom(this.#openByAddress, seat.addressKey, seat)) return
    this.#openCount--
    this.#most = undefined
  }

  /** The number that it had; undefined: it had none. */
  remove(peer: PeerPointer): number | undefined {
    const seat = this.#byPointer.get(peer)
    if (seat === undefined) return undefined
    this.closing(peer)
    this.#byPointer.delete(peer)
    this.#byId.delete(seat.peerId)
    removeFrom(this.#bySource, sourceKey(seat), seat)
    return seat.peerId
  }

  /** The connection that would make room for one from `address`; undefined: none of an address that has more. */
  makesRoomFor(address: string): EnetConnection | undefined {
    const own = this.#openByAddress.get(addressKey(address))?.size ?? 0
    const most = (this.#most ??= this.#largest())
    if (most === undefined || most.size <= own + 1) return undefined
    let newest: Seat | undefined
    for (const seat of most) newest = seat
    return newest?.connection
  }

  /** A datagram came from there that names nobody. True: somebody is there. */
  guessed(source: Source): boolean {
    const seats = this.#bySource.get(sourceKey(source))
    for (const { intake } of seats ?? []) intake?.guessed()
    return seats !== undefined
  }

  at(peer: PeerPointer): EnetConnection | undefined {
    return this.#byPointer.get(peer)?.connection
  }

  /** Whose datagrams name this peer and come from there. */
  of(peerId: number, { address, port }: Source): Seat | undefined {
    const seat = this.#byId.get(peerId)
    return seat !== undefined && seat.port === port && seat.address === address ? seat : undefined
  }

  #largest(): Set<Seat> | undefined {
    let most: Set<Seat> | undefined
    for (const seats of this.#openByAddress.values()) if (seats.size > (most?.size ?? 0)) most = seats
    return most
  }

  addressOf(peer: PeerPointer): Source {
    const { jsapi, HEAPU8 } = this.#library
    const pointer = jsapi.peer_get_address(peer)
    const at = jsapi.address_get_host(pointer)
    return { address: HEAPU8.subarray(at, at + 4).join('.'), port: jsapi.address_get_port(pointer) }
  }
}

function sourceKey({ address, port }: Source): string {
  return `${address}:${port}`
}

function addTo(map: Map<string, Set<Seat>>, key: string, seat: Seat): void {
  const seats = map.get(key)
  if (seats === undefined) map.set(key, new Set([seat]))
  else seats.add(seat)
}

function removeFrom(map: Map<string, Set<Seat>>, key: string, seat: Seat): boolean {
  const seats = map.get(key)
  if (seats?.delete(seat) !== true) return false
  if (seats.size === 0) map.delete(key)
  return true
}
