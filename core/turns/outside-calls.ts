/**
 * The one door for calls from outside: whatever is called on a server, a session or a zone while no turn runs passes
 * here, so that a recorder sees every input of the core. What handlers call within a turn does not: it follows from
 * the input of that turn.
 */
import type { Session, ZoneView } from '../session/views.ts'

/** Whose method it is; `program`: a command of the server's program, by its name. */
export type CallTarget = 'server' | 'sessions' | 'zones' | 'program' | Session | ZoneView

export interface OutsideCall {
  readonly on: CallTarget
  /** Its name; `set disconnectTimeout` for a property. */
  readonly method: string
  /** As they were given, without callbacks that only tell that something is done. */
  readonly args: readonly unknown[]
}
