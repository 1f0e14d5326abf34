/** In which way a handler, a callback or a route of a user has failed, and which report is about it. */
import type { Report, Thrown } from '../../core/index.ts'
import { NONSENSE_ON_PURPOSE, PROMISED_ON_PURPOSE } from '../simulated-app.ts'
import { callbackThrower, thrower, type CallbackFailure, type CallbackOf, type Failure } from './observation.ts'

/** Of a handler, a callback or a route: what it threw, or what it returned. */
export function failureOf(returned: unknown, thrown: Thrown | undefined): Failure | undefined {
  if (thrown !== undefined) return isOnPurpose(thrown.error) ? 'threw on purpose' : 'threw'
  if (returned === undefined) return undefined
  if (returned === PROMISED_ON_PURPOSE) return 'promised on purpose'
  if (returned === NONSENSE_ON_PURPOSE) return 'returned nonsense on purpose'
  const all: readonly unknown[] = Array.isArray(returned) ? returned : [returned]
  // A promise or nonsense that nobody planned is reported like what is thrown.
  const isObject = all.every((each) => typeof each === 'object' && each !== null && !('then' in each))
  return isObject ? undefined : 'threw'
}

/** By its name: an app of a user may have come with a copy of this library of its own. */
export function isOnPurpose(error: unknown): boolean {
  return error instanceof Error && error.name === 'ThrownOnPurpose'
}

/** How the callbacks of a scenario fail. */
export const CALLBACK_FAILURES: ReadonlyMap<CallbackOf, CallbackFailure> = new Map([
  ['failing', 'threw on purpose'],
  ['promising', 'promised on purpose'],
])

/** Undefined: it is about no handler, callback or route. */
export function throwerOf(report: Report): string | undefined {
  if (report.kind === 'handler_threw') return thrower(report.handler, report.zone.name, report.session?.id)
  if (report.kind === 'callback_threw') return callbackThrower(report.callback)
  return report.kind === 'route_threw' ? thrower('route', report.app.name, report.session.id) : undefined
}
