/**
 * Three kinds of wrong, kept apart: a *peer* that misbehaves is never an exception (it gets a close code and a
 * counter); a *caller* that misuses the API gets an `OverworldError` with a stable code; *our own* mistake is a
 * failed `assert`, on in production too.
 */

/** Every code that an `OverworldError` can carry; each is explained in `docs/errors.md`. */
export type ErrorCode =
  | 'already_joined'
  | 'app_unknown'
  | 'async_handler'
  | 'bad_action'
  | 'bad_address'
  | 'bad_app'
  | 'bad_delay'
  | 'bad_message'
  | 'bad_option'
  | 'bad_program'
  | 'called_from_tap'
  | 'client_ended'
  | 'foreign_serializer'
  | 'internal'
  | 'library_missing'
  | 'needs_run'
  | 'not_connected'
  | 'not_in_zone'
  | 'read_only'
  | 'server_stopped'
  | 'session_gone'
  | 'time_stands_still'
  | 'turn_too_long'
  | 'unrecordable'
  | 'unknown_zone'
  | 'zone_name_taken'
  | 'zone_stopped'

export class OverworldError extends Error {
  /** Also for those of another copy of this package: a program may be bundled with one of its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!Error[Symbol.hasInstance](value)) return false
    const { name, code } = value as Partial<OverworldError>
    return name === 'OverworldError' && typeof code === 'string'
  }

  override readonly name = 'OverworldError'
  readonly code: ErrorCode

  /** `message`: what was wrong, and what to do. */
  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** How the message of a mistake of ours begins. */
export const INTERNAL_PREFIX = 'internal error (please report it): '

/** Throws `OverworldError` `internal`: a bug in this library, please report it. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new OverworldError('internal', INTERNAL_PREFIX + message)
}
