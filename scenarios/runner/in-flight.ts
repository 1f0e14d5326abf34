/**
 * Messages of zones on their way to clients, by the server's connections. Who leaves a zone and joins again over one
 * connection still hears what was sent before; that is about a membership which is over.
 */
import { isSameBytes } from '../same-bytes.ts'

/** What is unreliable may never arrive. So many are remembered. */
const REMEMBERED_MAX = 512

interface Flight {
  /** Sent since the last join. */
  sent: Uint8Array[]
  /** Sent before that. */
  old: Uint8Array[]
  /** How often a zone was asked to let in who speaks there. */
  joins: number
  /** The one that speaks there; undefined: none yet. */
  session: number | undefined
  /** The number of its membership; undefined: it has joined nothing. */
  membership: number | undefined
}

export class InFlight {
  readonly #byConnection = new Map<number, Flight>()
  /** By the token that was sent over the same connection. */
  readonly #byToken = new Map<string, Flight>()
  /** How often each session has joined, whoever spoke for it. */
  readonly #memberships = new Map<number, number>()

  /** A server that has just booted has no connections; what the one before it has sent may still arrive. */
  reset(): void {
    this.#byConnection.clear()
    this.#memberships.clear()
  }

  tokenSent(token: string, connection: number, session: number): void {
    const flight = this.#flightOf(connection)
    flight.session = session
    flight.membership = this.#memberships.get(session)
    this.#byToken.set(token, flight)
  }

  sent(bytes: Uint8Array, connection: number): void {
    const { sent } = this.#flightOf(connection)
    sent.push(bytes)
    if (sent.length > REMEMBERED_MAX) sent.shift()
  }

  /**
   * A zone was asked to let in a session, for what was said over this connection. `isMove`: another zone has let it go
   * for the same.
   */
  joined(connection: number, session: number, isMove: boolean): void {
    const flight = this.#flightOf(connection)
    if (!isMove && flight.session === session) {
      flight.membership = (this.#memberships.get(session) ?? 0) + 1
      this.#memberships.set(session, flight.membership)
    }
    flight.old = [...flight.old, ...flight.sent].slice(-REMEMBERED_MAX)
    flight.sent = []
    flight.joins++
  }

  /** How often a zone was asked to let in the client that had this token last. */
  joinsOf(token: string): number {
    return this.#byToken.get(token)?.joins ?? 0
  }

  /** In which membership of its session the client that had this token last is, as far as it was told over that connection. */
  membershipOf(token: string): number | undefined {
    return this.#byToken.get(token)?.membership
  }

  /** The client that had this token last has heard this. True: it was sent before it joined. */
  heard(bytes: Uint8Array, token: string): boolean {
    const flight = this.#byToken.get(token)
    if (flight === undefined) return false
    const isOld = take(flight.old, bytes)
    if (!isOld) take(flight.sent, bytes)
    return isOld
  }

  #flightOf(connection: number): Flight {
    const known = this.#byConnection.get(connection)
    if (known !== undefined) return known
    const flight: Flight = { sent: [], old: [], joins: 0, session: undefined, membership: undefined }
    this.#byConnection.set(connection, flight)
    return flight
  }
}

function take(messages: Uint8Array[], bytes: Uint8Array): boolean {
  for (let index = 0; index < messages.length; index++) {
    const each = messages[index]
    if (each === undefined || !isSameBytes(each, bytes)) continue
    // Mostly the first: what is reliable arrives in order.
    if (index === 0) messages.shift()
    else messages.splice(index, 1)
    return true
  }
  return false
}
