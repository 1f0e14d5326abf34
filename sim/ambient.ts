/**
 * Ambient mode: for zones and bots that call `Date.now()` or `setTimeout` themselves instead of using what they are
 * handed. While it is on, the global clock and timers of this process are `@sinonjs/fake-timers`, bound to the virtual
 * time of one world: they show its time, and fire within its event queue.
 *
 * A crutch: such code can be simulated, but not paused, skewed or crashed with its host, and a recording of it does
 * not replay. What it leaves real: promises, `process.nextTick`, `Math.random`.
 */
import { install, type FakeMethod } from '@sinonjs/fake-timers'
import type { World } from './world.ts'

export interface AmbientOptions {
  /** What `Date.now()` shows at the start of the run, in ms since 1970. Default: 2000-01-01 at midnight UTC. */
  readonly epochMs?: number
}

export interface Ambient {
  /** Gives the process its own clock back. Timers that are still set never fire. */
  uninstall(): void
}

const EPOCH_MS = 946_684_800_000
const FAKED: FakeMethod[] = [
  'Date',
  'performance',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
]

/** Only one world can be ambient at a time: fake-timers throws where its globals are installed already. */
export function beAmbient(world: World, { epochMs = EPOCH_MS }: AmbientOptions = {}): Ambient {
  const { queue } = world.ground
  const clock = install({ now: epochMs, toFake: FAKED })
  const nowMs = (): number => epochMs + Math.floor(queue.nowUs / 1000)
  // The world's time is the only one: fake-timers reads it, and never moves it.
  Object.defineProperty(clock, 'now', { get: nowMs, set: () => {} })

  const wakeAt = (atMs: number, wake: () => void): void => {
    queue.push(Math.max(queue.nowUs, Math.ceil((atMs - epochMs) * 1000)), wake)
  }
  const fireWhatIsDue = (): void => {
    clock.tick(0)
  }
  const cleared = new Set<unknown>()
  const real = {
    setTimeout: clock.setTimeout,
    setInterval: clock.setInterval,
    setImmediate: clock.setImmediate,
    clearInterval: clock.clearInterval,
  }
  Object.assign(clock, {
    setTimeout: (run: () => void, delayMs = 0, ...args: unknown[]) => {
      wakeAt(nowMs() + atLeastOne(delayMs), fireWhatIsDue)
      return real.setTimeout.call(clock, run, atLeastOne(delayMs), ...args)
    },
    setInterval: (run: () => void, delayMs = 0, ...args: unknown[]) => {
      const id = real.setInterval.call(clock, run, atLeastOne(delayMs), ...args)
      const wake = (): void => {
        if (cleared.has(id)) return
        fireWhatIsDue()
        wakeAt(nowMs() + atLeastOne(delayMs), wake)
      }
      wakeAt(nowMs() + atLeastOne(delayMs), wake)
      return id
    },
    setImmediate: (run: () => void, ...args: unknown[]) => {
      wakeAt(nowMs(), fireWhatIsDue)
      return real.setImmediate.call(clock, run, ...args)
    },
    clearInterval: (id: Parameters<typeof real.clearInterval>[0]) => {
      cleared.add(id)
      real.clearInterval.call(clock, id)
    },
  })
  return { uninstall: () => clock.uninstall() }
}

/** As Node does: a delay below 1 ms is 1 ms. */
function atLeastOne(delayMs: number): number {
  return delayMs >= 1 ? Math.floor(delayMs) : 1
}
