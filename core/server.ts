/**
 * A server: the sessions, apps and zones that share one clock, one randomness and one queue of turns. It does no I/O;
 * `listen` hands it connections from whatever network it is given.
 *
 * @example
 * const server = createServer({ clock, random, apps: [chat], onReport: console.error })
 * server.zones.start(lobby)
 * server.listen(network, 'ws://127.0.0.1:4433/ws')
 */
import type { AnyApp } from './app/app.ts'
import { OverworldError } from './errors.ts'
import type {
  Clock,
  Connection,
  ConnectionHandler,
  Listener,
  ListenerEvents,
  Network,
  Random,
  Timer,
} from './injected.ts'
import { checkOptionNames, type OptionNames } from './option-names.ts'
import { readServerOptions, SERVER_OPTION_NAMES, type PartialServerOptions, type ServerOptions } from './options.ts'
import { PROTOCOL_PREFIX } from './protocol.ts'
import type { TimerOwner } from './turns/timer-owner.ts'
import type { OnReport, Report } from './report.ts'
import { Reporter, reportToConsole, serverCallbackThrew } from './reporter.ts'
import { ClientInput } from './session/client-input.ts'
import { ClientLink, type LinkOwner } from './session/client-link.ts'
import { Connections } from './session/connections.ts'
import { SessionRegistry, type Sessions } from './session/sessions.ts'
import { Tokens } from './session/tokens.ts'
import { handleRequest } from './session/handle-request.ts'
import { MessageReader } from './session/message-reader.ts'
import type { SessionCore, SessionParts } from './session/session.ts'
import { admissionOf, type Admission } from './session/guards.ts'
import type { SessionEvent, SessionStatus } from './session/session-events.ts'
import { createCounters, type ServerStats } from './stats.ts'
import { isThenable, type Synchronous, type Thenable } from './synchronous.ts'
import type { HandlerFailure } from './turns/handled.ts'
import { Shell } from './turns/shell.ts'
import type { Tap } from './turns/tap.ts'
import { isMisuse, type Turns } from './turns/turns.ts'
import { ZoneRegistry, type Zones } from './zone/zones.ts'

export interface ServerInit extends PartialServerOptions {
  readonly clock: Clock
  readonly random: Random
  readonly apps: readonly AnyApp[]
  /**
   * Hears what went wrong in handlers and callbacks. What it throws is counted (`throwsTotal`), and written to the console once.
   * Default: that of `shell.defaults`, or else `describeReport` goes to the console's errors.
   */
  readonly onReport?: OnReport | undefined
  /**
   * Taps that see everything that goes into the server and comes out of it, from the beginning; see `Tap`.
   */
  readonly taps?: readonly Tap[]
  /**
   * What a program is given to pass on, so that what it does beside its server is seen as well. The options that are left out here
   * are those of `shell.defaults`. Default: one of the server's own, without defaults.
   */
  readonly shell?: Shell | undefined
  /** @deprecated Use `shell`: it is the same object. */
  readonly calls?: Shell | undefined
}

export interface Server {
  readonly sessions: Sessions
  readonly zones: Zones
  readonly options: ServerOptions
  /**
   * Accepts the connections that `network` gets at `address`. Without `events.failed`, a listener that cannot listen is
   * reported (`listen_failed`), and its error is thrown where nobody catches it, so that the process ends; one that breaks
   * later is reported only.
   */
  listen(network: Network, address: string, events?: ListenerEvents): Listener
  /** One connection, from whatever source; for those who have no `Network`. */
  accept(connection: Connection): ConnectionHandler
  /** Adds a tap, which sees what happens from now on. Returns how to remove it. */
  tap(tap: Tap): () => void
  /** Every counter and gauge, by its documented name. */
  stats(): ServerStats
  /**
   * Refuses new connections and new sessions with 4009, waits up to `drainMs` for the sessions to end, then stops
   * those that are left with 4009. Afterwards no timer, token, session, zone or connection remains; then `done` is
   * called. Called again meanwhile, it can only shorten the wait. What a `done` throws is reported; the others are called.
   */
  drain(drainMs: number, done?: () => Synchronous): void
  /**
   * The same at once, with 4011: this process ends, so that clients reconnect, and begin anew where their sessions are
   * gone. `session.stop()` is for a client that must not come back by itself.
   */
  stop(done?: () => Synchronous): void
}

