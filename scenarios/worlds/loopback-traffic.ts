/**
 * What is on its way through the kernel: said by one end of a connection and not heard by the other. Both ends are
 * sockets of this process, so that they can be compared. A datagram that the kernel has dropped would be on its way
 * for ever: who has waited long enough gives it up.
 */
import type { Socket } from 'node:net'

interface Ends {
  readonly one: Socket
  readonly other: Socket
}

export class Traffic {
  readonly #streams = new Set<Ends>()
  /** Connections of which only one end is known yet. */
  #dials = 0
  #datagrams = 0
  /** Called whenever something has moved. */
  onMoved: () => void = () => undefined

  get isQuiet(): boolean {
    if (this.#dials > 0 || this.#datagrams > 0) return false
    for (const ends of this.#streams) if (!isQuiet(ends)) return false
    return true
  }

  /** Nothing of what is on its way now is waited for any more. */
  giveUp(): void {
    this.#dials = 0
    this.#datagrams = 0
    for (const ends of this.#streams) if (!isQuiet(ends)) this.#streams.delete(ends)
  }

  /** A connection is being made. Call the result once, when both its ends are known or when it has failed. */
  dial(): () => void {
    this.#dials += 1
    this.onMoved()
    let isKnown = false
    return () => {
      if (!isKnown && this.#dials > 0) this.#dials -= 1
      isKnown = true
      this.onMoved()
    }
  }

  /** Both ends of a connection. */
  connect(one: Socket, other: Socket): void {
    const ends = { one, other }
    this.#streams.add(ends)
    for (const socket of [one, other]) {
      socket.on('close', () => {
        this.onMoved()
        if (one.closed && other.closed) this.#streams.delete(ends)
      })
    }
  }

  sendDatagram(): void {
    this.#datagrams += 1
    this.onMoved()
  }

  hearDatagram(): void {
    if (this.#datagrams > 0) this.#datagrams -= 1
    this.onMoved()
  }
}

function isQuiet({ one, other }: Ends): boolean {
  return hasHeard(one, other) && hasHeard(other, one)
}

/** Whether the listener knows all that the speaker has said, its end included, or does not want to. */
function hasHeard(speaker: Socket, listener: Socket): boolean {
  if (listener.destroyed || listener.isPaused()) return true
  if (speaker.destroyed) return listener.readableEnded
  if (speaker.bytesWritten !== listener.bytesRead) return false
  return !speaker.writableFinished || listener.readableEnded
}
