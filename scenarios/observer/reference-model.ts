/**
 * A small model of what a server must do, written from the design alone: fed with each turn that an observer saw, it
 * works out what must have come of the input, and compares that with what did.
 *
 * A turn's consequences are kept as keys such as `close 3 4501` or `handler handleReconnect 7`: each one that is
 * expected must happen exactly once, and nothing may happen that is not expected. What happens on every message
 * (beacons, rpcs, broadcasts) is checked directly.
 */
import { protocol, type AnyApp } from '../../core/index.ts'
import type { Goals } from '../goals.ts'
import type { Checks, InvariantName } from '../invariants.ts'
import { BroadcastReach } from './broadcast-reach.ts'
import type { HandlerCall, Output, ServerCall, Turn } from './observation.ts'
import type { ServerObserver } from './server-observer.ts'
import { DENIED, prefixOf, readSessionFrame, type SessionFrame } from './wire.ts'

export interface ModelOptions {
  readonly checks: Checks
  readonly goals: Goals
  readonly apps: readonly AnyApp[]
  readonly disconnectTimeoutMs: number
  readonly livenessTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly tickMs: number
  /** How late timers may legally be: the world is unkind. */
  readonly timersLateMs: number
  /** When the server started its zones, by its own clock. */
  readonly bootedAtMs: number
  /** The zones return everything they send, so that every message can be accounted for. */
  readonly allSendsAreReturned: boolean
}

/** One connection, as the outside sees it. */
export interface ModelConnection {
  readonly number: number
  readonly openedAtMs: number
  readonly transport: string
  heardAtMs: number
  /** Closed by either side, or replaced: nothing may be sent any more. */
  isOver: boolean
  session: ModelSession | undefined
  badTokens: number
  /** Beacons that were sent and not answered, by id. */
  readonly beacons: Map<number, number>
  beaconCount: number
  lastBeaconAtMs: number
}

export interface ModelSession {
  readonly id: number
  /** Undefined while it is disconnected. */
  connection: ModelConnection | undefined
  token: string
  previousToken: string | undefined
  attempt: number
  timeoutMs: number
  lostAtMs: number
  lostTransport: string
  zone: Membership | undefined
}

interface Membership {
  readonly zone: string
  readonly app: string
  readonly isHard: boolean
  /** A soft member whose connection is lost. */
  isAway: boolean
}

/** A consequence that must come about in this turn, and the rule that says so. */
interface Expected {
  readonly key: string
  readonly invariant: InvariantName
}

/** Times are compared with this much tolerance (ms). */
const SLACK_MS = 1.001
/** How often (ms) what did *not* happen is looked for, and how long it may be overdue. */
const SWEEP_MS = 500
const OVERDUE_MS = 1_500
const BEACON_MS = 1_000
const BEACONS_REMEMBERED = 25
const BAD_TOKENS_MAX = 3

export class ReferenceModel {
  readonly #options: ModelOptions
  readonly #checks: Checks
  readonly #goals: Goals
  readonly #connections = new Map<number, ModelConnection>()
  readonly #sessions = new Map<number, ModelSession>()
  readonly #byToken = new Map<string, ModelSession>()
  readonly #tokensEver = new Set<string>()
  readonly #idsEver = new Set<number>()
  readonly #reach: BroadcastReach
  readonly #apps = new Map<number, AnyApp>()
  readonly #typeByTag = new Map<number, string>()
  /** Ticks run, and when the zone was started, by zone. */
  readonly #ticks = new Map<string, { frame: number; readonly startedAtMs: number }>()
  readonly #expected: Expected[] = []
  /** Whom a message may reach although it is no member: it parted, or was refused, in this turn. */
  readonly #leavers = new Set<number>()
  /** Sessions that end in this turn, whose zone is still to hear of it. */
  readonly #endedNow = new Map<number, ModelSession>()
  /** The attempt number of the request that is being answered. */
  #pendingAttempt: number | undefined
  /** A timer may be this late (ms): twice the world's unkindness, since what is late is looked at once more. */
  readonly #lateMs: number
  #nowMs = 0
  #sweptAtMs = 0
  /** Until then, being late proves nothing: the server stood still, or its clock leapt. */
  #lenientUntilMs = 0
  /** What the next `session_new` on a connection is the answer to. */
  #answering: { readonly connection: ModelConnection; readonly resumed: ModelSession | undefined } | undefined
  #usedToken = ''
  #lastTokenUse: { readonly token: string; readonly atMs: number; readonly connection: number } | undefined

