/**
 * The world of a game's run: the program that production runs, clients that are the game's own, and the rules that judge
 * what zones and clients do. What sessions do is the core's business, which its own campaigns judge.
 */
import { CloseCode, Shell, type LiveZone, type ServerProgram, type Session } from '../../core/index.ts'
import {
  bootPlainly,
  CoarseClock,
  simulate,
  unkindClock,
  unkindNetwork,
  type HostLife,
  type ServerParts,
  type SimulateOptions,
  type Unkindness,
  type World,
} from '../../sim/index.ts'
import { Goals } from '../goals.ts'
import type { CallbackFailure, ServerCall } from '../observer/observation.ts'
import { ServerTap } from '../observer/server-tap.ts'
import { strictProgram } from '../../core/strict-program.ts'
import { bootInstead } from '../own-program.ts'
import { Draining } from '../runner/draining.ts'
import type { RunOptions, RunPhase } from '../runner/run-result.ts'
import { isFull, RunWorld, type Phase } from '../runner/run-world.ts'
import type { Misbehaviour, Scenario, TransportChoice } from '../scenario.ts'
import type { Game } from './define-game.ts'
import { GameChecks } from './game-checks.ts'
import { goalsOfGame } from './game-goals.ts'
import { grow } from './growth.ts'
import { GamePlayer } from './game-player.ts'
import { GameTap } from './game-tap.ts'
import { FORGOTTEN_MS } from './gone-rules.ts'
import { GameClock, HeldTimers } from './held-timers.ts'
import { otherNames, withoutNames, type Naming } from './same-state.ts'
import { Settling } from './settling.ts'
import { misbehaveAsStranger } from '../runner/strangers.ts'
import { Traffic } from './traffic.ts'
import { WatchedViews } from './watched-views.ts'
import { ZoneViews } from './zone-views.ts'

export interface GameRunOptions extends RunOptions {
  readonly game: Game
  /** Where its server listens, as was found out before. Default: on both. */
  readonly transports?: readonly TransportChoice[]
  /** The id of the first session of each life of the server; default: drawn, above a million. */
  readonly firstSessionId?: number
  /** What clients are called by their program; default: their names. */
  readonly aliasOf?: (name: string) => string
}

/** So long (ms) after a session has come back a run settles, if nothing is broken then. */
const SETTLES_AFTER_MS = 10_000
const BOTH: readonly TransportChoice[] = ['websocket', 'enet']
/** Above a million, and below the numbers that take a byte more on the wire. */
export const FIRST_IDS = { from: 1_000_000, to: 2_000_000 }
/** A life of a server has fewer. */
const SESSIONS_MAX = 5_000
/** In one of so many runs everybody waits until sessions must be forgotten. */
const FORGETS_EVERY = 4

export class GameWorld extends RunWorld<GamePlayer> {
  readonly world: World
  readonly checks: GameChecks
  readonly goals: Goals
  readonly draining: Draining = new Draining(this)
  readonly program: ServerProgram
  readonly kept = undefined
  /** What is broken for a while. Set by the steps of the run. */
  hasOutages: () => boolean = () => false
  readonly #options: GameRunOptions
  readonly #held = new HeldTimers()
  readonly #traffic: Traffic
  readonly #views = new ZoneViews()
  readonly #settling: Settling
  /** For an account of the run. */
  readonly #watched: WatchedViews | undefined
  readonly #firstSessionId: number
  #tap: GameTap | undefined
  #observer: ServerTap | undefined
  #clock: GameClock | undefined
  #coarse: CoarseClock | undefined
  #timersEveryMs = 0
  #serverMessages = 0
  #phase: RunPhase | undefined
  #finalStates: readonly unknown[] = []

  constructor(scenario: Scenario, options: GameRunOptions, makeNetwork?: SimulateOptions['makeNetwork']) {
    super(scenario)
    const { game, transports = BOTH } = options
    this.#options = options
    this.program = game.program
    this.checks = new GameChecks(game, (sessionId) => this.#nameOf(sessionId))
    this.goals = new Goals(goalsOfGame(game))
    const span = FIRST_IDS.to - FIRST_IDS.from
    this.#firstSessionId = options.firstSessionId ?? FIRST_IDS.from + (scenario.seed % span)
    this.#traffic = new Traffic(() => this.nowMs)
    const { onEvent, aliasOf = (name: string) => name } = options
    this.#watched =
      onEvent &&
      new WatchedViews(game, this.#views, this.players, (note) => onEvent({ kind: 'view', atMs: this.nowMs, note }))
    this.world = simulate({
      seed: scenario.seed,
      apps: game.program.apps,
      promises: options.promises === true,
      storage: options.storage ?? 'none',
      decorateServer: (parts) => this.#decorate(parts),
      boot: bootInstead(strictProgram(game.program), options.boot ?? bootPlainly),
      ...(makeNetwork !== undefined && { makeNetwork }),
    })
    this.throwEarlyBreach()
    const { isJudged = true } = options
    this.#settling = new Settling({
      world: this.world,
      game,
      checks: this.checks,
      goals: this.goals,
      players: this.players,
      held: this.#held,
      traffic: this.#traffic,
      views: this.#views,
      tap: () => this.#tap,
      clock: () => this.#clock,
      isJudged,
      onSettled: () => this.goals.reach('settled'),
    })
    options.onWorld?.(this.world)
    for (const setup of scenario.clients) {
      const player = new GamePlayer({
        world: this.world,
        game,
        setup,
        alias: aliasOf(setup.name),
        checks: this.checks,
        goals: this.goals,
        held: this.#held,
        traffic: this.#traffic,
        unkindness: this.#unkindness,
        transports,
        onNote:
          onEvent === undefined
            ? undefined
            : (client, note) => onEvent({ kind: 'client', atMs: this.world.nowMs, client, note }),
        onRan: this.#watched && ((ran) => this.#watched?.clientRan(ran)),
      })
      this.players.set(setup.name, player)
    }
  }

