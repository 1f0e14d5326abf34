/**
 * Watches one incarnation of a server from outside: decorators of its clock, its network and its zones that pass
 * everything on unchanged and, at the end of each turn, tell what happened in it.
 *
 * The core runs a whole turn within one call (a message, a timer, …), so whatever it does before that call returns
 * belongs to that turn.
 */
import type {
  Action,
  AnyApp,
  Clock,
  Connection,
  ConnectionHandler,
  Delivery,
  Listener,
  Network,
  Outcome,
  PartReason,
  Report,
  Session,
  SessionDisconnect,
  Timer,
  ZoneView,
} from '../../core/index.ts'
import { Link } from '../../core/connection/link.ts'
import { OverworldError, summarizeReport } from '../../core/index.ts'
import { NONSENSE_ON_PURPOSE, PROMISED_ON_PURPOSE, ThrownOnPurpose } from '../simulated-app.ts'
import {
  askedDirectly,
  callbackThrower,
  thrower,
  typeOfMessage,
  type AskedCall,
  type CallbackFailure,
  type CallbackOf,
  type Failure,
  type HandlerCall,
  type Output,
  type ServerCall,
  type Turn,
  type TurnInput,
} from './observation.ts'
import { watchSession, type WatchReceiver } from './watched-session.ts'
import { WatchedZone, type ZoneWatcher } from './watched-zone.ts'

/** Any zone definition, whatever its messages are. */
export interface WatchedDefinition {
  readonly app: Pick<AnyApp, 'name' | 'codec'>
  readonly disconnect?: 'soft' | 'hard'
  readonly rpc?: object
}

/** What is known outside of the server. */
export interface Surroundings {
  readonly watchReceiver: WatchReceiver
  /** The name of the machine that has this address, or the address. */
  whoIsAt(address: string): string
}

type Handler = (...args: unknown[]) => Outcome

export class ServerObserver {
  readonly #clock: Clock
  readonly #around: Surroundings
  readonly #onTurn: (turn: Turn, observer: ServerObserver) => void
  #outputs: Output[] = []
  #depth = 0
  #handlers = 0
  readonly #connections = new Map<number, Connection>()
  #opened = 0
  readonly #views = new Map<ZoneView, ZoneView>()
  #timers = 0
  /** Handlers and callbacks that have returned what they must not, on purpose. */
  readonly #wrong = new Set<string>()
  /** Callbacks of sessions that are watched already. */
  readonly #callbacks = new WeakSet<SessionDisconnect>()
  readonly #sessionWatch: Parameters<typeof watchSession>[1]
  #messages = 0

