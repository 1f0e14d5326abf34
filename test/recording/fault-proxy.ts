/**
 * Stands between a client and a server on real loopback sockets, and does to their bytes what networks do: holds them
 * back, loses datagrams, breaks connections. TCP and UDP, one proxy for each client.
 */
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

interface Pair {
  readonly client: Socket
  readonly server: Socket
  isFrozen: boolean
}

export class FaultProxy {
  readonly #tcp: Server
  readonly #udp: UdpSocket
  readonly #pairs = new Set<Pair>()
  #serverTcpPort: number
  #serverUdpPort: number
  #clientUdpPort = 0
  #upstream: UdpSocket
  #isUdpFrozen = false
  #isCut = false
  #isClogged = false
  readonly #held: (() => void)[] = []

  constructor(ports: { readonly tcp: number; readonly udp: number }) {
    this.#serverTcpPort = ports.tcp
    this.#serverUdpPort = ports.udp
    this.#tcp = createServer((client) => this.#accept(client))
    this.#udp = createSocket('udp4')
    this.#udp.on('message', (bytes, { port }) => {
      // Another port is another connection: what froze the one before does not concern it.
      if (port !== this.#clientUdpPort) this.#isUdpFrozen = false
      this.#clientUdpPort = port
      this.#datagram(() => this.#upstream.send(bytes, this.#serverUdpPort, '127.0.0.1'))
    })
    this.#upstream = this.#newUpstream()
  }

  /** Resolves with the ports that stand for the server's. */
  async open(): Promise<{ readonly tcp: number; readonly udp: number }> {
    this.#tcp.listen(0, '127.0.0.1')
    this.#udp.bind(0, '127.0.0.1')
    await Promise.all([once(this.#tcp, 'listening'), once(this.#udp, 'listening')])
    return { tcp: (this.#tcp.address() as AddressInfo).port, udp: this.#udp.address().port }
  }

  /** The server has come back on other ports. */
  moveTo(ports: { readonly tcp: number; readonly udp: number }): void {
    this.#serverTcpPort = ports.tcp
    this.#serverUdpPort = ports.udp
  }

  /** Streams stall, datagrams are lost. */
  setCut(isCut: boolean): void {
    this.#isCut = isCut
    this.#pauseOrResume()
  }

  /** Streams stall, datagrams wait. */
  setClogged(isClogged: boolean): void {
    this.#isClogged = isClogged
    this.#pauseOrResume()
    if (!isClogged) for (const send of this.#held.splice(0)) send()
  }

  /** Streams break; an ENet peer's datagrams come no more. */
  reset(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
    this.#isUdpFrozen = true
  }

  /** What is open goes silent for ever, and nobody is told; what comes is new. */
  freeze(): void {
    for (const pair of this.#pairs) pair.isFrozen = true
    this.#pauseOrResume()
    this.#isUdpFrozen = true
  }

  /** The same, and datagrams come from another port. */
  rebind(): void {
    this.freeze()
    this.#upstream.close()
    this.#upstream = this.#newUpstream()
  }

  close(): void {
    for (const { client, server } of this.#pairs) {
      client.destroy()
      server.destroy()
    }
    this.#tcp.close()
    this.#udp.close()
    this.#upstream.close()
  }

  #newUpstream(): UdpSocket {
    const socket = createSocket('udp4')
    socket.on('message', (bytes) => this.#datagram(() => this.#udp.send(bytes, this.#clientUdpPort, '127.0.0.1')))
    socket.on('error', () => undefined)
    return socket
  }

  #datagram(send: () => void): void {
    if (this.#isCut || this.#isUdpFrozen) return
    if (this.#isClogged) this.#held.push(send)
    else send()
  }

  #accept(client: Socket): void {
    const server = connect(this.#serverTcpPort, '127.0.0.1')
    const pair: Pair = { client, server, isFrozen: false }
    this.#pairs.add(pair)
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.setNoDelay()
      one.on('data', (bytes) => void other.write(bytes))
      one.on('end', () => other.end())
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#pairs.delete(pair)
        other.destroy()
      })
    }
    this.#pauseOrResume()
  }

  #pauseOrResume(): void {
    for (const { client, server, isFrozen } of this.#pairs) {
      const isStill = isFrozen || this.#isCut || this.#isClogged
      for (const socket of [client, server]) {
        if (isStill) socket.pause()
        else socket.resume()
      }
    }
  }
}