  /** The zones of the server that runs now. */
  get zones(): Iterable<LiveZone> {
    return this.#tap?.zones ?? []
  }

  get game(): Game {
    return this.#options.game
  }

  get transports(): readonly TransportChoice[] {
    return this.#options.transports ?? BOTH
  }

  get tap(): GameTap | undefined {
    return this.#tap
  }

  get firstSessionId(): number {
    return this.#firstSessionId
  }

  override get messages(): number {
    let messages = this.#serverMessages + (this.#tap?.said ?? 0)
    for (const player of this.players.values()) messages += player.said
    return messages
  }

  override get openConnections(): number {
    return this.#tap?.openConnections ?? 0
  }

  override get isEmpty(): undefined {
    return undefined
  }

  override get livenessTimeoutMs(): number {
    return this.world.isServerUp ? this.world.server.options.livenessTimeout : 10_000
  }

  override get npcs(): Iterable<never> {
    return []
  }

  override misbehave(how: Misbehaviour, player: GamePlayer, number: number): void {
    const [app] = this.program.apps
    if (app !== undefined) misbehaveAsStranger(how, { host: player, app, number })
  }

  override duplicate(): void {
    // What two tabs of one page do is up to the page.
  }

  override call(call: ServerCall, run: () => void): void {
    if (this.#observer === undefined) run()
    else this.#observer.call(call, run)
  }

  override failAsDone(failure: CallbackFailure | undefined): undefined {
    this.#observer?.write({ kind: 'drain_done', failure })
    return undefined
  }

  override checkCounters(): void {
    // The core's own campaigns do that.
  }

  override standsStill(): void {
    // Being late is no fault here.
  }

  override disturbed(): void {
    // Neither is it afterwards.
  }

  override setServerTimersEvery(everyMs: number): void {
    this.#timersEveryMs = everyMs
    this.#coarse?.setEvery(everyMs)
  }

  override isInHand(): boolean {
    return false
  }

  override tellPhase(phase: RunPhase): void {
    this.#phase = phase
    this.#settling.disturb()
    this.#options.onEvent?.({ kind: 'phase', atMs: this.world.nowMs, phase })
  }

  /** A step has been performed. */
  faultHappened(): void {
    this.#settling.disturb()
  }

  override findDisagreement(): string | undefined {
    for (const player of this.players.values()) {
      if (player.hasEnded) continue
      const { client, name, sessionId } = player
      if (player.dialsItself) {
        if (this.#hasSessionFrom(player)) continue
        return `${name} dials by itself, and has no session that is connected`
      }
      if (client?.status.kind === 'waiting' && client.status.code === CloseCode.full && isFull(this)) continue
      if (client?.status.kind !== 'connected') return `${name} is ${client?.status.kind ?? 'dead'}`
      if (player.session !== undefined) continue
      const session = sessionId === undefined ? undefined : this.world.server.sessions.get(sessionId)
      const status = session?.status === 'connected' ? 'not connected to it' : session?.status
      return `${name} believes that it has session ${sessionId}, which is ${status ?? 'gone'}`
    }
    return undefined
  }

  override *beforeSteps(): Phase {
    if (this.scenario.isEndurance !== true) return
    yield* grow({
      world: this.world,
      checks: this.checks,
      players: this.players,
      zones: () => this.zones,
      joins: () => this.#tap?.joins ?? 0,
    })
    for (const player of this.players.values()) player.connect()
  }

  override *whenHealed(): Phase {
    yield* this.#settling.settle({ takesOver: true })
    this.#finalStates = [...this.zones].map(({ name, state }) => ({
      zone: name,
      state: withoutNames(state, this.#naming),
    }))
  }

  /** The states of all zones when the run had settled at last, without ids and names. */
  get finalStates(): readonly unknown[] {
    return this.#finalStates
  }

