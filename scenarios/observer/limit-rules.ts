/**
 * What a server has room for (design section 7): sessions, open connections, connections without a session from one
 * address, messages within a second. Who is turned away for it, and that nobody else is.
 */
import { addressKey } from '../../core/address-key.ts'
import type { EndRules } from './end-rules.ts'
import { nameOf } from './in-words.ts'
import type { ModelConnection, ModelSession } from './model-entities.ts'
import type { ModelState } from './model-state.ts'
import { isClose, type Output } from './observation.ts'

export class LimitRules {
  readonly #state: ModelState
  readonly #ends: EndRules

  constructor(state: ModelState, ends: EndRules) {
    this.#state = state
    this.#ends = ends
  }

  /** A connection has opened: it is turned away, or another makes place for it, or there is room. */
  opened(connection: ModelConnection): void {
    const state = this.#state
    state.counts.connectionsOpenedTotal++
    if (this.#ends.refuses(connection.number)) {
      state.counts.connectionsRefusedTotal++
      return
    }
    const { preconnectsPerAddressMax } = state.options
    const neighbours = this.#waiting().filter(({ address }) => address === connection.address)
    const [neighbour] = neighbours
    if (neighbour !== undefined && neighbours.length >= preconnectsPerAddressMax) {
      state.goals.reach('too many connections of one address')
      this.#turnAway(neighbour, 4007)
    }
    connection.isWaiting = true
    if (!this.isCrowded) return
    const oldest = this.#waiting().find((each) => each !== connection)
    if (oldest === undefined) return
    state.goals.reach('place made for another connection')
    this.#turnAway(oldest, 4010)
  }

  /** True: there is no room for a new session, and it must be turned away. */
  refusesSession(connection: ModelConnection, outputs: readonly Output[]): boolean {
    const { sessionsMax } = this.#state.options
    const isClosed = outputs.some((output) => isClose(output, connection.number, 4010))
    if (!this.isCrowded) {
      if (sessionsMax === Infinity) return false
      const { sure, possible } = this.#state.countSessions()
      if (possible < sessionsMax) return false
      const candidate = this.#candidateFor(addressKey(connection.address))
      if (sure < sessionsMax && !isClosed) {
        // There was room, or place was made: which of them, only the session in question shows.
        if (candidate !== undefined) this.#state.perhapsGone.add(candidate.id)
        return false
      }
      if (candidate !== undefined && !(isClosed && sure < possible)) {
        this.#givePlace(candidate)
        return false
      }
    }
    this.#state.goals.reach('turned away by a full server')
    this.#state.counts.connectionsRefusedTotal++
    this.#state.expect(`close ${connection.number} 4010`, 'full-server')
    return true
  }

  #givePlace(session: ModelSession): void {
    this.#state.goals.reach('place given to another address')
    if (session.zone?.isHard === false) this.#state.expectPart(session, 'timeout', 'full-server')
    this.#state.forget(session)
  }

  /** Of the addresses with the most sessions in grace, and more than `address` would have sessions, the last that lost its connection. */
  #candidateFor(address: string): ModelSession | undefined {
    const inGrace = new Map<string, ModelSession[]>()
    let own = 1
    for (const session of this.#state.sessions.values()) {
      // One in no zone ends silently.
      if (this.#state.isExpired(session, this.#state.nowMs) === true) continue
      if (session.address === address) own++
      if (session.connection !== undefined || session.address === '') continue
      const others = inGrace.get(session.address)
      if (others === undefined) inGrace.set(session.address, [session])
      else others.push(session)
    }
    const most = Math.max(0, ...[...inGrace.values()].map(({ length }) => length))
    if (most <= own) return undefined
    const candidates = [...inGrace.values()].filter(({ length }) => length === most).flat()
    return candidates.toSorted((one, other) => other.lostOrder - one.lostOrder)[0]
  }

  /**
   * The server's second may begin with any message: twice the limit within a second is surely more than one such second
   * allows. What is over the limit by bytes alone is judged the same way.
   */
  isTooMany(connection: ModelConnection, bytes: number, outputs: readonly Output[]): boolean {
    const state = this.#state
    const { messagesPerSecondMax, bytesPerSecondMax } = state.options
    if (messagesPerSecondMax === Infinity && bytesPerSecondMax === Infinity) return false
    const { arrivals } = connection
    arrivals.push({ atMs: state.nowMs, bytes })
    while ((arrivals[0]?.atMs ?? Infinity) <= state.nowMs - 1_000) arrivals.shift()
    const count = arrivals.length
    const sum = arrivals.reduce((total, arrival) => total + arrival.bytes, 0)
    const said = `${count} messages, ${sum} bytes, of ${nameOf(connection)} within a second`
    const limits = `${messagesPerSecondMax} messages and ${bytesPerSecondMax} bytes`
    if (!outputs.some((output) => isClose(output, connection.number, 4007))) {
      state.check(
        'rate-limit',
        count <= 2 * messagesPerSecondMax && sum <= 2 * bytesPerSecondMax,
        () => `${said} were accepted; the limits are ${limits}`,
      )
      return false
    }
    state.check(
      'rate-limit',
      count > messagesPerSecondMax || sum > bytesPerSecondMax,
      () => `${nameOf(connection)} was closed for ${said}; the limits are ${limits}`,
    )
    state.goals.reach(count > messagesPerSecondMax ? 'too many messages' : 'too many bytes')
    state.counts.rateLimitedTotal++
    state.expect(`close ${connection.number} 4007`, 'rate-limit')
    if (connection.session !== undefined) state.lose(connection.session, 4007)
    return true
  }

  /** There are more open connections than there may be. */
  get isCrowded(): boolean {
    const { connectionsMax } = this.#state.options
    if (connectionsMax === Infinity) return false
    let open = 0
    // Who has just been turned away is closed in this turn.
    for (const each of this.#state.connections.values()) {
      if (!each.isOver && this.#state.closeOf(each) === undefined) open++
    }
    return open > connectionsMax
  }

  /** Open ones without a session, the oldest first. */
  #waiting(): ModelConnection[] {
    return [...this.#state.connections.values()].filter(({ isWaiting, isOver }) => isWaiting && !isOver)
  }

  #turnAway(connection: ModelConnection, code: number): void {
    connection.isWaiting = false
    this.#state.counts.connectionsRefusedTotal++
    this.#state.expect(`close ${connection.number} ${code}`, 'connection-limit')
  }
}
