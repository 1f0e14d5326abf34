/**
 * The UDP of one life of a host on loopback: production's sockets for its adapters, and at the other end of each of
 * them a splice into the simulated UDP of the host.
 */
import type { Socket } from 'node:dgram'
import type { HostStacks } from '../../sim/wire/index.ts'
import { nodeUdpStack } from '../../transports/enet-stack.ts'
import type { UdpSocket, UdpStack } from '../../transports/index.ts'
import { CountedUdpSocket } from './counted-udp-socket.ts'
import type { Doors } from './loopback-doors.ts'
import type { Destination, Ports, Serving, Told } from './loopback-ports.ts'
import { spliceDatagramClient, spliceDatagramServer, type DatagramServerSplice } from './loopback-splice.ts'

export class LoopbackUdp implements UdpStack {
  readonly #stacks: HostStacks
  readonly #doors: Doors
  /** In the program's hands. */
  readonly #sockets = new Set<Socket>()
  readonly #splices = new Set<DatagramServerSplice>()
  readonly #destination: () => Destination | undefined
  readonly resolve: UdpStack['resolve'] = nodeUdpStack.resolve

  /** `destination`: where a socket that is made now will dial; undefined where it will listen. */
  constructor(stacks: HostStacks, doors: Doors, destination: () => Destination | undefined) {
    this.#stacks = stacks
    this.#doors = doors
    this.#destination = destination
  }

  get openSockets(): number {
    return this.#sockets.size
  }

  createSocket(): UdpSocket {
    const socket = nodeUdpStack.createSocket() as Socket
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    const destination = this.#destination()
    if (destination !== undefined) this.#dial(socket, destination)
    return new CountedUdpSocket(socket, this.#doors.traffic)
  }

  /** Whoever speaks to the port of the world reaches the real one. The last peer can be gone long after the listener. */
  serve({ real, simulated }: Ports, { listening, failed }: Told): Serving {
    const socket = this.#stacks.udp.createSocket()
    const splice = spliceDatagramServer(socket, real, this.#doors.traffic)
    this.#splices.add(splice)
    socket.on('listening', () => listening(socket.port))
    socket.on('error', failed)
    socket.bind(simulated)
    return {
      refuse: () => undefined,
      end: () => {
        this.#splices.delete(splice)
        splice.cut()
        if (this.#stacks.life.isAlive) socket.close()
      },
    }
  }

  kill(): void {
    for (const socket of this.#sockets) socket.close()
    for (const splice of this.#splices) splice.cut()
    this.#sockets.clear()
    this.#splices.clear()
  }

  #dial(socket: Socket, destination: Destination): void {
    // Bound before the real one, which its adapter binds at a later event.
    const simulated = this.#stacks.udp.createSocket().bind()
    let port = 0
    socket.on('listening', () => {
      ;({ port } = socket.address())
      spliceDatagramClient(simulated, { port, doors: this.#doors, destination })
    })
    socket.on('close', () => {
      this.#doors.readNoMore(port)
      if (this.#stacks.life.isAlive) simulated.close()
    })
  }
}
