/**
 * What the reference model knows: connections and sessions as an outsider sees them, and what this turn must still
 * show. The rules that work on it are in `input-rules.ts`, `message-rules.ts`, `zone-rules.ts` and `overdue-rules.ts`.
 */
import type { AnyApp, PartReason } from '../../core/index.ts'
import type { Goals } from '../goals.ts'
import type { Checks, InvariantName } from '../invariants.ts'
import { BroadcastReach } from './broadcast-reach.ts'
import { Counts } from './counted.ts'
import { inWords } from './in-words.ts'
import type { ModelConnection, ModelSession } from './model-entities.ts'
import { callbackThrower, reportsOf, type Failure, type Turn } from './observation.ts'

export interface ModelOptions {
  readonly checks: Checks
  readonly goals: Goals
  readonly apps: readonly AnyApp[]
  /** Those that the server has when it boots. */
  readonly zones: readonly RunningZone[]
  /** Apps whose joins are routed; a join of another app is for its only zone. */
  readonly routed: ReadonlySet<string>
  readonly disconnectTimeoutMs: number
  readonly livenessTimeoutMs: number
  readonly requestTimeoutMs: number
  /** How often a connected client gets a beacon. */
  readonly beaconMs: number
  /** By app. */
  readonly tickMs: ReadonlyMap<string, number>
  /** How late timers may legally be: the world is unkind. */
  readonly timersLateMs: number
  /** Undefined: they are so large that nothing in a scenario meets them. */
  readonly buffers: Buffers | undefined
  /** Infinity: no limit. */
  readonly sessionsMax: number
  readonly connectionsMax: number
  readonly preconnectsPerAddressMax: number
  readonly messagesPerSecondMax: number
  readonly bytesPerSecondMax: number
  /** Of one message. */
  readonly messageBytesMax: number
  /** When the server started its zones, by its own clock. */
  readonly bootedAtMs: number
  /** Clients say what no client of ours would: each message has to be decoded to know what it is. */
  readonly anythingIsSaid: boolean
  /** Everything that is sent was seen to be asked for, so that every message can be accounted for. */
  readonly allSendsAreSeen: boolean
}

export interface RunningZone {
  readonly name: string
  readonly app: string
}

/** The server's limits for what waits for a slow reader. */
export interface Buffers {
  readonly softBytes: number
  readonly hardBytes: number
}

/** A request that `session_new` answers. */
export interface Answering {
  readonly connection: ModelConnection
  /** The session that comes back, or undefined for a new one. */
  readonly resumed: ModelSession | undefined
  readonly usedToken: string
  readonly attempt: number | undefined
}

/** A consequence that must come about in this turn, and the rule that says so. */
interface Expected {
  readonly key: string
  readonly invariant: InvariantName
}

/** The same of what comes of every message: compared without making a key. */
interface ExpectedAnswer {
  /** `pong`, or `rpc.` and the type of the message. */
  readonly what: string
  /** The connection of a pong, the session of an rpc. */
  readonly whom: number
  /** The latency of a pong; 0: of an rpc. */
  readonly value: number
  readonly invariant: InvariantName
}

/** Times are compared with this much tolerance (ms). */
export const SLACK_MS = 1.001
/** How long (ms) something may be overdue before it counts as forgotten. */
export const OVERDUE_MS = 1_500
/** A join is on everybody's mind for so long (ms): goals speak of it. */
export const JOINING_MS = 50
/** A check of liveness that comes more than this late (ms) starts its interval anew (design section 5). */
const PAUSE_MS = 1_000

