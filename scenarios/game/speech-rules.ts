/** Rules about what zones send: to whom, and what. */
import type { Action, LiveZone } from '../../core/index.ts'
import type { GameChecks } from './game-checks.ts'

export class SpeechRules {
  readonly #checks: GameChecks

  constructor(checks: GameChecks) {
    this.#checks = checks
  }

  /** `handler`: the one that asks for it; undefined: the program does, from outside. */
  asked(action: Action, zone: LiveZone, handler: string | undefined): void {
    const where = `zone '${zone.name}'${handler === undefined ? '' : `, in ${handler},`}`
    this.#checks.check('types-of-own-app', action.app === zone.app, () => {
      return `${where} sends ${action.type} of app '${action.app.name}', and is a zone of app '${zone.app.name}'`
    })
    if (action.kind !== 'send') return
    for (const session of action.sessions) {
      this.#checks.check('speaks-to-members', zone.members.has(session), () => {
        return `${where} sends ${action.type} to session ${session.id}, which is ${session.status} and no member: it is not sent`
      })
    }
  }
}
