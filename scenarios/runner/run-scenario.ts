/**
 * Runs a scenario: builds the world, lets the steps happen, heals it, sees everybody off, and judges all of it.
 *
 * The invariants judge while the run goes on; the first that is broken ends it. Equal scenarios (their seed included)
 * give equal runs, byte for byte.
 */
import { OverworldError, type AnyApp, type PartialServerOptions, type Server, type Session } from '../../core/index.ts'
import {
  simulate,
  unkindClock,
  unkindNetwork,
  type SimulateOptions,
  type Unkindness,
  type AnyZone,
  type Outage,
  type ServerParts,
  type World,
} from '../../sim/index.ts'
import { Checks, InvariantBroken, INVARIANTS } from '../invariants.ts'
import { Goals } from '../goals.ts'
import type { ClientNote } from '../observer/client-observer.ts'
import type { ServerCall, Turn } from '../observer/observation.ts'
import type { Buffers } from '../observer/model-state.ts'
import { ReferenceModel } from '../observer/reference-model.ts'
import { ServerObserver } from '../observer/server-observer.ts'
import { toMs, type ClientSetup, type Scenario, type Step } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { misbehave } from './misbehaviour.ts'
import { SimulatedPlayer } from './simulated-player.ts'

export interface RunOptions {
  /** The apps whose zones and bots take part, by the name that a scenario's clients use. */
  readonly apps: readonly SimulatedApp[]
  /** Hears what happens, for an account of the run. */
  readonly onEvent?: (event: RunEvent) => void
  /** Keep every record of the trace? Default: its fingerprint only. */
  readonly storage?: 'none' | 'all'
  /** Receives the world before anything happens in it. */
  readonly onWorld?: (world: World) => void
  /** For recorders: boots each life of the server. */
  readonly boot?: NonNullable<SimulateOptions['boot']>
}

export type RunEvent =
  | { readonly kind: 'step'; readonly atMs: number; readonly step: Step }
  | { readonly kind: 'phase'; readonly atMs: number; readonly phase: 'healed' | 'leaving' | 'stopped' }
  | { readonly kind: 'turn'; readonly atMs: number; readonly turn: Turn }
  | { readonly kind: 'client'; readonly atMs: number; readonly client: string; readonly note: ClientNote }

export interface RunResult {
  readonly scenario: Scenario
  readonly held: boolean
  readonly failure: RunFailure | undefined
  /** 32 hex digits. */
  readonly fingerprint: string
  readonly simulatedSeconds: number
  /** Messages sent by clients and server. */
  readonly messages: number
  /** As they were once the network had healed, or when the run failed. */
  readonly clients: ReadonlyMap<string, ClientOutcome>
  /** How often each invariant was checked. */
  readonly invariants: ReadonlyMap<string, number>
  /** How often each goal was reached. */
  readonly goals: ReadonlyMap<string, number>
}

export interface RunFailure {
  readonly invariant: string
  readonly message: string
  readonly atMs: number
}

export interface ClientOutcome {
  readonly status: string
  readonly sessionId: number | undefined
  readonly zone: string | undefined
}

/** Runs `scenario`. Throws `bad_option` where it names an app or a host that does not exist. */
export function runScenario(scenario: Scenario, options: RunOptions): RunResult {
  const run = new ScenarioRun(scenario, options)
  const phases = run.phases()
  let phase = phases.next()
  while (phase.done !== true) {
    try {
      run.world.advance(phase.value)
    } catch (error) {
      phase = phases.throw(error)
      continue
    }
    phase = phases.next()
  }
  return phase.value
}

/** The healed network. */
const HEALED_LINK = Object.freeze({ delayMs: 20 })
const HEALED_RETRANSMIT_MS = 1_000
/** Client liveness + largest backoff + connect timeout + the longest delay, ten times (design section 10). */
const CLIENT_RETURN_MS = 5_000 + 10_000 + 5_000 + 10 * 20
const REQUEST_TIMEOUT_MS = 5_000
const LIVENESS_MS = 10_000
/** Closing takes a second at most, or until a dial of 5 s is given up; a TCP connection whose peer is gone, longer. */
const NETWORK_RELEASE_MS = 10_000
/** How often it is asked whether everybody is back, or gone. */
const POLL_MS = 100

