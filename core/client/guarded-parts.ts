/**
 * The clock and the randomness of a client. Both are checked at the start, so that a platform that lacks something is
 * noticed then and not at the first lost connection. Later an exception of `now` or `uint32` is reported and replaced
 * by a usable value: it must never interrupt the client between two states.
 *
 * Leaves out the store (`session-keeper.ts`) and the network, whose failed dial is a lost connection.
 */
import { OverworldError } from '../errors.ts'
import type { Clock, Network, Random, Timer } from '../injected.ts'

const UINT32_MAX = 0xffff_ffff

interface Parts {
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
}

export class GuardedParts {
  readonly #clock: Clock
  readonly #random: Random
  readonly #onError: (error: unknown) => void
  #lastNow: number
  /** Drawn at the start to test the randomness; used for the first wait. */
  #drawn: number | undefined

  /** Throws `bad_option`. `onError` hears of every later exception. */
  constructor({ clock, random, network }: Parts, onError: (error: unknown) => void) {
    this.#onError = onError
    this.#clock = clock
    this.#random = random
    checkMethods('clock', clock, ['now', 'setTimer'])
    checkMethods('random', random, ['uint32'])
    checkMethods('network', network, ['connect'])
    this.#lastNow = checked('clock.now()', () => clock.now(), Number.isFinite, 'a finite number')
    this.#drawn = checked('random.uint32()', () => random.uint32(), isUint32, 'an integer from 0 to 4294967295')
  }

  /** In ms. Where the clock throws: the time that it showed last. */
  now(): number {
    try {
      this.#lastNow = this.#clock.now()
    } catch (error) {
      this.#onError(error)
    }
    return this.#lastNow
  }

  /** Where the randomness fails: the highest number, which makes the longest wait. */
  uint32(): number {
    const drawn = this.#drawn ?? this.#draw()
    this.#drawn = undefined
    return drawn
  }

  /** Infinity: no timer. Throws what the clock throws; `cancel` does not. */
  setTimer(delayMs: number, fire: () => void): Timer | undefined {
    if (delayMs === Infinity) return undefined
    const timer = this.#clock.setTimer(delayMs, fire)
    return {
      cancel: () => {
        try {
          timer.cancel()
        } catch (error) {
          this.#onError(error)
        }
      },
    }
  }

  #draw(): number {
    try {
      const drawn: unknown = this.#random.uint32()
      if (isUint32(drawn)) return drawn
      throw new OverworldError('bad_option', `random.uint32() returned ${String(drawn)}, which is no uint32`)
    } catch (error) {
      this.#onError(error)
      return UINT32_MAX
    }
  }
}

/** Throws `bad_option` where `given` lacks one of these methods. */
export function checkMethods(name: string, given: unknown, methods: readonly string[]): void {
  for (const method of methods) {
    const isThere = typeof given === 'object' && given !== null
    if (isThere && typeof (given as Record<string, unknown>)[method] === 'function') continue
    throw new OverworldError('bad_option', `${name} must be an object with a method ${method}()`)
  }
}

/** Throws `bad_option` where `call` throws, or returns something else. */
function checked<T>(name: string, call: () => T, isRight: (value: unknown) => boolean, expected: string): T {
  let value: T
  try {
    value = call()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new OverworldError('bad_option', `${name} threw: ${why}; a client cannot work without it`)
  }
  if (isRight(value)) return value
  throw new OverworldError('bad_option', `${name} must return ${expected}, not ${String(value)}`)
}

function isUint32(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= UINT32_MAX
}