  constructor(clock: Clock, around: Surroundings, onTurn: (turn: Turn, observer: ServerObserver) => void) {
    this.#clock = clock
    this.#around = around
    this.#onTurn = onTurn
    this.#sessionWatch = {
      call: this.#callSession,
      watchReceiver: around.watchReceiver,
      watchCallback: (given) => this.#watchCallback(given),
    }
  }

  /** The real connection behind a number, for what can be seen of it from outside. */
  connection(number: number): Connection | undefined {
    return this.#connections.get(number)
  }

  /** The number of a connection that the server has. */
  numberOf(connection: Connection): number | undefined {
    const given = connection instanceof Link ? connection.inner : connection
    return given instanceof WatchedConnection ? given.number : undefined
  }

  get openConnections(): number {
    return this.#connections.size
  }

  watchClock(): Clock {
    return {
      now: () => this.#clock.now(),
      setTimer: (delayMs: number, fire: () => void): Timer =>
        this.#clock.setTimer(delayMs, () => this.#during(TIMER, fire)),
    }
  }

  watchNetwork(network: Network): Network {
    return {
      listen: (address, accept, events) =>
        this.#watchListener(network.listen(address, (connection) => this.#accept(connection, accept), events)),
      connect: (address, handler) => network.connect(address, handler),
    }
  }

  /** The same zone, whose handlers are written down. */
  watchZone<Definition extends WatchedDefinition>(definition: Definition): Definition {
    const original = definition as unknown as Record<string, Handler | undefined>
    const init = (zone: ZoneView): unknown => original['init']?.(this.#viewOf(zone))
    const watched: Record<string, unknown> = { ...(definition as object), init }
    for (const [name, signature] of HANDLERS) {
      const handler = original[name]
      // Watched even where there is none: that it would be called is worth knowing. But a tick is asked for by its handler.
      if (handler === undefined && name === 'handleTick') continue
      watched[name] = this.#watchHandler(name, definition, signature, handler)
    }
    const rpcs: Record<string, Handler> = {}
    for (const [type, handler] of Object.entries((definition.rpc ?? {}) as Record<string, Handler>)) {
      rpcs[type] = this.#watchHandler(`rpc.${type}`, definition, RPC, handler)
    }
    watched['rpc'] = rpcs
    return watched as unknown as Definition
  }

  /** The same route, whose decisions are written down. */
  watchRoute<Message>(
    app: string,
    route: (message: Message, session: Session) => ZoneView | undefined,
  ): (message: Message, session: Session) => ZoneView | undefined {
    return (message, session) => {
      let zone: ZoneView | undefined
      let failure: Failure | undefined
      try {
        const returned = route(message, session)
        failure = failureOfReturned(returned)
        if (failure === undefined) zone = returned
        else this.#wrong.add(thrower('route', app, session.id))
        return returned
      } catch (error) {
        failure = failureOf(error)
        throw error
      } finally {
        this.#outputs.push({ kind: 'routed', session: session.id, zone: zone?.name, failure })
      }
    }
  }

  /** For the server's option of that name, or a session's own. */
  disconnectCallback(callback: CallbackOf): SessionDisconnect {
    const watched: SessionDisconnect = (session, code) => {
      const { id, status } = session
      this.#outputs.push({ kind: 'callback', session: id, code, status, callback, failure: undefined })
      return this.fail(CALLBACK_FAILURES.get(callback), 'disconnectCallback')
    }
    this.#callbacks.add(watched)
    return watched
  }

  /** One that a zone has given a session: what it asks for is carried out like what a handler asks for. */
  #watchCallback(given: SessionDisconnect): SessionDisconnect {
    if (this.#callbacks.has(given)) return given
    const watched: SessionDisconnect = (session, code) => {
      const { id, status } = session
      const output: Extract<Output, { kind: 'callback' }> = {
        kind: 'callback',
        session: id,
        code,
        status,
        callback: 'own',
        failure: undefined,
      }
      this.#outputs.push(output)
      this.#handlers++
      try {
        const returned: unknown = given(session, code)
        if (returned !== undefined) output.failure = failureOfReturned(returned)
      } catch (error) {
        output.failure = failureOf(error)
        throw error
      } finally {
        this.#handlers--
      }
    }
    this.#callbacks.add(watched)
    return watched
  }

  /** Within a callback of this name: fails in this way. */
  fail(failure: CallbackFailure | undefined, callback: string): undefined {
    if (failure === 'threw on purpose') throw new ThrownOnPurpose('it failed, as it was told to')
    if (failure === undefined) return undefined
    this.#wrong.add(callbackThrower(callback))
    return PROMISED_ON_PURPOSE as unknown as undefined
  }

  readonly onReport = (report: Report): void => {
    if (report.kind === 'undecodable') {
      const { app, why, isSkewed } = report
      this.#outputs.push({ kind: 'undecodable', prefix: app.prefix, why, isSkewed })
      return
    }
    this.#outputs.push({
      kind: 'report',
      text: summarizeReport(report),
      isOurs: report.kind === 'internal',
      thrownBy: throwerOf(report),
      isOnPurpose: isOnPurpose(report.error) || this.#isExpected(report),
    })
  }

  /** For a receiver within the process. */
  write(output: Output): void {
    this.#outputs.push(output)
  }

  /** The scenario uses the server's API. */
  call(call: ServerCall, run: () => void): void {
    this.#during({ kind: 'call', call }, run)
  }

  /** The turn in which it has closed may be the server's last. To the model it is like a timer: nothing must come of it. */
  #watchListener(listener: Listener): Listener {
    const input: TurnInput = { kind: 'timer' }
    return {
      get address() {
        return listener.address
      },
      close: (done) => listener.close(() => this.#during(input, () => done?.())),
    }
  }

  #accept(connection: Connection, accept: (connection: Connection) => ConnectionHandler): ConnectionHandler {
    const number = ++this.#opened
    this.#connections.set(number, connection)
    const handler = accept(new WatchedConnection(connection, number, this.#outputsOf))
    return {
      patienceMs: handler.patienceMs,
      opened: () => {
        const from = this.#around.whoIsAt(connection.remoteAddress)
        this.#during({ kind: 'opened', connection: number, from }, () => handler.opened())
      },
      message: (bytes, delivery) => {
        this.#depth++
        try {
          handler.message(bytes, delivery)
        } finally {
          this.#end({ kind: 'message', connection: number, bytes })
        }
      },
      closed: (code, reason) => {
        this.#during({ kind: 'closed', connection: number, code }, () => handler.closed(code, reason))
        this.#connections.delete(number)
      },
      drained: () => handler.drained?.(),
      alive: () => this.#during({ kind: 'alive', connection: number }, () => handler.alive?.()),
      ignored: (what) => handler.ignored?.(what),
    }
  }

  readonly #outputsOf = (): Output[] => this.#outputs

  #during(input: TurnInput, run: () => void): void {
    this.#depth++
    try {
      run()
    } finally {
      this.#end(input)
    }
  }

  #end(input: TurnInput): void {
    this.#depth--
    if (this.#depth > 0) return
    const outputs = this.#outputs
    if (outputs.length > 0) this.#outputs = []
    this.#onTurn({ atMs: this.#clock.now(), input, outputs }, this)
  }

  #watchHandler(name: string, definition: WatchedDefinition, signature: Signature, handler?: Handler): Handler {
    const app = definition.app.name
    const isHard = definition.disconnect === 'hard'
    return (...args) => {
      const zone = args[signature.zone] as ZoneView
      const session = signature.session === undefined ? undefined : (args[signature.session] as Session)
      if (session !== undefined) watchSession(session, this.#sessionWatch)
      const call: HandlerCall = {
        kind: 'handler',
        handler: name,
        zone: zone.name,
        app,
        isHard,
        session: session?.id,
        reason: signature.reason === undefined ? undefined : (args[signature.reason] as PartReason),
        frame: zone.frame,
        timer: undefined,
        status: session?.status,
        latency: session?.latency,
        message: signature.message === undefined ? undefined : args[signature.message],
        encoded: undefined,
        failure: undefined,
      }
      const type = typeOfMessage(call)
      if (type !== undefined && this.#messages++ % COMPARED_EVERY === 0) {
        call.encoded = encode(definition.app, type, call.message)
      }
      args[signature.zone] = this.#viewOf(zone)
      return this.#run(call, handler, args)
    }
  }

  readonly #callSession = (run: () => void, called: () => AskedCall | undefined): void => {
    const isOfScenario = this.#depth > 0 && this.#handlers === 0
    if (isOfScenario) run()
    else {
      this.#perform(run, () => {
        const call = called()
        return call?.kind === 'send' ? askedDirectly(call) : call && { kind: 'called', call }
      })
    }
  }

  /**
   * A zone's code asks for something: mostly in a handler, which is carried out when that has returned. From anywhere
   * else, such as a timer of the process, it is a turn of its own, and carried out at once.
   */
  #perform(run: () => void, asked: () => Output | undefined): void {
    // A handler without a turn is that of a replay, whose turns nobody observes.
    if (this.#depth > 0 || this.#handlers > 0) {
      run()
      this.#writeAt(this.#outputs.length, asked())
      return
    }
    this.#during(TIMER, () => {
      const begun = this.#outputs.length
      run()
      this.#writeAt(begun, asked())
    })
  }

  #writeAt(index: number, output: Output | undefined): void {
    if (output !== undefined) this.#outputs.splice(index, 0, output)
  }

  #viewOf(zone: ZoneView): ZoneView {
    const known = this.#views.get(zone)
    if (known !== undefined) return known
    const view = new WatchedZone(zone, this.#zoneWatcher, () => ++this.#timers)
    this.#views.set(zone, view)
    return view
  }

  readonly #zoneWatcher: ZoneWatcher = {
    perform: (run, asked) => this.#perform(run, asked),
    fired: (zone, timer, fire) => {
      const { name, app, frame } = zone
      const nobody = {
        session: undefined,
        status: undefined,
        latency: undefined,
        message: undefined,
        encoded: undefined,
      }
      return this.#run(
        {
          kind: 'handler',
          handler: 'setTimer',
          zone: name,
          app: app.name,
          frame,
          timer,
          reason: undefined,
          isHard: false,
          failure: undefined,
          ...nobody,
        },
        fire,
        NOTHING,
      )
    },
  }

  #isExpected(report: Report): boolean {
    const error = 'error' in report ? report.error : undefined
    const isAboutReturned =
      error instanceof OverworldError && (error.code === 'async_handler' || error.code === 'bad_action')
    const key = throwerOf(report)
    return isAboutReturned && key !== undefined && this.#wrong.delete(key)
  }

  /** A handler has failed: nothing comes of what it asked for, but a timer is cancelled at once. */
  #forget(begun: number): void {
    const kept = this.#outputs.splice(begun).filter(({ kind }) => kind === 'timer_cancelled')
    this.#outputs.push(...kept)
  }

  /** Runs a handler; if it throws, what it asked for is not asked for. */
  #run(call: HandlerCall, handler: Handler | undefined, args: readonly unknown[]): Outcome {
    this.#outputs.push(call)
    const begun = this.#outputs.length
    let outcome: Outcome
    this.#handlers++
    try {
      outcome = handler?.(...args)
    } catch (error) {
      call.failure = failureOf(error)
      this.#forget(begun)
      throw error
    } finally {
      this.#handlers--
    }
    if (outcome === undefined) return outcome
    call.failure = failureOfReturned(outcome)
    if (call.failure !== undefined) {
      this.#wrong.add(thrower(call.handler, call.zone, call.session))
      this.#forget(begun)
      return outcome
    }
    const actions = (Array.isArray(outcome) ? outcome : [outcome]) as readonly Action[]
    for (const action of actions) {
      if (action.kind === 'refuse') call.failure = 'refused'
      const session = action.kind === 'broadcast' ? action.except?.id : call.session
      const { kind, type } = action
      const delivery = action.app.deliveryOf(type)
      this.#outputs.push({
        kind: 'asked',
        zone: call.zone,
        action: kind,
        session,
        type,
        delivery,
        ...(kind === 'send' && { sessions: action.sessions.map(({ id }) => id) }),
      })
    }
    return outcome
  }
}

