/** Something that the program of a connection could not hear when it came: it waits, in order. */
import type { Delivery } from '../core/delivery.ts'
import type { HeldTask } from './host-clock.ts'

export type InputKind = 'opened' | 'message' | 'farewell' | 'end' | 'drained' | 'closed'

/** What a peer said, rather than what became of the connection. */
export function isRead(kind: InputKind): boolean {
  return kind === 'message' || kind === 'farewell'
}

/** Whose program it waits for. */
interface InputTaker {
  takeHeld(input: Input): void
}

export class Input implements HeldTask {
  readonly #end: InputTaker
  readonly kind: InputKind
  readonly bytes: Uint8Array
  readonly delivery: Delivery
  readonly code: number
  readonly reason: string
  readonly epoch: number

  constructor(
    end: InputTaker,
    kind: InputKind,
    bytes: Uint8Array,
    delivery: Delivery,
    code: number,
    reason: string,
    epoch: number,
  ) {
    this.#end = end
    this.kind = kind
    this.bytes = bytes
    this.delivery = delivery
    this.code = code
    this.reason = reason
    this.epoch = epoch
  }

  perform(): void {
    this.#end.takeHeld(this)
  }
}
