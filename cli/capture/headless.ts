/**
 * The connections of a recording whose first file is not there: what they are is known only from what is said on them
 * later.
 */
import type { Entry } from '../../recording/index.ts'

export interface Headless {
  /** Whether the connection had begun before the first file that is there. */
  isOfRecording(connection: number): boolean
  /** Whether it was surely over ENet: what a WebSocket brings is reliable, and of channel 0. */
  isEnet(connection: number): boolean
}

/** Reads to the end, a block at each step. */
export function* findHeadless(blocks: Iterable<{ readonly entries: readonly Entry[] }>): Generator<void, Headless> {
  let firstAccepted = Infinity
  const enet = new Set<number>()
  for (const { entries } of blocks) {
    for (const entry of entries) {
      // They are numbered in the order in which they came.
      if (entry.kind === 'accepted') firstAccepted = Math.min(firstAccepted, entry.connection)
      if (entry.kind !== 'message' || entry.connection >= firstAccepted) continue
      if (entry.delivery.mode !== 'reliable' || entry.delivery.channel !== 0) enet.add(entry.connection)
    }
    yield
  }
  return {
    isOfRecording: (connection) => connection < firstAccepted,
    isEnet: (connection) => enet.has(connection),
  }
}
