/**
 * All UDP of a world. A datagram that does not fit into one packet is sent in fragments, and lost if one of them is;
 * where its sender was told not to fragment it is dropped. It goes to whoever has the address and port when it
 * arrives, and says where it came from when it left: a machine whose address changes is a stranger to its peers.
 *
 * A *flow* is what faults speak of: a socket that sends to one machine, and what that machine answers.
 * Left out: ICMP (nobody hears that a port is closed).
 */
import type { EnetSettings } from '../connection-settings.ts'
import type { Side } from '../connection-end.ts'
import { QueuedEvent } from '../event-queue.ts'
import type { Ground } from '../ground.ts'
import type { Host, HostLife } from '../host.ts'
import { isLocalHost } from '../address.ts'
import { NEVER, type Link } from '../link.ts'
import type { Paths } from '../paths.ts'
import { TraceKind } from '../trace.ts'
import type { Drain } from '../drain.ts'
import { EPHEMERAL_PORT_MIN } from './tcp-network.ts'
import { UdpSocket, type DatagramSource } from './udp-socket.ts'
import type { DatagramMessages, MessageUnderWay } from './wire-causes.ts'

export interface UdpNetworkOptions {
  readonly ground: Ground
  readonly paths: Paths
  readonly drain: Drain
  readonly settings: EnetSettings
  readonly nextOrdinal: () => number
  /** What does not fit into one packet of 1,500 bytes: cut up, or dropped. Default `fragment`. */
  readonly whenTooLarge?: 'fragment' | 'drop'
}

const IP_HEADER_BYTES = 20
const UDP_HEADER_BYTES = 8
/** Fragments are cut at multiples of eight bytes. */
const FRAGMENT_BYTES_MAX = 1480

/** The dialing socket of a conversation, as faults see it. */
export interface UdpFlow {
  readonly transport: 'enet'
  readonly ordinal: number
  readonly clientHost: Host
  readonly serverHost: Host
  /** As `halfOpen`: UDP has no word for it. */
  reset(): void
  /** There is no stream: nothing happens. */
  halfClose(): void
  halfOpen(): void
  cut(sender: Side): void
  setReading(side: Side, isReading: boolean): void
}

export class UdpNetwork {
  readonly ground: Ground
  readonly #paths: Paths
  readonly #drain: Drain
  #settings: EnetSettings
  readonly #nextOrdinal: () => number
  readonly #whenTooLarge: 'fragment' | 'drop'
  readonly #sockets = new Set<UdpSocket>()
  /** Bound sockets by port, in the order of binding: where addresses are shared, several. */
  readonly #byPort = new Map<number, UdpSocket[]>()
  readonly #flows = new Map<UdpSocket, Flow>()
  /** Found once: a link's name costs more than all it does to a packet. */
  readonly #links = new Map<Host, Map<Host, Link>>()
  #lastPort = EPHEMERAL_PORT_MIN

  constructor({ ground, paths, drain, settings, nextOrdinal, whenTooLarge = 'fragment' }: UdpNetworkOptions) {
    this.ground = ground
    this.#paths = paths
    this.#drain = drain
    this.#settings = settings
    this.#nextOrdinal = nextOrdinal
    this.#whenTooLarge = whenTooLarge
  }

  get flows(): Iterable<UdpFlow> {
    return this.#flows.values()
  }

  configure(settings: EnetSettings): void {
    this.#settings = settings
  }

