/**
 * Writes the records of a block as protobuf, by hand: a recorder runs in production, and the generated code makes an
 * object and a list of small writes for each record. The test holds it against the generated decoder.
 *
 * A length stands before what it measures, so room is kept for it: a varint may be longer than it need be.
 */
import protobuf from 'protobufjs/minimal.js'

const BYTES_MIN = 4096
/** What a record has besides its bytes and its text, at most. */
const FIXED_BYTES_MAX = 96
/** A tag and a length, three bytes for the kind and the field's tag, and a varint. */
const SHORT_BYTES_MAX = 16
/** `records = 3` in `block`, and where its own fields are. */
const RECORD_TAG = (3 << 3) | 2

const WireType = Object.freeze({ varint: 0, fixed64: 1, delimited: 2 })

export class RecordWriter {
  #bytes = new Uint8Array(BYTES_MIN)
  #view = new DataView(this.#bytes.buffer)
  #length = 0
  #lengthAt = 0
  #lengthBytes = 0

  get length(): number {
    return this.#length
  }

  /** What was written since the last `clear`; valid until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  clear(): void {
    this.#length = 0
  }

  /**
   * A whole record, with one field: a whole number from 0 to 2^53−1. The same as `begin`, `uint` and `end`, but faster: most
   * records are of this form. `kind` is below 128, and `field` below 16.
   */
  short(kind: number, field: number, value: number): void {
    this.#reserve(SHORT_BYTES_MAX)
    const bytes = this.#bytes
    const from = this.#length
    bytes[from] = RECORD_TAG
    bytes[from + 2] = (1 << 3) | WireType.varint
    bytes[from + 3] = kind
    bytes[from + 4] = (field << 3) | WireType.varint
    this.#length = from + 5
    this.#varint(value)
    bytes[from + 1] = this.#length - from - 2
  }

  /** `room`: for the bytes and the text that follow, at most. */
  begin(kind: number, room: number): void {
    const most = FIXED_BYTES_MAX + room
    this.#reserve(most + 8)
    this.#lengthBytes = most < 0x80 ? 1 : most < 0x4000 ? 2 : most < 0x20_0000 ? 3 : 5
    this.#bytes[this.#length] = RECORD_TAG
    this.#lengthAt = this.#length + 1
    this.#length = this.#lengthAt + this.#lengthBytes
    this.uint(1, kind)
  }

  end(): void {
    let rest = this.#length - this.#lengthAt - this.#lengthBytes
    const last = this.#lengthAt + this.#lengthBytes - 1
    for (let at = this.#lengthAt; at < last; at++) {
      this.#bytes[at] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[last] = rest
  }

  /** A whole number from 0 to 2^53−1. */
  uint(field: number, value: number): void {
    this.#tag(field, WireType.varint)
    this.#varint(value)
  }

  double(field: number, value: number): void {
    this.#tag(field, WireType.fixed64)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
  }

  blob(field: number, bytes: Uint8Array): void {
    this.#tag(field, WireType.delimited)
    this.#varint(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  text(field: number, text: string): void {
    const size = protobuf.util.utf8.length(text)
    this.#tag(field, WireType.delimited)
    this.#varint(size)
    protobuf.util.utf8.write(text, this.#bytes, this.#length)
    this.#length += size
  }

  #tag(field: number, wireType: number): void {
    const tag = (field << 3) | wireType
    if (tag < 0x80) this.#bytes[this.#length++] = tag
    else this.#varint(tag)
  }

  #varint(value: number): void {
    let rest = value
    while (rest > 0x7fff_ffff) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.#length++] = rest
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more))
    grown.set(this.bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}
