/**
 * Writes down everything that goes into a server and comes out of it, so that the same can happen again in the
 * simulator (`overworld/sim`, `replay`). It decorates the clock, the randomness and the network that a server is
 * given, and sees the calls from outside through its one door.
 *
 * While an input is carried out the clock stands still, which it does within a turn anyway: so an input has one time,
 * and no reading of the clock need be written down.
 *
 * Nothing that goes wrong here harms the server: a recording that cannot be written is given up, with a warning. It
 * does no I/O; `recordingFiles` of `overworld/transports` is the sink that writes files.
 */
import type { AnyApp } from '../app/app.ts'
import { RELIABLE, type Delivery, type DeliveryMode } from '../delivery.ts'
import type {
  Accept,
  Clock,
  Connection,
  ConnectionHandler,
  Listener,
  ListenerEvents,
  Network,
  Random,
  Timer,
  TransportName,
} from '../injected.ts'
import { assert } from '../errors.ts'
import type { CallWitness, OutsideCall } from '../outside-calls.ts'
import type { ClientLink } from '../session/client-link.ts'
import { frameBlock, SIGNATURE } from './block.ts'
import type { ValueData } from './entries.ts'
import { overworld_recording } from './generated/recording.js'
import { RecordWriter } from './record-writer.ts'
import { aliasOf, redactMessage, redactValue } from './redact.ts'
import { schemaHashOf } from './schema-hash.ts'
import { encodeTarget, encodeValue, Unrecordable } from './values.ts'

export interface RecordingSink {
  /**
   * Takes the next bytes of the recording. `startsPart`: they are the beginning of a new file. What it throws ends the
   * recording; one that writes later says so with `recorder.stop`.
   */
  append(bytes: Uint8Array, startsPart: boolean): void
}

export interface RecorderOptions {
  readonly clock: Clock
  readonly random: Random
  readonly sink: RecordingSink
  readonly apps: readonly AnyApp[]
  /** The recording's own name, unlike that of any other. */
  readonly recording: string
  /** Of the library and of the program, to tell them from later ones. */
  readonly version?: string
  readonly commit?: string
  /** When this recorder is made, in milliseconds since 1970, for people. */
  readonly startedAt?: number
  /** Whatever is needed to boot the same server again; plain data. */
  readonly configuration?: object
  /** Tokens become aliases and payloads their lengths: can be looked at, but not replayed. Default false. */
  readonly isRedacted?: boolean
  /** A file that is longer (bytes) is followed by a new one. Default 67,108,864 (64 MiB); Infinity: no limit. */
  readonly partBytesMax?: number
  /** A file that is older (ms) is followed by a new one. Default 3,600,000 (an hour); Infinity: no limit. */
  readonly partMsMax?: number
  /** Of what else than a server this is made (`RecordingHeader.importedFrom`). Default: nothing else. */
  readonly importedFrom?: string
  /** Hears, once each, why a recording has ended early or cannot be replayed as a whole. */
  readonly onWarning?: (warning: string) => void
}

/** A block is closed once it is so long, or so old, at the next input. */
const BLOCK_BYTES = 64 * 1024
const BLOCK_MS = 250
/** And within a turn where it is as long as this: whoever reads it holds it in memory. */
const BLOCK_BYTES_MAX = 1024 * 1024
const PART_BYTES_MAX = 64 * 1024 * 1024
const PART_MS_MAX = 3_600_000

const Kind = overworld_recording.kind
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

