/**
 * What the program of a connection could not hear when it came: it waits, in order, and counts as unread until the
 * program has heard it or it is lost.
 */
import type { Delivery } from '../core/delivery.ts'
import type { HeldTask } from './host-clock.ts'

export type InputKind = 'opened' | 'message' | 'farewell' | 'end' | 'drained' | 'closed'

/** What a peer said, rather than what became of the connection. */
function isRead(kind: InputKind): boolean {
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

/** All that waits for one program, whether its host holds it or the program itself reads slowly. */
export class Inbox {
  /** What the host does not hold. */
  #inputs: Input[] = []
  #unreadBytes = 0
  /** Messages and goodbyes. */
  #unreadCount = 0
  /** Counts up when what is unread is lost. */
  #epoch = 0

  get unreadBytes(): number {
    return this.#unreadBytes
  }

  get hasUnread(): boolean {
    return this.#unreadCount > 0
  }

  /** Nothing waits that the host does not hold. */
  get isEmpty(): boolean {
    return this.#inputs.length === 0
  }

  /** A new one, unread from now on; it is not in here before it is pushed. */
  make(end: InputTaker, kind: InputKind, bytes: Uint8Array, delivery: Delivery, code: number, reason: string): Input {
    this.#unreadBytes += bytes.length
    if (isRead(kind)) this.#unreadCount += 1
    return new Input(end, kind, bytes, delivery, code, reason, this.#epoch)
  }

  push(input: Input): void {
    this.#inputs.push(input)
  }

  shift(): Input | undefined {
    return this.#inputs.shift()
  }

  /** Whether it was lost while the host held it. */
  hasLost(input: Input): boolean {
    return input.epoch !== this.#epoch
  }

  /** The program hears it. */
  read({ kind, bytes }: Input): void {
    this.#unreadBytes -= bytes.length
    if (isRead(kind)) this.#unreadCount -= 1
  }

  /** Whatever the program has not read, it never will. */
  lose(): void {
    this.#epoch += 1
    this.#inputs = []
    this.#unreadBytes = 0
    this.#unreadCount = 0
  }
}
