/** Who gets a place while none is free: see `transports/enet-handshakes.ts`. */
import { expect, test } from 'vitest'
import { Handshakes, type Knock } from '../../transports/enet-handshakes.ts'
import { manualClock } from './manual-clock.ts'

function knock(number: number): Knock {
  return { address: `198.51.100.${number}`, port: 4000 + number, connectId: number }
}

function start(placesMax: number) {
  const counters = {
    enetConnectsDeferredTotal: 0,
    enetConnectsRefusedTotal: 0,
    enetHandshakesEvictedTotal: 0,
    enetHandshakesTimedOutTotal: 0,
    enetHandshakesForgedTotal: 0,
    enetAnswersHeldTotal: 0,
    enetHandshakes: 0,
  }
  const clock = manualClock()
  const givenUp: number[] = []
  const handshakes = new Handshakes({ clock, counters, placesMax, giveUp: (peerId) => void givenUp.push(peerId) })
  return { handshakes, counters, clock, givenUp }
}

/** Asks, is heard, and answered by peer `peerId`. */
function take(handshakes: Handshakes, number: number, peerId: number): void {
  expect(handshakes.admit(knock(number), 0)).toBe(true)
  handshakes.answered(peerId, knock(number))
  handshakes.arrived()
}

test('while places are free everybody is heard at once', () => {
  const { handshakes, counters } = start(3)
  for (const number of [1, 2, 3]) take(handshakes, number, number)
  expect(counters).toMatchObject({ enetHandshakes: 3, enetConnectsDeferredTotal: 0 })
})

test('of 5,000 free places 1,024 may be of unfinished handshakes; who asks again then gets that of the oldest', () => {
  const { handshakes, counters, givenUp } = start(5000)
  for (let number = 1; number <= 1024; number++) take(handshakes, number, number)
  expect(handshakes.admit(knock(2000), 0)).toBe(false)
  expect(handshakes.admit(knock(2000), 0)).toBe(true)
  expect(givenUp).toEqual([1])
  // It is a connection: another handshake may begin.
  handshakes.answered(1, knock(2000))
  handshakes.arrived()
  handshakes.finished(2)
  expect(handshakes.admit(knock(2001), 1)).toBe(true)
  expect(counters).toMatchObject({ enetConnectsDeferredTotal: 1, enetHandshakesEvictedTotal: 1 })
})

test('while none is, who knocks again gets the place of the handshake that has waited longest', () => {
  const { handshakes, counters, givenUp } = start(3)
  for (const number of [1, 2, 3]) take(handshakes, number, number)
  expect(handshakes.admit(knock(9), 0)).toBe(false)
  expect(givenUp).toEqual([])
  expect(handshakes.admit(knock(9), 0)).toBe(true)
  expect(givenUp).toEqual([1])
  handshakes.answered(1, knock(9))
  handshakes.arrived()
  expect(handshakes.admit(knock(8), 0)).toBe(false)
  expect(handshakes.admit(knock(8), 0)).toBe(true)
  expect(givenUp).toEqual([1, 2])
  expect(counters).toMatchObject({ enetConnectsDeferredTotal: 2, enetHandshakesEvictedTotal: 2, enetHandshakes: 2 })
})

test('a place that an open connection has is nobody else’s', () => {
  const { handshakes, counters, givenUp } = start(2)
  expect(handshakes.admit(knock(1), 2)).toBe(false)
  expect(handshakes.admit(knock(1), 2)).toBe(false)
  expect(givenUp).toEqual([])
  expect(counters).toMatchObject({ enetConnectsDeferredTotal: 1, enetConnectsRefusedTotal: 1 })
})

test('who asks again because the answer was lost keeps its place', () => {
  const { handshakes, counters, givenUp } = start(1)
  take(handshakes, 1, 0)
  expect(handshakes.admit(knock(1), 0)).toBe(true)
  handshakes.answered(0, knock(1))
  expect(givenUp).toEqual([])
  expect(counters.enetHandshakes).toBe(1)
})

test('a handshake is given up after 5 s, and one that was finished is not', () => {
  const { handshakes, counters, clock, givenUp } = start(4)
  take(handshakes, 1, 0)
  take(handshakes, 2, 1)
  clock.advance(1000)
  take(handshakes, 3, 2)
  handshakes.finished(1)
  clock.advance(3999)
  handshakes.expire()
  expect(givenUp).toEqual([])
  clock.advance(1)
  handshakes.expire()
  expect(givenUp).toEqual([0])
  clock.advance(1000)
  handshakes.expire()
  expect(givenUp).toEqual([0, 2])
  expect(counters).toMatchObject({ enetHandshakesTimedOutTotal: 2, enetHandshakes: 0 })
})
