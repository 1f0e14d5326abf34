/**
 * Writes down everything that goes into a server and comes out of it, so that the same can happen again in the
 * simulator (`overworld/sim`, `replay`). It decorates the clock, the randomness and the network that a server is
 * given, and sees the calls from outside through its one door.
 *
 * While an input is carried out the clock stands still, which it does within a turn anyway: so an input has one time,
 * and no reading of the clock need be written down.
 *
 * Nothing that goes wrong here harms the server: a recording that cannot be written is given up, with a warning. So each
 * record is written within `#safely`, arguments are looked at before the input begins that they belong to, and `#depth` is
 * balanced whatever throws. It does no I/O; `recordToFolder` of `overworld/transports` has a sink that writes files.
 */
import type { Delivery } from '../core/delivery.ts'
import { assert } from '../core/errors.ts'
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
} from '../core/injected.ts'
import type { CallWitness, OutsideCall } from '../core/turns/outside-calls.ts'
import type { ClientLink } from '../core/session/client-link.ts'
import { BlockWriter, type BlockWriterOptions } from './block-writer.ts'
import { SIGN_OF_LIFE, type CallData } from './entries.ts'
import { RecordedConnection, type ConnectionWitness } from './recorded-connection.ts'
import { describeThrown, whenRejected } from './harmless.ts'
import { Kind, Records } from './records.ts'
import { Redaction } from './redact.ts'
import { encodeArguments, encodeTarget, Unrecordable } from './values.ts'

export interface RecorderOptions extends BlockWriterOptions {
  readonly clock: Clock
  readonly random: Random
  /** Hears, once each, why a recording has ended early or cannot be replayed as a whole. */
  readonly onWarning?: (warning: string) => void
}

/** A block is closed once it is so long, or so old, at the next input. */
const BLOCK_BYTES = 64 * 1024
const BLOCK_MS = 250
/** And within a turn where it is as long as this: whoever reads it holds it in memory. */
const BLOCK_BYTES_MAX = 1024 * 1024
/** A reader takes a longer block for damage. */
const MESSAGE_BYTES_MAX = 32 * 1024 * 1024

