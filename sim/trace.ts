/**
 * The trace of a run: one canonical record for every send, delivery, open, close, handler call and fault. Each goes
 * into the fingerprint at once; keeping the records as well, to print them or to compare two runs event by event, is
 * optional because it costs memory.
 *
 * A record is hashed as two blocks of four 32-bit words: (time low, time high | kind << 21, host, connection),
 * (number, byte length, text length, 0), then the bytes and the text, each zero-filled to whole blocks.
 *
 * Left out on purpose: stacks, heap sizes, handles, lost packets (a delivery that is missing shows them).
 */
import type { Delivery } from '../core/delivery.ts'
import type { EventQueue } from './event-queue.ts'
import { Fingerprint } from './fingerprint.ts'

/** What a record is about. The numbers are part of the fingerprint: new kinds are added at the end. */
export const TraceKind = Object.freeze({
  /** A host appeared; the text is its name. */
  host: 1,
  /** A host's program started; the number is its incarnation. */
  boot: 2,
  /** A host lost its memory. */
  crash: 3,
  pause: 4,
  resume: 5,
  listen: 6,
  /** A listener was closed. */
  unlisten: 7,
  /** A program asked for a connection; the text is the address. */
  dial: 8,
  /** A program heard `opened`. */
  open: 9,
  /** A program handed over a message; the number is its channel and delivery. */
  send: 10,
  /** A program heard `message`. */
  deliver: 11,
  /** A program called `close`; number and text are code and reason. */
  close: 12,
  /** A program heard `closed`. */
  closed: 13,
  drained: 14,
  /** Something was done to a link, a connection or a host; the text says what. */
  fault: 15,
  /** A handler of the program was called; the text is its name. */
  handler: 16,
  /** Anything else that a scenario wants in its fingerprint. */
  note: 17,
  /** At wire level: a program's socket was given bytes of a stream, or a datagram. */
  bytes: 18,
})
export type TraceKind = (typeof TraceKind)[keyof typeof TraceKind]

export interface TraceRecord {
  readonly atUs: number
  readonly kind: TraceKind
  /** The host's name; empty for the world's own records. */
  readonly host: string
  /** The ordinal of the connection; 0 for none. Its two ends share it. */
  readonly connection: number
  readonly number: number
  readonly bytes: Uint8Array
  readonly text: string
}

export interface TraceOptions {
  /** Keep every record? Default: the fingerprint only. */
  readonly storage?: 'none' | 'all'
}

const NO_BYTES = new Uint8Array(0)
const TWO_TO_32 = 0x1_0000_0000

/** Something that befell a host, a connection or a link. */
export interface Fault {
  readonly kind: TraceKind
  /** Empty for links. */
  readonly host: string
  readonly number: number
  readonly text: string
}

const FAULT_KINDS: ReadonlySet<TraceKind> = new Set([
  TraceKind.boot,
  TraceKind.crash,
  TraceKind.pause,
  TraceKind.resume,
  TraceKind.fault,
])

export class Trace {
  readonly #queue: EventQueue
  readonly #fingerprint = new Fingerprint()
  readonly #records: TraceRecord[] | undefined
  readonly #hostNames: string[] = ['']
  #count = 0
  #onFault: ((fault: Fault) => void) | undefined

  constructor(queue: EventQueue, { storage = 'none' }: TraceOptions = {}) {
    this.#queue = queue
    this.#records = storage === 'all' ? [] : undefined
  }

  /** From now on `onFault` hears of each fault when it is recorded. */
  tellFaults(onFault: (fault: Fault) => void): void {
    this.#onFault = onFault
  }

  /** Registers a host; its ordinal (1, 2, …) stands for it in `record`. 0 is the world itself. */
  addHost(name: string): number {
    const ordinal = this.#hostNames.push(name) - 1
    this.record(TraceKind.host, ordinal, 0, 0, NO_BYTES, name)
    return ordinal
  }

