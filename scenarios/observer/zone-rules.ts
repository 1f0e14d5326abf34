/**
 * What a zone's handlers may be called for: a membership is one join, then disconnects and reconnects, then one part,
 * each for a cause; ticks on their grid; timers when they are due.
 */
import type { ModelSession } from './model-entities.ts'
import { SLACK_MS, type ModelState } from './model-state.ts'
import type { Session } from '../../core/index.ts'
import {
  isForMessage,
  reportsOf,
  thrower,
  typeOfMessage,
  type HandlerCall,
  type Output,
  type TurnInput,
} from './observation.ts'
import { isSameBytes } from '../same-bytes.ts'
import { prefixOf } from './wire.ts'

const RPC_PREFIX = 'rpc.'
/** Of a zone that says nothing about it. */
const TICK_MS = 20

export class ZoneRules {
  readonly #state: ModelState
  /** Sessions that a zone has removed in this turn, for whatever reason it has given. */
  readonly #removals = new Set<number>()
  /** This turn's message has come to its handler. */
  #isSaid = false

  constructor(state: ModelState) {
    this.#state = state
  }

  handle(call: HandlerCall, input: TurnInput): void {
    const state = this.#state
    if (reportsOf(call.failure) > 0) {
      state.goals.reach('handler threw')
      state.expectReports(thrower(call.handler, call.zone, call.session), call.failure)
    }
    switch (call.handler) {
      case 'handleTick':
        this.#handleTick(call)
        return
      case 'handleInfo':
        state.consume(`info ${call.zone}`, 'told-once', () => describe(call))
        return
      case 'setTimer':
        this.#handleTimer(call)
        return
    }
    if (call.session === undefined) return
    this.#checkShown(call, call.session)
    this.#checkMessage(call, input)
    if (call.handler.startsWith(RPC_PREFIX)) {
      const session = state.sessions.get(call.session)
      if (!state.isAllowed(`${call.handler} ${call.session}`)) {
        state.consumeRpc(call.handler, call.session, () => describe(call))
      }
      state.check('one-membership', session?.zone?.zone === call.zone, () => `${describe(call)}, which is no member`)
      return
    }
    this.#handleMembership(call, call.session)
  }

  /** A zone's own code asked for it. */
  handleRemoval({ zone, session: id, reason }: Extract<Output, { readonly kind: 'asked_to_remove' }>): void {
    const session = this.#state.sessions.get(id) ?? this.#state.endedNow.get(id)
    this.#removals.add(id)
    if (session?.zone?.zone === zone) this.#state.expectPart(session, reason, 'one-membership')
  }

  endTurn(): void {
    if (this.#removals.size > 0) this.#removals.clear()
    this.#isSaid = false
  }

  /** Whoever is called finds the session as it is by then. */
  #checkShown(call: HandlerCall, id: number): void {
    const { status, latency } = call
    const right = this.#removals.has(id) ? undefined : statusIn(call)
    if (right !== undefined && status !== right) {
      this.#state.fail('session-as-it-is', `${describe(call)}, which said that it is ${status}; right was ${right}`)
    }
    this.#state.pass('session-as-it-is')
    const session = this.#state.sessions.get(id) ?? this.#state.endedNow.get(id)
    if (session !== undefined && session.latency !== latency) {
      const said = `which said that its latency is ${latency}; right was ${session.latency}`
      this.#state.fail('pong-honest', `${describe(call)}, ${said}`)
    }
  }

