/**
 * The beacons of one connection: numbered, the last 25 remembered, each answered at most once. A change of connection
 * forgets the earlier ones, so that an answered beacon always proves what was sent before it on the same connection.
 */

/** How many beacons an answer may be late by. */
const REMEMBERED = 25

export class Heartbeat {
  #lastId = 0
  /** When each unanswered beacon was sent, in order of ids. */
  readonly #sentAt = new Map<number, number>()

  /** The id of a beacon that is sent `now` (ms); higher than `others`, those that the connection has carried before. */
  beacon(now: number, others = 0): number {
    const id = Math.max(this.#lastId, others) + 1
    this.#lastId = id
    this.#sentAt.set(id, now)
    this.#sentAt.delete(id - REMEMBERED)
    return id
  }

  /** The round trip in whole ms, or undefined where `id` is unknown or was answered before. */
  answer(id: number, now: number): number | undefined {
    const sentAt = this.#sentAt.get(id)
    if (sentAt === undefined) return undefined
    this.#sentAt.delete(id)
    return Math.round(now - sentAt)
  }

  forget(): void {
    this.#sentAt.clear()
  }
}
