/**
 * Which recordings there are at a place. What belongs together is said by the headers in the files (the recording's own
 * name, the number of the file), not by the files' names: `cap-1.owrec` and `cap-2.owrec` may be two recordings, and a
 * file that was renamed is still a part of its own. Only a file without a readable header is placed by its name.
 */
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { RecordingHeader } from '../recording/index.ts'
import { RecordingFileReader } from './recording-file-reader.ts'

export const RECORDING_SUFFIX = '.owrec'

/** A recording in one or more files. */
export interface RecordingSource {
  /** The file, or the name that its files begin with. */
  readonly name: string
  /** In the order of their parts. */
  readonly files: readonly string[]
  /** Files with parts that are among `files` already: copies, which are not read. */
  readonly copies: readonly string[]
}

/**
 * The recordings at `place`: a file is one, a folder has as many as were made in it, each with its files in order.
 * Throws what reading the folder throws; a file that cannot be read is a recording of its own, and reading it says why.
 */
export function findRecordings(place: string): readonly RecordingSource[] {
  if (!statSync(place).isDirectory()) return [{ name: path.basename(place), files: [place], copies: [] }]
  const looked = readdirSync(place)
    .filter((file) => file.endsWith(RECORDING_SUFFIX))
    .map((file) => lookInto(place, file))
  // Of two files with the same part the one that is called as most of the others comes first.
  const namesakes = (file: FoundFile): number =>
    looked.filter(({ id, prefix }) => id === file.id && prefix === file.prefix).length
  const found = looked.sort((a, b) => {
    return a.part - b.part || namesakes(b) - namesakes(a) || (a.file < b.file ? -1 : 1)
  })
  const recordings = found.reduce<Recording[]>(addIdentified, [])
  for (const file of found) if (file.id === undefined) addByName(recordings, file)
  const copies = recordings.filter((each) => isCopy(each, recordings))
  const kept = recordings.filter((each) => !copies.includes(each))
  return kept
    .map((each) => ({
      name: nameOf(each, kept),
      files: [...each.parts.keys()].sort((a, b) => a - b).map((part) => each.parts.get(part)?.place ?? ''),
      copies: copies.filter(({ id }) => id === each.id && each.id !== undefined).flatMap(placesOf),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

interface FoundFile {
  readonly file: string
  readonly place: string
  /** Of the recording; undefined: it has no header that can be read. */
  readonly id: string | undefined
  /** From 0. */
  readonly part: number
  /** What its name begins with, and the number of the part that it says. */
  readonly prefix: string
  readonly numberInName: number | undefined
}

interface Recording {
  readonly id: string | undefined
  readonly parts: Map<number, FoundFile>
}

function lookInto(folder: string, file: string): FoundFile {
  const place = path.join(folder, file)
  const blocks = new RecordingFileReader([place]).blocks()
  const first = blocks.next()
  blocks.return()
  const header = first.done === true ? undefined : first.value.header
  // The recorder writes at least four digits.
  const [, prefix = file.slice(0, -RECORDING_SUFFIX.length), digits] = /^(.*)-(\d{4,})\.owrec$/.exec(file) ?? []
  const numberInName = digits === undefined ? undefined : Number(digits) - 1
  const id = header === undefined ? undefined : idOf(header)
  return { file, place, id, part: header?.part ?? numberInName ?? 0, prefix, numberInName }
}

/** The name alone would do, but some programs give each of their recordings the same. */
function idOf({ recording, startedAt, clockMs, importedFrom }: RecordingHeader): string {
  return JSON.stringify([recording, String(startedAt), String(clockMs), importedFrom])
}

/** A part that is there already begins another copy of the recording, of which the rest may follow. */
function addIdentified(recordings: Recording[], file: FoundFile): Recording[] {
  if (file.id === undefined) return recordings
  const open = recordings.filter(({ id, parts }) => id === file.id && !parts.has(file.part))
  const fitting = open.find(({ parts }) => [...parts.values()].some(({ prefix }) => prefix === file.prefix)) ?? open[0]
  if (fitting === undefined) recordings.push({ id: file.id, parts: new Map([[file.part, file]]) })
  else fitting.parts.set(file.part, file)
  return recordings
}

function addByName(recordings: Recording[], file: FoundFile): void {
  const fitting = recordings.find(({ parts }) => {
    const isOfItsName = [...parts.values()].some(
      ({ prefix, numberInName }) => prefix === file.prefix && numberInName !== undefined,
    )
    return isOfItsName && !parts.has(file.part)
  })
  if (fitting === undefined || file.numberInName === undefined) {
    recordings.push({ id: undefined, parts: new Map([[file.part, file]]) })
  } else {
    fitting.parts.set(file.part, file)
  }
}

/** It lacks its beginning, and all that it has is in another one. */
function isCopy({ id, parts }: Recording, recordings: readonly Recording[]): boolean {
  if (id === undefined || parts.has(0)) return false
  return recordings.some((other) => {
    return other.id === id && other.parts.size > parts.size && [...parts.keys()].every((part) => other.parts.has(part))
  })
}

/** What its files' names begin with; that of its first file where another recording has the same. */
function nameOf(recording: Recording, all: readonly Recording[]): string {
  const [first] = recording.parts.values()
  if (first === undefined) return ''
  const isShared = all.some(
    (other) => other !== recording && [...other.parts.values()].some(({ prefix }) => prefix === first.prefix),
  )
  return isShared ? first.file.slice(0, -RECORDING_SUFFIX.length) : first.prefix
}

function placesOf({ parts }: Recording): readonly string[] {
  return [...parts.values()].map(({ place }) => place)
}
