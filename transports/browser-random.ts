/** Cryptographic randomness from the Web Crypto of browsers (and Node): the same as `systemRandom`, without Node. */
import type { Random } from '../core/injected.ts'
import { pooledRandom } from './random-pool.ts'

/** A `Random` fit for tokens, on the platform's `crypto.getRandomValues`. */
export function browserRandom(): Random {
  return pooledRandom((bytes) => globalThis.crypto.getRandomValues(bytes))
}
