/**
 * A client of a game: a simulated machine that boots the game's own client program, with our client or one of its own
 * making. It never joins, parts or says anything by itself; it connects, breaks, reloads and ends as the steps say.
 */
import {
  CloseCode,
  OverworldError,
  type Client,
  type ClientStatus,
  type ClientTap,
  type Clock,
  type Connection,
  type Network,
  type Session,
  type Stored,
  type Timer,
} from '../../core/index.ts'
import {
  CoarseClock,
  SERVER_ADDRESSES,
  unkindClock,
  unkindNetwork,
  type ClientParts,
  type HostLife,
  type Outage,
  type SimulatedClient,
  type Unkindness,
  type World,
} from '../../sim/index.ts'
import { isThenable } from '../../core/synchronous.ts'
import type { Goals } from '../goals.ts'
import type { ClientNote } from '../observer/client-note.ts'
import { KeptStore, type OpenStore } from '../runner/kept-store.ts'
import { Mute, MutedConnection } from '../runner/mute.ts'
import type { Player } from '../runner/run-world.ts'
import { DEFAULT_LINK, type ClientSetup, type TransportChoice } from '../scenario.ts'
import { DEFAULT_KIND, type Game, type GameClientSelf } from './define-game.ts'
import { gameCheck, type GameChecks } from './game-checks.ts'
import { gameRandom } from './game-random.ts'
import type { HeldTimers } from './held-timers.ts'
import { LinkEnd, type Traffic } from './traffic.ts'

export interface GamePlayerOptions {
  readonly world: World
  readonly game: Game
  readonly setup: ClientSetup
  /** Instead of its name, for what its program is told; default: `setup.name`. */
  readonly alias: string
  readonly checks: GameChecks
  readonly goals: Goals
  readonly held: HeldTimers
  readonly traffic: Traffic
  readonly unkindness: Unkindness
  /** Where the server listens. */
  readonly transports: readonly TransportChoice[]
  readonly onNote: ((name: string, note: ClientNote) => void) | undefined
  /** Told after everything that has run in its program. Undefined: nobody wants to know. */
  readonly onRan: ((player: GamePlayer) => void) | undefined
}

const DIAL_AGAIN_MS = 1_000
const NEEDS_RUN =
  'a client of the game uses promises: run it with simulateGame or runCampaign({ game }), which wait for them'

export class GamePlayer implements Player {
  readonly name: string
  readonly machine: SimulatedClient
  /** Connections that misbehave, from its machine. */
  readonly strangers: Connection[] = []
  readonly #store: KeptStore
  readonly #options: GamePlayerOptions
  readonly #openStore: OpenStore
  readonly #mute = new Mute()
  #transport: TransportChoice
  #client: Client | undefined
  #model: { readonly value: unknown } | undefined
  #coarse: CoarseClock | undefined
  #timersEveryMs = 0
  #cannotDial = false
  #wantsSession = true
  /** Its program dials by itself, and not with our client. */
  #dialsItself = false
  /** Its user has closed its page. */
  #isClosed = false
  #isFirstLife = true
  #said = 0
  /** How often it had to take another name. */
  #renamed = 0
  /** Every session that it has had from the present server. */
  readonly #sessions = new Set<number>()
  /** Of its present connection. */
  #link = new LinkEnd('websocket')
  #links = 0

  constructor(options: GamePlayerOptions) {
    const { setup, world, transports } = options
    this.#options = options
    this.name = setup.name
    this.#transport = transports.includes(setup.transport) ? setup.transport : (transports[0] ?? setup.transport)
    this.#store = new KeptStore((ms, run) => world.after(ms, run), undefined)
    this.#openStore = this.#store.open((run) => this.machine.host.execute(run))
    const link = { ...DEFAULT_LINK, ...setup.link }
    this.machine = world.client(setup.name, {
      transport: this.#transport,
      ...(setup.preset !== undefined && { preset: setup.preset }),
      link,
      downlink: { ...link, ...setup.downlink },
      driftPpm: setup.driftPpm ?? 0,
      store: this.#openStore,
      program: (client, life) => this.#start(client, life),
      decorate: (parts) => this.#decorate(parts),
    })
  }

