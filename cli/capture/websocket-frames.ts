/**
 * Reads the WebSocket frames of one direction (RFC 6455): masks, fragments, control frames. Where bytes are missing it
 * goes on after the frame that they belong to; where it cannot know the end of that, at the next segments that consist of
 * whole frames.
 */
import { joinBytes, NO_BYTES } from './bytes.ts'

export interface FrameEvents {
  message(bytes: Uint8Array, isText: boolean): void
  close(code: number, reason: string): void
  /** A message that cannot be told. */
  lost(why: 'compressed' | 'too_long' | 'unreadable' | 'missing'): void
}

const Opcode = Object.freeze({ continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 })
const OPCODES: ReadonlySet<number> = new Set(Object.values(Opcode))
const CONTROL_BYTES_MAX = 125
/** Of a message that is kept. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024
const HEADER_BYTES_MAX = 14
/** A message that is longer than this shows nobody where frames begin. */
const SOUGHT_BYTES_MAX = 256 * 1024
/** What an empty close frame reads as. */
const NO_CODE = 1005

interface Header {
  readonly headerBytes: number
  readonly isLast: boolean
  readonly isCompressed: boolean
  readonly opcode: number
  readonly payloadBytes: number
  readonly mask: Uint8Array | undefined
}

interface Frame {
  readonly header: Header
  readonly parts: Uint8Array[]
  received: number
}

/** A message of one or more frames. */
interface Message {
  readonly isText: boolean
  readonly parts: Uint8Array[]
  bytes: number
  lost: 'compressed' | 'too_long' | 'missing' | undefined
}

export class FrameReader {
  readonly #isMasked: boolean
  readonly #events: FrameEvents
  #pending: Uint8Array = NO_BYTES
  #frame: Frame | undefined
  #message: Message | undefined
  /** While the beginning of a frame is sought: the segments of which one may begin with it. */
  #candidates: Uint8Array[] | undefined

  /** `isMasked`: whether its sender must mask, as clients do. */
  constructor(isMasked: boolean, events: FrameEvents) {
    this.#isMasked = isMasked
    this.#events = events
  }

  /** Where the next frame begins is not known. */
  seek(): void {
    this.#pending = NO_BYTES
    this.#frame = undefined
    this.#message = undefined
    this.#candidates = []
  }

  push(segment: Uint8Array): void {
    let rest = this.#candidates === undefined ? segment : this.#seekIn(this.#candidates, segment)
    while (rest.length > 0 && this.#candidates === undefined) {
      rest = this.#frame === undefined ? this.#readHeader(rest) : this.#readPayload(this.#frame, rest)
    }
  }

  missing(count: number): void {
    const frame = this.#frame
    if (frame === undefined || count > frame.header.payloadBytes - frame.received) {
      this.#events.lost('missing')
      this.seek()
      return
    }
    frame.received += count
    if (isControl(frame.header)) frame.parts.length = 0
    else if (this.#message !== undefined) this.#message.lost ??= 'missing'
    this.#endOfFrame(frame)
  }

  #readHeader(bytes: Uint8Array): Uint8Array {
    const known = this.#pending.length
    const some = known === 0 ? bytes : joinBytes([this.#pending, bytes.subarray(0, HEADER_BYTES_MAX)])
    const header = readHeader(some)
    if (header === 'incomplete') {
      this.#pending = some.slice()
      return NO_BYTES
    }
    this.#pending = NO_BYTES
    if (header === 'wrong' || !this.#isExpected(header)) {
      this.#events.lost('unreadable')
      this.seek()
      return NO_BYTES
    }
    this.#frame = { header, parts: [], received: 0 }
    if (!isControl(header)) this.#beginOrContinue(header)
    this.#endOfFrame(this.#frame)
    return bytes.subarray(header.headerBytes - known)
  }

  #isExpected(header: Header): boolean {
    if ((header.mask !== undefined) !== this.#isMasked) return false
    if (isControl(header)) return header.isLast && header.payloadBytes <= CONTROL_BYTES_MAX && !header.isCompressed
    return (header.opcode === Opcode.continuation) === (this.#message !== undefined)
  }

  #beginOrContinue(header: Header): void {
    this.#message ??= { isText: header.opcode === Opcode.text, parts: [], bytes: 0, lost: undefined }
    const message = this.#message
    message.bytes += header.payloadBytes
    if (header.isCompressed) message.lost ??= 'compressed'
    if (message.bytes > MESSAGE_BYTES_MAX) message.lost ??= 'too_long'
  }

  #readPayload(frame: Frame, bytes: Uint8Array): Uint8Array {
    const part = bytes.subarray(0, frame.header.payloadBytes - frame.received)
    if (isControl(frame.header) || this.#message?.lost === undefined) {
      frame.parts.push(unmask(part, frame.header.mask, frame.received))
    }
    frame.received += part.length
    this.#endOfFrame(frame)
    return bytes.subarray(part.length)
  }

  #endOfFrame(frame: Frame): void {
    const { header, parts } = frame
    if (frame.received < header.payloadBytes) return
    this.#frame = undefined
    if (isControl(header)) {
      if (header.opcode === Opcode.close) this.#close(joinBytes(parts))
      return
    }
    const message = this.#message
    if (message === undefined) return
    // One by one: a long message in tiny segments has more parts than a call takes arguments.
    if (message.lost === undefined) for (const part of parts) message.parts.push(part)
    else message.parts.length = 0
    if (!header.isLast) return
    this.#message = undefined
    if (message.lost === undefined) this.#events.message(joinBytes(message.parts), message.isText)
    else this.#events.lost(message.lost)
  }

