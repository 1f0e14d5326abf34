/** How a server ends, one session or all of them: by `stop`, and after it has drained. */
import type { InvariantName } from '../invariants.ts'
import { closingKey, inWords, SLACK_MS, type ModelSession, type ModelState } from './model-state.ts'
import type { Output, Turn } from './observation.ts'

const STOPPED = 4500
const DRAINING = 4009
const ENDED = 4000

export class EndRules {
  readonly #state: ModelState
  /** A draining server stopped in this turn, so much before its time. */
  #leftMs: number | undefined

  constructor(state: ModelState) {
    this.#state = state
  }

  /** `session.stop()` */
  stop(session: ModelSession): void {
    this.#expectStop(session, STOPPED, 'stop-is-final')
  }

  /** `server.stop()` */
  stopAll(outputs: readonly Output[]): void {
    this.#expectEnd(STOPPED, 'stop-is-final', outputs)
  }

  /** `server.drain(drainMs)` */
  drain(drainMs: number, outputs: readonly Output[]): void {
    const state = this.#state
    state.drainsUntilMs = Math.min(state.drainsUntilMs ?? Infinity, state.nowMs + drainMs)
    if (drainMs === 0) this.#expectEnd(DRAINING, 'drain', outputs)
  }

  /** A draining server stops by itself: when its time is over, or when nobody is left. */
  handle({ input, outputs }: Turn): void {
    const state = this.#state
    const untilMs = state.drainsUntilMs
    if (untilMs === undefined || (state.sessions.size === 0 && state.connections.size === 0)) return
    const present = 'connection' in input ? input.connection : undefined
    if (!outputs.some((output) => this.#isEnd(output, present, outputs))) return
    const isOver = state.nowMs >= untilMs - SLACK_MS
    const { sure } = state.countSessions()
    if (isOver && sure > 0) state.goals.reach('stopped after draining')
    if (isOver || sure === 0) this.#expectEnd(DRAINING, 'drain', outputs)
    else {
      // Before its time only because the last session ends in this very turn, as the rest of it must show.
      this.#leftMs = untilMs - state.nowMs
      this.#expectClosed(DRAINING, 'drain')
    }
  }

  /** The callback of a session that has lost its connection, or that its client has ended. */
  handleCallback({ session, code, status, callback }: Extract<Output, { readonly kind: 'callback' }>): void {
    const state = this.#state
    const what = (): string => `the disconnectCallback of session ${session} (${callback}) ran with code ${code}`
    const right = state.callbackOf(session)
    const key = `callback ${session} ${code} ${callback}`
    if (right !== undefined && right.key !== key) {
      state.fail(right.invariant, `${what()}; right was: ${inWords(right.key)}`)
    }
    state.consume(key, 'disconnect-has-a-cause', what)
    state.check(
      'session-as-it-is',
      status === (state.sessions.has(session) || code !== ENDED ? 'disconnected' : 'gone'),
      () => {
        return `${what()}, and the session said that it is ${status}`
      },
    )
  }

  /** Everything that happened in this turn has been judged. */
  endTurn(): void {
    const leftMs = this.#leftMs
    if (leftMs === undefined) return
    this.#leftMs = undefined
    const { sure } = this.#state.countSessions()
    this.#state.check('drain', sure === 0, () => {
      return `the server stopped ${leftMs} ms before its time to drain was over, and ${sure} sessions were left`
    })
  }

  /** A new connection, or a request for a new session. True: it must be turned away. */
  refuses(connection: number): boolean {
    if (this.#state.drainsUntilMs === undefined) return false
    this.#state.goals.reach('turned away while draining')
    this.#state.expect(`close ${connection} ${DRAINING}`, 'drain')
    return true
  }

  /** `present`: the connection that this turn's input came from; turning it away is not the end of all. */
  #isEnd(output: Output, present: number | undefined, outputs: readonly Output[]): boolean {
    if (output.kind === 'close') return output.code === DRAINING && output.connection !== present
    if (output.kind === 'let_go') return output.code === DRAINING
    if (output.kind !== 'handler' || output.reason !== 'stopped') return false
    if (outputs.some((other) => isStopCall(other, output.session))) return false
    return !this.#state.isExpected(`part ${output.session} stopped`)
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

/** A handler asked for it. */
function isStopCall(output: Output, session: number | undefined): boolean {
  return output.kind === 'called' && output.call.kind === 'stop_session' && output.call.session === session
}

function isStopOf(output: Output, session: number): boolean {
  return output.kind === 'handler' && output.session === session && output.reason === 'stopped'
}
