/**
 * A file that is written from its beginning to its end, readable by its owner alone; it was not there before. It is
 * removed again where writing it fails, so that the next try finds the place free.
 */
import { closeSync, openSync, rmSync } from 'node:fs'
import path from 'node:path'
import { makeFolder } from '../transports/make-folder.ts'
import { writeAll } from './kept-file.ts'
import { writeError } from './system-errors.ts'

const BUFFER_BYTES = 256 * 1024

export class NewFile {
  readonly file: string
  readonly #descriptor: number
  readonly #buffer = new Uint8Array(BUFFER_BYTES)
  #length = 0
  #isOpen = true

  /** Its folder is made if it is not there. Throws a `CommandError`, also where the file is there already. */
  constructor(file: string) {
    this.file = file
    try {
      makeFolder(path.dirname(file), 0o700)
      this.#descriptor = openSync(file, 'wx', 0o600)
    } catch (error) {
      throw writeError(file, error)
    }
  }

  /** Throws a `CommandError`, and has removed the file then. */
  write(bytes: Uint8Array): void {
    this.#orRemove(() => {
      if (this.#length + bytes.length > this.#buffer.length) this.#flush()
      if (bytes.length > this.#buffer.length) {
        writeAll(this.#descriptor, bytes)
        return
      }
      this.#buffer.set(bytes, this.#length)
      this.#length += bytes.length
    })
  }

  /** Writes the rest. Throws a `CommandError`, and has removed the file then. */
  close(): void {
    if (!this.#isOpen) return
    this.#orRemove(() => this.#flush())
    this.#isOpen = false
    closeSync(this.#descriptor)
  }

  /** What was to be written did not come about: removes the file, also where it is closed already. */
  remove(): void {
    if (this.#isOpen) closeSync(this.#descriptor)
    this.#isOpen = false
    rmSync(this.file, { force: true })
  }

  #orRemove(write: () => void): void {
    try {
      write()
    } catch (error) {
      this.remove()
      throw writeError(this.file, error)
    }
  }

  #flush(): void {
    const waiting = this.#buffer.subarray(0, this.#length)
    this.#length = 0
    writeAll(this.#descriptor, waiting)
  }
}
