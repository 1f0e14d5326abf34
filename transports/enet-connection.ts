/**
 * One ENet peer as a `Connection`. Leaves out the socket and the turns in which ENet works; see `enet-host.ts`.
 */
import { CloseCode } from '../core/close-codes.ts'
import { RELIABLE, type Delivery } from '../core/delivery.ts'
import { OverworldError } from '../core/errors.ts'
import type { Clock, Connection, Timer } from '../core/injected.ts'
import { CLOSE_GRACE_MS, checkCloseCode, truncateReason } from './closing.ts'
import type { GuardedHandler } from './guarded-handler.ts'
import type { EnetInstance, PacketOwner, PeerPointer } from './enet-library.ts'

/** ENet's packet flags; an unreliable message that needs fragments stays unreliable only with the third. */
const FLAG_RELIABLE = 1
const FLAG_UNSEQUENCED = 2
const FLAG_UNRELIABLE_FRAGMENT = 8

/** What a connection needs of the host that it runs on. */
export interface EnetPeerHost {
  readonly instance: EnetInstance
  /** Has ENet work soon: something was queued. */
  wake(): void
  /** Sends what is queued now, acknowledgements included: a disconnect would drop them. */
  flush(): void
  /** The peer is no longer the library's: forget it. */
  forget(connection: EnetConnection): void
  /** Everything queued has left: tell the handler, but not from inside the library. */
  drainedLater(connection: EnetConnection): void
  /** Runs what calls the library. If it throws, the host is broken, which its connections hear later. */
  attempt(call: () => void): void
}

interface Words {
  readonly code: number
  readonly reason: string
}

interface Link {
  readonly host: EnetPeerHost
  readonly peer: PeerPointer
}

export interface EnetConnectionParts {
  readonly id: number
  readonly clock: Clock
  readonly handler: GuardedHandler
  readonly remoteAddress: string
}

export class EnetConnection implements Connection, PacketOwner {
  readonly id: number
  readonly transport = 'enet'
  readonly remoteAddress: string
  readonly #clock: Clock
  readonly #handler: GuardedHandler
  #onSettled: (() => void) | undefined
  /** Undefined before the socket is bound, and once the peer is gone. */
  #link: Link | undefined
  /** ENet's handshake is done, whether or not the handler has heard of it yet. */
  #isEstablished = false
  #bufferedBytes = 0
  #cutTimer: Timer | undefined
  /** Who closes hears of it in its own words, also where we had begun to. */
  #ownClose: Words | undefined
  /** Why we ended it, which its program hears with `closed`. */
  #ourClose: Words | undefined

  constructor(parts: EnetConnectionParts) {
    this.id = parts.id
    this.remoteAddress = parts.remoteAddress
    this.#clock = parts.clock
    this.#handler = parts.handler
  }

  /** Queued, or sent and not yet acknowledged. */
  get bufferedBytes(): number {
    return this.#bufferedBytes
  }

  get peer(): PeerPointer | undefined {
    return this.#link?.peer
  }

  /** Opening or closing: ENet has something to retry for it even where no message waits. */
  get isUnsettled(): boolean {
    return this.#handler.status !== 'open'
  }

  get isClosing(): boolean {
    return this.#handler.isClosing
  }

