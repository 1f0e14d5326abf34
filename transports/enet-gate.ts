/**
 * Stands between a UDP socket and the library: hands in what the library will read, counts and drops what it would
 * ignore or handle badly, and reads in what the library sends whom it has accepted. A flood of strangers' datagrams then costs
 * little more than being received. Of a peer's it drops what is too many for a second, as a network does that is full:
 * ENet sends again what matters, more slowly. The rest wait in a fair queue, from which the host takes them in its turn.
 * Leaves out what the library makes of what was let through: see `enet-host.ts`.
 */
import { CloseCode } from '../core/close-codes.ts'
import type { Clock } from '../core/injected.ts'
import { judgeDatagram, requestedConnectId } from './enet-datagram-guard.ts'
import type { EnetDisguise } from './enet-disguise.ts'
import { FairQueue, MESSAGE_WORK } from './enet-fair-queue.ts'
import { ForeignClients, type ForeignClient } from './enet-foreign-clients.ts'
import type { Handshakes } from './enet-handshakes.ts'
import {
  AT_CONNECT_ID,
  AT_PEER_NUMBER,
  claimedPeer,
  CONNECT,
  DatagramReader,
  DISCONNECT,
  NO_PEER,
  VERIFY_CONNECT,
} from './enet-protocol.ts'
import type { Seat, Seats, Source } from './enet-seats.ts'
import type { UdpSocket } from './enet-stack.ts'

/** Datagrams of one peer that wait while the host is busy with others: more than twice what ENet sends without an acknowledgement. */
export const WAITING_PER_PEER_MAX = 256
/** Memory for all datagrams that wait. */
const WAITING_BYTES_MAX = 8 * 1024 * 1024

export interface GateCounters {
  enetDatagramsMalformedTotal: number
  enetDatagramsRefusedTotal: number
  enetPeerGuessesTotal: number
  enetDatagramsOverRateTotal: number
  enetDatagramsOverShareTotal: number
  enetCommandsOverRateTotal: number
  enetMessagesTooLongTotal: number
  enetConnectsForeignTotal: number
  enetSocketErrorsTotal: number
}

export interface EnetGateParts {
  readonly clock: Clock
  readonly socket: UdpSocket
  readonly counters: GateCounters
  readonly messageBytesMax: number
  /** Connections that may be open at a time. */
  readonly connectionsMax: number
  readonly seats: Seats
  readonly handshakes: Handshakes
  readonly disguise: EnetDisguise
  /** False: nobody is let in who has no seat yet. */
  readonly isOpen: boolean
  /** A datagram of a peer with a seat has come, whether or not the library will see it. */
  readonly onHeard: (seat: Seat) => void
  /** Something waits to be handed over (see `handOver`), or was handed to the library: the host is to work soon. */
  readonly onWaiting: () => void
  /** The library has been handed a datagram, of somebody with a seat or not. */
  readonly onPassed: (bytes: Uint8Array, seat: Seat | undefined) => void
  /** Somebody asks for a connection in a way that will never get one. */
  readonly onForeign: (what: ForeignClient, address: string) => void
}

type HandDatagram = (bytes: Uint8Array, from: Source) => void

export class EnetGate {
  readonly #parts: EnetGateParts
  readonly #foreigners: ForeignClients
  readonly #queue: FairQueue<Seat>
  #received = 0
  #isOpen: boolean
  #handDatagram: HandDatagram | undefined

