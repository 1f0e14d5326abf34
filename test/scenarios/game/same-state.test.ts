/** Two runs that differ only in ids and names are compared by states without these. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { otherNames, withoutNames, type Naming } from '../../../scenarios/game/same-state.ts'

const names = new Map([['bob', ['bob', 'boc']]])
const first: Naming = { firstId: 1_000_001, idsEnd: 1_000_101, names }
const other: Naming = { firstId: 1_500_000, idsEnd: 1_500_100, names }

test('ids and names become the same, wherever they stand', () => {
  const state = (id: number, name: string): unknown => ({
    byId: new Map([[id, { name, tag: `${name}-${id}` }]]),
    [name]: [id, 7, 2_000_000],
    seen: new Set([name, 'bobsled']),
    bytes: Uint8Array.of(1, 2),
    when: undefined,
  })
  const [a, b] = [withoutNames(state(1_000_003, 'bob'), first), withoutNames(state(1_500_002, 'boc'), other)]
  expect(a).toEqual(b)
  expect(a).toEqual({
    byId: [['id 3', { name: '<bob>', tag: '<bob>-id 3' }]],
    '<bob>': ['id 3', 7, 2_000_000],
    seen: ['<bob>', 'bobsled'],
    bytes: [1, 2],
    when: undefined,
  })
})

test('an object that is there twice is told as such, and circles end', () => {
  const one = { self: undefined as unknown }
  one.self = one
  expect(withoutNames([one, one], first)).toEqual([{ self: 'object 2 again' }, 'object 2 again'])
})

test('other names have the same length and the same order', () => {
  expect(otherNames(['alice', 'bob'])).toEqual(
    new Map([
      ['alice', 'alicf'],
      ['bob', 'boc'],
    ]),
  )
  // The first has no other name; the next two would become each other.
  expect(otherNames(['az', 'a1'])).toBeUndefined()
  expect(otherNames(['a', 'b'])).toBeUndefined()
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,8}$/), { maxLength: 8 }), (given) => {
      const others = otherNames(given)
      if (others === undefined) return
      const byOther = [...given].sort((a, b) => ((others.get(a) ?? '') < (others.get(b) ?? '') ? -1 : 1))
      expect(byOther).toEqual([...given].sort((a, b) => (a < b ? -1 : 1)))
      for (const [name, made] of others) expect(made.length).toBe(name.length)
    }),
  )
})
