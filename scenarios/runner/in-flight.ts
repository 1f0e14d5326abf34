/**
 * Messages of zones on their way to clients, by the server's connections. Who leaves a zone and joins again over one
 * connection still hears what was sent before; that is about a membership which is over.
 */

/** What is unreliable may never arrive. So many are remembered. */
const REMEMBERED_MAX = 512

interface Flight {
  /** Sent since the last join. */
  sent: Uint8Array[]
  /** Sent before that. */
  old: Uint8Array[]
  /** How often a zone was asked to let in who speaks there. */
  joins: number
}

export class InFlight {
  readonly #byConnection = new Map<number, Flight>()
  /** By the token that was sent over the same connection. */
  readonly #byToken = new Map<string, Flight>()

  /** A server that has just booted has no connections; what the one before it has sent may still arrive. */
  reset(): void {
    this.#byConnection.clear()
  }

  tokenSent(token: string, connection: number): void {
    this.#byToken.set(token, this.#flightOf(connection))
  }

  sent(bytes: Uint8Array, connection: number): void {
    const { sent } = this.#flightOf(connection)
    sent.push(bytes)
    if (sent.length > REMEMBERED_MAX) sent.shift()
  }

  /** A zone was asked to let in who speaks over this connection. */
  joined(connection: number): void {
    const flight = this.#flightOf(connection)
    flight.old = [...flight.old, ...flight.sent].slice(-REMEMBERED_MAX)
    flight.sent = []
    flight.joins++
  }

  /** How often a zone was asked to let in the client that had this token last. */
  joinsOf(token: string): number {
    return this.#byToken.get(token)?.joins ?? 0
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
    const flight: Flight = { sent: [], old: [], joins: 0 }
    this.#byConnection.set(connection, flight)
    return flight
  }
}

function take(messages: Uint8Array[], bytes: Uint8Array): boolean {
  const index = messages.findIndex((each) => isSame(each, bytes))
  if (index !== -1) messages.splice(index, 1)
  return index !== -1
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
