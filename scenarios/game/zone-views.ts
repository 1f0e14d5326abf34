/** The states of zones, read-only, each made once. */
import type { LiveZone } from '../../core/index.ts'
import { readOnly } from '../state/read-only.ts'

export class ZoneViews {
  readonly #views = new WeakMap<LiveZone, { readonly state: unknown }>()

  of(zone: LiveZone): unknown {
    let view = this.#views.get(zone)
    if (view === undefined) this.#views.set(zone, (view = { state: readOnly(zone.state) }))
    return view.state
  }
}
