/** The segments of a stream from the first that is not acknowledged to the last, by position. */
import type { Segment } from './stream-segment.ts'

const SIZE_MIN = 8

export class SegmentRing {
  /** By position modulo its size, which is a power of two. */
  #slots = emptySlots(SIZE_MIN)

  at(position: number): Segment {
    return this.#slots[position & (this.#slots.length - 1)] as Segment
  }

  /** Adds the segment at `tail`; `head` is the first that is kept. */
  add(segment: Segment, head: number, tail: number): void {
    if (tail - head === this.#slots.length) this.#grow(head, tail)
    this.#slots[tail & (this.#slots.length - 1)] = segment
  }

  forget(position: number): void {
    this.#slots[position & (this.#slots.length - 1)] = undefined
  }

  #grow(head: number, tail: number): void {
    const slots = emptySlots(this.#slots.length * 2)
    for (let position = head; position < tail; position++) slots[position & (slots.length - 1)] = this.at(position)
    this.#slots = slots
  }
}

function emptySlots(size: number): (Segment | undefined)[] {
  return Array.from({ length: size }, () => undefined)
}
