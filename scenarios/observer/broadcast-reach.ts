/**
 * Whether a broadcast reached everybody it had to, once: what handlers returned is carried out in order, so the sends
 * of a turn are matched against it in order. The audience is who is a connected member when the first copy is sent.
 */
import { DEFAULT_LIMITS } from '../../core/index.ts'
import type { Checks } from '../invariants.ts'
import type { Output } from './observation.ts'
import type { ModelConnection, ModelSession } from './model-state.ts'
import type { ServerObserver } from './server-observer.ts'

type Asked = Extract<Output, { readonly kind: 'asked' }>

interface Pending {
  readonly asked: Asked
  /** The connections that have not got it yet; undefined before the first has. */
  audience: Set<number> | undefined
}

export class BroadcastReach {
  readonly #checks: Checks
  readonly #isComplete: boolean
  #pending: Pending[] = []
  #next = 0

  /** `isComplete`: zones return all that they send, so a message that nobody returned is a fault. */
  constructor(checks: Checks, isComplete: boolean) {
    this.#checks = checks
    this.#isComplete = isComplete
  }

  begin(): void {
    if (this.#pending.length === 0) return
    this.#pending = []
    this.#next = 0
  }

  ask(asked: Asked): void {
    this.#pending.push({ asked, audience: undefined })
  }

  sent(connection: ModelConnection, sessions: ReadonlyMap<number, ModelSession>): void {
    for (; this.#next < this.#pending.length; this.#next++) {
      const pending = this.#pending[this.#next]
      if (pending === undefined) break
      pending.audience ??= audienceOf(pending.asked, sessions)
      if (pending.audience.delete(connection.number)) return
      if (pending.audience.size > 0) break
    }
    if (!this.#isComplete) return
    this.#checks.check('broadcast-reach', false, () => {
      return `connection ${connection.number} got a message of a zone twice, or one that was not for it`
    })
  }

  end(sessions: ReadonlyMap<number, ModelSession>, observer: ServerObserver): void {
    for (const { asked, audience } of this.#pending.slice(this.#next)) {
      if (asked.action !== 'broadcast') continue
      const missed = [...(audience ?? audienceOf(asked, sessions))].filter((number) => !isSlow(number, observer))
      this.#checks.check('broadcast-reach', missed.length === 0, () => {
        return `'${asked.type}' of zone '${asked.zone}' did not reach connection ${missed.join(', ')}`
      })
    }
  }
}

/** Too much is waiting for it: messages to it may be dropped. */
function isSlow(number: number, observer: ServerObserver): boolean {
  return (observer.connection(number)?.bufferedBytes ?? Infinity) > DEFAULT_LIMITS.bufferedBytesSoft
}

function audienceOf(asked: Asked, sessions: ReadonlyMap<number, ModelSession>): Set<number> {
  const audience = new Set<number>()
  if (asked.action === 'broadcast') {
    for (const session of sessions.values()) {
      if (session.zone?.zone !== asked.zone || session.id === asked.session) continue
      if (session.connection !== undefined) audience.add(session.connection.number)
    }
  } else if (asked.session !== undefined) {
    const connection = sessions.get(asked.session)?.connection
    if (connection !== undefined) audience.add(connection.number)
  }
  return audience
}
