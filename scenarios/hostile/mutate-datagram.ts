/**
 * Makes hostile datagrams of real ones: what a broken or a malicious ENet might send. Bits flip, ends are cut off,
 * two are spliced; commands are repeated, dropped, shuffled and renumbered; lengths, counts and offsets become the
 * numbers at which programs fail. The same for the same randomness.
 */
import type { RandomStream } from '../../sim/index.ts'

/** Bytes of each command before its data, by command number, as in ENet's `protocol.h`; 0: there is none. */
const COMMAND_BYTES = [0, 8, 48, 44, 8, 4, 6, 8, 24, 8, 12, 16, 24] as const
/** Where each command that has data says how much. */
const DATA_LENGTH_AT: ReadonlyMap<number, number> = new Map([
  [6, 4],
  [7, 6],
  [8, 6],
  [9, 6],
  [12, 6],
])
const HEADER_BYTES = 4
/** ENet's buffer is as long as the second last. */
const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 575, 576, 1400, 1401, 4095, 4096, 4097, 9000] as const
const NUMBERS_16 = [0, 1, 2, 0x7fff, 0x8000, 0xfff, 0x1000, 0xfffe, 0xffff] as const
const NUMBERS_32 = [0, 1, 2, 1024, 65_536, 65_537, 2 ** 20, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1] as const

export class DatagramMutator {
  readonly #corpus: readonly Uint8Array[]
  readonly #random: RandomStream

  /** `corpus`: real datagrams, at least one. */
  constructor(corpus: readonly Uint8Array[], random: RandomStream) {
    this.#corpus = corpus
    this.#random = random
  }

  /** A mutation of a datagram of the corpus. */
  next(): Uint8Array {
    return this.mutate(this.#pick(this.#corpus))
  }

  /** One of the corpus as if it belonged to the conversation that `own` is a datagram of: its peer, session and time. */
  disguised(own: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(this.#pick(this.#corpus))
    bytes.set(own.subarray(0, HEADER_BYTES))
    return bytes
  }

  /** One to three changes. */
  mutate(original: Uint8Array): Uint8Array {
    let bytes = new Uint8Array(original)
    for (let changes = 1 + this.#random.below(3); changes > 0; changes--) bytes = this.#change(bytes)
    return bytes
  }

  #change(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    switch (this.#random.below(12)) {
      case 0:
        return this.#flipBits(bytes)
      case 1:
        return this.#flipBits(bytes)
      case 2:
        return bytes.slice(0, this.#random.below(bytes.length + 1))
      case 3:
        return this.#resize(bytes)
      case 4:
        return this.#splice(bytes)
      case 5:
        return this.#changeHeader(bytes)
      case 6:
        return this.#rearrange(bytes)
      case 7:
        return this.#rearrange(bytes)
      case 8:
        return this.#renumber(bytes)
      case 9:
        return this.#changeLength(bytes)
      case 10:
        return this.#changeWord(bytes)
      default:
        // As it is: a replay, or a datagram that comes too late.
        return bytes
    }
  }

  #flipBits(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (bytes.length === 0) return bytes
    for (let flips = 1 + this.#random.below(8); flips > 0; flips--) {
      const at = this.#random.below(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << this.#random.below(8))
    }
    return bytes
  }

  #resize(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const resized = new Uint8Array(this.#pick(SIZES))
    this.#random.fill(resized)
    resized.set(bytes.subarray(0, resized.length))
    return resized
  }

  #splice(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const other = this.#pick(this.#corpus)
    const head = bytes.subarray(0, this.#random.below(bytes.length + 1))
    const tail = other.subarray(this.#random.below(other.length + 1))
    return join([head, tail])
  }

  /** Another peer, another session, other flags. */
  #changeHeader(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (bytes.length < 2) return bytes
    bytes[0] = this.#random.below(4) === 0 ? this.#random.below(256) : (bytes[0] ?? 0) ^ (this.#random.below(4) << 4)
    if (this.#random.below(2) === 0) bytes[1] = this.#random.below(16)
    return bytes
  }

  /** Commands repeated, dropped, in another order, or with those of another datagram among them. */
  #rearrange(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const commands = commandsOf(bytes)
    if (commands.length === 0) return bytes
    const strangers = commandsOf(this.#pick(this.#corpus))
    const pool = this.#random.below(3) === 0 ? [...commands, ...strangers] : commands
    const count = this.#random.below(8) === 0 ? 40 : 1 + this.#random.below(pool.length + 2)
    return join([bytes.subarray(0, HEADER_BYTES), ...Array.from({ length: count }, () => this.#pick(pool))])
  }

  /** Command, flags, channel or sequence number of one command. */
  #renumber(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const command = this.#someCommand(bytes)
    if (command === undefined) return bytes
    switch (this.#random.below(3)) {
      case 0:
        command[0] = this.#random.below(256)
        return bytes
      case 1:
        command[1] = this.#pick([0, 1, 3, 4, 0x7f, 0xfe, 0xff])
        return bytes
      default: {
        const number = this.#random.below(2) === 0 ? this.#pick(NUMBERS_16) : (command[3] ?? 0) + this.#random.below(64)
        command[2] = number >> 8
        command[3] = number
        return bytes
      }
    }
  }

  /** How much data a command has, and so where the next one begins. */
  #changeLength(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const command = this.#someCommand(bytes)
    const at = DATA_LENGTH_AT.get((command?.[0] ?? 0) & 0x0f)
    if (command === undefined || at === undefined) return bytes
    const length =
      this.#random.below(2) === 0 ? this.#pick(NUMBERS_16) : (command[at + 1] ?? 0) ^ (1 << this.#random.below(6))
    command[at] = length >> 8
    command[at + 1] = length
    return bytes
  }

  /** Any other number of a command: fragments, windows, bandwidths, the reason of a disconnect. */
  #changeWord(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const command = this.#someCommand(bytes)
    const fixed = COMMAND_BYTES[(command?.[0] ?? 0) & 0x0f] ?? 0
    if (command === undefined || fixed < 8) return bytes
    const at = 4 + 4 * this.#random.below((fixed - 4) >> 2)
    new DataView(command.buffer, command.byteOffset).setUint32(at, this.#pick(NUMBERS_32))
    return bytes
  }

  #someCommand(bytes: Uint8Array): Uint8Array | undefined {
    const commands = commandsOf(bytes)
    return commands.length === 0 ? undefined : this.#pick(commands)
  }

  #pick<Item>(items: readonly Item[]): Item {
    // In range, because `below` is.
    return items[this.#random.below(items.length)] as Item
  }
}

/** Views of the commands, with their data, as far as they are whole. */
function commandsOf(bytes: Uint8Array): Uint8Array[] {
  const commands: Uint8Array[] = []
  let at = HEADER_BYTES
  while (at + 4 <= bytes.length) {
    const number = (bytes[at] ?? 0) & 0x0f
    const lengthAt = DATA_LENGTH_AT.get(number)
    const fixed = COMMAND_BYTES[number] ?? 0
    const data = lengthAt === undefined ? 0 : ((bytes[at + lengthAt] ?? 0) << 8) | (bytes[at + lengthAt + 1] ?? 0)
    if (fixed === 0 || at + fixed + data > bytes.length) break
    commands.push(bytes.subarray(at, at + fixed + data))
    at += fixed + data
  }
  return commands
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
