/**
 * Makes a packet capture of a recording: the connections as they would have been on the wire if nothing had been lost.
 * What a recording does not have is made up: ports, sequence numbers, masks, handshakes, acknowledgements.
 */
import type { Delivery } from '../../core/index.ts'
import { type Entry, type RecordingHeader, SIGN_OF_LIFE } from '../../recording/index.ts'
import { clientAddress, parseListened, serverAddressFor, type ListenedAt } from './addresses.ts'
import { EnetWriter } from './enet-writer.ts'
import type { Headless } from './headless.ts'
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
  /** Of those, so many had begun before the first file that is there. */
  beganBefore: number
  /** Connections within the process, which are on no wire. */
  inProcess: number
  /** Things said on connections that are closed, or known from nowhere. */
  leftOut: number
  /** Times the recording itself says that something is missing. */
  missing: number
}

/** Clients have ports of this many from the first on, one after the other. */
const FIRST_PORT = 10_000
const PORTS = 50_000

interface ToOpen {
  readonly connection: number
  readonly transport: 'websocket' | 'enet'
  readonly listener: number
  readonly address: string
}

/** Feed it one recording after the other. `write` gets the capture. */
export class RecordingExport {
  readonly counts: ExportedCounts = {
    packets: 0,
    websocket: 0,
    enet: 0,
    beganBefore: 0,
    inProcess: 0,
    leftOut: 0,
    missing: 0,
  }
  readonly #write: (bytes: Uint8Array) => void
  #connections = new Map<number, ConnectionWriter>()
  readonly #inProcess = new Set<number>()
  #listeners: ListenedAt[] = []
  /** Those that the recording does not begin with; which of them are over. */
  #headless: Headless = { isOfRecording: () => false, isEnet: () => false }
  readonly #headlessOver = new Set<number>()
  #nowMs = 0
  #startNs = 0n
  #startMs = 0

  constructor(application: string, write: (bytes: Uint8Array) => void) {
    this.#write = write
    write(pcapngHead(application))
  }

  /** `headless`: of a recording whose first file is not there. */
  begin({ startedAt, clockMs, configuration }: RecordingHeader, headless?: Headless): void {
    this.#connections = new Map()
    this.#inProcess.clear()
    this.#headlessOver.clear()
    this.#headless = headless ?? { isOfRecording: () => false, isEnet: () => false }
    this.#listeners = headless === undefined ? [] : addressesIn(configuration).map(parseListened)
    this.#nowMs = clockMs
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
        this.#writer(entry.connection)?.send('client', entry.bytes, entry.delivery)
        return
      case 'ignored':
        if (entry.what !== SIGN_OF_LIFE) this.#writer(entry.connection)?.sendText()
        return
      case 'sent':
        this.#writer(entry.connection)?.send('server', entry.bytes, entry.delivery)
        return
      case 'close':
        this.#writer(entry.connection)?.close(entry.code, entry.reason)
        return
      case 'closed':
        this.#writer(entry.connection)?.closed(entry.code, entry.reason)
        this.#connections.delete(entry.connection)
        this.#inProcess.delete(entry.connection)
        if (this.#headless.isOfRecording(entry.connection)) this.#headlessOver.add(entry.connection)
        return
      case 'missing':
        this.counts.missing++
        return
      default:
    }
  }

  /** Undefined: what is said on this connection is on no wire, or cannot be placed. */
  #writer(connection: number): ConnectionWriter | undefined {
    const known = this.#connections.get(connection)
    if (known !== undefined || this.#inProcess.has(connection)) return known
    if (!this.#headless.isOfRecording(connection) || this.#headlessOver.has(connection)) {
      this.counts.leftOut++
      return undefined
    }
    this.counts.beganBefore++
    const isEnet = this.#headless.isEnet(connection)
    const listener = this.#listeners.findIndex(({ scheme }) => (scheme === 'enet') === isEnet) + 1
    return this.#open({ connection, transport: isEnet ? 'enet' : 'websocket', listener, address: '' })
  }

  #accept({ connection, transport, ...where }: Entry & { kind: 'accepted' }): void {
    if (transport !== 'in-process') this.#open({ connection, transport, ...where })
    else {
      this.counts.inProcess++
      this.#inProcess.add(connection)
    }
  }

  #open({ connection, transport, listener, address }: ToOpen): ConnectionWriter {
    const { counts } = this
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
    return writer
  }

  #emit(packet: Uint8Array): void {
    this.counts.packets++
    const atNs = this.#startNs + BigInt(Math.round((this.#nowMs - this.#startMs) * 1e6))
    this.#write(pcapngPacket(atNs < 0n ? 0n : atNs, packet))
  }
}

/** As `overworld serve` writes them down; who records their own server may write there what they like. */
function addressesIn(configuration: string): readonly string[] {
  try {
    const { addresses } = JSON.parse(configuration) as { readonly addresses?: unknown }
    return Array.isArray(addresses) ? addresses.filter((address) => typeof address === 'string') : []
  } catch {
    return []
  }
}
