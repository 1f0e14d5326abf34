/**
 * Reads the files of a recording, in pieces of any size as they come from a disk, and says how far they are intact.
 * One block at a time is held in memory, whatever the length of a file.
 *
 * After damage nothing more is given out: what follows cannot be relied on to be what followed.
 */
import {
  BLOCK_BYTES_MAX,
  concat,
  decodeBlock,
  FORMAT_VERSION,
  FRAME_BYTES,
  isIntact,
  SIGNATURE,
  type Block,
  type TimerOwners,
} from './block.ts'
import type { RecordingHeader } from './entries.ts'

export interface Damage {
  readonly kind:
    /** It has no bytes at all. */
    | 'empty'
    /** It does not begin as a recording does. */
    | 'no_recording'
    /** Another version of the format, which is not known here. */
    | 'wrong_version'
    /** It ends within a block. */
    | 'cut_off'
    /** A checksum is wrong. */
    | 'checksum'
    /** A block is missing, or comes twice; or the file belongs to another recording, or another place in it. */
    | 'out_of_order'
    /** The checksum is right, but the contents are not. */
    | 'nonsense'
  /** In bytes from the beginning of the file: everything before it is intact. */
  readonly at: number
  readonly message: string
}

export class BlockReader {
  #pending: Uint8Array = new Uint8Array(0)
  #at = 0
  #hasSignature = false
  #nextNumber: number | undefined
  #header: RecordingHeader | undefined
  /** Of the file before. */
  #headerBefore: RecordingHeader | undefined
  #damage: Damage | undefined
  /** Of the timers that are set: records of later blocks and files refer to them. */
  readonly #owners: TimerOwners = new Map()

  get damage(): Damage | undefined {
    return this.#damage
  }

  /** Of the file that is being read. */
  get header(): RecordingHeader | undefined {
    return this.#header
  }

  /** The next piece of a file: the blocks that are whole with it. */
  *push(piece: Uint8Array): Generator<Block, void> {
    if (this.#damage !== undefined) return
    this.#pending = this.#pending.length === 0 ? piece : concat(this.#pending, piece)
    let from = 0
    if (!this.#hasSignature) {
      if (!this.#readSignature()) return
      from = SIGNATURE.length
    }
    for (;;) {
      const end = this.#endOfBlock(from)
      if (end === undefined) break
      const block = this.#readBlock(this.#pending.subarray(from, end))
      if (block === undefined) return
      this.#at += end - from
      from = end
      yield block
    }
    this.#pending = this.#pending.subarray(from)
  }

  /** The file has ended; another one of the same recording may follow. */
  endOfFile(): void {
    if (this.#damage === undefined && this.#at + this.#pending.length === 0) {
      this.#fail('empty', 'it is empty')
    } else if (this.#damage === undefined && !this.#hasSignature) {
      this.#fail('no_recording', 'it is not a recording: it ends before a recording has begun')
    } else if (this.#damage === undefined && this.#pending.length > 0) {
      this.#fail('cut_off', `it ends within a block, ${this.#pending.length} bytes after byte ${this.#at}`)
    } else if (this.#damage === undefined && this.#header === undefined) {
      this.#fail('cut_off', 'it ends before its first block')
    }
    this.#pending = new Uint8Array(0)
    this.#at = 0
    this.#hasSignature = false
    this.#headerBefore = this.#header
    this.#header = undefined
  }

  #readSignature(): boolean {
    const version = SIGNATURE.length - 1
    const length = Math.min(this.#pending.length, SIGNATURE.length)
    for (let at = 0; at < length; at++) {
      const byte = this.#pending[at] ?? 0
      if (at < version ? byte === SIGNATURE[at] : byte >= 1 && byte <= FORMAT_VERSION) continue
      if (at < version) this.#fail('no_recording', 'it is not a recording: it does not begin as one')
      else {
        const known = `versions 1 to ${FORMAT_VERSION}`
        this.#fail('wrong_version', `it is a recording of format version ${byte}; this program reads ${known}`)
      }
      return false
    }
    if (this.#pending.length < SIGNATURE.length) return false
    this.#hasSignature = true
    this.#at = SIGNATURE.length
    return true
  }

  /** Undefined: there is not enough of it yet, or too much. */
  #endOfBlock(from: number): number | undefined {
    const left = this.#pending.length - from
    if (left < FRAME_BYTES) return undefined
    const { buffer, byteOffset } = this.#pending
    const length = new DataView(buffer, byteOffset + from).getUint32(0, true)
    if (length > BLOCK_BYTES_MAX) {
      this.#fail('checksum', `the block at byte ${this.#at} claims ${length} bytes: its length is damaged`)
      return undefined
    }
    return left < FRAME_BYTES + length ? undefined : from + FRAME_BYTES + length
  }

  #readBlock(frame: Uint8Array): Block | undefined {
    if (!isIntact(frame)) {
      this.#fail('checksum', `the checksum of the block at byte ${this.#at} is wrong`)
      return undefined
    }
    let block: Block
    try {
      block = decodeBlock(frame.subarray(FRAME_BYTES), this.#owners)
    } catch (error) {
      this.#fail('nonsense', `the block at byte ${this.#at} cannot be read: ${String(error)}`)
      return undefined
    }
    const misplaced = this.#header === undefined && block.header !== undefined && this.#isMisplaced(block.header)
    if (misplaced !== false) {
      this.#fail('out_of_order', misplaced)
      return undefined
    }
    const wanted = this.#nextNumber
    if (wanted !== undefined && block.number !== wanted) {
      this.#fail('out_of_order', `block ${block.number} comes where block ${wanted} should: something is missing`)
      return undefined
    }
    if (this.#header === undefined && block.header === undefined) {
      this.#fail('nonsense', 'its first block has no header')
      return undefined
    }
    this.#header ??= block.header
    this.#nextNumber = block.number + 1
    return block
  }

  /** In words, why a file with this header does not follow the one before; false: it does. */
  #isMisplaced({ recording, part }: RecordingHeader): string | false {
    const before = this.#headerBefore
    if (before === undefined) return false
    if (recording !== before.recording) return `it belongs to another recording: ${recording}, not ${before.recording}`
    if (part === before.part + 1) return false
    return `it is file ${part + 1} of its recording, and file ${before.part + 2} should come here: something is missing`
  }

  #fail(kind: Damage['kind'], message: string): void {
    this.#damage = { kind, at: this.#at, message }
  }
}
