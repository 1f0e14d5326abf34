/** The virtual clock, against @sinonjs/fake-timers as an oracle, and where it does what fake-timers cannot. */
import FakeTimers from '@sinonjs/fake-timers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Clock, Timer } from '../../core/injected.ts'
import { createGround, Host, MessageNetwork, type Ground, type HostOptions } from '../../sim/index.ts'

function makeHost(options: Partial<HostOptions> = {}): { ground: Ground; host: Host; clock: Clock } {
  const ground = createGround({ seed: 1 })
  const host = new Host(ground, new MessageNetwork(ground), { name: 'host', ...options })
  host.boot(() => undefined)
  return { ground, host, clock: host.clock }
}

interface Fake {
  setTimeout(run: () => void, delayMs: number): number
  clearTimeout(id: number): void
  tick(ms: number): void
  readonly now: number
}

/** What a timer does when it fires: fake-timers makes a nested delay of 0 one of 1, so there is none here. */
interface TimerPlan {
  readonly delayMs: number
  readonly after: readonly TimerPlan[]
  readonly cancels: number | null
}

function timerPlan(depth: number): fc.Arbitrary<TimerPlan> {
  return fc.record({
    delayMs: fc.integer({ min: 1, max: 60 }),
    after: depth === 0 ? fc.constant([]) : fc.array(timerPlan(depth - 1), { maxLength: 2 }),
    cancels: fc.option(fc.nat(30)),
  })
}

type Step =
  | { readonly kind: 'set'; readonly plan: TimerPlan }
  | { readonly kind: 'cancel'; readonly which: number }
  | { readonly kind: 'advance'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), plan: timerPlan(2) }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(30) }),
  fc.record({ kind: fc.constant('advance' as const), ms: fc.nat(50) }),
)

interface Driver {
  set(delayMs: number, fire: () => void): () => void
  advance(ms: number): void
  now(): number
}

function play(driver: Driver, steps: readonly Step[]): string[] {
  const log: string[] = []
  const cancels: (() => void)[] = []
  const set = ({ delayMs, after, cancels: victim }: TimerPlan): void => {
    const id = cancels.length
    cancels.push(
      driver.set(delayMs, () => {
        log.push(`${id} at ${driver.now()}`)
        if (victim !== null) cancels[victim]?.()
        for (const next of after) set(next)
      }),
    )
  }
  for (const each of steps) {
    if (each.kind === 'set') set(each.plan)
    else if (each.kind === 'cancel') cancels[each.which]?.()
    else driver.advance(each.ms)
  }
  driver.advance(1000)
  return log
}

test('random programs of timers fire in the same order and at the same times as in fake-timers', () => {
  let fired = 0
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
      const { ground, clock } = makeHost()
      const ours = play(
        {
          set: (delayMs, fire) => {
            const timer = clock.setTimer(delayMs, fire)
            return () => timer.cancel()
          },
          advance: (ms) => ground.queue.runUntil(ground.queue.nowUs + ms * 1000),
          now: () => clock.now(),
        },
        steps,
      )
      const fake = FakeTimers.createClock(0) as unknown as Fake
      const theirs = play(
        {
          set: (delayMs, fire) => {
            const id = fake.setTimeout(fire, delayMs)
            return () => fake.clearTimeout(id)
          },
          advance: (ms) => fake.tick(ms),
          now: () => fake.now,
        },
        steps,
      )
      expect(ours).toEqual(theirs)
      fired += ours.length
    }),
    { seed: 1, numRuns: 300 },
  )
  expect(fired).toBeGreaterThan(3000)
})

test('whatever the drift, a timer fires at the first microsecond at which now() has reached its deadline', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 10 }),
      (driftPpm, clockOffsetMs, delays) => {
        const { ground, clock } = makeHost({ driftPpm, clockOffsetMs })
        let fired = 0
        for (const delayMs of delays) {
          const deadline = clock.now() + delayMs
          let beforeMs = -Infinity
          clock.setTimer(delayMs, () => {
            fired += 1
            expect(clock.now()).toBeGreaterThanOrEqual(deadline)
            // Not a microsecond later than it must, give or take what doubles can tell apart at that offset.
            expect(clock.now() - deadline).toBeLessThan(0.0012)
            beforeMs = clock.now()
          })
          ground.queue.runUntil(ground.queue.nowUs + 7)
          expect(clock.now()).toBeGreaterThan(beforeMs)
        }
        ground.queue.runUntil(ground.queue.nowUs + 200_000_000)
        expect(fired).toBe(delays.length)
      },
    ),
    { seed: 1, numRuns: 300 },
  )
})

test('a clock that drifts by 1000 ppm shows 1 ms more after a second', () => {
  const { ground, clock } = makeHost({ driftPpm: 1000 })
  ground.queue.runUntil(1_000_000)
  expect(clock.now()).toBeCloseTo(1001, 6)
})

test('a change of drift moves waiting timers, and now() goes on from where it was', () => {
  const { ground, host, clock } = makeHost()
  let firedAtUs = 0
  clock.setTimer(1000, () => (firedAtUs = ground.queue.nowUs))
  ground.queue.runUntil(500_000)
  host.setDrift(100_000)
  expect(clock.now()).toBe(500)
  ground.queue.runUntil(2_000_000)
  expect(firedAtUs).toBe(500_000 + Math.ceil(500_000 / 1.1))
})

test('a jump forward makes what it passed due at once, the most overdue first, and the rest sooner', () => {
  const { ground, host, clock } = makeHost()
  const fired: string[] = []
  const note = (name: string) => () => fired.push(`${name} at ${ground.queue.nowUs}`)
  clock.setTimer(300, note('c'))
  clock.setTimer(200, note('b'))
  clock.setTimer(100, note('a'))
  ground.queue.runUntil(50_000)
  host.jumpClock(200)
  ground.queue.runUntil(1_000_000)
  expect(fired).toEqual(['a at 50000', 'b at 50000', 'c at 100000'])
})

test('a host whose clock is wrong shows its own time, and lies to nobody else', () => {
  const ground = createGround({ seed: 1 })
  const network = new MessageNetwork(ground)
  const early = new Host(ground, network, { name: 'early', clockOffsetMs: 60_000 })
  const right = new Host(ground, network, { name: 'right' })
  for (const host of [early, right]) host.boot(() => undefined)
  ground.queue.runUntil(1_000_000)
  expect([early.clock.now(), right.clock.now()]).toEqual([61_000, 1000])
})

test('after a crash no timer fires, none can be set, and now() stands still', () => {
  const { ground, host, clock } = makeHost()
  let fired = 0
  const timers: Timer[] = [clock.setTimer(10, () => fired++)]
  ground.queue.runUntil(5000)
  host.crash()
  timers.push(clock.setTimer(1, () => fired++))
  ground.queue.runUntil(1_000_000)
  for (const timer of timers) timer.cancel()
  expect([fired, clock.now(), ground.queue.depth]).toEqual([0, 5, 0])
})
