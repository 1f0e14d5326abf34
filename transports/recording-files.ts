/**
 * Recordings as files: `NAME-0001.owrec`, `NAME-0002.owrec`, … in a folder, readable by their owner alone, for tokens
 * are secrets. Writing never waits and never harms the server: a disk that is full, fails or is too slow ends the
 * recording with a warning. What was handed to the system survives the end of the process, however it comes.
 *
 * Leaves out when a new file begins, which the recorder says, and reading (`find-recordings.ts`,
 * `recording-file-reader.ts`).
 */
import { randomBytes } from 'node:crypto'
import { close, open, write } from 'node:fs'
import path from 'node:path'
import type { Network, ServerProgram } from '../core/index.ts'
import { recordServer, type RecordedServer, type RecorderOptions, type RecordingSink } from '../recording/index.ts'
import { libraryVersion } from './library-version.ts'
import { RECORDING_SUFFIX } from './find-recordings.ts'
import { makeFolder } from './make-folder.ts'

/** So much may wait for a slow disk. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024
/** A server that hears nothing closes no blocks by itself. */
const FLUSH_EVERY_MS = 1_000

export interface RecordToFolderOptions extends Omit<RecorderOptions, 'apps' | 'sink' | 'recording' | 'startedAt'> {
  /** Made if it is not there. */
  readonly folder: string
}

export interface RecordingToFolder extends RecordedServer {
  /** The beginning of the files' names. */
  readonly name: string
  /** Ends the recording; resolves once everything is written. */
  end(why?: string): Promise<void>
}

/** Boots `program`, and records it into `folder`. Throws what making the folder throws. */
export function recordToFolder(
  program: ServerProgram,
  network: Network,
  { folder, ...options }: RecordToFolderOptions,
): RecordingToFolder {
  const startedAt = Date.now()
  const stamp = new Date(startedAt).toISOString().replaceAll(/[:.]/g, '-')
  const name = `${stamp}-${randomBytes(4).toString('hex')}`
  makeFolder(folder, 0o700)
  const files = new RecordingFiles(path.join(folder, name), (error) => {
    const why = `the recording has ended: it could not be written (${error.message}); the server goes on`
    // What had waited for the disk when the recording was ended may still fail.
    if (recorded.recorder.isRecording) recorded.recorder.stop('failed', why)
    else options.onWarning?.(why)
  })
  const own = { startedAt, recording: name, sink: files }
  const recorded = recordServer(program, network, { version: libraryVersion(), ...options, ...own })
  const flushing = setInterval(() => recorded.recorder.flush(), FLUSH_EVERY_MS)
  flushing.unref()
  return {
    ...recorded,
    name,
    async end(why) {
      clearInterval(flushing)
      recorded.recorder.stop(why)
      await files.written()
    },
  }
}

interface Waiting {
  readonly bytes: Uint8Array
  readonly startsPart: boolean
}

/** One write at a time, in order; what comes meanwhile waits. */
class RecordingFiles implements RecordingSink {
  readonly #prefix: string
  readonly #onFailed: (error: Error) => void
  readonly #waiting: Waiting[] = []
  #waitingBytes = 0
  #part = 0
  #file: number | undefined
  #isBusy = false
  #hasFailed = false
  readonly #onWritten: (() => void)[] = []

  constructor(prefix: string, onFailed: (error: Error) => void) {
    this.#prefix = prefix
    this.#onFailed = onFailed
  }

  append(bytes: Uint8Array, startsPart: boolean): void {
    if (this.#hasFailed) return
    this.#waiting.push({ bytes, startsPart })
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes > WAITING_BYTES_MAX) {
      this.#fail(new Error(`the disk is too slow: ${this.#waitingBytes} bytes are waiting for it`))
    }
    if (!this.#isBusy) this.#next()
  }

  /** Resolves once nothing waits, and closes the file. */
  written(): Promise<void> {
    return new Promise((resolve) => {
      this.#onWritten.push(resolve)
      if (!this.#isBusy) this.#next()
    })
  }

  #next(): void {
    const next = this.#waiting.shift()
    this.#isBusy = next !== undefined
    if (next === undefined) {
      if (this.#hasFailed || this.#onWritten.length > 0)
        this.#closeFile(() => this.#onWritten.splice(0).forEach((resolve) => resolve()))
      return
    }
    this.#waitingBytes -= next.bytes.length
    if (next.startsPart) this.#closeFile(() => this.#open(next.bytes))
    else this.#write(next.bytes, 0)
  }

  #open(bytes: Uint8Array): void {
    const file = `${this.#prefix}-${String(++this.#part).padStart(4, '0')}${RECORDING_SUFFIX}`
    open(file, 'wx', 0o600, (error, opened) => {
      if (error === null) {
        this.#file = opened
        this.#write(bytes, 0)
      } else {
        this.#fail(error)
        this.#next()
      }
    })
  }

  #write(bytes: Uint8Array, from: number): void {
    if (this.#file === undefined) {
      this.#next()
      return
    }
    write(this.#file, bytes, from, bytes.length - from, null, (error, count) => {
      if (error !== null) this.#fail(error)
      else if (from + count < bytes.length) {
        this.#write(bytes, from + count)
        return
      }
      this.#next()
    })
  }

  /** Nothing more is taken. What comes next closes the file, but never while a write to it goes on. */
  #fail(error: Error): void {
    this.#waiting.length = 0
    this.#waitingBytes = 0
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#onFailed(error)
  }

  #closeFile(done: () => void): void {
    const file = this.#file
    this.#file = undefined
    if (file === undefined) done()
    // That closing fails says nothing about what was written.
    else close(file, () => done())
  }
}
