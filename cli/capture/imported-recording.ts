/**
 * Writes what was seen on the wire as a recording of a server that only listens, whose clock says what the capture says.
 * Keeps each connection to what a transport guarantees: nothing is heard after the server has closed it, and nothing at
 * all after it is closed.
 */
import { CloseCode, RELIABLE, type Delivery } from '../../core/index.ts'
import { RecordingWriter, type Output, type RecordingWriterOptions } from '../../recording/index.ts'

/** Of a connection that is not in the capture from its beginning. */
export const BEGAN_BEFORE = 'its beginning, which was before the capture'

export interface ImportedRecordingOptions extends Pick<
  RecordingWriterOptions,
  'sink' | 'recording' | 'version' | 'commit' | 'startedAt' | 'partBytesMax' | 'isRedacted'
> {
  readonly importedFrom: string
  /** `ws://0.0.0.0:4433/ws`, `enet://0.0.0.0:4483` */
  readonly addresses: readonly string[]
}

export class ImportedRecording {
  readonly #writer: RecordingWriter
  readonly #addresses: readonly string[]
  #nowMs = 0
  readonly connections = { websocket: 0, enet: 0 }
  heard = 0
  said = 0

  constructor({ addresses, ...options }: ImportedRecordingOptions) {
    this.#addresses = addresses
    this.#writer = new RecordingWriter({
      ...options,
      clock: { now: () => this.#nowMs },
      apps: [],
      // A file that is long in time is not long.
      partMsMax: Infinity,
      configuration: { addresses, server: {} },
    })
    this.#writer.write({ kind: 'boot', atMs: this.#nowMs })
    for (const address of addresses) this.#writer.write({ kind: 'listened', address })
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** Since the beginning. False: it is earlier than it was, and stays as late. */
  advanceTo(nowMs: number): boolean {
    if (nowMs < this.#nowMs) return false
    this.#nowMs = nowMs
    return true
  }

  /** A connection has come to the listener at `address`, and is open. */
  accept(address: string, remoteAddress: string): ImportedConnection {
    const listener = this.#addresses.indexOf(address) + 1
    if (listener === 0) throw new Error(`nobody listens on ${address}`)
    const transport = address.startsWith('enet:') ? 'enet' : 'websocket'
    this.connections[transport]++
    const connection = this.connections.websocket + this.connections.enet
    const atMs = this.#nowMs
    const id = connection
    this.#writer.write({ kind: 'accepted', atMs, connection, listener, id, transport, address: remoteAddress })
    this.#writer.write({ kind: 'opened', atMs, connection })
    return new ImportedConnection(connection, this, this.#writer)
  }

  end(why: string): void {
    this.#writer.stop(why)
  }
}

export class ImportedConnection {
  readonly number: number
  readonly #recording: ImportedRecording
  readonly #writer: RecordingWriter
  #status: 'open' | 'closing' | 'closed' = 'open'

  constructor(number: number, recording: ImportedRecording, writer: RecordingWriter) {
    this.number = number
    this.#recording = recording
    this.#writer = writer
  }

  /** The server has heard a message. */
  heard(bytes: Uint8Array, delivery: Delivery = RELIABLE): void {
    if (this.#status !== 'open') return
    this.#recording.heard++
    const { length } = bytes
    this.#writer.write({ kind: 'message', atMs: this.#nowMs, connection: this.number, bytes, delivery, length })
  }

  ignored(what: 'text_frame'): void {
    if (this.#status !== 'open') return
    this.#writer.write({ kind: 'ignored', atMs: this.#nowMs, connection: this.number, what })
  }

  /** The server has sent a message. */
  said(bytes: Uint8Array, delivery: Delivery = RELIABLE): void {
    if (this.#status !== 'open') return
    this.#recording.said++
    this.#output({ kind: 'sent', connection: this.number, bytes, delivery, length: bytes.length })
  }

  missing(what: string): void {
    if (this.#status === 'closed') return
    this.#writer.write({ kind: 'missing', atMs: this.#nowMs, connection: this.number, what })
  }

  /** The server closes it. */
  close(code: number, reason: string): void {
    if (this.#status !== 'open') return
    this.#status = 'closing'
    this.#output({ kind: 'close', connection: this.number, code, reason })
  }

  /** The connection is over. */
  closed(code: number, reason: string): void {
    if (this.#status === 'closed') return
    this.#status = 'closed'
    this.#writer.write({ kind: 'closed', atMs: this.#nowMs, connection: this.number, code, reason })
  }

  get #nowMs(): number {
    return this.#recording.nowMs
  }

  /** Its cause is unknown: an input that says only what time it was comes before it. */
  #output(output: Output): void {
    this.#writer.write({ kind: 'elapsed', atMs: this.#nowMs })
    this.#writer.write(output)
  }
}

/** Whether a server of ours closes connections with `code`, and not the library under it. */
export function isOurCloseCode(code: number): boolean {
  return code === CloseCode.normal || (code >= 4000 && code <= 4999)
}
