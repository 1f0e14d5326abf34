/** What a server has to say to whoever runs it: never an exception, and never a reason for it to stop. */
import type { AnyApp } from './app/app.ts'
import type { Session } from './session/session.ts'
import type { ZoneView } from './zone/zone.ts'

export type Report =
  /** A zone's handler threw. What it had asked for is lost; nobody else is affected. */
  | {
      readonly kind: 'handler_threw'
      readonly handler: string
      readonly zone: ZoneView
      readonly session: Session | undefined
      readonly error: unknown
    }
  /** An app's route threw: the joiner was told that there is no zone. */
  | { readonly kind: 'route_threw'; readonly app: AnyApp; readonly session: Session; readonly error: unknown }
  /** A session's callback, or its in-process proxy, threw. */
  | { readonly kind: 'callback_threw'; readonly callback: string; readonly session: Session; readonly error: unknown }
  /** A handler asked for something that could not be done (such as a join while in another zone). */
  | { readonly kind: 'refused'; readonly error: unknown }
  /** A bug in this library. */
  | { readonly kind: 'internal'; readonly error: unknown }

export type OnReport = (report: Report) => void

/** One line for a log. */
export function describeReport(report: Report): string {
  const error = 'error' in report && report.error instanceof Error ? report.error.message : String(report.error)
  switch (report.kind) {
    case 'handler_threw': {
      const session = report.session === undefined ? '' : ` for session ${report.session.id}`
      return `${report.handler} of zone '${report.zone.name}' threw${session}: ${error}`
    }
    case 'route_threw':
      return `the route of app '${report.app.name}' threw for session ${report.session.id}: ${error}`
    case 'callback_threw':
      return `${report.callback} of session ${report.session.id} threw: ${error}`
    case 'refused':
      return `a handler asked for what could not be done: ${error}`
    case 'internal':
      return `internal error (please report it): ${error}`
  }
}
