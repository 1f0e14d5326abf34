/** Makes the packets of one WebSocket connection, as a client and a server would exchange them (RFC 6455). */
import { createHash } from 'node:crypto'
import { joinBytes, NO_BYTES, scatter } from './bytes.ts'
import { isOurCloseCode } from './imported-recording.ts'
import type { Endpoint } from './ip-writer.ts'
import type { ConnectionWriter } from './export-recording.ts'
import { other, TcpWriter, type Side } from './tcp-writer.ts'

const TEXT = 1
const BINARY = 2
const CLOSE = 8
const ABNORMAL = 1006
/** With these the library under a server closes by itself: 1002 protocol error, 1007 no UTF-8, 1009 too long. */
const LIBRARY_CODES: ReadonlySet<number> = new Set([1002, 1007, 1009])
const REASON_BYTES_MAX = 123

export interface WebSocketWriterParts {
  readonly client: Endpoint
  readonly server: Endpoint
  /** Such as `/ws`. */
  readonly path: string
  /** A number that no other connection has. */
  readonly number: number
  readonly emit: (packet: Uint8Array) => void
}

export class WebSocketWriter implements ConnectionWriter {
  readonly #parts: WebSocketWriterParts
  readonly #tcp: TcpWriter
  #masks: number
  #isClosedByServer = false

  constructor(parts: WebSocketWriterParts) {
    const { client, server, number, emit } = parts
    this.#parts = parts
    this.#masks = scatter(number)
    this.#tcp = new TcpWriter(client, server, scatter(number), emit)
  }

  open(): void {
    const { path, server, number } = this.#parts
    const key = Buffer.from(createHash('md5').update(`connection ${number}`).digest()).toString('base64')
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade']
    this.#tcp.open()
    this.#tcp.send(
      'client',
      head(`GET ${path} HTTP/1.1`, [
        `Host: server:${server.port}`,
        ...upgrade,
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${key}`,
      ]),
    )
    this.#tcp.send('server', head('HTTP/1.1 101 Switching Protocols', [...upgrade, `Sec-WebSocket-Accept: ${accept}`]))
  }

  send(from: Side, bytes: Uint8Array): void {
    this.#frame(from, BINARY, bytes)
  }

  /** Of what it said nothing is known. */
  sendText(): void {
    this.#frame('client', TEXT, NO_BYTES)
  }

  close(code: number, reason: string): void {
    this.#isClosedByServer = true
    this.#frame('server', CLOSE, closing(code, reason))
  }

  closed(code: number, reason: string): void {
    if (this.#isClosedByServer) {
      this.#frame('client', CLOSE, closing(code, ''))
      this.#tcp.end('server')
    } else if (code === ABNORMAL) {
      this.#tcp.end('client')
    } else {
      const first = LIBRARY_CODES.has(code) ? 'server' : 'client'
      this.#frame(first, CLOSE, closing(code, isOurCloseCode(code) ? reason : ''))
      this.#frame(other(first), CLOSE, closing(code, ''))
      this.#tcp.end('server')
    }
  }

  #frame(from: Side, opcode: number, payload: Uint8Array): void {
    const mask = from === 'client' ? this.#nextMask() : undefined
    this.#tcp.send(from, frame(opcode, payload, mask))
  }

  #nextMask(): Uint8Array {
    this.#masks = scatter(this.#masks)
    return Uint8Array.of(this.#masks >>> 24, this.#masks >>> 16, this.#masks >>> 8, this.#masks)
  }
}

/** A whole message in one frame. */
export function frame(opcode: number, payload: Uint8Array, mask: Uint8Array | undefined): Uint8Array {
  const { length } = payload
  const lengthBytes = length < 126 ? 0 : length < 0x1_0000 ? 2 : 8
  const header = new Uint8Array(2 + lengthBytes)
  const view = new DataView(header.buffer)
  header[0] = 0x80 | opcode
  header[1] = (mask === undefined ? 0 : 0x80) | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127)
  if (lengthBytes === 2) view.setUint16(2, length)
  else if (lengthBytes === 8) view.setBigUint64(2, BigInt(length))
  if (mask === undefined) return joinBytes([header, payload])
  return joinBytes([header, mask, payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0))])
}

function closing(code: number, reason: string): Uint8Array {
  const text = new Uint8Array(REASON_BYTES_MAX)
  const { written } = new TextEncoder().encodeInto(reason, text)
  return joinBytes([Uint8Array.of(code >> 8, code), text.subarray(0, written)])
}

function head(firstLine: string, headers: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${[firstLine, ...headers].join('\r\n')}\r\n\r\n`)
}
