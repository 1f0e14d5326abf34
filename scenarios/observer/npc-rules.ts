/**
 * Sessions without a connection: what must come of the calls of whoever keeps them, and what their receivers get. To
 * the model a receiver is a connection with a negative number: nothing goes over a wire, and it is never silent.
 */
import type { Misuse } from '../scenario.ts'
import {
  callbackThrower,
  type Asked,
  type GiveConnectionCall,
  type MisuseCall,
  type NpcCall,
  type Output,
} from './observation.ts'
import { closingKey } from './in-words.ts'
import type { ModelSession } from './model-entities.ts'
import type { ModelState } from './model-state.ts'
import { ProxyRules, receiverAsConnection } from './proxy-rules.ts'
import type { EndRules } from './end-rules.ts'
import type { JoinRules } from './join-rules.ts'

type Delivered = Extract<Output, { readonly kind: 'delivered' }>

export class NpcRules {
  readonly #state: ModelState
  readonly #ends: EndRules
  readonly #joins: JoinRules
  /** What zones asked for in this turn, and whom it was for at that moment. */
  #asked: { readonly asked: Asked; readonly receivers: readonly number[] }[] = []
  #delivered: Delivered[] = []
  /** Receivers that get bytes. */
  readonly #inBytes = new Set<number>()
  /** Those that no session delivers to any more. */
  readonly #gone = new Set<number>()
  readonly #proxies: ProxyRules

  constructor(state: ModelState, ends: EndRules, joins: JoinRules) {
    this.#state = state
    this.#ends = ends
    this.#joins = joins
    this.#proxies = new ProxyRules(state)
  }

  handleCall(call: NpcCall, outputs: readonly Output[]): void {
    const state = this.#state
    if (call.what === 'start') {
      this.#start(call)
      return
    }
    const session = this.#find(call)
    const error = session === undefined ? errorWhenGone(call) : this.#expectOutcome(call, session, outputs)
    state.check('caller-told', call.error === error, () => {
      return `${call.what} of session ${call.session} ${call.error === undefined ? 'was carried out' : `threw ${call.error}`}; right was ${error ?? 'no error'}`
    })
    if (error !== undefined) state.goals.reach('caller told')
  }

  giveConnection({ from, to, connection: number = 0 }: Omit<GiveConnectionCall, 'kind'>): void {
    const { sessions, connections } = this.#state
    const connection = sessions.get(from)?.connection ?? connections.get(number)
    const taker = sessions.get(to)
    if (connection !== undefined && taker !== undefined) this.#proxies.giveConnection(connection, taker)
  }

