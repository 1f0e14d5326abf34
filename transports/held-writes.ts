/**
 * What is sent on a stream within one turn of the event loop leaves in one piece. Handing the system a message takes
 * longer than everything else that is done with it, and a zone that answers, broadcasts and ticks often has several
 * for the same member at once; over TLS each piece has its own record, too.
 *
 * Leaves out waiting for more: nothing is held beyond the turn, so that no message comes later than it would have.
 */
import process from 'node:process'

/** More than this is not held, but handed on at once: what a peer does not read in time has to be seen. */
const HELD_BYTES_MAX = 16 * 1024

/** What is used of a stream of Node's. */
export interface HoldableStream {
  /** Bytes that were written and have not left, held ones included. */
  readonly writableLength: number
  cork(): void
  uncork(): void
}

export class HeldWrites {
  readonly #stream: HoldableStream
  readonly #onReleased: () => void
  #isHolding = false
  #writtenBytes = 0
  /** What waited in the stream before anything was held. */
  #earlierBytes = 0

  /** `onReleased` runs when what was held has been handed on, before anybody is told that it has left. */
  constructor(stream: HoldableStream, onReleased: () => void) {
    this.#stream = stream
    this.#onReleased = onReleased
  }

  /** Held, and in nobody's way: not what a peer has failed to read. */
  get bytes(): number {
    return this.#isHolding ? this.#stream.writableLength - this.#earlierBytes : 0
  }

  /** Before a message of so many bytes is written. */
  hold(bytes: number): void {
    this.#writtenBytes += bytes
    if (this.#writtenBytes > HELD_BYTES_MAX) {
      this.release()
    } else if (!this.#isHolding) {
      this.#isHolding = true
      this.#earlierBytes = this.#stream.writableLength
      this.#stream.cork()
      releaseLater(this)
    }
  }

  release(): void {
    this.#writtenBytes = 0
    if (!this.#isHolding) return
    this.#isHolding = false
    this.#stream.uncork()
    this.#onReleased()
  }
}

let holding: HeldWrites[] = []

/** Before anything else happens, and once for all who hold something. */
function releaseLater(held: HeldWrites): void {
  if (holding.push(held) === 1) process.nextTick(releaseAll)
}

function releaseAll(): void {
  const all = holding
  holding = []
  for (const held of all) held.release()
}
