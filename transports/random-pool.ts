/**
 * A `Random` that draws from its source in blocks: asking the operating system costs a microsecond, and a server
 * draws a few bytes at a time. Bytes that were handed out as secrets are wiped from the block at once.
 * Leaves out where the bytes come from; see `system-random.ts` and `browser-random.ts`.
 */
import type { Random } from '../core/injected.ts'

const POOL_BYTES = 4096

/** `refill` overwrites all of the bytes it is given (never more than 4 KiB) with cryptographic randomness. */
export function pooledRandom(refill: (bytes: Uint8Array<ArrayBuffer>) => void): Random {
  const pool = new Uint8Array(POOL_BYTES)
  const view = new DataView(pool.buffer)
  let used = POOL_BYTES

  function reserve(length: number): number {
    if (used + length > POOL_BYTES) {
      refill(pool)
      used = 0
    }
    const start = used
    used += length
    return start
  }

  return {
    fill(bytes) {
      for (let done = 0; done < bytes.length; done += POOL_BYTES) {
        const length = Math.min(bytes.length - done, POOL_BYTES)
        const start = reserve(length)
        bytes.set(pool.subarray(start, start + length), done)
        pool.fill(0, start, start + length)
      }
    },
    uint32() {
      return view.getUint32(reserve(4))
    },
  }
}
