/**
 * One UDP socket and one ENet host on it. ENet works in *turns*: after datagrams came in or something was queued, one
 * turn services everything there is and flushes; a slow tick keeps its pings, retransmissions and timeouts going.
 * A turn is the only place where the library calls back, so nothing is ever called from inside `send` or `close`.
 *
 * Leaves out who the peers are to the application (`enet-connection.ts`) and how sockets are made (`enet-stack.ts`).
 */
import { CloseCode } from '../core/close-codes.ts'
import { CHANNEL_COUNT } from '../core/delivery.ts'
import { OverworldError } from '../core/errors.ts'
import type { Clock, Random, Timer } from '../core/injected.ts'
import { deliveryOf, type EnetConnection, type EnetPeerHost } from './enet-connection.ts'
import { announcedBytes } from './enet-datagram-guard.ts'
import { EnetDisguise } from './enet-disguise.ts'
import type { ForeignClient } from './enet-foreign-clients.ts'
import { EnetGate, type GateCounters } from './enet-gate.ts'
import { Handshakes, type HandshakeCounters } from './enet-handshakes.ts'
import { EnetIntake, type IntakeCounters } from './enet-intake.ts'
import type { EnetInstance, EnetInstances, HostPointer, PeerPointer } from './enet-library.ts'
import {
  expectedClaim,
  limitResendTimes,
  peerAt,
  peerCount,
  setPeerCount,
  setPeerTimeouts,
  type PeerTimeouts,
} from './enet-peer-memory.ts'
import { WaitingBudget } from './enet-waiting-budget.ts'
import { Seats, type Seat } from './enet-seats.ts'
import type { UdpSocket } from './enet-stack.ts'
import type { ReportError } from './guarded-handler.ts'

/** While something waits for an acknowledgement: the grain of retransmission. */
const BUSY_TICK_MS = 20
/** Otherwise: ENet pings each 500 ms. */
const IDLE_TICK_MS = 250
/** A lost message is sent again after at most so long, unless the peer's round trips take longer; ENet is looked at as often. */
const RESEND_MS_MAX = 2000
const RESEND_LOOK_MS = 500
/** ENet counts from its first resend in vain, the owner of a connection from what it has heard last, and may be a little late. */
const PATIENCE_MARGIN_MS = 2000
/** ENet's clock tells what came first within a day. */
export const PEER_TIMEOUT_MS_MAX = 86_399_999
/** After so many datagrams a service call stops with an error, and goes on at the next. */
const DATAGRAMS_PER_SERVICE = 256
/** After so long a turn stops, so that other sockets of the program have theirs; what waits has the next turn. */
const TURN_MS_MAX = 10
/** Node reads so many datagrams of a socket at a time: where so many have come more of them wait in the system. */
const DATAGRAMS_PER_READ = 32
/** A turn is put off for so long while more datagrams wait in the system, whose buffer would overflow, with everybody's. */
const READING_MS_MAX = 50

/** Peers beside the connections that are allowed: for handshakes while all places are taken, and for who is being closed. */
const PEERS_SPARE = 64
/** ENet numbers peers with 12 bits and keeps the last number for itself. */
export const PEERS_MAX_OF_ENET = 4095
/** Peers that ENet is shown at first. */
const PEERS_SHOWN_MIN = 16

const EVENT_CONNECT = 1
const EVENT_DISCONNECT = 2
/** The library's state of a peer whose handshake is not finished. */
const STATE_ACKNOWLEDGING_CONNECT = 2

/** Counters and gauges of a network's hosts together. */
export interface EnetCounters extends GateCounters, HandshakeCounters, IntakeCounters {
  enetWaitingTooMuchTotal: number
  enetConnectionsEvictedTotal: number
  enetOutOfMemoryTotal: number
  enetConnections: number
}

export interface EnetHostParts {
  readonly clock: Clock
  /** For numbers that nobody is to guess. */
  readonly random: Random
  readonly instances: EnetInstances
  readonly socket: UdpSocket
  /** Connections at a time. */
  readonly connectionsMax: number
  readonly messageBytesMax: number
  /** Of each peer. */
  readonly datagramsPerSecondMax: number
  readonly commandsPerSecondMax: number
  readonly peerTimeouts: PeerTimeouts
  readonly report: ReportError
  readonly counters: EnetCounters
  /** A peer has connected from outside; undefined: only outgoing connections. */
  readonly onPeer?: ((remoteAddress: string, link: (connection: EnetConnection) => void) => void) | undefined
  /** The library has failed: the host is gone, and its connections with it. Called once its port is free. */
  readonly onBroken?: ((error: Error) => void) | undefined
  /** Somebody asks for a connection in a way that will never get one. */
  readonly onForeign?: ((what: ForeignClient, address: string) => void) | undefined
}

