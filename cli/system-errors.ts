/**
 * What the system says about a file, a folder or a socket, as a message and an exit code: the one place where errors with
 * a `syscall` are translated. Whoever knows what was to be done says so with `readError` and
 * `writeError`; `main.ts` translates the rest.
 */
import { CommandError, ExitCode } from './exit-codes.ts'

export interface SystemError extends Error {
  readonly code: string
  readonly syscall: string
  readonly path?: string
}

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
}

/** `EACCES: permission denied`: without the call and the path, which Node adds. */
export function describeSystemError(error: SystemError): string {
  const { message, syscall } = error
  const [, what = message] = new RegExp(`^(.*?), ${syscall}\\b`, 's').exec(message) ?? []
  return what
}

/** `file` cannot be read. Anything but a system error is given back as it is. */
export function readError(file: string, error: unknown): unknown {
  if (!isSystemError(error)) return error
  return new CommandError(exitCodeOf(error), `${file} cannot be read: ${describeSystemError(error)}`)
}

/** `file` could not be written, which was asked for and was not done. The same. */
export function writeError(file: string, error: unknown): unknown {
  if (!isSystemError(error)) return error
  const message = `${file} could not be written: ${describeSystemError(error)}`
  return new CommandError(ExitCode.failed, message, { cause: error })
}

/** For what nobody has said more about. */
export function explainSystemError(error: SystemError): CommandError {
  const { path: place, syscall } = error
  const where = place === undefined || place === '' ? syscall : `${place} (${syscall})`
  return new CommandError(exitCodeOf(error), `${where}: ${describeSystemError(error)}`)
}

/** The name that was given is wrong, or may not be used: another name, or another user, is needed. */
const MISUSE: ReadonlySet<string> = new Set([
  'EACCES',
  'EEXIST',
  'EINVAL',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENODEV',
  'ENOENT',
  'ENOTDIR',
  'ENOTEMPTY',
  'ENXIO',
  'EPERM',
  'EROFS',
])

const FILE_CALLS =
  /^(open|read|write|stat|lstat|fstat|scandir|mkdir|rename|unlink|access|chmod|copyfile|realpath|fsync)$/

/** A full disk, an error of a disk and all that happens on sockets is no misuse. */
function exitCodeOf({ code, syscall }: SystemError): ExitCode {
  return MISUSE.has(code) && FILE_CALLS.test(syscall) ? ExitCode.usage : ExitCode.failed
}
