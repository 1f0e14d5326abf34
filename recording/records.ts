/**
 * The records of the block that is being written, each with the fields that its kind has (`recording.proto`), redacted
 * where that is asked for. What is the same as in the record before is left out, within a block: each is read by itself.
 */
import type { Delivery, DeliveryMode } from '../core/delivery.ts'
import type { TransportName } from '../core/injected.ts'
import type { TimerOwner } from '../core/turns/timer-owner.ts'
import { encodeBoot } from './boot-data.ts'
import { isInput, type CallData, type Entry, type Input, type Output } from './entries.ts'
import { overworld_recording } from './generated/recording.js'
import { RecordWriter } from './record-writer.ts'
import type { Redaction } from './redact.ts'

const Kind = overworld_recording.kind
const MODES: Readonly<Record<DeliveryMode, number>> = { reliable: 0, unreliable: 1, unsequenced: 2 }
const TRANSPORTS: Readonly<Record<TransportName, number>> = { websocket: 0, enet: 1, 'in-process': 2 }
const OWNERS: Readonly<Record<TimerOwner['name'], number>> = {
  request: overworld_recording.owner.request,
  grace: overworld_recording.owner.grace,
  beacon: overworld_recording.owner.beacon,
  liveness: overworld_recording.owner.liveness,
  tick: overworld_recording.owner.tick,
  timer: overworld_recording.owner.zone_timer,
  drain: overworld_recording.owner.drain,
  program: overworld_recording.owner.program,
}
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
  owner: 16,
  session: 17,
  app: 18,
  zone: 19,
  zoneTimer: 20,
})

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

  /** A broadcast hands the same bytes to everybody. */
  isSentAgain(bytes: Uint8Array, delivery: Delivery): boolean {
    return bytes === this.#lastSent && delivery === this.#lastDelivery
  }

  sent(connection: number, bytes: Uint8Array, delivery: Delivery): void {
    const writer = this.#writer
    if (this.isSentAgain(bytes, delivery)) {
      writer.short(Kind.sent_again, Field.connection, connection)
      return
    }
    const kept = this.#redaction?.message(bytes) ?? bytes
    writer.begin(Kind.sent, kept.length)
    this.#payload(connection, bytes, delivery, kept)
    writer.end()
    this.#lastSent = bytes
    this.#lastDelivery = delivery
  }

  write(entry: Entry): void {
    if (isInput(entry)) this.#input(entry)
    else
      switch (entry.kind) {
        case 'random_bytes':
          this.#randomBytes(entry.bytes)
          break
        case 'random_number':
          this.#writer.begin(Kind.random_number, 0)
          this.#writer.double(Field.number, this.#redaction === undefined ? entry.number : 0)
          this.#writer.end()
          break
        case 'buffered':
          this.#writer.begin(Kind.buffered, 0)
          this.#writer.uint(Field.connection, entry.connection)
          this.#writer.double(Field.number, entry.size)
          this.#writer.end()
          break
        case 'unrecordable':
        case 'ended':
          this.#text(entry.kind, entry.why)
          break
        default:
          this.#output(entry)
      }
  }

  // Inputs, each with its time

  #input(input: Input): void {
    switch (input.kind) {
      case 'boot': {
        const text = this.#redaction === undefined ? encodeBoot(input) : ''
        this.#beginInput(input, roomFor(text))
        if (text !== '') this.#writer.text(Field.text, text)
        break
      }
      case 'elapsed':
        this.#beginInput(input, 0)
        break
      case 'accepted':
        this.#accepted(input)
        break
      case 'opened':
      case 'drained':
        this.#beginInput(input, 0)
        this.#writer.uint(Field.connection, input.connection)
        break
      case 'message': {
        const kept = this.#redaction?.message(input.bytes) ?? input.bytes
        this.#beginInput(input, kept.length)
        this.#payload(input.connection, input.bytes, input.delivery, kept)
        break
      }
      case 'closed': {
        const reason = this.#redaction?.reason(input.reason) ?? input.reason
        this.#beginInput(input, roomFor(reason))
        this.#writer.uint(Field.connection, input.connection)
        this.#writer.uint(Field.code, input.code)
        this.#writer.text(Field.text, reason)
        break
      }
      case 'ignored':
      case 'missing':
        this.#beginInput(input, roomFor(input.what))
        this.#writer.uint(Field.connection, input.connection)
        this.#writer.text(Field.text, input.what)
        break
      case 'fired':
        this.#beginInput(input, 0)
        this.#writer.uint(Field.timer, input.timer)
        break
      case 'listening':
        this.#ofListener(input, this.#redaction === undefined ? input.address : '')
        break
      case 'listen_failed':
        this.#ofListener(input, this.#redaction?.reason(input.message) ?? input.message)
        break
      case 'listener_closed':
        this.#ofListener(input, '')
        break
      case 'called':
        this.#called(input, input.call)
        break
    }
    this.#writer.end()
  }

  #beginInput({ kind, atMs }: Input, room: number): void {
    this.#writer.begin(Kind[kind], room)
    if (atMs === this.#inputMs) return
    this.#inputMs = atMs
    this.#writer.double(Field.time, atMs)
  }

  #accepted(input: Extract<Input, { kind: 'accepted' }>): void {
    const address = this.#redaction?.address(input.address) ?? input.address
    this.#beginInput(input, roomFor(address))
    this.#writer.uint(Field.connection, input.connection)
    this.#writer.uint(Field.listener, input.listener)
    this.#writer.text(Field.text, address)
    this.#writer.uint(Field.transport, TRANSPORTS[input.transport])
    this.#writer.uint(Field.id, input.id)
  }

  #ofListener(input: Extract<Input, { listener: number }>, text: string): void {
    this.#beginInput(input, roomFor(text))
    this.#writer.uint(Field.listener, input.listener)
    if (text !== '') this.#writer.text(Field.text, text)
  }

  #called(input: Input, call: CallData): void {
    const bytes = overworld_recording.call.encode(this.#redaction?.call(call) ?? call).finish()
    this.#beginInput(input, bytes.length)
    this.#writer.blob(Field.call, bytes)
  }

  // What was read

  #randomBytes(bytes: Uint8Array): void {
    const kept = this.#redaction?.random(bytes) ?? bytes
    this.#writer.begin(Kind.random_bytes, kept.length)
    this.#writer.blob(Field.bytes, kept)
    if (kept !== bytes) this.#writer.uint(Field.length, bytes.length)
    this.#writer.end()
  }

  // What was done

  #output(output: Output): void {
    switch (output.kind) {
      case 'sent':
        this.sent(output.connection, output.bytes, output.delivery)
        return
      case 'close':
        this.#writer.begin(Kind.close, roomFor(output.reason))
        this.#writer.uint(Field.connection, output.connection)
        this.#writer.uint(Field.code, output.code)
        if (output.reason !== '') this.#writer.text(Field.text, output.reason)
        break
      case 'set_timer':
        this.#setTimer(output)
        break
      case 'cancelled':
        this.#writer.begin(Kind.cancelled, 0)
        this.#writer.uint(Field.timer, output.timer)
        break
      case 'listened':
        this.#text('listened', output.address)
        return
      case 'close_listener':
        this.#writer.begin(Kind.close_listener, 0)
        this.#writer.uint(Field.listener, output.listener)
        break
    }
    this.#writer.end()
  }

  #setTimer({ timer, owner: full, delayMs }: Extract<Output, { kind: 'set_timer' }>): void {
    const owner = full === undefined ? undefined : (this.#redaction?.owner(full) ?? full)
    const isOfZone = owner !== undefined && 'zone' in owner
    const writer = this.#writer
    writer.begin(Kind.set_timer, isOfZone ? roomFor(owner.app) + roomFor(owner.zone) : 0)
    writer.uint(Field.timer, timer)
    writer.double(Field.number, delayMs)
    if (owner !== undefined) writer.uint(Field.owner, OWNERS[owner.name])
    if (owner !== undefined && 'session' in owner) writer.uint(Field.session, owner.session)
    if (isOfZone && owner.app !== '') writer.text(Field.app, owner.app)
    if (isOfZone && owner.zone !== '') writer.text(Field.zone, owner.zone)
    if (owner?.name === 'timer') writer.uint(Field.zoneTimer, owner.number)
  }

  #text(kind: 'listened' | 'unrecordable' | 'ended', text: string): void {
    this.#writer.begin(Kind[kind], roomFor(text))
    this.#writer.text(Field.text, text)
    this.#writer.end()
  }

  #payload(connection: number, bytes: Uint8Array, delivery: Delivery, kept: Uint8Array): void {
    const writer = this.#writer
    writer.uint(Field.connection, connection)
    writer.blob(Field.bytes, kept)
    if (delivery.mode !== 'reliable') writer.uint(Field.mode, MODES[delivery.mode])
    if (delivery.channel !== 0) writer.uint(Field.channel, delivery.channel)
    if (this.#redaction !== undefined) writer.uint(Field.length, bytes.length)
  }
}

/** UTF-8 takes at most three bytes for each unit of UTF-16. */
function roomFor(text: string): number {
  return text.length * 3
}
