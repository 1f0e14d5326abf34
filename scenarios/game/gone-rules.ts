/** Rules about sessions that are gone: zones forget them, and no timer of a zone works for them. */
import type { Action, LiveZone, Session, Thrown, TimerOwner } from '../../core/index.ts'
import { findSession } from '../state/find-session.ts'
import type { GameChecks } from './game-checks.ts'

/** So long (ms) after a session is gone nothing of a zone may still know it. */
export const FORGOTTEN_MS = 30_000

/** A zone timer that a handler has set for a session. */
interface SetFor {
  readonly session: Session
  readonly handler: string
}

export class GoneRules {
  readonly #checks: GameChecks
  readonly #setFor = new WeakMap<TimerOwner, SetFor>()
  /** The timer that runs at the moment, if it was set for a session that is gone. */
  #running: (SetFor & { readonly zone: LiveZone }) | undefined

  constructor(checks: GameChecks) {
    this.#checks = checks
  }

  timerAsked(owner: TimerOwner, session: Session | undefined, handler: string): void {
    if (session !== undefined) this.#setFor.set(owner, { session, handler })
  }

  timerBegins(zone: LiveZone, owner: TimerOwner): void {
    const setFor = this.#setFor.get(owner)
    if (setFor?.session.status === 'gone') this.#running = { ...setFor, zone }
  }

  timerEnds(thrown: Thrown | undefined): void {
    const running = this.#running
    if (running === undefined) return
    this.#checks.check('timers-of-the-gone', thrown === undefined, () => {
      return `${describe(running)} throws: ${String(thrown?.error)}`
    })
  }

  turnEnds(): void {
    this.#running = undefined
  }

  asked(action: Action, session: Session | undefined): void {
    const running = this.#running
    if (running === undefined) return
    const isToIt = action.kind === 'send' ? action.sessions.includes(running.session) : session === running.session
    this.#checks.check('timers-of-the-gone', !isToIt, () => `${describe(running)} sends ${action.type} to it`)
  }

  /** Nothing in the state of these zones may hold this session, or have its id as a key. */
  checkForgotten(session: Session, zones: Iterable<LiveZone>): void {
    if (this.#checks.isOff('forgets-the-gone')) return
    for (const { name, state } of zones) {
      const { path } = findSession(state, session, { root: 'state' })
      this.#checks.check('forgets-the-gone', path === undefined, () => {
        return `zone '${name}' still knows session ${session.id}, ${FORGOTTEN_MS / 1000} s after it was gone: ${path}`
      })
    }
  }
}

function describe({ session, handler, zone }: SetFor & { readonly zone: LiveZone }): string {
  return `zone '${zone.name}': the timer that ${handler} set for session ${session.id}, which is gone,`
}