  constructor(parts: EnetGateParts) {
    this.#parts = parts
    this.#isOpen = parts.isOpen
    this.#foreigners = new ForeignClients(parts.clock)
    // The one peer of a side that dials is not to be protected from others.
    const perPeerMax = parts.isOpen ? WAITING_PER_PEER_MAX : Infinity
    this.#queue = new FairQueue({ perPeerMax, bytesMax: parts.isOpen ? WAITING_BYTES_MAX : Infinity })
    parts.socket.on('message', (bytes, from) => this.#datagram(bytes, from))
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Datagrams that have come so far. */
  get received(): number {
    return this.#received
  }

  /** Datagrams of peers that wait to be handed over. */
  get waiting(): number {
    return this.#queue.size
  }

  /** Hands the library up to `datagramsMax` of the datagrams that wait, in fair order. */
  handOver(datagramsMax: number): void {
    for (let left = datagramsMax; left > 0; left--) {
      const next = this.#queue.take()
      if (next === undefined) return
      this.#handOverOf(next.share, next.bytes)
    }
  }

  /** From now on nobody new is let in. */
  close(): void {
    this.#isOpen = false
  }

  /** The library is gone: nothing is handed to it any more. */
  detach(): void {
    this.#handDatagram = undefined
  }

  /** What the library takes for a `dgram` socket. */
  socketForEnet(): object {
    const { socket, counters } = this.#parts
    const sent = (error: Error | null): void => {
      if (error !== null) counters.enetSocketErrorsTotal++
    }
    return {
      _bound: true,
      // Spares the library two copies of each datagram, byte by byte.
      _is_chrome_socket: true,
      on: (event: string, listener: HandDatagram) => {
        if (event === 'message') this.#handDatagram = listener
      },
      removeListener: () => this.detach(),
      setBroadcast: () => undefined,
      address: () => socket.address(),
      close: () => undefined,
      send: (bytes: Uint8Array, offset: number, length: number, port: number, host: string) => {
        const told = this.#told(bytes.subarray(offset, offset + length), { address: host, port })
        if (told === undefined) return
        try {
          socket.send(told, 0, told.length, port, host, sent)
        } catch {
          // Such as a port 0 that somebody forged: the same as a datagram that was lost.
          counters.enetSocketErrorsTotal++
        }
      },
    }
  }

  #datagram(bytes: Uint8Array, from: Source): void {
    const { counters, messageBytesMax, disguise, seats } = this.#parts
    this.#received++
    switch (judgeDatagram(bytes, { messageBytesMax, acceptsConnections: this.#isOpen })) {
      case 'pass':
        this.#pass(bytes, from)
        return
      case 'malformed':
        counters.enetDatagramsMalformedTotal++
        this.#lookForForeigners(bytes, from)
        return
      case 'refused':
        counters.enetDatagramsRefusedTotal++
        return
      case 'too_long': {
        counters.enetMessagesTooLongTotal++
        const peerId = disguise.claimed(bytes)
        if (peerId !== undefined) seats.of(peerId, from)?.connection.refuse(CloseCode.malformed, 'message too long')
      }
    }
  }

  /** What ENet would ignore is not worth a turn. */
  #pass(bytes: Uint8Array, from: Source): void {
    const { counters, disguise, handshakes, seats } = this.#parts
    if (claimedPeer(bytes).peerId === NO_PEER) {
      if (this.#isAdmitted(bytes, from)) this.#hand(bytes, from, undefined)
      return
    }
    const peerId = disguise.claimed(bytes)
    const seat = peerId === undefined ? undefined : seats.of(peerId, from)
    if (seat !== undefined) {
      this.#passOf(seat, bytes)
    } else if (peerId !== undefined && handshakes.isOpen(peerId, from)) {
      const own = new Uint8Array(bytes)
      const proof = disguise.reveal(own, peerId)
      if (handshakes.mayPass(peerId, proof) || isDisconnect(own)) this.#hand(own, from, undefined)
      else counters.enetDatagramsRefusedTotal++
    } else if (disguise.isRetired(bytes) || !this.#isGuess(from)) {
      counters.enetDatagramsRefusedTotal++
    } else {
      counters.enetPeerGuessesTotal++
    }
  }

  /** Whether a datagram that names nobody comes from where a peer is: from itself, hardly. */
  #isGuess(from: Source): boolean {
    const { handshakes, seats } = this.#parts
    return seats.guessed(from) || handshakes.isFrom(from)
  }

  #passOf(seat: Seat, bytes: Uint8Array): void {
    const { counters, onHeard, onWaiting } = this.#parts
    onHeard(seat)
    if (seat.datagramRate.isOver()) {
      counters.enetDatagramsOverRateTotal++
      return
    }
    const { commands, work } = countCommands(bytes)
    if (seat.commandRate.isOver(commands)) {
      counters.enetCommandsOverRateTotal++
      return
    }
    if (this.#queue.add(seat, bytes, work)) onWaiting()
    else counters.enetDatagramsOverShareTotal++
  }

  #handOverOf(seat: Seat, bytes: Uint8Array): void {
    const { disguise, seats } = this.#parts
    // Its peer may have gone meanwhile.
    if (seats.at(seat.peer) !== seat.connection) return
    // The bytes are the network's; ours are changed.
    const own = new Uint8Array(bytes)
    disguise.reveal(own, seat.peerId)
    const taken = seat.intake === undefined ? own : seat.intake.take(own)
    if (taken !== undefined) this.#hand(taken, seat, seat)
  }

  #hand(bytes: Uint8Array, from: Source, seat: Seat | undefined): void {
    this.#handDatagram?.(bytes, from)
    this.#parts.onPassed(bytes, seat)
  }

  #isAdmitted(bytes: Uint8Array, { address, port }: Source): boolean {
    const { connectionsMax, counters, handshakes, seats } = this.#parts
    const connectId = requestedConnectId(bytes)
    if (connectId === undefined) {
      counters.enetDatagramsRefusedTotal++
      this.#lookForForeigners(bytes, { address, port })
      return false
    }
    const isFull = seats.openCount >= connectionsMax && seats.makesRoomFor(address) === undefined
    return handshakes.admit({ address, port, connectId }, isFull ? 'none' : seats.size)
  }

  #lookForForeigners(bytes: Uint8Array, { address, port }: Source): void {
    if (!this.#isOpen) return
    const what = this.#foreigners.see(bytes, `${address}:${port}`)
    if (what === undefined) return
    this.#parts.counters.enetConnectsForeignTotal++
    this.#parts.onForeign(what, address)
  }

  /** What is sent of a datagram of the library; undefined: nothing. It is the library's, which reuses its memory. */
  #told(bytes: Uint8Array, { address, port }: Source): Uint8Array | undefined {
    const { disguise, handshakes } = this.#parts
    const reader = new DatagramReader(bytes)
    if (!reader.next()) return bytes
    if (reader.command === CONNECT) {
      const own = bytes.slice()
      disguise.connect(own)
      return own
    }
    if (reader.command !== VERIFY_CONNECT) return bytes
    const peerId = reader.uint16(AT_PEER_NUMBER)
    const isNew = handshakes.answered(peerId, { address, port, connectId: reader.uint32(AT_CONNECT_ID) })
    if (!handshakes.maySend(peerId, bytes.length)) return undefined
    const own = bytes.slice()
    disguise.answer(own, isNew)
    return own
  }
}

function countCommands(bytes: Uint8Array): { readonly commands: number; readonly work: number } {
  const reader = new DatagramReader(bytes)
  let commands = 0
  let work = 0
  while (reader.next()) {
    commands++
    work += reader.isMessage ? MESSAGE_WORK : 1
  }
  return { commands, work }
}

function isDisconnect(bytes: Uint8Array): boolean {
  const reader = new DatagramReader(bytes)
  return reader.next() && reader.command === DISCONNECT
}