  get #naming(): Naming {
    const { aliasOf = (name: string) => name } = this.#options
    const names = new Map([...this.players.keys()].map((name) => [name, [name, otherNames([name])?.get(name) ?? name]]))
    for (const name of this.players.keys()) names.get(name)?.push(aliasOf(name))
    return { firstId: this.#firstSessionId, idsEnd: this.#firstSessionId + SESSIONS_MAX, names }
  }

  override *whenGone(): Phase {
    if (this.scenario.seed % FORGETS_EVERY === 0) yield FORGOTTEN_MS + 1
  }

  override *whenStopped(): Phase {
    // The core's own campaigns try a server that has stopped.
  }

  override end(): void {
    // It has nothing of the process.
  }

  get #unkindness(): Unkindness {
    const { timersLateMs = 0, closesLateMs = 0 } = this.scenario.server
    return { timersLateMs, closesLateMs }
  }

  /** For each life of the server. */
  #decorate(parts: ServerParts): ServerParts {
    const { game, isJudged = true } = this.#options
    const { life } = parts
    this.#serverMessages += this.#tap?.said ?? 0
    for (const player of this.players.values()) player.serverDied()
    const random = life.random('unkind')
    const coarse = new CoarseClock(unkindClock(parts.clock, random, this.#unkindness))
    coarse.setEvery(this.#timersEveryMs)
    const clock = new GameClock(coarse, life, this.#held)
    const shell = new Shell({ ...parts, clock, firstSessionId: this.#firstSessionId })
    const tap = new GameTap({
      game,
      checks: this.checks,
      goals: this.goals,
      clock,
      traffic: this.#traffic,
      views: this.#views,
      isJudged,
      breakWith: (error) => this.breakWith(error),
      onRan: this.#watched && ((ran) => this.#tellViews(ran)),
      onGone: (session) => this.#checkForgotten(session, life),
      onReturned: () => this.#settleLater(life),
    })
    shell.taps.add(tap)
    this.#coarse = coarse
    this.#clock = clock
    this.#tap = tap
    this.#observer = this.#watch(shell, clock)
    return {
      ...parts,
      clock,
      shell,
      network: unkindNetwork(parts.network, parts.clock, random, this.#unkindness),
    }
  }

  #tellViews(tap: GameTap): void {
    const world = this.world as World | undefined
    if (world?.isServerUp === true && tap === this.#tap) this.#watched?.serverRan(tap, world.server.sessions)
  }

  /** For an account of the run. */
  #watch(shell: Shell, clock: GameClock): ServerTap | undefined {
    const { onEvent } = this.#options
    if (onEvent === undefined) return undefined
    let receivers = 0
    const around = {
      clock,
      shell,
      knowsZones: true,
      numberReceiver: () => ++receivers,
      isOwnReceiver: () => false,
      whoIsAt: (address: string) => this.whoIsAt(address),
    }
    const observer = new ServerTap(around, (turn) => onEvent({ kind: 'turn', atMs: this.nowMs, turn }))
    shell.taps.add(observer)
    return observer
  }

  #checkForgotten(session: Session, life: HostLife): void {
    const tap = this.#tap
    this.world.after(FORGOTTEN_MS, () => {
      if (life.isAlive && tap !== undefined) tap.gone.checkForgotten(session, tap.zones)
    })
  }

  #settleLater(life: HostLife): void {
    if (this.#phase !== undefined) return
    this.world.after(SETTLES_AFTER_MS, () => {
      if (life.isAlive && this.#phase === undefined && !this.#isBroken) {
        this.#drive(this.#settling.settle({ takesOver: false }))
      }
    })
  }

  /** Something is broken at this moment. */
  get #isBroken(): boolean {
    if (this.hasOutages() || this.isServerPaused || !this.world.isServerUp) return true
    return [...this.players.values()].some(({ machine }) => machine.host.status !== 'running')
  }

  /** Runs a phase beside what else happens. */
  #drive(phase: Phase): void {
    const { done, value } = phase.next()
    if (done !== true) this.world.after(value, () => this.#drive(phase))
  }

  #hasSessionFrom({ machine }: GamePlayer): boolean {
    for (const { status, proxy } of this.world.server.sessions) {
      if (status !== 'connected' || proxy === undefined || !('connection' in proxy)) continue
      if (proxy.connection.remoteAddress === machine.host.address) return true
    }
    return false
  }

  /** The client that has, or had, this session. */
  #nameOf(sessionId: number): string | undefined {
    if (this.players.size === 0) return undefined
    const proxy = this.world.isServerUp ? this.world.server.sessions.get(sessionId)?.proxy : undefined
    const address = proxy !== undefined && 'connection' in proxy ? proxy.connection.remoteAddress : undefined
    for (const player of this.players.values()) {
      if (player.machine.host.address === address || player.hasHad(sessionId)) return player.name
    }
    return undefined
  }
}
