import { describe, expect, test } from 'vitest'
import { browserRandom } from '../../transports/browser-random.ts'
import { pooledRandom } from '../../transports/random-pool.ts'
import { systemRandom } from '../../transports/system-random.ts'

describe.each([
  ['the system’s randomness', systemRandom],
  ['the browser’s randomness', browserRandom],
])('%s', (_name, make) => {
  test('fill overwrites all bytes, also of arrays larger than the pool', () => {
    const bytes = new Uint8Array(100_000)
    make().fill(bytes)
    const counts = Array.from({ length: 256 }, () => 0)
    for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1
    // 390 of each are expected, with a standard deviation of 20: one run in 10^12 is outside of 8 of them.
    expect(Math.min(...counts)).toBeGreaterThan(230)
    expect(Math.max(...counts)).toBeLessThan(550)
  })

  test('uint32 covers its range, and two sources differ', () => {
    const [a, b] = [make(), make()]
    const drawn = Array.from({ length: 2000 }, () => a.uint32())
    expect(drawn.every((each) => Number.isInteger(each) && each >= 0 && each < 2 ** 32)).toBe(true)
    expect(Math.max(...drawn)).toBeGreaterThan(2 ** 32 * 0.95)
    expect(Math.min(...drawn)).toBeLessThan(2 ** 32 * 0.05)
    expect(drawn).not.toEqual(Array.from({ length: 2000 }, () => b.uint32()))
  })
})

test('bytes that were handed out are wiped from the pool, and none is handed out twice', () => {
  let pool = new Uint8Array(0)
  let next = 0
  const random = pooledRandom((bytes) => {
    pool = bytes
    for (let i = 0; i < bytes.length; i++) bytes[i] = (next++ % 255) + 1
  })
  const drawn = new Uint8Array(3000)
  random.fill(drawn)
  expect(drawn).toEqual(Uint8Array.from({ length: 3000 }, (_, i) => (i % 255) + 1))
  expect(pool.subarray(0, 3000).every((byte) => byte === 0)).toBe(true)
  expect(pool[3000]).toBe((3000 % 255) + 1)
  random.uint32()
  random.fill(drawn)
  expect(drawn[0]).toBe((4096 % 255) + 1)
})
