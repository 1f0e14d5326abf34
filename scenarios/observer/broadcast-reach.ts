/**
 * Whether a broadcast reached everybody it had to, once: what handlers returned is carried out in order, so the sends
 * of a turn are matched against it in order. The audience is who is a connected member when the first copy is sent.
 */
import type { Output } from './observation.ts'
import type { ModelConnection, ModelSession, ModelState } from './model-state.ts'
import type { ServerObserver } from './server-observer.ts'

type Asked = Extract<Output, { readonly kind: 'asked' }>

interface Pending {
  readonly asked: Asked
  /** The connections that have not got it yet; undefined before the first has. */
  audience: number[] | undefined
}

export class BroadcastReach {
  readonly #state: ModelState
  /** In this turn something may be sent that no observed handler returned. */
  #mayBeUnasked = false
  #pending: Pending[] = []
  #next = 0

  constructor(state: ModelState) {
    this.#state = state
  }

  /** `mayBeUnasked`: a zone's own timer runs, and what its callback returns is not observed. */
  begin(mayBeUnasked: boolean): void {
    this.#mayBeUnasked = mayBeUnasked
    if (this.#pending.length === 0) return
    this.#pending = []
    this.#next = 0
  }

  ask(asked: Asked): void {
    this.#pending.push({ asked, audience: undefined })
  }

  sent(connection: ModelConnection, observer: ServerObserver): void {
    const { sessions, options } = this.#state
    for (; this.#next < this.#pending.length; this.#next++) {
      const pending = this.#pending[this.#next]
      if (pending === undefined) break
      pending.audience ??= audienceOf(pending.asked, sessions)
      const index = pending.audience.indexOf(connection.number)
      if (index >= 0) {
        // Mostly the first: they are sent to in the same order.
        if (index === 0) pending.audience.shift()
        else pending.audience.splice(index, 1)
        return
      }
      if (this.#missed(pending, pending.audience, observer).length > 0) break
    }
    // What zones send without returning it cannot be accounted for.
    if (!options.allSendsAreReturned || this.#mayBeUnasked) return
    const what = 'got a message of a zone twice, or one that was not for it'
    this.#state.fail('broadcast-reach', `connection ${connection.number} ${what}`)
  }

  end(observer: ServerObserver): void {
    const { sessions } = this.#state
    for (; this.#next < this.#pending.length; this.#next++) {
      const pending = this.#pending[this.#next]
      if (pending?.asked.action !== 'broadcast') continue
      const { asked, audience = audienceOf(asked, sessions) } = pending
      const missed = this.#missed(pending, audience, observer)
      if (missed.length > 0) {
        const whom = `connection ${missed.join(', ')}`
        this.#state.fail('broadcast-reach', `'${asked.type}' of zone '${asked.zone}' did not reach ${whom}`)
      }
      this.#state.pass('broadcast-reach')
    }
  }

  /** Whom it should have reached and did not: closed since, or so slow that what is unreliable may be dropped, is neither. */
  #missed({ asked }: Pending, audience: readonly number[], observer: ServerObserver): readonly number[] {
    if (audience.length === 0) return audience
    return this.#filterMissed(asked, audience, observer)
  }

  #filterMissed(asked: Asked, audience: readonly number[], observer: ServerObserver): readonly number[] {
    const { connections, options } = this.#state
    const softBytes = options.buffers?.softBytes ?? Infinity
    return audience.filter((number) => {
      if (connections.get(number)?.isOver !== false) return false
      return asked.isReliable || (observer.connection(number)?.bufferedBytes ?? Infinity) <= softBytes
    })
  }
}

function audienceOf(asked: Asked, sessions: ReadonlyMap<number, ModelSession>): number[] {
  const audience: number[] = []
  if (asked.action === 'broadcast') {
    for (const session of sessions.values()) {
      if (session.zone?.zone !== asked.zone || session.id === asked.session) continue
      if (session.connection !== undefined) audience.push(session.connection.number)
    }
  } else if (asked.session !== undefined) {
    const connection = sessions.get(asked.session)?.connection
    if (connection !== undefined) audience.push(connection.number)
  }
  return audience
}