/** Another network than that of messages. */
export interface RunNetwork {
  readonly make: NonNullable<SimulateOptions['makeNetwork']>
  /** What it still holds on all machines but these, in words; asked when everybody has gone. */
  readonly remaining: (except: ReadonlySet<string>) => string | undefined
}

/** A run, whatever its network is and however time passes on it: for `runScenario` and `runScenarioOnWire`. */
export class ScenarioRun {
  readonly #scenario: Scenario
  readonly #options: RunOptions
  readonly #checks: Checks
  readonly #goals = new Goals()
  readonly #network: RunNetwork | undefined
  readonly world: World
  readonly #players = new Map<string, SimulatedPlayer>()
  readonly #outages = new Set<Outage>()
  readonly #apps = new Map<string, SimulatedApp>()
  #model: ReferenceModel | undefined
  #observer: ServerObserver | undefined
  #watchedZones: readonly AnyZone[] = []
  #serverMessages = 0
  #clients: ReadonlyMap<string, ClientOutcome> = new Map()
  /** How many connections the scenario itself has opened. */
  #strangers = 0

  constructor(scenario: Scenario, options: RunOptions, network?: RunNetwork) {
    this.#network = network
    this.#scenario = scenario
    this.#options = options
    for (const app of options.apps) this.#apps.set(app.app.name, app)
    const ofApps = options.apps.flatMap((app) => Object.keys(app.invariants ?? {}))
    this.#checks = new Checks([...Object.keys(INVARIANTS), ...ofApps])
    this.world = simulate({
      seed: scenario.seed,
      apps: options.apps.map(({ app }) => app as unknown as AnyApp),
      zones: options.apps.map(({ zone }) => zone as unknown as AnyZone),
      server: this.#serverOptions(),
      storage: options.storage ?? 'none',
      decorateServer: (parts) => this.#watchServer(parts),
      ...(network !== undefined && { makeNetwork: network.make }),
      ...(options.boot !== undefined && { boot: options.boot }),
    })
    const { bufferBytes } = scenario.server
    if (bufferBytes !== undefined) {
      this.world.network.configure({ stream: { sendBufferBytes: bufferBytes, receiveBufferBytes: bufferBytes } })
    }
    options.onWorld?.(this.world)
    for (const setup of scenario.clients) this.#addPlayer(setup)
  }

  /** Yields how many ms are to pass; whoever drives it throws in here what came up meanwhile. */
  *phases(): Generator<number, RunResult, void> {
    let failure: RunFailure | undefined
    try {
      this.#scheduleSteps()
      yield this.#scenario.durationMs
      yield* this.#heal()
      this.#clients = this.#outcomes()
      yield* this.#leave()
      yield* this.#stop()
    } catch (error) {
      if (!(error instanceof InvariantBroken)) throw error
      failure = { invariant: error.invariant, message: error.message, atMs: this.world.nowMs }
      this.#clients = this.#outcomes()
    }
    let messages = this.#serverMessages
    for (const player of this.#players.values()) messages += player.observer.said
    return {
      scenario: this.#scenario,
      held: failure === undefined,
      failure,
      fingerprint: this.world.fingerprint,
      simulatedSeconds: this.world.nowMs / 1000,
      messages,
      clients: this.#clients,
      invariants: this.#checks.counts,
      goals: this.#goals.counts,
    }
  }

  // The world

  #serverOptions(): PartialServerOptions {
    const { disconnectTimeoutMs = 5_000, livenessTimeoutMs = LIVENESS_MS } = this.#scenario.server
    return {
      disconnectTimeout: toMs(disconnectTimeoutMs),
      livenessTimeout: livenessTimeoutMs,
      requestTimeout: REQUEST_TIMEOUT_MS,
      ...(this.#buffers !== undefined && {
        limits: { bufferedBytesSoft: this.#buffers.softBytes, bufferedBytesHard: this.#buffers.hardBytes },
      }),
    }
  }

