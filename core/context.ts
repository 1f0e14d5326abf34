/** What all parts of one server share. Internal: users see `Server`. */
import type { AnyApp } from './app/app.ts'
import type { Random } from './injected.ts'
import type { ServerOptions } from './options.ts'
import type { Report, Undecodable } from './report.ts'
import type { ClientLink } from './session/client-link.ts'
import type { Connections } from './session/connections.ts'
import type { Admission } from './session/guards.ts'
import type { Session } from './session/session.ts'
import type { Tokens } from './session/tokens.ts'
import type { Counters } from './stats.ts'
import type { Thenable } from './synchronous.ts'
import type { HandlerFailure } from './turns/handled.ts'
import type { Shell } from './turns/shell.ts'
import type { Turns } from './turns/turns.ts'
import type { ZoneRegistry } from './zone/zones.ts'

export interface Context {
  readonly options: ServerOptions
  readonly turns: Turns
  readonly shell: Shell
  readonly random: Random
  readonly tokens: Tokens
  readonly counters: Counters
  readonly connections: Connections
  readonly zones: ZoneRegistry
  /** By prefix. */
  readonly apps: ReadonlyMap<number, AnyApp>
  /** Whether the server takes a new session at `link`, and which session in grace must end for it. */
  admissionFor(link: ClientLink): { readonly admission: Admission; readonly giver?: Session | undefined }
  /** `link` serves `session`. */
  placed(session: Session, link: ClientLink): void
  report(report: Report): void
  /**
   * Reports that a handler or a callback threw or returned a promise, and later that the promise was rejected.
   * `what` names it; `toReport` makes the report of an error.
   */
  reportFailure(handled: HandlerFailure, what: string, toReport: (error: unknown) => Report): void
  /** Reports that a promise is rejected, if it ever is. */
  reportRejection(promise: Thenable, toReport: (error: unknown) => Report): void
  /** Only the first of its kind for each app. */
  reportUndecodable(report: Undecodable): void
  startProvisional(link: ClientLink): Session
  /** The session's status changed, from `undefined` when it came to be. */
  moved(session: Session, from: Session['status'] | undefined): void
}
