/** Closes blocks, and knows which file each belongs to: their numbers, lengths, ages and headers. */
import type { AnyApp } from '../core/app/app.ts'
import { concat, frameBlock, SIGNATURE } from './block.ts'
import { writable } from './boot-data.ts'
import { overworld_recording } from './generated/recording.js'

export interface BlockWriterOptions {
  readonly apps: readonly AnyApp[]
  /** The recording's own name, unlike that of any other. */
  readonly recording: string
  /** Of the library and of the program, to tell them from later ones. Default of both: unknown. */
  readonly version?: string
  readonly commit?: string
  /** When this recorder is made, in milliseconds since 1970, for people. */
  readonly startedAt?: number
  /** Whatever is needed to boot the same server again; plain data. Left out of what is redacted. */
  readonly configuration?: object
  /** Tokens become aliases and payloads their lengths: can be looked at, but not replayed. Default false. */
  readonly isRedacted?: boolean
  /** A file that is longer (bytes) is followed by a new one. Default 67,108,864 (64 MiB); Infinity: no limit. */
  readonly partBytesMax?: number
  /** A file that is older (ms) is followed by a new one. Default 3,600,000 (an hour); Infinity: no limit. */
  readonly partMsMax?: number
  /** Of what else than a server this is made (`RecordingHeader.importedFrom`). Default: nothing else. */
  readonly importedFrom?: string
}

const PART_BYTES_MAX = 64 * 1024 * 1024
const PART_MS_MAX = 3_600_000

export class BlockWriter {
  readonly #options: BlockWriterOptions
  /** What the recorded server's clock read when the recording began. */
  readonly #startedMs: number
  #number = 0
  #part = -1
  #partBytes = 0
  #partSinceMs = 0

  constructor(options: BlockWriterOptions, startedMs: number) {
    this.#options = options
    this.#startedMs = startedMs
  }

  /** The next block with these records, as it is in its file. `startsPart`: it is the first of a new file. */
  next(records: Uint8Array, nowMs: number): { readonly bytes: Uint8Array; readonly startsPart: boolean } {
    const { partBytesMax = PART_BYTES_MAX, partMsMax = PART_MS_MAX } = this.#options
    const isOver = this.#partBytes >= partBytesMax || nowMs - this.#partSinceMs >= partMsMax
    const startsPart = this.#part < 0 || isOver
    if (startsPart) {
      this.#part++
      this.#partBytes = 0
      this.#partSinceMs = nowMs
    }
    const frame = frameBlock(concat(this.#head(startsPart), records))
    const bytes = startsPart ? concat(SIGNATURE, frame) : frame
    this.#number++
    this.#partBytes += bytes.length
    return { bytes, startsPart }
  }

  #head(startsPart: boolean): Uint8Array {
    const { block } = overworld_recording
    const number = this.#number
    return block.encode(startsPart ? { number, header: this.#header() } : { number }).finish()
  }

  #header(): overworld_recording.header.$Properties {
    const { apps, recording, version = '', commit = '', startedAt = 0, configuration = {} } = this.#options
    const { isRedacted = false, importedFrom = '' } = this.#options
    return {
      recording,
      part: this.#part,
      version,
      commit,
      started_at: startedAt,
      redacted: isRedacted,
      configuration: isRedacted ? '{}' : JSON.stringify(configuration, writable),
      apps: apps.map(({ name, prefix, schemaHash }) => ({
        name,
        prefix,
        ...(schemaHash === undefined ? {} : { schema: schemaHash }),
      })),
      clock: this.#startedMs,
      ...(importedFrom === '' ? {} : { imported_from: importedFrom }),
    }
  }
}
