/**
 * Makes the datagrams of one ENet connection, as libenet 1.3 on both ends would exchange them where nothing is lost:
 * each command in a datagram of its own, acknowledged at once.
 */
import type { Delivery } from '../../core/index.ts'
import { joinBytes, scatter } from './bytes.ts'
import { CONTROL_CHANNEL, NO_PEER } from './enet-datagram.ts'
import type { ConnectionWriter } from './export-recording.ts'
import { isOurCloseCode } from './imported-recording.ts'
import { udpPacket, type Endpoint } from './ip-writer.ts'
import { other, type Side } from './tcp-writer.ts'

const Command = Object.freeze({
  acknowledge: 1,
  connect: 2,
  verifyConnect: 3,
  disconnect: 4,
  sendReliable: 6,
  sendUnreliable: 7,
  sendFragment: 8,
  sendUnsequenced: 9,
  sendUnreliableFragment: 12,
})
const FLAG_ACKNOWLEDGE = 0x80
const FLAG_UNSEQUENCED = 0x40
const FLAG_SENT_TIME = 0x8000
const MTU = 1392
/** What of a message fits beside the headers of a datagram and of a fragment. */
const FRAGMENT_BYTES = MTU - 4 - 24
const WINDOW = 65_536
const CHANNELS = 4
const THROTTLE = [5_000, 2, 2] as const

export interface EnetWriterParts {
  readonly client: Endpoint
  readonly server: Endpoint
  /** A number that no other connection has. */
  readonly number: number
  readonly nowMs: () => number
  readonly emit: (packet: Uint8Array) => void
}

interface Channel {
  reliable: number
  unreliable: number
}

interface Sender {
  readonly channels: Map<number, Channel>
  groups: number
}

interface ToSend {
  readonly command: number
  readonly channel: number
  readonly sequence: number
  readonly rest: readonly Uint8Array[]
}

export class EnetWriter implements ConnectionWriter {
  readonly #parts: EnetWriterParts
  readonly #serverPeerId: number
  readonly #senders: Readonly<Record<Side, Sender>> = { client: newSender(), server: newSender() }
  /** The number of the server's disconnect, which waits for its acknowledgement. */
  #disconnect: number | undefined

  constructor(parts: EnetWriterParts) {
    this.#parts = parts
    this.#serverPeerId = parts.number % NO_PEER
  }