export class EnetHost implements EnetPeerHost {
  readonly instance: EnetInstance
  readonly #parts: EnetHostParts
  readonly #pointer: HostPointer
  /** This build of the library lays out its memory as the adapter believes. */
  readonly #isLayoutKnown: boolean
  readonly #seats: Seats
  readonly #handshakes: Handshakes
  readonly #disguise: EnetDisguise
  readonly #gate: EnetGate
  readonly #waiting: WaitingBudget
  /** Peers that the library has room for, and connections that may be open at a time. */
  readonly #peers: number
  readonly #connectionsMax: number
  /** Connections of which something was freed, and those whose peer was heard, since the last turn. */
  readonly #freed = new Set<EnetConnection>()
  readonly #heard = new Set<EnetConnection>()
  /** Datagrams that the library was handed and has not been seen to read. */
  #datagrams = 0
  /** The library has datagrams or events that were not handled yet. */
  #hasEvents = false
  /** How many datagrams had come when the next turn was last put off, and since when that has been done. */
  #receivedBefore = 0
  #readingSinceMs: number | undefined
  #turns = 0
  #resendsLookedAtMs = 0
  #isShortOfMemory = false
  #turnTimer: Timer | undefined
  #tickTimer: Timer | undefined
  #isTickBusy = false
  #isInTurn = false
  #state: 'open' | 'closing' | 'destroyed' = 'open'
  #whenFree: (() => void) | undefined