/** Every so many messages are compared with what was said. */
const COMPARED_EVERY = 32

/** As the handler gets it: what the handler then does with the object is its business. */
function encode({ codec }: Pick<AnyApp, 'codec'>, type: string, message: unknown): Uint8Array | 'not encodable' {
  if (typeof message !== 'object' || message === null) return 'not encodable'
  try {
    return codec.encode(type, message)
  } catch {
    return 'not encodable'
  }
}

const NOTHING: readonly unknown[] = []
const TIMER: TurnInput = { kind: 'timer' }

const CALLBACK_FAILURES: ReadonlyMap<CallbackOf, CallbackFailure> = new Map([
  ['failing', 'threw on purpose'],
  ['promising', 'promised on purpose'],
])

/** Of what a handler or a route returned. A promise or nonsense that nobody planned is reported like what is thrown. */
function failureOfReturned(returned: unknown): Failure | undefined {
  if (returned === PROMISED_ON_PURPOSE) return 'promised on purpose'
  if (returned === NONSENSE_ON_PURPOSE) return 'returned nonsense on purpose'
  const all: readonly unknown[] = Array.isArray(returned) ? returned : [returned]
  const isObject = all.every((each) => typeof each === 'object' && each !== null && !('then' in each))
  return returned === undefined || isObject ? undefined : 'threw'
}