export class ModelState {
  readonly options: ModelOptions
  readonly checks: Checks
  readonly goals: Goals
  readonly connections = new Map<number, ModelConnection>()
  readonly sessions = new Map<number, ModelSession>()
  readonly byToken = new Map<string, ModelSession>()
  readonly tokensEver = new Set<string>()
  readonly idsEver = new Set<number>()
  readonly apps = new Map<number, AnyApp>()
  readonly reach: BroadcastReach
  readonly counts = new Counts()
  /** By zone: ticks run, the multiple of `tickMs` after which the last one came, and when the zone was started. */
  readonly ticks = new Map<string, { frame: number; multiple: number; readonly startedAtMs: number }>()
  /** By name. */
  readonly zones = new Map<string, RunningZone>()
  /** Timers of zones that are still to fire, by number. */
  readonly timers = new Map<number, { readonly zone: string; readonly dueAtMs: number }>()
  /** Whom a message may reach although it is no member: it parted, or was refused, in this turn. */
  readonly leavers = new Set<number>()
  /** Sessions that may have given their place to another address: their next return shows it. */
  readonly perhapsGone = new Set<number>()
  /** Sessions that end in this turn, whose zone is still to hear of it. */
  readonly endedNow = new Map<number, ModelSession>()
  /** A timer may be this late (ms): three times the world's unkindness, since what is late is put off twice. */
  readonly lateMs: number
  /** The longest time (ms) by which the server's timers may have been late because it stood still. */
  lateMsMax = 0
  nowMs = 0
  /** What the next `session_new` on a connection is the answer to. */
  answering: Answering | undefined
  /** When the server last ran again after it had stood still, or when its clock last leapt. */
  stoodStillUntilMs = 0
  stoodStillSinceMs = 0
  /** Sessions of members whose time ran out meanwhile and that expired in the very instant of waking, by their tokens. */
  readonly expiredOnWaking = new Map<string, number>()
  /** The server takes nobody new, and stops whoever is left then. */
  drainsUntilMs: number | undefined
  /** Kinds of undecodable messages that were reported: of each only the first is. */
  readonly undecodable = new Set<string>()
  /** Sessions were started by hand. */
  hasNpcs = false
  #timersEveryMs = 0
  /** Until then, being late proves nothing. */
  #lenientUntilMs = 0
  #losses = 0
  readonly #expected: Expected[] = []
  readonly #answers: ExpectedAnswer[] = []
  readonly #allowed = new Set<string>()

  constructor(options: ModelOptions) {
    this.options = options
    this.checks = options.checks
    this.goals = options.goals
    this.lateMs = SLACK_MS + 3 * options.timersLateMs
    this.reach = new BroadcastReach(this)
    for (const app of options.apps) this.apps.set(app.prefix, app)
    for (const zone of options.zones) this.zones.set(zone.name, zone)
  }

  /** Whether being late proves nothing at the moment. */
  get isLenient(): boolean {
    return this.isLenientAt(this.nowMs)
  }

  isLenientAt(atMs: number): boolean {
    return atMs <= this.#lenientUntilMs || this.#timersEveryMs > 0
  }

