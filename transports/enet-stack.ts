/** Where the ENet adapter gets its UDP sockets: Node's `dgram`, or the simulator's stack. IPv4 only, as ENet is. */
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns'

export interface UdpSocket {
  on(event: 'listening' | 'close', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'message', listener: (bytes: Uint8Array, from: { address: string; port: number }) => void): unknown
  bind(port: number, host: string): unknown
  address(): { readonly port: number }
  /** What the system has granted of `receiveBufferBytes`, where it can be asked. */
  getRecvBufferSize?(): number
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

export interface UdpSocketSettings {
  /** What the system is asked to keep of datagrams that nobody has read yet. */
  readonly receiveBufferBytes: number
}

export interface UdpStack {
  createSocket(settings?: UdpSocketSettings): UdpSocket
  /** The IPv4 address of a host's name. */
  resolve(host: string, resolved: (error: Error | null, address: string) => void): void
}

/** Room for 10,000 small datagrams: at 100,000 in a second a program may look away for a tenth of it. */
export const RECEIVE_BUFFER_BYTES_DEFAULT: number = 4 * 1024 * 1024
/** Asked of the system for each socket; it may grant less. */
const SEND_BUFFER_BYTES = 1024 * 1024

export const nodeUdpStack: UdpStack = {
  createSocket(settings) {
    return createSocket({
      type: 'udp4',
      recvBufferSize: settings?.receiveBufferBytes ?? RECEIVE_BUFFER_BYTES_DEFAULT,
      sendBufferSize: SEND_BUFFER_BYTES,
      // Addresses are in digits already: asking for them would put off each datagram by a turn, and lose the last.
      lookup: (host, _options, found) => found(null, host, 4),
    })
  },
  resolve(host, resolved) {
    lookup(host, { family: 4 }, (error, address) => resolved(error, address))
  },
}
