/** Where the ENet adapter gets its UDP sockets: Node's `dgram`, or the simulator's stack. IPv4 only, as ENet is. */
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns'

export interface UdpSocket {
  on(event: 'listening' | 'close', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'message', listener: (bytes: Uint8Array, from: { address: string; port: number }) => void): unknown
  bind(port: number, host: string): unknown
  address(): { readonly port: number }
  /** `host` is always an IPv4 address in digits. `sent` hears of errors; without it they would be thrown. */
  send(
    bytes: Uint8Array,
    offset: number,
    length: number,
    port: number,
    host: string,
    sent: (error: Error | null) => void,
  ): void
  close(closed?: () => void): unknown
}

export interface UdpStack {
  createSocket(): UdpSocket
  /** The IPv4 address of a host's name. */
  resolve(host: string, resolved: (error: Error | null, address: string) => void): void
}

/** Asked of the system for each socket; it may grant less. */
const SOCKET_BUFFER_BYTES = 1024 * 1024

export const nodeUdpStack: UdpStack = {
  createSocket() {
    return createSocket({
      type: 'udp4',
      recvBufferSize: SOCKET_BUFFER_BYTES,
      sendBufferSize: SOCKET_BUFFER_BYTES,
      // Addresses are in digits already: asking for them would put off each datagram by a turn, and lose the last.
      lookup: (host, _options, found) => found(null, host, 4),
    })
  },
  resolve(host, resolved) {
    lookup(host, { family: 4 }, (error, address) => resolved(error, address))
  },
}
