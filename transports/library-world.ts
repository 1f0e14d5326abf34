/**
 * The world of a private library instance (see `library-loader.ts`) on an injected clock and injected randomness:
 * the same for production and for the simulator. Leaves out promises and streams, which nobody can inject.
 */
import crypto from 'node:crypto'
import type { Clock, Random, Timer } from '../core/injected.ts'
import type { LibraryWorld } from './library-loader.ts'

export interface LibraryWorldOptions {
  readonly clock: Clock
  readonly random: Random
  /** What `Date.now()` gives when `clock.now()` is 0, in ms. Default 0: a library's idea of the date is not ours. */
  readonly epochMs?: number | undefined
}

/** Timers, `Date` and `crypto` from `clock` and `random`; a `process` and a `console` that keep quiet. */
export function libraryWorld(options: LibraryWorldOptions): LibraryWorld {
  const { clock, random, epochMs = 0 } = options
  return {
    globals: { ...timersOn(clock), Date: dateOn(clock, epochMs), process: quietProcess(), console: quietConsole() },
    modules: { crypto: cryptoFrom(random) },
  }
}

type Callback = (...args: unknown[]) => void

/** A handle as libraries expect it; keeping the process alive is the clock's business. */
class TimerHandle {
  timer: Timer | undefined

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }
}

function timersOn(clock: Clock): Record<string, unknown> {
  const setTimeout = (callback: Callback, delayMs = 0, ...args: unknown[]): TimerHandle => {
    const handle = new TimerHandle()
    handle.timer = clock.setTimer(Math.max(1, delayMs), () => callback(...args))
    return handle
  }
  const setImmediate = (callback: Callback, ...args: unknown[]): TimerHandle => {
    const handle = new TimerHandle()
    handle.timer = clock.setTimer(0, () => callback(...args))
    return handle
  }
  const setInterval = (callback: Callback, delayMs = 0, ...args: unknown[]): TimerHandle => {
    const handle = new TimerHandle()
    const again = (): void => {
      handle.timer = clock.setTimer(Math.max(1, delayMs), () => {
        again()
        callback(...args)
      })
    }
    again()
    return handle
  }
  const clear = (handle: TimerHandle | undefined | null): void => handle?.timer?.cancel()
  return {
    setTimeout,
    setImmediate,
    setInterval,
    clearTimeout: clear,
    clearImmediate: clear,
    clearInterval: clear,
  }
}

function dateOn(clock: Clock, epochMs: number): DateConstructor {
  const now = (): number => epochMs + Math.floor(clock.now())
  return new Proxy(Date, {
    construct: (date, args: [], target) =>
      Reflect.construct(date, args.length === 0 ? [now()] : args, target) as object,
    apply: () => new Date(now()).toString(),
    get: (date, key) => (key === 'now' ? now : (Reflect.get(date, key) as unknown)),
  })
}

function cryptoFrom(random: Random): unknown {
  const randomFillSync = (buffer: Uint8Array, offset = 0, size = buffer.length - offset): Uint8Array => {
    random.fill(buffer.subarray(offset, offset + size))
    return buffer
  }
  return { ...crypto, randomFillSync, randomBytes: (size: number) => randomFillSync(Buffer.alloc(size)) }
}

function quietProcess(): unknown {
  const nothing = (): undefined => undefined
  const output = { write: () => true, once: nothing, on: nothing }
  return {
    argv: [],
    env: {},
    platform: process.platform,
    version: process.version,
    versions: process.versions,
    nextTick: process.nextTick,
    on: nothing,
    once: nothing,
    emitWarning: nothing,
    stdin: { fd: 0 },
    stdout: output,
    stderr: output,
  }
}

function quietConsole(): unknown {
  const nothing = (): undefined => undefined
  return { log: nothing, info: nothing, warn: nothing, error: nothing, debug: nothing }
}