/** `network`, `addresses`: not used here, but parts of a program, which may be spread (`createServer({ ...parts, apps })`). */
const INIT_NAMES: OptionNames<ServerInit & Record<'network' | 'addresses', unknown>> = {
  network: true,
  addresses: true,
  clock: true,
  random: true,
  apps: true,
  onReport: true,
  taps: true,
  shell: true,
  calls: true,
  ...SERVER_OPTION_NAMES,
}

/** Throws `bad_option`, also for the name of an option that does not exist; `bad_app`. */
export function createServer(init: ServerInit): Server {
  return new ServerCore(init)
}

/** @internal Programs use `createServer`. */
export class ServerCore implements Server, SessionParts {
  readonly options: ServerOptions
  readonly turns: Turns
  readonly shell: Shell
  readonly random: Random
  readonly tokens: Tokens
  readonly counters = createCounters()
  readonly connections: Connections
  readonly sessions: SessionRegistry
  readonly zones: ZoneRegistry
  readonly apps: ReadonlyMap<number, AnyApp>
  readonly #reporter: Reporter
  readonly #reader: MessageReader
  readonly #listeners = new Set<Listener>()
  #phase: 'running' | 'draining' | 'stopped' = 'running'
  #drainsUntilMs = 0
  #drainTimer: Timer | undefined
  readonly #onStopped: (() => Synchronous)[] = []

  constructor(init: ServerInit) {
    checkOptionNames('createServer', init, INIT_NAMES)
    const given = givenShell(init)
    const defaults = given?.defaults ?? {}
    this.options = readServerOptions(init, defaults)
    this.apps = indexApps(init.apps)
    this.shell = given ?? new Shell(init)
    // Of a shell that was given: the program may draw from elsewhere.
    this.random = given === undefined ? this.shell.random : init.random
    this.#reporter = new Reporter(init.onReport ?? defaults.onReport ?? reportToConsole, this.counters, this.shell)
    this.turns = this.shell.bind({
      onError: (error) => this.#reporter.report({ kind: isMisuse(error) ? 'refused' : 'internal', error }),
      onTapThrew: (error) => this.#tapThrew(error),
      callsMax: this.options.limits.callsPerTurn,
    })
    if (given !== undefined) for (const tap of init.taps ?? []) this.shell.taps.add(tap)
    this.tokens = new Tokens({ fill: (bytes) => this.shell.drawToken(this.random, bytes) })
    this.connections = new Connections(
      this.options.limits,
      this.counters,
      () => this.#phase !== 'running',
      () => this.#finishIfClosed(),
    )
    this.sessions = new SessionRegistry(this, () => this.#phase === 'stopped')
    this.zones = new ZoneRegistry(this, () => this.#phase === 'stopped')
    this.#reader = new MessageReader({
      shell: this.shell,
      counters: this.counters,
      apps: this.apps,
      handleRequest: (link, session, request) => handleRequest(this, link, session, request),
      handleForZone: (session, app, type, message) => this.zones.handle(session, app, type, message),
      reportUndecodable: (report) => this.#reporter.reportUndecodable(report),
    })
  }