  /** What a member says reaches the handler as it was said. */
  #checkMessage(call: HandlerCall, input: TurnInput): void {
    const { apps, options } = this.#state
    if (!isForMessage(call)) return
    if (input.kind === 'call' && input.call.kind === 'npc') {
      const isFrozen = Object.isFrozen(call.message)
      this.#state.check('as-said', isFrozen || call.message === undefined, () => {
        return `${describe(call)} with a message that its caller can still change`
      })
      return
    }
    // What a handler asks for in another's name comes after what that one has said.
    if (input.kind !== 'message' || options.anythingIsSaid || this.#isSaid) return
    if (this.#state.connections.get(input.connection)?.session?.id !== call.session) return
    this.#isSaid = true
    const { encoded } = call
    if (encoded === undefined) return
    const said = apps.get(prefixOf(input.bytes))?.codec.decode(input.bytes)
    if (typeof said !== 'object' || said.type !== typeOfMessage(call)) return
    // Of another version: what the schema does not have cannot be encoded again.
    const { skewed } = this.#state.connections.get(input.connection) ?? {}
    if (skewed?.includes(prefixOf(input.bytes)) === true) return
    this.#state.check('as-said', encoded !== 'not encodable' && isSameBytes(encoded, input.bytes), () => {
      return `${describe(call)} with ${JSON.stringify(call.message)}, and that is not what its client has said`
    })
  }

  #handleTimer(call: HandlerCall): void {
    const state = this.#state
    const number = call.timer ?? 0
    const timer = state.timers.get(number)
    state.timers.delete(number)
    state.check('zone-timers', timer !== undefined, () => {
      return `timer ${number} of zone '${call.zone}' fired, which was cancelled, never set, fired before, or gone with its zone`
    })
    if (timer === undefined) return
    const lateMs = state.nowMs - timer.dueAtMs
    state.check('zone-timers', lateMs >= -SLACK_MS && (lateMs <= state.lateMs || state.isLenient), () => {
      return `timer ${number} of zone '${call.zone}' fired ${lateMs} ms after its time`
    })
    state.goals.reach('timer fired')
  }

  #handleMembership(call: HandlerCall, id: number): void {
    const session = this.#state.sessions.get(id) ?? this.#state.endedNow.get(id)
    this.#state.check('one-membership', session !== undefined, () => `${describe(call)}, which does not live any more`)
    if (session === undefined) return
    const zone = session.zone
    if (call.handler === 'handleJoin') {
      if (!this.#state.isAllowed(`join ${id}`)) {
        this.#state.consume(`join ${id} ${call.zone}`, 'join-judged', () => describe(call))
      }
      this.#state.check(
        'one-membership',
        zone === undefined,
        () => `${describe(call)}, which is in zone '${zone?.zone}'`,
      )
      if (call.failure !== undefined) {
        this.#state.leavers.add(id)
        this.#state.goals.reach(call.failure === 'refused' ? 'join refused' : 'join threw')
      } else
        session.zone = {
          zone: call.zone,
          app: call.app,
          isHard: call.isHard,
          isAway: false,
          joinedAtMs: this.#state.nowMs,
        }
      return
    }
    this.#state.check('one-membership', zone?.zone === call.zone, () => `${describe(call)}, which is no member`)
    if (zone === undefined) return
    if (call.handler === 'handlePart') {
      this.#handlePart(call, session, zone.isHard)
    } else if (call.handler === 'handleDisconnect') {
      this.#state.check(
        'one-membership',
        !zone.isHard && !zone.isAway,
        () => `${describe(call)}, which ${zone.isHard ? 'must part: its zone is hard' : 'is away already'}`,
      )
      this.#state.consume(`handler handleDisconnect ${id}`, 'disconnect-has-a-cause', () => describe(call))
      this.#state.check(
        'disconnect-told',
        this.#state.callbackOf(id) === undefined,
        () => `${describe(call)} before its callback`,
      )
      zone.isAway = true
    } else {
      this.#state.consume(`handler handleReconnect ${id}`, 'resume-honoured', () => describe(call))
      this.#state.check(
        'session-new-first',
        this.#state.answering === undefined,
        () => `${describe(call)} before its client was told that it is back`,
      )
      zone.isAway = false
    }
  }

  #handlePart(call: HandlerCall, session: ModelSession, isHard: boolean): void {
    session.zone = undefined
    this.#state.leavers.add(session.id)
    if (call.reason === 'timeout' && !this.#state.isExpected(`part ${session.id} timeout`)) {
      this.#checkExpiry(session)
      return
    }
    this.#state.check(
      'one-membership',
      isHard || call.reason !== 'disconnect',
      () => `${describe(call)}, which must stay a member: its zone is soft`,
    )
    const invariant =
      call.reason === 'timeout'
        ? 'grace-period'
        : call.reason === 'disconnect'
          ? 'disconnect-has-a-cause'
          : 'one-membership'
    const key = `part ${session.id} ${call.reason}`
    if (this.#state.isAllowed(key)) this.#state.takePart(session)
    else this.#state.consume(key, invariant, () => describe(call))
    if (call.reason === 'disconnect') this.#state.goals.reach('lost in a hard zone')
  }

  #checkExpiry(session: ModelSession): void {
    this.#state.goals.reach('expired in a soft zone')
    const awayMs = this.#state.nowMs - session.lostAtMs
    const isInTime = awayMs <= session.timeoutMs + this.#state.lateMs || this.#state.isLenient
    const isAway = session.connection === undefined
    this.#state.check('grace-period', isAway && awayMs >= session.timeoutMs - SLACK_MS && isInTime, () =>
      isAway
        ? `session ${session.id} expired ${awayMs} ms after its disconnect; its disconnectTimeout is ${session.timeoutMs} ms`
        : `session ${session.id} expired although it is connected`,
    )
    const { nowMs, stoodStillSinceMs, stoodStillUntilMs } = this.#state
    const hasRunOutMeanwhile = session.lostAtMs + session.timeoutMs >= stoodStillSinceMs
    if (nowMs === stoodStillUntilMs && hasRunOutMeanwhile) this.#state.expiredOnWaking.set(session.token, session.id)
    this.#state.forget(session)
  }

  #handleTick(call: HandlerCall): void {
    this.#state.counts.ticksTotal++
    let ticks = this.#state.ticks.get(call.zone)
    if (ticks === undefined) {
      ticks = { frame: 0, multiple: -1, startedAtMs: this.#state.options.bootedAtMs }
      this.#state.ticks.set(call.zone, ticks)
    }
    const tickMs = this.#state.options.tickMs.get(call.app) ?? TICK_MS
    const sinceStart = this.#state.nowMs - ticks.startedAtMs
    const lateMs = sinceStart % tickMs
    const isOnGrid = lateMs <= this.#state.lateMs || lateMs >= tickMs - SLACK_MS
    const isFine = call.frame === ticks.frame + 1 && (isOnGrid || this.#state.isLenient)
    if (!isFine) {
      const when = `after tick ${ticks.frame}, came ${sinceStart} ms after its start`
      this.#state.fail('ticks-do-not-drift', `tick ${call.frame} of '${call.zone}', ${when}`)
    }
    this.#state.pass('ticks-do-not-drift')
    // Within the tolerance of a multiple it may be that one or the one before.
    const multipleMax = Math.floor((sinceStart + SLACK_MS) / tickMs)
    if (multipleMax <= ticks.multiple) {
      const after = `came right after tick ${ticks.frame}: a late one was doubled up`
      this.#state.fail('ticks-do-not-drift', `tick ${call.frame} of '${call.zone}' ${after}`)
    }
    this.#state.pass('ticks-do-not-drift')
    ticks.frame = call.frame
    ticks.multiple = Math.floor((sinceStart - SLACK_MS) / tickMs)
  }
}

/** Where there is no doubt: a zone may be stopped, and a member removed, in any status. */
function statusIn({ handler, reason }: HandlerCall): Session['status'] | undefined {
  if (handler === 'handleDisconnect') return 'disconnected'
  if (handler !== 'handlePart') return 'connected'
  switch (reason) {
    case 'left':
      return 'connected'
    case 'disconnect':
      return 'disconnected'
    case 'timeout':
    case 'ended':
    case 'stopped':
      return 'gone'
    default:
      return undefined
  }
}

function describe(call: HandlerCall): string {
  const reason = call.reason === undefined ? '' : ` (${call.reason})`
  const session = call.session === undefined ? '' : ` for session ${call.session}`
  return `${call.handler}${reason} of zone '${call.zone}' ran${session}`
}
