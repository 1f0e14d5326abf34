/** Turns: one input, then everything that was asked for meanwhile, first in first out. */
import { describe, expect, test } from 'vitest'
import { Turns } from '../../core/turns/turns.ts'
import { VirtualClock } from './support/virtual-clock.ts'

function makeTurns(): { readonly clock: VirtualClock; readonly turns: Turns; readonly errors: unknown[] } {
  const clock = new VirtualClock(0)
  const errors: unknown[] = []
  return { clock, turns: new Turns(clock, (error) => errors.push(error)), errors }
}

describe('a turn', () => {
  test('carries out what is asked for in one queue, first in first out, whoever asks', () => {
    const { turns } = makeTurns()
    const order: string[] = []
    turns.run(() => {
      turns.ask(() => {
        order.push('a')
        turns.ask(() => order.push('c'))
      })
      turns.ask(() => order.push('b'))
      turns.run(() => order.push('an input within a turn waits'))
      order.push('first')
    })
    expect(order).toEqual(['first', 'a', 'b', 'an input within a turn waits', 'c'])
  })

  test('reads the clock once', () => {
    const { clock, turns } = makeTurns()
    turns.run(() => {
      clock.pause(10)
      expect(turns.now).toBe(0)
      turns.ask(() => {
        clock.pause(10)
        expect(turns.now).toBe(0)
      })
    })
    expect(turns.now).toBe(20)
  })

  test('goes on after an ask that throws, and tells of it', () => {
    const { turns, errors } = makeTurns()
    const order: string[] = []
    turns.run(() => {
      turns.ask(() => {
        throw new Error('ask')
      })
      turns.ask(() => order.push('next'))
      throw new Error('input')
    })
    expect(order).toEqual(['next'])
    expect(errors).toMatchObject([{ message: 'input' }, { message: 'ask' }])
  })

  test('is finished before an error that must come out of it does', () => {
    const { turns } = makeTurns()
    const order: string[] = []
    const input = (): void => {
      turns.throwAfter(new Error('escapes'))
      turns.throwAfter(new Error('only the first does'))
      turns.ask(() => order.push('finished'))
    }
    expect(() => turns.run(input)).toThrow('escapes')
    expect(order).toEqual(['finished'])
    expect(() => turns.run(() => order.push('the next is untouched'))).not.toThrow()
  })
})

describe('a handler', () => {
  test('that throws loses what it asked for, and nothing that was asked for before', () => {
    const { turns } = makeTurns()
    const order: string[] = []
    turns.run(() => {
      turns.ask(() => order.push('before'))
      const handled = turns.handle(() => {
        turns.ask(() => order.push('lost'))
        turns.call(() => order.push('lost'))
        throw new Error('handler')
      })
      expect(handled).toMatchObject({ threw: true, error: { message: 'handler' } })
      turns.ask(() => order.push('after'))
    })
    expect(order).toEqual(['before', 'after'])
  })

  test('within a handler loses only its own', () => {
    const { turns } = makeTurns()
    const order: string[] = []
    turns.run(() => {
      turns.handle(() => {
        turns.ask(() => order.push('outer'))
        turns.handle(() => {
          turns.ask(() => order.push('inner'))
          throw new Error('inner')
        })
        turns.ask(() => order.push('outer again'))
      })
    })
    expect(order).toEqual(['outer', 'outer again'])
  })
})

describe('a call from outside', () => {
  test('throws to its caller, and loses what it asked for', () => {
    const { turns, errors } = makeTurns()
    const order: string[] = []
    const call = (): void => {
      turns.ask(() => order.push('lost'))
      throw new Error('call')
    }
    expect(() => turns.call(call)).toThrow('call')
    expect(() => turns.enter(call)).toThrow('call')
    expect(order).toEqual([])
    expect(errors).toEqual([])
    turns.run(() => order.push('goes on'))
    expect(order).toEqual(['goes on'])
  })

  test('from within a turn is asked for instead, and what it throws is told', () => {
    const { turns, errors } = makeTurns()
    turns.run(() => {
      expect(() =>
        turns.call(() => {
          throw new Error('call')
        }),
      ).not.toThrow()
    })
    expect(errors).toMatchObject([{ message: 'call' }])
  })

  test('with an answer runs at once, within a turn too', () => {
    const { turns } = makeTurns()
    expect(turns.enter(() => 1)).toBe(1)
    turns.run(() => expect(turns.enter(() => 2)).toBe(2))
  })
})

test('calls of handlers in one turn are limited: the further ones are dropped, and reported once; the next turn is free again', () => {
  const errors: unknown[] = []
  const turns = new Turns(new VirtualClock(), (error) => errors.push(error), { callsMax: 1_000 })
  let told = 0
  const tell = (): void => {
    told++
    turns.call(tell)
    turns.call(tell)
  }
  turns.call(tell)
  expect(told).toBe(1_001)
  expect(errors).toMatchObject([{ code: 'turn_too_long' }])
  let next = 0
  turns.run(() => turns.call(() => next++))
  expect(next).toBe(1)
})
