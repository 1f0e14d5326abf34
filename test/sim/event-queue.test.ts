import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventQueue, ReusableEvent, type EventHandle } from '../../sim/index.ts'

type Command =
  | { readonly kind: 'push'; readonly inUs: number }
  | { readonly kind: 'cancel'; readonly which: number }
  | { readonly kind: 'run' }

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('push' as const), inUs: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(400) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('run' as const) }) },
)

test('events run in the order of (time, sequence), the cancelled ones never: as a sorted list would have it', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 400, size: 'max' }), (commands) => {
      const queue = new EventQueue()
      const handles: EventHandle[] = []
      const ran: number[] = []
      const model: { id: number; atUs: number }[] = []
      const modelRan: number[] = []
      const seen: unknown[] = []
      const expected: unknown[] = []
      for (const each of commands) {
        if (each.kind === 'push') {
          const id = handles.length
          const atUs = queue.nowUs + each.inUs
          handles.push(queue.push(atUs, () => ran.push(id)))
          model.push({ id, atUs })
        } else if (each.kind === 'cancel') {
          handles[each.which]?.cancel()
          const index = model.findIndex(({ id }) => id === each.which)
          if (index >= 0) model.splice(index, 1)
        } else {
          model.sort((a, b) => a.atUs - b.atUs || a.id - b.id)
          const first = model.shift()
          seen.push(queue.nextAtUs)
          const nowUs = queue.nowUs
          seen.push(queue.runNext(), queue.nowUs)
          expected.push(first?.atUs ?? Infinity, first !== undefined, first?.atUs ?? nowUs)
          if (first !== undefined) modelRan.push(first.id)
        }
        expect(queue.depth).toBe(model.length)
      }
      expect(seen).toEqual(expected)
      while (queue.runNext());
      model.sort((a, b) => a.atUs - b.atUs || a.id - b.id)
      expect(ran).toEqual([...modelRan, ...model.map(({ id }) => id)])
    }),
    { seed: 1, numRuns: 300 },
  )
})

test('ten thousand events come out sorted, whatever was cancelled between them', () => {
  const queue = new EventQueue()
  const ranAtUs: number[] = []
  const handles: EventHandle[] = []
  let state = 1
  for (let index = 0; index < 10_000; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    handles.push(queue.push(state % 5000, () => ranAtUs.push(queue.nowUs)))
  }
  handles.forEach((handle, index) => index % 3 !== 0 && handle.cancel())
  queue.runUntil(5000)
  expect(ranAtUs).toHaveLength(3334)
  expect(ranAtUs).toEqual(ranAtUs.toSorted((a, b) => a - b))
})

test('runUntil runs what is due at that very microsecond, what that adds for the same one, and nothing later', () => {
  const queue = new EventQueue()
  const ran: string[] = []
  queue.push(10, () => {
    ran.push('due')
    queue.push(10, () => ran.push('added'))
  })
  queue.push(11, () => ran.push('later'))
  queue.runUntil(10)
  expect(ran).toEqual(['due', 'added'])
  expect(queue.nowUs).toBe(10)
  expect(queue.depth).toBe(1)
})

test('an event can be cancelled and queued again, and runs once, at its new time', () => {
  const queue = new EventQueue()
  const ranAtUs: number[] = []
  const event = new ReusableEvent(() => ranAtUs.push(queue.nowUs))
  queue.add(event, 5)
  queue.cancel(event)
  queue.add(event, 9)
  expect(queue.depth).toBe(1)
  queue.runUntil(20)
  expect(ranAtUs).toEqual([9])
  queue.add(event, 30)
  queue.runUntil(30)
  expect(ranAtUs).toEqual([9, 30])
})

test('an event cannot be queued twice, in the past, or between two microseconds', () => {
  const queue = new EventQueue()
  queue.runUntil(100)
  const event = new ReusableEvent(() => undefined)
  for (const atUs of [99, 100.5, NaN, Infinity]) expect(() => queue.add(event, atUs)).toThrow('microsecond')
  queue.add(event, 100)
  expect(() => queue.add(event, 101)).toThrow('twice')
  expect(() => queue.runUntil(50)).toThrow('not before 100')
})

test('an event that throws is gone, and the queue goes on', () => {
  const queue = new EventQueue()
  let ran = 0
  queue.push(1, () => {
    throw new Error('mine')
  })
  queue.push(2, () => ran++)
  expect(() => queue.runUntil(5)).toThrow('mine')
  queue.runUntil(5)
  expect(ran).toBe(1)
})

test('an event that is queued again for the same instant, for ever, is an error instead of a time that stands still', () => {
  const queue = new EventQueue()
  const event: ReusableEvent = new ReusableEvent(() => queue.add(event, queue.nowUs))
  queue.add(event, 1_500_000)
  expect(() => queue.runUntil(2_000_000)).toThrow(/at 1\.5 s: something sets a timer of no time again and again/)
})