  get client(): Client | undefined {
    return this.#client
  }

  /** What its program has returned, and not while that is dead or has not resolved yet. */
  get model(): { readonly value: unknown } | undefined {
    return this.#model
  }

  get stored(): Stored | undefined {
    return this.#store.stored
  }

  get attemptAccepted(): number {
    return this.#store.attemptAccepted
  }

  /** Messages sent so far. */
  get said(): number {
    return this.#said
  }

  /** What was sent and heard over its present connection. */
  get link(): LinkEnd {
    return this.#link
  }

  get dialsItself(): boolean {
    return this.#dialsItself
  }

  get isConnected(): boolean {
    return this.#client?.status.kind === 'connected'
  }

  get sessionId(): number | undefined {
    const status = this.#client?.status
    return status?.kind === 'connected' ? status.sessionId : this.#store.stored?.session?.sessionId
  }

  /**
   * Its session, where both ends know that it is connected. The id alone does not tell: after a restart the server may give
   * it to another client, while this one has not noticed yet that its connection is dead.
   */
  get session(): Session | undefined {
    const { world } = this.#options
    const id = this.isConnected ? this.sessionId : undefined
    const session = id === undefined || !world.isServerUp ? undefined : world.server.sessions.get(id)
    const proxy = session?.status === 'connected' ? session.proxy : undefined
    if (proxy === undefined || !('connection' in proxy)) return undefined
    return proxy.connection.remoteAddress === this.machine.host.address ? session : undefined
  }

  /** Whether this is, or was, a session of its client at the present server. */
  hasHad(sessionId: number): boolean {
    return this.#sessions.has(sessionId)
  }

  get isOnItsWay(): boolean {
    const kind = this.#client?.status.kind
    return kind === 'connecting' || kind === 'waiting'
  }

  get hasEnded(): boolean {
    return !this.#wantsSession || this.#client?.status.kind === 'ended'
  }

  /** The server that it had sessions from is gone. */
  serverDied(): void {
    this.#sessions.clear()
  }

  connect(transport: TransportChoice = this.#transport): void {
    const { transports } = this.#options
    this.#wantsSession = true
    this.#isClosed = false
    if (transports.includes(transport)) this.#transport = transport
    if (this.#client === undefined) {
      this.restart()
      return
    }
    const status = this.#client?.status.kind
    // Where its last session has not heard the goodbye yet, whoever begins anew is somebody else to the game.
    if ((status === 'idle' || status === 'ended') && this.#store.stored?.session === undefined && this.#hasSession()) {
      this.kill('lost')
      this.restart()
      return
    }
    this.#dial()
  }

