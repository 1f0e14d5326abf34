/** Pieces of any size, as they come from a disk, taken as runs of as many bytes as are asked for. */

import { joinBytes, NO_BYTES } from './bytes.ts'

export class ByteWindow {
  readonly #pieces: Iterator<Uint8Array>
  #piece: Uint8Array = NO_BYTES
  #position = 0

  constructor(pieces: Iterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.iterator]()
  }

  /** How many bytes were taken so far. */
  get position(): number {
    return this.#position
  }

  /** The next `count` bytes. Undefined: there are fewer, and they are still to be taken. */
  take(count: number): Uint8Array | undefined {
    if (count > this.#piece.length && !this.#gather(count)) return undefined
    const taken = this.#piece.subarray(0, count)
    this.#piece = this.#piece.subarray(count)
    this.#position += count
    return taken
  }

  /** The next `count` bytes, or as many as there are; they are still to be taken. */
  peek(count: number): Uint8Array {
    if (count > this.#piece.length) this.#gather(count)
    return this.#piece.subarray(0, count)
  }

  /** Passes over `count` bytes, however many, without holding them. False: there were fewer. */
  skip(count: number): boolean {
    let left = count
    while (left > this.#piece.length) {
      left -= this.#piece.length
      this.#position += this.#piece.length
      this.#piece = NO_BYTES
      const next = this.#pieces.next()
      if (next.done === true) return false
      this.#piece = next.value
    }
    this.#piece = this.#piece.subarray(left)
    this.#position += left
    return true
  }

  /** How many bytes there are before the end, where a `take` came back with nothing. */
  get left(): number {
    return this.#piece.length
  }

  #gather(count: number): boolean {
    const parts = [this.#piece]
    let length = this.#piece.length
    while (length < count) {
      const next = this.#pieces.next()
      if (next.done === true) break
      parts.push(next.value)
      length += next.value.length
    }
    this.#piece = joinBytes(parts)
    return length >= count
  }
}
