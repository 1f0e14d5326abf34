/** A TCP port that stands for another one on this machine, and does to connections what networks do. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export class TcpProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isSilent = false

  static async open(port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(port)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  private constructor(port: number) {
    this.#server = createServer((client) => {
      const server = connect(port, '127.0.0.1')
      this.#join(client, server)
      this.#join(server, client)
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** All connections break, and both ends are told. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Nothing passes any more, and nobody is told, until it is over. */
  setSilent(isSilent: boolean): void {
    this.#isSilent = isSilent
    for (const socket of this.#sockets) {
      if (isSilent) socket.pause()
      else socket.resume()
    }
  }

  close(): void {
    this.reset()
    this.#server.close()
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from)
    from.setNoDelay()
    from.on('data', (bytes) => void to.write(bytes))
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
    if (this.#isSilent) from.pause()
  }
}
