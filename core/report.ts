/** What a server has to say to whoever runs it: never an exception, and never a reason for it to stop. */
import { printable } from './printable.ts'
import type { AnyApp } from './app/app.ts'
import type { Session } from './session/session.ts'
import type { Synchronous } from './synchronous.ts'
import type { ZoneView } from './zone/zone.ts'

export type Report =
  /** A zone's handler threw, or returned what is no action. What it had asked for is lost; nobody else is affected. */
  | {
      readonly kind: 'handler_threw'
      readonly handler: string
      readonly zone: ZoneView
      readonly session: Session | undefined
      readonly error: unknown
    }
  /** An app's route threw: the joiner was told that there is no zone. */
  | { readonly kind: 'route_threw'; readonly app: AnyApp; readonly session: Session; readonly error: unknown }
  /**
   * A callback threw: a session's `disconnectCallback`, a method of its in-process proxy, or, without a session, `done`
   * of `stop` and `drain`, `listening` and `failed` of `listen`, or `onReport` itself.
   */
  | {
      readonly kind: 'callback_threw'
      readonly callback: string
      readonly session: Session | undefined
      readonly error: unknown
    }
  /** A listener could not listen at `address`, or broke later, and `listen` was given no `failed`. */
  | { readonly kind: 'listen_failed'; readonly address: string; readonly error: unknown }
  /** A handler asked for something that could not be done (such as a join while in another zone). */
  | { readonly kind: 'refused'; readonly error: unknown }
  /** A bug in this library. */
  | { readonly kind: 'internal'; readonly error: unknown }

export type OnReport = (report: Report) => Synchronous

/** So many errors that caused each other are described. */
const CAUSES_MAX = 4

/** For a log: one line that says what happened, and below it where, as the stacks of the error and its causes tell. */
export function describeReport(report: Report): string {
  return summarizeReport(report) + stacksOf(report.error, CAUSES_MAX)
}

/** One line that says what happened, without the stack. */
export function summarizeReport(report: Report): string {
  const error = messageOf(report.error)
  switch (report.kind) {
    case 'handler_threw': {
      const session = report.session === undefined ? '' : ` for session ${report.session.id}`
      return `${report.handler} of zone '${report.zone.name}' threw${session}: ${error}`
    }
    case 'route_threw':
      return `the route of app '${report.app.name}' threw for session ${report.session.id}: ${error}`
    case 'callback_threw': {
      const session = report.session === undefined ? '' : ` of session ${report.session.id}`
      return `${report.callback}${session} threw: ${error}`
    }
    case 'listen_failed':
      return `cannot listen at ${report.address}: ${error}`
    case 'refused':
      return `a handler asked for what could not be done: ${error}`
    case 'internal':
      return `internal error (please report it): ${error}`
  }
}

/** Anything can be thrown, even an object that throws when it is looked at. */
function messageOf(error: unknown): string {
  try {
    // It may have text in it that a client has chosen.
    return printable(error instanceof Error ? String(error.message) : String(error))
  } catch {
    return 'something that cannot be described'
  }
}

/** Each frame on a line of its own. Some engines begin a stack with the error's name and message, which were told. */
function stacksOf(error: unknown, causes: number): string {
  try {
    if (!(error instanceof Error) || typeof error.stack !== 'string') return ''
    const { stack, message, cause } = error
    const messageAt = stack.indexOf(message)
    const frames = messageAt < 0 ? `\n${stack}` : stack.slice(messageAt + message.length)
    const more =
      cause === undefined || causes === 0 ? '' : `\n  caused by: ${messageOf(cause)}${stacksOf(cause, causes - 1)}`
    return frames.trimEnd() + more
  } catch {
    return ''
  }
}
