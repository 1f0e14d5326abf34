/** What zones answer to those who join and to those who come back: the messages that reach them in the same turn. */
import type { LiveZone, SentMessage, Session } from '../../core/index.ts'

export interface Answer {
  readonly zone: LiveZone
  readonly messages: readonly { readonly type: string; readonly message: object }[]
}

/** An answer to one who has come back. */
export interface Reconnect extends Answer {
  /** 1, 2, … over all sessions. */
  readonly number: number
  /** How many handlers had run by then, of all zones and sessions; this one is not among them. */
  readonly handledBefore: number
}

interface Open extends Answer {
  readonly handler: string
  readonly handledBefore: number
  readonly messages: { readonly type: string; readonly message: object }[]
}

export class Answers {
  /** Of the turn that runs. */
  readonly #open = new Map<Session, Open>()
  /** The zone whose answer a session got when it joined. */
  readonly #answeredJoin = new WeakMap<Session, LiveZone>()
  readonly #reconnects = new WeakMap<Session, Reconnect>()
  #handled = 0
  #reconnected = 0

  /** Counts handlers: tells whether anything has happened between two moments. */
  get handled(): number {
    return this.#handled
  }

  /** Whether the session's zone has answered its join. */
  hasAnsweredJoin(session: Session, zone: LiveZone): boolean {
    return this.#answeredJoin.get(session) === zone
  }

  /** The last time that the session has come back. */
  lastOf(session: Session): Reconnect | undefined {
    return this.#reconnects.get(session)
  }

  handlerBegins(zone: LiveZone, handler: string, session: Session | undefined): void {
    const handledBefore = this.#handled++
    if (handler === 'handleReconnect') this.#reconnected++
    if (session !== undefined && (handler === 'handleJoin' || handler === 'handleReconnect')) {
      this.#open.set(session, { zone, handler, messages: [], handledBefore })
    }
  }

  sent(session: Session, { type, object }: SentMessage): void {
    this.#open.get(session)?.messages.push({ type, message: object })
  }

  turnEnds(): void {
    if (this.#open.size === 0) return
    for (const [session, { zone, handler, messages, handledBefore }] of this.#open) {
      if (handler === 'handleReconnect') {
        this.#reconnects.set(session, { zone, messages, handledBefore, number: this.#reconnected })
      } else if (messages.length > 0) {
        this.#answeredJoin.set(session, zone)
      }
    }
    this.#open.clear()
  }
}
