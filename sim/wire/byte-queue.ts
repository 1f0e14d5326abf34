/** Bytes in order, in chunks of any size, that are dropped at the front and can be looked at anywhere. */

export class ByteQueue {
  #chunks: Uint8Array[] = []
  /** The first chunk that is not dropped, and how much of it is. */
  #first = 0
  #droppedBytes = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#chunks.push(bytes)
    this.#length += bytes.length
  }

  /** `length` bytes from `offset` on, which are there. A view where they lie in one chunk, else a copy. */
  slice(offset: number, length: number): Uint8Array {
    let index = this.#first
    let at = this.#droppedBytes + offset
    let chunk = this.#chunks[index] as Uint8Array
    while (at >= chunk.length) {
      at -= chunk.length
      chunk = this.#chunks[++index] as Uint8Array
    }
    if (at === 0 && length === chunk.length) return chunk
    if (at + length <= chunk.length) return chunk.subarray(at, at + length)
    const copy = Buffer.allocUnsafe(length)
    let filled = 0
    while (filled < length) {
      const part = chunk.subarray(at, at + length - filled)
      copy.set(part, filled)
      filled += part.length
      at = 0
      chunk = this.#chunks[++index] ?? chunk
    }
    return copy
  }

  drop(length: number): void {
    this.#length -= length
    let left = this.#droppedBytes + length
    let chunk = this.#chunks[this.#first]
    while (chunk !== undefined && left >= chunk.length) {
      left -= chunk.length
      chunk = this.#chunks[++this.#first]
    }
    this.#droppedBytes = left
    if (this.#first === this.#chunks.length) {
      this.#chunks = []
      this.#first = 0
    } else if (this.#first > 32 && this.#first * 2 > this.#chunks.length) {
      this.#chunks = this.#chunks.slice(this.#first)
      this.#first = 0
    }
  }

  /** Up to `lengthMax` bytes, taken out. */
  take(lengthMax: number): Uint8Array {
    const length = Math.min(lengthMax, this.#length)
    const bytes = this.slice(0, length)
    this.drop(length)
    return bytes
  }

  clear(): void {
    this.#chunks = []
    this.#first = 0
    this.#droppedBytes = 0
    this.#length = 0
  }
}
