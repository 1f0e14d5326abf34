/**
 * The world that a scenario describes: server and clients on a simulated network, with an observer of each, and the
 * reference model that judges each life of the server. What happens in it is said by `perform-step.ts` and
 * `last-phases.ts`.
 */
import {
  CloseCode,
  OverworldError,
  protocol,
  Shell,
  type AnyApp,
  type InProcessProxy,
  type PartialServerOptions,
  type Proxy,
  type Server,
  type ServerDefaults,
  type ServerProgram,
  type Session,
  type SessionDisconnect,
  type Stored,
  type Tap,
  type ZoneView,
} from '../../core/index.ts'
import {
  beAmbient,
  CoarseClock,
  simulate,
  unkindClock,
  unkindNetwork,
  type Ambient,
  type AnyZone,
  type HostLife,
  type ServerParts,
  type SimulateOptions,
  type Unkindness,
  type World,
} from '../../sim/index.ts'
import { Goals, namesOfGoals } from '../goals.ts'
import { Checks, namesOfInvariants } from '../invariants.ts'
import { BackoffDraws } from '../observer/backoff-draws.ts'
import type { Buffers } from '../observer/model-state.ts'
import type { AskedCall, CallbackFailure, CallbackOf, Output, ServerCall, Turn } from '../observer/observation.ts'
import type { ReferenceModel } from '../observer/reference-model.ts'
import { ServerTap } from '../observer/server-tap.ts'
import { DENIED, prefixOf, readSessionFrame, type SessionFrame } from '../observer/wire.ts'
import { KeptRandom } from '../recorded/kept-random.ts'
import { bootInstead, programOf } from '../own-program.ts'
import { toMs, type ClientSetup, type Misbehaviour, type Scenario } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import type { RunOptions, RunPhase } from './run-result.ts'
import { Draining } from './draining.ts'
import { InFlight } from './in-flight.ts'
import { isLeftAlone } from './is-left-alone.ts'
import { makeReferenceModel, REQUEST_TIMEOUT_MS, zonesOf } from './make-reference-model.ts'
import { misbehave } from './misbehaviour.ts'
import { startNpc, watchedReceiver, type SimulatedNpc } from './simulated-npc.ts'
import { isFull, RunWorld, type Phase } from './run-world.ts'
import { checkStopped } from './stopped-server.ts'
import { SessionNames } from './session-names.ts'
import { SimulatedPlayer } from './simulated-player.ts'
import { Sayings } from './spoken.ts'

const LIVENESS_MS = 10_000
/** In every so many runs a server that has stopped is tried. */
const STOPPED_EVERY = 8

export class ScenarioWorld extends RunWorld<SimulatedPlayer> {
  readonly world: World
  readonly checks: Checks
  readonly goals: Goals
  readonly sayings: Sayings
  readonly names = new SessionNames()
  readonly #inFlight = new InFlight()
  readonly draining: Draining = new Draining(this)
  readonly program: ServerProgram | undefined
  readonly kept: KeptRandom | undefined
  readonly #options: RunOptions
  readonly #apps = new Map<string, SimulatedApp>()
  #model: ReferenceModel | undefined
  #observer: ServerTap | undefined
  #zones: readonly AnyZone[] = []
  #serverMessages = 0
  /** Sessions of the present server that their zone would not have: it refused the last join, or has removed them since. */
  readonly #refused = new Set<number>()
  /**
   * Those that are in no zone, and whose clients have no reason to join again: they were put out, or found no zone to
   * join. Whoever says something is told so, and joins.
   */
  readonly #unaware = new Set<number>()
  readonly #inHand = new Set<number>()
  readonly #connections = new Map<string, Proxy>()
  readonly #ownReceivers = new WeakSet<InProcessProxy>()
  readonly #stoppedZones = new Map<string, ZoneView>()
  /** By the server's own clock. */
  #stoodStillSinceMs = 0
  #life: HostLife | undefined
  #shell: Shell | undefined
  #serverTimers: CoarseClock | undefined
  #serverTimersEveryMs = 0
  readonly #npcs = new Map<string, SimulatedNpc>()
  #npcServer: Server | undefined
  #receivers = 0
  #phase: RunPhase | undefined
  readonly #backoffs: BackoffDraws
  #ambient: Ambient | undefined

