/** A peer that speaks ENet 1.3 byte by byte, and does not keep to it unless it is told to: for attacks in tests. */
import { createSocket, type Socket } from 'node:dgram'
import { until } from './real-time.ts'

const COMMAND_BYTES = [0, 8, 48, 44, 8, 4, 6, 8, 24, 8, 12, 16, 24]
export const CONTROL = 0xff

export interface RawCommand {
  readonly number: number
  readonly channel: number
  readonly sequence: number
  readonly wantsAcknowledgement: boolean
  /** In its datagram: what an acknowledgement repeats. */
  readonly time: number
  readonly bytes: Buffer
}

export class RawEnet {
  readonly #socket: Socket
  readonly #port: number
  #acknowledged = 0
  readonly #startedMs = performance.now()
  /** What has come, in order. */
  readonly heard: RawCommand[] = []
  receivedBytes = 0
  sentBytes = 0
  /** Acknowledges what asks for it. */
  isPolite = true
  /** What its datagrams name: told by the server. */
  number: number | undefined
  session = 0
  control = 1
  /** The datagram that answered its connect. */
  answer: Buffer | undefined

  private constructor(socket: Socket, port: number) {
    this.#socket = socket
    this.#port = port
    socket.on('message', (bytes: Buffer) => this.#datagram(bytes))
  }

  static async open(port: number, address = '127.0.0.1'): Promise<RawEnet> {
    const socket = createSocket('udp4')
    await new Promise<void>((bound) => socket.bind(0, address, bound))
    return new RawEnet(socket, port)
  }

  /** With its handshake done. */
  static async connected(port: number, address?: string): Promise<RawEnet> {
    const peer = await RawEnet.open(port, address)
    peer.connect()
    await until(() => peer.number !== undefined)
    return peer
  }

  get isOpen(): boolean {
    return this.number !== undefined
  }

  /** The data of the disconnect that it has heard. */
  get closedWith(): number | undefined {
    const disconnect = this.heard.find(({ number }) => number === 4)
    return disconnect?.bytes.readUInt32BE(4)
  }

  get timeMs(): number {
    return Math.floor(performance.now() - this.#startedMs + 1000) & 0xffff
  }

  close(): void {
    this.#socket.close()
  }

  connect(): void {
    this.raw(connectDatagram(this.timeMs, Math.floor(Math.random() * 2 ** 32)))
  }

  raw(bytes: Uint8Array): void {
    this.sentBytes += bytes.length
    this.#socket.send(bytes, this.#port, '127.0.0.1')
  }

  /** A datagram with these commands, as of this peer. */
  say(...commands: readonly Uint8Array[]): void {
    const head = Buffer.alloc(4)
    head.writeUInt16BE(0x8000 | (this.session << 12) | (this.number ?? 0), 0)
    head.writeUInt16BE(this.timeMs, 2)
    this.raw(Buffer.concat([head, ...commands]))
  }

  /** Acknowledges all that it has heard since it last did, of reliable messages. */
  acknowledge(): void {
    for (const { channel, sequence, time } of this.heard
      .slice(this.#acknowledged)
      .filter(({ number }) => number === 6)) {
      this.say(acknowledgement(channel, sequence, time))
    }
    this.#acknowledged = this.heard.length
  }

  acknowledgements(channel: number): number[] {
    return this.heard.filter((each) => each.number === 1 && each.channel === channel).map(({ sequence }) => sequence)
  }

  #datagram(bytes: Buffer): void {
    this.receivedBytes += bytes.length
    const hasTime = (bytes.readUInt16BE(0) & 0x8000) !== 0
    const time = hasTime ? bytes.readUInt16BE(2) : 0
    for (const command of commandsOf(bytes, time, hasTime ? 4 : 2)) {
      this.heard.push(command)
      if (command.number === 3) {
        this.answer = bytes
        if (!this.isPolite) continue
        this.number = command.bytes.readUInt16BE(4)
        this.session = (command.bytes[7] ?? 0) & 3
      }
      if (command.wantsAcknowledgement && this.isPolite)
        this.say(acknowledgement(command.channel, command.sequence, time))
    }
  }
}

function* commandsOf(bytes: Buffer, time: number, from: number): Generator<RawCommand> {
  for (let at = from; at + 4 <= bytes.length;) {
    const first = bytes.readUInt8(at)
    const number = first & 0x0f
    const size = COMMAND_BYTES[number] ?? 0
    if (size === 0 || at + size > bytes.length) return
    const lengthAt = number === 6 ? 4 : [7, 8, 9, 12].includes(number) ? 6 : undefined
    const end = at + size + (lengthAt === undefined ? 0 : bytes.readUInt16BE(at + lengthAt))
    yield {
      number,
      channel: bytes.readUInt8(at + 1),
      sequence: bytes.readUInt16BE(at + 2),
      wantsAcknowledgement: (first & 0x80) !== 0,
      time,
      bytes: bytes.subarray(at, end),
    }
    at = end
  }
}

/** A request for a connection with four channels. */
export function connectDatagram(timeMs: number, connectId: number): Buffer {
  const bytes = Buffer.alloc(52)
  bytes.writeUInt16BE(0x8fff, 0)
  bytes.writeUInt16BE(timeMs, 2)
  bytes.set([0x82, CONTROL, 0, 1, 0, 0, 0xff, 0xff], 4)
  for (const [index, value] of [1400, 65536, 4, 0, 0, 5000, 2, 2, connectId, 0].entries()) {
    bytes.writeUInt32BE(value >>> 0, 12 + 4 * index)
  }
  return bytes
}

export function acknowledgement(channel: number, sequence: number, time: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.set([1, channel])
  for (const at of [2, 4]) bytes.writeUInt16BE(sequence, at)
  bytes.writeUInt16BE(time, 6)
  return bytes
}

export function reliable(channel: number, sequence: number, data: Uint8Array = Uint8Array.of(1)): Buffer {
  const bytes = Buffer.alloc(6 + data.length)
  bytes.set([0x86, channel])
  bytes.writeUInt16BE(sequence & 0xffff, 2)
  bytes.writeUInt16BE(data.length, 4)
  bytes.set(data, 6)
  return bytes
}

export function unreliable(channel: number, reliableSequence: number, sequence: number): Buffer {
  const bytes = Buffer.alloc(9)
  bytes.set([7, channel])
  bytes.writeUInt16BE(reliableSequence, 2)
  bytes.writeUInt16BE(sequence, 4)
  bytes.writeUInt16BE(1, 6)
  return bytes
}

export function unsequenced(channel: number, group: number): Buffer {
  const bytes = Buffer.alloc(9)
  bytes.set([0x49, channel])
  bytes.writeUInt16BE(group & 0xffff, 4)
  bytes.writeUInt16BE(1, 6)
  return bytes
}

export function ping(sequence: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.set([0x85, CONTROL])
  bytes.writeUInt16BE(sequence & 0xffff, 2)
  return bytes
}

export function disconnect(sequence: number, data: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.set([0x84, CONTROL])
  bytes.writeUInt16BE(sequence & 0xffff, 2)
  bytes.writeUInt32BE(data, 4)
  return bytes
}