  open(): void {
    const connectId = scatter(this.#parts.number)
    const settings = uint32s(MTU, WINDOW, CHANNELS, 0, 0, ...THROTTLE, connectId)
    this.#reliable('client', Command.connect, [uint16s(0), Uint8Array.of(0xff, 0xff), settings, uint32s(0)], NO_PEER)
    this.#reliable('server', Command.verifyConnect, [uint16s(this.#serverPeerId), Uint8Array.of(0, 0), settings])
    this.#acknowledge('client', CONTROL_CHANNEL, 1)
  }

  send(from: Side, bytes: Uint8Array, { mode, channel: number }: Delivery): void {
    const channel = this.#channel(from, number)
    if (mode === 'reliable') this.#sendReliable(from, number, channel, bytes)
    else if (bytes.length > FRAGMENT_BYTES || mode === 'unreliable') this.#sendUnreliable(from, number, channel, bytes)
    else {
      const group = ++this.#senders[from].groups & 0xffff
      const rest = [uint16s(group, bytes.length), bytes]
      this.#write(from, { command: Command.sendUnsequenced | FLAG_UNSEQUENCED, channel: number, sequence: 0, rest })
    }
  }

  /** ENet has no texts. */
  sendText(): void {
    // Nothing is sent.
  }

  close(code: number): void {
    this.#disconnect = this.#reliable('server', Command.disconnect, [uint32s(code)])
  }

  closed(code: number): void {
    if (this.#disconnect !== undefined) {
      this.#acknowledge('client', CONTROL_CHANNEL, this.#disconnect)
      return
    }
    const sequence = this.#reliable('client', Command.disconnect, [uint32s(isOurCloseCode(code) ? code : 0)])
    this.#acknowledge('server', CONTROL_CHANNEL, sequence)
  }

  #sendReliable(from: Side, number: number, channel: Channel, bytes: Uint8Array): void {
    const start = (channel.reliable + 1) & 0xffff
    const parts = fragmentsOf(bytes)
    for (const [index, part] of parts.entries()) {
      channel.reliable = (channel.reliable + 1) & 0xffff
      channel.unreliable = 0
      const isWhole = parts.length === 1
      this.#write(from, {
        command: (isWhole ? Command.sendReliable : Command.sendFragment) | FLAG_ACKNOWLEDGE,
        channel: number,
        sequence: channel.reliable,
        rest: isWhole ? [uint16s(part.length), part] : fragment(start, part, index, parts.length, bytes.length),
      })
      this.#acknowledge(other(from), number, channel.reliable)
    }
  }

  #sendUnreliable(from: Side, number: number, channel: Channel, bytes: Uint8Array): void {
    channel.unreliable = (channel.unreliable + 1) & 0xffff
    const parts = fragmentsOf(bytes)
    for (const [index, part] of parts.entries()) {
      const isWhole = parts.length === 1
      this.#write(from, {
        command: isWhole ? Command.sendUnreliable : Command.sendUnreliableFragment,
        channel: number,
        sequence: channel.reliable,
        rest: isWhole
          ? [uint16s(channel.unreliable, part.length), part]
          : fragment(channel.unreliable, part, index, parts.length, bytes.length),
      })
    }
  }

  /** About the connection itself; returns its number. */
  #reliable(from: Side, command: number, rest: readonly Uint8Array[], peerId?: number): number {
    const channel = this.#channel(from, CONTROL_CHANNEL)
    channel.reliable = (channel.reliable + 1) & 0xffff
    const flagged = { command: command | FLAG_ACKNOWLEDGE, channel: CONTROL_CHANNEL, sequence: channel.reliable, rest }
    this.#write(from, flagged, peerId)
    return channel.reliable
  }

  #acknowledge(from: Side, channel: number, sequence: number): void {
    const rest = [uint16s(sequence, this.#sentTime())]
    this.#write(from, { command: Command.acknowledge, channel, sequence, rest })
  }

  #write(from: Side, { command, channel, sequence, rest }: ToSend, peerId?: number): void {
    const { client, server, emit } = this.#parts
    const [sender, receiver] = from === 'client' ? [client, server] : [server, client]
    const to = peerId ?? (from === 'client' ? this.#serverPeerId : 0)
    const isTimed = (command & FLAG_ACKNOWLEDGE) !== 0
    const header = isTimed ? uint16s(to | FLAG_SENT_TIME, this.#sentTime()) : uint16s(to)
    const commandHead = joinBytes([Uint8Array.of(command, channel), uint16s(sequence)])
    emit(udpPacket(sender, receiver, joinBytes([header, commandHead, ...rest])))
  }

  #sentTime(): number {
    return Math.floor(this.#parts.nowMs()) & 0xffff
  }

  #channel(from: Side, number: number): Channel {
    const { channels } = this.#senders[from]
    const known = channels.get(number) ?? { reliable: 0, unreliable: 0 }
    channels.set(number, known)
    return known
  }
}

function newSender(): Sender {
  return { channels: new Map(), groups: 0 }
}

function fragmentsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / FRAGMENT_BYTES))
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * FRAGMENT_BYTES, (index + 1) * FRAGMENT_BYTES),
  )
}

function fragment(start: number, part: Uint8Array, index: number, count: number, total: number): Uint8Array[] {
  return [uint16s(start, part.length), uint32s(count, index, total, index * FRAGMENT_BYTES), part]
}

function uint16s(...numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 * numbers.length)
  const view = new DataView(bytes.buffer)
  for (const [index, number] of numbers.entries()) view.setUint16(2 * index, number)
  return bytes
}

function uint32s(...numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * numbers.length)
  const view = new DataView(bytes.buffer)
  for (const [index, number] of numbers.entries()) view.setUint32(4 * index, number)
  return bytes
}
