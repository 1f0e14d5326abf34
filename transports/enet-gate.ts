/**
 * Stands between a UDP socket and the library: hands in what the library will read, counts and drops what it would
 * ignore or handle badly, and reads in what the library sends whom it has accepted. A flood of strangers' datagrams then costs
 * little more than being received. Of a peer's it drops what is too many for a second, as a network does that is full:
 * ENet sends again what matters, more slowly.
 * Leaves out what the library makes of what was let through: see `enet-host.ts`.
 */
import { CloseCode } from '../core/close-codes.ts'
import { acceptedPeer, claimedPeer, judgeDatagram, NO_PEER, requestedConnectId } from './enet-datagram-guard.ts'
import type { Handshakes } from './enet-handshakes.ts'
import type { Seat, Seats, Source } from './enet-seats.ts'
import type { UdpSocket } from './enet-stack.ts'

export interface GateCounters {
  enetDatagramsMalformedTotal: number
  enetDatagramsRefusedTotal: number
  enetDatagramsOverRateTotal: number
  enetMessagesTooLongTotal: number
  enetSocketErrorsTotal: number
}

export interface EnetGateParts {
  readonly socket: UdpSocket
  readonly counters: GateCounters
  readonly messageBytesMax: number
  readonly seats: Seats
  readonly handshakes: Handshakes
  /** False: nobody is let in who has no seat yet. */
  readonly isOpen: boolean
  /** The library has been handed a datagram, of somebody with a seat or not. */
  readonly onPassed: (bytes: Uint8Array, seat: Seat | undefined) => void
}

type HandDatagram = (bytes: Uint8Array, from: Source) => void

export class EnetGate {
  readonly #parts: EnetGateParts
  #isOpen: boolean
  #handDatagram: HandDatagram | undefined

  constructor(parts: EnetGateParts) {
    this.#parts = parts
    this.#isOpen = parts.isOpen
    parts.socket.on('message', (bytes, from) => this.#datagram(bytes, from))
  }

  get isOpen(): boolean {
    return this.#isOpen
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
        if (this.#isOpen) this.#sending(bytes.subarray(offset, offset + length), { address: host, port })
        try {
          socket.send(bytes, offset, length, port, host, sent)
        } catch {
          // Such as a port 0 that somebody forged: the same as a datagram that was lost.
          counters.enetSocketErrorsTotal++
        }
      },
    }
  }

  #datagram(bytes: Uint8Array, from: Source): void {
    const { counters, messageBytesMax, seats } = this.#parts
    switch (judgeDatagram(bytes, { messageBytesMax, acceptsConnections: this.#isOpen })) {
      case 'pass':
        this.#pass(bytes, from)
        return
      case 'malformed':
        counters.enetDatagramsMalformedTotal++
        return
      case 'refused':
        counters.enetDatagramsRefusedTotal++
        return
      case 'too_long':
        counters.enetMessagesTooLongTotal++
        seats.senderOf(bytes, from)?.refuse(CloseCode.malformed, 'message too long')
    }
  }

  /** What ENet would ignore is not worth a turn. */
  #pass(bytes: Uint8Array, from: Source): void {
    const { counters, seats, handshakes } = this.#parts
    const { peerId } = claimedPeer(bytes)
    const seat = seats.of(peerId, from)
    if (peerId === NO_PEER) {
      if (!this.#isAdmitted(bytes, from)) return
    } else if (seat === undefined && !handshakes.isOpen(peerId, from)) {
      counters.enetDatagramsRefusedTotal++
      return
    } else if (seat?.rate.isOver() === true) {
      counters.enetDatagramsOverRateTotal++
      return
    }
    this.#handDatagram?.(bytes, from)
    this.#parts.onPassed(bytes, seat)
  }

  #isAdmitted(bytes: Uint8Array, { address, port }: Source): boolean {
    const { counters, seats, handshakes } = this.#parts
    const connectId = requestedConnectId(bytes)
    if (connectId !== undefined) return handshakes.admit({ address, port, connectId }, seats.size)
    counters.enetDatagramsRefusedTotal++
    return false
  }

  #sending(bytes: Uint8Array, { address, port }: Source): void {
    const accepted = acceptedPeer(bytes)
    if (accepted === undefined) return
    this.#parts.handshakes.answered(accepted.peerId, { address, port, connectId: accepted.connectId })
  }
}
