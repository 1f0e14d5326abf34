/**
 * What one ENet peer is sent and ENet has not been given yet. ENet walks its lists of outgoing messages at every flush,
 * acknowledgement and timeout: it is given as many reliable ones as fill its window, and the next ones when those have
 * been acknowledged. A peer that acknowledges late then costs nobody anything but the memory that is counted here.
 *
 * Order is kept where ENet keeps it: reliable messages among themselves, and an unreliable one behind the reliable ones of
 * its channel. Leaves out limits on what waits: the core closes slow readers.
 */
import type { Delivery } from '../core/delivery.ts'

/** What every message that waits here counts in `bufferedBytes` beside its bytes: about what it needs of memory. */
export const MESSAGE_OVERHEAD_BYTES = 128
/** ENet has at most so many bytes of reliable messages, twice its window, or one message. */
const HANDED_BYTES_MAX = 128 * 1024
/** And so many commands. */
const HANDED_COMMANDS_MAX = 256
/** A fragment carries at least so much. */
const FRAGMENT_BYTES_MIN = 500

/** Gives ENet a message. False: it has made nothing of it, and `freed` is not called for it. */
export type HandOver = (message: Uint8Array, delivery: Delivery) => boolean

interface Waiting {
  readonly message: Uint8Array
  readonly delivery: Delivery
}

export class EnetOutbox {
  readonly #handOver: HandOver
  #waiting: Waiting[] = []
  /** The entries before it have been handed over. */
  #head = 0
  readonly #waitingByChannel: number[] = []
  #handedBytes = 0
  #handedCommands = 0
  #bufferedBytes = 0

  constructor(handOver: HandOver) {
    this.#handOver = handOver
  }

  /** Of what waits here, and of what ENet has: sent and not acknowledged, or not sent yet. */
  get bufferedBytes(): number {
    return this.#bufferedBytes
  }

  /** Nothing waits here. */
  get isEmpty(): boolean {
    return this.#head === this.#waiting.length
  }

  add(message: Uint8Array, delivery: Delivery): void {
    if (this.#maySkip(delivery) || (this.isEmpty && this.#hasRoomFor(message))) {
      this.#give(message, delivery)
      return
    }
    this.#waiting.push({ message, delivery })
    this.#waitingByChannel[delivery.channel] = (this.#waitingByChannel[delivery.channel] ?? 0) + 1
    this.#bufferedBytes += message.length + MESSAGE_OVERHEAD_BYTES
  }

  /** Hands over what there is room for. */
  pump(): void {
    for (let next = this.#waiting[this.#head]; next !== undefined; next = this.#waiting[this.#head]) {
      const { message, delivery } = next
      if (delivery.mode === 'reliable' && !this.#hasRoomFor(message)) break
      this.#head++
      this.#waitingByChannel[delivery.channel] = (this.#waitingByChannel[delivery.channel] ?? 1) - 1
      this.#bufferedBytes -= message.length + MESSAGE_OVERHEAD_BYTES
      this.#give(message, delivery)
    }
    if (this.#head * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#head)
      this.#head = 0
    }
  }

  /** ENet has let go of a message of so many bytes. */
  freed(bytes: number): void {
    this.#handedBytes -= bytes
    this.#handedCommands -= commandsOf(bytes)
    this.#bufferedBytes -= bytes
  }

  /** What waits here never leaves. */
  clear(): void {
    for (; this.#head < this.#waiting.length; this.#head++) {
      this.#bufferedBytes -= (this.#waiting[this.#head]?.message.length ?? 0) + MESSAGE_OVERHEAD_BYTES
    }
    this.#waiting = []
    this.#head = 0
    this.#waitingByChannel.length = 0
  }

  /** What has no earlier message to wait for. */
  #maySkip({ mode, channel }: Delivery): boolean {
    if (mode === 'unsequenced') return true
    return mode === 'unreliable' && (this.#waitingByChannel[channel] ?? 0) === 0
  }

  #hasRoomFor({ length }: Uint8Array): boolean {
    if (this.#handedCommands === 0) return true
    return (
      this.#handedBytes + length <= HANDED_BYTES_MAX && this.#handedCommands + commandsOf(length) <= HANDED_COMMANDS_MAX
    )
  }

  #give(message: Uint8Array, delivery: Delivery): void {
    this.#handedBytes += message.length
    this.#handedCommands += commandsOf(message.length)
    this.#bufferedBytes += message.length
    if (!this.#handOver(message, delivery)) this.freed(message.length)
  }
}

/** The most commands that ENet may make of a message. */
function commandsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / FRAGMENT_BYTES_MIN))
}
