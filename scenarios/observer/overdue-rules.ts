/** What should have happened long since: nothing of this shows in a turn, so it is looked for now and then. */
import { nameOf } from './in-words.ts'
import type { ModelSession } from './model-entities.ts'
import { OVERDUE_MS, type ModelState } from './model-state.ts'

const SWEEP_MS = 500

export class OverdueRules {
  readonly #state: ModelState
  #sweptAtMs = 0

  constructor(state: ModelState) {
    this.#state = state
  }

  /** Looks for what should have happened long since. */
  sweep(): void {
    if (this.#state.nowMs - this.#sweptAtMs < SWEEP_MS) return
    this.#sweptAtMs = this.#state.nowMs
    for (const { connection } of this.#state.sessions.values()) this.#sweepSilent(connection)
    if (this.#state.isLenient) return
    for (const session of this.#state.sessions.values()) this.#sweepSession(session)
    for (const [number, { zone, dueAtMs }] of this.#state.timers) {
      const overdueMs = this.#state.nowMs - dueAtMs
      this.#state.check('zone-timers', overdueMs <= OVERDUE_MS, () => {
        return `timer ${number} of zone '${zone}' should have fired ${overdueMs} ms ago`
      })
    }
    for (const connection of this.#state.connections.values()) {
      if (connection.isOver || connection.session !== undefined) continue
      const waited = this.#state.nowMs - connection.openedAtMs
      if (waited > this.#state.options.requestTimeoutMs + OVERDUE_MS) {
        this.#state.fail('request-timeout', `${nameOf(connection)} is open without a session for ${waited} ms`)
      }
      this.#state.pass('request-timeout')
    }
  }

  /** However late the server's timers are: a late check is forgiven once. */
  #sweepSilent(connection: ModelSession['connection']): void {
    const { nowMs, lateMsMax, lateMs, options } = this.#state
    const limit = options.livenessTimeoutMs
    if (connection === undefined || connection.transport === 'in-process' || limit === 0) return
    const silentMs = nowMs - connection.lastHeardAtMs
    if (silentMs > 2 * limit + 4 * (lateMsMax + lateMs) + OVERDUE_MS) {
      this.#state.fail('liveness', `${nameOf(connection)} is silent for ${silentMs} ms, and was not given up`)
    }
    this.#state.pass('liveness')
  }

  #sweepSession(session: ModelSession): void {
    const { connection } = session
    if (connection?.transport === 'in-process') return
    if (connection !== undefined) {
      const silentMs = this.#state.nowMs - connection.heardAtMs
      const limit = this.#state.options.livenessTimeoutMs
      if (limit > 0 && silentMs > limit + OVERDUE_MS) {
        this.#state.fail('liveness', `${nameOf(connection)} is silent for ${silentMs} ms, and was not given up`)
      }
      this.#state.pass('liveness')
      return
    }
    const overdueMs = this.#state.nowMs - session.lostAtMs - session.timeoutMs
    if (overdueMs <= OVERDUE_MS) return
    this.#state.check(
      'grace-period',
      session.zone === undefined,
      () => `session ${session.id} should have expired ${overdueMs} ms ago, and its zone has not been told`,
    )
    this.#state.forget(session)
  }
}