  record(
    kind: TraceKind,
    hostOrdinal: number,
    connection: number = 0,
    number: number = 0,
    bytes: Uint8Array = NO_BYTES,
    text: string = '',
  ): void {
    const atUs = this.#queue.nowUs
    const fingerprint = this.#fingerprint
    fingerprint.block(atUs, Math.floor(atUs / TWO_TO_32) | (kind << 21), hostOrdinal, connection)
    fingerprint.block(number, bytes.length, text.length, 0)
    if (bytes.length > 0) fingerprint.bytes(bytes)
    if (text.length > 0) fingerprint.text(text)
    this.#count += 1
    if (this.#onFault !== undefined && FAULT_KINDS.has(kind)) {
      this.#onFault({ kind, host: this.#hostNames[hostOrdinal] ?? '', number, text })
    }
    if (this.#records === undefined) return
    const host = this.#hostNames[hostOrdinal] ?? ''
    // Who reads from a socket may change what it was given. Not `slice`: a `Buffer`'s shares its memory.
    const kept = kind === TraceKind.bytes ? new Uint8Array(bytes) : bytes
    this.#records.push({ atUs, kind, host, connection, number, bytes: kept, text })
  }

  /** How many records there were. */
  get count(): number {
    return this.#count
  }

  /** What was kept: everything so far with `storage: 'all'`, else nothing. */
  get records(): readonly TraceRecord[] {
    return this.#records ?? []
  }

  /** The hash over everything so far, as 32 hexadecimal digits. */
  fingerprint(): string {
    return this.#fingerprint.hex()
  }
}

/** One line for people: `12.345678 s  alice  #3 deliver  0064 1a02…  (4 bytes)`. */
export function formatTraceRecord(record: TraceRecord): string {
  const parts = [`${formatSeconds(record.atUs)} s`, record.host === '' ? '-' : record.host]
  parts.push(record.connection === 0 ? nameOfKind(record.kind) : `#${record.connection} ${nameOfKind(record.kind)}`)
  if (record.number !== 0) parts.push(formatNumber(record))
  if (record.text !== '') parts.push(record.text)
  if (record.bytes.length > 0) parts.push(formatBytes(record.bytes))
  return parts.join('  ')
}

export interface TraceDifference {
  /** The index of the first record that differs. */
  readonly index: number
  /** That record in either run; undefined where the run had ended. */
  readonly first: TraceRecord | undefined
  readonly second: TraceRecord | undefined
}

/** Where two runs part; undefined if they never do. */
export function firstTraceDifference(
  first: readonly TraceRecord[],
  second: readonly TraceRecord[],
): TraceDifference | undefined {
  const length = Math.max(first.length, second.length)
  for (let index = 0; index < length; index++) {
    const a = first[index]
    const b = second[index]
    if (a === undefined || b === undefined || !isSameRecord(a, b)) return { index, first: a, second: b }
  }
  return undefined
}

function isSameRecord(a: TraceRecord, b: TraceRecord): boolean {
  return (
    a.atUs === b.atUs &&
    a.kind === b.kind &&
    a.host === b.host &&
    a.connection === b.connection &&
    a.number === b.number &&
    a.text === b.text &&
    a.bytes.length === b.bytes.length &&
    a.bytes.every((byte, index) => byte === b.bytes[index])
  )
}

const namesOfKinds: ReadonlyMap<number, string> = new Map(Object.entries(TraceKind).map(([name, kind]) => [kind, name]))

function nameOfKind(kind: TraceKind): string {
  return namesOfKinds.get(kind) ?? `kind ${kind}`
}

function formatSeconds(atUs: number): string {
  return `${Math.floor(atUs / 1_000_000)}.${String(atUs % 1_000_000).padStart(6, '0')}`
}

const DELIVERY_NAMES = ['reliable', 'unreliable', 'unsequenced'] as const

/** The number of a record about a message: `mode << 8 | channel`. */
export function numberOfDelivery({ mode, channel }: Delivery): number {
  if (mode === 'reliable') return channel
  return (mode === 'unreliable' ? 0x100 : 0x200) | channel
}

function formatNumber({ kind, number }: TraceRecord): string {
  if (kind !== TraceKind.send && kind !== TraceKind.deliver) return String(number)
  return `${DELIVERY_NAMES[number >> 8] ?? '?'}/${number & 0xff}`
}

const SHOWN_BYTES_MAX = 24

function formatBytes(bytes: Uint8Array): string {
  const digits = Array.from(bytes.subarray(0, SHOWN_BYTES_MAX), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return bytes.length <= SHOWN_BYTES_MAX ? digits : `${digits} … (${bytes.length} bytes)`
}
