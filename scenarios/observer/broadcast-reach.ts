/**
 * Whether a broadcast reached everybody it had to, once: what handlers returned is carried out in order, so the sends
 * of a turn are matched against it in order. The audience is who is a connected member when the first copy is sent.
 */
import type { Delivery } from '../../core/index.ts'
import type { Asked } from './observation.ts'
import type { ModelConnection, ModelSession } from './model-entities.ts'
import type { ModelState } from './model-state.ts'
import type { ServerTap } from './server-tap.ts'

interface Pending {
  readonly asked: Asked
  /** The connections that have not got it yet; undefined before the first has. */
  audience: number[] | undefined
}

export class BroadcastReach {
  readonly #state: ModelState
  #pending: Pending[] = []
  #next = 0

  constructor(state: ModelState) {
    this.#state = state
  }

  begin(): void {
    if (this.#pending.length === 0) return
    this.#pending = []
    this.#next = 0
  }

  /** In this turn. */
  get asked(): readonly Asked[] {
    return this.#pending.map(({ asked }) => asked)
  }

  ask(asked: Asked): void {
    this.#pending.push({ asked, audience: undefined })
  }

  /** What is unreliable may have been dropped, so that what comes next is another message. */
  sent(connection: ModelConnection, delivery: Delivery, observer: ServerTap): void {
    const { sessions, options } = this.#state
    for (; this.#next < this.#pending.length; this.#next++) {
      const pending = this.#pending[this.#next]
      if (pending === undefined) break
      pending.audience ??= audienceOf(pending.asked, sessions)
      const isThis = isSame(pending.asked.delivery, delivery)
      const index = isThis ? pending.audience.indexOf(connection.number) : -1
      if (index >= 0) {
        // Mostly the first: they are sent to in the same order.
        if (index === 0) pending.audience.shift()
        else pending.audience.splice(index, 1)
        return
      }
      if (this.#missed(pending, pending.audience, observer).length > 0) break
    }
    if (!options.allSendsAreSeen) return
    const pending = this.#pending[this.#next]
    if (pending?.audience?.includes(connection.number) === true && !isSame(pending.asked.delivery, delivery)) {
      const right = `its app sends that as ${inWords(pending.asked.delivery)}`
      this.#state.fail(
        'broadcast-reach',
        `'${pending.asked.type}' came to connection ${connection.number} as ${inWords(delivery)}; ${right}`,
      )
    }
    const what = 'got a message of a zone twice, or one that was not for it'
    this.#state.fail('broadcast-reach', `connection ${connection.number} ${what}`)
  }

  end(observer: ServerTap): void {
    const { sessions } = this.#state
    for (; this.#next < this.#pending.length; this.#next++) {
      const pending = this.#pending[this.#next]
      if (pending === undefined) break
      const { asked, audience = audienceOf(asked, sessions) } = pending
      const missed = this.#missed(pending, audience, observer)
      if (missed.length > 0) {
        const whom = `connection ${missed.join(', ')}`
        const what = `'${asked.type}' of ${asked.zone === undefined ? 'the game itself' : `zone '${asked.zone}'`}`
        this.#state.fail('broadcast-reach', `${what} did not reach ${whom}, as ${inWords(asked.delivery)}`)
      }
      this.#state.pass('broadcast-reach')
    }
  }

  /** Whom it should have reached and did not: closed since, or so slow that what is unreliable may be dropped, is neither. */
  #missed({ asked }: Pending, audience: readonly number[], observer: ServerTap): readonly number[] {
    if (audience.length === 0) return audience
    return this.#filterMissed(asked, audience, observer)
  }

  #filterMissed(asked: Asked, audience: readonly number[], observer: ServerTap): readonly number[] {
    const { connections, options } = this.#state
    const softBytes = options.buffers?.softBytes ?? Infinity
    return audience.filter((number) => {
      if (connections.get(number)?.isOver !== false) return false
      return asked.delivery.mode === 'reliable' || (observer.link(number)?.bufferedBytes ?? Infinity) <= softBytes
    })
  }
}

function isSame(a: Delivery, b: Delivery): boolean {
  return a === b || (a.mode === b.mode && a.channel === b.channel)
}

function inWords({ mode, channel }: Delivery): string {
  return `${mode} on channel ${channel}`
}

function audienceOf(asked: Asked, sessions: ReadonlyMap<number, ModelSession>): number[] {
  const { action, zone, session } = asked
  const audience: number[] = []
  const add = (receiver: ModelSession | undefined): void => {
    // What receivers within the process get comes later in the turn: `npc-rules.ts` sees to it.
    if (receiver?.connection !== undefined && receiver.connection.number > 0) audience.push(receiver.connection.number)
  }
  if (action === 'broadcast') {
    for (const each of sessions.values()) if (each.zone?.zone === zone && each.id !== session) add(each)
  } else if (action === 'send') {
    for (const id of asked.sessions ?? []) if (sessions.get(id)?.zone?.zone === zone) add(sessions.get(id))
  } else if (session !== undefined) {
    add(sessions.get(session))
  }
  return audience
}
