import { describe, expect, test } from 'vitest'
import { Fingerprint, streams } from '../../sim/index.ts'

function draws(seed: number, name: string, count: number): number[] {
  const stream = streams(seed).stream(name)
  return Array.from({ length: count }, () => stream.uint32())
}

describe('frozen outputs: a change here changes every recorded seed', () => {
  test.each([
    [0, '', [231_375_876, 3_388_241_991, 930_172_787, 2_986_871_500]],
    [1, 'server/1/tokens', [3_971_178_361, 3_853_893_228, 1_110_067_668, 2_520_113_567]],
    [4_294_967_295, 'link/alice>server/loss', [2_314_441_803, 2_486_644_301, 3_521_255_788, 2_125_865_195]],
  ])('seed %d, stream "%s"', (seed, name, expected) => {
    expect(draws(seed, name, 4)).toEqual(expected)
  })

  test('fill', () => {
    const bytes = new Uint8Array(7)
    streams(1).stream('server/1/tokens').fill(bytes)
    expect(Buffer.from(bytes).toString('hex')).toBe('795fb3ec6cbeb5')
  })
})

test('a stream depends on its name alone, not on which others exist or how much they drew', () => {
  const alone = draws(7, 'a', 100)
  const all = streams(7)
  const b = all.stream('b')
  const a = all.stream('a')
  const mixed = Array.from({ length: 100 }, () => {
    b.uint32()
    return a.uint32()
  })
  expect(mixed).toEqual(alone)
})

test('streams of neighbouring seeds and names have nothing in common', () => {
  const seen = new Set<number>()
  for (const seed of [0, 1, 2, 3]) {
    for (const name of ['a', 'b', 'a/1', 'a/2', 'aa', 'a\0']) for (const draw of draws(seed, name, 50)) seen.add(draw)
  }
  expect(seen.size).toBeGreaterThan(4 * 6 * 50 - 3)
})

test('a name can be taken once', () => {
  const all = streams(1)
  all.stream('a')
  expect(() => all.stream('a')).toThrow(expect.objectContaining({ code: 'bad_option' }))
})

test('a seed is a uint32', () => {
  for (const seed of [-1, 0.5, 4_294_967_296, NaN]) {
    expect(() => streams(seed)).toThrow(expect.objectContaining({ code: 'bad_option' }))
  }
})

test('below is fair, also where 2^32 is no multiple', () => {
  const stream = streams(1).stream('fair')
  const counts = new Uint32Array(6)
  for (let index = 0; index < 60_000; index++) {
    const draw = stream.below(6)
    counts[draw] = (counts[draw] ?? 0) + 1
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  // Three quarters of 2^32: a modulo would give the first third twice as often.
  let low = 0
  for (let index = 0; index < 30_000; index++) if (stream.below(3_221_225_472) < 1_073_741_824) low += 1
  expect(Math.abs(low - 10_000)).toBeLessThan(400)
  expect(stream.below(1)).toBe(0)
  for (const limit of [0, -1, NaN, 4_294_967_297]) expect(() => stream.below(limit)).toThrow('below')
})

test('chance keeps its millionths, and never and always exactly', () => {
  const stream = streams(1).stream('chance')
  let yes = 0
  for (let index = 0; index < 100_000; index++) {
    if (stream.chance(30_000)) yes += 1
    expect(stream.chance(0)).toBe(false)
    expect(stream.chance(1_000_000)).toBe(true)
  }
  expect(Math.abs(yes - 3000)).toBeLessThan(250)
})

describe('the fingerprint', () => {
  test('is frozen', () => {
    const fingerprint = new Fingerprint()
    fingerprint.block(1, 2, 3, 4)
    fingerprint.text('Wörld')
    fingerprint.bytes(Uint8Array.from({ length: 37 }, (_, index) => index))
    expect(fingerprint.hex()).toBe('42920840027e0c4aa8b29395eb823b78')
  })

  test('changes with any bit, any order and any length', () => {
    const hashes = new Set<string>()
    const base = Uint8Array.from({ length: 40 }, (_, index) => index * 7)
    for (let bit = 0; bit < base.length * 8; bit++) {
      const changed = Uint8Array.from(base)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const fingerprint = new Fingerprint()
      fingerprint.bytes(changed)
      hashes.add(fingerprint.hex())
    }
    expect(hashes.size).toBe(base.length * 8)
    const words = [
      [1, 2, 3, 4],
      [2, 1, 3, 4],
      [4, 3, 2, 1],
      [0, 0, 0, 0],
    ] as const
    for (const [a, b, c, d] of words) {
      const fingerprint = new Fingerprint()
      fingerprint.block(a, b, c, d)
      hashes.add(fingerprint.hex())
    }
    expect(hashes.size).toBe(base.length * 8 + words.length)
  })

  test('can be read at any time and goes on', () => {
    const fingerprint = new Fingerprint()
    const other = new Fingerprint()
    fingerprint.text('one')
    fingerprint.hex()
    fingerprint.text('two')
    other.text('one')
    other.text('two')
    expect(fingerprint.hex()).toBe(other.hex())
  })
})
