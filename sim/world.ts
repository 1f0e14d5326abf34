/**
 * A simulated world for one's own zones: a server, clients, the network between them and everything that can befall
 * it. Real server and client code, virtual time, one seed.
 *
 * @example
 * const world = simulate({ seed: 1, apps: [chat], zones: [chatZone] })
 * const alice = world.client('alice')
 * alice.connect()
 * world.advance(100)
 * alice.drop(3_000)
 * world.advance(10_000)
 *
 * Nothing here waits: `advance` runs what happens meanwhile and returns. Left out: scenarios, invariants and fuzzing
 * (`overworld/scenarios`), real bytes of WebSocket and ENet. A world whose clients' programs use promises has to be waited
 * for: `scenarios/worlds/draining-world.ts` adds that, because there are no promises in this folder.
 */
import {
  Client,
  createServer,
  memoryStore,
  OverworldError,
  Shell,
  type AnyApp,
  type App,
  type Causes,
  type Clock,
  type Network,
  type OnReport,
  type PartialServerOptions,
  type Random,
  type Report,
  type Room,
  type Schema,
  type Server,
  type TokenStore,
  type ZoneDefinition,
} from '../core/index.ts'
import type { ProgramParts, ServerProgram } from '../core/index.ts'
import { catchRejection, isThenable } from '../core/synchronous.ts'
import { accountOfClient } from './account/client-account.ts'
import { accountOfServer } from './account/server-account.ts'
import { ACCOUNT_EVENTS, WorldAccount, type AccountOptions } from './account/world-account.ts'
import type { EventHandle } from './event-queue.ts'
import { createGround, type Ground } from './ground.ts'
import { Host, type HostLife, type HostOptions } from './host.ts'
import type { LinkSettings } from './link-settings.ts'
import { MessageNetwork } from './message-network.ts'
import type { Link } from './link.ts'
import type { Outage } from './paths.ts'
import { findPreset } from './presets.ts'
import type { TraceOptions } from './trace.ts'
import { checkVirtualMs, usOf } from './virtual-time.ts'
import type { WorldConnection, WorldNetwork } from './world-network.ts'

/** Any zone definition, whatever its messages are. */
export type AnyZone = ZoneDefinition<never, never, never> | { readonly app: AnyApp }

export interface SimulateOptions extends TraceOptions {
  /**
   * The programs of clients use promises (the world is *draining*): after each event that ran in one of them everything
   * that the programs have awaited goes on before the next event. `run` and `runUntil` let time pass; `advance` and
   * `advanceUntil` throw `needs_run`. Default: false.
   */
  readonly promises?: boolean
  /**
   * Keeps what happens for `world.account()`: the last 2,000 events, or as many as the number says (1 or more). It takes some
   * hundred bytes for each event that is kept, besides the message's own, and makes a busy world about 40 % slower.
   * Default: false; true where `overworld/vitest` is among the `setupFiles`.
   */
  readonly account?: boolean | number
  /** A uint32; every random choice is drawn from it. Default 1. */
  readonly seed?: number
  readonly apps: readonly AnyApp[]
  /** One zone of each is started whenever the server boots. */
  readonly zones?: readonly AnyZone[]
  readonly server?: PartialServerOptions
  /** What the server's program does besides, whenever it boots, after it has started the zones: routes, more zones. */
  readonly onBoot?: ((server: Server) => void) | undefined
  /** Hears what goes wrong in handlers. Default: `advance` throws it. */
  readonly onReport?: OnReport
  /**
   * What connects the hosts. Default: the message network. A world on another one may need another way to let time pass
   * than `advance`.
   */
  readonly makeNetwork?: (ground: Ground) => WorldNetwork
  /** For observers and faults: what a life of the server is given instead of these parts. */
  readonly decorateServer?: (parts: ServerParts) => ServerParts
  /** Receives the world before its server boots. */
  readonly beforeBoot?: (world: World) => void
  /** For recorders: boots the program, with what its parts are decorated with. Default: `program.boot(parts)`. */
  readonly boot?: BootServer
}

export type BootServer = (program: ServerProgram, parts: ProgramParts, life: HostLife) => Server

