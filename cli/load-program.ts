/** The program that a recording is of: that of `overworld serve` as it was started then, or a user's own (`--program`). */
import { OverworldError, type ProgramParts, type Server, type ServerProgram } from '../core/index.ts'
import type { RecordingHeader } from '../recording/index.ts'
import { CommandError, ExitCode, usageError } from './exit-codes.ts'
import { importDefault } from './import-module.ts'
import { linesOf } from './terminal.ts'
import { productionProgram, type ProductionConfiguration } from './server/production-server.ts'

/** Throws a usage error where there is none, and where booting it fails. */
export async function loadProgram(file: string | undefined, header: RecordingHeader): Promise<ServerProgram> {
  if (file !== undefined) return await loadOwnProgram(file)
  const program = productionProgram(readConfiguration(header), () => undefined, { bound: () => undefined })
  return { ...program, boot: (parts) => bootAsRecorded(program, parts) }
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

async function loadOwnProgram(file: string): Promise<ServerProgram> {
  const program = await importDefault('--program', file)
  if (isProgram(program)) return guarded(program, `--program: ${file}`)
  throw usageError(`--program: ${file} must export a server program by default: { apps, boot(parts), commands? }`)
}

export function isProgram(exported: unknown): exported is ServerProgram {
  const { boot, apps } = (exported ?? {}) as Partial<ServerProgram>
  return typeof boot === 'function' && Array.isArray(apps)
}

/** Says whose mistake it is that it does not boot; `whose`: in words. */
export function guarded(program: ServerProgram, whose: string): ServerProgram {
  return {
    ...program,
    boot(parts) {
      let server: Partial<Server> | undefined
      try {
        server = program.boot(parts) as Partial<Server> | undefined
      } catch (error) {
        const why = error instanceof Error ? error.stack : String(error)
        throw usageError(linesOf(`${whose} does not boot: ${why}`))
      }
      if (typeof server?.stats !== 'function') throw usageError(`${whose}: its boot must return the server`)
      return server as Server
    },
  }
}

function readConfiguration({ configuration }: RecordingHeader): ProductionConfiguration {
  const parsed = JSON.parse(configuration, (_, value: unknown) => (value === 'never' ? Infinity : value)) as {
    readonly addresses?: unknown
    readonly server?: unknown
  }
  if (!Array.isArray(parsed.addresses)) {
    throw usageError('this recording was not made by `overworld serve`: say whose it is with --program')
  }
  const server = typeof parsed.server === 'object' && parsed.server !== null ? parsed.server : {}
  return { addresses: parsed.addresses.map(String), server }
}
