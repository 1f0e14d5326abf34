/**
 * What is sent on a stream within one turn of the event loop leaves in one piece. Handing the system a message takes
 * longer than everything else that is done with it, and a zone that answers, broadcasts and ticks often has several
 * for the same member at once; over TLS each piece has its own record, too.
 *
 * Leaves out waiting for more: nothing is held beyond the turn, so that no message comes later than it would have.
 */
import process from 'node:process'

/** More than this is not held: it would only look like a peer that reads slowly. */
const HELD_BYTES_MAX = 16 * 1024

/** What is used of a stream of Node's. */
export interface HoldableStream {
  cork(): void
  uncork(): void
}

export class HeldWrites {
  readonly #stream: HoldableStream
  #isHolding = false
  #heldBytes = 0

  constructor(stream: HoldableStream) {
    this.#stream = stream
  }

  /** Before a message of so many bytes is written. */
  hold(bytes: number): void {
    this.#heldBytes += bytes
    if (this.#heldBytes > HELD_BYTES_MAX) {
      this.release()
    } else if (!this.#isHolding) {
      this.#isHolding = true
      this.#stream.cork()
      releaseLater(this)
    }
  }

  release(): void {
    this.#heldBytes = 0
    if (!this.#isHolding) return
    this.#isHolding = false
    this.#stream.uncork()
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
