/**
 * A small model of what a server must do, written from the design alone: fed with each turn that an observer saw, it
 * works out what must have come of the input, and compares that with what did.
 *
 * A turn's consequences are kept as keys such as `close 3 4501` or `handler handleReconnect 7`: each one that is
 * expected must happen exactly once, and nothing may happen that is not expected. What happens on every message
 * (beacons, rpcs, broadcasts) is checked directly.
 */
import type { ServerStats } from '../../core/index.ts'
import { AskedCalls } from './asked-calls.ts'
import { EndRules } from './end-rules.ts'
import { InputRules } from './input-rules.ts'
import { JoinRules } from './join-rules.ts'
import { MessageRules } from './message-rules.ts'
import { ModelState, type ModelOptions } from './model-state.ts'
import { NpcRules } from './npc-rules.ts'
import { callbackThrower, type Output, type Turn } from './observation.ts'
import { OverdueRules } from './overdue-rules.ts'
import type { ServerTap } from './server-tap.ts'
import { ZoneRules } from './zone-rules.ts'

export class ReferenceModel {
  readonly #state: ModelState
  readonly #inputs: InputRules
  readonly #ends: EndRules
  readonly #npcs: NpcRules
  readonly #messages: MessageRules
  readonly #zones: ZoneRules
  readonly #overdue: OverdueRules
  readonly #asked: AskedCalls

  constructor(options: ModelOptions) {
    const state = new ModelState(options)
    this.#state = state
    this.#ends = new EndRules(state)
    const joins = new JoinRules(state)
    this.#npcs = new NpcRules(state, this.#ends, joins)
    this.#inputs = new InputRules(state, { ends: this.#ends, joins, npcs: this.#npcs })
    this.#messages = new MessageRules(state)
    this.#zones = new ZoneRules(state)
    this.#overdue = new OverdueRules(state)
    this.#asked = new AskedCalls(state, (call) => {
      if (call.kind === 'asked_to_remove') this.#zones.handleRemoval(call)
      else this.#inputs.handleAsked(call)
    })
  }

  /** Whether `token` would resume a session now; undefined within a moment of its deadline. */
  isTokenValid(token: string, atMs: number): boolean | undefined {
    const session = this.#state.byToken.get(token)
    if (session === undefined) return false
    const isExpired = this.#state.isExpired(session, atMs)
    return isExpired === undefined ? undefined : !isExpired
  }

  /** Whether no session can be alive. */
  get isEmpty(): boolean {
    return this.#state.countSessions().possible === 0
  }

  /** What the server's counters say that is not so, in words. */
  findMiscount(stats: ServerStats): string | undefined {
    return this.#state.counts.findDifference(stats)
  }

  /** Whether being late proves nothing at that time. */
  isLenientAt(atMs: number): boolean {
    return this.#state.isLenientAt(atMs)
  }

  /** The server stood still until now, or its clock was changed: for a while, being late proves nothing. */
  disturbed(atMs: number, sinceMs: number): void {
    this.#state.beLenient(atMs, sinceMs)
  }

  /** From now on the server's timers come at whole multiples of so many ms only; 0: in time. */
  timersEvery(everyMs: number, atMs: number): void {
    this.#state.timersEvery(everyMs, atMs)
  }

  handleTurn(turn: Turn, observer: ServerTap): void {
    const state = this.#state
    if (turn.interruption !== undefined) state.fail('one-at-a-time', turn.interruption)
    state.pass('one-at-a-time')
    state.beginTurn(turn)
    this.#inputs.handle(turn, observer)
    for (const output of turn.outputs) this.#handleOutput(output, turn, observer)
    this.#asked.carryOutAll()
    state.reach.end(observer)
    this.#npcs.endTurn()
    this.#zones.endTurn()
    state.endTurn()
    this.#overdue.sweep()
  }

  readonly #carryOutAsked = (): void => this.#asked.carryOutAll()

  #handleOutput(output: Output, { input, outputs }: Turn, observer: ServerTap): void {
    const state = this.#state
    if (this.#asked.isWaiting) this.#asked.before(output)
    if (state.drainsUntilMs !== undefined) this.#ends.before(output, outputs, this.#carryOutAsked)
    switch (output.kind) {
      case 'send':
        this.#messages.handleSend(output, observer)
        return
      case 'close':
        this.#messages.handleClose(output.connection, output.code, observer)
        return
      case 'handler':
        this.#zones.handle(output, input)
        return
      case 'asked':
        if (output.zone === undefined && output.session !== undefined) state.leavers.add(output.session)
        state.reach.ask(output)
        this.#npcs.ask(output)
        return
      case 'delivered':
        this.#npcs.delivered(output)
        return
      case 'let_go':
        this.#npcs.letGo(output.receiver, output.code)
        return
      case 'asked_to_remove':
        this.#asked.ask(output)
        return
      case 'called':
        if (output.call.kind === 'npc') this.#npcs.expectReceivers()
        this.#asked.ask(output.call)
        return
      case 'told':
        state.expect(`info ${output.zone}`, 'told-once')
        return
      case 'timer_set':
        // A zone that has stopped sets none.
        if (!state.zones.has(output.zone)) return
        state.timers.set(output.timer, { zone: output.zone, dueAtMs: state.nowMs + output.delayMs })
        return
      case 'timer_cancelled':
        if (state.timers.delete(output.timer)) state.goals.reach('timer cancelled')
        return
      case 'routed':
        // Judged with the join that it is for.
        return
      case 'drain_done':
        state.expectReports(callbackThrower('done'), output.failure)
        return
      case 'callback':
        if (this.#messages.handleUntold(output.session)) return
        this.#ends.handleCallback(output)
        return
      case 'undecodable':
        this.#handleUndecodable(output)
        return
      case 'report':
        this.#handleReport(output)
        return
    }
  }

  #handleUndecodable({ prefix, why, isSkewed }: Extract<Output, { readonly kind: 'undecodable' }>): void {
    const kind = `${prefix} ${why} ${isSkewed}`
    this.#state.consume(`undecodable ${kind}`, 'undecodable-reported', () => `it was reported: ${kind}`)
  }

  #handleReport({ text, isOurs, isOnPurpose, thrownBy }: Extract<Output, { readonly kind: 'report' }>): void {
    const state = this.#state
    if (thrownBy !== undefined) {
      state.counts.throwsTotal++
      state.consume(`report ${thrownBy}`, 'throws-alone', () => text)
    }
    state.check('no-internal-error', !isOurs, () => text)
    state.check('handlers-do-not-throw', isOurs || isOnPurpose, () => text)
  }
}
