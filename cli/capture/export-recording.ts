/**
 * Makes a packet capture of a recording: the connections as they would have been on the wire if nothing had been lost.
 * What a recording does not have is made up: ports, sequence numbers, masks, handshakes, acknowledgements.
 */
import type { Delivery, Entry, RecordingHeader } from '../../core/index.ts'
import { clientAddress, parseListened, serverAddressFor, type ListenedAt } from './addresses.ts'
import { EnetWriter } from './enet-writer.ts'
import { pcapngHead, pcapngPacket } from './pcapng-writer.ts'
import type { Side } from './tcp-writer.ts'
import { WebSocketWriter } from './websocket-writer.ts'

/** One connection on the wire. */
export interface ConnectionWriter {
  open(): void
  send(from: Side, bytes: Uint8Array, delivery: Delivery): void
  sendText(): void
  /** The server closes it. */
  close(code: number, reason: string): void
  closed(code: number, reason: string): void
}

export interface ExportedCounts {
  packets: number
  websocket: number
  enet: number
  /** Connections within the process, which are on no wire. */
  inProcess: number
}

/** Clients have ports of this many from the first on, one after the other. */
const FIRST_PORT = 10_000
const PORTS = 50_000

/** Feed it one recording after the other. `write` gets the capture. */
export class RecordingExport {
  readonly counts: ExportedCounts = { packets: 0, websocket: 0, enet: 0, inProcess: 0 }
  readonly #write: (bytes: Uint8Array) => void
  #connections = new Map<number, ConnectionWriter>()
  #listeners: ListenedAt[] = []
  #nowMs = 0
  #startNs = 0n
  #startMs = 0

  constructor(application: string, write: (bytes: Uint8Array) => void) {
    this.#write = write
    write(pcapngHead(application))
  }

  begin({ startedAt, clockMs }: RecordingHeader): void {
    this.#connections = new Map()
    this.#listeners = []
    this.#startNs = BigInt(Math.round(startedAt * 1e6))
    this.#startMs = clockMs
  }

  handle(entry: Entry): void {
    if ('atMs' in entry) this.#nowMs = entry.atMs
    switch (entry.kind) {
      case 'listened':
        this.#listeners.push(parseListened(entry.address))
        return
      case 'accepted':
        this.#accept(entry)
        return
      case 'message':
        this.#connections.get(entry.connection)?.send('client', entry.bytes, entry.delivery)
        return
      case 'ignored':
        this.#connections.get(entry.connection)?.sendText()
        return
      case 'sent':
        this.#connections.get(entry.connection)?.send('server', entry.bytes, entry.delivery)
        return
      case 'close':
        this.#connections.get(entry.connection)?.close(entry.code, entry.reason)
        return
      case 'closed':
        this.#connections.get(entry.connection)?.closed(entry.code, entry.reason)
        this.#connections.delete(entry.connection)
        return
      default:
    }
  }

  #accept({ connection, transport, listener, address }: Entry & { kind: 'accepted' }): void {
    const { counts } = this
    if (transport === 'in-process') {
      counts.inProcess++
      return
    }
    counts[transport]++
    const number = counts.websocket + counts.enet
    const scheme = transport === 'enet' ? 'enet' : 'ws'
    // The first file of the recording, which says so, may not be there.
    const listened = this.#listeners[listener - 1] ?? parseListened(`${scheme}://0.0.0.0`)
    const ip = clientAddress(address, number)
    const parts = {
      client: { address: ip, port: FIRST_PORT + (number % PORTS) },
      server: { address: serverAddressFor(ip, listened.address), port: listened.port },
      number,
      path: listened.path,
      nowMs: () => this.#nowMs,
      emit: (packet: Uint8Array) => this.#emit(packet),
    }
    const writer = transport === 'enet' ? new EnetWriter(parts) : new WebSocketWriter(parts)
    this.#connections.set(connection, writer)
    writer.open()
  }

  #emit(packet: Uint8Array): void {
    this.counts.packets++
    const atNs = this.#startNs + BigInt(Math.round((this.#nowMs - this.#startMs) * 1e6))
    this.#write(pcapngPacket(atNs < 0n ? 0n : atNs, packet))
  }
}
