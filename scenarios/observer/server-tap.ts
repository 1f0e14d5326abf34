/**
 * Watches one life of a server from outside, as a tap of it: what each turn was about, and everything that came out of it
 * in order. The rules judge by this.
 *
 * What the scenario itself calls (`call`) is one turn for the rules, however many turns of the server it takes.
 */
import {
  OverworldError,
  summarizeReport,
  type Action,
  type AnyApp,
  type Clock,
  type Delivery,
  type InProcessProxy,
  type LiveZone,
  type Outcome,
  type OutsideCall,
  type PartReason,
  type Peer,
  type PlainMessage,
  type Report,
  type Session,
  type SessionDisconnect,
  type Shell,
  type Tap,
  type Thrown,
  type TimerOwner,
} from '../../core/index.ts'
import { PROMISED_ON_PURPOSE, ThrownOnPurpose } from '../simulated-app.ts'
import { CallReader } from './call-reader.ts'
import { CALLBACK_FAILURES, failureOf, isOnPurpose, throwerOf } from './failures.ts'
import {
  callbackThrower,
  isForMessage,
  thrower,
  typeOfMessage,
  type CallbackFailure,
  type CallbackOf,
  type HandlerCall,
  type Output,
  type ServerCall,
  type Turn,
  type TurnInput,
} from './observation.ts'

/** What is known outside of the server. */
export interface Surroundings {
  readonly clock: Clock
  readonly shell: Shell
  /** The zones are those of the scenario's apps. What those of a program of somebody's own do, nobody but they know. */
  readonly knowsZones: boolean
  /** The next number, for a receiver that a zone's own code gives a session. */
  numberReceiver(): number
  /** The scenario's own ones say themselves what they get. */
  isOwnReceiver(receiver: InProcessProxy): boolean
  /** The name of the machine that has this address, or the address. */
  whoIsAt(address: string): string
}

type Callback = Extract<Output, { readonly kind: 'callback' }>

const TIMER: TurnInput = { kind: 'timer' }
/** Every so many messages are compared with what was said. */
const COMPARED_EVERY = 32

export class ServerTap implements Tap {
  readonly #around: Surroundings
  readonly #onTurn: (turn: Turn, tap: ServerTap) => void
  readonly #calls: CallReader
  #outputs: Output[] = []
  #input: TurnInput | undefined
  #nowMs = 0
  /** Within a call of the scenario. */
  #isCalling = false
  /** How deep within handlers, and callbacks of the zones' own. */
  #handlers = 0
  /** The handlers that run, and where in the outputs what they ask for begins. */
  readonly #running: { readonly call: HandlerCall; readonly begun: number }[] = []
  #interruption: string | undefined
  #callback: Callback | undefined
  readonly #links = new Map<number, Peer>()
  readonly #timerNumbers = new WeakMap<TimerOwner, number>()
  #timers = 0
  #messages = 0
  /** Handlers and callbacks that have returned what they must not, on purpose. */
  readonly #wrong = new Set<string>()
  /** The callbacks of the scenario. */
  readonly #callbacks = new WeakMap<SessionDisconnect, CallbackOf>()
  /** Receivers that zones have given to sessions, by the number that the server has for them. */
  readonly #receivers = new Map<number, number>()
  readonly #hasDataOfZone = new WeakSet<Session>()