export interface ServerParts {
  readonly life: HostLife
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  /** The world's numbering of events. */
  readonly causes: Causes
  /** Binds `clock` and `random` to the server's turns, with taps. Default: one without taps. */
  readonly shell?: Shell
  readonly zones: readonly AnyZone[]
  readonly options: PartialServerOptions
  readonly onBoot?: ((server: Server) => void) | undefined
  readonly onReport: OnReport
}

export interface ClientParts {
  readonly life: HostLife
  readonly clock: Clock
  readonly network: Network
}

export interface SimulatedClientOptions extends Omit<HostOptions, 'name'> {
  /** Default `websocket`. */
  readonly transport?: 'websocket' | 'enet'
  /** A network by name (`presets.ts`), such as `'4g'`: instead of links. */
  readonly preset?: string
  /** Towards the server; default 20 ms, without faults. */
  readonly link?: Partial<LinkSettings>
  /** From the server; default as `link`. */
  readonly downlink?: Partial<LinkSettings>
  readonly store?: TokenStore
  /**
   * Runs whenever its program starts, with a new `Client` each time. What it returns is not used. It may return a promise
   * in a world with `promises: true`; in every other world that throws `needs_run`.
   */
  readonly program?: (client: Client, life: HostLife) => unknown
  /** For observers: what a life of its program is given instead of its clock and network. */
  readonly decorate?: (parts: ClientParts) => ClientParts
}

/** Where the simulated server listens. */
export const SERVER_ADDRESSES = Object.freeze({
  websocket: 'ws://server:4433/ws',
  enet: 'enet://server:4483',
})

const DEFAULT_LINK: Partial<LinkSettings> = Object.freeze({ delayMs: 20 })

/** Throws `bad_option`, and what starting the zones throws. */
export function simulate(options: SimulateOptions): World {
  return new World(options)
}

export class World {
  readonly ground: Ground
  readonly network: WorldNetwork
  readonly serverHost: Host
  /** Whether it was made with `promises: true`. */
  readonly isDraining: boolean
  readonly #account: WorldAccount | undefined
  readonly #options: SimulateOptions
  readonly #clients = new Map<string, SimulatedClient>()
  readonly #reports: Report[] = []
  #server: Server | undefined

