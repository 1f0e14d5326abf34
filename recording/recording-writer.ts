/**
 * Writes entries as a recording: collects them in blocks, and hands each block to a sink once it is long or old enough.
 *
 * Nothing that goes wrong here throws, for a recorder runs within a server: a recording that cannot be written ends, with a
 * warning. It does no I/O; `recordToFolder` of `overworld/transports` has a sink that writes files.
 */
import type { Delivery } from '../core/delivery.ts'
import type { Clock } from '../core/injected.ts'
import { BlockWriter, type BlockWriterOptions } from './block-writer.ts'
import { isInput, type Entry } from './entries.ts'
import { describeThrown, whenRejected } from './harmless.ts'
import { Records } from './records.ts'
import { Redaction } from './redact.ts'

export interface RecordingWriterOptions extends BlockWriterOptions {
  /** Only its time is read. */
  readonly clock: Pick<Clock, 'now'>
  readonly sink: RecordingSink
  /** Is called once for each reason why the recording has ended early or cannot be replayed as a whole. */
  readonly onWarning?: (warning: string) => void
}

export interface RecordingSink {
  /**
   * Takes the next bytes of the recording. `startsPart`: they are the beginning of a new file. What it throws ends the
   * recording; a sink that writes later reports a failure with `recorder.stop`. It must not call the server.
   */
  append(bytes: Uint8Array, startsPart: boolean): void
}

/** A block is closed once it is so long, or so old, at the next input. */
const BLOCK_BYTES = 64 * 1024
const BLOCK_MS = 250
/** And within a turn where it is as long as this: a reader holds a whole block in memory. */
const BLOCK_BYTES_MAX = 1024 * 1024
/** A reader takes a longer block for damage. */
const MESSAGE_BYTES_MAX = 32 * 1024 * 1024

export class RecordingWriter {
  readonly #options: RecordingWriterOptions
  /** Of the block that is not closed yet. */
  readonly #records: Records
  readonly #blocks: BlockWriter
  #isStopped = false
  #isReplayable: boolean
  /** The sink is given a block: nothing that it calls must close another. */
  #isInSink = false
  #blockSinceMs = 0

  constructor(options: RecordingWriterOptions) {
    const { isRedacted, importedFrom = '' } = options
    this.#options = options
    this.#records = new Records(isRedacted === true ? new Redaction() : undefined)
    this.#blocks = new BlockWriter(options, options.clock.now())
    this.#isReplayable = isRedacted !== true && importedFrom === ''
  }

  /** Whether the recording goes on. */
  get isRecording(): boolean {
    return !this.#isStopped
  }

  /** Whether all that was recorded so far can be replayed. */
  get isReplayable(): boolean {
    return this.#isReplayable
  }

  /** An output or a read belongs to the input before it. Reads an entry at once, and keeps the bytes of what was `sent`. */
  write(entry: Entry): void {
    if (this.#isStopped) return
    try {
      if (entry.kind === 'sent') this.#writeSent(entry.connection, entry.bytes, entry.delivery)
      else this.#write(entry)
    } catch (error) {
      this.#fail(error)
    }
    // Where it has failed, half a record is thrown away with the rest.
    if (this.#isStopped) this.#records.clear()
  }

  /** The same for an entry of the kind `sent`, without an object for it: most entries of a recording are of this kind. */
  writeSent(connection: number, bytes: Uint8Array, delivery: Delivery): void {
    if (this.#isStopped) return
    try {
      this.#writeSent(connection, bytes, delivery)
    } catch (error) {
      this.#fail(error)
    }
    if (this.#isStopped) this.#records.clear()
  }

  /** Hands what was written so far to the sink. To be called now and then: a server without inputs closes no blocks. */
  flush(): void {
    if (!this.#isStopped && this.#records.length > 0) this.#closeBlock()
  }

  /** Ends the recording. `warning`: if it has ended early. */
  stop(why = 'stopped', warning?: string): void {
    if (this.#isStopped) return
    if (warning === undefined && !this.#isInSink) {
      this.write({ kind: 'ended', why })
      this.#closeBlock()
    }
    // Writing the last block may have failed, and ended it.
    if (this.#isStopped) return
    this.#isStopped = true
    this.#records.clear()
    if (warning !== undefined) this.#warn(warning)
  }

  #write(entry: Entry): void {
    if (isInput(entry)) {
      // Before an input, so that a block has whole turns only.
      const { length } = this.#records
      if (length >= BLOCK_BYTES || (length > 0 && entry.atMs - this.#blockSinceMs >= BLOCK_MS)) this.#closeBlock()
      if (this.#records.length === 0) this.#blockSinceMs = entry.atMs
    } else if (this.#records.length === 0) {
      this.#blockSinceMs = this.#options.clock.now()
    }
    if (this.#isStopped) return
    this.#records.write(entry)
    if (entry.kind === 'unrecordable') this.#unrecordable(entry.why)
  }

  #writeSent(connection: number, bytes: Uint8Array, delivery: Delivery): void {
    if (bytes.length > MESSAGE_BYTES_MAX) {
      this.write({ kind: 'unrecordable', why: `a message of ${bytes.length} bytes was sent` })
      return
    }
    const records = this.#records
    if (records.length >= BLOCK_BYTES_MAX && !records.isSentAgain(bytes, delivery)) this.#closeBlock()
    if (this.#isStopped) return
    if (records.length === 0) this.#blockSinceMs = this.#options.clock.now()
    records.sent(connection, bytes, delivery)
  }

  #unrecordable(why: string): void {
    if (!this.#isReplayable) return
    this.#isReplayable = false
    this.#warn(`from here on the recording cannot be replayed: ${why}`)
  }

  #closeBlock(): void {
    if (this.#isInSink) return
    this.#isInSink = true
    try {
      const { bytes, startsPart } = this.#blocks.next(this.#records.bytes, this.#options.clock.now())
      // Before the sink is called: a sink that calls the server, out of its turns, causes the first records of the next block.
      this.#records.clear()
      const returned: unknown = this.#options.sink.append(bytes, startsPart)
      whenRejected(returned, (thrown) => this.#fail(thrown))
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#isInSink = false
    }
  }

  #fail(error: unknown): void {
    const why = describeThrown(error)
    this.stop('failed', `the recording has ended: it could not be written (${why}); the server goes on`)
  }

  #warn(warning: string): void {
    try {
      whenRejected(this.#options.onWarning?.(warning), () => undefined)
    } catch {
      // A recorder harms no server.
    }
  }
}