  listen(network: Network, address: string, events?: ListenerEvents): Listener {
    if (this.#phase !== 'running') throw new OverworldError('server_stopped', 'the server has stopped or is draining')
    const { taps } = this.shell
    taps.refuse('listen')
    const number = this.shell.nextListener()
    if (taps.isOn) taps.emit.listen(number, address)
    const accept = (connection: Connection): ConnectionHandler => this.#accept(connection, number)
    const listener = network.listen(address, accept, this.#guarded(number, address, events))
    const own: Listener = {
      get address() {
        return listener.address
      },
      close: (done) => this.#closeListener(number, listener, own, done),
    }
    this.#listeners.add(own)
    return own
  }

  accept(connection: Connection): ConnectionHandler {
    return this.#accept(connection, 0)
  }

  tap(tap: Tap): () => void {
    return this.shell.taps.add(tap)
  }

  stats(): ServerStats {
    const { sessions } = this
    // Spread last: V8 would add each of the others to the copy one by one.
    return {
      connections: this.connections.size,
      sessions: sessions.size,
      sessionsPreconnect: sessions.countIn('preconnect'),
      sessionsConnected: sessions.countIn('connected'),
      sessionsDisconnected: sessions.countIn('disconnected'),
      tokens: this.tokens.size,
      timers: this.shell.timersSet,
      zones: this.zones.size,
      zoneMembers: this.zones.memberCount,
      ...this.counters,
    }
  }

  drain(drainMs: number, done?: () => Synchronous): void {
    if (!(drainMs >= 0)) throw new OverworldError('bad_option', `drainMs must be 0 or more, not ${drainMs}`)
    this.turns.call(
      () => {
        if (done !== undefined) this.#onStopped.push(done)
        if (this.#phase === 'stopped') this.#finishIfClosed()
        const untilMs = this.turns.now + drainMs
        // At once is sooner even than a time that is over, whose timer is late.
        const isSooner = this.#phase === 'running' || drainMs === 0 || untilMs < this.#drainsUntilMs
        if (this.#phase === 'stopped' || !isSooner) return
        this.#phase = 'draining'
        this.#drainsUntilMs = untilMs
        this.#drainTimer?.cancel()
        if (this.sessions.established === 0 || drainMs === 0) this.#stop('drain_over')
        else this.#drainTimer = this.shell.setTimer(DRAIN, drainMs, () => this.#stop('drain_over'))
      },
      { on: 'server', method: 'drain', args: [drainMs] },
    )
  }

  stop(done?: () => Synchronous): void {
    this.turns.call(
      () => {
        if (done !== undefined) this.#onStopped.push(done)
        this.#stop('server_stop')
      },
      { on: 'server', method: 'stop', args: [] },
    )
  }

  // What follows is for the parts of the server.

  reportFailure(failure: HandlerFailure, what: string, toReport: (error: unknown) => Report): void {
    this.#reporter.reportFailure(failure, what, toReport)
  }

  reportRejection(promise: Thenable, toReport: (error: unknown) => Report): void {
    this.#reporter.reportRejection(promise, toReport)
  }

  startProvisional(link: ClientLink): LinkOwner {
    return this.sessions.startProvisional(link)
  }

  readMessage(link: ClientLink, session: LinkOwner, bytes: Uint8Array): void {
    this.#reader.read(link, session, bytes)
  }

  findOwner(token: Uint8Array): LinkOwner | undefined {
    return this.tokens.find(token)
  }

  admissionFor(link: ClientLink): { readonly admission: Admission; readonly giver?: LinkOwner | undefined } {
    const { hasPlace, giver } = this.sessions.placeFor(link)
    const { isCrowded } = this.connections
    return { admission: admissionOf({ isRunning: this.#phase === 'running', isCrowded, hasPlace }), giver }
  }

  placed(session: LinkOwner, link: ClientLink): void {
    this.connections.settle(link)
    this.sessions.placed(session, link)
  }

  moved(session: SessionCore, from: SessionStatus | undefined): void {
    this.sessions.moved(session, from)
    if (session.status === 'gone' && this.#phase === 'draining' && this.sessions.established === 0) {
      this.turns.ask(() => this.#stop('drain_over'))
    }
  }

  #accept(connection: Connection, listener: number): ConnectionHandler {
    const { shell, turns, counters, options, connections } = this
    const onClosing = (link: ClientLink): void => connections.closing(link)
    const link = new ClientLink({ shell, turns, counters, limits: options.limits, onClosing }, connection, listener)
    return new ClientInput(this, link)
  }

  #stop(event: Extract<SessionEvent, 'server_stop' | 'drain_over'>): void {
    if (this.#phase !== 'stopped') {
      this.#phase = 'stopped'
      this.#drainTimer?.cancel()
      // Each open connection serves a session, which closes it.
      for (const session of this.sessions) session.apply(event)
      for (const listener of this.#listeners) listener.close()
    }
    // After what the parting sessions have caused.
    this.turns.ask(() => {
      this.zones.stopAll()
      this.#finishIfClosed()
    })
  }

  /** What they throw is the network's to report; here their promises are refused. */
  #guarded(number: number, address: string, events: ListenerEvents = {}): ListenerEvents {
    const { taps } = this.shell
    let isBound = false
    const guard = (callback: 'listening' | 'failed', returned: unknown): void => {
      if (!isThenable(returned)) return
      this.reportFailure({ threw: true, promise: returned }, callback, serverCallbackThrew(callback))
    }
    const { listening, failed } = events
    return {
      messageBytesMax: Math.max(1, Math.ceil(this.options.limits.messageBytes)),
      listening: (bound) => {
        isBound = true
        if (taps.isOn) this.turns.run(() => taps.begin.listening(number, bound))
        if (listening !== undefined) guard('listening', listening.call(events, bound))
      },
      failed: (error) => {
        if (taps.isOn) this.turns.run(() => taps.begin.listenFailed(number, error))
        if (failed === undefined) this.#listenFailed(address, error, isBound)
        else guard('failed', failed.call(events, error))
      },
    }
  }

  /** Nobody listens for it. A server that has never listened there is misconfigured: that ends the process. */
  #listenFailed(address: string, error: Error, wasBound: boolean): void {
    this.turns.run(() => {
      this.#reporter.report({ kind: 'listen_failed', address, error })
      if (!wasBound) this.turns.throwAfter(error)
    })
  }

  #closeListener(number: number, listener: Listener, own: Listener, done: (() => void) | undefined): void {
    const { taps } = this.shell
    taps.refuse('close of a listener')
    if (taps.isOn) taps.emit.closeListener(number)
    listener.close(() => {
      this.turns.run(() => {
        if (taps.isOn) taps.begin.listenerClosed(number)
        this.#listeners.delete(own)
        this.#finishIfClosed()
      })
      done?.()
    })
  }

  /** A tap that throws has been removed by then. */
  #tapThrew(error: unknown): void {
    this.counters.throwsTotal++
    this.#reporter.report(serverCallbackThrew('tap')(error))
  }

  /** Connections take up to a second to close; nothing is left once the last has. */
  #finishIfClosed(): void {
    if (this.#phase !== 'stopped' || this.connections.size > 0 || this.#listeners.size > 0) return
    for (const done of this.#onStopped.splice(0)) {
      const handled = this.turns.handle(done)
      if (handled.threw) this.reportFailure(handled, 'done of stop or drain', serverCallbackThrew('done'))
    }
  }
}

const DRAIN: TimerOwner = Object.freeze({ name: 'drain' })

function givenShell({ shell, calls, clock }: ServerInit): Shell | undefined {
  const given = shell ?? calls
  if (given === undefined || given.isClock(clock)) return given
  throw new OverworldError(
    'bad_option',
    'a server that is given a shell has the time of that shell: `clock` must be its clock',
  )
}

function indexApps(apps: readonly AnyApp[]): ReadonlyMap<number, AnyApp> {
  const byPrefix = new Map<number, AnyApp>()
  for (const app of apps) {
    if (app.prefix === PROTOCOL_PREFIX) {
      throw new OverworldError('bad_app', `app '${app.name}': prefix ${PROTOCOL_PREFIX} is Overworld's own`)
    }
    const other = byPrefix.get(app.prefix)
    if (other !== undefined) {
      throw new OverworldError('bad_app', `apps '${other.name}' and '${app.name}' both have prefix ${app.prefix}`)
    }
    byPrefix.set(app.prefix, app)
  }
  return byPrefix
}
