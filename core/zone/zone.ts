/**
 * A zone: a group of sessions, a state, handlers, a tick. It does one thing at a time: what a handler asks for is
 * carried out after it has returned, its calls in order and then what it returned; preconditions and recipients are
 * judged then.
 *
 * Who may join which zone is not decided here but in `zones.ts`; when a session is lost is decided in `session.ts`.
 */
import type { AnyApp } from '../app/app.ts'
import { Outgoing } from '../app/outgoing.ts'
import { OverworldError } from '../errors.ts'
import type { Random, Timer } from '../injected.ts'
import type { OutsideCall } from '../turns/outside-calls.ts'
import type { Turns } from '../turns/turns.ts'
import type { HandlerFailure } from '../turns/handled.ts'
import type { Shell } from '../turns/shell.ts'
import type { LiveZone } from '../turns/tap.ts'
import { runUserCode } from '../turns/user-code.ts'
import type { TimerOwner } from '../turns/timer-owner.ts'
import type { Report } from '../report.ts'
import type { Member, MemberZone } from '../session/membership.ts'
import type { Action, Outcome, PartReason, Session } from '../session/views.ts'
import type { Counters } from '../stats.ts'
import { asyncError, isThenable, type Thenable } from '../synchronous.ts'
import { inWords, isAction } from './actions.ts'
import { Ticker } from './ticker.ts'
import type { ErasedDefinition } from './zone-definition.ts'

export interface ZoneParts {
  readonly shell: Shell
  readonly turns: Turns
  readonly random: Random
  readonly counters: Counters
  /** A handler threw, or returned a promise. `what` names it; `toReport` makes the report of an error. */
  reportFailure(failure: HandlerFailure, what: string, toReport: (error: unknown) => Report): void
  /** Reports that a promise is rejected, if it ever is. */
  reportRejection(promise: Thenable, toReport: (error: unknown) => Report): void
}

export class Zone implements MemberZone, LiveZone {
  readonly name: string
  readonly definition: ErasedDefinition
  readonly #parts: ZoneParts
  readonly #members = new Set<Member>()
  readonly #timers = new Set<Timer>()
  #timerCount = 0
  readonly #state: unknown
  readonly #ticker: Ticker | undefined
  readonly #onStopped: () => void
  #isStopped = false

