/**
 * Randomness with names. One seed gives any number of independent streams; a stream depends on the seed and on its
 * own name alone, so that a new component changes no other's draws, and a host that restarts (its incarnation is
 * part of the name) does not draw the tokens of its former life again. Names: `host/incarnation/component/purpose`.
 *
 * Derivation: the 128-bit state of a xoroshiro128+ generator (pure-rand) is the MurmurHash3-like `Fingerprint`,
 * seeded with the seed, over the name's UTF-16 code units and their number.
 *
 * Left out on purpose: distributions (see `distribution.ts`), and secrets fit for anything but a simulation.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { OverworldError } from '../core/errors.ts'
import type { Random } from '../core/injected.ts'
import { Fingerprint } from './fingerprint.ts'

export interface RandomStreams {
  readonly seed: number
  /** The stream of that name. Each name can be taken once: two owners would draw from each other (`bad_option`). */
  stream(name: string): RandomStream
}

/** `seed`: a uint32, else `bad_option` is thrown. */
export function streams(seed: number): RandomStreams {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
    throw new OverworldError('bad_option', `seed is ${seed}: give an integer from 0 to 4294967295`)
  }
  const taken = new Set<string>()
  return {
    seed,
    stream(name) {
      if (taken.has(name)) {
        throw new OverworldError('bad_option', `the random stream "${name}" is taken: give each owner its own name`)
      }
      taken.add(name)
      return new RandomStream(seed, name)
    },
  }
}

const TWO_TO_32 = 0x1_0000_0000

export class RandomStream implements Random {
  readonly #generator: { next(): number }

  constructor(seed: number, name: string) {
    const hash = new Fingerprint(seed)
    hash.text(name)
    hash.block(name.length, 0, 0, 0)
    this.#generator = xoroshiro128plusFromState(hash.words().map((word) => word | 0))
  }

  uint32(): number {
    return this.#generator.next() >>> 0
  }

  fill(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 4) {
      const word = this.#generator.next()
      bytes[at] = word
      if (at + 1 < bytes.length) bytes[at + 1] = word >>> 8
      if (at + 2 < bytes.length) bytes[at + 2] = word >>> 16
      if (at + 3 < bytes.length) bytes[at + 3] = word >>> 24
    }
  }

  /** An integer from 0 to `limit − 1`, all equally likely. `limit`: 1 to 2^32. Draws again where fairness asks for it. */
  below(limit: number): number {
    if (!(limit >= 1 && limit <= TWO_TO_32 && Number.isInteger(limit))) {
      throw new OverworldError('bad_option', `below(${limit}): give an integer from 1 to 4294967296`)
    }
    // The high bits decide: the lowest ones of xoroshiro128+ are its weakest.
    const share = Math.floor(TWO_TO_32 / limit)
    for (;;) {
      const draw = Math.floor((this.#generator.next() >>> 0) / share)
      if (draw < limit) return draw
    }
  }

  /** True with a probability of `millionths` in a million. Always one draw. */
  chance(millionths: number): boolean {
    return this.uint32() * 1_000_000 < millionths * TWO_TO_32
  }
}
