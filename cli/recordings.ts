/** Recordings as the commands take them: which there are at a place, and what can be said of each. */
import { existsSync } from 'node:fs'
import type { RecordingHeader, ServerProgram } from '../core/index.ts'
import { findRecordings, RECORDING_SUFFIX, type RecordingDamage, type RecordingSource } from '../transports/index.ts'
import { usageError } from './exit-codes.ts'
import type { CodeVersion } from './find-version.ts'

/** Throws a usage error where there is none. */
export function recordingsAt(place: string): readonly RecordingSource[] {
  if (!existsSync(place)) throw usageError(`there is no file or folder ${place}`)
  const found = findRecordings(place)
  if (found.length === 0) throw usageError(`${place} has no recordings (*${RECORDING_SUFFIX}) in it`)
  return found
}

/** What is otherwise than it was when the recording was made, in words, as far as it is known what it was then. */
export function describeChanges(
  header: RecordingHeader,
  program: ServerProgram,
  { version, commit }: CodeVersion,
): readonly string[] {
  const changes: string[] = []
  if (header.version !== '' && header.version !== version) {
    changes.push(`recorded by version ${header.version}, this is ${version}`)
  } else if (header.commit !== '' && header.commit !== commit) {
    changes.push(`recorded at commit ${header.commit}, this is ${commit || 'unknown'}`)
  }
  for (const recorded of header.apps) {
    const app = program.apps.find(({ prefix }) => prefix === recorded.prefix)
    if (app === undefined) changes.push(`app '${recorded.name}' (prefix ${recorded.prefix}) is not there any more`)
    else if (isOther(app.schemaHash, recorded.schemaHash)) changes.push(`the schema of app '${app.name}' has changed`)
  }
  return changes
}

/** Nothing is said where either is unknown. */
function isOther(hash: string | undefined, recorded: string): boolean {
  return hash !== undefined && recorded !== '' && hash !== recorded
}

/** What was read up to where. */
export function describeDamage({ kind, file, at, message }: RecordingDamage): string {
  if (kind === 'empty' || kind === 'no_recording' || kind === 'wrong_version') return `${file}: ${message}`
  return `${file} is damaged: ${message}; the ${at} bytes before it are intact and were used`
}