  send(message: Uint8Array, delivery: Delivery = RELIABLE): void {
    if (this.#handler.status !== 'open' || this.#link === undefined) return
    const { host, peer } = this.#link
    host.attempt(() => this.#queue(message, delivery, peer, host.instance))
    host.wake()
  }

  close(code: number, reason = ''): void {
    if (this.#ownClose !== undefined || this.#handler.status === 'closed') return
    checkCloseCode(code)
    this.#ownClose = { code, reason: truncateReason(reason) }
    if (!this.#handler.closing()) return
    if (this.#link === undefined) {
      this.#clock.setTimer(0, () => this.gone(0))
    } else if (this.#isEstablished) {
      this.#disconnectLater(this.#link, code)
      this.#cutLater(code)
    } else {
      this.#disconnectNow(code)
    }
  }

  /** Breaks the connection without a word that the contract would know of: the other side hears 1006. */
  cut(): void {
    if (!this.#handler.closing()) return
    this.#ourClose = { code: CloseCode.abnormal, reason: '' }
    this.#disconnectNow(0)
  }

  /** The peer broke the rules. Its queue is dropped: who sends too much need not be waited for. */
  refuse(code: number, reason: string): void {
    if (!this.#handler.closing()) return
    this.#ourClose = { code, reason }
    if (this.#link === undefined) return
    const { host, peer } = this.#link
    host.attempt(() => host.instance.library.libenet.peer_disconnect(peer, code))
    host.wake()
    this.#cutLater(code)
  }

  packetFreed(bytes: number): void {
    this.#bufferedBytes -= bytes
    if (this.#bufferedBytes === 0 && bytes > 0 && this.#handler.status === 'open') this.#link?.host.drainedLater(this)
  }

  /** Dialling took too long: the same as if it had been refused. */
  giveUp(reason: string): void {
    if (!this.#handler.closing()) return
    this.#ourClose = { code: CloseCode.abnormal, reason }
    if (this.#link === undefined) this.gone(0)
    else this.#disconnectNow(0)
  }

  /** Runs `settled` once the connection has opened or is gone, whichever comes first. */
  whenSettled(settled: () => void): void {
    this.#onSettled = settled
  }

  // What the host tells:

  link(host: EnetPeerHost, peer: PeerPointer): void {
    this.#link = { host, peer }
  }

  established(): void {
    this.#isEstablished = true
  }

  opened(): void {
    this.#settled()
    this.#handler.opened()
  }

  message(bytes: Uint8Array, delivery: Delivery): void {
    this.#handler.message(bytes, delivery)
  }

  drained(): void {
    if (this.#bufferedBytes === 0) this.#handler.drained()
  }

  /** The peer has disconnected with `data`, timed out (0), or could not be reached (0). */
  gone(data: number, reason = ''): void {
    this.#link = undefined
    this.#cutTimer?.cancel()
    this.#settled()
    const isCode = data === CloseCode.normal || (data >= 4000 && data <= 4999)
    const closed = this.#ownClose ?? this.#ourClose ?? { code: isCode ? data : CloseCode.abnormal, reason }
    this.#handler.closed(closed.code, closed.reason)
  }

  #queue(message: Uint8Array, delivery: Delivery, peer: PeerPointer, instance: EnetInstance): void {
    const packet = instance.createPacket(message, flagsOf(delivery), this)
    if (packet === 0) throw new OverworldError('internal', `ENet has no memory for ${message.length} bytes`)
    this.#bufferedBytes += message.length
    const { libenet } = instance.library
    // A peer that asked for fewer channels gets everything on those it has, rather than not at all.
    let isRefused = libenet.peer_send(peer, delivery.channel, packet) !== 0
    if (isRefused && delivery.channel !== 0) isRefused = libenet.peer_send(peer, 0, packet) !== 0
    if (isRefused) libenet.packet_destroy(packet)
  }

  #settled(): void {
    this.#onSettled?.()
    this.#onSettled = undefined
  }

  /** Once everything before it has arrived. */
  #disconnectLater({ host, peer }: Link, code: number): void {
    host.attempt(() => {
      host.flush()
      host.instance.library.libenet.peer_disconnect_later(peer, code)
    })
    host.wake()
  }

  #cutLater(code: number): void {
    this.#cutTimer ??= this.#clock.setTimer(CLOSE_GRACE_MS, () => this.#disconnectNow(code))
  }

  #disconnectNow(data: number): void {
    const link = this.#link
    if (link === undefined) return
    link.host.forget(this)
    link.host.attempt(() => link.host.instance.library.libenet.peer_disconnect_now(link.peer, data))
    link.host.wake()
    this.#clock.setTimer(0, () => this.gone(0))
  }
}

/** The delivery of a received packet. */
export function deliveryOf(flags: number, channel: number): Delivery {
  if ((flags & FLAG_RELIABLE) !== 0) return { mode: 'reliable', channel }
  return { mode: (flags & FLAG_UNSEQUENCED) !== 0 ? 'unsequenced' : 'unreliable', channel }
}

function flagsOf(delivery: Delivery): number {
  switch (delivery.mode) {
    case 'reliable':
      return FLAG_RELIABLE
    case 'unreliable':
      return FLAG_UNRELIABLE_FRAGMENT
    case 'unsequenced':
      return FLAG_UNSEQUENCED | FLAG_UNRELIABLE_FRAGMENT
  }
}
