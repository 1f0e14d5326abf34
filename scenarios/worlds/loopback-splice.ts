/**
 * Joins a real socket to a simulated one: what comes out of either goes into the other, ends and breaks included. So
 * bytes that leave a program through the kernel cross the links of the world, where its faults befall them, on their
 * way to the kernel again and to the program that they are for.
 */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram'
import type { Socket } from 'node:net'
import type { TcpSocket, UdpSocket } from '../../sim/wire/index.ts'
import { LOOPBACK, type Doors } from './loopback-doors.ts'
import type { Traffic } from './loopback-traffic.ts'

/** Both stay half-open: an end goes through, and its answer comes back. */
export function spliceStreams(real: Socket, simulated: TcpSocket, traffic: Traffic): void {
  for (const event of ['data', 'drain', 'end']) real.on(event, () => traffic.onMoved())
  real.on('error', () => simulated.resetAndDestroy())
  simulated.on('error', () => real.resetAndDestroy())
  real.pipe(simulated)
  simulated.pipe(real)
}

/** A real socket that dials: its bytes come to the door from `port`, and go on to `destination`. */
export function spliceDatagramClient(
  simulated: UdpSocket,
  { port, doors, destination }: { port: number; doors: Doors; destination: { host: string; port: number } },
): void {
  doors.read(port, (bytes) => simulated.send(bytes, 0, bytes.length, destination.port, destination.host))
  simulated.on('message', (bytes: Uint8Array) => doors.answer(port, bytes))
}

export interface DatagramServerSplice {
  /** Closes the real sockets that stand for peers. */
  cut(): void
}

/** Whoever speaks to the simulated socket gets a real one, so that it is a peer of its own to the program at `port`. */
export function spliceDatagramServer(simulated: UdpSocket, port: number, traffic: Traffic): DatagramServerSplice {
  const peers = new Map<string, DatagramSocket>()
  simulated.on('message', (bytes: Uint8Array, from: { address: string; port: number }) => {
    const name = `${from.address}:${from.port}`
    let peer = peers.get(name)
    if (peer === undefined) {
      peer = createSocket('udp4')
      peers.set(name, peer)
      peer.on('message', (answer) => {
        traffic.hearDatagram()
        simulated.send(answer, 0, answer.length, from.port, from.address)
      })
      peer.bind(0, LOOPBACK)
    }
    traffic.sendDatagram()
    peer.send(bytes, port, LOOPBACK)
  })
  return {
    cut: () => {
      for (const peer of peers.values()) peer.close()
      peers.clear()
    },
  }
}
