/** One command of an ENet peer on its way, and the pool in which commands wait to be used again. */
import { RELIABLE, type Delivery, type DeliveryMode } from '../core/delivery.ts'
import { QueuedEvent } from './event-queue.ts'
import type { HeldTask } from './host-clock.ts'
import { NEVER } from './link.ts'

/** `disconnect` is said again until it is acknowledged, `cut` only once. */
export type CommandKind = DeliveryMode | 'part' | 'connect' | 'verify' | 'disconnect' | 'cut' | 'ping'

/** Where a command arrives. */
export interface CommandReceiver {
  /** It has crossed the lane. */
  arrive(command: Command): void
  /** The program that it was held for runs again. */
  handle(command: Command): void
}

const NO_BYTES = new Uint8Array(0)
/** IP and UDP, and ENet's own datagram header. */
const HEADER_BYTES = 32
/** An acknowledgement on the wire. */
export const ACK_BYTES = HEADER_BYTES + 8

const COMMAND_BYTES: Readonly<Record<CommandKind, number>> = {
  reliable: 6,
  unreliable: 8,
  unsequenced: 8,
  part: 24,
  connect: 48,
  verify: 44,
  disconnect: 8,
  cut: 8,
  ping: 4,
}

/** What a command that carries so much weighs on the wire. */
export function wireBytesOf(kind: CommandKind, sizeBytes: number): number {
  return sizeBytes + COMMAND_BYTES[kind] + HEADER_BYTES
}

const deliveries = new Map<DeliveryMode, Delivery[]>()

/** One object for each mode and channel, not one for each message. */
export function deliveryOf(mode: DeliveryMode, channel: number): Delivery {
  let ofMode = deliveries.get(mode)
  if (ofMode === undefined) deliveries.set(mode, (ofMode = []))
  return (ofMode[channel] ??= Object.freeze({ mode, channel }))
}

/** The event of its own arrival. */
export class Command extends QueuedEvent implements HeldTask {
  half: CommandReceiver | undefined = undefined
  kind: CommandKind = 'reliable'
  bytes: Uint8Array = NO_BYTES
  delivery: Delivery = RELIABLE
  sizeBytes = 0
  code = 0
  reliableNumber = 0
  unreliableNumber = 0
  sentAtUs = 0
  timeoutUs = 0
  resendCount = 0
  ackAtUs = NEVER
  isReliable = false
  /** Under way, or held for a program that is paused. */
  isFlying = false
  hasArrived = false
  isAckCounted = false
  isFreed = false

  run(): void {
    this.half?.arrive(this)
  }

  perform(): void {
    this.half?.handle(this)
  }
}

export class CommandPool {
  readonly #free: Command[] = []

  take(): Command {
    return this.#free.pop() ?? new Command()
  }

  give(command: Command): void {
    command.half = undefined
    command.bytes = NO_BYTES
    command.code = 0
    command.reliableNumber = 0
    command.unreliableNumber = 0
    command.resendCount = 0
    command.ackAtUs = NEVER
    command.isReliable = false
    command.hasArrived = false
    command.isAckCounted = false
    command.isFreed = false
    this.#free.push(command)
  }
}
