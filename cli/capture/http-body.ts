/**
 * The body of an HTTP message, which is passed over to find where the next message begins (RFC 9112 section 6). Leaves
 * out what is in it.
 */
import type { HttpHead } from './http-head.ts'

export type BodyLength =
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** Until its sender ends the connection. */
  | { readonly kind: 'until_end' }

const NO_BODY: BodyLength = { kind: 'bytes', bytes: 0 }
/** Of the line before a chunk, and of a line of a trailer. */
const LINE_BYTES_MAX = 4_096
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

export function requestBody({ headers }: HttpHead): BodyLength {
  return bodyOf(headers) ?? NO_BODY
}

/** `method`: of the request that it answers; undefined: that is not known. */
export function answerBody({ headers }: HttpHead, status: number, method: string | undefined): BodyLength {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return NO_BODY
  return bodyOf(headers) ?? { kind: 'until_end' }
}

function bodyOf(headers: HttpHead['headers']): BodyLength | undefined {
  const encoding = headers.get('transfer-encoding')
  if (encoding !== undefined) return /\bchunked\s*$/i.test(encoding) ? { kind: 'chunked' } : { kind: 'until_end' }
  const length = headers.get('content-length')
  if (length === undefined) return undefined
  return /^\d{1,15}$/.test(length) ? { kind: 'bytes', bytes: Number(length) } : { kind: 'until_end' }
}

/** Passes over one body. */
export class BodyReader {
  readonly #isChunked: boolean
  /** Of the body, or of the chunk with its line end; infinite: until the end of the connection. */
  #left: number
  /** Chunked only: the line that is being read, as text. */
  #line = ''
  #isTrailer = false

  constructor(length: BodyLength) {
    this.#isChunked = length.kind === 'chunked'
    this.#left = length.kind === 'bytes' ? length.bytes : length.kind === 'until_end' ? Infinity : 0
  }

  /** What follows the body; `more`: it has not ended yet; `wrong`: it is none. */
  push(bytes: Uint8Array): Uint8Array | 'more' | 'wrong' {
    let at = 0
    for (;;) {
      const taken = Math.min(this.#left, bytes.length - at)
      this.#left -= taken
      at += taken
      if (this.#left > 0) return 'more'
      if (!this.#isChunked) return bytes.subarray(at)
      const end = this.#readLine(bytes, at)
      if (typeof end === 'string') return end
      at = end
      const state = this.#endOfLine()
      if (state === 'wrong') return 'wrong'
      if (state === 'end') return bytes.subarray(at)
    }
  }

  /** Whether the missing bytes are all within it. */
  missing(count: number): boolean {
    if (count > this.#left) return false
    this.#left -= count
    return true
  }

  /** Where the line ends. */
  #readLine(bytes: Uint8Array, from: number): number | 'more' | 'wrong' {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      if (byte === LINE_FEED) return at + 1
      if (byte !== CARRIAGE_RETURN) this.#line += String.fromCharCode(byte)
      if (this.#line.length > LINE_BYTES_MAX) return 'wrong'
    }
    return 'more'
  }

  #endOfLine(): 'chunk' | 'end' | 'wrong' {
    const line = this.#line
    this.#line = ''
    if (this.#isTrailer) return line === '' ? 'end' : 'chunk'
    const [size] = /^[\da-f]{1,12}/i.exec(line) ?? []
    if (size === undefined) return 'wrong'
    const bytes = Number.parseInt(size, 16)
    if (bytes === 0) this.#isTrailer = true
    // The line end after a chunk belongs to it.
    else this.#left = bytes + 2
    return 'chunk'
  }
}
