/** The head of an HTTP message, as far as a WebSocket's handshake needs it (RFC 6455 section 4). */
import { joinBytes, NO_BYTES } from './bytes.ts'

/** `ws` takes 8 KiB of a request. */
const HEAD_BYTES_MAX = 16 * 1024

export interface HttpHead {
  /** `GET /ws HTTP/1.1`, `HTTP/1.1 101 Switching Protocols` */
  readonly firstLine: string
  /** Names in small letters. */
  readonly headers: ReadonlyMap<string, string>
  /** What came after it. */
  readonly rest: Uint8Array
}

/** Gathers a head from segments. */
export class HeadReader {
  #pending: Uint8Array = NO_BYTES

  /** A part of a head has come, and not its end. */
  get hasBegun(): boolean {
    return this.#pending.length > 0
  }

  /** `incomplete`: there is more to come; `no_http`: it is something else. */
  push(segment: Uint8Array): HttpHead | 'incomplete' | 'no_http' {
    const bytes = joinBytes([this.#pending, segment])
    if (!isPlainText(bytes.subarray(0, 16))) return 'no_http'
    const end = endOfHead(bytes)
    if (end === -1) {
      this.#pending = bytes.slice()
      return bytes.length > HEAD_BYTES_MAX ? 'no_http' : 'incomplete'
    }
    const [firstLine = '', ...lines] = new TextDecoder('latin1').decode(bytes.subarray(0, end)).split('\r\n')
    const headers = new Map(lines.map((line) => splitHeader(line)))
    return { firstLine, headers, rest: bytes.subarray(end + 4) }
  }
}

function splitHeader(line: string): readonly [name: string, value: string] {
  const at = line.indexOf(':')
  return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]
}

function isPlainText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a)
}

function endOfHead(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(0x0d); at !== -1; at = bytes.indexOf(0x0d, at + 1)) {
    if (bytes[at + 1] === 0x0a && bytes[at + 2] === 0x0d && bytes[at + 3] === 0x0a) return at
  }
  return -1
}