  /** Use `simulate`. */
  constructor(options: SimulateOptions) {
    this.#options = options
    this.isDraining = options.promises === true
    this.ground = createGround({ seed: options.seed ?? 1, storage: options.storage ?? 'none' })
    const keeps = checkAccount(options.account)
    this.#account = keeps === 0 ? undefined : new WorldAccount(this.ground, options.seed ?? 1, keeps)
    this.network = options.makeNetwork?.(this.ground) ?? new MessageNetwork(this.ground)
    this.serverHost = new Host(this.ground, this.network, { name: 'server' })
    options.beforeBoot?.(this)
    this.serverHost.boot((life) => this.#bootServer(life))
  }

  /** Milliseconds of virtual time since the start of the run. */
  get nowMs(): number {
    return this.ground.queue.nowUs / 1000
  }

  /** The server that runs now; throws `server_stopped` while it is down. */
  get server(): Server {
    if (this.#server === undefined) throw new OverworldError('server_stopped', 'the simulated server is down')
    return this.#server
  }

  get isServerUp(): boolean {
    return this.#server !== undefined
  }

  get clients(): ReadonlyMap<string, SimulatedClient> {
    return this.#clients
  }

  /** A hash over everything that has happened; equal seeds give equal fingerprints. */
  get fingerprint(): string {
    return this.ground.trace.fingerprint()
  }

  /** A new machine with a client on it, which does nothing before it is told to connect. */
  client(name: string, options: SimulatedClientOptions = {}): SimulatedClient {
    const client = new SimulatedClient(this, name, options)
    this.#clients.set(name, client)
    return client
  }

  /**
   * Runs everything that happens within the next `ms` (0 to 1e12). Throws the first error of a handler that came up,
   * unless `onReport` was given; `bad_option`; `needs_run` in a world with `promises: true`.
   */
  advance(ms: number): void {
    this.#refuseToAdvance('advance', 'run')
    const { queue } = this.ground
    queue.runUntil(queue.nowUs + usOf('advance', ms))
    this.throwReport()
  }

  /**
   * Runs until `condition` holds, checked after each event, for at most `msMax`. Whether it came to hold. Throws
   * `bad_option`; `needs_run` in a world with `promises: true`.
   */
  advanceUntil(condition: () => boolean, msMax = 60_000): boolean {
    this.#refuseToAdvance('advanceUntil', 'runUntil')
    const { queue } = this.ground
    const untilUs = queue.nowUs + usOf('advanceUntil', msMax)
    while (!condition()) {
      if (queue.nextAtUs > untilUs) {
        queue.runUntil(untilUs)
        return condition()
      }
      queue.runNext()
      this.throwReport()
    }
    return true
  }

  /** At a virtual time from now. Throws `bad_option`. */
  after(ms: number, run: () => void): void {
    const { queue, drain } = this.ground
    queue.push(queue.nowUs + usOf('after', ms), () => {
      // It may settle what a program awaits.
      drain.need()
      run()
    })
  }

  /**
   * What has happened so far, in lines for people: who connected, lost a connection and came back, which messages were sent and
   * received, what was done to machines and the network. The newest line is the last. A world that keeps no account says so.
   */
  account(options: AccountOptions = {}): string {
    return this.#account?.describe(options) ?? 'This world keeps no account: make it with simulate({ account: true }).'
  }

  /**
   * For its clients.
   * @internal
   */
  get kept(): WorldAccount | undefined {
    return this.#account
  }

  /** The server's memory is lost: sessions, tokens, zones. */
  crashServer(options: { readonly connections?: 'silent' | 'reset' } = {}): void {
    this.serverHost.crash(options)
    this.#server = undefined
  }

  restartServer(): void {
    if (this.#server === undefined) this.serverHost.restart()
  }

  #bootServer(life: HostLife): void {
    const { apps, zones = [], server = {}, onBoot, onReport, decorateServer, boot = bootPlainly } = this.#options
    const plain: ServerParts = {
      life,
      clock: life.clock,
      random: life.random('server'),
      network: life.network,
      causes: this.ground.causes,
      zones,
      options: server,
      onBoot,
      onReport: onReport === undefined ? (report) => this.#reports.push(report) : this.#thrownLater(onReport),
    }
    const parts = decorateServer?.(plain) ?? plain
    const program = simulatedProgram({ apps, ...parts })
    const { network, shell = new Shell(parts) } = parts
    const { clock, random } = shell
    const addresses = Object.values(SERVER_ADDRESSES)
    if (this.#account !== undefined) shell.taps.add(accountOfServer(this.#account, (address) => this.#whoIsAt(address)))
    this.#server = boot(program, { clock, random, network, addresses, shell, calls: shell }, life)
  }

  /** Undefined where several are: behind one NAT. */
  #whoIsAt(address: string): string | undefined {
    const there = [...this.#clients.values()].filter(({ host }) => host.address === address)
    return there.length === 1 ? there[0]?.name : undefined
  }

  /** A server survives what its `onReport` throws; a test wants to hear of it. */
  #thrownLater(onReport: OnReport): OnReport {
    return (report) => {
      try {
        return onReport(report)
      } catch (error) {
        this.#reports.push({ kind: 'callback_threw', callback: 'onReport', session: undefined, error })
        return undefined
      }
    }
  }

  /**
   * Throws the first error of a handler that came up and was not thrown yet. For drivers.
   * @internal
   */
  throwReport(): void {
    const report = this.#reports.shift()
    if (report !== undefined && 'error' in report) throw report.error
  }

  #refuseToAdvance(called: string, instead: string): void {
    if (!this.isDraining) return
    throw new OverworldError(
      'needs_run',
      `${called}: this world was made with promises: true, so time has to be waited for: await world.${instead}(…)`,
    )
  }
}

/** Boots `program` as one input of its shell, if it has one. */
export function bootPlainly(program: ServerProgram, parts: ProgramParts): Server {
  return parts.shell === undefined ? program.boot(parts) : parts.shell.boot(() => program.boot(parts))
}

/** The server of a simulated world, as a program that can be replayed. */
export function simulatedProgram({
  apps,
  zones,
  options,
  onBoot,
  onReport,
}: Pick<ServerParts, 'zones' | 'options' | 'onBoot' | 'onReport'> & {
  readonly apps: readonly AnyApp[]
}): ServerProgram {
  return {
    apps,
    boot({ clock, random, network, shell }) {
      const server = createServer({ clock, random, apps, onReport, shell, ...options })
      // A zone was defined with its own app's messages; which these are does not matter for starting it.
      for (const zone of zones) server.zones.start(zone as ZoneDefinition<Schema, unknown>)
      onBoot?.(server)
      server.listen(network, SERVER_ADDRESSES.websocket)
      server.listen(network, SERVER_ADDRESSES.enet)
      return server
    },
  }
}

/** A client on a machine of its own. Its network faults concern its path to the server alone. */
export class SimulatedClient {
  readonly name: string
  readonly host: Host
  /** Towards the server. */
  readonly uplink: Link
  /** From the server. */
  readonly downlink: Link
  readonly store: TokenStore
  readonly #world: World
  readonly #options: SimulatedClientOptions
  #client: Client | undefined
  #transport: 'websocket' | 'enet'
  #episode: EventHandle | undefined
  /** What has befallen its preset's network at the moment. */
  #trouble: Outage | undefined