  get #buffers(): Buffers | undefined {
    const { bufferBytes } = this.#scenario.server
    return bufferBytes === undefined ? undefined : { softBytes: bufferBytes, hardBytes: 2 * bufferBytes }
  }

  #watchServer(parts: ServerParts): ServerParts {
    const { tickMs = 100 } = this.#scenario.server
    const { disconnectTimeout = 5_000, livenessTimeout = LIVENESS_MS } = parts.options
    const model = new ReferenceModel({
      checks: this.#checks,
      goals: this.#goals,
      apps: this.#options.apps.map(({ app }) => app as unknown as AnyApp),
      disconnectTimeoutMs: disconnectTimeout,
      livenessTimeoutMs: livenessTimeout,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      tickMs,
      bootedAtMs: parts.clock.now(),
      timersLateMs: this.#unkindness.timersLateMs,
      buffers: this.#buffers,
      allSendsAreReturned: this.#options.apps.every((app) => app.returnsAll === true),
    })
    const random = parts.life.random('unkind')
    const observer = new ServerObserver(unkindClock(parts.clock, random, this.#unkindness), (turn, watched) => {
      for (const output of turn.outputs) if (output.kind === 'send') this.#serverMessages++
      this.#options.onEvent?.({ kind: 'turn', atMs: this.world.nowMs, turn })
      model.handleTurn(turn, watched)
    })
    this.#model = model
    this.#observer = observer
    this.#watchedZones = parts.zones.map((zone) => observer.watchZone(zone))
    return {
      ...parts,
      clock: observer.watchClock(),
      network: observer.watchNetwork(unkindNetwork(parts.network, parts.clock, random, this.#unkindness)),
      zones: this.#watchedZones,
      options: { ...parts.options, disconnectCallback: observer.disconnectCallback },
      onReport: observer.onReport,
    }
  }

  #addPlayer(setup: ClientSetup, copied?: SimulatedPlayer): SimulatedPlayer {
    const app = this.#apps.get(setup.app)
    if (app === undefined) {
      const known = [...this.#apps.keys()].join(', ')
      throw new OverworldError('bad_option', `client '${setup.name}' plays '${setup.app}'; there are ${known}`)
    }
    const { onEvent } = this.#options
    const player = new SimulatedPlayer({
      world: this.world,
      setup,
      app,
      checks: this.#checks,
      unkindness: this.#unkindness,
      isTokenValid: (token) => this.#model?.isTokenValid(token, this.#serverNow()),
      onNote:
        onEvent === undefined
          ? undefined
          : (client, note) => onEvent({ kind: 'client', atMs: this.world.nowMs, client, note }),
      stored: copied?.stored,
    })
    this.#players.set(setup.name, player)
    if (copied !== undefined) {
      player.observer.startWith(copied.observer.token, copied.observer.attempt)
      player.observer.isShared = true
      copied.observer.isShared = true
    }
    this.world.after(setup.startAtMs ?? 0, () => player.connect())
    return player
  }

  get #unkindness(): Unkindness {
    const { timersLateMs = 0, closesLateMs = 0 } = this.#scenario.server
    return { timersLateMs, closesLateMs }
  }

  #serverNow(): number {
    return this.world.isServerUp ? this.world.serverHost.clock.now() : 0
  }

  // The fault phase

  #scheduleSteps(): void {
    for (const step of this.#scenario.steps) {
      this.world.after(step.atMs, () => {
        this.#options.onEvent?.({ kind: 'step', atMs: this.world.nowMs, step })
        this.#perform(step)
      })
    }
  }

  #perform(step: Step): void {
    switch (step.do) {
      case 'connect':
        this.#player(step.client).connect(step.transport)
        return
      case 'disconnect':
        this.#player(step.client).disconnect()
        return
      case 'end':
        this.#player(step.client).end()
        return
      case 'join':
        this.#player(step.client).join()
        return
      case 'part':
        this.#player(step.client).part()
        return
      case 'act':
        this.#player(step.client).act()
        return
      case 'duplicate':
        this.#duplicate(this.#player(step.client))
        return
      case 'reload': {
        const player = this.#player(step.client)
        player.kill(step.store)
        this.world.after(step.afterMs, () => player.restart())
        return
      }
      case 'misbehave':
        misbehave(step.how, this.#player(step.client), ++this.#strangers)
        return
      case 'cut':
        this.#for(step.forMs, this.#player(step.client).machine.cut(step.direction))
        return
      case 'partition':
        for (const client of step.clients) this.#for(step.forMs, this.#player(client).machine.cut())
        return
      case 'mass_disconnect':
        for (const player of this.#players.values()) player.machine.reset()
        return
      case 'mute_beacons':
        this.#for(step.forMs, this.#player(step.client).muteBeacons())
        return
      case 'clog':
        this.#player(step.client).machine.clog(step.forMs)
        return
      case 'reset':
        this.#player(step.client).machine.reset()
        return
      case 'half_open':
        this.#player(step.client).machine.halfOpen()
        return
      case 'rebind':
        this.#player(step.client).machine.rebind(`10.1.${++this.#strangers >> 8}.${this.#strangers & 0xff}`)
        return
      case 'link': {
        const { uplink, downlink } = this.#player(step.client).machine
        uplink.set(step.link)
        downlink.set(step.link)
        return
      }
      case 'slow_reader': {
        const { machine } = this.#player(step.client)
        machine.setReading(false)
        this.#for(step.forMs, { heal: () => machine.setReading(true) })
        return
      }
      case 'pause':
        this.#pause(step.host, step.forMs, step.what ?? 'process')
        return
      case 'crash':
        this.#crashServer(step.forMs, step.connections ?? 'silent')
        return
      case 'drift':
        this.#host(step.host).setDrift(step.ppm)
        return
      case 'clock_jump':
        this.#host(step.host).jumpClock(step.forwardMs)
        if (step.host === 'server') this.#disturbed()
        return
      case 'stop_session':
        this.#withSession(step.client, (session) => {
          this.#call({ kind: 'stop_session', session: session.id }, () => session.stop())
        })
        return
      case 'drop_session':
        this.#withSession(step.client, (session) => {
          this.#call({ kind: 'drop_session', session: session.id }, () => session.disconnect())
        })
        return
      case 'set_timeout': {
        const timeoutMs = toMs(step.timeoutMs)
        this.#withSession(step.client, (session) => {
          this.#call({ kind: 'set_timeout', session: session.id, timeoutMs }, () => {
            session.disconnectTimeout = timeoutMs
          })
        })
        return
      }
      case 'remove':
        this.#withSession(step.client, (session) => {
          this.#call({ kind: 'remove', session: session.id }, () => session.zone?.remove(session))
        })
        return
      case 'restart_zone':
        this.#restartZone(step.app)
        return
    }
  }

  #duplicate(player: SimulatedPlayer): void {
    const name = `${player.name}-tab${++this.#strangers}`
    const setup = this.#scenario.clients.find((client) => client.name === player.name)
    if (setup !== undefined) this.#addPlayer({ ...setup, name, startAtMs: 0 }, player)
  }

  #pause(hostName: string, forMs: number, what: 'process' | 'machine'): void {
    const host = this.#host(hostName)
    // Queued before the pause, so that it is known before anything runs after it.
    if (hostName === 'server') {
      if (forMs >= 1_000) this.#goals.reach('server paused')
      this.world.after(forMs, () => {
        if (this.#isServerPaused) this.#disturbed()
      })
    }
    host.pause({ durationMs: forMs, what })
  }

  #crashServer(forMs: number, connections: 'silent' | 'reset'): void {
    if (!this.world.isServerUp) return
    this.world.crashServer({ connections })
    this.world.after(forMs, () => this.#restartServer())
  }

  #restartServer(): void {
    if (this.world.isServerUp) return
    this.#goals.reach('server restarted')
    this.world.restartServer()
  }

  #restartZone(app: string): void {
    this.#onServer((server) => {
      const index = this.#options.apps.findIndex((simulated) => simulated.app.name === app)
      const definition = this.#watchedZones[index]
      const zone = server.zones.list().find((each) => each.app.name === app)
      if (zone === undefined || definition === undefined) return
      const { name } = zone
      this.#call({ kind: 'stop_zone', zone: name }, () => zone.stop())
      this.#call({ kind: 'start_zone', zone: name }, () => server.zones.start(definition as never, { name }))
    })
  }

  get #isServerPaused(): boolean {
    const { status } = this.world.serverHost
    return status === 'paused' || status === 'asleep'
  }

  /** The server stood still, or its clock leapt: being late proves nothing for a while. */
  #disturbed(): void {
    this.#model?.disturbed(this.#serverNow())
  }

  #call(call: ServerCall, run: () => void): void {
    this.#observer?.call(call, run)
  }

  /** As the server's own code: at once, or after its pause; not at all while it is down. */
  #onServer(run: (server: Server) => void): void {
    this.world.serverHost.execute(() => run(this.world.server))
  }

  #withSession(client: string, run: (session: Session) => void): void {
    this.#onServer((server) => {
      const id = this.#player(client).sessionId
      const session = id === undefined ? undefined : server.sessions.get(id)
      if (session !== undefined && session.status !== 'preconnect') run(session)
    })
  }

  #for(ms: number, outage: Outage): void {
    this.#outages.add(outage)
    this.world.after(ms, () => {
      outage.heal()
      this.#outages.delete(outage)
    })
  }

  #player(name: string): SimulatedPlayer {
    const player = this.#players.get(name)
    if (player !== undefined) return player
    const known = [...this.#players.keys()].join(', ')
    throw new OverworldError('bad_option', `a step names client '${name}'; there are ${known}`)
  }

  #host(name: string): World['serverHost'] {
    return name === 'server' ? this.world.serverHost : this.#player(name).machine.host
  }

  // The healed phase

  *#heal(): Generator<number, void, void> {
    this.#tellPhase('healed')
    const world = this.world
    for (const outage of this.#outages) outage.heal()
    this.#outages.clear()
    for (const player of this.#players.values()) player.machine.endEpisodes()
    world.network.paths.resetAll(HEALED_LINK)
    world.network.configure({
      stream: { retransmitTimeoutMsMax: HEALED_RETRANSMIT_MS },
      enet: { retransmitTimeoutMsMax: HEALED_RETRANSMIT_MS },
    })
    if (this.#isServerPaused) this.#disturbed()
    world.serverHost.resume()
    this.#restartServer()
    for (const player of this.#players.values()) {
      player.machine.host.resume()
      player.machine.setReading(true)
      player.restart()
      player.beLively()
    }
    const boundMs = CLIENT_RETURN_MS + (this.#scenario.server.livenessTimeoutMs ?? LIVENESS_MS)
    const endMs = world.nowMs + boundMs
    let disagreement = this.#disagreement()
    while (disagreement !== undefined && world.nowMs < endMs) {
      yield POLL_MS
      disagreement = this.#disagreement()
    }
    this.#checks.check(
      'healed',
      disagreement === undefined,
      () => `${disagreement}, ${boundMs} ms after the network healed`,
    )
  }

  /** What client and server do not agree on, in words. */
  #disagreement(): string | undefined {
    for (const player of this.#players.values()) {
      if (player.hasEnded) continue
      const { client, name, sessionId } = player
      if (client?.status.kind !== 'connected') return `${name} is ${client?.status.kind ?? 'dead'}`
      const session = sessionId === undefined ? undefined : this.world.server.sessions.get(sessionId)
      if (session?.status !== 'connected') {
        return `${name} believes that it has session ${sessionId}, which is ${session?.status ?? 'gone'}`
      }
      const zone = session.zone?.app.name
      const wanted = player.wantsZone ? player.app.app.name : undefined
      if (zone !== wanted) return `${name} should be in ${wanted ?? 'no zone'}; the server has it in ${zone ?? 'none'}`
      if (player.isInZone !== (zone !== undefined)) return `${name} is in ${zone ?? 'no zone'}, and believes otherwise`
    }
    return undefined
  }

  // The end

  *#leave(): Generator<number, void, void> {
    this.#tellPhase('leaving')
    this.#goals.stop()
    let number = 0
    for (const player of this.#players.values()) {
      if (number++ % 2 === 0) player.end()
      else player.disconnect()
    }
    yield POLL_MS
    let longestMs = 0
    for (const session of this.world.server.sessions) {
      if (session.status === 'preconnect') continue
      if (session.disconnectTimeout === Infinity) {
        this.#call({ kind: 'stop_session', session: session.id }, () => session.stop())
      } else longestMs = Math.max(longestMs, session.disconnectTimeout)
    }
    const liveness = this.#scenario.server.livenessTimeoutMs ?? LIVENESS_MS
    // What was held up before the network healed may still arrive, and is a sign of life when it does.
    const heldUpMs = Math.max(0, ...this.#scenario.steps.map((step) => (step.do === 'clog' ? step.forMs : 0)))
    const endMs = this.world.nowMs + longestMs + Math.max(liveness, REQUEST_TIMEOUT_MS) + heldUpMs + 3_000
    while (this.#remaining() !== undefined && this.world.nowMs < endMs) yield POLL_MS
    const left = this.#remaining()
    this.#checks.check('nothing-remains', left === undefined, () => `everybody has gone, and there ${left}`)
  }

  #remaining(): string | undefined {
    const { server } = this.world
    // The cheapest question first: it is asked every tenth of a second.
    for (const session of server.sessions) return `is still session ${session.id}`
    const { tokens, zoneMembers, connections } = server.stats()
    if (tokens + zoneMembers + connections === 0) return undefined
    return `are still ${tokens} tokens, ${zoneMembers} zone members, ${connections} connections`
  }

  *#stop(): Generator<number, void, void> {
    this.#tellPhase('stopped')
    const { server } = this.world
    let isDone = false
    this.#call({ kind: 'stop_server' }, () => server.stop(() => (isDone = true)))
    yield 2_000
    const { timers, zones, connections } = server.stats()
    this.#checks.check('nothing-remains', isDone && timers + zones + connections === 0, () => {
      return `the server has stopped, and there are still ${timers} timers, ${zones} zones, ${connections} connections`
    })
    if (this.#network === undefined) return
    // A stranger's connection that went silent is nobody's to close.
    const strange = new Set(this.#scenario.steps.flatMap((step) => (step.do === 'misbehave' ? [step.client] : [])))
    const endMs = this.world.nowMs + NETWORK_RELEASE_MS
    while (this.#network.remaining(strange) !== undefined && this.world.nowMs < endMs) yield POLL_MS
    const held = this.#network.remaining(strange)
    this.#checks.check('nothing-remains', held === undefined, () => `everybody has gone, and there are ${held}`)
  }

  #outcomes(): ReadonlyMap<string, ClientOutcome> {
    const outcomes = new Map<string, ClientOutcome>()
    for (const [name, { client, sessionId }] of this.#players) {
      const session =
        sessionId === undefined || !this.world.isServerUp ? undefined : this.world.server.sessions.get(sessionId)
      outcomes.set(name, { status: client?.status.kind ?? 'dead', sessionId, zone: session?.zone?.name })
    }
    return outcomes
  }

  #tellPhase(phase: 'healed' | 'leaving' | 'stopped'): void {
    this.#options.onEvent?.({ kind: 'phase', atMs: this.world.nowMs, phase })
  }
}
