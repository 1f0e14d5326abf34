/** Cryptographic randomness from Node. Leaves out seeding: whoever wants equal runs injects the simulator's. */
import { randomFillSync } from 'node:crypto'
import type { Random } from '../core/injected.ts'
import { pooledRandom } from './random-pool.ts'

/** A `Random` fit for tokens. */
export function systemRandom(): Random {
  return pooledRandom((bytes) => randomFillSync(bytes))
}