  #close(payload: Uint8Array): void {
    if (payload.length < 2) this.#events.close(NO_CODE, '')
    else this.#events.close(((payload[0] ?? 0) << 8) | (payload[1] ?? 0), new TextDecoder().decode(payload.subarray(2)))
  }

  /**
   * A frame rarely looks like one by chance; a chain of them that begins and ends where segments do, hardly ever. What is
   * such a chain, once there is one.
   */
  #seekIn(candidates: Uint8Array[], segment: Uint8Array): Uint8Array {
    candidates.push(segment.slice())
    while (candidates.length > 0) {
      const bytes = joinBytes(candidates)
      const end = this.#endOfFrames(bytes)
      if (end === bytes.length) {
        this.#candidates = undefined
        return bytes
      }
      if (end !== undefined && end <= SOUGHT_BYTES_MAX) break
      candidates.shift()
    }
    return NO_BYTES
  }

  /** Where the last of the frames in `bytes` ends, perhaps after their end; undefined: these are no frames. */
  #endOfFrames(bytes: Uint8Array): number | undefined {
    let at = 0
    while (at < bytes.length) {
      const header = readHeader(bytes.subarray(at))
      if (header === 'incomplete') return bytes.length + 1
      if (header === 'wrong' || header.opcode === Opcode.continuation) return undefined
      if (!header.isLast || header.isCompressed || !this.#isExpected(header)) return undefined
      at += header.headerBytes + header.payloadBytes
    }
    return at
  }
}

function readHeader(bytes: Uint8Array): Header | 'incomplete' | 'wrong' {
  const [first = 0, second = 0] = bytes
  if (bytes.length < 2) return 'incomplete'
  const lengthField = second & 0x7f
  const lengthBytes = lengthField === 126 ? 2 : lengthField === 127 ? 8 : 0
  const headerBytes = 2 + lengthBytes + (second >= 0x80 ? 4 : 0)
  if ((first & 0x30) !== 0 || !OPCODES.has(first & 0x0f)) return 'wrong'
  if (bytes.length < headerBytes) return 'incomplete'
  const payloadBytes = lengthBytes === 0 ? lengthField : readLength(bytes, lengthBytes)
  if (!Number.isSafeInteger(payloadBytes)) return 'wrong'
  return {
    headerBytes,
    isLast: first >= 0x80,
    isCompressed: (first & 0x40) !== 0,
    opcode: first & 0x0f,
    payloadBytes,
    mask: second >= 0x80 ? bytes.slice(headerBytes - 4, headerBytes) : undefined,
  }
}

function readLength(bytes: Uint8Array, lengthBytes: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return lengthBytes === 2 ? view.getUint16(2) : view.getUint32(2) * 2 ** 32 + view.getUint32(6)
}

function isControl({ opcode }: Header): boolean {
  return opcode >= Opcode.close
}

/** A copy, without the mask. */
function unmask(part: Uint8Array, mask: Uint8Array | undefined, offset: number): Uint8Array {
  const plain = part.slice()
  if (mask === undefined) return plain
  for (let at = 0; at < plain.length; at++) plain[at] = (plain[at] ?? 0) ^ (mask[(offset + at) & 3] ?? 0)
  return plain
}