/** Make one for each server, hand the server `clock`, `random`, `calls` and `network(…)`, and make it in `boot`. */
export class Recorder {
  readonly clock: Clock
  readonly random: Random
  readonly calls: CallWitness
  readonly #options: RecorderOptions
  readonly #inner: Clock
  /** Of the block that is not closed yet. */
  readonly #records: Records
  readonly #blocks: BlockWriter
  #isStopped = false
  #isReplayable = true
  /** The sink has a block: what it calls must not write another. */
  #isInSink = false
  /** What the sink did that the recording does not have. */
  #sinkCalled: string | undefined
  /** How deep within an input: 0 is outside. */
  #depth = 0
  /** The time of the input that is carried out. */
  #nowMs = 0
  #blockSinceMs = 0
  #connections = 0
  #listeners = 0
  #timers = 0
  readonly #definitions = new Map<object, number>()

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#inner = options.clock
    this.#records = new Records(options.isRedacted === true ? new Redaction() : undefined)
    this.#blocks = new BlockWriter(options, options.clock.now())
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
    return this.#during(() => this.#records.input(this.#begin(), Kind.boot), run)
  }

  /**
   * The program's own code does something to the server that takes more than plain data (an NPC with a receiver of
   * its own): `run` is not written down, but its `name` and `args`, with which a replay runs it again.
   */
  command<T>(name: string, args: readonly unknown[], run: () => T): T {
    const call = this.#isOutside ? this.#lookAt('program', name, args) : undefined
    return this.#during(() => this.#called(call), run)
  }

  /** For imports: what `run` does went out now, and of what came in before it nothing is known. */
  elapsed(run: () => void): void {
    this.#during(() => this.#records.input(this.#begin(), Kind.elapsed), run)
  }

  /** For imports: of what came in or went out on one of this recorder's connections there is no more than these words. */
  missing(connection: Connection, what: string): void {
    assert(connection instanceof RecordedConnection, 'a connection of another recorder')
    this.#during(() => this.#records.remark(this.#begin(), Kind.missing, connection.number, what), nothing)
  }

  network(network: Network): Network {
    return {
      listen: (address, accept, events) => this.#listen(network, address, accept, events),
      connect: (address, handler) => network.connect(address, handler),
    }
  }

  /** Hands what was written so far to the sink. Call it now and then, for a server that hears nothing hands on nothing. */
  flush(): void {
    if (this.#isStopped || this.#isInSink || this.#depth > 0 || this.#records.length === 0) return
    this.#closeBlock()
  }

  /** Ends the recording. The server goes on as if there had been none. `warning`: if it has ended early. */
  stop(why = 'stopped', warning?: string): void {
    if (this.#isStopped) return
    if (warning === undefined && !this.#isInSink) {
      this.#safely(() => this.#note(Kind.ended, why))
      this.#closeBlock()
    }
    // Writing the last block may have failed, and ended it.
    if (this.#isStopped) return
    this.#isStopped = true
    this.#records.clear()
    if (warning !== undefined) this.#warn(warning)
  }

  // What goes in

  #during<T>(write: () => void, run: () => T): T {
    if (this.#depth++ === 0) this.#safely(write)
    try {
      return run()
    } finally {
      this.#depth--
    }
  }

  #now(): number {
    return this.#depth > 0 && !this.#isStopped ? this.#nowMs : this.#inner.now()
  }

  /**
   * The time of an input that comes now. Its block is closed first where it is time, so that a block has whole turns
   * only. Where that fails the recording is over, and what is written after it is thrown away.
   */
  #begin(): number {
    const now = this.#inner.now()
    const { length } = this.#records
    if (length >= BLOCK_BYTES || (length > 0 && now - this.#blockSinceMs >= BLOCK_MS)) this.#closeBlock()
    if (this.#records.length === 0) this.#blockSinceMs = now
    this.#nowMs = now
    return now
  }

  #listen(network: Network, address: string, accept: Accept, events: ListenerEvents | undefined): Listener {
    const number = ++this.#listeners
    const records = this.#records
    this.#output(Kind.listened, () => records.said(Kind.listened, address))
    const listener = network.listen(address, (connection) => this.#accept(number, connection, accept), events)
    return {
      get address() {
        return listener.address
      },
      close: (done) => {
        this.#output(Kind.close_listener, () => records.done(Kind.close_listener, 'listener', number))
        listener.close(() =>
          this.#during(() => records.input(this.#begin(), Kind.listener_closed, 'listener', number), done ?? nothing),
        )
      },
    }
  }

  #accept(listener: number, connection: Connection, accept: Accept): ConnectionHandler {
    const number = ++this.#connections
    const records = this.#records
    const recorded = new RecordedConnection(connection, number, this.#connectionWitness)
    const handler = this.#during(
      () => records.accepted(this.#begin(), number, listener, connection),
      () => accept(recorded),
    )
    return {
      patienceMs: handler.patienceMs,
      opened: () =>
        this.#during(
          () => records.input(this.#begin(), Kind.opened, 'connection', number),
          () => handler.opened(),
        ),
      message: (bytes, delivery) =>
        this.#during(
          () => records.message(this.#begin(), number, bytes, delivery),
          () => handler.message(bytes, delivery),
        ),
      closed: (code, reason) =>
        this.#during(
          () => records.closed(this.#begin(), number, code, reason),
          () => handler.closed(code, reason),
        ),
      drained: () =>
        this.#during(
          () => records.input(this.#begin(), Kind.drained, 'connection', number),
          () => handler.drained?.(),
        ),
      alive: () =>
        this.#during(
          () => records.remark(this.#begin(), Kind.ignored, number, SIGN_OF_LIFE),
          () => handler.alive?.(),
        ),
      ignored: (what) =>
        this.#during(
          () => records.remark(this.#begin(), Kind.ignored, number, what),
          () => handler.ignored?.(what),
        ),
    }
  }

  #setTimer(delayMs: number, fire: () => void): Timer {
    const number = ++this.#timers
    const records = this.#records
    const timer = this.#inner.setTimer(delayMs, () =>
      this.#during(() => records.input(this.#begin(), Kind.fired, 'timer', number), fire),
    )
    this.#output(Kind.set_timer, () => records.setTimer(delayMs))
    return {
      cancel: () => {
        this.#output(Kind.cancelled, () => records.done(Kind.cancelled, 'timer', number))
        timer.cancel()
      },
    }
  }

  #enterCall({ on, method, args }: OutsideCall): void {
    if (this.#isOutside) {
      const call = this.#lookAt(on, method, args)
      this.#depth++
      this.#safely(() => this.#called(call))
      return
    }
    this.#depth++
    // A part of the program: of interest are only the definitions that it starts zones of.
    if (on === 'zones' && method === 'start') this.#noteDefinition(args[0])
    if (this.#isInSink) this.#sinkCalled = `the recording's sink called ${method}`
  }

  get #isOutside(): boolean {
    return this.#depth === 0 && !this.#isStopped
  }

  /**
   * Before the input begins: what a trap of an argument calls is an input of its own, which comes first. Throws nothing;
   * `why`: the arguments cannot be written down.
   */
  #lookAt(on: OutsideCall['on'] | 'program', method: string, args: readonly unknown[]): LookedAt {
    try {
      return { call: { on: encodeTarget(on), method, args: encodeArguments(args, this.#references) }, why: undefined }
    } catch (error) {
      const what = error instanceof Unrecordable ? error.what : `an argument that throws (${describeThrown(error)})`
      return { call: { on: encodeTarget(on), method, args: [] }, why: `${method} was called from outside with ${what}` }
    }
  }

  #called(looked: LookedAt | undefined): void {
    // What an argument called has ended the recording meanwhile.
    if (looked === undefined || this.#isStopped) return
    this.#records.called(this.#begin(), looked.call)
    if (looked.why !== undefined) this.#unrecordable(looked.why)
  }

  #noteDefinition(definition: unknown): void {
    if (typeof definition !== 'object' || definition === null || this.#definitions.has(definition)) return
    this.#definitions.set(definition, this.#definitions.size + 1)
  }

  readonly #references = {
    appPrefix: (value: object): number | undefined => this.#options.apps.find((app) => app === value)?.prefix,
    connectionNumber: ({ connection: { inner } }: ClientLink): number | undefined =>
      inner instanceof RecordedConnection ? inner.number : undefined,
    definitionNumber: (definition: object): number | undefined => this.#definitions.get(definition),
  }

  // What was read

  #fill(bytes: Uint8Array): void {
    this.#options.random.fill(bytes)
    if (this.#isWithinInput) this.#safely(() => this.#records.randomBytes(bytes))
  }

  #uint32(): number {
    const number = this.#options.random.uint32()
    if (this.#isWithinInput) this.#safely(() => this.#records.randomNumber(number))
    return number
  }

  get #isWithinInput(): boolean {
    return !this.#isStopped && this.#depth > 0
  }

  // What comes out

  readonly #connectionWitness: ConnectionWitness = {
    buffered: (connection, size) => {
      const isWritten = this.#isWithinInput
      if (isWritten) this.#safely(() => this.#records.buffered(connection, size))
      return isWritten
    },
    sent: (connection, bytes, delivery) => {
      this.#output(Kind.sent, () => this.#sent(connection, bytes, delivery))
    },
    closed: (connection, code, reason) => {
      this.#output(Kind.close, () => this.#records.close(connection, code, reason))
    },
  }

  #sent(connection: number, bytes: Uint8Array, delivery: Delivery): void {
    if (bytes.length > MESSAGE_BYTES_MAX) {
      this.#unrecordable(`a message of ${bytes.length} bytes was sent`)
      return
    }
    const isLong = this.#records.length >= BLOCK_BYTES_MAX
    if (isLong && !this.#records.isSentAgain(bytes, delivery)) this.#closeBlock()
    if (!this.#isStopped) this.#records.sent(connection, bytes, delivery)
  }

  /** What comes out where nothing went in has come in by a way that nobody sees. */
  #output(kind: number, write: () => void): void {
    if (this.#isStopped) return
    if (this.#depth > 0) this.#safely(write)
    else this.#unrecordable(`the server did something (${Kind[kind] ?? kind}) of which the recorder saw no cause`)
  }

  // The recording itself

  #note(kind: number, text: string): void {
    if (this.#records.length === 0) this.#blockSinceMs = this.#inner.now()
    this.#records.said(kind, text)
  }

  /** Writes a record. Where that fails the recording has ended, and half a record is thrown away with the rest. */
  #safely(write: () => void): void {
    if (this.#isStopped) return
    try {
      write()
    } catch (error) {
      this.#fail(error)
    }
    if (this.#isStopped) this.#records.clear()
  }

  #fail(error: unknown): void {
    const why = describeThrown(error)
    this.stop('failed', `the recording has ended: it could not be written (${why}); the server goes on`)
  }

  #unrecordable(why: string): void {
    this.#safely(() => this.#note(Kind.unrecordable, why))
    if (!this.#isReplayable) return
    this.#isReplayable = false
    this.#warn(`from here on the recording cannot be replayed: ${why}`)
  }

  #closeBlock(): void {
    if (this.#isInSink) return
    this.#isInSink = true
    // What the sink calls of the server belongs to no input.
    this.#depth++
    try {
      whenRejected(this.#blocks.write(this.#records.bytes, this.#inner.now()), (thrown) => this.#fail(thrown))
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#depth--
      this.#isInSink = false
    }
    this.#records.clear()
    const called = this.#sinkCalled
    this.#sinkCalled = undefined
    if (called !== undefined) this.#unrecordable(called)
  }

  #warn(warning: string): void {
    try {
      whenRejected(this.#options.onWarning?.(warning), nothing)
    } catch {
      // A recorder harms nobody.
    }
  }
}

interface LookedAt {
  readonly call: CallData
  /** In words, why the arguments are not in it. */
  readonly why: string | undefined
}

function nothing(): void {
  // Nobody waits for it.
}
