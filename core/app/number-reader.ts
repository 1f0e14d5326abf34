/**
 * protobufjs' reader with 64-bit integers as numbers below 2^53, never as `Long`.
 */
import protobuf from 'protobufjs/minimal.js'

/** Before each message. */
export const PREFIX_BYTES = 2

/** Of what follows the prefix. */
export function readerOf(frame: Uint8Array): NumberReader {
  const reader = new NumberReader(frame)
  reader.pos = PREFIX_BYTES
  reader.discardUnknown = true
  return reader
}

/** As it is: without the `long` package protobufjs makes numbers at once. */
interface AnyReader extends Omit<protobuf.Reader, 'int64' | 'uint64' | 'sint64' | 'fixed64' | 'sfixed64'> {
  int64(): LongLike | number
  uint64(): LongLike | number
  sint64(): LongLike | number
  fixed64(): LongLike | number
  sfixed64(): LongLike | number
}
const AnyReader = protobuf.Reader as unknown as new (bytes: Uint8Array) => AnyReader

/** Reads 64-bit integers as numbers, and throws where a number cannot hold one. */
class NumberReader extends AnyReader {
  override int64(): number {
    return takeSmallVarint(this) ?? toNumber(super.int64())
  }

  override uint64(): number {
    return takeSmallVarint(this) ?? toNumber(super.uint64())
  }

  override sint64(): number {
    return toNumber(super.sint64())
  }

  override fixed64(): number {
    return toNumber(super.fixed64())
  }

  override sfixed64(): number {
    return toNumber(super.sfixed64())
  }
}

/** Most integers are small: no need for `Long` then. */
function takeSmallVarint(reader: AnyReader): number | undefined {
  const byte = reader.pos < reader.len ? reader.buf[reader.pos] : undefined
  if (byte === undefined || byte >= 0x80) return undefined
  reader.pos++
  return byte
}

/** What protobufjs reads a 64-bit integer as. */
interface LongLike {
  readonly low: number
  readonly high: number
  readonly unsigned: boolean
}

function toNumber(value: LongLike | number): number {
  const number = typeof value === 'number' ? value : numberOf(value)
  if (Number.isSafeInteger(number)) return number
  throw new RangeError('an integer beyond 2^53−1')
}

function numberOf({ low, high, unsigned }: LongLike): number {
  return (unsigned ? high >>> 0 : high) * 4294967296 + (low >>> 0)
}
