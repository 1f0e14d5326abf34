/**
 * Ambient mode: for zones and bots that call `Date.now()` or `setTimeout` themselves instead of using what they are
 * handed. While it is on, the global clock and timers of this process are `@sinonjs/fake-timers`, bound to the virtual
 * time of one world: they fire within its event queue. They are those of one of its machines, usually the server:
 * `Date` shows its wall clock, which can be set; its timers wait while it is paused, and die when it crashes.
 *
 * A crutch: all code of the process shares this one machine's time, timers do not drift with its clock, and a recording
 * of such code does not replay. What it leaves real: promises, `process.nextTick`, `Math.random`.
 */
import { install, type FakeMethod } from '@sinonjs/fake-timers'
import type { Ground } from './ground.ts'
import type { Host } from './host.ts'
import { OverworldError } from '../core/errors.ts'

export interface AmbientOptions {
  /** What `Date.now()` shows at the start of the run, in ms since 1970. Default: 2000-01-01 at midnight UTC. */
  readonly epochMs?: number
  /** Whose clock it is. Default: the server's. */
  readonly host?: Host
}

/** What a `World` has of it. */
export interface AmbientWorld {
  readonly ground: Ground
  readonly serverHost: Host
}

export interface Ambient {
  /** Gives the process its own clock back. Timers that are still set never fire. */
  uninstall(): void
}

/** The largest number that a `Date` takes. */
const DATE_MS_MAX = 8.64e15
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

/** Of those, the ones that get a meaning of our own. */
const REPLACED = ['setTimeout', 'setInterval', 'setImmediate', 'clearInterval'] as const

/** Only one world can be ambient at a time: fake-timers throws where its globals are installed already. */
export function beAmbient(world: AmbientWorld, options: AmbientOptions = {}): Ambient {
  const { epochMs = EPOCH_MS, host = world.serverHost } = options
  if (!(Math.abs(epochMs) <= DATE_MS_MAX)) {
    throw new OverworldError('bad_option', `epochMs is ${epochMs}: give ms since 1970, as Date has them`)
  }
  const { queue, drain } = world.ground
  const clock = install({ now: epochMs, toFake: FAKED })
  const nowMs = (): number => epochMs + Math.floor(queue.nowUs / 1000)
  // The world's time is the only one: fake-timers reads it, and never moves it.
  let readsFromMs: number | undefined
  Object.defineProperty(clock, 'now', { get: () => readsFromMs ?? nowMs(), set: () => (readsFromMs = undefined) })
  // `Date` alone shows the wall clock: setting it moves no timer, as on a real machine.
  const wallClock = Object.defineProperty({}, 'now', { get: () => Math.floor(epochMs + host.wallClockMs) })
  Object.assign(clock.Date, { clock: wallClock })

  const wakeAt = (atMs: number, wake: (atMs: number) => void): void => {
    const wakeUs = Math.max(queue.nowUs, Math.ceil((atMs - epochMs) * 1000))
    queue.push(wakeUs, () => {
      // A timer of the process may settle what a program on any machine awaits.
      drain.need()
      host.execute(() => wake(atMs))
    })
  }
  /** A timer dies with the memory that its callback is in. */
  const inThisLife = <Args extends unknown[]>(run: (...args: Args) => void): ((...args: Args) => void) => {
    const { incarnation } = host
    return (...args) => {
      if (host.incarnation === incarnation && host.status !== 'off') run(...args)
    }
  }
  /** Where the machine stood still it is later than it was to be: everything since then is due. */
  const fireWhatIsDue = (sinceMs: number): void => {
    const lateMs = nowMs() - sinceMs
    readsFromMs = sinceMs
    clock.tick(lateMs)
    readsFromMs = undefined
  }
  const cleared = new Set<unknown>()
  const real = {
    setTimeout: clock.setTimeout,
    setInterval: clock.setInterval,
    setImmediate: clock.setImmediate,
    clearInterval: clock.clearInterval,
  }
  Object.assign(clock, {
    setTimeout: (run: Callback, delayMs = 0, ...args: unknown[]) => {
      wakeAt(nowMs() + atLeastOne(delayMs), fireWhatIsDue)
      return real.setTimeout.call(clock, inThisLife(run), atLeastOne(delayMs), ...args)
    },
    setInterval: (run: Callback, delayMs = 0, ...args: unknown[]) => {
      const id = real.setInterval.call(clock, inThisLife(run), atLeastOne(delayMs), ...args)
      const wake = (atMs: number): void => {
        if (cleared.has(id)) return
        fireWhatIsDue(atMs)
        wakeAt(nowMs() + atLeastOne(delayMs), wake)
      }
      wakeAt(nowMs() + atLeastOne(delayMs), wake)
      return id
    },
    setImmediate: (run: Callback, ...args: unknown[]) => {
      wakeAt(nowMs(), fireWhatIsDue)
      return real.setImmediate.call(clock, inThisLife(run), ...args)
    },
    clearInterval: (id: Parameters<typeof real.clearInterval>[0]) => {
      cleared.add(id)
      real.clearInterval.call(clock, id)
    },
  })
  // By this mark fake-timers knows that the process had a timer of its own to give back.
  for (const name of REPLACED) Object.assign(clock[name], { hadOwnProperty: true })
  return { uninstall: () => clock.uninstall() }
}

type Callback = (...args: unknown[]) => void

/** As Node does: a delay below 1 ms is 1 ms. */
function atLeastOne(delayMs: number): number {
  return delayMs >= 1 ? Math.floor(delayMs) : 1
}