  constructor(around: Surroundings, onTurn: (turn: Turn, tap: ServerTap) => void) {
    this.#around = around
    this.#onTurn = onTurn
    this.#calls = new CallReader({
      numberOf: (receiver) => this.#numberOf(receiver),
      onGameData: (session) => this.#hasDataOfZone.add(session),
    })
  }

  /** A link of the server, for what can be seen of it from outside. */
  link(number: number): Peer | undefined {
    return this.#links.get(number)
  }

  get openConnections(): number {
    return this.#links.size
  }

  /** What its `gameData` is, only its zone knows. */
  hasDataOfZone(session: Session): boolean {
    return this.#hasDataOfZone.has(session)
  }

  /** For the server's option of that name, or a session's own. */
  disconnectCallback(callback: CallbackOf): SessionDisconnect {
    const made: SessionDisconnect = () => this.fail(CALLBACK_FAILURES.get(callback), 'disconnectCallback')
    this.#callbacks.set(made, callback)
    return made
  }

  /** Within a callback of this name: fails in this way. */
  fail(failure: CallbackFailure | undefined, callback: string): undefined {
    if (failure === 'threw on purpose') throw new ThrownOnPurpose('it failed, as it was told to')
    if (failure === undefined) return undefined
    this.#wrong.add(callbackThrower(callback))
    return PROMISED_ON_PURPOSE as unknown as undefined
  }

  /** What a receiver of the scenario has got. */
  write(output: Output): void {
    if (this.#running.length > 0) this.#interrupted(`what comes to a receiver (${output.kind})`)
    this.#outputs.push(output)
  }

  /** The scenario uses the server's API. */
  call(call: ServerCall, run: () => void): void {
    if (this.#isCalling) {
      run()
      return
    }
    this.#isCalling = true
    try {
      run()
    } finally {
      this.#isCalling = false
      this.#nowMs = this.#around.clock.now()
      this.#end({ kind: 'call', call })
    }
  }

  // Inputs

  turnBegins(_turn: number, nowMs: number): void {
    this.#nowMs = nowMs
    this.#input = undefined
  }

  turnEnds(): void {
    if (this.#isCalling) return
    if (this.#input !== undefined || this.#outputs.length > 0) this.#end(this.#input ?? TIMER)
  }

  accepted(link: number, _listener: number, peer: Peer): void {
    this.#links.set(link, peer)
  }

  opened(link: number): void {
    const from = this.#around.whoIsAt(this.#links.get(link)?.remoteAddress ?? '')
    this.#input = { kind: 'opened', connection: link, from }
  }

  message(link: number, bytes: Uint8Array): void {
    this.#input = { kind: 'message', connection: link, bytes }
  }

  closed(link: number, code: number): void {
    this.#input = { kind: 'closed', connection: link, code }
  }

  ignored(link: number, what: 'text_frame' | 'sign_of_life'): void {
    if (what === 'sign_of_life') this.#input = { kind: 'alive', connection: link }
  }

  fired(): void {
    this.#input = TIMER
  }

  /** The turn in which it has closed may be the server's last. To the rules it is like a timer: nothing must come of it. */
  listenerClosed(): void {
    this.#input = TIMER
  }

  /** From anywhere else than the scenario, such as a timer of the process, it is a turn of its own. */
  called(call: OutsideCall): void {
    this.#input = TIMER
    if (!this.#isCalling) this.#writeCall(call)
  }

  // Outputs

  send(link: number, bytes: Uint8Array, delivery: Delivery): void {
    if (this.#running.length > 0) this.#interrupted(`a message to link ${link}`)
    this.#outputs.push({ kind: 'send', connection: link, bytes, delivery })
  }

  close(link: number, code: number): void {
    if (this.#running.length > 0) this.#interrupted(`close ${code} of link ${link}`)
    this.#outputs.push({ kind: 'close', connection: link, code })
  }

  deliver(receiver: number, _session: Session, _app: AnyApp, type: string, message: PlainMessage | Uint8Array): void {
    const number = this.#receivers.get(receiver)
    if (number === undefined) return
    this.#outputs.push({ kind: 'delivered', receiver: number, type, form: formOf(message), failure: undefined })
  }

  release(receiver: number, code: number): void {
    const number = this.#receivers.get(receiver)
    if (number !== undefined) this.#outputs.push({ kind: 'let_go', receiver: number, code })
  }

  // What happens in between

  handlerBegins(
    zone: LiveZone,
    handler: string,
    session?: Session,
    message?: unknown,
    reason?: PartReason,
    timer?: TimerOwner,
  ): void {
    if (!this.#around.knowsZones) return
    if (this.#running.length > 0) this.#interrupted(`${handler} of zone '${zone.name}'`)
    const call: HandlerCall = {
      kind: 'handler',
      handler,
      zone: zone.name,
      app: zone.app.name,
      isHard: zone.disconnect === 'hard',
      session: session?.id,
      reason,
      frame: zone.frame,
      timer: timer === undefined ? undefined : this.#timerNumbers.get(timer),
      status: session?.status,
      latency: session?.latency,
      message,
      encoded: undefined,
      failure: undefined,
    }
    if (isForMessage(call) && this.#messages++ % COMPARED_EVERY === 0)
      call.encoded = encode(zone.app, typeOfMessage(call) ?? '', message)
    this.#outputs.push(call)
    this.#running.push({ call, begun: this.#outputs.length })
    this.#handlers++
  }

  handlerEnds(_zone: LiveZone, _handler: string, _session?: Session, outcome?: Outcome, thrown?: Thrown): void {
    const ended = this.#running.pop()
    if (ended === undefined) return
    this.#handlers--
    const { call, begun } = ended
    call.failure = failureOf(outcome, thrown)
    if (call.failure === undefined) {
      if (outcome !== undefined) this.#writeOutcome(call, outcome)
      return
    }
    if (thrown === undefined) this.#wrong.add(thrower(call.handler, call.zone, call.session))
    // Nothing comes of what it asked for, but a timer is cancelled at once.
    const kept = this.#outputs.splice(begun).filter(({ kind }) => kind === 'timer_cancelled')
    this.#outputs.push(...kept)
  }

  apiCalled(call: OutsideCall): void {
    if (!this.#isByScenario) this.#writeCall(call)
  }

  zoneTimerAsked(zone: LiveZone, owner: TimerOwner, delayMs: number): void {
    if (!this.#around.knowsZones) return
    const timer = ++this.#timers
    this.#timerNumbers.set(owner, timer)
    this.#outputs.push({ kind: 'timer_set', zone: zone.name, timer, delayMs })
  }

  zoneTimerCancelled(_zone: LiveZone, owner: TimerOwner): void {
    const timer = this.#timerNumbers.get(owner)
    if (timer !== undefined) this.#outputs.push({ kind: 'timer_cancelled', timer })
  }

  routed(app: AnyApp, session: Session, returned?: unknown, thrown?: Thrown): void {
    if (!this.#around.knowsZones) return
    const failure = failureOf(returned, thrown)
    if (failure !== undefined && thrown === undefined) this.#wrong.add(thrower('route', app.name, session.id))
    const zone = failure === undefined ? (returned as LiveZone | undefined)?.name : undefined
    this.#outputs.push({ kind: 'routed', session: session.id, zone, failure })
  }

  callback(session: Session, _name: string, code: number): void {
    if (this.#running.length > 0) this.#interrupted(`a callback of session ${session.id}`)
    const { id, status, disconnectCallback } = session
    const callback = (disconnectCallback && this.#callbacks.get(disconnectCallback)) ?? 'own'
    const isOfZone = disconnectCallback === undefined || !this.#callbacks.has(disconnectCallback)
    if (isOfZone && !this.#around.knowsZones) return
    const output: Callback = { kind: 'callback', session: id, code, status, callback, failure: undefined }
    this.#outputs.push(output)
    if (!isOfZone) return
    this.#callback = output
    // What it asks for is carried out like what a handler asks for.
    this.#handlers++
  }

  callbackEnds(_session: Session, _name: string, returned?: unknown, thrown?: Thrown): void {
    if (this.#callback === undefined) return
    this.#handlers--
    this.#callback.failure = failureOf(returned, thrown)
    this.#callback = undefined
  }

  report(report: Report): void {
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

  /** What a handler asks for is carried out after it, and nothing else happens before it is over. */
  #interrupted(what: string): void {
    const { handler, zone } = this.#running.at(-1)?.call ?? { handler: '', zone: '' }
    this.#interruption ??= `${what} came while ${handler} of zone '${zone}' ran`
  }

  get #isByScenario(): boolean {
    return this.#isCalling && this.#handlers === 0
  }

  /** What a handler has returned, in order. */
  #writeOutcome(call: HandlerCall, outcome: Outcome): void {
    for (const action of (Array.isArray(outcome) ? outcome : [outcome]) as readonly Action[]) {
      const { kind, type, app } = action
      if (kind === 'refuse') call.failure = 'refused'
      this.#outputs.push({
        kind: 'asked',
        zone: call.zone,
        action: kind,
        session: kind === 'broadcast' ? action.except?.id : call.session,
        type,
        delivery: app.deliveryOf(type),
        ...(kind === 'send' && { sessions: action.sessions.map(({ id }) => id) }),
      })
    }
  }

  #writeCall(call: OutsideCall): void {
    const output = this.#around.knowsZones ? this.#calls.read(call) : undefined
    if (output !== undefined) this.#outputs.push(output)
  }

  /** A receiver of a zone's own is heard from here on. */
  #numberOf(receiver: InProcessProxy): number | undefined {
    if (this.#around.isOwnReceiver(receiver)) return undefined
    const known = this.#around.shell.numberOf(receiver)
    const number = this.#receivers.get(known) ?? this.#around.numberReceiver()
    this.#receivers.set(known, number)
    return number
  }

  #isExpected(report: Report): boolean {
    const error = 'error' in report ? report.error : undefined
    const isAbout = error instanceof OverworldError && (error.code === 'async_handler' || error.code === 'bad_action')
    const key = throwerOf(report)
    return isAbout && key !== undefined && this.#wrong.delete(key)
  }

  #end(input: TurnInput): void {
    const outputs = this.#outputs
    if (outputs.length > 0) this.#outputs = []
    this.#input = undefined
    const interruption = this.#interruption
    this.#interruption = undefined
    this.#onTurn({ atMs: this.#nowMs, input, outputs, interruption }, this)
    if (input.kind === 'closed') this.#links.delete(input.connection)
  }
}

/** As the handler gets it: what the handler then does with the object is its business. */
function encode({ codec }: Pick<AnyApp, 'codec'>, type: string, message: unknown): Uint8Array | 'not encodable' {
  if (typeof message !== 'object' || message === null) return 'not encodable'
  try {
    return codec.encode(type, message)
  } catch {
    return 'not encodable'
  }
}

/** `thawed`: a part of it could be changed. */
export function formOf(message: unknown): 'frozen' | 'thawed' | 'bytes' {
  if (message instanceof Uint8Array) return 'bytes'
  return isFrozen(message) ? 'frozen' : 'thawed'
}

/** With all that it holds, but for byte arrays, which cannot be. */
function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true
  return Object.isFrozen(value) && Object.values(value).every(isFrozen)
}