function failureOf(error: unknown): Failure {
  return isOnPurpose(error) ? 'threw on purpose' : 'threw'
}

/** By its name: an app of a user may have come with a copy of this library of its own. */
function isOnPurpose(error: unknown): boolean {
  return error instanceof Error && error.name === 'ThrownOnPurpose'
}

function throwerOf(report: Report): string | undefined {
  if (report.kind === 'handler_threw') return thrower(report.handler, report.zone.name, report.session?.id)
  if (report.kind === 'callback_threw') return callbackThrower(report.callback)
  return report.kind === 'route_threw' ? thrower('route', report.app.name, report.session.id) : undefined
}

/** At which argument a handler gets what. */
interface Signature {
  readonly zone: number
  readonly session?: number
  readonly reason?: number
  readonly message?: number
}

const RPC: Signature = { message: 0, session: 1, zone: 2 }

const HANDLERS: readonly (readonly [string, Signature])[] = [
  ['handleJoin', { message: 0, session: 1, zone: 2 }],
  ['handlePart', { message: 0, session: 1, zone: 2, reason: 4 }],
  ['handleDisconnect', { session: 0, zone: 1 }],
  ['handleReconnect', { session: 0, zone: 1 }],
  ['handleTick', { zone: 0 }],
  ['handleInfo', { zone: 1 }],
]

class WatchedConnection implements Connection {
  readonly id: number
  readonly transport: Connection['transport']
  readonly remoteAddress: string
  readonly number: number
  readonly #inner: Connection
  readonly #outputs: () => Output[]

  constructor(inner: Connection, number: number, outputs: () => Output[]) {
    this.id = inner.id
    this.transport = inner.transport
    this.remoteAddress = inner.remoteAddress
    this.#inner = inner
    this.number = number
    this.#outputs = outputs
  }

  get bufferedBytes(): number {
    return this.#inner.bufferedBytes
  }

  send(bytes: Uint8Array, delivery?: Delivery): void {
    this.#outputs().push({ kind: 'send', connection: this.number, bytes, delivery: delivery ?? DEFAULT_DELIVERY })
    this.#inner.send(bytes, delivery)
  }

  close(code: number, reason?: string): void {
    this.#outputs().push({ kind: 'close', connection: this.number, code })
    this.#inner.close(code, reason)
  }
}

const DEFAULT_DELIVERY: Delivery = Object.freeze({ mode: 'reliable', channel: 0 })
