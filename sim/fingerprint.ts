/**
 * A fast 128-bit hash over a stream of 32-bit words: four lanes, mixed in blocks of four words the way MurmurHash3
 * (x86, 128 bit) does it, finalised with the number of blocks. Equal on every engine: 32-bit integer arithmetic only.
 *
 * It tells runs apart and derives seeds. Left out on purpose: any strength against someone who looks for collisions.
 */

/** Four lanes, each an int32, and the number of blocks. */
export type FingerprintState = readonly [number, number, number, number, number]

export class Fingerprint {
  readonly #lanes: Int32Array = new Int32Array(4)
  #blockCount = 0

  constructor(seed: number = 0) {
    this.#lanes.fill(seed | 0)
  }

  /** One that goes on where another had come to. `state`: what its `state()` gave. */
  static resume(state: FingerprintState): Fingerprint {
    const fingerprint = new Fingerprint()
    fingerprint.#lanes.set(state.slice(0, 4))
    fingerprint.#blockCount = state[4]
    return fingerprint
  }

  /** Everything it has to go on with. */
  state(): FingerprintState {
    const [h1, h2, h3, h4] = this.#lanes as unknown as [number, number, number, number]
    return [h1, h2, h3, h4, this.#blockCount]
  }

  /** Four 32-bit words; larger numbers count modulo 2^32. */
  block(a: number, b: number, c: number, d: number): void {
    const lanes = this.#lanes
    let h1 = lanes[0] as number
    let h2 = lanes[1] as number
    let h3 = lanes[2] as number
    let h4 = lanes[3] as number
    h1 ^= Math.imul(rotate(Math.imul(a, 0x239b961b), 15), 0xab0e9789)
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 ^= Math.imul(rotate(Math.imul(b, 0xab0e9789), 16), 0x38b34ae5)
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0
    h3 ^= Math.imul(rotate(Math.imul(c, 0x38b34ae5), 17), 0xa1e38b93)
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0
    h4 ^= Math.imul(rotate(Math.imul(d, 0xa1e38b93), 18), 0x239b961b)
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0
    lanes[0] = h1
    lanes[1] = h2
    lanes[2] = h3
    lanes[3] = h4
    this.#blockCount += 1
  }

  /** The bytes in blocks of sixteen, the last one filled up with zeros: hash the length as well. */
  bytes(bytes: Uint8Array): void {
    const whole = bytes.length & ~15
    for (let at = 0; at < whole; at += 16) {
      this.block(wordAt(bytes, at), wordAt(bytes, at + 4), wordAt(bytes, at + 8), wordAt(bytes, at + 12))
    }
    if (whole === bytes.length) return
    this.block(
      partialWordAt(bytes, whole),
      partialWordAt(bytes, whole + 4),
      partialWordAt(bytes, whole + 8),
      partialWordAt(bytes, whole + 12),
    )
  }

  /** The UTF-16 code units, two to a word, zero-filled like `bytes`: hash the length as well. */
  text(text: string): void {
    for (let at = 0; at < text.length; at += 8) {
      this.block(unitsAt(text, at), unitsAt(text, at + 2), unitsAt(text, at + 4), unitsAt(text, at + 6))
    }
  }

  /** The four words of the hash so far, each from 0 to 2^32−1. More may follow. */
  words(): [number, number, number, number] {
    const lanes = this.#lanes
    let h1 = (lanes[0] as number) ^ this.#blockCount
    let h2 = (lanes[1] as number) ^ this.#blockCount
    let h3 = (lanes[2] as number) ^ this.#blockCount
    let h4 = (lanes[3] as number) ^ this.#blockCount
    h1 = (h1 + h2 + h3 + h4) | 0
    h2 = (h2 + h1) | 0
    h3 = (h3 + h1) | 0
    h4 = (h4 + h1) | 0
    h1 = avalanche(h1)
    h2 = avalanche(h2)
    h3 = avalanche(h3)
    h4 = avalanche(h4)
    h1 = (h1 + h2 + h3 + h4) | 0
    return [h1 >>> 0, (h2 + h1) >>> 0, (h3 + h1) >>> 0, (h4 + h1) >>> 0]
  }

  /** 32 hexadecimal digits. */
  hex(): string {
    return this.words()
      .map((word) => word.toString(16).padStart(8, '0'))
      .join('')
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/** The finaliser: every input bit reaches every output bit. */
function avalanche(word: number): number {
  let mixed = word ^ (word >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

function partialWordAt(bytes: Uint8Array, at: number): number {
  let word = 0
  for (let index = Math.min(at + 3, bytes.length - 1); index >= at; index--) {
    word = (word << 8) | (bytes[index] as number)
  }
  return word
}

function unitsAt(text: string, at: number): number {
  const low = at < text.length ? text.charCodeAt(at) : 0
  const high = at + 1 < text.length ? text.charCodeAt(at + 1) : 0
  return low | (high << 16)
}
