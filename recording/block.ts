/**
 * Blocks: what is written and read as a whole. A file is a signature, then blocks; each has its length (4 bytes,
 * little-endian), a checksum over length and payload (4 bytes), and the payload, a `block` of `recording.proto`.
 */
import { RELIABLE, type Delivery, type DeliveryMode } from '../core/delivery.ts'
import type { TransportName } from '../core/injected.ts'
import type { TimerOwner } from '../core/turns/timer-owner.ts'
import { decodeBoot } from './boot-data.ts'
import { crc32 } from './checksum.ts'
import { isSet, type CallData, type Entry, type RecordingHeader, type TimerData, type ValueData } from './entries.ts'
import { overworld_recording } from './generated/recording.js'

/** Format 1 had no names of timers. */
export const FORMAT_VERSION = 2
/** `OWREC`, two bytes that a text mode would spoil, and the version of the format. */
export const SIGNATURE: Uint8Array = Uint8Array.of(0x4f, 0x57, 0x52, 0x45, 0x43, 0x0d, 0x0a, FORMAT_VERSION)
export const FRAME_BYTES = 8
/** A longer block is damage: it would have to be held in memory to be judged. A message has at most a few MiB. */
export const BLOCK_BYTES_MAX: number = 64 * 1024 * 1024

export interface Block {
  /** From 0, through all files of a recording. */
  readonly number: number
  /** In the first block of each file. */
  readonly header: RecordingHeader | undefined
  readonly entries: readonly Entry[]
}

/** `payload`, with its length and its checksum before it. */
export function frameBlock(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_BYTES + payload.length)
  const view = new DataView(frame.buffer)
  view.setUint32(0, payload.length, true)
  view.setUint32(4, crc32(payload, crc32(frame.subarray(0, 4))), true)
  frame.set(payload, FRAME_BYTES)
  return frame
}

export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** Whether the checksum of a frame (length, checksum, payload) is right. */
export function isIntact(frame: Uint8Array): boolean {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  return view.getUint32(4, true) === crc32(frame.subarray(FRAME_BYTES), crc32(frame.subarray(0, 4)))
}

/** The timers that are set at the moment. */
export type TimerOwners = Map<number, TimerOwner>

/**
 * Throws where `payload` is no block: its checksum was right, so a program wrote nonsense. `owners`: of the timers that
 * earlier blocks have set; it is kept up to date.
 */
export function decodeBlock(payload: Uint8Array, owners: TimerOwners): Block {
  const block = overworld_recording.block.decode(payload)
  const { header } = block
  const decoder = new RecordDecoder(owners)
  return {
    number: Number(block.number ?? 0),
    header: header === null || header === undefined ? undefined : readHeader(header),
    entries: (block.records ?? []).map((record) => decoder.decode(record)),
  }
}

/** What `Date` can hold: a time beyond it is nonsense, and so is one that is no number. */
const TIME_MS_MAX = 8.64e15

function checkTime(what: string, timeMs: number): number {
  if (Math.abs(timeMs) <= TIME_MS_MAX) return timeMs
  throw new RangeError(`${what} is ${timeMs} ms`)
}

function checkConfiguration(json: string): string {
  const parsed: unknown = JSON.parse(json)
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return json
  throw new TypeError('the configuration is no object')
}

function checkNumber(value: number): number {
  if (Number.isNaN(value)) throw new RangeError('a number is none')
  return value
}

/** Deeper than a recorder writes them. */
const VALUE_DEPTH_MAX = 45

/** A value that no recorder writes would be found by whoever decodes it, in the middle of something else. */
function checkValue(value: ValueData, depth = 0): void {
  if (depth > VALUE_DEPTH_MAX) throw new RangeError('an argument has too many levels')
  const { bigint, list, object } = value
  if (isSet(bigint) && !/^-?\d{1,2000}$/.test(bigint)) throw new TypeError('an argument is no bigint')
  for (const item of list?.items ?? []) checkValue(item, depth + 1)
  for (const field of object?.values ?? []) checkValue(field, depth + 1)
}

function checkCall(call: overworld_recording.call.$Properties | null | undefined): CallData {
  if (!isSet(call) || !isSet(call.on)) throw new TypeError('a call says nothing of what was called')
  checkValue(call.on)
  for (const arg of call.args ?? []) checkValue(arg)
  return call
}

function readHeader(header: overworld_recording.header.$Properties): RecordingHeader {
  return {
    recording: header.recording ?? '',
    part: header.part ?? 0,
    version: header.version ?? '',
    commit: header.commit ?? '',
    startedAt: checkTime('the time of its beginning', header.started_at ?? 0),
    configuration: checkConfiguration(header.configuration ?? '{}'),
    apps: (header.apps ?? []).map((app) => ({
      name: app.name ?? '',
      prefix: app.prefix ?? 0,
      schemaHash: app.schema ?? '',
    })),
    isRedacted: header.redacted ?? false,
    clockMs: checkTime('its clock', header.clock ?? 0),
    importedFrom: header.imported_from ?? '',
  }
}

type RecordData = overworld_recording.record.$Properties

const NO_BYTES = new Uint8Array(0)
const Kind = overworld_recording.kind
const Owner = overworld_recording.owner
const MODES: readonly DeliveryMode[] = ['reliable', 'unreliable', 'unsequenced']
const TRANSPORTS: readonly TransportName[] = ['websocket', 'enet', 'in-process']

/** What a record leaves out is as in the one before, within its block. */
class RecordDecoder {
  #atMs = 0
  #sent: { readonly bytes: Uint8Array; readonly delivery: Delivery; readonly length: number } | undefined
  readonly #owners: TimerOwners

