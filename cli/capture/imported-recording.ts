/**
 * Writes what was seen on the wire as a recording: by way of a recorder around a server that only listens, whose
 * clock says what the capture says. Keeps each connection to what a transport guarantees: nothing is heard after the
 * server has closed it, and nothing at all after it is closed.
 */
import {
  CloseCode,
  RELIABLE,
  type Accept,
  type Connection,
  type ConnectionHandler,
  type Delivery,
  type Network,
} from '../../core/index.ts'
import { Recorder, type RecorderOptions } from '../../recording/index.ts'

/** Of a connection that is not in the capture from its beginning. */
export const BEGAN_BEFORE = 'its beginning, which was before the capture'

export interface ImportedRecordingOptions extends Pick<
  RecorderOptions,
  'sink' | 'recording' | 'version' | 'commit' | 'startedAt' | 'partBytesMax' | 'isRedacted'
> {
  readonly importedFrom: string
  /** `ws://0.0.0.0:4433/ws`, `enet://0.0.0.0:4483` */
  readonly addresses: readonly string[]
}

export class ImportedRecording {
  readonly #recorder: Recorder
  readonly #listeners = new Map<string, Accept>()
  #accepted: Connection | undefined
  #nowMs = 0
  readonly connections = { websocket: 0, enet: 0 }
  heard = 0
  said = 0

  constructor({ addresses, ...options }: ImportedRecordingOptions) {
    this.#recorder = new Recorder({
      ...options,
      clock: { now: () => this.#nowMs, setTimer: noTimers },
      random: { fill: () => undefined, uint32: () => 0 },
      apps: [],
      // A file that is long in time is not long.
      partMsMax: Infinity,
      configuration: { addresses, server: {} },
    })
    const network = this.#recorder.network(this.#network)
    this.#recorder.boot(() => {
      for (const address of addresses) network.listen(address, (connection) => this.#accept(connection))
    })
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
    const accept = this.#listeners.get(address)
    if (accept === undefined) throw new Error(`nobody listens on ${address}`)
    const transport = address.startsWith('enet:') ? 'enet' : 'websocket'
    this.connections[transport]++
    const id = this.connections.websocket + this.connections.enet
    const handler = accept({
      id,
      transport,
      remoteAddress,
      bufferedBytes: 0,
      send: () => undefined,
      close: () => undefined,
    })
    handler.opened()
    return new ImportedConnection(id, this, this.#recorder, this.#accepted as Connection, handler)
  }

  end(why: string): void {
    this.#recorder.stop(why)
  }

  readonly #network: Network = {
    listen: (address, accept) => {
      this.#listeners.set(address, accept)
      return { address, close: () => undefined }
    },
    connect: () => {
      throw new Error('an import dials nobody')
    },
  }

  #accept(connection: Connection): ConnectionHandler {
    this.#accepted = connection
    return { opened: () => undefined, message: () => undefined, closed: () => undefined, ignored: () => undefined }
  }
}

export class ImportedConnection {
  readonly number: number
  readonly #recording: ImportedRecording
  readonly #recorder: Recorder
  readonly #connection: Connection
  readonly #handler: ConnectionHandler
  #status: 'open' | 'closing' | 'closed' = 'open'

  constructor(
    number: number,
    recording: ImportedRecording,
    recorder: Recorder,
    connection: Connection,
    handler: ConnectionHandler,
  ) {
    this.number = number
    this.#recording = recording
    this.#recorder = recorder
    this.#connection = connection
    this.#handler = handler
  }

  /** The server has heard a message. */
  heard(bytes: Uint8Array, delivery: Delivery = RELIABLE): void {
    if (this.#status !== 'open') return
    this.#recording.heard++
    this.#handler.message(bytes, delivery)
  }

  ignored(what: 'text_frame'): void {
    if (this.#status === 'open') this.#handler.ignored?.(what)
  }

  /** The server has sent a message. */
  said(bytes: Uint8Array, delivery: Delivery = RELIABLE): void {
    if (this.#status !== 'open') return
    this.#recording.said++
    this.#recorder.elapsed(() => this.#connection.send(bytes, delivery))
  }

  missing(what: string): void {
    if (this.#status !== 'closed') this.#recorder.missing(this.#connection, what)
  }

  /** The server closes it. */
  close(code: number, reason: string): void {
    if (this.#status !== 'open') return
    this.#status = 'closing'
    this.#recorder.elapsed(() => this.#connection.close(code, reason))
  }

  /** The connection is over. */
  closed(code: number, reason: string): void {
    if (this.#status === 'closed') return
    this.#status = 'closed'
    this.#handler.closed(code, reason)
  }
}

/** Whether a server of ours closes connections with `code`, and not the library under it. */
export function isOurCloseCode(code: number): boolean {
  return code === CloseCode.normal || (code >= 4000 && code <= 4999)
}

function noTimers(): never {
  throw new Error('an import sets no timers')
}
