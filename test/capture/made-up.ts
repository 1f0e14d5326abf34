/** Captures that are made up: of conversations as data, in every format, over every link. */
import { RELIABLE, type Delivery, type Entry } from 'overworld'
import { CaptureReader } from '../../cli/capture/capture-reader.ts'
import { RecordingExport } from '../../cli/capture/export-recording.ts'

export interface TestPacket {
  readonly atMs: number
  readonly bytes: Uint8Array
  /** Where it was cut short. */
  readonly length?: number
}

export const STARTED_AT = 1_790_000_000_000

/** What goes over the wire where this is said; each packet begins with its IP header. */
export function packetsOf(entries: readonly Entry[]): readonly TestPacket[] {
  const parts: Uint8Array[] = []
  const exported = new RecordingExport('test', (bytes) => void parts.push(bytes))
  exported.begin({
    recording: 'test',
    part: 0,
    version: '',
    commit: '',
    startedAt: STARTED_AT,
    configuration: '{}',
    apps: [],
    isRedacted: false,
    clockMs: 0,
    importedFrom: '',
  })
  for (const entry of entries) exported.handle(entry)
  const packets = new CaptureReader(parts).packets()
  return [...packets].map(({ atNs, bytes }) => ({ atMs: Number(atNs) / 1e6 - STARTED_AT, bytes }))
}

/** Says a conversation: each call is 10 ms after the one before. */
export class Script {
  readonly entries: Entry[] = []
  #nowMs = 0
  #connections = 0

  accept(transport: 'websocket' | 'enet', address: string): number {
    const connection = ++this.#connections
    this.#add({ kind: 'accepted', atMs: this.#next(), connection, listener: 1, id: connection, transport, address })
    this.#add({ kind: 'opened', atMs: this.#nowMs, connection })
    return connection
  }

  hear(connection: number, bytes: Uint8Array, delivery: Delivery = RELIABLE): void {
    this.#add({ kind: 'message', atMs: this.#next(), connection, bytes, delivery, length: bytes.length })
  }

  say(connection: number, bytes: Uint8Array, delivery: Delivery = RELIABLE): void {
    this.#add({ kind: 'elapsed', atMs: this.#next() })
    this.#add({ kind: 'sent', connection, bytes, delivery, length: bytes.length })
  }

  hearText(connection: number): void {
    this.#add({ kind: 'ignored', atMs: this.#next(), connection, what: 'text_frame' })
  }

  close(connection: number, code: number, reason = ''): void {
    this.#add({ kind: 'elapsed', atMs: this.#next() })
    this.#add({ kind: 'close', connection, code, reason })
  }

  closed(connection: number, code: number, reason = ''): void {
    this.#add({ kind: 'closed', atMs: this.#next(), connection, code, reason })
  }

  wait(ms: number): void {
    this.#nowMs += ms
  }

  #next(): number {
    this.#nowMs += 10
    return this.#nowMs
  }

  #add(entry: Entry): void {
    this.entries.push(entry)
  }
}

/** `length` bytes that begin like a message of the chat, and differ by `number`. */
export function someBytes(length: number, number: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at < 2 ? 0 : (number * 31 + at * 7) & 0xff))
}

/** Two WebSockets and an ENet connection, with messages short and long, in all deliveries. */
export function talk(address = '192.0.2.7'): readonly Entry[] {
  const script = new Script()
  const [first, second, third] = [
    script.accept('websocket', address),
    script.accept('enet', address),
    script.accept('websocket', address),
  ]
  for (let round = 0; round < 8; round++) {
    script.hear(first, someBytes(10 + round, round))
    script.say(first, someBytes(20 + 700 * round, round))
    script.hear(second, someBytes(10 + 400 * round, round))
    script.hear(second, someBytes(12, 50 + round), { mode: 'unreliable', channel: 1 })
    script.hear(second, someBytes(14, 100 + round), { mode: 'unsequenced', channel: 2 })
    script.say(second, someBytes(11 + 300 * round, round), { mode: 'reliable', channel: 3 })
    script.hear(third, someBytes(900 * round + 3, round))
  }
  script.hearText(third)
  script.closed(first, 4000, 'enough')
  script.close(second, 4501)
  script.closed(second, 4501)
  script.closed(third, 1006)
  return script.entries
}

export interface PcapOptions {
  readonly isLittleEndian?: boolean
  readonly isNano?: boolean
  readonly linkType?: number
}

