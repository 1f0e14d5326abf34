/**
 * The clients of the benchmarks on real sockets, in a process of their own, so that the server under test has a core
 * for itself. They are as plain as can be, and the same whatever server they load.
 */
import { fork, type ChildProcess } from 'node:child_process'
import process from 'node:process'
import { WebSocket } from 'ws'
import type { Connection } from '../core/index.ts'
import { protocol } from '../core/protocol.ts'
import { chat } from '../scenarios/apps/chat.ts'
import { enetNetwork, systemClock } from '../transports/index.ts'

export interface LoadPlan {
  readonly address: string
  readonly clients: number
  /** `echo`: everybody talks, and is answered. `broadcast`: one talks, and everybody hears it. */
  readonly pattern: 'echo' | 'broadcast'
  /** Messages that a talker has under way at a time. */
  readonly inFlight: number
  /** Whether to request a session and join a zone first. */
  readonly needsSession: boolean
  readonly warmUpMs: number
  readonly measuredMs: number
}

export interface LoadResult {
  /** That reached a client. */
  readonly messagesPerSecond: number
  /** Processor time of the loaded process for each of them. */
  readonly serverCpuUs: number
}

type Report =
  { readonly kind: 'started' } | { readonly kind: 'finished'; readonly messages: number; readonly ms: number }

export const MESSAGE: Uint8Array = chat.codec.encode('channel_msg', {
  text: 'what people say to each other, more or less',
})

/** A process full of clients. Close it when it is not needed any more. */
export class Load {
  readonly #child: ChildProcess

  constructor() {
    this.#child = fork('tools/run.js', ['bench/load.ts', 'be-clients'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
  }

  run(plan: LoadPlan): Promise<LoadResult> {
    let before = process.cpuUsage()
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error('the process of the clients died'))
      this.#child.once('exit', onExit)
      const onReport = (report: Report): void => {
        if (report.kind === 'started') {
          before = process.cpuUsage()
          return
        }
        const { user, system } = process.cpuUsage(before)
        this.#child.off('exit', onExit)
        this.#child.off('message', onReport)
        const { messages, ms } = report
        resolve({ messagesPerSecond: (messages / ms) * 1000, serverCpuUs: (user + system) / messages })
      }
      this.#child.on('message', onReport)
      this.#child.send(plan)
    })
  }

  close(): void {
    this.#child.kill()
  }
}

if (process.argv[2] === 'be-clients') process.on('message', (plan: LoadPlan) => void beClients(plan))

async function beClients(plan: LoadPlan): Promise<void> {
  let received = 0
  const clients: LoadClient[] = []
  for (let index = 0; index < plan.clients; index++) {
    clients.push(await startClient(plan, () => received++))
  }
  const talkers = plan.pattern === 'echo' ? clients : clients.slice(0, 1)
  for (const talker of talkers) talker.talk(plan.inFlight)
  await passed(plan.warmUpMs)
  report({ kind: 'started' })
  received = 0
  const startedMs = performance.now()
  await passed(plan.measuredMs)
  report({ kind: 'finished', messages: received, ms: performance.now() - startedMs })
  for (const client of clients) client.close()
}

interface LoadClient {
  /** Sends so many messages, and from then on another one for each that is heard. */
  talk(inFlight: number): void
  close(): void
}

/** Resolves when the client may talk. */
function startClient({ address, needsSession }: LoadPlan, onReceived: () => void): Promise<LoadClient> {
  return new Promise((resolve, reject) => {
    let isTalking = false
    const client: LoadClient = {
      talk(inFlight) {
        isTalking = true
        for (let count = 0; count < inFlight; count++) link.send(MESSAGE)
      },
      close: () => link.close(),
    }
    const link = dial(address, {
      opened() {
        if (needsSession) link.send(protocol.codec.encode('session_request', {}))
        else resolve(client)
      },
      heard(frame) {
        if (frame[0] === 0 && frame[1] === protocol.prefix) {
          // A session_new; beacons need no answer in so short a time.
          if (frame[2] !== 0x12) return
          link.send(chat.codec.encode('join', {}))
          resolve(client)
          return
        }
        onReceived()
        if (isTalking) link.send(MESSAGE)
      },
      failed: reject,
    })
  })
}

interface LinkEvents {
  opened(): void
  heard(frame: Uint8Array): void
  failed(error: Error): void
}

function dial(address: string, events: LinkEvents): { send(frame: Uint8Array): void; close(): void } {
  return address.startsWith('ws:') ? dialWebSocket(address, events) : dialEnet(address, events)
}

function dialWebSocket(address: string, events: LinkEvents): { send(frame: Uint8Array): void; close(): void } {
  const socket = new WebSocket(address, { perMessageDeflate: false })
  socket.on('open', () => events.opened())
  socket.on('message', (data: Buffer) => events.heard(data))
  socket.on('error', (error) => events.failed(error))
  return { send: (frame) => socket.send(frame), close: () => socket.terminate() }
}

function dialEnet(address: string, events: LinkEvents): { send(frame: Uint8Array): void; close(): void } {
  const connection: Connection = enetNetwork({ clock: systemClock() }).connect(address, {
    opened: () => events.opened(),
    message: (bytes) => events.heard(bytes),
    closed: (code) => events.failed(new Error(`closed with ${code}`)),
  })
  return { send: (frame) => connection.send(frame), close: () => connection.close(1000) }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms))
}

function report(what: Report): void {
  process.send?.(what)
}
