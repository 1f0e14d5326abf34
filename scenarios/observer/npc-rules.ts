/**
 * Sessions without a connection: what must come of the calls of whoever keeps them, and what their receivers get. To
 * the model a receiver is a connection with a negative number: nothing goes over a wire, and it is never silent.
 */
import type { Asked, NpcCall, Output } from './observation.ts'
import { closingKey, newConnection, type ModelConnection, type ModelSession, type ModelState } from './model-state.ts'
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

  constructor(state: ModelState, ends: EndRules, joins: JoinRules) {
    this.#state = state
    this.#ends = ends
    this.#joins = joins
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

  /** A zone asked for a message. */
  ask(asked: Asked): void {
    if (this.#state.hasNpcs) this.#asked.push({ asked, receivers: receiversOf(asked, this.#state) })
  }

  delivered(delivered: Delivered): void {
    this.#delivered.push(delivered)
    const { receiver, type, form } = delivered
    const wanted = this.#inBytes.has(receiver) ? 'bytes' : 'frozen'
    this.#state.check(
      'in-process',
      form === wanted,
      () => `receiver ${receiver} got '${type}' ${form}; right was ${wanted}`,
    )
  }

  letGo(receiver: number, code: number): void {
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

  #start({ session: id, receiver = 0, error }: NpcCall): void {
    const state = this.#state
    state.check('caller-told', error === undefined || state.drainsUntilMs !== undefined, () => {
      return `starting a session threw ${error}, although the server has not stopped`
    })
    if (error !== undefined) return
    state.hasNpcs = true
    state.goals.reach('session by hand')
    state.check('in-process', !state.idsEver.has(id), () => `id ${id} was given to another session before`)
    state.idsEver.add(id)
    const connection = receiverAsConnection(receiver, state.nowMs)
    const session: ModelSession = {
      id,
      connection,
      token: '',
      previousToken: undefined,
      attempt: 0,
      timeoutMs: state.options.disconnectTimeoutMs,
      lostAtMs: 0,
      lostTransport: '',
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
        if (present === undefined) return undefined
        state.expect(closingKey(present, 1000), 'in-process')
        state.lose(session, 1000)
        return undefined
      case 'return':
        this.#replace(session, call.receiver ?? 0)
        return undefined
      case 'want_bytes':
        if (present !== undefined) this.#inBytes.add(-present.number)
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
    if (call.what === 'join') {
      if (session.zone !== undefined) return 'already_joined'
      const zone = this.#joins.zoneFor(session.id, call.app, outputs)
      if (zone === undefined) return 'unknown_zone'
      state.expect(`join ${session.id} ${zone}`, 'join-judged')
      return undefined
    }
    if (session.zone?.app !== call.app) return 'not_in_zone'
    state.expect(call.what === 'part' ? `part ${session.id} left` : `handler ${call.what} ${session.id}`, 'rpc-judged')
    return undefined
  }

  #replace(session: ModelSession, receiver: number): void {
    const state = this.#state
    const old = session.connection
    if (old === undefined) state.goals.reach('resume by hand')
    else {
      state.goals.reach('takeover by hand')
      state.expect(closingKey(old, 4501), 'in-process')
    }
    session.connection = receiverAsConnection(receiver, state.nowMs)
    session.latency = undefined
    session.connection.session = session
    if (session.zone !== undefined) state.expect(`handler handleReconnect ${session.id}`, 'resume-honoured')
  }
}

/** Setting something of a session that is gone is refused; letting it go, or stopping it, is not. */
function errorWhenGone({ what }: NpcCall): string | undefined {
  if (what === 'stop') return undefined
  return what === 'lose' || what === 'return' || what === 'want_bytes' ? 'session_gone' : 'not_connected'
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

function receiverAsConnection(receiver: number, nowMs: number): ModelConnection {
  return newConnection(-receiver, { transport: 'in-process', nowMs })
}
