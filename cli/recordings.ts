/** Recordings as the commands take them: which there are at a place, and the program that each is of. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { RecordingHeader, ServerProgram } from '../core/index.ts'
import { schemaHashOf } from '../core/index.ts'
import { findRecordings, RECORDING_SUFFIX, type RecordingDamage, type RecordingSource } from '../transports/index.ts'
import { usageError } from './exit-codes.ts'
import { productionProgram, type ProductionConfiguration } from './server/production-server.ts'

/** Throws a usage error where there is none. */
export function recordingsAt(place: string): readonly RecordingSource[] {
  if (!existsSync(place)) throw usageError(`there is no file or folder ${place}`)
  const found = findRecordings(place)
  if (found.length === 0) throw usageError(`${place} has no recordings (*${RECORDING_SUFFIX}) in it`)
  return found
}

/** The program of `overworld serve` as it was started then, or a user's own (`--program`). */
export async function loadProgram(file: string | undefined, header: RecordingHeader): Promise<ServerProgram> {
  if (file === undefined)
    return productionProgram(
      readConfiguration(header),
      () => undefined,
      () => undefined,
    )
  const resolved = path.resolve(file)
  if (!existsSync(resolved)) throw usageError(`--program: there is no file ${file}`)
  const { default: exported } = (await import(pathToFileURL(resolved).href)) as { readonly default?: unknown }
  const program = exported as Partial<ServerProgram> | undefined
  if (typeof program?.boot === 'function' && Array.isArray(program.apps)) return program as ServerProgram
  throw usageError(`--program: ${file} must export a server program by default: { apps, boot(parts), commands? }`)
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

/** What is otherwise than it was when the recording was made, in words. */
export function describeChanges(
  header: RecordingHeader,
  program: ServerProgram,
  code: { readonly version: string; readonly commit: string },
): readonly string[] {
  const changes: string[] = []
  if (header.version !== code.version) changes.push(`recorded by version ${header.version}, this is ${code.version}`)
  else if (header.commit !== code.commit) {
    changes.push(`recorded at commit ${header.commit || 'unknown'}, this is ${code.commit || 'unknown'}`)
  }
  for (const recorded of header.apps) {
    const app = program.apps.find(({ prefix }) => prefix === recorded.prefix)
    if (app === undefined) changes.push(`app '${recorded.name}' (prefix ${recorded.prefix}) is not there any more`)
    else if (schemaHashOf(app) !== recorded.schemaHash) changes.push(`the schema of app '${app.name}' has changed`)
  }
  return changes
}

/** What was read up to where. */
export function describeDamage({ kind, file, at, message }: RecordingDamage): string {
  if (kind === 'empty' || kind === 'no_recording' || kind === 'wrong_version') return `${file}: ${message}`
  return `${file} is damaged: ${message}; the ${at} bytes before it are intact and were used`
}
