/**
 * A siege of a real ENet server on real sockets: enemies with connections of their own, strangers with none, and floods of
 * connects that nobody finishes, while a friend plays and newcomers arrive. What is asked for is that neither is
 * disturbed and that memory does not grow; what is dropped on the way is counted by the adapter.
 */
import { createSocket, type Socket } from 'node:dgram'
import process from 'node:process'
import { Client, createServer, type ServerStats } from '../../core/index.ts'
import { RandomStream } from '../../sim/index.ts'
import {
  enetClock,
  enetNetwork,
  loadEnetLibrary,
  nodeUdpStack,
  systemClock,
  systemRandom,
  type EnetLibrary,
  type UdpStack,
} from '../../transports/index.ts'
import { chat, chatZone } from '../apps/chat.ts'
import { recordEnetCorpus } from './enet-corpus.ts'
import { HostileEnet } from './hostile-enet.ts'
import { DatagramMutator } from './mutate-datagram.ts'

export interface SiegeOptions {
  /** Datagrams that the server's socket has to be given, at least; it also goes on until somebody new has dialled. */
  readonly datagrams: number
  readonly seed: number
  readonly onProgress?: (report: SiegeReport) => void
  /** Between two reports, in datagrams. Default 50,000. */
  readonly progressEach?: number
}

export interface SiegeReport {
  /** Hostile datagrams sent. Some are lost on the way, as datagrams are. */
  readonly sent: number
  /** Datagrams that reached the server's socket, the friend's and the newcomers' too. */
  readonly received: number
  readonly seconds: number
  /** Of the friend: said, heard again, the longest wait for it in ms, and connections lost. */
  readonly friend: { readonly said: number; readonly heard: number; readonly waitMsMax: number; readonly lost: number }
  /** Who came meanwhile: dialled, let in, longest wait for it in ms. */
  readonly newcomers: { readonly dialled: number; readonly in: number; readonly waitMsMax: number }
  /** In MiB: of the process, and of the server's private instance of the library. */
  readonly memory: { readonly rss: number; readonly heap: number; readonly enet: number }
  readonly adapter: Readonly<Record<string, number>>
  readonly server: ServerStats
  readonly errors: readonly unknown[]
}

const PLACES = 64
const ENEMIES = 6
const STRANGERS = 8
/** Datagrams sent at a time: few enough for the system's buffers. */
const BATCH = 120
/** Of a batch: from enemies, from strangers; the rest are connects. */
const FROM_ENEMIES = 84
const FROM_STRANGERS = 24
const SAY_MS = 20
const NEWCOMER_MS = 1000
const SETTLE_MS_MAX = 20_000

export async function besiegeEnet(options: SiegeOptions): Promise<SiegeReport> {
  const corpus = await recordEnetCorpus(options.seed)
  const siege = new Siege(options, corpus)
  await siege.start()
  try {
    return await siege.run()
  } finally {
    siege.stop()
  }
}