  /** `parts.socket` is bound already. */
  constructor(parts: EnetHostParts) {
    this.#parts = parts
    this.instance = parts.instances.take()
    const { library } = this.instance
    const isListener = parts.onPeer !== undefined
    const spare = isListener ? Math.min(PEERS_SPARE, parts.connectionsMax) : 0
    const peers = Math.min(PEERS_MAX_OF_ENET, parts.connectionsMax + spare)
    const connectionsMax = Math.min(parts.connectionsMax, peers - spare)
    this.#peers = peers
    this.#connectionsMax = connectionsMax
    this.#seats = new Seats({
      library,
      clock: parts.clock,
      datagramsPerSecondMax: parts.datagramsPerSecondMax,
      commandsPerSecondMax: parts.commandsPerSecondMax,
      makeIntake: (peer) => this.#makeIntake(peer),
    })
    this.#handshakes = new Handshakes({
      clock: parts.clock,
      counters: parts.counters,
      placesMax: connectionsMax,
      placesKept: spare,
      giveUp: (peerId) => this.#giveUpHandshake(peerId),
    })
    this.#disguise = new EnetDisguise(parts.clock, parts.random)
    this.#waiting = new WaitingBudget(library, parts.messageBytesMax)
    this.#gate = new EnetGate({
      clock: parts.clock,
      socket: parts.socket,
      counters: parts.counters,
      messageBytesMax: parts.messageBytesMax,
      connectionsMax,
      seats: this.#seats,
      handshakes: this.#handshakes,
      disguise: this.#disguise,
      isOpen: isListener,
      onHeard: ({ connection }) => this.#heardFrom(connection),
      onWaiting: () => this.wake(),
      onPassed: (bytes, seat) => this.#passed(bytes, seat),
      onForeign: (what, address) => parts.onForeign?.(what, address),
    })
    const descriptor = library.createStreamFromSocket(this.#gate.socketForEnet())
    this.#pointer = library.jsapi.enet_host_from_socket(descriptor, 0, peers, CHANNEL_COUNT, 0, 0)
    if (this.#pointer === 0) {
      parts.instances.release(this.instance)
      throw new OverworldError('internal', `ENet has no memory for a host of ${peers} peers`)
    }
    library.jsapi.enet_host_bind(this.#pointer)
    this.#isLayoutKnown = peerCount(library, this.#pointer) === peers && peerAt(library, this.#pointer, 0) !== undefined
    this.#armTick()
  }

  /** Dials `ip` (in digits); false: there is no peer left. */
  connect(ip: string, port: number, connection: EnetConnection): boolean {
    const { jsapi } = this.instance.library
    const peer = jsapi.enet_host_connect(this.#pointer, ipNumber(ip), port, CHANNEL_COUNT, 0)
    if (peer === 0) return false
    this.#add(peer, connection)
    this.wake()
    return true
  }

  /** Takes no new peers; once the last one is gone the socket is closed and `whenFree` called. */
  close(whenFree?: () => void): void {
    if (this.#state === 'destroyed') {
      this.#parts.clock.setTimer(0, () => whenFree?.())
      return
    }
    this.#gate.close()
    if (this.#state === 'open') this.#state = 'closing'
    const before = this.#whenFree
    this.#whenFree = () => {
      before?.()
      whenFree?.()
    }
    this.wake()
  }

  wake(): void {
    if (this.#isInTurn || this.#turnTimer !== undefined || this.#state === 'destroyed') return
    this.#turnTimer = this.#parts.clock.setTimer(0, () => this.#turnOrRead())
  }

  flush(): void {
    this.instance.library.libenet.host_flush(this.#pointer)
  }

  forget(connection: EnetConnection): void {
    const { peer } = connection
    const peerId = peer === undefined ? undefined : this.#seats.remove(peer)
    if (peer === undefined || peerId === undefined) return
    this.#disguise.retire(peerId)
    this.#waiting.forget(peer)
    this.#freed.delete(connection)
    this.#heard.delete(connection)
    this.#parts.counters.enetConnections--
  }

  closing(connection: EnetConnection): void {
    if (connection.peer !== undefined) this.#seats.closing(connection.peer)
  }

  freedLater(connection: EnetConnection): void {
    this.#freed.add(connection)
    this.wake()
  }

  outOfMemory(): void {
    this.#parts.counters.enetOutOfMemoryTotal++
    if (this.#isShortOfMemory) return
    this.#isShortOfMemory = true
    this.report(new Error('ENet has no memory for a message: it is lost, or its connection; told once'))
  }

  report(error: unknown): void {
    this.#parts.report(error)
  }

  attempt(call: () => void): void {
    try {
      call()
    } catch (error) {
      // Nobody may be called back from inside `send` or `close`.
      this.#parts.clock.setTimer(0, () => this.#broken(error))
    }
  }

  #passed(bytes: Uint8Array, seat: Seat | undefined): void {
    this.#datagrams++
    this.wake()
    if (seat !== undefined && this.#waiting.announce(seat.peer, announcedBytes(bytes))) this.#measureWaiting()
  }

  #heardFrom(connection: EnetConnection): void {
    this.#heard.add(connection)
    this.wake()
  }

  /** ENet takes in what has come, and then it is seen what it cannot hand out yet. Who is over the budget has to go. */
  #measureWaiting(): void {
    this.#work(Infinity)
    for (const peer of this.#waiting.measure()) {
      this.#parts.counters.enetWaitingTooMuchTotal++
      this.#seats.at(peer)?.refuse(CloseCode.tooMany, 'too much waits for messages that are missing')
      this.#waiting.forget(peer)
    }
  }

  #makeIntake(peer: PeerPointer): EnetIntake | undefined {
    if (!this.#isLayoutKnown) return undefined
    const { clock, counters } = this.#parts
    const { library } = this.instance
    return new EnetIntake({
      library,
      peer,
      clock,
      counters,
      turns: () => this.#turns,
      catchUp: () => this.#work(Infinity),
    })
  }

  #giveUpHandshake(peerId: number): void {
    this.#disguise.retire(peerId)
    const { library } = this.instance
    const peer = peerAt(library, this.#pointer, peerId)
    if (peer === undefined || library.jsapi.peer_get_state(peer) !== STATE_ACKNOWLEDGING_CONNECT) return
    library.libenet.peer_reset(peer)
  }

  #limitResendTimes(): void {
    const nowMs = this.#parts.clock.now()
    if (!this.#isLayoutKnown || nowMs - this.#resendsLookedAtMs < RESEND_LOOK_MS) return
    this.#resendsLookedAtMs = nowMs
    for (const peer of this.#seats.peers()) limitResendTimes(this.instance.library, peer, RESEND_MS_MAX)
  }

  /** While datagrams wait in the system they are read first: a turn takes longer than reading many of them. */
  #turnOrRead(): void {
    this.#turnTimer = undefined
    const { received } = this.#gate
    const nowMs = this.#parts.clock.now()
    this.#readingSinceMs ??= nowMs
    const isMoreWaiting = received - this.#receivedBefore >= DATAGRAMS_PER_READ
    this.#receivedBefore = received
    if (isMoreWaiting && nowMs - this.#readingSinceMs < READING_MS_MAX) this.wake()
    else this.#turn()
  }

  #turn(): void {
    this.#turnTimer = undefined
    this.#readingSinceMs = undefined
    if (this.#state === 'destroyed') return
    this.#isInTurn = true
    try {
      this.#handshakes.expire()
      this.#limitResendTimes()
      this.#workInTurn()
      this.#tellHeard()
      this.#goOn()
      this.flush()
    } catch (error) {
      this.#broken(error)
      return
    } finally {
      this.#isInTurn = false
    }
    if (this.#freed.size > 0 || this.#hasEvents || this.#gate.waiting > 0) this.wake()
    if (this.#state === 'closing' && this.#seats.size === 0) this.#destroy()
    else this.#armTick()
  }

  /** Everything that waits, or as much of it as there is time for. */
  #workInTurn(): void {
    const { clock } = this.#parts
    const untilMs = clock.now() + TURN_MS_MAX
    do {
      if (!this.#hasEvents) this.#gate.handOver(DATAGRAMS_PER_SERVICE)
      this.#work(untilMs)
    } while ((this.#hasEvents || this.#gate.waiting > 0) && clock.now() < untilMs)
  }

  /** The library looks at what it was handed. */
  #work(untilMs: number): void {
    this.#showPeers()
    this.#service(untilMs)
    this.#turns++
    if (!this.#hasEvents) this.#handshakes.arrived()
  }

  /** After the messages of the turn: of whoever has sent one there is nothing more to say. */
  #tellHeard(): void {
    for (const connection of this.#heard) connection.heard()
    this.#heard.clear()
  }

  /** What is handed over now leaves with this turn. */
  #goOn(): void {
    const freed = [...this.#freed]
    this.#freed.clear()
    for (const connection of freed) connection.freed()
  }

  /**
   * ENet looks at each of its peers five times a turn, and takes the first free one for who connects: it is shown no more
   * than may be needed. With most of a thousand places free that was a fifth of all its work.
   */
  #showPeers(): void {
    if (!this.#isLayoutKnown) return
    const { library } = this.instance
    const used = this.#seats.size + this.#handshakes.size
    const shown = peerCount(library, this.#pointer)
    let needed = this.#seats.size === 0 && this.#handshakes.size === 0 ? PEERS_SHOWN_MIN : shown
    while (needed < used + this.#handshakes.arriving) needed *= 2
    if (needed !== shown) setPeerCount(library, this.#pointer, Math.min(needed, this.#peers))
  }

  #service(untilMs: number): void {
    const { clock } = this.#parts
    const { libenet } = this.instance.library
    const { event } = this.instance
    let roundsLeft = Math.ceil(this.#datagrams / DATAGRAMS_PER_SERVICE) + 1
    this.#hasEvents = false
    for (;;) {
      const result = libenet.host_service(this.#pointer, event, 0)
      if (result > 0) this.#handleEvent(event)
      else if (result === 0 || --roundsLeft <= 0) break
      if (clock.now() >= untilMs) {
        this.#hasEvents = true
        return
      }
    }
    this.#datagrams = 0
  }

  #handleEvent(event: number): void {
    const { jsapi } = this.instance.library
    const peer = jsapi.event_get_peer(event)
    switch (jsapi.event_get_type(event)) {
      case EVENT_CONNECT:
        this.#connected(peer)
        return
      case EVENT_DISCONNECT:
        this.#disconnected(peer, jsapi.event_get_data(event))
        return
      default:
        this.#received(peer, event)
    }
  }

  #connected(peer: PeerPointer): void {
    const { library } = this.instance
    this.#handshakes.finished(expectedClaim(library, peer).peerId)
    const outgoing = this.#seats.at(peer)
    if (outgoing !== undefined) {
      outgoing.established()
      outgoing.opened()
    } else if (this.#gate.isOpen && this.#hasPlaceFor(peer)) {
      this.#parts.onPeer?.(this.#seats.addressOf(peer).address, (connection) => {
        this.#add(peer, connection)
        connection.established()
      })
    } else {
      library.libenet.peer_disconnect_now(peer, this.#gate.isOpen ? CloseCode.tooMany : 0)
      this.#disguise.retire(expectedClaim(library, peer).peerId)
    }
    const connection = this.#seats.at(peer)
    if (connection !== undefined) this.#setTimeouts(peer, connection)
  }

  /** Not sooner than the owner of the connection would give the peer up. */
  #setTimeouts(peer: PeerPointer, { patienceMs = 0 }: EnetConnection): void {
    const { minMs, maxMs } = this.#parts.peerTimeouts
    const leastMs = patienceMs === 0 ? 0 : Math.min(Math.ceil(patienceMs) + PATIENCE_MARGIN_MS, PEER_TIMEOUT_MS_MAX)
    const timeouts = { minMs: Math.max(minMs, leastMs), maxMs: Math.max(maxMs, leastMs) }
    if (!setPeerTimeouts(this.instance.library, peer, timeouts)) {
      this.report(new Error('this build of enet lays out its peers differently: peer timeouts stay at its defaults'))
    }
  }

  /** Its address is proven now: somebody from an address that has more connections makes room for it, if all places are taken. */
  #hasPlaceFor(peer: PeerPointer): boolean {
    const { counters } = this.#parts
    if (this.#seats.openCount < this.#connectionsMax) return true
    const victim = this.#seats.makesRoomFor(this.#seats.addressOf(peer).address)
    if (victim === undefined) {
      counters.enetConnectsRefusedTotal++
      return false
    }
    counters.enetConnectionsEvictedTotal++
    victim.refuse(CloseCode.tooMany, 'another address needs the place')
    return true
  }

  #disconnected(peer: PeerPointer, data: number): void {
    const connection = this.#seats.at(peer)
    if (connection === undefined) return
    this.forget(connection)
    connection.gone(data)
  }

  #received(peer: PeerPointer, event: number): void {
    const { jsapi, libenet } = this.instance.library
    const packet = jsapi.event_get_packet(event)
    const channel = jsapi.event_get_channelID(event)
    const bytes = this.instance.copyPacket(packet)
    const delivery = deliveryOf(jsapi.packet_flags(packet), channel)
    libenet.packet_destroy(packet)
    this.#seats.at(peer)?.message(bytes, delivery)
  }

  #add(peer: PeerPointer, connection: EnetConnection): void {
    this.#seats.add(peer, connection)
    this.#parts.counters.enetConnections++
    connection.link(this, peer)
  }

  #armTick(): void {
    if (this.#tickTimer !== undefined && this.#isTickBusy) return
    const isBusy = this.#isBusy()
    if (this.#tickTimer !== undefined && !isBusy) return
    this.#tickTimer?.cancel()
    this.#isTickBusy = isBusy
    this.#tickTimer = this.#parts.clock.setTimer(isBusy ? BUSY_TICK_MS : IDLE_TICK_MS, () => {
      this.#tickTimer = undefined
      if (this.#turnTimer === undefined) this.#turn()
      else this.#armTick()
    })
  }

  #isBusy(): boolean {
    return this.#seats.hasConnection(({ bufferedBytes, isUnsettled }) => bufferedBytes > 0 || isUnsettled)
  }

  /** The library has thrown, most likely for lack of memory: nothing that it holds can be trusted any more. */
  #broken(error: unknown): void {
    if (this.#state === 'destroyed') return
    this.report(error)
    this.#parts.instances.discard(this.instance)
    for (const connection of this.#seats.connections()) {
      this.forget(connection)
      connection.gone(0, 'enet failed')
    }
    const cause = error instanceof Error ? error : new Error(String(error))
    const { onBroken } = this.#parts
    const whenFree = this.#whenFree
    this.#whenFree = () => {
      whenFree?.()
      // Whoever closed it knows that it is gone.
      if (whenFree === undefined) onBroken?.(cause)
    }
    this.#free()
  }

  #destroy(): void {
    this.instance.library.libenet.host_destroy(this.#pointer)
    this.#free()
  }

  #free(): void {
    this.#state = 'destroyed'
    this.#handshakes.forgetAll()
    this.#turnTimer?.cancel()
    this.#tickTimer?.cancel()
    this.#gate.detach()
    this.#parts.instances.release(this.instance)
    this.#parts.socket.close(() => this.#whenFree?.())
  }
}

/** As ENet keeps it: the first of the four numbers in the lowest byte. */
function ipNumber(ip: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = ip.split('.').map(Number)
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
}
