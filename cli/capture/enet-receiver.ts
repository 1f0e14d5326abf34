/** One direction of an ENet connection: its channels, and its unsequenced messages, which belong to none of their orders. */
import type { Delivery, DeliveryMode } from '../../core/index.ts'
import { EnetChannel } from './enet-channel.ts'
import type { EnetCommand } from './enet-datagram.ts'
import type { Findings } from './findings.ts'

export interface ReceiverEvents {
  message(bytes: Uint8Array, delivery: Delivery): void
  missing(what: string): void
}

/** ENet remembers which of so many groups of unsequenced messages have come, and refuses those that lie further ahead. */
const WINDOW = 1024
const WINDOWS_AHEAD = 32

export class EnetReceiver {
  readonly #beganBefore: boolean
  readonly #events: ReceiverEvents
  readonly #findings: Findings
  readonly #channels = new Map<number, EnetChannel>()
  #groupsFrom = 0
  readonly #groups = new Set<number>()

  constructor(beganBefore: boolean, events: ReceiverEvents, findings: Findings) {
    this.#beganBefore = beganBefore
    this.#events = events
    this.#findings = findings
  }

  /** Other commands than those that send something are passed over. */
  handle(command: EnetCommand, nowMs: number): void {
    const { channel } = command
    switch (command.kind) {
      case 'send_reliable':
        this.#channel(channel).reliable(command.reliableSequence, command.data, nowMs)
        return
      case 'send_fragment':
        this.#channel(channel).reliableFragment(command, nowMs)
        return
      case 'send_unreliable': {
        const { data, unreliableSequence: startSequence } = command
        const whole = { startSequence, fragmentCount: 1, fragmentNumber: 0, totalLength: data?.length ?? 0, data }
        this.#channel(channel).unreliable(command.reliableSequence, whole)
        return
      }
      case 'send_unreliable_fragment':
        this.#channel(channel).unreliable(command.reliableSequence, command)
        return
      case 'send_unsequenced':
        this.#unsequenced(command.group, channel, command.data)
        return
      default:
    }
  }

  acknowledge(channel: number, sequence: number, nowMs: number): void {
    this.#channel(channel).acknowledge(sequence, nowMs)
  }

  check(nowMs: number): void {
    for (const channel of this.#channels.values()) channel.check(nowMs)
  }

  finish(): void {
    for (const channel of this.#channels.values()) channel.finish()
  }

  #channel(number: number): EnetChannel {
    const known = this.#channels.get(number)
    if (known !== undefined) return known
    const events = {
      message: (bytes: Uint8Array, mode: DeliveryMode) => this.#events.message(bytes, { mode, channel: number }),
      missing: (what: string) => this.#events.missing(`${what} on channel ${number}`),
    }
    const channel = new EnetChannel(this.#beganBefore, events, this.#findings)
    this.#channels.set(number, channel)
    return channel
  }

  #unsequenced(group: number, channel: number, data: Uint8Array | undefined): void {
    const ahead = (group - this.#groupsFrom) & 0xffff
    if (ahead >= WINDOW * WINDOWS_AHEAD || this.#groups.has(group)) {
      this.#findings.count('enet_repeated')
      return
    }
    if (ahead >= WINDOW) {
      this.#groups.clear()
      this.#groupsFrom = group - (group % WINDOW)
    }
    this.#groups.add(group)
    if (data !== undefined) this.#events.message(data, { mode: 'unsequenced', channel })
    else this.#events.missing(`a message that was cut short when it was captured (unsequenced) on channel ${channel}`)
  }
}
