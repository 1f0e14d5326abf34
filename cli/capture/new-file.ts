/** A file that is written from its beginning to its end, readable by its owner alone; it was not there before. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'

const BUFFER_BYTES = 256 * 1024

export class NewFile {
  readonly #descriptor: number
  readonly #buffer = new Uint8Array(BUFFER_BYTES)
  #length = 0

  /** Its folder is made if it is not there. Throws what opening throws, also where the file is there already. */
  constructor(file: string) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    this.#descriptor = openSync(file, 'wx', 0o600)
  }

  write(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#buffer.length) this.#flush()
    if (bytes.length > this.#buffer.length) {
      this.#writeAll(bytes)
      return
    }
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Throws what writing the rest throws. */
  close(): void {
    try {
      this.#flush()
    } finally {
      closeSync(this.#descriptor)
    }
  }

  #flush(): void {
    const waiting = this.#buffer.subarray(0, this.#length)
    this.#length = 0
    this.#writeAll(waiting)
  }

  #writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at)
  }
}
