/**
 * Watches one incarnation of a server from outside: decorators of its clock, its network and its zones that pass
 * everything on unchanged and, at the end of each turn, tell what happened in it.
 *
 * The core runs a whole turn within one call (a message, a timer, …), so whatever it does before that call returns
 * belongs to that turn.
 */
import type {
  Action,
  Clock,
  Connection,
  ConnectionHandler,
  Delivery,
  Network,
  Outcome,
  PartReason,
  Report,
  Session,
  Timer,
  ZoneView,
} from '../../core/index.ts'
import { describeReport } from '../../core/index.ts'
import type { HandlerCall, Output, ServerCall, Turn, TurnInput } from './observation.ts'

/** Any zone definition, whatever its messages are. */
export interface WatchedDefinition {
  readonly app: { readonly name: string }
  readonly disconnect?: 'soft' | 'hard'
  readonly rpc?: object
}

type Handler = (...args: unknown[]) => Outcome

export class ServerObserver {
  readonly #clock: Clock
  readonly #onTurn: (turn: Turn, observer: ServerObserver) => void
  #outputs: Output[] = []
  #depth = 0
  readonly #connections = new Map<number, Connection>()
  #opened = 0

  constructor(clock: Clock, onTurn: (turn: Turn, observer: ServerObserver) => void) {
    this.#clock = clock
    this.#onTurn = onTurn
  }

  /** The real connection behind a number, for what can be seen of it from outside. */
  connection(number: number): Connection | undefined {
    return this.#connections.get(number)
  }

  get openConnections(): number {
    return this.#connections.size
  }

  watchClock(): Clock {
    const input: TurnInput = { kind: 'timer' }
    return {
      now: () => this.#clock.now(),
      setTimer: (delayMs: number, fire: () => void): Timer =>
        this.#clock.setTimer(delayMs, () => this.#during(input, fire)),
    }
  }

  watchNetwork(network: Network): Network {
    return {
      listen: (address, accept, events) =>
        network.listen(address, (connection) => this.#accept(connection, accept), events),
      connect: (address, handler) => network.connect(address, handler),
    }
  }

  /** The same zone, whose handlers are written down. */
  watchZone<Definition extends WatchedDefinition>(definition: Definition): Definition {
    const watched: Record<string, unknown> = { ...(definition as object) }
    const isHard = definition.disconnect === 'hard'
    const app = definition.app.name
    const original = definition as unknown as Record<string, Handler | undefined>
    for (const [name, signature] of HANDLERS) {
      const handler = original[name]
      // Watched even where there is none: that it would be called is worth knowing. But a tick is asked for by its handler.
      if (handler === undefined && name === 'handleTick') continue
      watched[name] = (...args: unknown[]) => {
        const call = this.#begin(name, app, isHard, args, signature)
        return this.#finish(call, handler, args)
      }
    }
    const rpcs: Record<string, Handler> = {}
    for (const [type, handler] of Object.entries((definition.rpc ?? {}) as Record<string, Handler>)) {
      const name = `rpc.${type}`
      rpcs[type] = (...args: unknown[]) => {
        const call = this.#begin(name, app, isHard, args, RPC)
        return this.#finish(call, handler, args)
      }
    }
    watched['rpc'] = rpcs
    return watched as unknown as Definition
  }

  /** For the server's option of that name. */
  readonly disconnectCallback = (session: Session, code: number): void => {
    this.#outputs.push({ kind: 'callback', session: session.id, code })
  }

  readonly onReport = (report: Report): void => {
    this.#outputs.push({ kind: 'report', text: describeReport(report), isOurs: report.kind === 'internal' })
  }

  /** The scenario uses the server's API. */
  call(call: ServerCall, run: () => void): void {
    this.#during({ kind: 'call', call }, run)
  }

  #accept(connection: Connection, accept: (connection: Connection) => ConnectionHandler): ConnectionHandler {
    const number = ++this.#opened
    this.#connections.set(number, connection)
    const handler = accept(new WatchedConnection(connection, number, this.#outputsOf))
    return {
      opened: () => this.#during({ kind: 'opened', connection: number }, () => handler.opened()),
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

  #begin(handler: string, app: string, isHard: boolean, args: readonly unknown[], signature: Signature): HandlerCall {
    const zone = args[signature.zone] as ZoneView
    const call: HandlerCall = {
      kind: 'handler',
      handler,
      zone: zone.name,
      app,
      isHard,
      session: signature.session === undefined ? undefined : (args[signature.session] as Session).id,
      reason: signature.reason === undefined ? undefined : (args[signature.reason] as PartReason),
      frame: zone.frame,
      failed: false,
    }
    this.#outputs.push(call)
    return call
  }

  #finish(call: HandlerCall, handler: Handler | undefined, args: readonly unknown[]): Outcome {
    let outcome: Outcome
    try {
      outcome = handler?.(...args)
    } catch (error) {
      call.failed = true
      throw error
    }
    if (outcome === undefined) return outcome
    const actions = (Array.isArray(outcome) ? outcome : [outcome]) as readonly Action[]
    for (const action of actions) {
      if (action.kind === 'refuse') call.failed = true
      const session = action.kind === 'broadcast' ? action.except?.id : call.session
      const { type } = action
      const isReliable = action.app.deliveryOf(type).mode === 'reliable'
      this.#outputs.push({ kind: 'asked', zone: call.zone, action: action.kind, session, type, isReliable })
    }
    return outcome
  }
}

/** At which argument a handler gets what. */
interface Signature {
  readonly zone: number
  readonly session?: number
  readonly reason?: number
}

const RPC: Signature = { session: 1, zone: 2 }

const HANDLERS: readonly (readonly [string, Signature])[] = [
  ['handleJoin', { session: 1, zone: 2 }],
  ['handlePart', { session: 1, zone: 2, reason: 4 }],
  ['handleDisconnect', { session: 0, zone: 1 }],
  ['handleReconnect', { session: 0, zone: 1 }],
  ['handleTick', { zone: 0 }],
  ['handleInfo', { zone: 1 }],
]

class WatchedConnection implements Connection {
  readonly id: number
  readonly transport: Connection['transport']
  readonly remoteAddress: string
  readonly #inner: Connection
  readonly #number: number
  readonly #outputs: () => Output[]

  constructor(inner: Connection, number: number, outputs: () => Output[]) {
    this.id = inner.id
    this.transport = inner.transport
    this.remoteAddress = inner.remoteAddress
    this.#inner = inner
    this.#number = number
    this.#outputs = outputs
  }

  get bufferedBytes(): number {
    return this.#inner.bufferedBytes
  }

  send(bytes: Uint8Array, delivery?: Delivery): void {
    this.#outputs().push({ kind: 'send', connection: this.#number, bytes, delivery: delivery ?? DEFAULT_DELIVERY })
    this.#inner.send(bytes, delivery)
  }

  close(code: number, reason?: string): void {
    this.#outputs().push({ kind: 'close', connection: this.#number, code })
    this.#inner.close(code, reason)
  }
}

const DEFAULT_DELIVERY: Delivery = Object.freeze({ mode: 'reliable', channel: 0 })
