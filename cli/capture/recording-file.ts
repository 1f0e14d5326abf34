/**
 * The files that an import writes: one, or as many as the recording has parts. They are readable by their owner alone,
 * as all recordings are, and nothing that is there already is overwritten.
 */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { RecordingSink } from '../../recording/index.ts'
import { RECORDING_SUFFIX } from '../../transports/index.ts'
import { usageError } from '../exit-codes.ts'
import { orReadError } from '../kept-file.ts'
import { NewFile } from '../new-file.ts'

export class RecordingFile implements RecordingSink {
  readonly files: string[] = []
  /** What writing threw: a recorder only ends. */
  failure: Error | undefined
  /** One file, however long. */
  readonly isSingle: boolean
  readonly #prefix: string
  #open: NewFile | undefined
  readonly #written: NewFile[] = []

  /** `place`: a file `….owrec`, or a folder, in which the files' names begin with `name`. Throws a usage error. */
  constructor(place: string, name: string) {
    this.isSingle = place.endsWith(RECORDING_SUFFIX)
    this.#prefix = this.isSingle ? place : path.join(place, name)
    const isThere = this.isSingle ? existsSync(place) : hasPartOf(place, name)
    if (isThere) throw usageError(`--out: ${this.isSingle ? place : `${this.#prefix}-*`} is there already`)
  }

  append(bytes: Uint8Array, startsPart: boolean): void {
    try {
      if (startsPart) this.#start()
      this.#open?.write(bytes)
    } catch (error) {
      this.failure = error as Error
      throw error
    }
  }

  /** Removes what was written: the import has failed, or was stopped. */
  remove(): void {
    for (const file of this.#written) file.remove()
  }

  close(): void {
    const open = this.#open
    this.#open = undefined
    try {
      open?.close()
    } catch (error) {
      this.failure ??= error as Error
    }
  }

  #start(): void {
    this.close()
    const number = String(this.files.length + 1).padStart(4, '0')
    const file = this.isSingle ? this.#prefix : `${this.#prefix}-${number}${RECORDING_SUFFIX}`
    this.#open = new NewFile(file)
    this.#written.push(this.#open)
    this.files.push(file)
  }
}

/** `day-0001.owrec` is one of `day`, `day-2-0001.owrec` is none. */
function hasPartOf(folder: string, name: string): boolean {
  if (!existsSync(folder)) return false
  return orReadError(folder, () => readdirSync(folder)).some((file) => {
    const isNamedSo = file.startsWith(`${name}-`) && file.endsWith(RECORDING_SUFFIX)
    return isNamedSo && /^\d+$/.test(file.slice(name.length + 1, -RECORDING_SUFFIX.length))
  })
}