export function pcap(packets: readonly TestPacket[], options: PcapOptions = {}): Uint8Array {
  const { isLittleEndian = true, isNano = false, linkType = 101 } = options
  const head = Buffer.alloc(24)
  const view = new DataView(head.buffer, head.byteOffset)
  view.setUint32(0, isNano ? 0xa1b2_3c4d : 0xa1b2_c3d4, isLittleEndian)
  view.setUint16(4, 2, isLittleEndian)
  view.setUint16(6, 4, isLittleEndian)
  view.setUint32(16, 262_144, isLittleEndian)
  view.setUint32(20, linkType, isLittleEndian)
  const parts: Uint8Array[] = [head]
  for (const { atMs, bytes, length = bytes.length } of packets) {
    const record = new DataView(new ArrayBuffer(16))
    const at = STARTED_AT + atMs
    record.setUint32(0, Math.floor(at / 1000), isLittleEndian)
    record.setUint32(4, Math.round((at % 1000) * (isNano ? 1e6 : 1e3)), isLittleEndian)
    record.setUint32(8, bytes.length, isLittleEndian)
    record.setUint32(12, length, isLittleEndian)
    parts.push(new Uint8Array(record.buffer), bytes)
  }
  return new Uint8Array(Buffer.concat(parts))
}

export interface PcapngOptions {
  readonly isLittleEndian?: boolean
  /** What the option `if_tsresol` says; undefined: it is not there. */
  readonly timeUnit?: number
  readonly kind?: 'enhanced' | 'simple'
  readonly linkType?: number
  /** Another block after each packet. */
  readonly withOthers?: boolean
}

/** One section. */
export function pcapng(packets: readonly TestPacket[], options: PcapngOptions = {}): Uint8Array {
  const { isLittleEndian = true, timeUnit, kind = 'enhanced', linkType = 101, withOthers = false } = options
  const block = (type: number, ...fields: readonly (readonly [2 | 4, number] | Uint8Array)[]): Uint8Array => {
    const body = fields.map((field) => {
      if (field instanceof Uint8Array) return Buffer.concat([field, Buffer.alloc((4 - (field.length % 4)) % 4)])
      const view = new DataView(new ArrayBuffer(field[0]))
      if (field[0] === 2) view.setUint16(0, field[1], isLittleEndian)
      else view.setUint32(0, field[1], isLittleEndian)
      return new Uint8Array(view.buffer)
    })
    const length = 12 + body.reduce((sum, each) => sum + each.length, 0)
    const number = (value: number): Uint8Array => {
      const view = new DataView(new ArrayBuffer(4))
      view.setUint32(0, value, isLittleEndian)
      return new Uint8Array(view.buffer)
    }
    return Buffer.concat([number(type), number(length), ...body, number(length)])
  }
  const perSecond =
    timeUnit === undefined ? 1_000_000n : timeUnit < 0x80 ? 10n ** BigInt(timeUnit) : 2n ** BigInt(timeUnit & 0x7f)
  const unit =
    timeUnit === undefined ? [] : [[2, 9] as const, [2, 1] as const, Uint8Array.of(timeUnit), [4, 0] as const]
  const parts = [
    block(0x0a0d_0d0a, [4, 0x1a2b_3c4d], [2, 1], [2, 0], [4, 0xffff_ffff], [4, 0xffff_ffff]),
    block(1, [2, linkType], [2, 0], [4, 0], ...unit),
  ]
  for (const { atMs, bytes, length = bytes.length } of packets) {
    const ticks = (BigInt(Math.round((STARTED_AT + atMs) * 1e6)) * perSecond) / 1_000_000_000n
    const [high, low] = [Number(ticks >> 32n), Number(ticks & 0xffff_ffffn)]
    if (kind === 'simple') parts.push(block(3, [4, length], bytes))
    else parts.push(block(6, [4, 0], [4, high], [4, low], [4, bytes.length], [4, length], bytes))
    if (withOthers) parts.push(block(0x0bad, Buffer.from('a block of another kind')))
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** With something before each IP packet. */
export function framed(
  packets: readonly TestPacket[],
  head: (packet: Uint8Array) => Uint8Array,
): readonly TestPacket[] {
  return packets.map(({ atMs, bytes }) => ({ atMs, bytes: new Uint8Array(Buffer.concat([head(bytes), bytes])) }))
}

export function isIpv6(packet: Uint8Array): boolean {
  return (packet[0] ?? 0) >> 4 === 6
}

export function isTcp(packet: Uint8Array): boolean {
  return packet[isIpv6(packet) ? 6 : 9] === 6
}

/** Only what TCP carries. */
export function tcpPayload(packet: Uint8Array): Uint8Array {
  const at = isIpv6(packet) ? 40 : 20
  return packet.subarray(at + ((packet[at + 12] ?? 0) >> 4) * 4)
}
