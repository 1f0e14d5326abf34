/**
 * One ENet peer as a `Connection`. Leaves out the socket and the turns in which ENet works; see `enet-host.ts`.
 */
import { CloseCode } from '../core/close-codes.ts'
import { RELIABLE, type Delivery } from '../core/delivery.ts'
import type { Clock, Connection, Timer } from '../core/injected.ts'
import { CLOSE_GRACE_MS, checkCloseCode, truncateReason } from './closing.ts'
import type { GuardedHandler } from './guarded-handler.ts'
import type { EnetInstance, PacketOwner, PeerPointer } from './enet-library.ts'
import { EnetOutbox } from './enet-outbox.ts'

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
  /** It takes no place from anybody any more. */
  closing(connection: EnetConnection): void
  /** The peer is no longer the library's: forget it. */
  forget(connection: EnetConnection): void
  /** Something that was queued has left: go on, but not from inside the library. */
  freedLater(connection: EnetConnection): void
  /** The library had no memory for a message. */
  outOfMemory(): void
  /** Runs what calls the library. If it throws, the host is broken, which its connections hear later. */
  attempt(call: () => void): void
}

/** What the library knows of a peer that may be sent messages. */
const STATE_CONNECTED = 5
/** A handler hears that its peer lives at most so often, in ms: both ends wait for seconds before they give it up. */
const HEARD_EACH_MS = 500

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
  readonly #outbox = new EnetOutbox((message, delivery) => this.#handOver(message, delivery))
  /** Something has been buffered since the handler last heard that nothing is. */
  #hasBuffered = false
  /** Goodbye is said once the outbox is empty. */
  #farewell: number | undefined
  /** When the handler last heard that its peer lives. */
  #heardAtMs = -Infinity
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

  /** Of what ENet has not been given yet, with an overhead for each message; and of what was sent and not yet acknowledged. */
  get bufferedBytes(): number {
    return this.#outbox.bufferedBytes
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

  /** How long a silent peer is waited for, in ms; undefined: as long as ENet does. */
  get patienceMs(): number | undefined {
    return this.#handler.patienceMs
  }

  send(message: Uint8Array, delivery: Delivery = RELIABLE): void {
    if (this.#handler.status !== 'open' || this.#link === undefined) return
    const { host } = this.#link
    host.attempt(() => this.#outbox.add(message, delivery))
    if (this.#outbox.bufferedBytes > 0) this.#hasBuffered = true
    host.wake()
  }

  close(code: number, reason = ''): void {
    if (this.#ownClose !== undefined || this.#handler.status === 'closed') return
    checkCloseCode(code)
    this.#ownClose = { code, reason: truncateReason(reason) }
    if (!this.#handler.closing()) return
    this.#link?.host.closing(this)
    if (this.#link === undefined) {
      this.#clock.setTimer(0, () => this.gone(0))
    } else if (this.#isEstablished) {
      if (this.#outbox.isEmpty) this.#disconnectLater(this.#link, code)
      else this.#farewell = code
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
    this.#outbox.clear()
    if (this.#link === undefined) return
    const { host, peer } = this.#link
    host.closing(this)
    host.attempt(() => host.instance.library.libenet.peer_disconnect(peer, code))
    host.wake()
    this.#cutLater(code)
  }

  packetFreed(bytes: number): void {
    this.#outbox.freed(bytes)
    this.#link?.host.freedLater(this)
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
    this.#heardAtMs = this.#clock.now()
    this.#handler.message(bytes, delivery)
  }

  /** Something came in that ENet made no message of, so far. */
  heard(): void {
    const nowMs = this.#clock.now()
    if (nowMs - this.#heardAtMs < HEARD_EACH_MS) return
    this.#heardAtMs = nowMs
    this.#handler.alive()
  }

  /** What was queued has left, at least in part. */
  freed(): void {
    if (this.#link === undefined) return
    this.#outbox.pump()
    if (this.#farewell !== undefined && this.#outbox.isEmpty) {
      const code = this.#farewell
      this.#farewell = undefined
      this.#disconnectLater(this.#link, code)
    }
    if (!this.#hasBuffered || this.#outbox.bufferedBytes > 0) return
    this.#hasBuffered = false
    this.#handler.drained()
  }

  /** The peer has disconnected with `data`, timed out (0), or could not be reached (0). */
  gone(data: number, reason = ''): void {
    this.#link = undefined
    this.#outbox.clear()
    this.#cutTimer?.cancel()
    this.#settled()
    const isCode = data === CloseCode.normal || (data >= 4000 && data <= 4999)
    const closed = this.#ownClose ?? this.#ourClose ?? { code: isCode ? data : CloseCode.abnormal, reason }
    this.#handler.closed(closed.code, closed.reason)
  }

  /** False: there is no memory for it. An unreliable message may be lost; a reliable one may not, so that its connection ends. */
  #handOver(message: Uint8Array, delivery: Delivery): boolean {
    const link = this.#link
    if (link === undefined) return false
    const { instance } = link.host
    const packet = instance.createPacket(message, flagsOf(delivery), this)
    if (packet === 0) {
      this.#notTaken(link, delivery)
      return false
    }
    const { libenet } = instance.library
    // A peer that asked for fewer channels gets everything on those it has, rather than not at all.
    let isRefused = libenet.peer_send(link.peer, delivery.channel, packet) !== 0
    if (isRefused && delivery.channel !== 0) isRefused = libenet.peer_send(link.peer, 0, packet) !== 0
    if (!isRefused) return true
    libenet.packet_destroy(packet)
    this.#notTaken(link, delivery)
    return true
  }

  /**
   * A peer that is leaving takes nothing any more, and is told nothing. To try it with each message that waits for it would take
   * seconds where there are many.
   */
  #notTaken({ host, peer }: Link, { mode }: Delivery): void {
    if (host.instance.library.jsapi.peer_get_state(peer) !== STATE_CONNECTED) {
      this.#outbox.clear()
      return
    }
    host.outOfMemory()
    if (mode === 'reliable') this.refuse(CloseCode.trouble, 'ENet has no memory for a message')
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
    this.#outbox.clear()
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
