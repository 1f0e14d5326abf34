/** Makes the packets of one TCP connection: its handshake, what both sides send, and its end. */
import { tcpPacket, type Endpoint, type SegmentToWrite } from './ip-writer.ts'

export type Side = 'client' | 'server'

/** What fits into an Ethernet frame. */
const SEGMENT_BYTES = 1_440
/** Well below the window, so that nobody seems to wait for room. */
const UNACKNOWLEDGED_MAX = 16 * 1024

interface End {
  readonly endpoint: Endpoint
  next: number
  /** Sent since the other side has last said that it heard it. */
  unacknowledged: number
}

export class TcpWriter {
  readonly #ends: Readonly<Record<Side, End>>
  readonly #emit: (packet: Uint8Array) => void

  /** `sequence`: where the numbers of the bytes begin. */
  constructor(client: Endpoint, server: Endpoint, sequence: number, emit: (packet: Uint8Array) => void) {
    this.#ends = {
      client: { endpoint: client, next: sequence >>> 0, unacknowledged: 0 },
      server: { endpoint: server, next: ~sequence >>> 0, unacknowledged: 0 },
    }
    this.#emit = emit
  }

  open(): void {
    const { client } = this.#ends
    this.#emit(
      tcpPacket(client.endpoint, this.#ends.server.endpoint, {
        sequence: client.next,
        acknowledged: undefined,
        isSyn: true,
      }),
    )
    this.#count(client, 1)
    this.#write('server', { isSyn: true })
    this.#write('client', {})
  }

  send(from: Side, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += SEGMENT_BYTES) {
      this.#write(from, { payload: bytes.subarray(at, at + SEGMENT_BYTES) })
      if (this.#ends[from].unacknowledged > UNACKNOWLEDGED_MAX) this.#write(other(from), {})
    }
  }

  /** `from` ends it, and the other side answers. */
  end(from: Side): void {
    this.#write(from, { isFin: true })
    this.#write(other(from), { isFin: true })
    this.#write(from, {})
  }

  #write(from: Side, segment: Pick<SegmentToWrite, 'isSyn' | 'isFin' | 'payload'>): void {
    const [sender, receiver] = [this.#ends[from], this.#ends[other(from)]]
    const numbers = { sequence: sender.next, acknowledged: receiver.next }
    this.#emit(tcpPacket(sender.endpoint, receiver.endpoint, { ...segment, ...numbers }))
    receiver.unacknowledged = 0
    const { isSyn = false, isFin = false, payload } = segment
    this.#count(sender, (payload?.length ?? 0) + (isSyn || isFin ? 1 : 0))
  }

  #count(end: End, bytes: number): void {
    end.next = (end.next + bytes) >>> 0
    end.unacknowledged += bytes
  }
}

export function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}