  constructor(options: ModelOptions) {
    this.#options = options
    this.#checks = options.checks
    this.#goals = options.goals
    this.#lateMs = SLACK_MS + 2 * options.timersLateMs
    this.#reach = new BroadcastReach(options.checks, options.allSendsAreReturned)
    for (const app of options.apps) this.#apps.set(app.prefix, app)
  }

  /** Sessions that live, by this model. */
  get sessions(): ReadonlyMap<number, ModelSession> {
    return this.#sessions
  }

  /** Whether `token` would resume a session now; undefined within a moment of its deadline. */
  isTokenValid(token: string, atMs: number): boolean | undefined {
    const session = this.#byToken.get(token)
    if (session === undefined) return false
    return this.#isExpired(session, atMs) === undefined ? undefined : !this.#isExpired(session, atMs)
  }

  /** The server stood still until now, or its clock was changed. */
  disturbed(atMs: number): void {
    this.#lenientUntilMs = atMs + Math.max(this.#options.livenessTimeoutMs, BEACON_MS) + OVERDUE_MS
  }

  handleTurn(turn: Turn, observer: ServerObserver): void {
    this.#nowMs = turn.atMs
    this.#expected.length = 0
    this.#leavers.clear()
    this.#endedNow.clear()
    this.#answering = undefined
    this.#reach.begin()
    this.#check('no-internal-error', true, NOTHING)
    this.#handleInput(turn, observer)
    for (const output of turn.outputs) this.#handleOutput(output, observer)
    this.#reach.end(this.#sessions, observer)
    const missing = this.#expected[0]
    if (missing !== undefined) this.#fail(missing.invariant, `expected "${missing.key}", and it did not happen`)
    if (this.#nowMs - this.#sweptAtMs >= SWEEP_MS) this.#sweep()
  }

  // Inputs

  #handleInput({ input, outputs }: Turn, observer: ServerObserver): void {
    switch (input.kind) {
      case 'opened':
        this.#connections.set(input.connection, {
          number: input.connection,
          openedAtMs: this.#nowMs,
          transport: observer.connection(input.connection)?.transport ?? '',
          heardAtMs: this.#nowMs,
          isOver: false,
          session: undefined,
          badTokens: 0,
          beacons: new Map(),
          beaconCount: 0,
          lastBeaconAtMs: 0,
        })
        return
      case 'message': {
        const connection = this.#connections.get(input.connection)
        if (connection !== undefined && !connection.isOver) this.#handleMessage(connection, input.bytes, outputs)
        return
      }
      case 'closed':
        this.#handleClosed(this.#connections.get(input.connection), input.code)
        this.#connections.delete(input.connection)
        return
      case 'call':
        this.#handleCall(input.call)
        return
      case 'timer':
        return
    }
  }

  #handleMessage(connection: ModelConnection, bytes: Uint8Array, outputs: readonly Output[]): void {
    connection.heardAtMs = this.#nowMs
    if (connection.session !== undefined && this.#nowMs > this.#lenientUntilMs) {
      const since = this.#nowMs - connection.lastBeaconAtMs
      this.#check(
        'beacon-rhythm',
        since <= BEACON_MS + this.#lateMs,
        () => `no beacon to ${name(connection)} for ${since} ms`,
      )
    }
    const prefix = prefixOf(bytes)
    if (prefix === protocol.prefix) this.#handleSessionFrame(connection, readSessionFrame(bytes), bytes, outputs)
    else this.#handleAppFrame(connection, this.#apps.get(prefix), bytes)
  }

  #handleSessionFrame(
    connection: ModelConnection,
    frame: SessionFrame,
    bytes: Uint8Array,
    outputs: readonly Output[],
  ): void {
    if (frame.type === 'request') {
      this.#handleRequest(connection, frame.token, frame.attempt, outputs)
    } else if (frame.type === 'ping') {
      if (connection.session === undefined)
        this.#expect(`denied ${connection.number} ${DENIED.no_session}`, 'denied-without-session')
      else this.#handlePing(connection, connection.session, frame.id)
    } else if (frame.type === 'other' && protocol.codec.decode(bytes) === 'malformed') {
      this.#handleMalformed(connection)
    }
  }

  #handlePing(connection: ModelConnection, session: ModelSession, id: number): void {
    const sentAtMs = connection.beacons.get(id)
    if (sentAtMs === undefined) return
    connection.beacons.delete(id)
    if (session.previousToken !== undefined) {
      this.#byToken.delete(session.previousToken)
      session.previousToken = undefined
      this.#goals.reach('token proven')
    }
    this.#expect(`pong ${connection.number} ${Math.round(this.#nowMs - sentAtMs)}`, 'pong-honest')
  }

  #handleRequest(
    connection: ModelConnection,
    token: string,
    attempt: number | undefined,
    outputs: readonly Output[],
  ): void {
    const present = connection.session
    if (present !== undefined) {
      if (token === '') {
        acceptAttempt(present, attempt)
        this.#expect(`new ${connection.number} ${present.id} ${present.token}`, 'same-answer')
      } else {
        this.#expect(`denied ${connection.number} ${DENIED.already_in_session}`, 'resume-honoured')
      }
      return
    }
    if (token === '') {
      this.#answering = { connection, resumed: undefined }
      this.#expect(`new ${connection.number}`, 'new-session')
      this.#expect(`beacon ${connection.number}`, 'new-session')
      this.#pendingAttempt = attempt
      return
    }
    const session = this.#byToken.get(token)
    if (session === undefined || this.#hasExpired(session, connection, outputs)) this.#expectBadToken(connection)
    else if (attempt !== undefined && attempt < session.attempt) {
      this.#goals.reach('late request')
      this.#expect(`close ${connection.number} 4501`, 'late-request-closed')
    } else this.#expectResume(connection, session, token, attempt)
  }

  #expectBadToken(connection: ModelConnection): void {
    this.#goals.reach('bad token')
    connection.badTokens++
    this.#expect(`denied ${connection.number} ${DENIED.bad_token}`, 'bad-token-denied')
    if (connection.badTokens < BAD_TOKENS_MAX) return
    this.#goals.reach('closed for bad tokens')
    this.#expect(`close ${connection.number} 4503`, 'bad-token-denied')
  }

  #expectResume(connection: ModelConnection, session: ModelSession, token: string, attempt: number | undefined): void {
    this.#noteResume(connection, session, token)
    acceptAttempt(session, attempt)
    const old = session.connection
    if (old !== undefined) {
      old.session = undefined
      this.#expect(`close ${old.number} 4501`, 'takeover-silent')
    }
    session.connection = undefined
    this.#answering = { connection, resumed: session }
    this.#usedToken = token
    this.#expect(`new ${connection.number}`, 'resume-honoured')
    this.#expect(`beacon ${connection.number}`, 'resume-honoured')
    if (session.zone !== undefined) this.#expect(`handler handleReconnect ${session.id}`, 'resume-honoured')
  }

  #noteResume(connection: ModelConnection, session: ModelSession, token: string): void {
    const goals = this.#goals
    const old = session.connection
    if (old === undefined) {
      goals.reach('resume in time')
      if (session.lostTransport !== connection.transport) goals.reach('resume over the other transport')
      const left = session.lostAtMs + session.timeoutMs - this.#nowMs
      if (left <= 50) goals.reach('resume at the end of the grace')
      if (session.zone !== undefined) goals.reach('reconnect into a zone')
    } else {
      goals.reach('takeover')
      if (this.#nowMs - old.heardAtMs >= 2_000) goals.reach('takeover of a mute connection')
      if (old.transport !== connection.transport) goals.reach('resume over the other transport')
      if (session.zone !== undefined) goals.reach('takeover of a member')
    }
    if (token === session.previousToken) goals.reach('resume with the old token')
    const last = this.#lastTokenUse
    if (last?.token === token && last.connection !== connection.number && this.#nowMs - last.atMs < 1_000) {
      goals.reach('two connections with one token')
    }
    this.#lastTokenUse = { token, atMs: this.#nowMs, connection: connection.number }
  }

  #handleAppFrame(connection: ModelConnection, app: AnyApp | undefined, bytes: Uint8Array): void {
    if (bytes.length < 2) {
      this.#handleMalformed(connection)
      return
    }
    if (app === undefined) return
    const type = this.#typeOf(app, bytes)
    if (type === 'malformed') this.#handleMalformed(connection)
    else if (type === undefined || !app.handled.has(type)) return
    else if (connection.session === undefined) {
      this.#expect(`denied ${connection.number} ${DENIED.no_session}`, 'denied-without-session')
    } else this.#handleAppMessage(connection, connection.session, app, type)
  }

  #handleAppMessage(connection: ModelConnection, session: ModelSession, app: AnyApp, type: string): void {
    const zone = session.zone
    if (type === 'join') {
      if (zone !== undefined) {
        this.#goals.reach('joined twice')
        this.#expect(`denied ${connection.number} ${DENIED.already_joined}`, 'join-judged')
      } else {
        this.#expect(`handler handleJoin ${session.id}`, 'join-judged')
      }
    } else if (zone === undefined || zone.app !== app.name) {
      this.#expect(`denied ${connection.number} ${DENIED.no_zone}`, 'rpc-judged')
    } else if (type === 'part') {
      this.#expect(`part ${session.id} left`, 'rpc-judged')
    } else {
      this.#expect(`handler rpc.${type} ${session.id}`, 'rpc-judged')
    }
  }

  /**
   * The first tag names the type: what bots send holds one field, and the odd messages of a scenario begin with tags of
   * their own. So only the first message of a type is decoded here.
   */
  #typeOf(app: AnyApp, bytes: Uint8Array): string | undefined {
    const key = (app.prefix << 8) | (bytes[2] ?? 0)
    const known = this.#typeByTag.get(key)
    if (known !== undefined) return known
    const decoded = app.codec.decode(bytes)
    if (decoded === 'malformed') return 'malformed'
    if (decoded === 'empty') return undefined
    this.#typeByTag.set(key, decoded.type)
    return decoded.type
  }

  #handleMalformed(connection: ModelConnection): void {
    this.#goals.reach('malformed input')
    this.#expect(`close ${connection.number} 4506`, 'malformed-closed')
    if (connection.session !== undefined) this.#lose(connection.session)
  }

  #handleClosed(connection: ModelConnection | undefined, code: number): void {
    if (connection === undefined) return
    const session = connection.session
    const wasOver = connection.isOver
    connection.isOver = true
    connection.session = undefined
    if (session === undefined || wasOver) return
    if (code === 4000) {
      this.#goals.reach('ended by the client')
      this.#expect(`callback ${session.id}`, 'ended-at-once')
      if (session.zone !== undefined) this.#expect(`part ${session.id} ended`, 'ended-at-once')
      this.#forget(session)
    } else {
      this.#lose(session)
    }
  }

  #handleCall(call: ServerCall): void {
    switch (call.kind) {
      case 'stop_session': {
        const session = this.#sessions.get(call.session)
        if (session !== undefined) this.#expectStop(session)
        return
      }
      case 'stop_server':
        for (const session of this.#sessions.values()) this.#expectStop(session)
        for (const connection of this.#connections.values()) {
          if (!connection.isOver && connection.session === undefined) {
            this.#expect(`close ${connection.number} 4500`, 'stop-is-final')
          }
        }
        return
      case 'drop_session': {
        const session = this.#sessions.get(call.session)
        if (session?.connection === undefined) return
        this.#expect(`close ${session.connection.number} 1000`, 'disconnect-told')
        this.#lose(session)
        return
      }
      case 'set_timeout': {
        const session = this.#sessions.get(call.session)
        if (session === undefined) return
        session.timeoutMs = call.timeoutMs
        if (session.connection !== undefined) return
        this.#goals.reach('disconnect while away changed the deadline')
        if (session.lostAtMs + session.timeoutMs <= this.#nowMs) this.#expectExpiry(session)
        return
      }
      case 'remove': {
        const session = this.#sessions.get(call.session)
        if (session?.zone !== undefined) this.#expect(`part ${call.session} removed`, 'one-membership')
        return
      }
      case 'stop_zone':
        for (const session of this.#sessions.values()) {
          if (session.zone?.zone === call.zone) this.#expect(`part ${session.id} zone_stopped`, 'one-membership')
        }
        return
      case 'start_zone':
        this.#ticks.set(call.zone, { frame: 0, startedAtMs: this.#nowMs })
        return
    }
  }

  #expectStop(session: ModelSession): void {
    this.#goals.reach('stopped by the server')
    if (session.zone !== undefined) this.#expect(`part ${session.id} stopped`, 'stop-is-final')
    if (session.connection !== undefined) {
      this.#expect(`close ${session.connection.number} 4500`, 'stop-is-final')
      session.connection.session = undefined
    }
    this.#forget(session)
  }

  // Outputs

  #handleOutput(output: Output, observer: ServerObserver): void {
    switch (output.kind) {
      case 'send':
        this.#handleSend(output.connection, output.bytes)
        return
      case 'close':
        this.#handleClose(output.connection, output.code, observer)
        return
      case 'handler':
        this.#handleHandler(output)
        return
      case 'asked':
        this.#reach.ask(output)
        return
      case 'callback':
        this.#consume(`callback ${output.session}`, 'disconnect-has-a-cause', 'the disconnectCallback ran')
        return
      case 'report':
        this.#check('no-internal-error', !output.isOurs, () => output.text)
        this.#check('handlers-do-not-throw', output.isOurs, () => output.text)
        return
    }
  }

  #handleSend(number: number, bytes: Uint8Array): void {
    const connection = this.#connections.get(number)
    this.#check(
      'silence-after-close',
      connection !== undefined && !connection.isOver,
      () => `a message was sent to connection ${number}, which is closed`,
    )
    if (connection === undefined) return
    if (prefixOf(bytes) === protocol.prefix) this.#handleProtocolSend(connection, readSessionFrame(bytes))
    else this.#handleAppSend(connection)
  }

  #handleProtocolSend(connection: ModelConnection, frame: SessionFrame): void {
    switch (frame.type) {
      case 'new':
        this.#handleSessionNew(connection, frame.id, frame.token)
        return
      case 'beacon':
        this.#handleBeacon(connection, frame.id)
        return
      case 'pong':
        this.#consume(
          `pong ${connection.number} ${frame.latency}`,
          'pong-honest',
          `${name(connection)} got a pong of ${frame.latency} ms`,
        )
        return
      case 'denied':
        this.#handleDenial(connection, frame.reason)
        return
      default:
        this.#fail('session-new-first', `${name(connection)} was sent a frame that no client understands`)
    }
  }

  #handleDenial(connection: ModelConnection, reason: number): void {
    const resumed = this.#answering?.connection === connection ? this.#answering.resumed : undefined
    this.#check('resume-honoured', resumed === undefined, () => {
      return `${name(connection)} brought a token that is valid for session ${resumed?.id}, and was denied (reason ${reason})`
    })
    const key = `denied ${connection.number} ${reason}`
    this.#consume(key, 'denied-without-session', `${name(connection)} was denied with reason ${reason}`)
  }

  #handleSessionNew(connection: ModelConnection, id: number, token: string): void {
    const answering = this.#answering
    if (answering === undefined || answering.connection !== connection) {
      this.#consume(
        `new ${connection.number} ${id} ${token}`,
        'same-answer',
        `${name(connection)} got session_new ${id}`,
      )
      return
    }
    this.#answering = undefined
    const what = `${name(connection)} got session_new ${id}`
    const { resumed } = answering
    const invariant = resumed === undefined ? 'new-session' : 'resume-honoured'
    this.#consume(`new ${connection.number}`, invariant, what)
    this.#check(invariant, !this.#tokensEver.has(token), () => `${what} with a token that was issued before`)
    this.#tokensEver.add(token)
    if (resumed === undefined) this.#startSession(connection, id, token)
    else this.#resumeSession(connection, resumed, id, token)
  }

  #startSession(connection: ModelConnection, id: number, token: string): void {
    this.#check('new-session', !this.#idsEver.has(id), () => `id ${id} was given to another session before`)
    this.#idsEver.add(id)
    const session: ModelSession = {
      id,
      connection,
      token,
      previousToken: undefined,
      attempt: this.#pendingAttempt ?? 0,
      timeoutMs: this.#options.disconnectTimeoutMs,
      lostAtMs: 0,
      lostTransport: '',
      zone: undefined,
    }
    connection.session = session
    this.#sessions.set(id, session)
    this.#byToken.set(token, session)
  }

  #resumeSession(connection: ModelConnection, session: ModelSession, id: number, token: string): void {
    this.#check('resume-honoured', id === session.id, () => `the token of session ${session.id} resumed session ${id}`)
    const unused = this.#usedToken === session.token ? session.previousToken : session.token
    if (unused !== undefined) this.#byToken.delete(unused)
    session.previousToken = this.#usedToken
    session.token = token
    session.connection = connection
    connection.session = session
    this.#byToken.set(token, session)
  }

  #handleBeacon(connection: ModelConnection, id: number): void {
    if (connection.beaconCount === 0) {
      this.#consume(
        `beacon ${connection.number}`,
        'session-new-first',
        `${name(connection)} got a beacon before its session_new`,
      )
    } else {
      const since = this.#nowMs - connection.lastBeaconAtMs
      const isRegular = connection.beaconCount > 1
      const isInTime = since <= BEACON_MS + this.#lateMs || this.#nowMs <= this.#lenientUntilMs
      const isNotEarly = !isRegular || since >= BEACON_MS - this.#lateMs || this.#nowMs <= this.#lenientUntilMs
      this.#check(
        'beacon-rhythm',
        isInTime && isNotEarly && connection.session !== undefined,
        () => `${name(connection)} got a beacon ${since} ms after the one before`,
      )
    }
    connection.beaconCount++
    connection.lastBeaconAtMs = this.#nowMs
    connection.beacons.set(id, this.#nowMs)
    connection.beacons.delete(id - BEACONS_REMEMBERED)
  }

  #handleAppSend(connection: ModelConnection): void {
    const session = connection.session
    this.#check(
      'session-new-first',
      session !== undefined,
      () => `${name(connection)} got a zone's message without a session`,
    )
    if (session === undefined) return
    const mayReceive = session.zone !== undefined || this.#leavers.has(session.id)
    this.#check('members-only', mayReceive, () => `session ${session.id} got a zone's message, and is in no zone`)
    this.#reach.sent(connection, this.#sessions)
  }

  #handleClose(number: number, code: number, observer: ServerObserver): void {
    const connection = this.#connections.get(number)
    if (connection === undefined) return
    const wasExpected = this.#take(`close ${number} ${code}`)
    const session = connection.session
    connection.isOver = true
    connection.session = undefined
    if (wasExpected) return
    switch (code) {
      case 4004:
        this.#checkLiveness(connection, session)
        break
      case 4002: {
        const waited = this.#nowMs - connection.openedAtMs
        this.#goals.reach('no session requested')
        this.#check(
          'request-timeout',
          session === undefined && waited >= this.#options.requestTimeoutMs - SLACK_MS,
          () => `${name(connection)} was closed with 4002 after ${waited} ms`,
        )
        break
      }
      case 4005: {
        const buffered = observer.connection(number)?.bufferedBytes ?? 0
        this.#check(
          'silence-after-close',
          buffered > 0,
          () => `${name(connection)} was closed as too slow with nothing buffered`,
        )
        break
      }
      default:
        this.#fail(
          code === 4501 ? 'takeover-silent' : 'disconnect-has-a-cause',
          `${name(connection)} was closed with ${code}, and nothing called for it`,
        )
    }
    if (session !== undefined) this.#lose(session)
  }

  #checkLiveness(connection: ModelConnection, session: ModelSession | undefined): void {
    this.#goals.reach('found half-open')
    const silentMs = this.#nowMs - connection.heardAtMs
    const limit = this.#options.livenessTimeoutMs
    const isInTime = silentMs <= limit + this.#lateMs || this.#nowMs <= this.#lenientUntilMs
    this.#check(
      'liveness',
      session !== undefined && silentMs >= limit - SLACK_MS && isInTime,
      () => `${name(connection)} was given up after ${silentMs} ms of silence; the limit is ${limit} ms`,
    )
  }

  #handleHandler(call: HandlerCall): void {
    if (call.handler === 'handleTick') {
      this.#handleTick(call)
      return
    }
    if (call.session === undefined) return
    if (call.handler.startsWith('rpc.')) {
      const session = this.#sessions.get(call.session)
      this.#consume(`handler ${call.handler} ${call.session}`, 'rpc-judged', describe(call))
      this.#check('handlers-do-not-throw', !call.failed, () => `${describe(call)} and threw`)
      this.#check('one-membership', session?.zone?.zone === call.zone, () => `${describe(call)}, which is no member`)
      return
    }
    this.#handleMembership(call, call.session)
  }

  #handleMembership(call: HandlerCall, id: number): void {
    const session = this.#sessions.get(id) ?? this.#endedNow.get(id)
    this.#check('one-membership', session !== undefined, () => `${describe(call)}, which does not live any more`)
    if (session === undefined) return
    const zone = session.zone
    if (call.handler === 'handleJoin') {
      this.#consume(`handler handleJoin ${id}`, 'join-judged', describe(call))
      this.#check('one-membership', zone === undefined, () => `${describe(call)}, which is in zone '${zone?.zone}'`)
      if (call.failed) this.#leavers.add(id)
      else session.zone = { zone: call.zone, app: call.app, isHard: call.isHard, isAway: false }
      return
    }
    this.#check('one-membership', zone?.zone === call.zone, () => `${describe(call)}, which is no member`)
    if (zone === undefined) return
    if (call.handler === 'handlePart') {
      this.#handlePart(call, session)
    } else if (call.handler === 'handleDisconnect') {
      this.#consume(`handler handleDisconnect ${id}`, 'disconnect-has-a-cause', describe(call))
      this.#check(
        'one-membership',
        !zone.isHard && !zone.isAway,
        () => `${describe(call)}, which ${zone.isHard ? 'is in a hard zone' : 'is away already'}`,
      )
      this.#check('disconnect-told', !this.#isExpected(`callback ${id}`), () => `${describe(call)} before its callback`)
      zone.isAway = true
    } else {
      this.#consume(`handler handleReconnect ${id}`, 'resume-honoured', describe(call))
      this.#check(
        'session-new-first',
        this.#answering === undefined,
        () => `${describe(call)} before its client was told that it is back`,
      )
      zone.isAway = false
    }
  }

  #handlePart(call: HandlerCall, session: ModelSession): void {
    session.zone = undefined
    this.#leavers.add(session.id)
    if (call.reason === 'timeout' && !this.#isExpected(`part ${session.id} timeout`)) {
      this.#checkExpiry(session)
      return
    }
    const invariant =
      call.reason === 'timeout'
        ? 'grace-period'
        : call.reason === 'disconnect'
          ? 'disconnect-has-a-cause'
          : 'one-membership'
    this.#consume(`part ${session.id} ${call.reason}`, invariant, describe(call))
    if (call.reason === 'disconnect') this.#goals.reach('lost in a hard zone')
  }

  #checkExpiry(session: ModelSession): void {
    this.#goals.reach('expired in a soft zone')
    const awayMs = this.#nowMs - session.lostAtMs
    const isInTime = awayMs <= session.timeoutMs + this.#lateMs || this.#nowMs <= this.#lenientUntilMs
    const isAway = session.connection === undefined
    this.#check('grace-period', isAway && awayMs >= session.timeoutMs - SLACK_MS && isInTime, () =>
      isAway
        ? `session ${session.id} expired ${awayMs} ms after its disconnect; its disconnectTimeout is ${session.timeoutMs} ms`
        : `session ${session.id} expired although it is connected`,
    )
    this.#forget(session)
  }

  #handleTick(call: HandlerCall): void {
    const ticks = this.#ticks.get(call.zone) ?? { frame: 0, startedAtMs: this.#options.bootedAtMs }
    this.#ticks.set(call.zone, ticks)
    const sinceStart = this.#nowMs - ticks.startedAtMs
    const lateMs = sinceStart % this.#options.tickMs
    const isOnGrid = lateMs <= this.#lateMs || lateMs >= this.#options.tickMs - SLACK_MS
    const isFine = call.frame === ticks.frame + 1 && (isOnGrid || this.#nowMs <= this.#lenientUntilMs)
    this.#check('ticks-do-not-drift', isFine, () => {
      return `tick ${call.frame} of '${call.zone}', after tick ${ticks.frame}, came ${sinceStart} ms after its start`
    })
    ticks.frame = call.frame
  }

  // Lives

  #lose(session: ModelSession): void {
    const connection = session.connection
    if (connection !== undefined) {
      connection.session = undefined
      session.lostTransport = connection.transport
      if (session.previousToken !== undefined) this.#goals.reach('lost again before the proof')
    }
    session.connection = undefined
    session.lostAtMs = this.#nowMs
    this.#expect(`callback ${session.id}`, 'disconnect-told')
    if (session.zone !== undefined) {
      const key = session.zone.isHard ? `part ${session.id} disconnect` : `handler handleDisconnect ${session.id}`
      this.#expect(key, 'disconnect-told')
    }
    if (session.timeoutMs === 0) this.#expectExpiry(session)
  }

  #expectExpiry(session: ModelSession): void {
    if (session.zone !== undefined && !session.zone.isHard) this.#expect(`part ${session.id} timeout`, 'grace-period')
    this.#forget(session)
  }

  #forget(session: ModelSession): void {
    this.#endedNow.set(session.id, session)
    this.#sessions.delete(session.id)
    this.#byToken.delete(session.token)
    if (session.previousToken !== undefined) this.#byToken.delete(session.previousToken)
  }

  /** Undefined within a moment of the deadline, when both are right. */
  #isExpired(session: ModelSession, atMs: number): boolean | undefined {
    if (session.connection !== undefined) return false
    const deadline = session.lostAtMs + session.timeoutMs
    if (atMs < deadline - SLACK_MS) return false
    return atMs > deadline + this.#lateMs && atMs > this.#lenientUntilMs ? true : undefined
  }

  #hasExpired(session: ModelSession, connection: ModelConnection, outputs: readonly Output[]): boolean {
    const isExpired =
      this.#isExpired(session, this.#nowMs) ??
      !outputs.some(
        (output) =>
          output.kind === 'send' &&
          output.connection === connection.number &&
          prefixOf(output.bytes) === protocol.prefix &&
          readSessionFrame(output.bytes).type === 'new',
      )
    // A member is forgotten when its zone is told; who is in no zone goes silently.
    if (isExpired && session.zone === undefined) this.#forget(session)
    return isExpired
  }

  /** Looks for what should have happened long since. */
  #sweep(): void {
    this.#sweptAtMs = this.#nowMs
    if (this.#nowMs <= this.#lenientUntilMs) return
    for (const session of this.#sessions.values()) this.#sweepSession(session)
    for (const connection of this.#connections.values()) {
      if (connection.isOver || connection.session !== undefined) continue
      const waited = this.#nowMs - connection.openedAtMs
      this.#check(
        'request-timeout',
        waited <= this.#options.requestTimeoutMs + OVERDUE_MS,
        () => `${name(connection)} is open without a session for ${waited} ms`,
      )
    }
  }

  #sweepSession(session: ModelSession): void {
    const { connection } = session
    if (connection !== undefined) {
      const silentMs = this.#nowMs - connection.heardAtMs
      const limit = this.#options.livenessTimeoutMs
      this.#check(
        'liveness',
        limit === 0 || silentMs <= limit + OVERDUE_MS,
        () => `${name(connection)} is silent for ${silentMs} ms, and was not given up`,
      )
      return
    }
    const overdueMs = this.#nowMs - session.lostAtMs - session.timeoutMs
    if (overdueMs <= OVERDUE_MS) return
    this.#check(
      'grace-period',
      session.zone === undefined,
      () => `session ${session.id} should have expired ${overdueMs} ms ago, and its zone has not been told`,
    )
    this.#forget(session)
  }

  // Expectations

  #expect(key: string, invariant: InvariantName): void {
    this.#expected.push({ key, invariant })
  }

  #isExpected(key: string): boolean {
    return this.#expected.some((expected) => expected.key === key)
  }

  #take(key: string): boolean {
    const index = this.#expected.findIndex((expected) => expected.key === key)
    const expected = this.#expected[index]
    if (expected === undefined) return false
    this.#expected.splice(index, 1)
    this.#check(expected.invariant, true, NOTHING)
    return true
  }

  /** Something happened: it must be what was expected. `invariant` is broken if it is not. */
  #consume(key: string, invariant: InvariantName, what: string): void {
    this.#check(invariant, this.#take(key), () => `${what}, and nothing called for it`)
  }

  #check(invariant: InvariantName, holds: boolean, explain: () => string): void {
    this.#checks.check(invariant, holds, explain)
  }

  #fail(invariant: InvariantName, message: string): void {
    this.#checks.check(invariant, false, () => message)
  }
}

/** Why something that holds does not. */
const NOTHING = (): string => ''

function acceptAttempt(session: ModelSession, attempt: number | undefined): void {
  if (attempt !== undefined && attempt > session.attempt) session.attempt = attempt
}

function name(connection: ModelConnection): string {
  return `connection ${connection.number}`
}

function describe(call: HandlerCall): string {
  const reason = call.reason === undefined ? '' : ` (${call.reason})`
  return `${call.handler}${reason} of zone '${call.zone}' ran for session ${call.session}`
}
