/**
 * ENet over UDP as a `Network`, on the package `enet`: `listen` and `connect` for `enet://host:port`, four channels,
 * no compression. A close code travels as ENet's disconnect data; a reason does not travel.
 *
 * A listener has one socket for all its peers; each outgoing connection has one of its own, so that a client which
 * dials again does so from a fresh port. Leaves out IPv6, which this ENet does not know.
 */
import { isIPv4 } from 'node:net'
import { OverworldError } from '../core/errors.ts'
import type {
  Accept,
  Clock,
  Connection,
  ConnectionHandler,
  Listener,
  ListenerEvents,
  Network,
  Random,
} from '../core/injected.ts'
import { formatAddress, parseAddress, type Address } from './address.ts'
import { EnetConnection } from './enet-connection.ts'
import { EnetHost, type EnetCounters, type EnetHostParts } from './enet-host.ts'
import { enetClock, EnetInstances, loadEnetLibrary, type EnetLibrary } from './enet-library.ts'
import { nodeUdpStack, type UdpSocket, type UdpStack } from './enet-stack.ts'
import { errorReporter, GuardedHandler, type ReportError } from './guarded-handler.ts'
import {
  connectionIds,
  durationOption,
  limitOption,
  MESSAGE_BYTES_MAX_DEFAULT,
  type TransportOptions,
} from './options.ts'
import { systemRandom } from './system-random.ts'

const PORT_DEFAULT = 4483
const PEERS_MAX_DEFAULT = 1024
/** ENet numbers peers with 12 bits and keeps the last number for itself. */
const PEERS_MAX_OF_ENET = 4095
const CONNECT_TIMEOUT_MS_DEFAULT = 5000

export interface EnetOptions extends TransportOptions {
  /** For ENet's connection ids, which must not be guessed. Default: the system's. */
  readonly random?: Random | undefined
  /**
   * Connections open at a time for each listener: 1 to 4095 (ENet's own limit). Default 1024. Where there are so
   * many already, ENet does not answer, and the client's dialling times out. Unfinished handshakes have the places that
   * are left; where none is, see `enet-handshakes.ts`.
   */
  readonly connectionsMax?: number | undefined
  /** How long `connect` goes on trying, in ms, above 0. Default 5000; Infinity = as long as ENet does, some 30 s. */
  readonly connectTimeoutMs?: number | undefined
  /**
   * When ENet gives a mute peer up, in ms: after `minMs` without an acknowledgement if it has been resending for
   * long (32 times the round trip), after `maxMs` in any case. Default 5000 and 30,000, ENet's own: the core's
   * liveness timeouts are shorter than the second, so that it only frees what nobody watches.
   */
  readonly peerTimeouts?: { readonly minMs: number; readonly maxMs: number } | undefined
  /** Gives instances of the library. Default: private ones of the package `enet`. */
  readonly loadLibrary?: (() => EnetLibrary) | undefined
  /** Where sockets come from. Default: Node's `dgram` and `dns`. */
  readonly stack?: UdpStack | undefined
}

export interface EnetNetwork extends Network {
  /** Counters of what was dropped, and gauges of what is open, by documented names. */
  stats(): Readonly<Record<string, number>>
}

/** Both sides of ENet. Throws `OverworldError` `bad_option`. */
export function enetNetwork(options: EnetOptions): EnetNetwork {
  return new RealEnetNetwork(options)
}

