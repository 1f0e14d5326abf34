/** A listener cannot listen: that is told, or thrown where nobody catches it. It is never silent. */
import type { ListenerEvents } from '../core/injected.ts'

/** Throws `error` where there is no `failed`, and what `failed` throws. Call it where nobody catches that. */
export function tellFailed(events: ListenerEvents, error: Error): void {
  if (events.failed === undefined) throw error
  events.failed(error)
}
