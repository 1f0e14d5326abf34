/** What every `Clock` guarantees (`core/injected.ts`, design section 4), in real and in virtual time. */
import { describe, expect, test } from 'vitest'
import type { Clock } from '../../core/injected.ts'

export interface ClockHarness {
  readonly clock: Clock
  /** Lets time pass until `condition` holds; fails if that takes too long. */
  until(condition: () => boolean): Promise<void>
}

export function describeClock(name: string, makeHarness: () => ClockHarness): void {
  describe(`the clock contract, kept by ${name}`, () => {
    test('setTimer never fires before it returns, not even with a delay of 0', async () => {
      const { clock, until } = makeHarness()
      let fired = 0
      clock.setTimer(0, () => fired++)
      expect(fired).toBe(0)
      await until(() => fired === 1)
    })

    test('a timer never fires while now() is before its deadline, and fires once', async () => {
      const { clock, until } = makeHarness()
      const late: number[] = []
      for (let i = 0; i < 100; i++) {
        const delayMs = (i * 7) % 30
        const deadline = clock.now() + delayMs
        clock.setTimer(delayMs, () => late.push(clock.now() - deadline))
      }
      await until(() => late.length >= 100)
      let isOver = false
      clock.setTimer(5, () => (isOver = true))
      await until(() => isOver)
      expect(late).toHaveLength(100)
      expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
    })

    test('delays with a fraction are kept', async () => {
      const { clock, until } = makeHarness()
      const start = clock.now()
      let firedAt = -1
      clock.setTimer(2.75, () => (firedAt = clock.now()))
      await until(() => firedAt >= 0)
      expect(firedAt - start).toBeGreaterThanOrEqual(2.75)
    })

    test('now never runs backwards', async () => {
      const { clock, until } = makeHarness()
      const seen: number[] = []
      const look = (): void => {
        seen.push(clock.now())
        if (seen.length < 50) clock.setTimer(seen.length % 2, look)
      }
      look()
      await until(() => seen.length === 50)
      expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    })

    test('a cancelled timer never fires', async () => {
      const { clock, until } = makeHarness()
      let fired = 0
      for (const delayMs of [0, 1, 5]) clock.setTimer(delayMs, () => fired++).cancel()
      let isOver = false
      clock.setTimer(10, () => (isOver = true))
      await until(() => isOver)
      expect(fired).toBe(0)
    })

    test('a timer cancelled by one that fires before it never fires', async () => {
      const { clock, until } = makeHarness()
      let fired = 0
      const victim = clock.setTimer(6, () => fired++)
      clock.setTimer(1, () => victim.cancel())
      let isOver = false
      clock.setTimer(12, () => (isOver = true))
      await until(() => isOver)
      expect(fired).toBe(0)
    })

    test('cancelling twice, or after it fired, does nothing', async () => {
      const { clock, until } = makeHarness()
      let fired = 0
      const timer = clock.setTimer(0, () => {
        fired++
        timer.cancel()
      })
      await until(() => fired === 1)
      timer.cancel()
      const cancelled = clock.setTimer(0, () => fired++)
      cancelled.cancel()
      cancelled.cancel()
      let isOver = false
      clock.setTimer(5, () => (isOver = true))
      await until(() => isOver)
      expect(fired).toBe(1)
    })

    test('a timer set inside another fires later, not within it', async () => {
      const { clock, until } = makeHarness()
      const order: string[] = []
      clock.setTimer(0, () => {
        clock.setTimer(0, () => order.push('inner'))
        order.push('outer')
      })
      await until(() => order.length === 2)
      expect(order).toEqual(['outer', 'inner'])
    })

    test('delays beyond 2^31 ms do not fire early, and can be cancelled', async () => {
      const { clock, until } = makeHarness()
      let fired = 0
      const timers = [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, Infinity].map((delayMs) =>
        clock.setTimer(delayMs, () => fired++),
      )
      let isOver = false
      clock.setTimer(10, () => (isOver = true))
      await until(() => isOver)
      expect(fired).toBe(0)
      for (const timer of timers) timer.cancel()
    })

    test('a negative or NaN delay throws bad_delay', () => {
      const { clock } = makeHarness()
      for (const bad of [-1, -0.001, NaN, -Infinity]) {
        expect(() => clock.setTimer(bad, () => undefined)).toThrow(expect.objectContaining({ code: 'bad_delay' }))
      }
    })
  })
}