  createSocket(life: HostLife, messages?: DatagramMessages): UdpSocket {
    const socket = new UdpSocket(this, life, this.#nextOrdinal(), messages)
    this.#sockets.add(socket)
    return socket
  }

  /** Sockets that the program of `life` holds. */
  openSockets(life: HostLife): number {
    let count = 0
    for (const socket of this.#sockets) if (socket.life === life) count += 1
    return count
  }

  /** The address of a machine, by its name. */
  resolve(life: HostLife, name: string): string | undefined {
    return (isLocalHost(name) ? life.host : this.#paths.findHost(name))?.address
  }

  /** Its memory is lost. */
  stopStack({ host }: HostLife): void {
    for (const socket of this.#sockets) if (socket.life.host === host) socket.drop()
  }

  // What sockets ask

  bind(socket: UdpSocket, port: number): number | undefined {
    if (port !== 0 && this.#find(socket.life.host.address, port) !== undefined) return undefined
    const bound = port === 0 ? this.#freePort() : port
    const sharing = this.#byPort.get(bound)
    if (sharing === undefined) this.#byPort.set(bound, [socket])
    else sharing.push(socket)
    return bound
  }

  unbind(socket: UdpSocket): void {
    this.#sockets.delete(socket)
    this.#flows.delete(socket)
    const left = this.#byPort.get(socket.port)?.filter((each) => each !== socket) ?? []
    if (left.length === 0) this.#byPort.delete(socket.port)
    else this.#byPort.set(socket.port, left)
  }

  /** `name`: an address, or the name of a machine, which is looked up now. */
  transmit(
    socket: UdpSocket,
    bytes: Uint8Array,
    port: number,
    name: string,
    messages: readonly MessageUnderWay[] | undefined,
  ): void {
    const from = socket.life.host
    const found = isLocalHost(name) ? from : this.#paths.findHost(name)
    if (found === undefined) return
    const { address } = found
    const answersTo = this.#find(address, port)
    // Machines that share an address (a NAT) are told apart by their ports.
    const to = answersTo?.life.host ?? found
    const flow = this.#flowOf(socket, answersTo, from, to)
    const source = { address: from.address, port: socket.port }
    const arrivalUs = this.#cross(from, to, bytes.length)
    if (arrivalUs === NEVER || flow?.isCutFor(socket) === true) return
    const { queue } = this.ground
    // A fragment that comes twice is no second datagram.
    const copyUs = isOnePacket(bytes.length) ? this.#link(from, to).copyArrivalUs : NEVER
    queue.add(new Datagram(this, address, port, source, bytes, to, flow, messages), arrivalUs)
    if (copyUs !== NEVER) queue.add(new Datagram(this, address, port, source, bytes, to, flow, messages), copyUs)
  }

  /** Belongs to no flow: whoever is said to have sent it has not. */
  forge(from: Host, bytes: Uint8Array, source: DatagramSource, port: number, name: string): void {
    const to = this.#paths.findHost(name)
    if (to === undefined) return
    const arrivalUs = this.#cross(from, to, bytes.length)
    if (arrivalUs === NEVER) return
    const datagram = new Datagram(this, to.address, port, source, new Uint8Array(bytes), to, undefined, undefined)
    this.ground.queue.add(datagram, arrivalUs)
  }

  arrive(
    address: string,
    port: number,
    from: DatagramSource,
    bytes: Uint8Array,
    to: Host,
    messages: readonly MessageUnderWay[] | undefined,
  ): void {
    if (!to.isReachable) return
    // Behind a shared address the port tells whose it is; where the address is gone, so is everything sent to it.
    this.#find(address, port)?.receive(bytes, from, this.#settings.receiveBufferBytes, messages)
  }

  later(life: HostLife, run: () => void): void {
    const { queue } = this.ground
    queue.push(queue.nowUs, () => {
      if (!life.isAlive) return
      life.host.execute(() => {
        this.#drain.need()
        run()
      })
    })
  }

  /** When the whole datagram has arrived. */
  #cross(from: Host, to: Host, sizeBytes: number): number {
    const link = this.#link(from, to)
    const { nowUs } = this.ground.queue
    let left = sizeBytes + UDP_HEADER_BYTES
    if (isOnePacket(sizeBytes)) return link.send(nowUs, left + IP_HEADER_BYTES)
    if (this.#whenTooLarge === 'drop') return NEVER
    let lastUs = 0
    while (left > 0) {
      const fragmentBytes = Math.min(left, FRAGMENT_BYTES_MAX)
      lastUs = Math.max(lastUs, link.send(nowUs, fragmentBytes + IP_HEADER_BYTES))
      left -= fragmentBytes
    }
    return lastUs
  }

  #link(from: Host, to: Host): Link {
    const ofHost = this.#links.get(from)
    let link = ofHost?.get(to)
    if (link === undefined) {
      link = this.#paths.link(from, to)
      if (ofHost === undefined) this.#links.set(from, new Map([[to, link]]))
      else ofHost.set(to, link)
    }
    return link
  }

  #find(address: string, port: number): UdpSocket | undefined {
    return this.#byPort.get(port)?.find(({ life }) => life.host.address === address)
  }

  /** The conversation that a datagram belongs to: its sender's own, or that of the socket which it answers. */
  #flowOf(socket: UdpSocket, other: UdpSocket | undefined, from: Host, to: Host): Flow | undefined {
    const own = this.#flows.get(socket)
    if (own !== undefined) return own
    const answered = other === undefined ? undefined : this.#flows.get(other)
    if (answered !== undefined) return answered
    // Who was spoken to first is no dialer, even where the other is gone by now.
    if (socket.hasReceived || from === to) return undefined
    const flow = new Flow(this.ground, socket, from, to)
    this.#flows.set(socket, flow)
    return flow
  }

  #freePort(): number {
    do this.#lastPort = this.#lastPort === 65_535 ? EPHEMERAL_PORT_MIN : this.#lastPort + 1
    while (this.#byPort.has(this.#lastPort))
    return this.#lastPort
  }
}

function isOnePacket(sizeBytes: number): boolean {
  return sizeBytes + UDP_HEADER_BYTES <= FRAGMENT_BYTES_MAX
}

class Datagram extends QueuedEvent {
  readonly #network: UdpNetwork
  readonly #address: string
  readonly #port: number
  readonly #from: DatagramSource
  readonly #bytes: Uint8Array
  readonly #to: Host
  readonly #flow: Flow | undefined
  readonly #messages: readonly MessageUnderWay[] | undefined

  constructor(
    network: UdpNetwork,
    address: string,
    port: number,
    from: DatagramSource,
    bytes: Uint8Array,
    to: Host,
    flow: Flow | undefined,
    messages: readonly MessageUnderWay[] | undefined,
  ) {
    super()
    this.#network = network
    this.#address = address
    this.#port = port
    this.#from = from
    this.#bytes = bytes
    this.#to = to
    this.#flow = flow
    this.#messages = messages
  }

  run(): void {
    if (this.#flow?.isSevered === true) return
    this.#network.arrive(this.#address, this.#port, this.#from, this.#bytes, this.#to, this.#messages)
  }
}

class Flow implements UdpFlow {
  readonly transport = 'enet'
  readonly ordinal: number
  readonly clientHost: Host
  readonly serverHost: Host
  readonly #ground: Ground
  readonly #socket: UdpSocket
  #isUpCut = false
  #isDownCut = false

  constructor(ground: Ground, socket: UdpSocket, clientHost: Host, serverHost: Host) {
    this.#ground = ground
    this.#socket = socket
    this.ordinal = socket.ordinal
    this.clientHost = clientHost
    this.serverHost = serverHost
  }

  get isSevered(): boolean {
    return this.#isUpCut && this.#isDownCut
  }

  isCutFor(sender: UdpSocket): boolean {
    return sender === this.#socket ? this.#isUpCut : this.#isDownCut
  }

  reset(): void {
    this.#record('reset')
    this.#sever()
  }

  halfClose(): void {
    this.#record('half-close')
  }

  halfOpen(): void {
    this.#record('half-open')
    this.#sever()
  }

  cut(sender: Side): void {
    this.#record(`cut ${sender}`)
    if (sender === 'client') this.#isUpCut = true
    else this.#isDownCut = true
  }

  /** The server's socket is shared by all its peers, so that only a client can be a slow reader. */
  setReading(side: Side, isReading: boolean): void {
    this.#record(isReading ? 'reads' : 'reads no more')
    if (side === 'client') this.#socket.setReading(isReading)
  }

  #sever(): void {
    this.#isUpCut = true
    this.#isDownCut = true
  }

  #record(what: string): void {
    this.#ground.trace.record(TraceKind.fault, this.clientHost.ordinal, this.ordinal, 0, undefined, what)
  }
}