  constructor(parts: ZoneParts, definition: ErasedDefinition, name: string, onStopped: () => void) {
    this.#parts = parts
    this.definition = definition
    this.name = name
    this.#onStopped = onStopped
    this.#state = definition.init(this)
    if (isThenable(this.#state)) this.#refusePromise(this.#state)
    const { handleTick } = definition
    if (handleTick !== undefined)
      this.#ticker = new Ticker(parts.shell, this.#tickOwner(), definition.tickMs ?? 20, () => this.#tick())
  }

  get app(): AnyApp {
    return this.definition.app
  }

  get members(): ReadonlySet<Member> {
    return this.#members
  }

  get frame(): number {
    return this.#ticker?.frame ?? 0
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  get state(): unknown {
    return this.#state
  }

  get disconnect(): 'soft' | 'hard' {
    return this.definition.disconnect ?? 'soft'
  }

  get random(): Random {
    return this.#parts.random
  }

  now(): number {
    return this.#parts.turns.now
  }

  send(sessions: Iterable<Session>, type: string, message: object): void {
    const recipients = [...sessions]
    const action: Action = { kind: 'send', app: this.app, sessions: recipients, type, message }
    this.#perform(action, undefined, this.#outside('send', recipients, type, message))
  }

  broadcast(type: string, message: object, options?: { readonly except?: Session | undefined }): void {
    const action: Action = { kind: 'broadcast', app: this.app, type, message, except: options?.except }
    this.#perform(action, undefined, this.#outside('broadcast', type, message, options))
  }

  remove(session: Session, reason: PartReason = 'removed'): void {
    this.#parts.turns.askFromOutside(
      () => this.memberLeft(session as Member, reason),
      this.#outside('remove', session, reason),
    )
  }

  tell(message: unknown): void {
    this.#parts.turns.call(
      () => {
        this.#assertRunning()
        const run = (): Outcome => this.definition.handleInfo?.(message, this, this.#state)
        this.#call('handleInfo', undefined, run, { message })
      },
      this.#outside('tell', message),
    )
  }

  setTimer(delayMs: number, fire: () => Outcome): Timer {
    if (!(delayMs >= 0)) throw new OverworldError('bad_delay', `a delay must be 0 or more ms, not ${delayMs}`)
    const { taps } = this.#parts.shell
    const owner: TimerOwner = { name: 'timer', app: this.app.name, zone: this.name, number: ++this.#timerCount }
    let isCancelled = false
    let timer: Timer | undefined
    if (taps.isOn) taps.emit.zoneTimerAsked(this, owner, delayMs)
    const set = (): void => {
      if (isCancelled || this.#isStopped) return
      timer = this.#parts.shell.setTimer(owner, delayMs, () => {
        if (timer !== undefined) this.#timers.delete(timer)
        this.#call('setTimer', undefined, fire, { timer: owner })
      })
      if (timer !== undefined) this.#timers.add(timer)
    }
    this.#parts.turns.askFromOutside(set, this.#outside('setTimer', delayMs, fire))
    return {
      cancel: () => {
        if (taps.isOn) taps.emit.zoneTimerCancelled(this, owner)
        isCancelled = true
        if (timer === undefined) return
        timer.cancel()
        this.#timers.delete(timer)
      },
    }
  }

  stop(): void {
    this.#parts.turns.call(() => this.stopNow(), this.#outside('stop'))
  }

  // What follows is for the rest of the core.

  /** The session is in no zone and connected: `zones.ts` has seen to that. */
  admit(session: Member, message: object): void {
    this.#members.add(session)
    session.setZone(this)
    let isRefused = false
    const isDone = this.#call(
      'handleJoin',
      session,
      () => this.definition.handleJoin?.(message, session, this, this.#state),
      {
        message,
        onAction: (action) => {
          if (action.kind === 'refuse') isRefused = true
        },
      },
    )
    if (isDone && !isRefused) return
    this.#members.delete(session)
    session.setZone(undefined)
  }

  memberLeft(session: Member, reason: PartReason, message?: object): void {
    if (!this.#members.delete(session)) return
    session.setZone(undefined)
    const run = (): Outcome => this.definition.handlePart?.(message, session, this, this.#state, reason)
    this.#call('handlePart', session, run, { message, reason })
  }

  memberDisconnected(session: Member): void {
    if (this.definition.disconnect === 'hard') {
      this.memberLeft(session, 'disconnect')
      return
    }
    this.#call('handleDisconnect', session, () => this.definition.handleDisconnect?.(session, this, this.#state))
  }

  memberReconnected(session: Member): void {
    this.#call('handleReconnect', session, () => this.definition.handleReconnect?.(session, this, this.#state))
  }

  /** False where the zone has no handler for it. */
  callRpc(session: Member, type: string, message: object): boolean {
    // A schema may have a message named like what any object inherits.
    const { rpc = {} } = this.definition
    const handler = type in Object.prototype && !Object.hasOwn(rpc, type) ? undefined : rpc[type]
    if (handler === undefined) return false
    this.#call(handlerOf(type), session, () => handler(message, session, this, this.#state), { message })
    return true
  }

  stopNow(): void {
    if (this.#isStopped) return
    this.#isStopped = true
    this.#ticker?.stop()
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
    for (const session of this.#members) this.memberLeft(session, 'zone_stopped')
    this.#onStopped()
    const { taps } = this.#parts.shell
    if (taps.isOn) taps.emit.zoneStopped(this)
  }

  #tick(): void {
    this.#parts.counters.ticksTotal++
    this.#call('handleTick', undefined, () => this.definition.handleTick?.(this, this.#state))
  }

  /**
   * Runs a handler. If it throws or returns what is no action, what it asked for is lost, and false comes back.
   * `about.onAction` sees each action that it returned; the rest of `about` is for taps.
   */
  #call(handler: string, session: Member | undefined, run: () => Outcome, about: HandlerCall = NOTHING): boolean {
    const { taps } = this.#parts.shell
    const { cause } = taps
    const handled = this.#parts.turns.handle(() => {
      const outcome: unknown = taps.isOn ? this.#runSeen(handler, session, run, about) : run()
      if (outcome === undefined || isThenable(outcome)) return outcome
      for (const action of Array.isArray(outcome) ? (outcome as readonly unknown[]) : [outcome]) {
        if (!isAction(action)) throw this.#noAction(handler, session, action)
        if (action.kind === 'refuse' && handler !== 'handleJoin') {
          throw new OverworldError('bad_message', `only handleJoin can refuse, not ${handler}`)
        }
        about.onAction?.(action)
        this.#perform(action, session)
      }
      return undefined
    })
    taps.cause = cause
    if (!handled.threw) return true
    this.#parts.reportFailure(handled, this.#nameOf(handler), this.#threw(handler, session))
    return false
  }

  #runSeen(handler: string, session: Member | undefined, run: () => Outcome, about: HandlerCall): Outcome {
    const { taps } = this.#parts.shell
    taps.begin.handlerBegins(this, handler, session, about.message, about.reason, about.timer)
    return runUserCode(run, (outcome, thrown) => taps.emit.handlerEnds(this, handler, session, outcome, thrown))
  }

  #threw(handler: string, session: Session | undefined): (error: unknown) => Report {
    return (error) => ({ kind: 'handler_threw', handler, zone: this, session, error })
  }

