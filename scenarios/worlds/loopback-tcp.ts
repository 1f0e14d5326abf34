/**
 * The TCP of one life of a host on loopback: production's sockets for its adapters, and at the other end of each of
 * them a splice into the simulated TCP of the host.
 */
import { createServer } from 'node:http'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import type { HostStacks, TcpSocket } from '../../sim/wire/index.ts'
import type { HttpServer, ServerSettings, WebSocketStack } from '../../transports/index.ts'
import { LOOPBACK, type Doors } from './loopback-doors.ts'
import type { Destination, Ports, Serving, Told } from './loopback-ports.ts'
import { spliceStreams } from './loopback-splice.ts'
import { Rendezvous } from './rendezvous.ts'

const HALF_OPEN = Object.freeze({ allowHalfOpen: true })

export class LoopbackTcp implements WebSocketStack {
  readonly #stacks: HostStacks
  readonly #doors: Doors
  readonly #destination: () => Destination | undefined
  readonly #servers = new Set<{ close(): unknown }>()
  /** In the program's hands. */
  readonly #sockets = new Set<Socket>()
  /** At the other ends of them. */
  readonly #gates = new Set<Socket>()
  /** What its servers accept, and who dials them for the clients of the world. */
  readonly #arrivals = new Rendezvous()

  /** `destination`: where a socket that is made now dials. */
  constructor(stacks: HostStacks, doors: Doors, destination: () => Destination | undefined) {
    this.#stacks = stacks
    this.#doors = doors
    this.#destination = destination
  }

  get openSockets(): number {
    return this.#sockets.size
  }

  createServer({ tls, http }: ServerSettings): HttpServer {
    if (tls !== undefined) throw new Error('the world knows no certificates: listen on a ws: address')
    const server = createServer(http)
    this.#servers.add(server)
    server.on('connection', (socket: Socket) => {
      keep(socket, this.#sockets)
      this.#arrivals.accepted(socket)
    })
    return server
  }

  /** For `ws`: dials the door, and from there the address of the world. */
  readonly createConnection = (options: object, connected?: () => void): Socket => {
    const destination = this.#destination()
    if (destination === undefined) throw new Error('the adapter dials after connect has returned')
    const { traffic, streams } = this.#doors
    const isKnown = traffic.dial()
    const socket = connect(options as NetConnectOpts, connected)
    keep(socket, this.#sockets)
    socket.on('close', isKnown)
    streams.dialled(socket, (gate) => {
      traffic.connect(socket, gate)
      isKnown()
      if (this.#stacks.life.isAlive)
        this.#splice(gate, this.#stacks.tcp.connect(destination.host, destination.port, HALF_OPEN))
      else gate.destroy()
    })
    return socket
  }

  /** Whoever dials the port of the world reaches the real one. */
  serve({ real, simulated }: Ports, { listening, failed }: Told): Serving {
    const listener = this.#stacks.tcp.listen(simulated, {
      listening: () => listening(listener.port),
      failed,
      connection: (socket) => this.#enter(real, socket),
    })
    return { refuse: () => listener.close(), end: () => undefined }
  }

  kill(): void {
    for (const server of this.#servers) server.close()
    for (const socket of [...this.#sockets, ...this.#gates]) socket.destroy()
  }

  #enter(port: number, simulated: TcpSocket): void {
    const { traffic } = this.#doors
    const isKnown = traffic.dial()
    const gate = connect({ ...HALF_OPEN, host: LOOPBACK, port, noDelay: true })
    gate.on('close', isKnown)
    this.#arrivals.dialled(gate, (accepted) => {
      traffic.connect(gate, accepted)
      isKnown()
    })
    this.#splice(gate, simulated)
  }

  #splice(gate: Socket, simulated: TcpSocket): void {
    keep(gate, this.#gates)
    spliceStreams(gate, simulated, this.#doors.traffic)
  }
}

function keep(socket: Socket, open: Set<Socket>): void {
  open.add(socket)
  socket.on('close', () => open.delete(socket))
}
