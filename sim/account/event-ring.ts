/** The last events of a world, as they are kept for its account: as little as possible is done before somebody reads it. */
import type { AnyApp } from '../../core/app/app.ts'

/** A connection, as one of its ends knows it. */
export interface AccountLink {
  /** The client at its far end, or at this one; undefined while the server does not know it. */
  client: string | undefined
  isClosed: boolean
}

/** A message, from the sender's side. */
export interface MessageEvent {
  readonly kind: 'message'
  readonly atUs: number
  readonly from: string
  readonly link: AccountLink
  readonly app: AnyApp | undefined
  readonly bytes: Uint8Array
  /** The number that the sender's tap was told. */
  readonly number: number
  /** When the program at the other end got it; undefined: it has not. */
  receivedAtUs: number | undefined
}

/** Anything else, in words. */
export interface TextEvent {
  readonly kind: 'text'
  readonly atUs: number
  readonly who: string
  readonly text: string
}

export type AccountEvent = MessageEvent | TextEvent

export class EventRing {
  readonly #size: number
  readonly #events: AccountEvent[] = []
  #next = 0
  #count = 0
  /** Messages that were not received yet and are still kept, by number. */
  readonly #onTheirWay = new Map<number, MessageEvent>()

  constructor(size: number) {
    this.#size = size
  }

  /** Of all events, also those that are not kept any more. */
  get count(): number {
    return this.#count
  }

  /** Oldest first. */
  get events(): readonly AccountEvent[] {
    return [...this.#events.slice(this.#next), ...this.#events.slice(0, this.#next)]
  }

  add(event: AccountEvent): void {
    this.#count += 1
    if (event.kind === 'message') this.#onTheirWay.set(event.number, event)
    if (this.#events.length < this.#size) {
      this.#events.push(event)
      return
    }
    const oldest = this.#events[this.#next]
    if (oldest?.kind === 'message') this.#onTheirWay.delete(oldest.number)
    this.#events[this.#next] = event
    this.#next = (this.#next + 1) % this.#size
  }

  /** Takes the message that was sent with this number off the list of those on their way. */
  received(number: number, atUs: number): MessageEvent | undefined {
    const event = this.#onTheirWay.get(number)
    if (event === undefined) return undefined
    this.#onTheirWay.delete(number)
    event.receivedAtUs = atUs
    return event
  }
}