  /** Use `world.client`. */
  constructor(world: World, name: string, options: SimulatedClientOptions) {
    this.#world = world
    this.name = name
    this.host = new Host(world.ground, world.network, { ...hostOptions(name, options), promises: world.isDraining })
    this.uplink = world.network.paths.link(this.host, world.serverHost)
    this.downlink = world.network.paths.link(world.serverHost, this.host)
    this.#options = options
    this.#transport = options.transport ?? 'websocket'
    this.store = options.store ?? memoryStore()
    if (options.preset !== undefined) {
      this.usePreset(options.preset)
    } else {
      const link = options.link ?? DEFAULT_LINK
      this.uplink.reset(link)
      this.downlink.reset(options.downlink ?? link)
    }
    this.host.boot((life) => this.#boot(life))
  }

  /** The client of its program's present life; throws `client_ended` while that is dead. */
  get client(): Client {
    if (this.#client === undefined) throw new OverworldError('client_ended', `the program of ${this.name} is dead`)
    return this.#client
  }

  get isUp(): boolean {
    return this.#client !== undefined
  }

  get transport(): 'websocket' | 'enet' {
    return this.#transport
  }

  room<S extends Schema>(app: App<S>): Room<S> {
    return this.client.app(app)
  }

  /** Connects, or goes over to a new connection; from now on over `transport`, if it is given. */
  connect(transport: 'websocket' | 'enet' = this.#transport): void {
    this.#transport = transport
    const { client } = this
    this.host.execute(() => client.connect({ address: SERVER_ADDRESSES[transport] }))
  }

  /** From now on its links are those of a network preset, and what befalls that network befalls them. */
  usePreset(name: string): void {
    const { up, down, episode } = findPreset(name)
    this.endEpisodes()
    this.uplink.reset(up)
    this.downlink.reset(down)
    if (episode === undefined) return
    const { queue } = this.#world.ground
    const nextAt = (ms: number, run: () => void): void => {
      this.#episode = queue.push(queue.nowUs + Math.round(ms * 1000), run)
    }
    const degrade = (link: Partial<LinkSettings>): Outage => {
      this.uplink.set(link)
      this.downlink.set(link)
      return {
        heal: () => {
          this.uplink.reset(up)
          this.downlink.reset(down)
        },
      }
    }
    const begin = (): void => {
      const trouble = episode.link === 'down' ? this.cut() : degrade(episode.link)
      this.#trouble = trouble
      nextAt(episode.lastsMs, () => {
        trouble.heal()
        this.#trouble = undefined
        nextAt(episode.everyMs - episode.lastsMs, begin)
      })
    }
    nextAt(episode.everyMs / 2, begin)
  }

  /** Nothing more befalls its preset's network, and what has is over. */
  endEpisodes(): void {
    this.#episode?.cancel()
    this.#trouble?.heal()
    this.#episode = undefined
    this.#trouble = undefined
  }

  /** Its connections that are open, or on their way to be. */
  get connections(): readonly WorldConnection[] {
    return this.#world.network.connectionsOf(this.host)
  }

  /** Nothing passes for `ms` of virtual time, both ways or one way; connections find out for themselves. Throws `bad_option`. */
  drop(ms: number, direction: 'both' | 'up' | 'down' = 'both'): void {
    checkVirtualMs('drop', ms)
    const outage = this.cut(direction)
    this.#world.after(ms, () => outage.heal())
  }

  /** The same until it is healed. */
  cut(direction: 'both' | 'up' | 'down' = 'both'): Outage {
    const links =
      direction === 'both' ? [this.uplink, this.downlink] : [direction === 'up' ? this.uplink : this.downlink]
    return this.#world.network.paths.takeDown(links)
  }

  /** Packets of the next `ms` wait until these have passed, and then arrive together. */
  clog(ms: number): void {
    this.#world.network.paths.clog([this.uplink, this.downlink], ms)
  }

  /** Its connections break: a stream's other end is told, ENet's go silent. */
  reset(): void {
    for (const connection of this.connections) connection.reset()
  }

  /** What one side sends over its streams ends without a goodbye (FIN): both programs hear 1006. Nothing to ENet. */
  halfClose(side: 'client' | 'server' = 'client'): void {
    for (const connection of this.connections) connection.halfClose(side)
  }

  /** Its connections go silent for ever, and nobody is told. */
  halfOpen(): void {
    for (const connection of this.connections) connection.halfOpen()
  }

  /** Its program reads nothing until it does again. */
  setReading(isReading: boolean): void {
    for (const connection of this.connections) connection.setReading('client', isReading)
  }

  /** NAT rebinding, Wi-Fi to cellular: what is open goes silent, what comes has the new address. */
  rebind(address: string): void {
    this.host.changeAddress(address)
  }

  /** Its program dies: what it has stored is all that is left. */
  kill(options: { readonly connections?: 'silent' | 'reset' } = {}): void {
    this.host.crash(options)
    this.#client = undefined
  }

  /** Its program starts again, with what it had stored; it does not connect by itself. */
  restart(): void {
    if (this.#client === undefined) this.host.restart()
  }

  #boot(life: HostLife): void {
    const { program, decorate } = this.#options
    const plain: ClientParts = { life, clock: life.clock, network: life.network }
    const { clock, network } = decorate?.(plain) ?? plain
    const client = new Client({
      clock,
      random: life.random('client'),
      network,
      address: SERVER_ADDRESSES[this.#transport],
      store: this.store,
      causes: this.#world.ground.causes,
      disconnectTimeout: this.#world.isServerUp ? this.#world.server.options.disconnectTimeout : 5_000,
    })
    this.#client = client
    const { kept } = this.#world
    if (kept !== undefined) client.tap(accountOfClient(kept, this.name))
    const returned = program?.(client, life)
    if (!isThenable(returned) || this.#world.isDraining) return
    catchRejection(returned, () => undefined)
    throw new OverworldError(
      'needs_run',
      `the program of ${this.name} returned a promise: make the world with promises: true, and await world.run(…)`,
    )
  }
}

/** How many events are kept for the account; 0: there is none. */
function checkAccount(account: boolean | number = false): number {
  if (typeof account === 'boolean') return account ? ACCOUNT_EVENTS : 0
  if (Number.isSafeInteger(account) && account >= 1) return account
  throw new OverworldError('bad_option', `account: ${account}: give true, false or an integer from 1`)
}

function hostOptions(name: string, { address, clockOffsetMs, driftPpm }: SimulatedClientOptions): HostOptions {
  return {
    name,
    ...(address !== undefined && { address }),
    ...(clockOffsetMs !== undefined && { clockOffsetMs }),
    ...(driftPpm !== undefined && { driftPpm }),
  }
}
