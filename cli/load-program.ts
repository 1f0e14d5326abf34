/**
 * Server programs: the one that a recording is of, which is that of `overworld serve` as it was started then or a user's own
 * (`--program`); and the user's own that `overworld serve` runs.
 */
import { OverworldError, type ProgramParts, type Server, type ServerProgram } from '../core/index.ts'
import { withBoot } from '../core/program.ts'
import type { RecordingHeader } from '../recording/index.ts'
import { CommandError, ExitCode, usageError } from './exit-codes.ts'
import { importDefault } from './import-module.ts'
import { linesOf } from './terminal.ts'
import { referenceProgram, type ServedConfiguration } from './server/reference-program.ts'
import { shellCommand } from './shell-words.ts'

/** Throws a usage error where there is none, and where booting it fails. */
export async function loadProgram(file: string | undefined, header: RecordingHeader): Promise<ServerProgram> {
  if (file !== undefined) {
    const given = `--program: ${file}`
    return guarded(await loadOwnProgram(file, given), given)
  }
  const program = referenceProgram(readConfiguration(header))
  return withBoot(program, (parts) => bootAsRecorded(program, parts))
}

/** The options are out of a file: what is wrong with them is wrong with that. */
function bootAsRecorded(program: ServerProgram, parts: ProgramParts): Server {
  try {
    return program.boot(parts)
  } catch (error) {
    if (!(error instanceof OverworldError) || error.code === 'internal') throw error
    throw new CommandError(ExitCode.damagedFile, `the recorded configuration boots no server: ${error.message}`)
  }
}

/** The program of a user's module. `given`: the file and the option that it was given with, for errors. Throws a usage error where there is none. */
export async function loadOwnProgram(file: string, given: string): Promise<ServerProgram> {
  const program = programIn(await importDefault(file, given))
  if (program !== undefined) return program
  throw usageError(
    `${given} must export a server program by default, { apps, boot(parts), commands? }, or an object whose \`program\` is one`,
  )
}

/** What a module exports by default may be a program, or have one, as a game does. Undefined: there is none. */
export function programIn(exported: unknown): ServerProgram | undefined {
  if (isProgram(exported)) return exported
  const { program } = (exported ?? {}) as { readonly program?: unknown }
  return isProgram(program) ? program : undefined
}

function isProgram(exported: unknown): exported is ServerProgram {
  const { boot, apps } = (exported ?? {}) as Partial<ServerProgram>
  return typeof boot === 'function' && Array.isArray(apps)
}

/** Says whose mistake it is that it does not boot. `given`: the file of the program, in words. */
export function guarded(program: ServerProgram, given: string): ServerProgram {
  return withBoot(program, (parts) => {
    let server: Partial<Server> | undefined
    try {
      server = program.boot(parts) as Partial<Server> | undefined
    } catch (error) {
      throw doesNotBoot(given, error)
    }
    if (typeof server?.stats !== 'function') throw usageError(`${given}: its boot must return the server`)
    return server as Server
  })
}

/** The user's own code has thrown: the stack says where. */
function doesNotBoot(given: string, error: unknown): CommandError {
  if (error instanceof OverworldError && error.code === 'bad_program') {
    return usageError(`${given}: ${error.message} [${error.code}]`)
  }
  return usageError(linesOf(`${given} does not boot: ${error instanceof Error ? error.stack : String(error)}`))
}

function readConfiguration({ configuration }: RecordingHeader): ServedConfiguration {
  const parsed = JSON.parse(configuration, (_, value: unknown) => (value === 'never' ? Infinity : value)) as {
    readonly addresses?: unknown
    readonly server?: unknown
  }
  const file = servedProgram(configuration)
  if (file !== undefined) throw usageError(askFor('--program', file))
  if (!Array.isArray(parsed.addresses)) {
    throw usageError('this recording was not made by `overworld serve`: say whose it is with --program')
  }
  const server = typeof parsed.server === 'object' && parsed.server !== null ? parsed.server : {}
  return { addresses: parsed.addresses.map(String), server }
}

/** The file of the program that `overworld serve PROGRAM` served. Undefined: it served the chat and the arena, or is not known. */
export function servedProgram(configuration: string): string | undefined {
  const { program } = JSON.parse(configuration) as { readonly program?: unknown }
  return typeof program === 'string' ? program : undefined
}

/** What to do about a recording whose program was not given. */
export function askFor(option: '--app' | '--program', file: string): string {
  return `this recording is of the program that \`overworld serve\` was given: add ${shellCommand(option, file)}`
}
