/** A program's UDP socket, of which each datagram is counted on its way out and in. */
import type { Socket } from 'node:dgram'
import type { UdpSocket } from '../../transports/index.ts'
import type { Traffic } from './loopback-traffic.ts'

export class CountedUdpSocket implements UdpSocket {
  readonly #socket: Socket
  readonly #traffic: Traffic

  constructor(socket: Socket, traffic: Traffic) {
    this.#socket = socket
    this.#traffic = traffic
    // Before anybody else's: what it says in answer comes after.
    socket.on('message', () => traffic.hearDatagram())
  }

  on(event: string, listener: (...args: never[]) => void): this {
    this.#socket.on(event, listener as (...args: unknown[]) => void)
    return this
  }

  bind(port: number, host: string): void {
    this.#socket.bind(port, host)
  }

  address(): { readonly port: number } {
    return this.#socket.address()
  }

  send(...args: Parameters<UdpSocket['send']>): void {
    this.#socket.send(...args)
    this.#traffic.sendDatagram()
  }

  close(closed?: () => void): void {
    this.#socket.close(closed)
  }
}
