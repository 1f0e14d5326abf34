/**
 * The TCP connections of a TLS server whose handshake goes on, so that they can be cut when it closes. Node tells of a
 * connection when it comes and of another object when its handshake is done; both have the same peer. Leaves out the
 * deadline for the handshake, which Node keeps.
 */
import type { StreamSocket } from './websocket-library.ts'

export class TlsHandshakes {
  readonly #open = new Map<string, StreamSocket>()

  begun(socket: StreamSocket): void {
    const peer = peerOf(socket)
    this.#open.set(peer, socket)
    socket.on('close', () => {
      if (this.#open.get(peer) === socket) this.#open.delete(peer)
    })
  }

  done(socket: StreamSocket): void {
    this.#open.delete(peerOf(socket))
  }

  cut(): void {
    for (const socket of this.#open.values()) socket.destroy()
    this.#open.clear()
  }
}

function peerOf({ remoteAddress, remotePort }: StreamSocket): string {
  return `${remoteAddress} ${remotePort}`
}
