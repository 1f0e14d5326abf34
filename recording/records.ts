/**
 * The records of the block that is being written, each with the fields that its kind has (`recording.proto`), redacted
 * where that is asked for. What is the same as in the record before is left out, within a block: each is read by itself.
 */
import type { Delivery, DeliveryMode } from '../core/delivery.ts'
import type { Connection, TransportName } from '../core/injected.ts'
import type { CallData } from './entries.ts'
import { overworld_recording } from './generated/recording.js'
import { RecordWriter } from './record-writer.ts'
import type { Redaction } from './redact.ts'

export const Kind = overworld_recording.kind
const MODES: Readonly<Record<DeliveryMode, number>> = { reliable: 0, unreliable: 1, unsequenced: 2 }
const TRANSPORTS: Readonly<Record<TransportName, number>> = { websocket: 0, enet: 1, 'in-process': 2 }
const NO_BYTES = new Uint8Array(0)

const Field = Object.freeze({
  time: 2,
  connection: 3,
  listener: 4,
  timer: 5,
  bytes: 6,
  mode: 7,
  channel: 8,
  code: 9,
  text: 10,
  transport: 11,
  id: 12,
  number: 13,
  call: 14,
  length: 15,
})

/** Which field says what something happened to. */
type Place = 'connection' | 'listener' | 'timer'

export class Records {
  readonly #writer = new RecordWriter()
  readonly #redaction: Redaction | undefined
  /** The time of the last input. */
  #inputMs = Number.NaN
  #lastSent: Uint8Array = NO_BYTES
  #lastDelivery: Delivery | undefined

  constructor(redaction: Redaction | undefined) {
    this.#redaction = redaction
  }

  /** Of all that there are, in bytes. */
  get length(): number {
    return this.#writer.length
  }

  /** Valid until the next record. */
  get bytes(): Uint8Array {
    return this.#writer.bytes
  }

  /** For the next block. */
  clear(): void {
    this.#writer.clear()
    this.#inputMs = Number.NaN
    this.#lastSent = NO_BYTES
  }

  // Inputs, each with its time

  /** One of which nothing is to be said, or no more than what it happened to. */
  input(atMs: number, kind: number, place?: Place, number = 0): void {
    this.#beginInput(atMs, kind, 0)
    if (place !== undefined) this.#writer.uint(Field[place], number)
    this.#writer.end()
  }

  accepted(atMs: number, connection: number, listener: number, inner: Connection): void {
    const { id, transport, remoteAddress } = inner
    const address = this.#redaction?.address(remoteAddress) ?? remoteAddress
    this.#beginInput(atMs, Kind.accepted, roomFor(address))
    this.#writer.uint(Field.connection, connection)
    this.#writer.uint(Field.listener, listener)
    this.#writer.text(Field.text, address)
    this.#writer.uint(Field.transport, TRANSPORTS[transport])
    this.#writer.uint(Field.id, id)
    this.#writer.end()
  }

  message(atMs: number, connection: number, bytes: Uint8Array, delivery: Delivery): void {
    const kept = this.#redaction?.message(bytes) ?? bytes
    this.#beginInput(atMs, Kind.message, kept.length)
    this.#payload(connection, kept, bytes.length, delivery)
    this.#writer.end()
  }

  closed(atMs: number, connection: number, code: number, said: string): void {
    const reason = this.#redaction?.reason(said) ?? said
    this.#beginInput(atMs, Kind.closed, roomFor(reason))
    this.#writer.uint(Field.connection, connection)
    this.#writer.uint(Field.code, code)
    this.#writer.text(Field.text, reason)
    this.#writer.end()
  }

  /** `ignored` or `missing`. */
  remark(atMs: number, kind: number, connection: number, text: string): void {
    this.#beginInput(atMs, kind, roomFor(text))
    this.#writer.uint(Field.connection, connection)
    this.#writer.text(Field.text, text)
    this.#writer.end()
  }

  called(atMs: number, call: CallData): void {
    const bytes = overworld_recording.call.encode(this.#redaction?.call(call) ?? call).finish()
    this.#beginInput(atMs, Kind.called, bytes.length)
    this.#writer.blob(Field.call, bytes)
    this.#writer.end()
  }

  #beginInput(atMs: number, kind: number, room: number): void {
    this.#writer.begin(kind, room)
    if (atMs === this.#inputMs) return
    this.#inputMs = atMs
    this.#writer.double(Field.time, atMs)
  }

  // What was read

  randomBytes(bytes: Uint8Array): void {
    const kept = this.#redaction?.random(bytes) ?? bytes
    this.#writer.begin(Kind.random_bytes, kept.length)
    this.#writer.blob(Field.bytes, kept)
    if (kept !== bytes) this.#writer.uint(Field.length, bytes.length)
    this.#writer.end()
  }

  randomNumber(number: number): void {
    this.#writer.begin(Kind.random_number, 0)
    this.#writer.double(Field.number, this.#redaction === undefined ? number : 0)
    this.#writer.end()
  }

  buffered(connection: number, size: number): void {
    this.#writer.begin(Kind.buffered, 0)
    this.#writer.uint(Field.connection, connection)
    this.#writer.double(Field.number, size)
    this.#writer.end()
  }

  // What was done

  /** A broadcast hands the same bytes to everybody. */
  isSentAgain(bytes: Uint8Array, delivery: Delivery): boolean {
    return bytes === this.#lastSent && delivery === this.#lastDelivery
  }

  sent(connection: number, bytes: Uint8Array, delivery: Delivery): void {
    if (this.isSentAgain(bytes, delivery)) {
      this.done(Kind.sent_again, 'connection', connection)
      return
    }
    const kept = this.#redaction?.message(bytes) ?? bytes
    this.#writer.begin(Kind.sent, kept.length)
    this.#payload(connection, kept, bytes.length, delivery)
    this.#writer.end()
    this.#lastSent = bytes
    this.#lastDelivery = delivery
  }

  close(connection: number, code: number, reason: string): void {
    this.#writer.begin(Kind.close, roomFor(reason))
    this.#writer.uint(Field.connection, connection)
    this.#writer.uint(Field.code, code)
    if (reason !== '') this.#writer.text(Field.text, reason)
    this.#writer.end()
  }

  setTimer(delayMs: number): void {
    this.#writer.begin(Kind.set_timer, 0)
    this.#writer.double(Field.number, delayMs)
    this.#writer.end()
  }

  /** Of which no more is to be said than what it was done to. */
  done(kind: number, place: Place, number: number): void {
    this.#writer.begin(kind, 0)
    this.#writer.uint(Field[place], number)
    this.#writer.end()
  }

  /** `listened`, or a note of the recording's own. */
  said(kind: number, text: string): void {
    this.#writer.begin(kind, roomFor(text))
    this.#writer.text(Field.text, text)
    this.#writer.end()
  }

  #payload(connection: number, kept: Uint8Array, length: number, delivery: Delivery): void {
    const writer = this.#writer
    writer.uint(Field.connection, connection)
    writer.blob(Field.bytes, kept)
    if (delivery.mode !== 'reliable') writer.uint(Field.mode, MODES[delivery.mode])
    if (delivery.channel !== 0) writer.uint(Field.channel, delivery.channel)
    if (this.#redaction !== undefined) writer.uint(Field.length, length)
  }
}

/** UTF-8 takes at most three bytes for each unit of UTF-16. */
function roomFor(text: string): number {
  return text.length * 3
}
