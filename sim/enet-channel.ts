/** The sequencing of one channel of one direction of an ENet peer. */
import type { Delivery, DeliveryMode } from '../core/delivery.ts'
import type { CommandKind } from './enet-command.ts'

/** Something that waits for an earlier reliable message of its channel. */
export interface Arrived {
  readonly kind: CommandKind
  readonly bytes: Uint8Array
  readonly delivery: Delivery
  readonly reliableNumber: number
  readonly unreliableNumber: number
}

/** Both sides' bookkeeping for one channel of one direction. */
export class EnetChannel {
  sentReliable = 0
  sentUnreliable = 0
  received = 0
  receivedUnreliable = 0
  readonly waiting: Arrived[] = []
  readonly #deliveries: Delivery[] = []

  /** One object for each mode, not one for each message. */
  deliveryOf(mode: DeliveryMode, channel: number): Delivery {
    let delivery = this.#deliveries.find((known) => known.mode === mode)
    if (delivery === undefined) {
      delivery = Object.freeze({ mode, channel })
      this.#deliveries.push(delivery)
    }
    return delivery
  }

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
