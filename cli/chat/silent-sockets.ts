/**
 * UDP sockets that can be silenced: what is open then neither sends nor hears any more. A silenced ENet connection has to be
 * silenced here, because ENet goes on to acknowledge and to ping below the messages, and its peer takes that for signs
 * of life. Leaves out TCP: a WebSocket that is not read says nothing by itself.
 */
import type { UdpSocket, UdpSocketSettings, UdpStack } from '../../transports/index.ts'

export class SilentSockets implements UdpStack {
  readonly #stack: UdpStack
  readonly #open = new Set<{ isSilent: boolean }>()

  constructor(stack: UdpStack) {
    this.#stack = stack
  }

  silence(): void {
    for (const state of this.#open) state.isSilent = true
  }

  resolve(host: string, resolved: (error: Error | null, address: string) => void): void {
    this.#stack.resolve(host, resolved)
  }

  createSocket(settings?: UdpSocketSettings): UdpSocket {
    const socket = this.#stack.createSocket(settings)
    const state = { isSilent: false }
    this.#open.add(state)
    const [on, send, close] = [socket.on.bind(socket) as On, socket.send.bind(socket), socket.close.bind(socket)]
    socket.on = ((event: string, listener: (...args: unknown[]) => void) =>
      on(event, (...args) => {
        if (event !== 'message' || !state.isSilent) listener(...args)
      })) as UdpSocket['on']
    socket.send = (bytes, offset, length, port, host, sent) => {
      if (!state.isSilent) send(bytes, offset, length, port, host, sent)
    }
    socket.close = (closed) => {
      this.#open.delete(state)
      return close(closed)
    }
    return socket
  }
}

type On = (event: string, listener: (...args: unknown[]) => void) => unknown
