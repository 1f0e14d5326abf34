/**
 * A scenario on real loopback sockets: a real server that is recorded, real clients, and between them a proxy for each
 * client that does to its bytes what the scenario says. All times of the scenario are shortened by a factor; those of
 * the protocol are as they are. What only a simulator can do (links with loss and delay, clocks that drift or leap) is
 * left out.
 */
import path from 'node:path'
import {
  Client,
  createServer,
  memoryStore,
  protocol,
  type Network,
  type Server,
  type ServerProgram,
  type Session,
  type Stored,
  type TokenStore,
} from 'overworld'
import {
  arena,
  chat,
  chatZone,
  defineArenaZone,
  simulatedArena,
  simulatedChat,
  type ClientSetup,
  type Scenario,
  type SimulatedApp,
  type Step,
} from 'overworld/scenarios'
import { streams } from 'overworld/sim'
import {
  connectionIds,
  enetNetwork,
  networkByScheme,
  recordToFolder,
  systemClock,
  systemRandom,
  webSocketNetwork,
  type RecordingToFolder,
} from 'overworld/transports'
import { FaultProxy } from './fault-proxy.ts'

export interface LoopbackLife {
  readonly program: ServerProgram
  readonly folder: string
  readonly recording: RecordingToFolder
}

type Ports = { readonly tcp: number; readonly udp: number }

const clock = systemClock()
const nobodyListens = (): void => undefined

export async function runOnLoopback(scenario: Scenario, folder: string, shorter = 1): Promise<readonly LoopbackLife[]> {
  const run = new LoopbackRun(scenario, folder, shorter)
  await run.run()
  return run.lives
}

class LoopbackRun {
  readonly lives: LoopbackLife[] = []
  readonly #scenario: Scenario
  readonly #folder: string
  readonly #shorter: number
  readonly #players = new Map<string, Player>()
  #server: Server | undefined
  #ports: Ports = { tcp: 0, udp: 0 }
  #strangers = 0

  constructor(scenario: Scenario, folder: string, shorter: number) {
    this.#scenario = scenario
    this.#folder = folder
    this.#shorter = shorter
  }

