/** Two simulated machines with bare stacks, and a diary of what their sockets hear. */
import type { Duplex } from 'node:stream'
import { createGround, Host, type Ground, type LinkSettings } from '../../../sim/index.ts'
import {
  runDraining,
  WireNetwork,
  type HostStacks,
  type TcpSocket,
  type WireNetworkOptions,
} from '../../../sim/wire/index.ts'

export interface StacksOptions extends Omit<WireNetworkOptions, 'makeNetwork'> {
  readonly seed?: number
}

export class WireStacks {
  readonly ground: Ground
  readonly network: WireNetwork
  readonly server: Host
  readonly client: Host
  readonly diary: string[] = []
  readonly #stacks = new Map<Host, HostStacks>()

  constructor({ seed = 1, ...options }: StacksOptions = {}) {
    this.ground = createGround({ seed })
    this.network = new WireNetwork(this.ground, {
      links: { delayMs: 10 },
      ...options,
      makeNetwork: (stacks) => {
        this.#stacks.set(stacks.life.host, stacks)
        const none = (): never => {
          throw new Error('these machines have stacks, and no network on them')
        }
        return { listen: none, connect: none }
      },
    })
    this.server = new Host(this.ground, this.network, { name: 'server' })
    this.client = new Host(this.ground, this.network, { name: 'client' })
    this.server.boot(() => undefined)
    this.client.boot(() => undefined)
  }

  get nowMs(): number {
    return this.ground.queue.nowUs / 1000
  }

  stacksOf(host: Host): HostStacks {
    const stacks = this.#stacks.get(host)
    if (stacks === undefined) throw new Error('a machine that never booted')
    return stacks
  }

  setLinks(settings: Partial<LinkSettings>): void {
    this.network.paths.setAll(settings)
  }

  async advance(ms: number): Promise<void> {
    const { queue } = this.ground
    await new Promise<void>((resolve, reject) => {
      runDraining({
        queue,
        drain: this.network.drain,
        untilUs: queue.nowUs + Math.round(ms * 1000),
        done: (error) => (error === undefined ? resolve() : reject(error.thrown)),
      })
    })
  }

  /** Listens at port 80, and gives the sockets that come. */
  listen(accept?: (socket: TcpSocket) => void): TcpSocket[] {
    const accepted: TcpSocket[] = []
    this.stacksOf(this.server).tcp.listen(80, {
      listening: () => undefined,
      failed: (error) => void this.diary.push(`listen ${error.message}`),
      connection: (socket) => {
        accepted.push(socket)
        if (accept === undefined) this.note('server', socket)
        else accept(socket)
      },
    })
    return accepted
  }

  dial(port = 80, host = 'server'): TcpSocket {
    const socket = this.stacksOf(this.client).tcp.connect(host, port)
    this.note('client', socket)
    return socket
  }

  /** A connection on which both sides read. */
  async connected(): Promise<{ readonly near: TcpSocket; readonly far: TcpSocket }> {
    const accepted = this.listen()
    const near = this.dial()
    await this.advance(100)
    const far = accepted[0]
    if (far === undefined) throw new Error('nothing was accepted')
    this.diary.length = 0
    return { near, far }
  }

  note(who: string, socket: TcpSocket): void {
    const write = (what: string): void => void this.diary.push(`${this.nowMs} ${who} ${what}`)
    socket.on('connect', () => write('connect'))
    socket.on('data', (bytes: Uint8Array) => write(`data ${textOf(bytes)}`))
    socket.on('end', () => write('end'))
    socket.on('error', (error: Error & { code?: string }) => write(`error ${error.code ?? error.message}`))
    socket.on('close', () => write('close'))
    socket.on('timeout', () => write('timeout'))
  }
}

/** Everything that a stream gives from now on. */
export function collect(stream: Duplex): { readonly chunks: Uint8Array[]; readonly bytes: Buffer } {
  const chunks: Uint8Array[] = []
  stream.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  return {
    chunks,
    get bytes() {
      return Buffer.concat(chunks)
    },
  }
}

function textOf(bytes: Uint8Array): string {
  return bytes.length > 40 ? `of ${bytes.length} bytes` : new TextDecoder().decode(bytes)
}
