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
import { parseAddress, type Address } from './address.ts'
import { EnetConnection } from './enet-connection.ts'
import type { ForeignClient } from './enet-foreign-clients.ts'
import { EnetHost, type EnetCounters, type EnetHostParts } from './enet-host.ts'
import { enetClock, EnetInstances, loadEnetLibrary } from './enet-library.ts'
import { EnetListener } from './enet-listener.ts'
import { enetLimits, type EnetLimits, type EnetOptions } from './enet-options.ts'
import { nodeUdpStack, type UdpSocket, type UdpStack } from './enet-stack.ts'
import { errorReporter, GuardedHandler, type ReportError } from './guarded-handler.ts'
import { connectionIds, listenerMessageBytesMax } from './options.ts'
import { systemRandom } from './system-random.ts'

const PORT_DEFAULT = 4483

const FOREIGN_ADVICE: Readonly<Record<ForeignClient, string>> = {
  checksum: 'its host computes checksums (CRC-32), which this server does not; leave its checksum unset',
  compression: 'its host compresses (such as with the range coder), which this server does not; switch compression off',
}

export interface EnetNetwork extends Network {
  /** Counters of what was dropped, and gauges of what is open, by documented names. */
  stats(): Readonly<Record<string, number>>
}

/** Both sides of ENet. Throws `OverworldError` `bad_option`, also for the name of an option that does not exist. */
export function enetNetwork(options: EnetOptions): EnetNetwork {
  return new RealEnetNetwork(options)
}

class RealEnetNetwork implements EnetNetwork {
  readonly #clock: Clock
  readonly #random: Random
  readonly #report: ReportError
  readonly #stack: UdpStack
  readonly #instances: EnetInstances
  readonly #nextId: () => number
  readonly #limits: EnetLimits
  /** As it was given: undefined is the default. */
  readonly #messageBytesMax: number | undefined
  #receiveBufferBytesGranted = 0
  readonly #counters: EnetCounters = {
    enetDatagramsMalformedTotal: 0,
    enetDatagramsRefusedTotal: 0,
    enetPeerGuessesTotal: 0,
    enetDatagramsOverRateTotal: 0,
    enetDatagramsOverShareTotal: 0,
    enetCommandsOverRateTotal: 0,
    enetCommandsRepeatedTotal: 0,
    enetCommandsFarAheadTotal: 0,
    enetUnreliableWaitingTotal: 0,
    enetDisconnectsRefusedTotal: 0,
    enetDisconnectsDoubtedTotal: 0,
    enetMessagesTooLongTotal: 0,
    enetWaitingTooMuchTotal: 0,
    enetConnectsDeferredTotal: 0,
    enetConnectsRefusedTotal: 0,
    enetConnectsForeignTotal: 0,
    enetConnectionsEvictedTotal: 0,
    enetHandshakesEvictedTotal: 0,
    enetHandshakesTimedOutTotal: 0,
    enetHandshakesForgedTotal: 0,
    enetAnswersHeldTotal: 0,
    enetOutOfMemoryTotal: 0,
    enetSocketErrorsTotal: 0,
    enetConnections: 0,
    enetHandshakes: 0,
  }

  constructor(options: EnetOptions) {
    const { clock, random = systemRandom() } = options
    this.#clock = clock
    this.#random = random
    this.#report = errorReporter(options.onError)
    this.#stack = options.stack ?? nodeUdpStack
    this.#instances = new EnetInstances(options.loadLibrary ?? (() => loadEnetLibrary(enetClock(clock), random)))
    this.#nextId = options.nextConnectionId ?? connectionIds()
    this.#limits = enetLimits(options)
    this.#messageBytesMax = options.messageBytesMax
  }

  listen(address: string, accept: Accept, events: ListenerEvents = {}): Listener {
    const wanted = parseEnetAddress(address)
    return new EnetListener(wanted, events, {
      socket: this.#createSocket(),
      clock: this.#clock,
      report: this.#report,
      makeHost: (socket, onBroken) => {
        this.#receiveBufferBytesGranted = socket.getRecvBufferSize?.() ?? 0
        return this.#makeHost(socket, this.#limits.connectionsMax, {
          messageBytesMax: listenerMessageBytesMax(this.#messageBytesMax, events.messageBytesMax),
          onPeer: this.#acceptor(accept),
          onForeign: this.#foreignReporter(),
          onBroken,
        })
      },
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
    this.#giveUpLater(connection)
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
    return {
      ...this.#counters,
      enetSockets: this.#instances.hosts,
      enetReceiveBufferBytes: this.#receiveBufferBytesGranted,
    }
  }

  #createSocket(): UdpSocket {
    return this.#stack.createSocket({ receiveBufferBytes: this.#limits.receiveBufferBytes })
  }

  #makeHost(
    socket: UdpSocket,
    connectionsMax: number,
    listening: Partial<Pick<EnetHostParts, 'messageBytesMax' | 'onPeer' | 'onForeign' | 'onBroken'>> = {},
  ): EnetHost {
    const isListener = listening.onPeer !== undefined
    return new EnetHost({
      clock: this.#clock,
      random: this.#random,
      instances: this.#instances,
      socket,
      connectionsMax,
      messageBytesMax: this.#limits.messageBytesMax,
      // Whoever is dialled is trusted not to flood us.
      datagramsPerSecondMax: isListener ? this.#limits.datagramsPerSecondMax : Infinity,
      commandsPerSecondMax: isListener ? this.#limits.commandsPerSecondMax : Infinity,
      peerTimeouts: this.#limits.peerTimeouts,
      report: this.#report,
      counters: this.#counters,
      ...listening,
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

  /** Tells the owner once of each kind: anybody can make it grow. */
  #foreignReporter(): NonNullable<EnetHostParts['onForeign']> {
    const told = new Set<ForeignClient>()
    return (what, address) => {
      if (told.has(what)) return
      told.add(what)
      this.#report(new Error(`an ENet client at ${address} cannot connect: ${FOREIGN_ADVICE[what]}; told once`))
    }
  }

  #giveUpLater(connection: EnetConnection): void {
    if (this.#limits.connectTimeoutMs === Infinity) return
    const deadline = this.#clock.setTimer(this.#limits.connectTimeoutMs, () => connection.giveUp('nobody answered'))
    connection.whenSettled(() => deadline.cancel())
  }

  #dial(ip: string, port: number, connection: EnetConnection): void {
    const socket = this.#createSocket()
    let host: EnetHost | undefined
    const failed = (error: Error): void => {
      socket.close()
      connection.gone(0, error.message)
    }
    socket.on('error', (error) => {
      this.#counters.enetSocketErrorsTotal++
      if (host === undefined) failed(error)
    })
    socket.on('listening', () => {
      if (connection.isClosing) {
        socket.close()
        return
      }
      try {
        host = this.#makeHost(socket, 1)
      } catch (error) {
        failed(error as Error)
        return
      }
      host.connect(ip, port, connection)
      host.close()
    })
    // Binding may succeed or fail at once, and `connect` must not call back before it returns.
    this.#clock.setTimer(0, () => socket.bind(0, '0.0.0.0'))
  }
}

function parseEnetAddress(text: string): Address & { readonly port: number } {
  const address = parseAddress(text, ['enet'])
  if (address.host.includes(':') || address.path !== '' || address.query !== '') {
    throw new OverworldError('bad_address', `"${text}": ENet takes enet://host:port, IPv4 and without a path`)
  }
  return { ...address, port: address.port ?? PORT_DEFAULT }
}
