/**
 * Under which name each session plays. A client that comes back without what it had stored, or that has ended its
 * session with a goodbye that is still on its way, gets a second session while the first one lives. With the same name
 * the two would be twins to every game that tells its players apart by name, so the second one has a name of its own.
 */
import type { Session } from '../../core/index.ts'

export class SessionNames {
  /** Of every session: what was said to it may be on its way when it is over. */
  readonly #names = new Map<Session, string>()
  /** Of the present server, unless they are over. */
  readonly #present = new Set<Session>()
  /**
   * By the tokens that were sent, in hexadecimal: a client may hear of one when its session has another one already, or is
   * over.
   */
  readonly #sessions = new Map<string, Session>()
  readonly #lives = new Map<string, number>()

  /** A server that has just booted has no sessions. */
  reset(): void {
    this.#present.clear()
  }

  /** `session` has sent this token to a client. */
  sent(token: string, session: Session): void {
    this.#sessions.set(token, session)
  }

  set(session: Session, name: string): void {
    this.#names.set(session, name)
    this.#present.add(session)
  }

  /** The session that has sent this token. */
  find(token: string): Session | undefined {
    return this.#sessions.get(token)
  }

  /**
   * The name that this session has, or gets now: `user`, or that with a number where another session plays
   * under it.
   */
  of(session: Session, user: string): string {
    const known = this.#names.get(session)
    if (known !== undefined) return known
    const taken = this.#taken()
    let name = user
    for (let number = 2; taken.has(name); number++) name = `${user}-${number}`
    this.set(session, name)
    return name
  }

  /** The number of another life under this name, from 1. */
  nextLife(name: string): number {
    const life = (this.#lives.get(name) ?? 0) + 1
    this.#lives.set(name, life)
    return life
  }

  #taken(): ReadonlySet<string> {
    const taken = new Set<string>()
    for (const session of this.#present) {
      if (session.status === 'gone') this.#present.delete(session)
      else taken.add(this.#names.get(session) ?? '')
    }
    return taken
  }
}