  constructor(owners: TimerOwners) {
    this.#owners = owners
  }

  decode(record: RecordData): Entry {
    const connection = record.connection ?? 0
    const text = record.text ?? ''
    // What is not set reads as its default.
    if (Object.hasOwn(record, 'time')) this.#atMs = checkTime('the time of a record', record.time ?? 0)
    const atMs = this.#atMs
    switch (record.kind) {
      case Kind.boot:
        return { kind: 'boot', atMs, ...decodeBoot(text) }
      case Kind.accepted: {
        const transport = TRANSPORTS[record.transport ?? 0] ?? 'websocket'
        const listener = record.listener ?? 0
        return { kind: 'accepted', atMs, connection, listener, id: Number(record.id ?? 0), transport, address: text }
      }
      case Kind.opened:
        return { kind: 'opened', atMs, connection }
      case Kind.message:
        return { kind: 'message', atMs, connection, ...payloadOf(record) }
      case Kind.closed:
        return { kind: 'closed', atMs, connection, code: record.code ?? 0, reason: text }
      case Kind.drained:
        return { kind: 'drained', atMs, connection }
      case Kind.ignored:
        return { kind: 'ignored', atMs, connection, what: text }
      case Kind.fired:
        return { kind: 'fired', atMs, ...this.#endTimer(record) }
      case Kind.listening:
        return { kind: 'listening', atMs, listener: record.listener ?? 0, address: text }
      case Kind.listen_failed:
        return { kind: 'listen_failed', atMs, listener: record.listener ?? 0, message: text }
      case Kind.listener_closed:
        return { kind: 'listener_closed', atMs, listener: record.listener ?? 0 }
      case Kind.called:
        return { kind: 'called', atMs, call: checkCall(record.call) }
      case Kind.elapsed:
        return { kind: 'elapsed', atMs }
      case Kind.missing:
        return { kind: 'missing', atMs, connection, what: text }
      case Kind.random_bytes: {
        const bytes = plainBytes(record.bytes)
        return { kind: 'random_bytes', bytes, length: lengthOf(record, bytes) }
      }
      case Kind.random_number:
        return { kind: 'random_number', number: checkNumber(record.number ?? 0) }
      case Kind.buffered:
        return { kind: 'buffered', connection, size: checkNumber(record.number ?? 0) }
      case Kind.sent:
        this.#sent = payloadOf(record)
        return { kind: 'sent', connection, ...this.#sent }
      case Kind.sent_again:
        return { kind: 'sent', connection, ...(this.#sent ?? payloadOf(record)) }
      case Kind.close:
        return { kind: 'close', connection, code: record.code ?? 0, reason: text }
      case Kind.set_timer:
        return { kind: 'set_timer', ...this.#setTimer(record), delayMs: checkNumber(record.number ?? 0) }
      case Kind.cancelled:
        return { kind: 'cancelled', ...this.#endTimer(record) }
      case Kind.listened:
        return { kind: 'listened', address: text }
      case Kind.close_listener:
        return { kind: 'close_listener', listener: record.listener ?? 0 }
      case Kind.unrecordable:
        return { kind: 'unrecordable', why: text }
      case Kind.ended:
        return { kind: 'ended', why: text }
      default:
        // A newer writer's: this reader cannot know what it would have done.
        return { kind: 'unrecordable', why: `a record of a kind (${String(record.kind)}) that is not known here` }
    }
  }

  #setTimer(record: RecordData): TimerData {
    const timer = record.timer ?? 0
    const owner = ownerOf(record)
    if (owner === undefined) return { timer }
    this.#owners.set(timer, owner)
    return { timer, owner }
  }

  /** It has fired or was cancelled. */
  #endTimer(record: RecordData): TimerData {
    const timer = record.timer ?? 0
    const owner = this.#owners.get(timer)
    if (owner === undefined) return { timer }
    this.#owners.delete(timer)
    return { timer, owner }
  }
}

function ownerOf(record: RecordData): TimerOwner | undefined {
  const session = Number(record.session ?? 0)
  const app = record.app ?? ''
  const zone = record.zone ?? ''
  switch (Object.hasOwn(record, 'owner') ? record.owner : undefined) {
    case Owner.request:
      return { name: 'request', session }
    case Owner.grace:
      return { name: 'grace', session }
    case Owner.beacon:
      return { name: 'beacon', session }
    case Owner.liveness:
      return { name: 'liveness', session }
    case Owner.tick:
      return { name: 'tick', app, zone }
    case Owner.zone_timer:
      return { name: 'timer', app, zone, number: record.zone_timer ?? 0 }
    case Owner.drain:
      return { name: 'drain' }
    case Owner.program:
      return { name: 'program' }
    default:
      return undefined
  }
}

function lengthOf(record: RecordData, bytes: Uint8Array): number {
  return Object.hasOwn(record, 'length') ? (record.length ?? 0) : bytes.length
}

function payloadOf(record: RecordData): { bytes: Uint8Array; delivery: Delivery; length: number } {
  const bytes = plainBytes(record.bytes)
  const mode = MODES[record.mode ?? 0] ?? 'reliable'
  const channel = record.channel ?? 0
  const delivery = mode === 'reliable' && channel === 0 ? RELIABLE : { mode, channel }
  return { bytes, delivery, length: lengthOf(record, bytes) }
}

/** protobufjs hands out `Buffer` in Node; a view of the block either way. */
function plainBytes(bytes: Uint8Array | null | undefined): Uint8Array {
  if (bytes === null || bytes === undefined || bytes.length === 0) return NO_BYTES
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
