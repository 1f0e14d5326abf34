/**
 * The receiving side of one direction of an ENet peer: puts what arrives back into the order of its channel. Reliable
 * messages wait for those before them; a late unreliable one is dropped, none overtakes an earlier reliable one;
 * unsequenced ones are free.
 */
import type { Delivery } from '../core/delivery.ts'
import type { Side } from './connection-end.ts'
import { EnetChannel, type Arrived } from './enet-channel.ts'
import type { Command } from './enet-command.ts'

export interface EnetReader {
  receive(to: Side, bytes: Uint8Array, delivery: Delivery): void
}

export class EnetReceiver {
  readonly #reader: EnetReader
  readonly #to: Side
  readonly #channels: EnetChannel[] = []

  constructor(reader: EnetReader, to: Side) {
    this.#reader = reader
    this.#to = to
  }

  /** A reliable message, or a part of one, for the first time. */
  takeReliable({ kind, bytes, delivery, reliableNumber }: Command): void {
    const channel = this.#channel(delivery.channel)
    if (reliableNumber !== channel.received + 1) {
      const isPart = kind === 'part'
      channel.waiting.push({ kind: isPart ? kind : 'reliable', bytes, delivery, reliableNumber, unreliableNumber: 0 })
      return
    }
    channel.received += 1
    if (kind !== 'part') this.#reader.receive(this.#to, bytes, delivery)
    if (channel.waiting.length > 0) this.#takeWhatWaited(channel)
  }

  takeUnsequenced(bytes: Uint8Array, delivery: Delivery): void {
    this.#reader.receive(this.#to, bytes, delivery)
  }

  takeUnreliable(bytes: Uint8Array, delivery: Delivery, reliableNumber: number, unreliableNumber: number): void {
    const channel = this.#channel(delivery.channel)
    if (reliableNumber > channel.received) {
      channel.waiting.push({ kind: 'unreliable', bytes, delivery, reliableNumber, unreliableNumber })
    } else if (reliableNumber === channel.received && unreliableNumber > channel.receivedUnreliable) {
      channel.receivedUnreliable = unreliableNumber
      this.#reader.receive(this.#to, bytes, delivery)
    }
  }

  #takeWhatWaited(channel: EnetChannel): void {
    let next: Arrived | undefined
    do {
      for (const late of channel.takeUnreliable()) {
        channel.receivedUnreliable = late.unreliableNumber
        this.#reader.receive(this.#to, late.bytes, late.delivery)
      }
      next = channel.takeReliable()
      if (next === undefined) return
      channel.received += 1
      if (next.kind === 'reliable') this.#reader.receive(this.#to, next.bytes, next.delivery)
    } while (channel.waiting.length > 0)
  }

  #channel(number: number): EnetChannel {
    return (this.#channels[number] ??= new EnetChannel())
  }
}