  /** From now on the server's timers come at whole multiples of so many ms only; 0: in time. */
  timersEvery(everyMs: number, atMs: number): void {
    if (everyMs === 0 && this.#timersEveryMs === 0) return
    this.#timersEveryMs = everyMs
    this.lateMsMax = Math.max(this.lateMsMax, everyMs)
    // Which checks were late, and forgiven for it, nobody can see.
    if (everyMs === 0) this.#beLenientFor(atMs, atMs)
  }

  beLenient(atMs: number, sinceMs: number): void {
    // The interval may have started anew the last time too: only what is too late even so has surely done so now.
    const limit = this.options.livenessTimeoutMs
    this.lateMsMax = Math.max(this.lateMsMax, atMs - sinceMs)
    for (const connection of this.connections.values()) {
      if (this.#timersEveryMs > 0) break
      // A second late check with nothing heard between is not forgiven; whether there was a first one nobody can see.
      if (connection.lastHeardAtMs < this.stoodStillUntilMs) continue
      const dueMs = Math.max(connection.heardAtMs, this.stoodStillUntilMs) + limit
      if (atMs - dueMs > PAUSE_MS + SLACK_MS) connection.heardAtMs = atMs
    }
    this.#beLenientFor(atMs, sinceMs)
  }

  #beLenientFor(atMs: number, sinceMs: number): void {
    this.stoodStillSinceMs = sinceMs
    this.stoodStillUntilMs = atMs
    this.expiredOnWaking.clear()
    this.#lenientUntilMs = atMs + Math.max(this.options.livenessTimeoutMs, this.options.beaconMs) + OVERDUE_MS
  }

  beginTurn({ atMs }: Turn): void {
    this.nowMs = atMs
    // Most turns leave these empty, and emptying them costs even then.
    if (this.#expected.length > 0) this.#expected.length = 0
    if (this.#answers.length > 0) this.#answers.length = 0
    if (this.#allowed.size > 0) this.#allowed.clear()
    if (this.leavers.size > 0) this.leavers.clear()
    if (this.endedNow.size > 0) this.endedNow.clear()
    this.answering = undefined
    this.reach.begin()
    this.pass('no-internal-error')
  }

  /** Of an app that the server has. */
  prefixOf(app: string): number {
    for (const { name, prefix } of this.apps.values()) if (name === app) return prefix
    return NaN
  }

  /** Fails for what had to happen in this turn and did not. */
  endTurn(): void {
    const missing = this.#expected[0]
    if (missing !== undefined)
      this.fail(missing.invariant, `${inWords(missing.key)}: that had to happen now, and did not`)
    const answer = this.#answers[0]
    if (answer !== undefined)
      this.fail(answer.invariant, `${inWords(keyOf(answer))}: that had to happen now, and did not`)
  }

  /** Its connection is lost: it is told once, with the code for which it was, and its grace begins. */
  lose(session: ModelSession, code: number): void {
    this.counts.sessionsDisconnectedTotal++
    const connection = session.connection
    if (connection !== undefined) {
      connection.session = undefined
      session.lostTransport = connection.transport
      if (session.previousToken !== undefined) this.goals.reach('lost again before the proof')
      if (this.drainsUntilMs !== undefined) this.goals.reach('lost while draining')
    }
    session.connection = undefined
    session.attempt = session.attemptBefore ?? session.attempt
    session.attemptBefore = undefined
    session.lostAtMs = this.nowMs
    session.lostOrder = ++this.#losses
    this.expectCallback(session, code, 'disconnect-told')
    if (session.zone !== undefined && !this.#isParting(session)) {
      if (this.nowMs - session.zone.joinedAtMs <= JOINING_MS) this.goals.reach('lost while joining')
      const key = session.zone.isHard ? `part ${session.id} disconnect` : `handler handleDisconnect ${session.id}`
      this.expect(key, 'disconnect-told')
    }
    if (session.timeoutMs === 0) this.expectExpiry(session)
  }

  /** Its `disconnectCallback` must run, if it has one. */
  expectCallback({ id, callback }: ModelSession, code: number, invariant: InvariantName): void {
    if (callback === 'none') return
    this.expect(`callback ${id} ${code} ${callback}`, invariant)
    const failure =
      callback === 'failing' ? 'threw on purpose' : callback === 'promising' ? 'promised on purpose' : undefined
    this.expectReports(callbackThrower('disconnectCallback'), failure)
  }

  expectExpiry(session: ModelSession): void {
    if (session.zone?.isHard === false) this.expectPart(session, 'timeout', 'grace-period')
    this.forget(session)
  }

  /** It lives no more; its zone may still hear of it in this turn. */
  forget(session: ModelSession): void {
    this.endedNow.set(session.id, session)
    this.sessions.delete(session.id)
    this.byToken.delete(session.token)
    if (session.previousToken !== undefined) this.byToken.delete(session.previousToken)
  }

  /**
   * Undefined within a moment of the deadline, when both are right. Whoever is away when a server has drained ends with
   * it, which nobody sees if it is in no zone.
   */
  isExpired(session: ModelSession, atMs: number): boolean | undefined {
    if (session.connection !== undefined) return false
    if (this.perhapsGone.has(session.id)) return undefined
    const deadline = Math.min(session.lostAtMs + session.timeoutMs, this.drainsUntilMs ?? Infinity)
    if (atMs < deadline - SLACK_MS) return false
    return atMs > deadline + this.lateMs && !this.isLenientAt(atMs) ? true : undefined
  }

  /** Sessions that are surely alive, and those that may be: some are within a moment of their deadline. */
  countSessions(): { readonly sure: number; readonly possible: number } {
    let sure = 0
    let possible = 0
    for (const session of this.sessions.values()) {
      const isExpired = this.isExpired(session, this.nowMs)
      if (isExpired !== true) possible++
      if (isExpired === false) sure++
    }
    return { sure, possible }
  }

  /** `key` must happen in this turn, once; if it does not, `invariant` is broken. */
  expect(key: string, invariant: InvariantName): void {
    this.#expected.push({ key, invariant })
  }

  /** The answer to a ping must be sent in this turn. */
  expectPong({ number }: ModelConnection, latency: number): void {
    this.#answers.push({ what: 'pong', whom: number, value: latency, invariant: 'pong-honest' })
  }

  /** `handler`: `rpc.` and the type of a message, which must run for this session in this turn. */
  expectRpc(handler: string, { id }: ModelSession): void {
    this.#answers.push({ what: handler, whom: id, value: 0, invariant: 'rpc-judged' })
  }

  /** What a handler or a callback does wrong must be reported. `key`: whose it is. */
  expectReports(key: string, failure: Failure | undefined): void {
    for (let left = reportsOf(failure); left > 0; left--) this.expect(`report ${key}`, 'throws-alone')
  }

  /** Its zone, if it is in one, must part it: once, whoever else asks for it in this turn. */
  expectPart(session: ModelSession, reason: PartReason, invariant: InvariantName): void {
    if (session.zone === undefined) return
    const key = `part ${session.id} ${reason}`
    // Which of two reasons comes first is the core's business.
    if (this.#isParting(session)) this.allow(key)
    else this.expect(key, invariant)
  }

  /** One of the reasons for which it was to part has come about: the others have not. */
  takePart({ id }: ModelSession): void {
    const index = this.#expected.findIndex(({ key }) => key.startsWith(`part ${id} `))
    if (index !== -1) this.#expected.splice(index, 1)
  }

  #isParting({ id }: ModelSession): boolean {
    return this.#expected.some(({ key }) => key.startsWith(`part ${id} `))
  }

  /** A handler has asked for what may be refused: it may happen in this turn, and need not. */
  allow(key: string): void {
    this.#allowed.add(key)
  }

  isAllowed(key: string): boolean {
    return this.#allowed.size > 0 && this.#allowed.has(key)
  }

  /** That the callback of a session must run, if it must, whatever the code. */
  callbackOf(session: number): Expected | undefined {
    return this.#expected.find(({ key }) => key.startsWith(`callback ${session} `))
  }

  isExpected(key: string): boolean {
    return this.#expected.some((expected) => expected.key === key)
  }

  /** That it must be closed in this turn, if it must, whatever the code. */
  closeOf({ number }: ModelConnection): Expected | undefined {
    return this.#expected.find(({ key }) => key.startsWith(`close ${number} `))
  }

  /** A zone has stopped: its timers are freed with it. */
  forgetZone(name: string): void {
    this.zones.delete(name)
    for (const [number, timer] of this.timers) if (timer.zone === name) this.timers.delete(number)
  }

  /** A connection was closed because its reader is too slow: it is owed no answer any more. */
  dropAnswers(connection: number): void {
    const prefixes = ['denied', 'new', 'state', 'beacon'].map((what) => `${what} ${connection}`)
    for (let index = this.#expected.length - 1; index >= 0; index--) {
      const key = this.#expected[index]?.key ?? ''
      if (prefixes.some((prefix) => key === prefix || key.startsWith(`${prefix} `))) this.#expected.splice(index, 1)
    }
    const pong = this.#answers.findIndex(({ what, whom }) => what === 'pong' && whom === connection)
    if (pong !== -1) this.#answers.splice(pong, 1)
  }

  /** The same: it need not be closed for anything else. */
  dropClose(connection: number): void {
    const index = this.#expected.findIndex(({ key }) => key.startsWith(`close ${connection} `))
    if (index !== -1) this.#expected.splice(index, 1)
  }

  /** What `invariant` still expects of this turn, if anything. */
  expectedOf(invariant: InvariantName): Expected | undefined {
    return this.#expected.find((expected) => expected.invariant === invariant)
  }

  /** `key` happened: whether it was expected. */
  take(key: string): boolean {
    let index = 0
    while (index < this.#expected.length && this.#expected[index]?.key !== key) index++
    const expected = this.#expected[index]
    if (expected === undefined) return false
    if (index === this.#expected.length - 1) this.#expected.pop()
    else this.#expected.splice(index, 1)
    this.pass(expected.invariant)
    return true
  }

  /** Something happened: it must be what was expected. `invariant` is broken if it is not. */
  consume(key: string, invariant: InvariantName, what: () => string): void {
    if (this.take(key)) this.pass(invariant)
    else this.fail(invariant, `${what()}, and nothing called for it`)
  }

  consumePong({ number }: ModelConnection, latency: number, what: () => string): void {
    this.#consumeAnswer('pong', number, latency, 'pong-honest', what)
  }

  consumeRpc(handler: string, session: number, what: () => string): void {
    this.#consumeAnswer(handler, session, 0, 'rpc-judged', what)
  }

  #consumeAnswer(what: string, whom: number, value: number, invariant: InvariantName, inWordsOf: () => string): void {
    const index = this.#answers.findIndex((each) => each.whom === whom && each.value === value && each.what === what)
    if (index === -1) this.fail(invariant, `${inWordsOf()}, and nothing called for it`)
    this.#answers.splice(index, 1)
    this.pass(invariant)
  }

  check(invariant: InvariantName, holds: boolean, explain: () => string): void {
    this.checks.check(invariant, holds, explain)
  }

  /** As `check`, for what is checked on every message. */
  pass(invariant: InvariantName): void {
    this.checks.pass(invariant)
  }

  fail(invariant: InvariantName, message: string): never {
    this.checks.fail(invariant, message)
  }
}

function keyOf({ what, whom, value }: ExpectedAnswer): string {
  return what === 'pong' ? `pong ${whom} ${value}` : `handler ${what} ${whom}`
}
