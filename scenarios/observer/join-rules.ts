/** Which zone a join is for: the one that its app's route picks, or else the app's only one. */
import type { ModelState } from './model-state.ts'
import { thrower, type Output } from './observation.ts'

export class JoinRules {
  readonly #state: ModelState

  constructor(state: ModelState) {
    this.#state = state
  }

  /** Undefined: there is none. */
  zoneFor(session: number, app: string, outputs: readonly Output[]): string | undefined {
    const state = this.#state
    if (!state.options.routed.has(app)) {
      const zones = [...state.zones.values()].filter((zone) => zone.app === app)
      return zones.length === 1 ? zones[0]?.name : undefined
    }
    const routes = outputs.filter((output) => output.kind === 'routed')
    const [route] = routes
    state.check('join-judged', routes.length === 1 && route?.session === session, () => {
      return `the route of app '${app}' was asked ${routes.length} times for the join of session ${session}`
    })
    state.expectReports(thrower('route', app, session), route?.failure)
    return route?.zone
  }
}
