/**
 * The two real ports, one for TCP and one for UDP, that stand in for every address of a world on loopback: its
 * programs dial them in place of each other, as one dials a proxy. Whose bytes they are is known by the port that
 * they come from; what becomes of them is up to whoever waits for that port.
 */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { Traffic } from './loopback-traffic.ts'
import { Rendezvous } from './rendezvous.ts'

export const LOOPBACK = '127.0.0.1'

export class Doors {
  /** What is on its way between the programs and here. */
  readonly traffic: Traffic = new Traffic()
  /** Connections that have come, and those that are to come. */
  readonly streams: Rendezvous = new Rendezvous()
  readonly #tcp: Server
  readonly #udp: DatagramSocket
  readonly #readers = new Map<number, (bytes: Uint8Array) => void>()

  static async open(): Promise<Doors> {
    const doors = new Doors()
    doors.#tcp.listen(0, LOOPBACK)
    doors.#udp.bind(0, LOOPBACK)
    await Promise.all([once(doors.#tcp, 'listening'), once(doors.#udp, 'listening')])
    return doors
  }

  private constructor() {
    this.#tcp = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => {
      socket.on('error', ignore)
      this.streams.accepted(socket)
    })
    this.#udp = createSocket({ type: 'udp4', recvBufferSize: 1024 * 1024 })
    this.#udp.on('message', (bytes, { port }) => {
      this.traffic.hearDatagram()
      this.#readers.get(port)?.(bytes)
    })
  }

  get tcpPort(): number {
    return (this.#tcp.address() as AddressInfo).port
  }

  get udpPort(): number {
    return this.#udp.address().port
  }

  /** `reader` gets every datagram that is sent from `port`. */
  read(port: number, reader: (bytes: Uint8Array) => void): void {
    this.#readers.set(port, reader)
  }

  readNoMore(port: number): void {
    this.#readers.delete(port)
  }

  /** To whom is not read any more, nothing is said. */
  answer(port: number, bytes: Uint8Array): void {
    if (!this.#readers.has(port)) return
    this.traffic.sendDatagram()
    this.#udp.send(bytes, port, LOOPBACK)
  }

  close(): void {
    this.streams.destroyAccepted()
    this.#tcp.close()
    this.#udp.close()
  }
}

function ignore(): void {
  // A connection that breaks before anybody meets it is forgotten.
}
