import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../transports/system-clock.ts'
import { describeClock } from '../conformance/clock-conformance.ts'
import { until } from './real-time.ts'

describeClock('the system clock', () => ({ clock: systemClock(), until }))

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

test('a delay beyond 2^31−1 ms fires when it is over, and not before', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const clock = systemClock()
  let fired = 0
  clock.setTimer(2 ** 31 + 1000, () => fired++)
  vi.advanceTimersByTime(2 ** 31 + 998)
  expect(fired).toBe(0)
  vi.advanceTimersByTime(2)
  expect(fired).toBe(1)
})

test('a platform timer that comes early is waited out', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let now = 100
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const firedAt: number[] = []
  systemClock().setTimer(10, () => firedAt.push(now))
  now = 109.4
  vi.advanceTimersByTime(10)
  expect(firedAt).toEqual([])
  now = 110.2
  vi.advanceTimersByTime(1)
  expect(firedAt).toEqual([110.2])
})

test('a long timer that was cancelled half-way leaves no platform timer behind', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const timer = systemClock().setTimer(2 ** 32, () => undefined)
  vi.advanceTimersByTime(2 ** 31)
  timer.cancel()
  expect(vi.getTimerCount()).toBe(0)
})
