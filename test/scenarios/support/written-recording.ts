/** A recording written by hand: what a server heard, and what it told its clients. */
import { protocol, RELIABLE, type AnyApp, type Delivery, type Entry, type RecordingHeader } from 'overworld'
import { scenarioOfRecording, type RecordingScenario } from 'overworld/scenarios'
import { referenceApps } from './reference-apps.ts'

export const HEADER: RecordingHeader = {
  recording: 'by-hand',
  part: 0,
  version: '0',
  commit: '',
  startedAt: 0,
  configuration: '{}',
  apps: [],
  isRedacted: false,
  clockMs: 0,
  importedFrom: '',
}

export class WrittenRecording {
  readonly entries: Entry[] = []
  #atMs = 0

  /** What follows happens then. */
  at(ms: number): this {
    this.#atMs = ms
    return this
  }

  accepted(connection: number, transport: 'websocket' | 'enet' = 'websocket'): this {
    const id = connection
    return this.#add({ kind: 'accepted', connection, listener: 1, id, transport, address: '10.0.0.1' })
  }

  requested(connection: number, token?: string): this {
    const message = token === undefined ? {} : { reconnect_token: bytesOf(token) }
    return this.heard(connection, protocol.codec.encode('session_request', message))
  }

  /** It was given a session, with this token from now on. */
  told(connection: number, id: number, token: string): this {
    const bytes = protocol.codec.encode('session_new', { id, reconnect_token: bytesOf(token) })
    return this.#add({ kind: 'sent', connection, bytes, delivery: RELIABLE, length: bytes.length })
  }

  said(connection: number, app: AnyApp, type: string, message: object, delivery: Delivery = RELIABLE): this {
    return this.heard(connection, app.codec.encode(type, message), delivery)
  }

  heard(connection: number, bytes: Uint8Array, delivery: Delivery = RELIABLE): this {
    return this.#add({ kind: 'message', connection, bytes, delivery, length: bytes.length })
  }

  closing(connection: number, code: number): this {
    return this.#add({ kind: 'close', connection, code, reason: '' })
  }

  closed(connection: number, code: number): this {
    return this.#add({ kind: 'closed', connection, code, reason: '' })
  }

  called(call: Extract<Entry, { kind: 'called' }>['call']): this {
    return this.#add({ kind: 'called', call })
  }

  closesListener(): this {
    return this.#add({ kind: 'close_listener', listener: 1 })
  }

  asScenario(header: Partial<RecordingHeader> = {}): RecordingScenario {
    const apps = referenceApps.map(({ app }) => app)
    return scenarioOfRecording({ header: { ...HEADER, ...header }, entries: this.entries, apps })
  }

  #add(entry: Placed<Entry>): this {
    const isInput = !['sent', 'close', 'close_listener'].includes(entry.kind)
    this.entries.push((isInput ? { ...entry, atMs: this.#atMs } : entry) as Entry)
    return this
  }
}

type Placed<T> = T extends unknown ? Omit<T, 'atMs'> : never

function bytesOf(token: string): Uint8Array {
  return Uint8Array.from({ length: 24 }, (_, at) => token.charCodeAt(at % token.length))
}
