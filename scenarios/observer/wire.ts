/**
 * Reads the session protocol off the wire, on its own: a second reading of design section 7 that shares no code with
 * the core, so that a mistake there cannot hide here.
 */

export type SessionFrame =
  | {
      readonly type: 'request'
      readonly token: string
      readonly attempt: number | undefined
      readonly schemas: readonly AnnouncedSchema[]
    }
  | { readonly type: 'new'; readonly id: number; readonly token: string }
  | { readonly type: 'beacon'; readonly id: number }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'pong'; readonly latency: number }
  | { readonly type: 'denied'; readonly reason: number }
  | {
      readonly type: 'state'
      readonly zoneApp: number | undefined
      readonly zone: string | undefined
      readonly skewed: readonly number[]
    }
  /** No protocol frame of ours, or one that cannot be read. */
  | { readonly type: 'other' }

export interface AnnouncedSchema {
  readonly prefix: number
  /** The eight bytes of the hash as they are on the wire, the lowest first, in hexadecimal. */
  readonly hash: string
}

export const DENIED = Object.freeze({
  no_session: 1,
  bad_token: 2,
  already_in_session: 3,
  no_zone: 4,
  already_joined: 5,
  unknown_zone: 6,
})

/** The name of a reason, or its number where it has none. */
export function nameOfDenial(reason: number): string {
  return Object.entries(DENIED).find(([, number]) => number === reason)?.[0] ?? String(reason)
}

const OTHER: SessionFrame = Object.freeze({ type: 'other' })

export function prefixOf(frame: Uint8Array): number {
  return frame.length < 2 ? -1 : ((frame[0] ?? 0) << 8) | (frame[1] ?? 0)
}

/** `frame` has prefix 100. `at`: where its next field begins. */
export function readSessionFrame(frame: Uint8Array, at = 2): SessionFrame {
  const tag = frame[at]
  // A length-delimited field, whose length has one byte, or two where a client announces many apps.
  const low = frame[at + 1]
  if (tag === undefined || low === undefined) return OTHER
  const high = low < 0x80 ? 0 : frame[at + 2]
  if (high === undefined || high > 0x7f) return OTHER
  const start = at + (low < 0x80 ? 2 : 3)
  const end = start + (low & 0x7f) + high * 0x80
  if (end > frame.length) return OTHER
  // Of several members of a oneof the last one counts.
  if (end < frame.length) return readSessionFrame(frame, end)
  const body = BODY.over(frame, start, end)
  switch (tag) {
    case 0x0a:
      return readRequest(body)
    case 0x12:
      return readNew(body)
    case 0x1a:
      return { type: 'beacon', id: body.onlyVarint() }
    case 0x22:
      return { type: 'ping', id: body.onlyVarint() }
    case 0x2a:
      return { type: 'pong', latency: body.onlyVarint() }
    case 0x32:
      return { type: 'denied', reason: body.onlyVarint() }
    case 0x3a:
      return readState(body)
    default:
      return OTHER
  }
}

function readRequest(body: FieldReader): SessionFrame {
  let token = ''
  let attempt: number | undefined
  const schemas: AnnouncedSchema[] = []
  while (!body.isAtEnd) {
    const tag = body.varint()
    if (tag === 0x0a) token = body.hex()
    else if (tag === 0x10) attempt = body.varint()
    else if (tag === 0x22) {
      const schema = readSchema(body.message())
      if (schema === undefined) return OTHER
      schemas.push(schema)
    } else return OTHER
  }
  return { type: 'request', token, attempt, schemas }
}

function readSchema(body: FieldReader): AnnouncedSchema | undefined {
  if (body.varint() !== 0x08) return undefined
  const prefix = body.varint()
  return body.varint() === 0x11 ? { prefix, hash: body.fixed64() } : undefined
}

function readState(body: FieldReader): SessionFrame {
  let zoneApp: number | undefined
  let zone: string | undefined
  const skewed: number[] = []
  while (!body.isAtEnd) {
    const tag = body.varint()
    if (tag === 0x08) zoneApp = body.varint()
    else if (tag === 0x12) zone = body.text()
    else if (tag === 0x18) skewed.push(body.varint())
    else return OTHER
  }
  return { type: 'state', zoneApp, zone, skewed }
}

function readNew(body: FieldReader): SessionFrame {
  let id = NaN
  let token = ''
  while (!body.isAtEnd) {
    const tag = body.varint()
    if (tag === 0x08) id = body.varint()
    else if (tag === 0x12) token = body.hex()
    else return OTHER
  }
  return { type: 'new', id, token }
}

const NOTHING = new Uint8Array(0)
const DECODER = new TextDecoder()

class FieldReader {
  #frame: Uint8Array = NOTHING
  #end = 0
  #position = 0

  /** From now on it reads there. */
  over(frame: Uint8Array, position: number, end: number): this {
    this.#frame = frame
    this.#position = position
    this.#end = end
    return this
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#end
  }

  varint(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#frame[this.#position++]
      if (byte === undefined) return NaN
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
  }

  hex(): string {
    const length = this.varint()
    const bytes = this.#frame.subarray(this.#position, this.#position + length)
    this.#position += length
    return toHex(bytes)
  }

  text(): string {
    const length = this.varint()
    const bytes = this.#frame.subarray(this.#position, this.#position + length)
    this.#position += length
    return DECODER.decode(bytes)
  }

  message(): FieldReader {
    const length = this.varint()
    const start = this.#position
    this.#position += length
    return new FieldReader().over(this.#frame, start, this.#position)
  }

  fixed64(): string {
    const bytes = this.#frame.subarray(this.#position, this.#position + 8)
    this.#position += 8
    return toHex(bytes)
  }

  /** A message with field 1 as a varint and nothing else. */
  onlyVarint(): number {
    return this.varint() === 0x08 ? this.varint() : NaN
  }
}

/** One for the bodies of all frames: each is read to its end before the next. */
const BODY = new FieldReader()

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte] ?? ''
  return text
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