  async run(): Promise<void> {
    await this.#boot()
    for (const setup of this.#scenario.clients) await this.#add(setup)
    for (const [name, player] of this.#players) {
      const setup = this.#scenario.clients.find((each) => each.name === name)
      const { startAtMs = 0 } = setup ?? {}
      if (startAtMs === 0) player.connect()
      else setTimeout(() => player.connect(), startAtMs / this.#shorter)
    }
    // On a busy machine that may take longer than a shortened scenario does.
    await this.#everybodyIsIn()
    const steps = this.#scenario.steps.map((step) => wait(step.atMs / this.#shorter).then(() => this.#perform(step)))
    await Promise.all([...steps, wait(this.#scenario.durationMs / this.#shorter)])
    await wait(300)
    for (const [index, player] of [...this.#players.values()].entries()) player.leave(index % 2 === 0)
    await wait(200)
    await this.#stop('the scenario is over')
    for (const player of this.#players.values()) player.proxy.close()
  }

  async #everybodyIsIn(): Promise<void> {
    const isIn = (player: Player): boolean => !player.wantsSession || player.isConnected
    for (let tries = 0; tries < 100 && ![...this.#players.values()].every(isIn); tries++) await wait(100)
  }

  async #boot(): Promise<void> {
    const { disconnectTimeoutMs = 5_000, livenessTimeoutMs = 10_000, tickMs = 100 } = this.#scenario.server
    const bound: Promise<string>[] = []
    const options = {
      disconnectTimeout: disconnectTimeoutMs === 'never' ? Infinity : disconnectTimeoutMs,
      livenessTimeout: livenessTimeoutMs,
    }
    const arenaZone = defineArenaZone(tickMs)
    const program: ServerProgram = {
      apps: [chat, arena],
      boot({ random, network, calls, clock: given }) {
        const server = createServer({
          ...options,
          clock: given,
          random,
          calls,
          apps: [chat, arena],
          onReport: nobodyListens,
        })
        server.zones.start(chatZone)
        server.zones.start(arenaZone)
        for (const address of ['ws://127.0.0.1:0/ws', 'enet://127.0.0.1:0']) {
          const listening = new Promise<string>((resolve, reject) => {
            server.listen(network, address, { listening: resolve, failed: reject })
          })
          bound.push(listening)
        }
        return server
      },
    }
    const shared = { clock, nextConnectionId: connectionIds(), onError: nobodyListens }
    const network = networkByScheme({ ws: webSocketNetwork(shared), enet: enetNetwork(shared) })
    const folder = path.join(this.#folder, `${this.#scenario.name}-${this.lives.length}`)
    const recording = recordToFolder(program, network, { folder, clock, random: systemRandom() })
    this.lives.push({ program, folder, recording })
    this.#server = recording.server
    const [tcp = 0, udp = 0] = (await Promise.all(bound)).map((address) => Number(new URL(address).port))
    this.#ports = { tcp, udp }
  }

  async #stop(why: string): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    await new Promise<void>((resolve) => server.stop(resolve))
    await this.lives.at(-1)?.recording.end(why)
  }

  async #add(setup: ClientSetup, stored?: Stored): Promise<Player> {
    const proxy = new FaultProxy(this.#ports)
    const player = new Player(setup, proxy, await proxy.open(), stored)
    this.#players.set(setup.name, player)
    return player
  }

  async #perform(step: Step): Promise<void> {
    const player = 'client' in step ? this.#players.get(step.client) : undefined
    const forMs = 'forMs' in step ? step.forMs / this.#shorter : 0
    switch (step.do) {
      case 'connect':
        return player?.connect(step.transport)
      case 'disconnect':
        return player?.leave(false)
      case 'end':
        return player?.leave(true)
      case 'join':
        return player?.join()
      case 'part':
        return player?.part()
      case 'act':
        return player?.act()
      case 'duplicate': {
        const setup = this.#scenario.clients.find(({ name }) => name === step.client)
        if (setup === undefined) return
        const tab = await this.#add({ ...setup, name: `${setup.name}-tab${++this.#strangers}` }, player?.stored)
        return tab.connect()
      }
      case 'reload':
        player?.kill(step.store === 'kept')
        await wait(step.afterMs / this.#shorter)
        return player?.connect()
      case 'misbehave':
        return player?.send(protocol.codec.encode('session_ping', { id: 1_000_000 }))
      case 'cut':
        player?.proxy.setCut(true)
        await wait(forMs)
        return player?.proxy.setCut(false)
      case 'clog':
      case 'slow_reader':
        player?.proxy.setClogged(true)
        await wait(forMs)
        return player?.proxy.setClogged(false)
      case 'reset':
        return player?.proxy.reset()
      case 'half_open':
        return player?.proxy.freeze()
      case 'rebind':
        return player?.proxy.rebind()
      case 'crash': {
        // The nearest to a crash within one process: all connections break, and nothing is remembered.
        for (const each of this.#players.values()) each.proxy.reset()
        await this.#stop('crashed')
        await wait(forMs)
        await this.#boot()
        for (const each of this.#players.values()) {
          each.proxy.moveTo(this.#ports)
          if (each.wantsSession) each.connect()
        }
        return
      }
      case 'pause':
        // A pause of the process is real, and concerns everybody in it.
        if (step.host === 'server') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(forMs, 2_000))
        return
      case 'stop_session':
        return this.#session(player)?.stop()
      case 'drop_session':
        return this.#session(player)?.disconnect()
      case 'set_timeout': {
        const session = this.#session(player)
        if (session !== undefined) session.disconnectTimeout = step.timeoutMs === 'never' ? Infinity : step.timeoutMs
        return
      }
      case 'remove': {
        const session = this.#session(player)
        return session?.zone?.remove(session)
      }
      case 'restart_zone':
        return this.#restartZone(step.app)
      default:
        return
    }
  }

  #session(player: Player | undefined): Session | undefined {
    const id = player?.stored?.session?.sessionId
    return id === undefined ? undefined : this.#server?.sessions.get(id)
  }

  #restartZone(app: string): void {
    const zone = this.#server?.zones.list().find((each) => each.app.name === app)
    zone?.stop()
    if (app === 'chat') this.#server?.zones.start(chatZone, { name: 'chat' })
  }
}

const APPS: readonly SimulatedApp[] = [simulatedChat, simulatedArena(100)]

class Player {
  readonly proxy: FaultProxy
  readonly #setup: ClientSetup
  readonly #app: SimulatedApp
  readonly #network: Network
  readonly #ports: Ports
  readonly #random: ReturnType<ReturnType<typeof streams>['stream']>
  #store: TokenStore
  #client: Client | undefined
  #acting: ReturnType<typeof setInterval> | undefined
  #count = 0
  wantsSession = false
  #wantsZone = true
  #transport: 'websocket' | 'enet'
  #raw: ReturnType<Network['connect']> | undefined

  constructor(setup: ClientSetup, proxy: FaultProxy, ports: Ports, stored?: Stored) {
    const app = APPS.find((each) => each.app.name === setup.app)
    if (app === undefined) throw new Error(`there is no app ${setup.app}`)
    this.#setup = setup
    this.#app = app
    this.proxy = proxy
    this.#ports = ports
    this.#transport = setup.transport
    this.#random = streams(7).stream(setup.name)
    this.#store = memoryStore()
    if (stored !== undefined) this.#store.save(stored)
    const shared = { clock, onError: nobodyListens }
    const network = networkByScheme({ ws: webSocketNetwork(shared), enet: enetNetwork(shared) })
    this.#network = {
      listen: () => {
        throw new Error('a client does not listen')
      },
      connect: (address, handler) => (this.#raw = network.connect(address, handler)),
    }
  }

  get stored(): Stored | undefined {
    return this.#store.load()
  }

  get isConnected(): boolean {
    return this.#client?.status.kind === 'connected'
  }

  connect(transport = this.#transport): void {
    this.#transport = transport
    this.wantsSession = true
    const address =
      transport === 'enet' ? `enet://127.0.0.1:${this.#ports.udp}` : `ws://127.0.0.1:${this.#ports.tcp}/ws`
    this.#client ??= this.#start(address)
    this.#client.connect({ address })
  }

  leave(isEnd: boolean): void {
    this.wantsSession = false
    clearInterval(this.#acting)
    if (isEnd) this.#client?.end()
    else this.#client?.disconnect()
  }

  join(): void {
    this.#wantsZone = true
    this.#client?.app(this.#app.app).join(this.#app.bot.join(this.#setup.name))
  }

  part(): void {
    this.#wantsZone = false
    this.#client?.app(this.#app.app).part({})
  }

  act(): void {
    if (this.#client?.status.kind !== 'connected') return
    const self = { name: this.#setup.name, life: 1, count: this.#count++, random: this.#random }
    this.#app.bot.act(this.#client.app(this.#app.app), self)
  }

  send(bytes: Uint8Array): void {
    this.#raw?.send(bytes)
  }

  /** Its program is gone: whatever it had open breaks. */
  kill(keepsStore: boolean): void {
    clearInterval(this.#acting)
    this.proxy.reset()
    this.#client?.disconnect()
    this.#client = undefined
    if (!keepsStore) this.#store = memoryStore()
  }

  #start(address: string): Client {
    const client = new Client({ clock, random: systemRandom(), network: this.#network, address, store: this.#store })
    client.on('session', () => {
      if (this.#wantsZone) this.join()
    })
    client.on('denied', ({ reason }) => {
      if (reason === 'no_zone' && this.#wantsZone) this.join()
    })
    const { actEveryMs = 1_000 } = this.#setup
    if (actEveryMs > 0) this.#acting = setInterval(() => this.#wantsZone && this.act(), Math.min(actEveryMs, 200))
    return client
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
