/**
 * The same script for a real `net.Socket` on loopback and for a simulated one, so that what their users see can be
 * compared: what is emitted, in which order on each side, and what properties say.
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { WireStacks } from './wire-stacks.ts'

/** What both have. */
export type AnySocket = Pick<
  Socket,
  | 'write'
  | 'end'
  | 'destroy'
  | 'destroySoon'
  | 'resetAndDestroy'
  | 'pause'
  | 'resume'
  | 'setTimeout'
  | 'setNoDelay'
  | 'setKeepAlive'
  | 'ref'
  | 'unref'
  | 'on'
  | 'once'
  | 'connecting'
  | 'pending'
  | 'destroyed'
  | 'readyState'
  | 'bytesRead'
  | 'bytesWritten'
  | 'timeout'
  | 'remoteAddress'
  | 'remotePort'
>

export interface NetGround {
  /** A socket that is about to connect to a listener, and who accepts it there. */
  dial(options?: { readonly allowHalfOpen?: boolean; readonly port?: 'listening' | 'closed' }): AnySocket
  /** The socket that the listener has accepted last. */
  accepted(): AnySocket | undefined
  until(condition: () => boolean): Promise<void>
  close(): Promise<void>
}

export async function realGround(): Promise<NetGround> {
  let last: Socket | undefined
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    last = socket
    sockets.push(socket)
    // Who has no listener for it must not end the process.
    socket.on('error', () => undefined)
  })
  const { port } = await listening(server)
  const unused = createServer()
  const { port: closedPort } = await listening(unused)
  unused.close()
  await once(unused, 'close')
  return {
    dial: ({ allowHalfOpen = false, port: which = 'listening' } = {}) => {
      const socket = connect({ port: which === 'listening' ? port : closedPort, host: '127.0.0.1', allowHalfOpen })
      sockets.push(socket)
      return socket
    },
    accepted: () => last,
    until: async (condition) => {
      while (!condition()) await new Promise((resolve) => setImmediate(resolve))
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export function simulatedGround(): NetGround {
  const world = new WireStacks({ links: { delayMs: 1 } })
  let last: AnySocket | undefined
  world.listen((socket) => void (last = socket as unknown as AnySocket))
  const { tcp } = world.stacksOf(world.client)
  return {
    dial: ({ allowHalfOpen = false, port = 'listening' } = {}) =>
      tcp.connect('server', port === 'listening' ? 80 : 81, { allowHalfOpen }) as unknown as AnySocket,
    accepted: () => last,
    until: async (condition) => {
      for (let i = 0; i < 10_000 && !condition(); i++) await world.advance(1)
      if (!condition()) throw new Error(`did not come about in 10 s: ${condition.toString()}`)
    },
    close: async () => undefined,
  }
}

async function listening(server: Server): Promise<AddressInfo> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address() as AddressInfo
}
