/** What the command's exit code means (design section 10). */
export const ExitCode = Object.freeze({
  /** What was asked for was done; every invariant held. */
  ok: 0,
  /** An invariant broke, or what was asked for could not be done (a port in use, nobody answers). */
  failed: 1,
  /** The command was misused: an unknown option, a value out of range, a file that is not there. */
  usage: 2,
  /** A run came out differently when it was made again. */
  nondeterminism: 3,
  /** An input file is damaged. */
  damagedFile: 4,
  /** It was stopped by Ctrl-C before it was done; what it had found by then has been printed. */
  interrupted: 130,
  /** The same, by SIGTERM. */
  terminated: 143,
})
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** Ends the command with a message and no stack: what is wrong is not in this program. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode
  /** Each is printed as one line, whatever is in it. */
  readonly lines: readonly string[]

  /** `message`: what was wrong, and what to do. One with several lines, such as a stack, is handed over as those. */
  constructor(exitCode: ExitCode, message: string | readonly string[], options?: ErrorOptions) {
    const lines = typeof message === 'string' ? [message] : message
    super(lines.join('\n'), options)
    this.exitCode = exitCode
    this.lines = lines
  }
}

export function usageError(message: string | readonly string[]): CommandError {
  return new CommandError(ExitCode.usage, message)
}