  /** How a program with reconnect code of its own is made to stay away: nobody else knows its words for that. */
  #closePage(store: 'kept' | 'lost'): void {
    this.kill(store)
    this.#wantsSession = false
    this.#isClosed = true
  }

  #dial(): void {
    this.#command((client) => {
      if (this.#dialsItself) return
      if (!this.#cannotDial) client.connect({ address: SERVER_ADDRESSES[this.#transport] })
      // A user who is told that it cannot be done tries later: `connect` does not go on by itself.
      else this.#options.world.after(DIAL_AGAIN_MS, () => this.#wantsSession && this.#dial())
    })
  }

  /** Goes over to another connection. */
  takeOver(): void {
    this.#command((client) => client.connect({ address: SERVER_ADDRESSES[this.#transport] }))
  }

  disconnect(): void {
    if (this.#dialsItself) this.#closePage('kept')
    else this.#command((client) => client.disconnect())
  }

  end(): void {
    if (this.#dialsItself) this.#closePage('lost')
    else this.#command((client) => client.end())
  }

  wake(): void {
    this.#command((client) => client.wake())
  }

  kill(store: 'kept' | 'lost'): void {
    this.machine.kill({ connections: 'reset' })
    this.#openStore.programDied()
    this.#client = undefined
    this.#model = undefined
    this.#dialsItself = false
    if (store === 'lost') this.#store.stored = undefined
  }

  restart(): void {
    if (this.#client === undefined && !this.#isClosed) this.machine.restart()
  }

  delayTimers(everyMs: number): Outage {
    this.#setTimersEvery(everyMs)
    return { heal: () => this.#setTimersEvery(0) }
  }

  breakDials(): Outage {
    this.#cannotDial = true
    return {
      heal: () => {
        this.#cannotDial = false
      },
    }
  }

  muteBeacons(): Outage {
    return this.#mute.begin()
  }

  disturbed(): void {
    // Nothing is judged by how late it is.
  }

  checkSilence(): void {
    // That is a rule for our client, which is not judged here.
  }

  beLively(): void {
    // Its own timers make it act.
  }

  seeStrangersOff(): void {
    this.machine.host.execute(() => {
      for (const each of this.strangers) if (each.transport === 'enet') each.close(CloseCode.normal)
    })
  }

  #start(client: Client, life: HostLife): void {
    const { setup, game, world } = this.#options
    this.#client = client
    client.tap(this.#tap(client, life))
    const isFirst = this.#isFirstLife
    this.#isFirstLife = false
    if (!isFirst && this.#store.stored?.session === undefined && this.#hasSession()) this.#renamed++
    const run = game.kinds.get(setup.app) ?? game.kinds.get(DEFAULT_KIND)
    if (run === undefined) throw new OverworldError('bad_option', `the game has no client '${setup.app}'`)
    // What it throws is a finding, so it runs as an event of its own.
    life.clock.setTimer(isFirst ? (setup.startAtMs ?? 0) : 0, () => {
      const self = this.#self(client, life)
      const model = run(self)
      if (isThenable(model)) {
        if (!world.isDraining) throw new OverworldError('needs_run', NEEDS_RUN)
        void (model as PromiseLike<unknown>).then((value) => {
          if (this.#client === client) this.#model = { value }
        })
      } else {
        this.#model = { value: model }
      }
      const isIdle = client.status.kind === 'idle'
      if (isIdle && this.#wantsSession) this.#dial()
    })
  }

  #self(client: Client, life: HostLife): GameClientSelf {
    const { world, checks, goals, held, game, transports } = this.#options
    const { host } = life
    const [clock, network] = [this.#coarse ?? life.clock, life.network]
    const others = transports.filter((transport) => transport !== this.#transport)
    const later = (run: () => unknown): void => {
      held.run(() => {
        if (!life.isAlive) return
        run()
        this.#options.onRan?.(this)
      })
    }
    return {
      client,
      network: this.#ownNetwork(network),
      addresses: [this.#transport, ...others].map((transport) => SERVER_ADDRESSES[transport]),
      name: this.#renamed === 0 ? this.#options.alias : `${this.#options.alias}-${this.#renamed + 1}`,
      incarnation: life.incarnation,
      store: this.#openStore,
      random: gameRandom(life.random('game')),
      now: () => clock.now(),
      after: (ms, run) => {
        checkMs('after', ms, 0)
        const timer = clock.setTimer(ms, () => later(run))
        return () => timer.cancel()
      },
      every: (ms, run) => {
        checkMs('every', ms, Number.MIN_VALUE)
        let isEnded = false
        let timer: Timer | undefined
        const again = (): void => {
          timer = clock.setTimer(ms, () => {
            // Held back, it is due once, however long that takes.
            later(() => {
              if (isEnded) return undefined
              again()
              return run()
            })
          })
        }
        again()
        return () => {
          isEnded = true
          timer?.cancel()
        }
      },
      check: gameCheck(checks, () => `${this.name}'s client, at ${(world.nowMs / 1000).toFixed(3)} s on ${host.name}`),
      reach: (goal) => {
        if (!Object.hasOwn(game.goals ?? {}, goal)) {
          throw new OverworldError('bad_option', `'${goal}' is no goal of the game: name it in \`goals\``)
        }
        goals.reach(goal as never)
      },
    }
  }

  /** For programs that dial by themselves. */
  #ownNetwork(network: Network): Network {
    return {
      listen: (address, accept, events) => network.listen(address, accept, events),
      connect: (address, handler) => {
        this.#dialsItself = true
        return network.connect(address, handler)
      },
    }
  }

  #decorate({ life, clock, network }: ClientParts): ClientParts {
    const random = life.random('unkind')
    const unkind = unkindNetwork(network, clock, random, this.#options.unkindness)
    this.#coarse = new CoarseClock(unkindClock(clock, random, this.#options.unkindness))
    this.#coarse.setEvery(this.#timersEveryMs)
    const kept: Network = {
      listen: (address, accept, events) => unkind.listen(address, accept, events),
      connect: (address, handler) => {
        if (this.#cannotDial) throw new Error('this machine cannot dial now, as it was told')
        return new MutedConnection(unkind.connect(address, handler), this.#mute)
      },
    }
    return { life, clock: this.#coarse satisfies Clock, network: kept }
  }

  #setTimersEvery(everyMs: number): void {
    this.#timersEveryMs = everyMs
    this.#coarse?.setEvery(everyMs)
  }

  /** Whether one of its sessions lives, whatever its store says. */
  #hasSession(): boolean {
    const { world } = this.#options
    if (!world.isServerUp) return false
    for (const id of this.#sessions) if (world.server.sessions.get(id) !== undefined) return true
    return false
  }

  /** Counts what goes over its connections, and what its program does with its client. */
  #tap(client: Client, life: HostLife): ClientTap {
    const { traffic, onNote } = this.#options
    const before = this.#links
    const ends = new Map<number, LinkEnd>()
    const isCurrent = (): boolean => this.#client === client && life.isAlive
    const note = (made: ClientNote): void => {
      if (isCurrent()) onNote?.(this.name, made)
    }
    const called: ClientTap['called'] = ({ method }) => {
      if (method === 'connect') this.#wantsSession = true
      else if (method === 'disconnect' || method === 'end') this.#wantsSession = false
    }
    const { onRan } = this.#options
    return {
      called,
      apiCalled: called,
      ...(onRan !== undefined && { turnEnds: () => isCurrent() && onRan(this) }),
      dialled: (link, address) => {
        this.#links = before + link
        const end = new LinkEnd(address.startsWith('enet:') ? 'enet' : 'websocket')
        ends.set(link, end)
        this.#link = end
        note({ kind: 'dial', connection: this.#links, address })
      },
      opened: (link) => note({ kind: 'opened', connection: before + link }),
      send: (link, bytes, delivery) => {
        this.#said++
        const end = ends.get(link)
        if (end !== undefined) traffic.sent(end, bytes, delivery)
        note({ kind: 'said', connection: before + link, bytes })
      },
      message: (link, bytes, delivery) => {
        const end = ends.get(link)
        if (end !== undefined) traffic.heard(end, bytes, delivery)
        note({ kind: 'heard', connection: before + link, bytes })
      },
      closed: (link, code) => {
        note({ kind: 'closed', connection: before + link, code, isCurrent: ends.get(link) === this.#link })
      },
      emitted: (name, value) => {
        if (name !== 'status') return
        const status = value as ClientStatus
        if (status.kind === 'connected') this.#sessions.add(status.sessionId)
        note({ kind: 'status', status })
      },
    }
  }

  /** As its user: at once, or when its machine runs again. */
  #command(run: (client: Client) => void): void {
    this.machine.host.execute(() => {
      if (this.#client !== undefined) run(this.#client)
    })
  }
}

function checkMs(what: string, ms: number, min: number): void {
  if (!(ms >= min && ms <= 1e12)) {
    throw new OverworldError('bad_option', `${what}: ${ms} is no time in ms ${min === 0 ? 'from 0' : 'above 0'}`)
  }
}
