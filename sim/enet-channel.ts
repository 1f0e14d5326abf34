/** What the receiving side of one channel of an ENet peer keeps, to deliver in order what came out of order. */
import type { Delivery } from '../core/delivery.ts'

/** Something that waits for an earlier reliable message of its channel. */
export interface Arrived {
  readonly kind: 'reliable' | 'part' | 'unreliable'
  readonly bytes: Uint8Array
  readonly delivery: Delivery
  readonly reliableNumber: number
  readonly unreliableNumber: number
}

export class EnetChannel {
  received = 0
  receivedUnreliable = 0
  readonly waiting: Arrived[] = []

  /** The reliable message that is next, if it waits. */
  takeReliable(): Arrived | undefined {
    const index = this.waiting.findIndex(
      ({ kind, reliableNumber }) => kind !== 'unreliable' && reliableNumber === this.received + 1,
    )
    return index < 0 ? undefined : this.waiting.splice(index, 1)[0]
  }

  /** The unreliable ones whose turn has come, in order; those that are too late now are dropped. */
  takeUnreliable(): Arrived[] {
    const due: Arrived[] = []
    for (const entry of this.waiting.splice(0)) {
      if (entry.kind !== 'unreliable' || entry.reliableNumber > this.received) {
        this.waiting.push(entry)
        continue
      }
      const isDue = entry.reliableNumber === this.received && entry.unreliableNumber > this.receivedUnreliable
      const isCopy = due.some(({ unreliableNumber }) => unreliableNumber === entry.unreliableNumber)
      if (isDue && !isCopy) due.push(entry)
    }
    return due.sort((a, b) => a.unreliableNumber - b.unreliableNumber)
  }
}