/** Make one for each server, hand the server `clock`, `random`, `calls` and `network(…)`, and make it in `boot`. */
export class Recorder {
  readonly clock: Clock
  readonly random: Random
  readonly calls: CallWitness
  readonly #options: RecorderOptions
  readonly #inner: Clock
  readonly #writer = new RecordWriter()
  #isStopped = false
  /** How deep within an input: 0 is outside. */
  #depth = 0
  readonly #startedMs: number
  #nowMs = 0
  #writtenMs = Number.NaN
  #blockSinceMs = 0
  #blockNumber = 0
  #part = -1
  #partBytes = 0
  #partSinceMs = 0
  #connections = 0
  #listeners = 0
  #timers = 0
  #lastSent: Uint8Array = NO_BYTES
  #lastDelivery: Delivery = RELIABLE
  #isReplayable = true
  readonly #definitions = new Map<object, number>()

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#inner = options.clock
    this.#startedMs = options.clock.now()
    this.clock = { now: () => this.#now(), setTimer: (delayMs, fire) => this.#setTimer(delayMs, fire) }
    this.random = { fill: (bytes) => this.#fill(bytes), uint32: () => this.#uint32() }
    this.calls = { enters: (call) => this.#enterCall(call), left: () => void this.#depth-- }
  }

  /** Whether the recording goes on. */
  get isRecording(): boolean {
    return !this.#isStopped
  }

  /** Whether all that was recorded so far can be replayed. */
  get isReplayable(): boolean {
    const { isRedacted, importedFrom = '' } = this.#options
    return this.#isReplayable && isRedacted !== true && importedFrom === ''
  }

  /**
   * Makes the server: `run` creates it, starts its zones and its listeners, with this recorder's parts. It is not
   * written down what is called in it, for a replay runs it again; so it must depend on nothing but what it is given.
   */
  boot<T>(run: () => T): T {
    return this.#during(() => this.#input(Kind.boot), run)
  }

  /**
   * The program's own code does something to the server that takes more than plain data (an NPC with a receiver of
   * its own): `run` is not written down, but its `name` and `args`, with which a replay runs it again.
   */
  command<T>(name: string, args: readonly unknown[], run: () => T): T {
    return this.#during(() => this.#call('program', name, args), run)
  }

  /** For imports: what `run` does went out now, and of what came in before it nothing is known. */
  elapsed(run: () => void): void {
    this.#during(() => this.#input(Kind.elapsed), run)
  }

  /** For imports: of what came in or went out on one of this recorder's connections there is no more than these words. */
  missing(connection: Connection, what: string): void {
    assert(connection instanceof RecordedConnection, 'a connection of another recorder')
    this.#during(() => this.#inputText(Kind.missing, connection.number, what), nothing)
  }

  network(network: Network): Network {
    return {
      listen: (address, accept, events) => this.#listen(network, address, accept, events),
      connect: (address, handler) => network.connect(address, handler),
    }
  }

  /** Hands what was written so far to the sink. Call it now and then, for a server that hears nothing hands on nothing. */
  flush(): void {
    if (this.#isStopped || this.#depth > 0 || this.#writer.length === 0) return
    this.#closeBlock()
  }

  /** Ends the recording. The server goes on as if there had been none. `warning`: if it has ended early. */
  stop(why = 'stopped', warning?: string): void {
    if (this.#isStopped) return
    if (warning === undefined) {
      this.#plain(Kind.ended, why)
      this.#closeBlock()
    }
    // Writing the last block may have failed, and ended it.
    if (this.#isStopped) return
    this.#isStopped = true
    this.#writer.clear()
    if (warning !== undefined) this.#warn(warning)
  }

  // What goes in

  #during<T>(write: () => void, run: () => T): T {
    if (this.#depth++ === 0 && !this.#isStopped) {
      write()
      if (this.#isStopped) this.#writer.clear()
    }
    try {
      return run()
    } finally {
      this.#depth--
    }
  }

  #now(): number {
    return this.#depth > 0 && !this.#isStopped ? this.#nowMs : this.#inner.now()
  }

  /** Begins the record of an input; its block is closed first where it is time, so that a block has whole turns only. */
  #begin(kind: number, room: number): void {
    const now = this.#inner.now()
    const isFull = this.#writer.length >= BLOCK_BYTES
    if (isFull || (this.#writer.length > 0 && now - this.#blockSinceMs >= BLOCK_MS)) this.#closeBlock()
    if (this.#writer.length === 0) this.#blockSinceMs = now
    this.#nowMs = now
    // Where that failed the recording is over, and what is written now is thrown away.
    this.#writer.begin(kind, room)
    if (now === this.#writtenMs) return
    this.#writtenMs = now
    this.#writer.double(Field.time, now)
  }

  #input(kind: number, field?: number, number = 0): void {
    this.#begin(kind, 0)
    if (field !== undefined) this.#writer.uint(field, number)
    this.#writer.end()
  }

  #inputText(kind: number, connection: number, text: string, code?: number): void {
    this.#begin(kind, roomFor(text))
    this.#writer.uint(Field.connection, connection)
    if (code !== undefined) this.#writer.uint(Field.code, code)
    this.#writer.text(Field.text, text)
    this.#writer.end()
  }

  #listen(network: Network, address: string, accept: Accept, events: ListenerEvents | undefined): Listener {
    const number = ++this.#listeners
    this.#output(Kind.listened, () => this.#text(Kind.listened, address))
    const listener = network.listen(address, (connection) => this.#accept(number, connection, accept), events)
    return {
      get address() {
        return listener.address
      },
      close: (done) => {
        this.#output(Kind.close_listener, () => this.#small(Kind.close_listener, Field.listener, number))
        listener.close(() =>
          this.#during(() => this.#input(Kind.listener_closed, Field.listener, number), done ?? nothing),
        )
      },
    }
  }

  #accept(listener: number, connection: Connection, accept: Accept): ConnectionHandler {
    const number = ++this.#connections
    const recorded = new RecordedConnection(connection, number, this.#connectionWitness)
    const handler = this.#during(
      () => {
        const { id, transport, remoteAddress } = connection
        this.#begin(Kind.accepted, roomFor(remoteAddress))
        this.#writer.uint(Field.connection, number)
        this.#writer.uint(Field.listener, listener)
        this.#writer.text(Field.text, remoteAddress)
        this.#writer.uint(Field.transport, TRANSPORTS[transport])
        this.#writer.uint(Field.id, id)
        this.#writer.end()
      },
      () => accept(recorded),
    )
    return {
      opened: () =>
        this.#during(
          () => this.#input(Kind.opened, Field.connection, number),
          () => handler.opened(),
        ),
      message: (bytes, delivery) =>
        this.#during(
          () => this.#message(number, bytes, delivery),
          () => handler.message(bytes, delivery),
        ),
      closed: (code, reason) =>
        this.#during(
          () => this.#inputText(Kind.closed, number, reason, code),
          () => handler.closed(code, reason),
        ),
      drained: () =>
        this.#during(
          () => this.#input(Kind.drained, Field.connection, number),
          () => handler.drained?.(),
        ),
      ignored: (what) =>
        this.#during(
          () => this.#inputText(Kind.ignored, number, what),
          () => handler.ignored?.(what),
        ),
    }
  }

  #message(connection: number, bytes: Uint8Array, delivery: Delivery): void {
    const kept = this.#options.isRedacted === true ? redactMessage(bytes) : bytes
    this.#begin(Kind.message, kept.length)
    this.#payload(connection, kept, bytes.length, delivery)
    this.#writer.end()
  }

  #setTimer(delayMs: number, fire: () => void): Timer {
    const number = ++this.#timers
    const timer = this.#inner.setTimer(delayMs, () =>
      this.#during(() => this.#input(Kind.fired, Field.timer, number), fire),
    )
    this.#output(Kind.set_timer, () => {
      this.#writer.begin(Kind.set_timer, 0)
      this.#writer.double(Field.number, delayMs)
      this.#writer.end()
    })
    return {
      cancel: () => {
        this.#output(Kind.cancelled, () => this.#small(Kind.cancelled, Field.timer, number))
        timer.cancel()
      },
    }
  }

  #enterCall({ on, method, args }: OutsideCall): void {
    if (this.#depth++ > 0) {
      // A part of the program: of interest are only the definitions that it starts zones of.
      if (on === 'zones' && method === 'start') this.#noteDefinition(args[0])
      return
    }
    if (!this.#isStopped) this.#call(on, method, args)
  }

  #call(on: OutsideCall['on'] | 'program', method: string, args: readonly unknown[]): void {
    const call = { on: encodeTarget(on), method, args: [] as ValueData[] }
    let why: string | undefined
    try {
      call.args = args.map((arg) => encodeValue(arg, this.#references))
      if (this.#options.isRedacted === true) call.args = call.args.map(redactValue)
    } catch (error) {
      if (!(error instanceof Unrecordable)) throw error
      why = `${method} was called from outside with ${error.message.replace(' cannot be recorded', '')}`
    }
    const bytes = overworld_recording.call.encode(call).finish()
    this.#begin(Kind.called, bytes.length)
    this.#writer.blob(Field.call, bytes)
    this.#writer.end()
    if (why !== undefined) this.#unrecordable(why)
  }

  #noteDefinition(definition: unknown): void {
    if (typeof definition !== 'object' || definition === null || this.#definitions.has(definition)) return
    this.#definitions.set(definition, this.#definitions.size + 1)
  }

  readonly #references = {
    connectionNumber: ({ connection }: ClientLink): number | undefined =>
      connection instanceof RecordedConnection ? connection.number : undefined,
    definitionNumber: (definition: object): number | undefined => this.#definitions.get(definition),
  }

  // What was read

  #fill(bytes: Uint8Array): void {
    this.#options.random.fill(bytes)
    if (this.#isStopped || this.#depth === 0) return
    const kept = this.#options.isRedacted === true ? aliasOf(bytes) : bytes
    this.#writer.begin(Kind.random_bytes, kept.length)
    this.#writer.blob(Field.bytes, kept)
    if (kept !== bytes) this.#writer.uint(Field.length, bytes.length)
    this.#writer.end()
  }

  #uint32(): number {
    const number = this.#options.random.uint32()
    if (this.#isStopped || this.#depth === 0) return number
    this.#writer.begin(Kind.random_number, 0)
    this.#writer.double(Field.number, this.#options.isRedacted === true ? 0 : number)
    this.#writer.end()
    return number
  }

  // What comes out

  readonly #connectionWitness: ConnectionWitness = {
    buffered: (connection, size) => {
      if (this.#isStopped || this.#depth === 0) return
      this.#writer.begin(Kind.buffered, 0)
      this.#writer.uint(Field.connection, connection)
      this.#writer.double(Field.number, size)
      this.#writer.end()
    },
    sent: (connection, bytes, delivery) => {
      this.#output(Kind.sent, () => this.#sent(connection, bytes, delivery))
    },
    closed: (connection, code, reason) => {
      this.#output(Kind.close, () => {
        this.#writer.begin(Kind.close, roomFor(reason))
        this.#writer.uint(Field.connection, connection)
        this.#writer.uint(Field.code, code)
        if (reason !== '') this.#writer.text(Field.text, reason)
        this.#writer.end()
      })
    },
  }

  #sent(connection: number, bytes: Uint8Array, delivery: Delivery): void {
    // A broadcast hands the same bytes to everybody.
    if (bytes === this.#lastSent && delivery === this.#lastDelivery) {
      this.#small(Kind.sent_again, Field.connection, connection)
      return
    }
    if (this.#writer.length >= BLOCK_BYTES_MAX) this.#closeBlock()
    if (this.#isStopped) return
    const kept = this.#options.isRedacted === true ? redactMessage(bytes) : bytes
    this.#writer.begin(Kind.sent, kept.length)
    this.#payload(connection, kept, bytes.length, delivery)
    this.#writer.end()
    this.#lastSent = bytes
    this.#lastDelivery = delivery
  }

  #payload(connection: number, kept: Uint8Array, length: number, delivery: Delivery): void {
    const writer = this.#writer
    writer.uint(Field.connection, connection)
    writer.blob(Field.bytes, kept)
    if (delivery.mode !== 'reliable') writer.uint(Field.mode, MODES[delivery.mode])
    if (delivery.channel !== 0) writer.uint(Field.channel, delivery.channel)
    if (this.#options.isRedacted === true) writer.uint(Field.length, length)
  }

  /** What comes out where nothing went in has come in by a way that nobody sees. */
  #output(kind: number, write: () => void): void {
    if (this.#isStopped) return
    if (this.#depth > 0) write()
    else this.#unrecordable(`the server did something (${Kind[kind] ?? kind}) of which the recorder saw no cause`)
  }

  #small(kind: number, field: number, number: number): void {
    this.#writer.begin(kind, 0)
    this.#writer.uint(field, number)
    this.#writer.end()
  }

  #text(kind: number, text: string): void {
    this.#writer.begin(kind, roomFor(text))
    this.#writer.text(Field.text, text)
    this.#writer.end()
  }

  #plain(kind: number, text: string): void {
    if (this.#writer.length === 0) this.#blockSinceMs = this.#inner.now()
    this.#text(kind, text)
  }

  #unrecordable(why: string): void {
    this.#plain(Kind.unrecordable, why)
    if (!this.#isReplayable) return
    this.#isReplayable = false
    this.#warn(`from here on the recording cannot be replayed: ${why}`)
  }

  // Blocks

  #closeBlock(): void {
    const now = this.#inner.now()
    const { partBytesMax = PART_BYTES_MAX, partMsMax = PART_MS_MAX } = this.#options
    const isOver = this.#partBytes >= partBytesMax || now - this.#partSinceMs >= partMsMax
    const startsPart = this.#part < 0 || isOver
    if (startsPart) {
      this.#part++
      this.#partBytes = 0
      this.#partSinceMs = now
    }
    const head = this.#blockHead(startsPart)
    const records = this.#writer.bytes
    const payload = new Uint8Array(head.length + records.length)
    payload.set(head)
    payload.set(records, head.length)
    const frame = frameBlock(payload)
    const bytes = startsPart ? concat(SIGNATURE, frame) : frame
    this.#blockNumber++
    this.#partBytes += bytes.length
    this.#writer.clear()
    // Each block is read by itself.
    this.#lastSent = NO_BYTES
    this.#writtenMs = Number.NaN
    try {
      this.#options.sink.append(bytes, startsPart)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.stop('failed', `the recording has ended: it could not be written (${why}); the server goes on`)
    }
  }

  #blockHead(startsPart: boolean): Uint8Array {
    const { block } = overworld_recording
    if (!startsPart) return block.encode({ number: this.#blockNumber }).finish()
    const { recording, version = '', commit = '', startedAt = 0, configuration = {}, apps, isRedacted } = this.#options
    const { importedFrom = '' } = this.#options
    const header = {
      recording,
      part: this.#part,
      version,
      commit,
      started_at: startedAt,
      redacted: isRedacted === true,
      configuration: JSON.stringify(configuration, (_, value: unknown) => (value === Infinity ? 'never' : value)),
      apps: apps.map((app) => ({ name: app.name, prefix: app.prefix, schema_hash: schemaHashOf(app) })),
      clock: this.#startedMs,
      ...(importedFrom === '' ? {} : { imported_from: importedFrom }),
    }
    return block.encode({ number: this.#blockNumber, header }).finish()
  }

  #warn(warning: string): void {
    try {
      this.#options.onWarning?.(warning)
    } catch {
      // A recorder harms nobody.
    }
  }
}

interface ConnectionWitness {
  buffered(connection: number, size: number): void
  sent(connection: number, bytes: Uint8Array, delivery: Delivery): void
  closed(connection: number, code: number, reason: string): void
}

class RecordedConnection implements Connection {
  readonly id: number
  readonly transport: TransportName
  readonly remoteAddress: string
  readonly number: number
  readonly #inner: Connection
  readonly #witness: ConnectionWitness
  /** As it was last read. */
  #buffered = 0

  constructor(inner: Connection, number: number, witness: ConnectionWitness) {
    this.id = inner.id
    this.transport = inner.transport
    this.remoteAddress = inner.remoteAddress
    this.number = number
    this.#inner = inner
    this.#witness = witness
  }

  get bufferedBytes(): number {
    const size = this.#inner.bufferedBytes
    if (size !== this.#buffered) {
      this.#buffered = size
      this.#witness.buffered(this.number, size)
    }
    return size
  }

  send(bytes: Uint8Array, delivery?: Delivery): void {
    this.#witness.sent(this.number, bytes, delivery ?? RELIABLE)
    this.#inner.send(bytes, delivery)
  }

  close(code: number, reason = ''): void {
    this.#witness.closed(this.number, code, reason)
    this.#inner.close(code, reason)
  }
}

/** UTF-8 takes at most three bytes for each unit of UTF-16. */
function roomFor(text: string): number {
  return text.length * 3
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function nothing(): void {
  // Nobody waits for it.
}