class Siege {
  readonly #options: SiegeOptions
  readonly #corpus: readonly Uint8Array[]
  readonly #clock = systemClock()
  readonly #random = systemRandom()
  readonly #draws: RandomStream
  readonly #library: EnetLibrary = loadEnetLibrary(enetClock(this.#clock), this.#random)
  readonly #errors: unknown[] = []
  readonly #network = enetNetwork({
    clock: this.#clock,
    connectionsMax: PLACES,
    loadLibrary: () => this.#library,
    stack: this.#countingStack(),
    onError: (error) => this.#errors.push(error),
  })
  readonly #server = createServer({
    clock: this.#clock,
    random: this.#random,
    apps: [chat],
    // Nonsense is what a siege is made of: that the server cannot read some of it is no error.
    onReport: (report) => report.kind === 'undecodable' || this.#errors.push(report),
  })
  readonly #enemies: HostileEnet[] = []
  readonly #strangers: Socket[] = []
  readonly #friend = new Friend()
  readonly #newcomers = { dialled: 0, in: 0, waitMsMax: 0 }
  readonly #startedMs = performance.now()
  #port = 0
  #sent = 0
  #received = 0
  #isOver = false

  constructor(options: SiegeOptions, corpus: readonly Uint8Array[]) {
    this.#options = options
    this.#corpus = corpus
    this.#draws = new RandomStream(options.seed, 'siege')
  }

  async start(): Promise<void> {
    this.#server.zones.start(chatZone)
    const address = await new Promise<string>((listening, failed) => {
      this.#server.listen(this.#network, 'enet://127.0.0.1:0', { listening, failed })
    })
    this.#port = Number(address.split(':').at(-1))
    await this.#friend.join(this.#newClient(), this.#clock)
    for (let i = 0; i < ENEMIES; i++) this.#enemies.push(this.#newEnemy(address, i))
    for (let i = 0; i < STRANGERS; i++) this.#strangers.push(await boundSocket(`127.${1 + i}.${i}.77`))
    this.#welcomeLater()
  }

  async run(): Promise<SiegeReport> {
    const { datagrams, onProgress, progressEach = 50_000 } = this.#options
    const mutator = new DatagramMutator(this.#corpus, this.#draws)
    let reportAt = progressEach
    while (this.#received < datagrams || this.#newcomers.dialled === 0) {
      this.#attack(mutator)
      await this.#allRead()
      if (this.#received < reportAt) continue
      reportAt += progressEach
      onProgress?.(this.#report())
    }
    await this.#settle()
    return this.#report()
  }

  /** Nobody says or dials anything more; what is on its way arrives, on a busy machine a little later. */
  async #settle(): Promise<void> {
    this.#isOver = true
    this.#friend.fallSilent()
    const untilMs = performance.now() + SETTLE_MS_MAX
    const isQuiet = (): boolean => this.#friend.hasHeardAll && this.#newcomers.in === this.#newcomers.dialled
    while (!isQuiet() && performance.now() < untilMs) {
      await new Promise<void>((resolve) => void this.#clock.setTimer(SAY_MS, resolve))
    }
  }

  /**
   * The event loop reads a few datagrams a turn. What is sent faster is lost in the system's buffer, the friend's with it:
   * that would say something of the system, and nothing of the server.
   */
  async #allRead(): Promise<void> {
    for (let idleTurns = 0; idleTurns < 2;) {
      const before = this.#received
      await new Promise((resolve) => setImmediate(resolve))
      idleTurns = this.#received === before ? idleTurns + 1 : 0
    }
  }

  stop(): void {
    this.#isOver = true
    this.#friend.end()
    for (const enemy of this.#enemies) enemy.stop()
    for (const socket of this.#strangers) socket.close()
    this.#server.stop()
  }

  #attack(mutator: DatagramMutator): void {
    for (const enemy of this.#enemies) enemy.attack(Math.ceil(FROM_ENEMIES / ENEMIES))
    for (let i = 0; i < FROM_STRANGERS; i++) this.#fromStranger(mutator.next())
    for (let i = FROM_ENEMIES + FROM_STRANGERS; i < BATCH; i++) this.#fromStranger(connectDatagram(this.#draws))
  }

  #fromStranger(bytes: Uint8Array): void {
    const socket = this.#strangers[this.#draws.below(STRANGERS)]
    socket?.send(bytes, this.#port, '127.0.0.1', () => undefined)
    this.#sent++
  }

  #newClient(): Client {
    const network = enetNetwork({ clock: this.#clock, onError: (error) => this.#errors.push(error) })
    const address = `enet://127.0.0.1:${this.#port}`
    return new Client({ clock: this.#clock, random: this.#random, network, address })
  }

  #newEnemy(address: string, index: number): HostileEnet {
    const mutations = new RandomStream(this.#options.seed, `enemy ${index}`)
    const parts = { clock: this.#clock, random: this.#random, corpus: this.#corpus, mutations, address }
    return new HostileEnet({ ...parts, stack: nodeUdpStack })
  }

  /** Somebody honest, each second. */
  #welcomeLater(): void {
    this.#clock.setTimer(NEWCOMER_MS, () => {
      if (this.#isOver) return
      const client = this.#newClient()
      const startedMs = performance.now()
      this.#newcomers.dialled++
      client.on('session', () => {
        this.#newcomers.in++
        this.#newcomers.waitMsMax = Math.max(this.#newcomers.waitMsMax, performance.now() - startedMs)
        client.end()
      })
      client.connect()
      this.#welcomeLater()
    })
  }

  #countingStack(): UdpStack {
    return {
      resolve: (host, resolved) => nodeUdpStack.resolve(host, resolved),
      createSocket: () => {
        const socket = nodeUdpStack.createSocket()
        socket.on('message', () => void this.#received++)
        return socket
      },
    }
  }

  #report(): SiegeReport {
    const { rss, heapUsed } = process.memoryUsage()
    return {
      sent: this.#sent + this.#enemies.reduce((sum, { sent }) => sum + sent, 0),
      received: this.#received,
      seconds: (performance.now() - this.#startedMs) / 1000,
      friend: this.#friend.record(),
      newcomers: { ...this.#newcomers },
      memory: { rss: mebibytes(rss), heap: mebibytes(heapUsed), enet: mebibytes(this.#library.HEAPU8.length) },
      adapter: this.#network.stats(),
      server: this.#server.stats(),
      errors: this.#errors,
    }
  }
}

/** Says something each 20 ms, and hears it again. */
class Friend {
  readonly #saidAtMs = new Map<string, number>()
  #said = 0
  #heard = 0
  #waitMsMax = 0
  #lost = 0
  #isOver = false
  #client: Client | undefined

  join(client: Client, clock: ReturnType<typeof systemClock>): Promise<void> {
    this.#client = client
    const room = client.app(chat)
    const talk = (): void => {
      if (this.#isOver) return
      const text = String(++this.#said)
      this.#saidAtMs.set(text, performance.now())
      room.send('channel_msg', { text })
      clock.setTimer(SAY_MS, talk)
    }
    room.on('channel_msg', ({ handle, text = '' }) => {
      const saidAtMs = handle === 'friend' ? this.#saidAtMs.get(text) : undefined
      if (saidAtMs === undefined) return
      this.#saidAtMs.delete(text)
      this.#heard++
      this.#waitMsMax = Math.max(this.#waitMsMax, performance.now() - saidAtMs)
    })
    return new Promise((resolve) => {
      client.on('status', ({ kind }) => {
        if (kind === 'waiting' || kind === 'ended') this.#lost++
      })
      client.on('session', () => {
        room.join({ handle: 'friend' })
        talk()
        resolve()
      })
      client.connect()
    })
  }

  get hasHeardAll(): boolean {
    return this.#heard === this.#said
  }

  fallSilent(): void {
    this.#isOver = true
  }

  end(): void {
    this.fallSilent()
    this.#client?.end()
  }

  record(): SiegeReport['friend'] {
    return { said: this.#said, heard: this.#heard, waitMsMax: this.#waitMsMax, lost: this.#lost }
  }
}

/** Asks for a connection as ENet does, and never speaks again. */
export function connectDatagram(random: RandomStream): Uint8Array {
  const bytes = new Uint8Array(52)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 0x8fff)
  bytes.set([0x82, 0xff, 0, 1, 0, 0, 0xff, 0xff], 4)
  for (const [index, word] of [1400, 65_536, 4, 0, 0, 5000, 2, 2].entries()) view.setUint32(12 + 4 * index, word)
  view.setUint32(44, random.uint32())
  return bytes
}

function boundSocket(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.on('error', reject)
    socket.bind(0, address, () => resolve(socket))
  })
}

function mebibytes(bytes: number): number {
  return bytes / 1024 / 1024
}
