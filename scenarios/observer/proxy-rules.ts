/**
 * A session whose proxy is set by hand: to a receiver within the process, or to the connection of another session
 * (design section 5). Both are a takeover of a connected session and a resume of a disconnected one, without a new
 * token; whose connection was taken has lost it.
 */
import { addressKey } from '../../core/address-key.ts'
import { closingKey } from './in-words.ts'
import { newConnection, type ModelConnection, type ModelSession } from './model-entities.ts'
import type { ModelState } from './model-state.ts'

const TAKEN_OVER = 4501

export class ProxyRules {
  readonly #state: ModelState

  constructor(state: ModelState) {
    this.#state = state
  }

  setReceiver(session: ModelSession, receiver: number): void {
    const state = this.#state
    state.hasNpcs = true
    state.goals.reach(session.connection === undefined ? 'resume by hand' : 'takeover by hand')
    this.#letGo(session)
    session.connection = receiverAsConnection(receiver, state.nowMs)
    session.connection.session = session
    this.#tellZone(session)
  }

  giveConnection(connection: ModelConnection, to: ModelSession): void {
    const state = this.#state
    const from = connection.session
    if (from === to) return
    state.goals.reach('connection given to another session')
    const { attempt = 0 } = from ?? {}
    if (from !== undefined) state.lose(from, TAKEN_OVER)
    this.#letGo(to)
    // From now on its client counts for this session.
    to.attempt = attempt
    to.attemptBefore = undefined
    connection.isWaiting = false
    connection.heardAtMs = state.nowMs
    connection.lastHeardAtMs = state.nowMs
    connection.beacons.clear()
    connection.beaconCount = 0
    if (to.token === '') {
      state.answering = { connection, resumed: to, usedToken: '', attempt: undefined }
      state.expect(`new ${connection.number}`, 'in-process')
    } else {
      to.connection = connection
      to.address = addressKey(connection.address)
      connection.session = to
      state.expect(`new ${connection.number} ${to.id} ${to.token}`, 'in-process')
    }
    state.expect(`beacon ${connection.number}`, 'in-process')
    this.#tellZone(to)
  }

  #letGo(session: ModelSession): void {
    const old = session.connection
    if (old === undefined) this.#state.counts.sessionsResumedTotal++
    else this.#state.counts.sessionsTakenOverTotal++
    session.connection = undefined
    session.latency = undefined
    if (old === undefined) return
    old.session = undefined
    this.#state.expect(closingKey(old, TAKEN_OVER), 'in-process')
  }

  #tellZone(session: ModelSession): void {
    if (session.zone !== undefined) this.#state.expect(`handler handleReconnect ${session.id}`, 'resume-honoured')
  }
}

export function receiverAsConnection(receiver: number, nowMs: number): ModelConnection {
  return newConnection(-receiver, { transport: 'in-process', nowMs })
}
