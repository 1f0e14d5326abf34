/** How a server ends, one session or all of them: by `stop`, and after it has drained. */
import type { InvariantName } from '../invariants.ts'
import { closingKey, inWords } from './in-words.ts'
import type { ModelSession } from './model-entities.ts'
import { SLACK_MS, type ModelState } from './model-state.ts'
import { callbackThrower, type Output } from './observation.ts'

const STOPPED = 4500
const RESTARTING = 4011
const DRAINING = 4009
const ENDED = 4000

export class EndRules {
  readonly #state: ModelState

  constructor(state: ModelState) {
    this.#state = state
  }

  /** `session.stop()` */
  stop(session: ModelSession): void {
    this.#expectStop(session, STOPPED, 'stop-is-final')
  }

  /** `server.stop()` */
  stopAll(outputs: readonly Output[]): void {
    const state = this.#state
    if (state.countSessions().sure > 0) state.goals.reach('stopped with its sessions')
    // What opens meanwhile is turned away, as by a server that drains.
    state.drainsUntilMs = Math.min(state.drainsUntilMs ?? Infinity, state.nowMs)
    this.#expectEnd(RESTARTING, 'stop-is-no-end', outputs)
  }

  /** `server.drain(drainMs)` */
  drain(drainMs: number, outputs: readonly Output[]): void {
    const state = this.#state
    state.drainsUntilMs = Math.min(state.drainsUntilMs ?? Infinity, state.nowMs + drainMs)
    if (drainMs === 0) this.#expectEnd(DRAINING, 'drain', outputs)
  }

  /**
   * Before this output is judged: a draining server stops by itself, when its time is over or when nobody is left, and
   * this may be the first that is seen of it. By then all that came before it in this turn has been judged, so that
   * whoever left in the very turn has left. `carryOut` takes what handlers have asked for until now as done.
   */
  before(output: Output, outputs: readonly Output[], carryOut: () => void): void {
    const state = this.#state
    const untilMs = state.drainsUntilMs
    if (untilMs === undefined || !this.#isUncalledForStop(output)) return
    carryOut()
    if (!this.#isUncalledForStop(output)) return
    const { sure } = state.countSessions()
    const leftMs = untilMs - state.nowMs
    state.check('drain', sure === 0 || leftMs <= SLACK_MS, () => {
      return `the server stopped ${leftMs} ms before its time to drain was over, and ${sure} sessions were left`
    })
    if (sure > 0) state.goals.reach('stopped after draining')
    this.#expectEnd(DRAINING, 'drain', outputs)
  }

  /** The callback of a session that has lost its connection, or that its client has ended. */
  handleCallback({ session, code, status, callback, failure }: Extract<Output, { readonly kind: 'callback' }>): void {
    const state = this.#state
    const what = (): string => `the disconnectCallback of session ${session} (${callback}) ran with code ${code}`
    const right = state.callbackOf(session)
    const key = `callback ${session} ${code} ${callback}`
    if (right !== undefined && right.key !== key) {
      state.fail(right.invariant, `${what()}; right was: ${inWords(right.key)}`)
    }
    state.consume(key, 'disconnect-has-a-cause', what)
    state.expectReports(callbackThrower('disconnectCallback'), failure)
    state.check(
      'session-as-it-is',
      status === (state.sessions.has(session) || code !== ENDED ? 'disconnected' : 'gone'),
      () => {
        return `${what()}, and the session said that it is ${status}`
      },
    )
  }

  /** A new connection, or a request for a new session. True: it must be turned away. */
  refuses(connection: number): boolean {
    if (this.#state.drainsUntilMs === undefined) return false
    this.#state.goals.reach('turned away while draining')
    this.#state.expect(`close ${connection} ${DRAINING}`, 'drain')
    return true
  }

  #isUncalledForStop(output: Output): boolean {
    const state = this.#state
    switch (output.kind) {
      case 'close':
        return output.code === DRAINING && !state.isExpected(`close ${output.connection} ${DRAINING}`)
      case 'let_go':
        return output.code === DRAINING && !state.isExpected(`let_go ${output.receiver} ${DRAINING}`)
      case 'handler': {
        if (output.reason !== 'stopped') return false
        const key = `part ${output.session} stopped`
        return !state.isExpected(key) && !state.isAllowed(key)
      }
      default:
        return false
    }
  }

  #expectEnd(code: number, invariant: InvariantName, outputs: readonly Output[]): void {
    const state = this.#state
    for (const name of state.zones.keys()) state.forgetZone(name)
    for (const session of state.sessions.values()) {
      // Near its deadline it may have expired just before.
      const isExpired = state.isExpired(session, state.nowMs) ?? !outputs.some((output) => isStopOf(output, session.id))
      if (!isExpired) this.#expectStop(session, code, invariant)
    }
    this.#expectClosed(code, invariant)
  }

  /** Connections without a session. */
  #expectClosed(code: number, invariant: InvariantName): void {
    const state = this.#state
    for (const connection of state.connections.values()) {
      if (connection.isOver || connection.session !== undefined || state.closeOf(connection) !== undefined) continue
      state.expect(`close ${connection.number} ${code}`, invariant)
    }
  }

  #expectStop(session: ModelSession, code: number, invariant: InvariantName): void {
    const state = this.#state
    if (code === STOPPED) state.goals.reach('stopped by the server')
    state.expectPart(session, 'stopped', invariant)
    if (session.connection !== undefined) {
      state.expect(closingKey(session.connection, code), invariant)
      session.connection.session = undefined
    }
    state.forget(session)
  }
}

function isStopOf(output: Output, session: number): boolean {
  return output.kind === 'handler' && output.session === session && output.reason === 'stopped'
}