  constructor(scenario: Scenario, options: RunOptions, makeNetwork?: SimulateOptions['makeNetwork']) {
    super(scenario)
    this.#options = options
    for (const app of options.apps) this.#apps.set(app.app.name, app)
    this.program = programOf(options.apps)
    const boot =
      this.program === undefined ? options.boot : bootInstead(this.program, options.boot, this.#programDefaults())
    this.sayings = new Sayings(scenario, this.#apps)
    this.checks = new Checks(namesOfInvariants(options.apps))
    this.#backoffs = new BackoffDraws(this.checks)
    const { history } = scenario
    this.kept =
      history &&
      new KeptRandom(history, {
        nowMs: () => this.nowMs,
        whoIsAt: (address) => this.playerAt(address),
        // On real sockets all of them come from one address.
        whoHas: (session) => [...this.players.values()].find(({ sessionId }) => sessionId === session)?.name,
      })
    this.goals = new Goals(namesOfGoals(options.apps))
    const isAmbient = options.apps.some((app) => app.isAmbient === true)
    if (isAmbient && makeNetwork !== undefined) {
      throw new OverworldError(
        'bad_option',
        'a zone that uses the clock of the process runs on the message network only',
      )
    }
    this.world = simulate({
      seed: scenario.seed,
      apps: options.apps.map(({ app }) => app as unknown as AnyApp),
      zones: this.program === undefined ? options.apps.map(({ zone }) => zone as unknown as AnyZone) : [],
      server: this.#serverOptions(),
      onBoot: (server) => this.#startMoreZones(server),
      storage: options.storage ?? 'none',
      promises: options.promises === true,
      decorateServer: (parts) => this.#watchServer(parts),
      ...(isAmbient && { beforeBoot: (world: World) => (this.#ambient = beAmbient(world)) }),
      ...(makeNetwork !== undefined && { makeNetwork }),
      ...(boot !== undefined && { boot }),
    })
    this.throwEarlyBreach()
    const { bufferBytes } = scenario.server
    if (bufferBytes !== undefined) {
      this.world.network.configure({ stream: { sendBufferBytes: bufferBytes, receiveBufferBytes: bufferBytes } })
    }
    try {
      options.onWorld?.(this.world)
      for (const setup of scenario.clients) this.addPlayer(setup)
    } catch (error) {
      this.end()
      throw error
    }
  }

  /** Whatever it has of the process is given back. */
  override end(): void {
    this.#ambient?.uninstall()
    this.#ambient = undefined
  }

  get apps(): readonly SimulatedApp[] {
    return this.#options.apps
  }

  /** The server's, as it is now. */
  override get livenessTimeoutMs(): number {
    return this.world.isServerUp ? this.world.server.options.livenessTimeout : this.#livenessTimeoutMs
  }

  get #livenessTimeoutMs(): number {
    return this.scenario.server.livenessTimeoutMs ?? LIVENESS_MS
  }

  /** Sent by clients and server so far. */
  override get messages(): number {
    let messages = this.#serverMessages
    for (const player of this.players.values()) messages += player.observer.said
    return messages
  }

  /** `copied`: it begins with a copy of what that one stores. Throws `bad_option` where it plays an unknown app. */
  addPlayer(setup: ClientSetup, copied?: SimulatedPlayer): void {
    const app = inVersion(this.#apps.get(setup.app), setup)
    if (app === undefined) {
      const known = [...this.#apps.keys()].join(', ')
      throw new OverworldError('bad_option', `client '${setup.name}' plays '${setup.app}'; there are ${known}`)
    }
    const { onEvent } = this.#options
    const sharing = setup.tabOf === undefined ? undefined : this.player(setup.tabOf)
    const player = new SimulatedPlayer({
      world: this.world,
      setup,
      app,
      checks: this.checks,
      goals: this.goals,
      unkindness: this.#unkindness,
      // Somebody's own program may stop its server whenever it likes.
      isLeftAlone: this.program === undefined && isLeftAlone(this.scenario, setup),
      graceMs: Math.min(5_000, this.disconnectTimeoutMs),
      isOdd: this.scenario.steps.some((step) => step.do === 'oddity' && step.client === setup.name),
      onDecided: this.#options.onDecided,
      backoffs: this.#backoffs,
      isTokenValid: (token) => this.#model?.isTokenValid(token, this.#serverNow()),
      onNote:
        onEvent === undefined
          ? undefined
          : (client, note) => onEvent({ kind: 'client', atMs: this.world.nowMs, client, note }),
      names: this.names,
      inFlight: this.#inFlight,
      stored: copied?.stored,
      user: (copied ?? sharing)?.user,
      store: sharing?.store,
    })
    this.players.set(setup.name, player)
    if (copied !== undefined) {
      player.beWhere(copied)
      player.observer.startWith(copied.observer, 'copy')
    }
    if (sharing !== undefined) {
      player.beWhere(sharing)
      sharing.store.isShared = true
      player.observer.startWith(sharing.observer, 'same store')
    }
    // Where everybody has been seen off already, nobody comes any more.
    this.world.after(setup.startAtMs ?? 0, () => {
      if (this.#phase === undefined || this.#phase === 'healed') player.connect()
    })
  }

  /** Throws `bad_option` where there is none of this name. */
  app(name: string): SimulatedApp {
    const app = this.#apps.get(name)
    if (app !== undefined) return app
    throw new OverworldError('bad_option', `a step names app '${name}'; there are ${[...this.#apps.keys()].join(', ')}`)
  }

  /** At the server's present life. */
  override get openConnections(): number {
    return this.#observer?.openConnections ?? 0
  }

  /** A new receiver for a session without a connection, seen by the server's observer. */
  receiver(): { readonly number: number; readonly proxy: InProcessProxy } {
    const number = ++this.#receivers
    const observer = this.#observer
    const proxy = watchedReceiver(
      {
        delivered: (type, form, failure) => {
          observer?.write({ kind: 'delivered', receiver: number, type, form, failure })
          return observer?.fail(failure, 'deliver')
        },
        closed: (code) => observer?.write({ kind: 'let_go', receiver: number, code }),
      },
      number % 3 === 0,
    )
    this.#ownReceivers.add(proxy)
    return { number, proxy }
  }

  /** Within `done` of a drain: fails in the way that it is told. */
  override failAsDone(failure: CallbackFailure | undefined): undefined {
    this.#observer?.write({ kind: 'drain_done', failure })
    return this.#observer?.fail(failure, 'done')
  }

  /** A callback for a session of its own, seen by the server's observer. */
  disconnectCallback(callback: CallbackOf): SessionDisconnect | undefined {
    return callback === 'none' ? undefined : this.#observer?.disconnectCallback(callback)
  }

  /** What its `gameData` is, only its zone knows. */
  hasDataOfZone(session: Session): boolean {
    return this.#observer?.hasDataOfZone(session) === true
  }

  /** A zone that has stopped in this life of the server. */
  stoppedZone(app: string): ZoneView | undefined {
    return this.#stoppedZones.get(app)
  }

  /** A connection from this client's machine over which nobody has asked for a session. */
  strangerOf(
    client: string,
  ): { readonly session: number; readonly connection: number; readonly proxy: Proxy } | undefined {
    for (const { id, status, proxy } of this.world.server.sessions) {
      if (status !== 'preconnect' || proxy === undefined || !('connection' in proxy) || proxy.isClosing) continue
      const connection = proxy.connection.number
      if (connection !== undefined && this.whoIsAt(proxy.connection.remoteAddress) === client) {
        return { session: id, connection, proxy }
      }
    }
    return undefined
  }

  zoneStopped(zone: ZoneView): void {
    this.#stoppedZones.set(zone.app.name, zone)
  }

  /** The connection that a client had when this was last asked, if it has closed since; from now on its present one. */
  connectionOnceOf(client: string, { proxy }: Session): Proxy | undefined {
    const before = this.#connections.get(client)
    const hasClosed = before !== undefined && before !== proxy && 'connection' in before && before.isClosing
    if (!hasClosed && proxy !== undefined) this.#connections.set(client, proxy)
    return hasClosed ? before : undefined
  }

  /** The game's own code has taken this session in hand: where it is, its client does not decide alone. */
  takeInHand({ id }: Session): void {
    this.#inHand.add(id)
  }

  override isInHand(session: number): boolean {
    return this.#inHand.has(session)
  }

  /** The NPC of that name, if it has been started in this life of the server; `start`: starts it otherwise. */
  npc(name: string, app: string, start: boolean): SimulatedNpc | undefined {
    const { server } = this.world
    if (this.#npcServer !== server) this.#npcs.clear()
    this.#npcServer = server
    const known = this.#npcs.get(name)
    if (known !== undefined || !start || this.#life === undefined) return known
    const npc = startNpc(this, this.app(app), this.#life.random(`npc ${this.#receivers}`))
    if (npc !== undefined) this.#npcs.set(name, npc)
    return npc
  }

  /** All of them, for the end. */
  override get npcs(): Iterable<SimulatedNpc> {
    return this.#npcServer === this.world.server ? this.#npcs.values() : []
  }

  /** A call of the server's API, seen by its observer. */
  override call(call: ServerCall, run: () => void): void {
    this.#observer?.call(call, run)
  }

  /** Whether the zone would not have this session when it last wanted to join, or has removed it since. */
  isRefused(session: number): boolean {
    return this.#refused.has(session)
  }

  /** Whether it is in no zone, and its client has no reason yet to join again. */
  isUnaware(session: number): boolean {
    return this.#unaware.has(session)
  }

  /** The zone that the server starts for an app when it boots. */
  zoneOf(app: string): AnyZone | undefined {
    return this.#zones[this.#options.apps.findIndex((simulated) => simulated.app.name === app)]
  }

  /** What the server has counted is what its observer has counted. */
  override checkCounters(): void {
    const difference = this.#model?.findMiscount(this.world.server.stats())
    this.checks.check('counters-honest', difference === undefined, () => `the server's counter ${difference}`)
  }

  /** From now on the server stands still, or its clock is about to leap. */
  override standsStill(): void {
    if (!this.isServerPaused) this.#stoodStillSinceMs = this.#serverNow()
  }

  /** Whether no session can be alive; undefined where nobody can tell, or being late proves nothing now. */
  override get isEmpty(): boolean | undefined {
    const isJudged = !this.isServerPaused && this.#model?.isLenientAt(this.#serverNow()) === false
    return isJudged ? this.#model?.isEmpty : undefined
  }

  /** It has, until now: being late proves nothing for a while. */
  override disturbed(): void {
    this.#model?.disturbed(this.#serverNow(), this.#stoodStillSinceMs)
  }

  /** From now on the server's timers come at whole multiples of `everyMs` only; 0: in time. */
  override setServerTimersEvery(everyMs: number): void {
    this.#serverTimersEveryMs = everyMs
    this.#model?.timersEvery(everyMs, this.#serverNow())
    this.#serverTimers?.setEvery(everyMs)
  }

  /** It takes a while, and what it finds it finds soon. */
  override *whenStopped(): Phase {
    if (this.scenario.seed % STOPPED_EVERY === 0) yield* checkStopped(this)
  }

  override *beforeSteps(): Phase {
    // Clients begin by themselves.
  }

  override *whenHealed(): Phase {
    // The reference model has judged all along.
  }

  override *whenGone(): Phase {
    // Nothing is left to be looked at.
  }

  override misbehave(how: Misbehaviour, player: SimulatedPlayer, number: number): void {
    misbehave(how, player, { apps: this.apps, number })
  }

  override duplicate(original: SimulatedPlayer, name: string): void {
    const setup = this.scenario.clients.find((client) => client.name === original.name)
    if (setup !== undefined) this.addPlayer({ ...setup, name, startAtMs: 0 }, original)
  }

  override findDisagreement(): string | undefined {
    const connected = new Map<unknown, string>()
    for (const player of this.players.values()) {
      if (player.hasEnded) continue
      const { client, name, sessionId } = player
      if (client?.status.kind === 'waiting' && client.status.code === CloseCode.full && isFull(this)) continue
      if (client?.status.kind !== 'connected') return `${name} is ${client?.status.kind ?? 'dead'}`
      const other = connected.get(player.store)
      if (other !== undefined) return `${name} and ${other} have one store, and both are connected`
      connected.set(player.store, name)
      const session = sessionId === undefined ? undefined : this.world.server.sessions.get(sessionId)
      if (session?.status !== 'connected') {
        return `${name} believes that it has session ${sessionId}, which is ${session?.status ?? 'gone'}`
      }
      // Which zone takes or keeps whom only the program knows.
      if (this.program !== undefined) continue
      const zone = session.zone?.app.name
      const wanted = player.wantsZone ? player.app.app.name : undefined
      // A zone that has stopped itself, and nobody has started another: there is nothing to be in.
      const isWantedInVain =
        wanted !== undefined && !this.world.server.zones.list().some(({ app }) => app.name === wanted)
      if (zone === undefined && isWantedInVain) continue
      // Wherever the game's own code has put it, or whom it plays for.
      if (this.isInHand(session.id) || player.playsForAnother || player.managesItself) continue
      // Where the zone has refused or removed it, nobody knows but the zone; who says nothing is not told that it is out.
      if (zone === undefined && (this.isRefused(session.id) || this.isUnaware(session.id))) continue
      // Someone else with the same session may have joined or left, and a script does not react to that.
      if (player.isScripted && player.observer.isShared) continue
      if (zone !== wanted) return `${name} should be in ${wanted ?? 'no zone'}; the server has it in ${zone ?? 'none'}`
      if (player.isInZone !== (zone !== undefined)) return `${name} is in ${zone ?? 'no zone'}, and believes otherwise`
    }
    return undefined
  }

  override tellPhase(phase: RunPhase): void {
    this.#phase = phase
    if (phase === 'leaving') this.kept?.end(undefined)
    this.#options.onEvent?.({ kind: 'phase', atMs: this.world.nowMs, phase })
  }

  /** As a recorder runs it: it is one input of the server, for which the clock stands still. */
  override asCommand(name: string, args: readonly unknown[], run: () => void): void {
    this.#shell?.program(name, args, run)
  }

  #serverNow(): number {
    return this.world.isServerUp ? this.world.serverHost.clock.now() : 0
  }

  #serverOptions(): PartialServerOptions {
    const stated = this.#statedOptions()
    return {
      disconnectTimeout: 5_000,
      livenessTimeout: this.#livenessTimeoutMs,
      requestTimeout: REQUEST_TIMEOUT_MS,
      ...stated,
      // What one machine hoards is judged by the places that all have together.
      limits: { sessionsPerAddress: Infinity, ...stated.limits },
    }
  }

  /**
   * For what the program itself says nothing of. Where bots play, the fuzzer has drawn the scenario's settings for a server of its
   * own; otherwise they come from a recording of the program, or from a person.
   */
  #programDefaults(): ServerDefaults {
    return this.#options.apps.every(({ isBotless }) => isBotless === true) ? this.#statedOptions() : {}
  }

  #statedOptions(): Omit<PartialServerOptions, 'disconnectCallback'> {
    const { disconnectTimeoutMs, livenessTimeoutMs, beaconIntervalMs, sessionsMax } = this.scenario.server
    const { connectionsMax, preconnectsPerAddressMax, messagesPerSecondMax, bytesPerSecondMax } = this.scenario.server
    return {
      ...(disconnectTimeoutMs !== undefined && { disconnectTimeout: toMs(disconnectTimeoutMs) }),
      ...(livenessTimeoutMs !== undefined && { livenessTimeout: livenessTimeoutMs }),
      ...(beaconIntervalMs !== undefined && { beaconIntervalMs }),
      limits: {
        ...(this.#buffers !== undefined && {
          bufferedBytesSoft: this.#buffers.softBytes,
          bufferedBytesHard: this.#buffers.hardBytes,
        }),
        ...(sessionsMax !== undefined && { sessions: sessionsMax }),
        ...(connectionsMax !== undefined && { connections: connectionsMax }),
        ...(preconnectsPerAddressMax !== undefined && { preconnectsPerAddress: preconnectsPerAddressMax }),
        ...(messagesPerSecondMax !== undefined && { messagesPerSecond: messagesPerSecondMax }),
        ...(bytesPerSecondMax !== undefined && { bytesPerSecond: bytesPerSecondMax }),
      },
    }
  }

  get #buffers(): Buffers | undefined {
    const { bufferBytes } = this.scenario.server
    return bufferBytes === undefined ? undefined : { softBytes: bufferBytes, hardBytes: 2 * bufferBytes }
  }

  get #unkindness(): Unkindness {
    const { timersLateMs = 0, closesLateMs = 0 } = this.scenario.server
    return { timersLateMs, closesLateMs }
  }

  /** The first of each is started already. */
  #startMoreZones(server: Server): void {
    for (const simulated of this.#options.apps) {
      const { app, route } = simulated
      const definition = this.zoneOf(app.name)
      for (const { name } of zonesOf(simulated).slice(1)) server.zones.start(definition as never, { name })
      if (route === undefined) continue
      server.zones.route(app, (message, session) => route(message as never, session, server.zones.list(app)))
    }
  }

  /** For each life of the server. */
  #watchServer(parts: ServerParts): ServerParts {
    this.#refused.clear()
    this.#unaware.clear()
    this.#inHand.clear()
    this.names.reset()
    this.#inFlight.reset()
    this.#connections.clear()
    this.#stoppedZones.clear()
    const model =
      this.program === undefined
        ? makeReferenceModel({
            scenario: this.scenario,
            apps: this.#options.apps,
            checks: this.checks,
            goals: this.goals,
            buffers: this.#buffers,
            livenessTimeoutMs: this.#livenessTimeoutMs,
            timersLateMs: this.#unkindness.timersLateMs,
            bootedAtMs: parts.clock.now(),
          })
        : undefined
    const random = parts.life.random('unkind')
    const clock = new CoarseClock(unkindClock(parts.clock, random, this.#unkindness))
    this.#serverTimers = clock
    clock.setEvery(this.#serverTimersEveryMs)
    model?.timersEvery(this.#serverTimersEveryMs, parts.clock.now())
    const kept = this.kept?.begin({ random: parts.random, isDrawingToken: () => shell.isDrawingToken })
    const shell: Shell = new Shell({ ...parts, clock, ...kept })
    const around = {
      clock,
      shell,
      knowsZones: model !== undefined,
      numberReceiver: () => ++this.#receivers,
      isOwnReceiver: (receiver: InProcessProxy) => this.#ownReceivers.has(receiver),
      whoIsAt: (address: string) => this.whoIsAt(address),
    }
    const observer = new ServerTap(around, (turn, watched) => {
      try {
        for (const output of turn.outputs) this.#note(output, turn)
        this.#options.onEvent?.({ kind: 'turn', atMs: this.world.nowMs, turn })
        if (model === undefined) this.#checkThrows()
        else model.handleTurn(turn, watched)
      } catch (error) {
        this.breakWith(error)
      }
    })
    this.#life = parts.life
    this.#shell = shell
    this.#model = model
    shell.taps.add(observer)
    const { onDecided } = this.#options
    if (onDecided !== undefined) shell.taps.add(sessionDecisions(onDecided))
    this.#observer = observer
    this.#zones = parts.zones
    return {
      ...parts,
      clock,
      shell,
      network: unkindNetwork(parts.network, parts.clock, random, this.#unkindness),
      options: { ...parts.options, disconnectCallback: observer.disconnectCallback('server') },
      // The observer sees them all, but for those about itself.
      onReport: (report) => {
        if (report.kind === 'callback_threw' && report.callback === 'tap') this.breakWith(report.error)
      },
    }
  }

  /** What the program's own zones throw is known by its number alone. */
  #checkThrows(): void {
    // The first server boots before there is a world.
    const world = this.world as World | undefined
    if (world?.isServerUp !== true) return
    const { throwsTotal } = this.world.server.stats()
    this.checks.check('handlers-do-not-throw', throwsTotal === 0, () => {
      return `a handler or a callback of the program threw: its onReport was told what`
    })
  }

  #noteFrame(frame: SessionFrame, connection: number): void {
    if (frame.type === 'new') {
      const session = this.world.server.sessions.get(frame.id)
      if (session !== undefined) this.names.sent(frame.token, session)
      this.#inFlight.tokenSent(frame.token, connection, frame.id)
    } else if (frame.type === 'denied' && (frame.reason === DENIED.no_zone || frame.reason === DENIED.unknown_zone)) {
      const session = this.#sessionAt(connection)
      if (session === undefined) return
      if (frame.reason === DENIED.no_zone) this.#unaware.delete(session.id)
      else this.#unaware.add(session.id)
    }
  }

  #sessionAt(connection: number): Session | undefined {
    for (const session of this.world.server.sessions) {
      const { proxy } = session
      if (proxy === undefined || !('connection' in proxy)) continue
      if (proxy.connection.number === connection) return session
    }
    return undefined
  }

  #note(output: Output, { input, outputs }: Turn): void {
    if (output.kind === 'send') {
      this.#serverMessages++
      if (prefixOf(output.bytes) === protocol.prefix) this.#noteFrame(readSessionFrame(output.bytes), output.connection)
      else this.#inFlight.sent(output.bytes, output.connection)
    }
    if (output.kind === 'called' && isMove(output.call)) this.#inHand.add(output.call.session)
    if (output.kind !== 'handler' || output.session === undefined) return
    const { handler, session, failure, reason } = output
    if (handler === 'handlePart') this.#unaware.add(session)
    else if (handler === 'handleJoin' && failure === undefined) this.#unaware.delete(session)
    // What a zone does to its members of its own accord, its clients hear of.
    if (handler === 'handleJoin' && input.kind === 'message') {
      const isMove = outputs.some((other) => isPart(other, session))
      this.#inFlight.joined(input.connection, session, isMove)
    }
    if (handler === 'handleJoin' && failure === undefined) this.#refused.delete(session)
    else if (handler === 'handleJoin' || reason === 'removed') this.#refused.add(session)
  }
}

function sessionDecisions(onDecided: NonNullable<RunOptions['onDecided']>): Tap {
  return {
    status: (_session, from, _to, event) => {
      if (from !== undefined && event !== undefined) onDecided('session', from, event)
    },
    eventIgnored: ({ status }, event) => onDecided('session', status, event),
  }
}

/** An app as a client has it. Throws `bad_option` where the app has no such version. */
function inVersion(app: SimulatedApp | undefined, { name, version }: ClientSetup): SimulatedApp | undefined {
  if (app === undefined || version === undefined) return app
  const other = app.versions?.[version]
  if (other === undefined) {
    throw new OverworldError('bad_option', `client '${name}' has the ${version} '${app.app.name}', and there is none`)
  }
  return { ...app, ...other }
}

function isPart(output: Output, session: number): boolean {
  return output.kind === 'handler' && output.handler === 'handlePart' && output.session === session
}

/** The game's own code has decided where a session is, or who gets its messages. */
function isMove(call: AskedCall): call is Extract<AskedCall, { readonly session: number }> {
  return call.kind === 'npc' ? call.what === 'return' : call.kind === 'act' && !call.what.startsWith('rpc.')
}

/** After a restart of the server another session may have the number that a client remembers. */
export function isOwn({ token }: Session, stored: Stored | undefined): boolean {
  const known = stored?.session?.token
  return token?.length === known?.length && token?.every((byte, at) => byte === known?.[at]) === true
}
