/** In which way a handler, a callback or a route of a user has failed, and which report is about it. */
import type { HandlerFailure, Report } from '../../core/index.ts'
import { NONSENSE_ON_PURPOSE, PROMISED_ON_PURPOSE } from '../simulated-app.ts'
import { callbackThrower, thrower, type CallbackFailure, type CallbackOf, type Failure } from './observation.ts'

/** `returned`: what it has returned, where it has. */
export function failureOf(failure: HandlerFailure, returned: unknown): Failure {
  if (returned === PROMISED_ON_PURPOSE) return 'promised on purpose'
  if (returned === NONSENSE_ON_PURPOSE) return 'returned nonsense on purpose'
  return failure.promise === undefined && isOnPurpose(failure.error) ? 'threw on purpose' : 'threw'
}

/** It has not thrown: what it returned is what it must not return. */
export function isAboutReturned(failure: HandlerFailure): boolean {
  return failure.promise !== undefined
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