  #nameOf(handler: string): string {
    return `${handler} of zone '${this.name}'`
  }

  /** A promise within an array may still be rejected. */
  #noAction(handler: string, session: Session | undefined, returned: unknown): OverworldError {
    const what = this.#nameOf(handler)
    if (isThenable(returned)) {
      this.#parts.reportRejection(returned, this.#threw(handler, session))
      return asyncError(what)
    }
    return new OverworldError(
      'bad_action',
      `${what} returned ${inWords(returned)}, which is no action: return nothing, what app.reply, app.broadcast, ` +
        'app.send or app.refuse makes, or an array of these',
    )
  }

  /** Of `init`, whose caller gets the error. */
  #refusePromise(promise: Thenable): never {
    this.#parts.reportRejection(promise, this.#threw('init', undefined))
    throw asyncError(this.#nameOf('init'))
  }

  /** Encodes now, so that a mistake is thrown at whoever made it; sends when it is carried out. */
  #perform(action: Action, session: Member | undefined, outside?: OutsideCall): void {
    const { shell } = this.#parts
    const outgoing = new Outgoing(action.app, action.type, action.message)
    switch (action.kind) {
      case 'reply':
      case 'refuse':
        if (session === undefined) {
          throw new OverworldError('bad_message', 'there is nobody to reply to: this handler runs for no session')
        }
        shell.ask(() => session.deliver(outgoing), action, session, this)
        return
      case 'broadcast': {
        const send = (): void => {
          for (const member of this.#members) if (member !== action.except) member.deliver(outgoing)
        }
        shell.ask(send, action, session, this, outside)
        return
      }
      case 'send': {
        const send = (): void => {
          for (const recipient of action.sessions as readonly Member[]) {
            if (this.#members.has(recipient)) recipient.deliver(outgoing)
            else this.#parts.counters.droppedGoneTotal++
          }
        }
        shell.ask(send, action, session, this, outside)
        return
      }
    }
  }

  #tickOwner(): TimerOwner {
    return { name: 'tick', app: this.app.name, zone: this.name }
  }

  #outside(method: string, ...args: readonly unknown[]): OutsideCall {
    return { on: this, method, args }
  }

  #assertRunning(): void {
    if (this.#isStopped) throw new OverworldError('zone_stopped', `zone '${this.name}' has stopped`)
  }
}

const HANDLERS = new Map<string, string>()

/** One string for each rpc that some zone handles, not one for each message. */
function handlerOf(type: string): string {
  const known = HANDLERS.get(type)
  if (known !== undefined) return known
  const handler = `rpc.${type}`
  HANDLERS.set(type, handler)
  return handler
}

/** What a handler is called about. */
interface HandlerCall {
  readonly message?: unknown
  readonly reason?: PartReason
  readonly timer?: TimerOwner
  readonly onAction?: (action: Action) => void
}

const NOTHING: HandlerCall = {}