class RealEnetNetwork implements EnetNetwork {
  readonly #clock: Clock
  readonly #report: ReportError
  readonly #stack: UdpStack
  readonly #instances: EnetInstances
  readonly #nextId: () => number
  readonly #messageBytesMax: number
  readonly #peersMax: number
  readonly #connectTimeoutMs: number
  readonly #peerTimeouts: { readonly minMs: number; readonly maxMs: number }
  readonly #counters: EnetCounters = {
    enetDatagramsMalformedTotal: 0,
    enetDatagramsRefusedTotal: 0,
    enetMessagesTooLongTotal: 0,
    enetWaitingTooMuchTotal: 0,
    enetConnectsDeferredTotal: 0,
    enetConnectsRefusedTotal: 0,
    enetHandshakesEvictedTotal: 0,
    enetHandshakesTimedOutTotal: 0,
    enetSocketErrorsTotal: 0,
    enetConnections: 0,
    enetHandshakes: 0,
  }

  constructor(options: EnetOptions) {
    const { clock, random = systemRandom() } = options
    this.#clock = clock
    this.#report = errorReporter(options.onError)
    this.#stack = options.stack ?? nodeUdpStack
    this.#instances = new EnetInstances(options.loadLibrary ?? (() => loadEnetLibrary(enetClock(clock), random)))
    this.#nextId = options.nextConnectionId ?? connectionIds()
    this.#messageBytesMax = limitOption('messageBytesMax', options.messageBytesMax, MESSAGE_BYTES_MAX_DEFAULT)
    this.#peersMax = limitOption('connectionsMax', options.connectionsMax, PEERS_MAX_DEFAULT)
    this.#connectTimeoutMs = durationOption('connectTimeoutMs', options.connectTimeoutMs, CONNECT_TIMEOUT_MS_DEFAULT)
    this.#peerTimeouts = options.peerTimeouts ?? { minMs: 5000, maxMs: 30_000 }
    if (this.#peersMax > PEERS_MAX_OF_ENET) {
      throw new OverworldError('bad_option', `connectionsMax must be at most ${PEERS_MAX_OF_ENET} for ENet`)
    }
  }

  listen(address: string, accept: Accept, events: ListenerEvents = {}): Listener {
    const wanted = parseEnetAddress(address)
    return new EnetListener(wanted, events, {
      socket: this.#stack.createSocket(),
      clock: this.#clock,
      report: this.#report,
      makeHost: (socket) => this.#makeHost(socket, this.#peersMax, this.#acceptor(accept)),
    })
  }

  connect(address: string, handler: ConnectionHandler): Connection {
    const { host, port } = parseEnetAddress(address)
    const connection = new EnetConnection({
      id: this.#nextId(),
      clock: this.#clock,
      handler: new GuardedHandler(this.#report, handler),
      remoteAddress: host,
    })
    if (isIPv4(host)) {
      this.#dial(host, port, connection)
    } else {
      this.#stack.resolve(host, (error, ip) => {
        if (connection.isClosing) return
        if (error === null) this.#dial(ip, port, connection)
        else this.#clock.setTimer(0, () => connection.gone(0, error.message))
      })
    }
    return connection
  }

  stats(): Readonly<Record<string, number>> {
    return { ...this.#counters, enetSockets: this.#instances.hosts }
  }

  #makeHost(socket: UdpSocket, peersMax: number, onPeer?: EnetHostParts['onPeer']): EnetHost {
    return new EnetHost({
      clock: this.#clock,
      instances: this.#instances,
      socket,
      peersMax,
      messageBytesMax: this.#messageBytesMax,
      peerTimeouts: this.#peerTimeouts,
      report: this.#report,
      counters: this.#counters,
      onPeer,
    })
  }

  #acceptor(accept: Accept): NonNullable<EnetHostParts['onPeer']> {
    return (remoteAddress, link) => {
      const handler = new GuardedHandler(this.#report)
      const connection = new EnetConnection({ id: this.#nextId(), clock: this.#clock, handler, remoteAddress })
      link(connection)
      try {
        handler.attach(accept(connection))
      } catch (error) {
        this.#report(error)
        connection.cut()
        return
      }
      connection.opened()
    }
  }

  #dial(ip: string, port: number, connection: EnetConnection): void {
    const socket = this.#stack.createSocket()
    let host: EnetHost | undefined
    const deadline =
      this.#connectTimeoutMs === Infinity
        ? undefined
        : this.#clock.setTimer(this.#connectTimeoutMs, () => connection.giveUp('nobody answered'))
    connection.whenSettled(() => deadline?.cancel())
    socket.on('error', (error) => {
      this.#counters.enetSocketErrorsTotal++
      if (host !== undefined) return
      socket.close()
      connection.gone(0, error.message)
    })
    socket.on('listening', () => {
      if (connection.isClosing) {
        socket.close()
        return
      }
      host = this.#makeHost(socket, 1)
      host.connect(ip, port, connection)
      host.close()
    })
    // Binding may succeed or fail at once, and `connect` must not call back before it returns.
    this.#clock.setTimer(0, () => socket.bind(0, '0.0.0.0'))
  }
}

interface EnetListenerParts {
  readonly socket: UdpSocket
  readonly clock: Clock
  readonly report: ReportError
  makeHost(socket: UdpSocket): EnetHost
}

class EnetListener implements Listener {
  readonly #parts: EnetListenerParts
  readonly #wanted: Address
  readonly #events: ListenerEvents
  #address: string
  #host: EnetHost | undefined
  #state: 'binding' | 'listening' | 'closed' = 'binding'

  constructor(wanted: Address & { readonly port: number }, events: ListenerEvents, parts: EnetListenerParts) {
    this.#parts = parts
    this.#wanted = wanted
    this.#events = events
    this.#address = formatAddress(wanted, wanted.port)
    parts.socket.on('error', (error) => this.#socketError(error))
    parts.socket.on('listening', () => this.#bound())
    // Binding may succeed or fail at once, and `listen` must not call back before it returns.
    parts.clock.setTimer(0, () => parts.socket.bind(wanted.port, wanted.host))
  }

  get address(): string {
    return this.#address
  }

  /** All peers share the socket: the port is free, and `done` called, once the last of them is gone. */
  close(done?: () => void): void {
    const wasListening = this.#state === 'listening'
    this.#state = 'closed'
    if (this.#host !== undefined) this.#host.close(done)
    else if (!wasListening) this.#parts.clock.setTimer(0, () => done?.())
  }

  #bound(): void {
    if (this.#state !== 'binding') {
      this.#parts.socket.close()
      return
    }
    this.#state = 'listening'
    this.#host = this.#parts.makeHost(this.#parts.socket)
    this.#address = formatAddress(this.#wanted, this.#parts.socket.address().port)
    this.#tell(() => this.#events.listening?.(this.#address))
  }

  #socketError(error: Error): void {
    if (this.#host !== undefined) {
      this.#parts.report(error)
      return
    }
    // Who was closed before it was bound has nobody to tell.
    const isWaitedFor = this.#state === 'binding'
    this.#state = 'closed'
    this.#parts.socket.close()
    if (isWaitedFor) this.#tell(() => this.#events.failed?.(error))
  }

  #tell(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#parts.report(error)
    }
  }
}

function parseEnetAddress(text: string): Address & { readonly port: number } {
  const address = parseAddress(text, ['enet'])
  if (address.host.includes(':') || address.path !== '' || address.query !== '') {
    throw new OverworldError('bad_address', `"${text}": ENet takes enet://host:port, IPv4 and without a path`)
  }
  return { ...address, port: address.port ?? PORT_DEFAULT }
}
