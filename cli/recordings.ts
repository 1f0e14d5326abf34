/** Recordings as the commands take them: which there are at a place, and what can be said of each. */
import type { ServerProgram } from '../core/index.ts'
import type { RecordingHeader } from '../recording/index.ts'
import { findRecordings, RECORDING_SUFFIX, type RecordingDamage, type RecordingSource } from '../transports/index.ts'
import { CommandError, ExitCode, usageError } from './exit-codes.ts'
import type { CodeVersion } from './find-version.ts'
import { orReadError, statNamed } from './kept-file.ts'
import type { Terminal } from './terminal.ts'

/** `note` hears of what is not read. Throws a usage error where there is no recording. */
export function recordingsAt(place: string, note: (line: string) => void): readonly RecordingSource[] {
  statNamed(place, 'file or folder')
  const found = findAt(place)
  for (const { name, copies } of found) {
    for (const file of copies) note(`${file} has what other files of the recording ${name} have: it is not read`)
  }
  if (found.length === 0) throw usageError(`${place} has no recordings (*${RECORDING_SUFFIX}) in it`)
  return found
}

function findAt(place: string): readonly RecordingSource[] {
  return orReadError(place, () => findRecordings(place))
}

/**
 * Does the same with each; one of several that is refused is said, and keeps none of the others back. Gives the exit code
 * of the first that was refused, or `ok`. Throws what refuses a single one.
 */
export async function forEachRecording(
  sources: readonly RecordingSource[],
  terminal: Terminal,
  work: (source: RecordingSource) => Promise<void>,
): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.ok
  for (const source of sources) {
    try {
      await work(source)
    } catch (error) {
      if (sources.length === 1 || !(error instanceof CommandError)) throw error
      const { message } = error
      terminal.err(`error: ${message.startsWith(source.name) ? '' : `${source.name}: `}${message}`)
      if (exitCode === ExitCode.ok) exitCode = error.exitCode
    }
  }
  return exitCode
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
    else if (isOtherSchema(app.schemaHash, recorded.schemaHash))
      changes.push(`the schema of app '${app.name}' has changed`)
  }
  return changes
}

/** Nothing is said where either is unknown. */
export function isOtherSchema(hash: string | undefined, recorded: string): boolean {
  return hash !== undefined && recorded !== '' && hash !== recorded
}

/** What was read up to where. */
export function describeDamage({ kind, file, at, message }: RecordingDamage): string {
  if (kind === 'empty' || kind === 'no_recording' || kind === 'wrong_version') return `${file}: ${message}`
  if (kind === 'unreadable') return `${file} cannot be read: ${message}${at > 0 ? `, after ${at} bytes` : ''}`
  return `${file} is damaged: ${message}; the ${at} bytes before it are intact and were used`
}
