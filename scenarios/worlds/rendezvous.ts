/**
 * Brings the two ends of a real connection within this process together, whichever of them is known first: by the
 * port that it was dialled from.
 */
import type { Socket } from 'node:net'

export class Rendezvous {
  readonly #dialled = new Map<number, (accepted: Socket) => void>()
  readonly #accepted = new Map<number, Socket>()

  /** `socket` dials; `meet` gets the other end, unless it is gone before. */
  dialled(socket: Socket, meet: (accepted: Socket) => void): void {
    socket.once('connect', () => {
      const port = socket.localPort ?? 0
      const accepted = this.#accepted.get(port)
      if (accepted === undefined) {
        this.#dialled.set(port, meet)
        socket.on('close', () => {
          if (this.#dialled.get(port) === meet) this.#dialled.delete(port)
        })
      } else {
        this.#accepted.delete(port)
        meet(accepted)
      }
    })
  }

  accepted(socket: Socket): void {
    const port = socket.remotePort ?? 0
    const meet = this.#dialled.get(port)
    if (meet === undefined) {
      this.#accepted.set(port, socket)
      socket.on('close', () => {
        if (this.#accepted.get(port) === socket) this.#accepted.delete(port)
      })
    } else {
      this.#dialled.delete(port)
      meet(socket)
    }
  }

  /** Nobody will come for these. */
  destroyAccepted(): void {
    for (const socket of this.#accepted.values()) socket.destroy()
  }
}
