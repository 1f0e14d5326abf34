/** Cryptographic randomness from the Web Crypto of browsers (and Node): the same as `systemRandom`, without Node. */
import { OverworldError } from '../core/errors.ts'
import type { Random } from '../core/injected.ts'
import { pooledRandom } from './random-pool.ts'

/**
 * A `Random` fit for tokens, on the platform's `crypto.getRandomValues`. Throws `OverworldError` `library_missing`
 * where the platform has none (React Native without a polyfill).
 */
export function browserRandom(): Random {
  const { crypto } = globalThis as { readonly crypto?: { readonly getRandomValues?: unknown } }
  if (typeof crypto?.getRandomValues !== 'function') {
    throw new OverworldError(
      'library_missing',
      'this platform has no crypto.getRandomValues; load a polyfill before (React Native: react-native-get-random-values), or give `random`',
    )
  }
  return pooledRandom((bytes) => globalThis.crypto.getRandomValues(bytes))
}
