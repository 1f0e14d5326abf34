/** Reads the files of a recording, a piece at a time: memory does not grow with their length. */
import { closeSync, readSync } from 'node:fs'
import { BlockReader, type Block, type Damage, type RecordingHeader } from '../recording/index.ts'
import { openFile } from './open-file.ts'

const PIECE_BYTES = 256 * 1024

export interface RecordingDamage extends Omit<Damage, 'kind'> {
  readonly file: string
  /** `unreadable`: the system does not let it be read; `message` says why (`EACCES: permission denied`). */
  readonly kind: Damage['kind'] | 'unreadable'
}

export class RecordingFileReader {
  readonly #files: readonly string[]
  #damage: RecordingDamage | undefined
  #header: RecordingHeader | undefined

  constructor(files: readonly string[]) {
    this.#files = files
  }

  /** Known once there was a block, or reading has ended: everything before it was given out. */
  get damage(): RecordingDamage | undefined {
    return this.#damage
  }

  /** Of the first file; known from the first block on. */
  get header(): RecordingHeader | undefined {
    return this.#header
  }

  /** Throws nothing: a file that cannot be read is damage. */
  *blocks(): Generator<Block, void> {
    const reader = new BlockReader()
    for (const file of this.#files) {
      let at = 0
      for (const piece of this.#pieces(file)) {
        at += piece.length
        for (const block of reader.push(piece)) {
          this.#header ??= block.header
          yield block
        }
        if (reader.damage !== undefined) break
      }
      if (this.#damage !== undefined) {
        this.#damage = { ...this.#damage, at }
        return
      }
      reader.endOfFile()
      if (reader.damage !== undefined) {
        this.#damage = { ...reader.damage, file }
        return
      }
    }
  }

  *#pieces(file: string): Generator<Uint8Array, void> {
    const descriptor = this.#try(file, () => openFile(file))
    if (descriptor === undefined) return
    try {
      for (;;) {
        const piece = new Uint8Array(PIECE_BYTES)
        const count = this.#try(file, () => readSync(descriptor, piece, 0, piece.length, null))
        if (count === undefined || count === 0) return
        yield piece.subarray(0, count)
      }
    } finally {
      closeSync(descriptor)
    }
  }

  #try(file: string, call: () => number): number | undefined {
    try {
      return call()
    } catch (error) {
      // Node adds the call and the path, which are known: "EACCES: permission denied, open 'x.owrec'".
      const { message, syscall = '' } = error as NodeJS.ErrnoException
      const [said = message] = message.split(`, ${syscall}`)
      this.#damage = { kind: 'unreadable', at: 0, message: said, file }
      return undefined
    }
  }
}
