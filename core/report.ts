/** What a server has to say to whoever runs it: never an exception, and never a reason for it to stop. */
import { INTERNAL_PREFIX } from './errors.ts'
import { printable } from './printable.ts'
import type { AnyApp } from './app/app.ts'
import type { Session, ZoneView } from './session/views.ts'
import type { Synchronous } from './synchronous.ts'

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
  /** A client's message could not be decoded. Once for each app and what was wrong; `undecodableTotal` counts all. */
  | Undecodable
  /** A listener could not listen at `address`, or broke later, and `listen` was given no `failed`. */
  | { readonly kind: 'listen_failed'; readonly address: string; readonly error: unknown }
  /** A handler asked for something that could not be done (such as a join while in another zone). */
  | { readonly kind: 'refused'; readonly error: unknown }
  /** A bug in this library. */
  | { readonly kind: 'internal'; readonly error: unknown }

export interface Undecodable {
  readonly kind: 'undecodable'
  readonly app: AnyApp
  /** Of the client that sent the first one. */
  readonly session: Session
  /** `unknown_message`: its member of the `oneof` is not in the server's schema. The message is ignored. */
  readonly why: 'malformed' | 'unknown_message'
  /**
   * The client has announced another version of the app's schema: then what is malformed is ignored. Otherwise its
   * connection is closed with 4506.
   */
  readonly isSkewed: boolean
}

export type OnReport = (report: Report) => Synchronous

/** So many errors that caused each other are described. */
const CAUSES_MAX = 4

/** For a log: one line that says what happened, and below it where, as the stacks of the error and its causes tell. */
export function describeReport(report: Report): string {
  return summarizeReport(report) + stacksOf(errorOf(report), CAUSES_MAX)
}

/** One line that says what happened, without the stack. */
export function summarizeReport(report: Report): string {
  const error = messageOf(errorOf(report))
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
    case 'undecodable': {
      const whose = report.isSkewed ? 'which has another version of the schema' : `session ${report.session.id}`
      const what = report.why === 'malformed' ? 'a malformed message' : 'a message that its schema does not have'
      return `app '${report.app.name}' got ${what} from a client, ${whose} (further ones are counted only)`
    }
    case 'listen_failed':
      return `cannot listen at ${report.address}: ${error}`
    case 'refused':
      return `a handler asked for what could not be done: ${error}`
    case 'internal':
      // A failed assertion says so itself.
      return error.startsWith(INTERNAL_PREFIX) ? error : INTERNAL_PREFIX + error
  }
}

/** Anything that was thrown, with its stack and those of its causes. */
export function describeError(error: unknown): string {
  return messageOf(error) + stacksOf(error, CAUSES_MAX)
}

function errorOf(report: Report): unknown {
  return 'error' in report ? report.error : undefined
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