  /** What must throw, and change nothing. */
  handleMisuse({ how, session: id, error }: MisuseCall): void {
    const right = CODES.get(how) ?? this.#codeOf(how, id)
    this.#state.goals.reach('misused')
    this.#state.check('caller-told', error === right, () => {
      return `${how} of session ${id} ${error === undefined ? 'was carried out' : `threw ${error}`}; right was ${right ?? 'no error'}`
    })
  }

  #codeOf(how: Misuse, id: number): string | undefined {
    const session = this.#state.sessions.get(id)
    const connection = session?.connection
    if (how === 'foreign_serializer') {
      return connection !== undefined && connection.number > 0 ? 'foreign_serializer' : undefined
    }
    if (connection === undefined) return 'not_connected'
    return session?.zone === undefined ? 'unknown_zone' : 'already_joined'
  }

  /** A receiver is about to come: what was asked for in this turn may be for it. */
  expectReceivers(): void {
    if (this.#state.hasNpcs) return
    this.#state.hasNpcs = true
    for (const asked of this.#state.reach.asked) this.ask(asked)
  }

  /** A zone asked for a message. */
  ask(asked: Asked): void {
    if (this.#state.hasNpcs) this.#asked.push({ asked, receivers: receiversOf(asked, this.#state) })
  }

  delivered(delivered: Delivered): void {
    this.#delivered.push(delivered)
    this.#state.counts.messagesOutTotal++
    const { receiver, type, form, failure } = delivered
    this.#state.check('in-process', !this.#gone.has(receiver), () => {
      return `receiver ${receiver} got '${type}' after it was let go`
    })
    this.#state.expectReports(callbackThrower('deliver'), failure)
    const wanted = this.#inBytes.has(receiver) ? 'bytes' : 'frozen'
    this.#state.check(
      'in-process',
      form === wanted,
      () => `receiver ${receiver} got '${type}' ${form}; right was ${wanted}`,
    )
  }

  letGo(receiver: number, code: number): void {
    this.#gone.add(receiver)
    this.#state.consume(
      `let_go ${receiver} ${code}`,
      'in-process',
      () => `receiver ${receiver} was let go with ${code}`,
    )
  }

  /** Whoever was the receiver when it was asked for, and still is, got it; nobody else did. */
  endTurn(): void {
    if (this.#asked.length === 0 && this.#delivered.length === 0) return
    const counts = new Map<string, { must: number; may: number; got: number }>()
    const countOf = (receiver: number, type: string): { must: number; may: number; got: number } => {
      const key = `${receiver} ${type}`
      const known = counts.get(key) ?? { must: 0, may: 0, got: 0 }
      counts.set(key, known)
      return known
    }
    for (const { asked, receivers } of this.#asked) {
      const now = receiversOf(asked, this.#state)
      for (const receiver of new Set([...receivers, ...now])) {
        const count = countOf(receiver, asked.type)
        count.may++
        if (receivers.includes(receiver) && now.includes(receiver)) count.must++
      }
    }
    for (const { receiver, type } of this.#delivered) countOf(receiver, type).got++
    this.#asked = []
    this.#delivered = []
    if (!this.#state.options.allSendsAreSeen) return
    for (const [key, { must, may, got }] of counts) {
      this.#state.check('in-process', got >= must && got <= may, () => {
        return `receiver ${key.split(' ').join(" got '")}' ${got} times; right was ${must === may ? must : `${must} to ${may}`}`
      })
    }
  }

  /** Who is in no zone expires silently, so that whether it is gone shows in what is thrown. */
  #find(call: NpcCall): ModelSession | undefined {
    const state = this.#state
    const session = state.sessions.get(call.session)
    if (session === undefined || session.zone !== undefined) return session
    const isExpired = state.isExpired(session, state.nowMs) ?? call.error === 'session_gone'
    if (!isExpired) return session
    state.forget(session)
    return undefined
  }

  #start({ session: id, receiver = 0, timeoutMs, callback, error }: NpcCall): void {
    const state = this.#state
    state.check('caller-told', error === undefined || state.drainsUntilMs !== undefined, () => {
      return `starting a session threw ${error}, although the server has not stopped`
    })
    if (error !== undefined) return
    state.hasNpcs = true
    state.goals.reach('session by hand')
    state.check('in-process', !state.idsEver.has(id), () => `id ${id} was given to another session before`)
    state.idsEver.add(id)
    state.counts.sessionsStartedTotal++
    const connection = receiverAsConnection(receiver, state.nowMs)
    const session: ModelSession = {
      id,
      connection,
      token: '',
      previousToken: undefined,
      attempt: 0,
      attemptBefore: undefined,
      lostOrder: 0,
      address: '',
      timeoutMs: timeoutMs ?? state.options.disconnectTimeoutMs,
      lostAtMs: 0,
      lostTransport: '',
      callback: callback ?? 'server',
      lastBeacon: 0,
      beaconAtMs: NaN,
      latency: undefined,
      zone: undefined,
    }
    connection.session = session
    state.sessions.set(id, session)
  }

  /** The error that its caller must get, or undefined. */
  #expectOutcome(call: NpcCall, session: ModelSession, outputs: readonly Output[]): string | undefined {
    const state = this.#state
    const present = session.connection
    switch (call.what) {
      case 'lose':
      case 'disconnect':
        if (present === undefined) return undefined
        state.expect(closingKey(present, 1000), 'in-process')
        state.lose(session, 1000)
        return undefined
      case 'return':
        this.#proxies.setReceiver(session, call.receiver ?? 0)
        return undefined
      case 'keep':
      case 'remember':
        return undefined
      case 'watch':
        session.callback = 'own'
        return undefined
      case 'watch_badly':
        session.callback = call.callback ?? 'failing'
        return undefined
      case 'unwatch':
        session.callback = 'none'
        return undefined
      case 'want_bytes':
        if (present !== undefined && present.number < 0) this.#inBytes.add(-present.number)
        return undefined
      case 'stop':
        this.#ends.stop(session)
        return undefined
      default:
        return this.#expectAct(call, session, outputs)
    }
  }

  /** What a client could ask for as well. */
  #expectAct(call: NpcCall, session: ModelSession, outputs: readonly Output[]): string | undefined {
    const state = this.#state
    if (session.connection === undefined) return 'not_connected'
    if (call.what === 'join' || call.what === 'join_last') {
      if (session.zone !== undefined) return 'already_joined'
      const zone = call.zone ?? this.#joins.zoneFor(session.id, call.app, outputs)
      if (zone === undefined) return 'unknown_zone'
      state.expect(`join ${session.id} ${zone}`, 'join-judged')
      return undefined
    }
    if (session.zone?.app !== call.app) return 'not_in_zone'
    if (call.what === 'part') state.expect(`part ${session.id} left`, 'rpc-judged')
    else state.expectRpc(call.what, session)
    return undefined
  }
}

const SETTERS: ReadonlySet<NpcCall['what']> = new Set([
  'lose',
  'return',
  'keep',
  'want_bytes',
  'watch',
  'watch_badly',
  'unwatch',
  'remember',
])

/** The code of each misuse that is one in whatever state the session is. */
const CODES: ReadonlyMap<Misuse, string> = new Map([
  ['negative_timeout', 'bad_option'],
  ['unknown_app', 'app_unknown'],
  ['unknown_message', 'bad_message'],
  ['negative_delay', 'bad_delay'],
  ['take_zone_name', 'zone_name_taken'],
  ['tell_stopped_zone', 'zone_stopped'],
  ['use_provisional', 'not_connected'],
  ['use_closed_connection', 'not_connected'],
])

/** Setting something of a session that is gone is refused; letting it go, or stopping it, is not. */
function errorWhenGone({ what }: NpcCall): string | undefined {
  if (what === 'stop' || what === 'disconnect') return undefined
  return SETTERS.has(what) ? 'session_gone' : 'not_connected'
}

function receiversOf({ action, zone, session, sessions = [] }: Asked, state: ModelState): number[] {
  const receivers: number[] = []
  for (const each of state.sessions.values()) {
    const { connection } = each
    if (connection?.transport !== 'in-process') continue
    const isMember = each.zone?.zone === zone
    const isMeant =
      action === 'broadcast'
        ? isMember && each.id !== session
        : action === 'send'
          ? isMember && sessions.includes(each.id)
          : each.id === session
    if (isMeant) receivers.push(-connection.number)
  }
  return receivers
}
