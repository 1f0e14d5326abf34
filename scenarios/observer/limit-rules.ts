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
    if (!this.isCrowded) {
      if (sessionsMax === Infinity) return false
      const { sure, possible } = this.#state.countSessions()
      if (possible < sessionsMax) return false
      const { candidates, isSure } = this.#candidatesFor(addressKey(connection.address))
      const isClosed = outputs.some((output) => isClose(output, connection.number, 4010))
      if (!(isClosed && !isSure) && this.#takePlace(candidates, sure < sessionsMax, outputs)) return false
    }
    this.#state.goals.reach('turned away by a full server')
    this.#state.counts.connectionsRefusedTotal++
    this.#state.expect(`close ${connection.number} 4010`, 'full-server')
    return true
  }

  /** Where there was room perhaps, or several may have given their place, only the sessions in question show which. */
  #takePlace(candidates: readonly ModelSession[], hadRoom: boolean, outputs: readonly Output[]): boolean {
    const parted = candidates.find(({ id }) => outputs.some((output) => isTimeout(output, id)))
    // Of a member of a soft zone its part tells.
    const silent = candidates.filter(({ zone }) => zone?.isHard !== false)
    const [only = candidates[0]] = silent
    if (parted !== undefined) this.#givePlace(parted)
    else if (hadRoom || silent.length > 1) for (const { id } of silent) this.#state.perhapsGone.add(id)
    else if (only !== undefined) this.#givePlace(only)
    return hadRoom || candidates.length > 0
  }

  #givePlace(session: ModelSession): void {
    this.#state.goals.reach('place given to another address')
    if (session.zone?.isHard === false) this.#state.expectPart(session, 'timeout', 'full-server')
    this.#state.forget(session)
  }

  /**
   * Of the addresses with the most sessions in grace, and more than `address` would have sessions, the last that lost its
   * connection: who that may be, newest first. `isSure`: there is one, whichever sessions have ended unseen.
   */
  #candidatesFor(address: string): { readonly candidates: readonly ModelSession[]; readonly isSure: boolean } {
    const own = { least: 1, most: 1 }
    const waiting = new Map<string, ModelSession[]>()
    for (const session of this.#state.sessions.values()) {
      if (this.#state.isExpired(session, this.#state.nowMs) === true) continue
      if (session.address === address) {
        own.most++
        if (this.#isSurelyThere(session)) own.least++
      }
      if (session.connection !== undefined || session.address === '') continue
      const others = waiting.get(session.address)
      if (others === undefined) waiting.set(session.address, [session])
      else others.push(session)
    }
    const crowds = [...waiting.values()].map((sessions) => {
      const newestFirst = sessions.toSorted((one, other) => other.lostOrder - one.lostOrder)
      const sure = newestFirst.findIndex((session) => this.#isSurelyThere(session))
      const newest = sure === -1 ? newestFirst : newestFirst.slice(0, sure + 1)
      return { newest, least: sessions.filter((session) => this.#isSurelyThere(session)).length, most: sessions.length }
    })
    const least = Math.max(0, ...crowds.map((crowd) => crowd.least))
    const possible = crowds.filter(({ most }) => most >= least && most > own.least)
    const isSure = least > own.most
    const candidates = possible
      .flatMap(({ newest }) => newest)
      .toSorted((one, other) => other.lostOrder - one.lostOrder)
    const isClear = isSure && possible.every((crowd) => crowd.least === crowd.most)
    return { candidates: isClear ? candidates.slice(0, 1) : candidates, isSure }
  }

  /** One in no zone, or in a hard one, ends silently; of others their zone is told. */
  #isSurelyThere(session: ModelSession): boolean {
    return session.zone?.isHard === false || this.#state.isExpired(session, this.#state.nowMs) === false
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
    let sum = 0
    for (const arrival of arrivals) sum += arrival.bytes
    const isClosed = isClosedIn(outputs, connection.number, 4007)
    // Without closures: asked for each message.
    if (
      isClosed
        ? count <= messagesPerSecondMax && sum <= bytesPerSecondMax
        : count > 2 * messagesPerSecondMax || sum > 2 * bytesPerSecondMax
    ) {
      const said = `${count} messages, ${sum} bytes, of ${nameOf(connection)} within a second`
      const limits = `the limits are ${messagesPerSecondMax} messages and ${bytesPerSecondMax} bytes`
      state.fail(
        'rate-limit',
        isClosed ? `${nameOf(connection)} was closed for ${said}; ${limits}` : `${said} were accepted; ${limits}`,
      )
    }
    state.pass('rate-limit')
    if (!isClosed) return false
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

function isClosedIn(outputs: readonly Output[], connection: number, code: number): boolean {
  for (const output of outputs) if (isClose(output, connection, code)) return true
  return false
}

function isTimeout(output: Output, session: number): boolean {
  return output.kind === 'handler' && output.session === session && output.reason === 'timeout'
}
