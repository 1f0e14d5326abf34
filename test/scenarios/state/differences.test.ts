import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeDifferences } from '../../../scenarios/state/describe-differences.ts'
import { differences, type Difference } from '../../../scenarios/state/differences.ts'
import { readOnly } from '../../../scenarios/state/read-only.ts'
import { startWorld } from '../../core/support/server-world.ts'

/** In short: the path, behind `-` where something is missing, behind `+` where it is extra. */
function pathsOf(expected: unknown, actual: unknown, options?: { readonly max: number }): string[] {
  const sign: Record<Difference['kind'], string> = { different: '', missing: '-', extra: '+' }
  return differences(expected, actual, options).map(({ kind, path }) => `${sign[kind]}${path}`)
}

class Card {
  suit: string
  constructor(suit: string) {
    this.suit = suit
  }
}

class Player {
  readonly #score: number
  constructor(score: number) {
    this.#score = score
  }
  get score(): number {
    return this.#score
  }
}

class Long {
  readonly low: number
  readonly high: number
  readonly unsigned: boolean
  constructor(low: number, high: number, unsigned: boolean) {
    this.low = low
    this.high = high
    this.unsigned = unsigned
  }
}

describe('equal', () => {
  const cyclic = (): object => {
    const state: { list: unknown[]; members: Set<unknown>; self?: unknown } = { list: [], members: new Set() }
    state.self = state
    state.list.push(state)
    state.members.add(state)
    return state
  }
  const message = Object.assign(Object.create({ score: 0, encode: () => 1 }) as object, { name: 'bob' })
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ['NaN', { x: NaN }, { x: NaN }],
    ['0 and −0', [0], [-0]],
    ['undefined, null and missing', { a: undefined, b: null, c: undefined }, { b: undefined, c: null }],
    ['objects of different classes', { hand: [{ suit: 'hearts' }] }, { hand: [new Card('hearts')] }],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    ['a getter of a class', { score: 3 }, new Player(3)],
    ['a default on a prototype', { name: 'bob', score: 0 }, message],
    ['a default on a prototype that the other lacks', { name: 'bob' }, message],
    ['number, bigint and Long', [5, 5n, 7n, 2 ** 40], [5n, new Long(5, 0, false), 7, new Long(0, 256, true)]],
    ['negative Longs', [-1n, 2n ** 64n - 1n], [new Long(-1, -1, false), new Long(-1, -1, true)]],
    ['Buffer and Uint8Array', { token: Uint8Array.of(1, 2) }, { token: Buffer.from([1, 2]) }],
    ['a part of a buffer', new Uint8Array(Uint8Array.of(9, 1, 2).buffer, 1), Uint8Array.of(1, 2)],
    ['typed arrays of the same numbers', Uint8Array.of(1, 2), Uint16Array.of(1, 2)],
    [
      'Maps in another order',
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ],
    [
      'Maps with objects as keys',
      new Map([
        [{ x: 1 }, 'a'],
        [{ x: 2 }, 'b'],
      ]),
      new Map([
        [{ x: 2 }, 'b'],
        [{ x: 1 }, 'a'],
      ]),
    ],
    ['Sets in another order', new Set([1, 'a', { x: [1] }, { x: [2] }]), new Set([{ x: [2] }, { x: [1] }, 'a', 1])],
    ['Sets of bigints and numbers', new Set([1n, 2n]), new Set([2, 1])],
    ['dates', new Date(5), new Date(5)],
    ['invalid dates', new Date(NaN), new Date(NaN)],
    ['regular expressions', /a/g, /a/g],
    ['errors', new Error('x'), new Error('x')],
    ['URLs', new URL('ws://a/'), new URL('ws://a/')],
    ['cycles', cyclic(), cyclic()],
    ['a view', readOnly({ m: new Map([['a', [1, new Card('x')]]]) }), { m: new Map([['a', [1, { suit: 'x' }]]]) }],
    ['inside of views', { bytes: readOnly(Uint8Array.of(1)) }, { bytes: Uint8Array.of(1) }],
    ['symbols as names', { [Symbol.iterator]: 1 }, { [Symbol.iterator]: 1 }],
  ]
  test.each(cases)('%s', (_what, expected, actual) => {
    expect(differences(expected, actual)).toEqual([])
    expect(differences(actual, expected)).toEqual([])
  })
})

describe('different', () => {
  const cases: readonly (readonly [string, unknown, unknown, readonly string[]])[] = [
    ['the whole', 1, 2, ['']],
    ['the whole that is missing', 1, undefined, ['-']],
    [
      'a property',
      { hand: [{ suit: 'a' }, { suit: 'b' }] },
      { hand: [{ suit: 'a' }, { suit: 'c' }] },
      ['hand[1].suit'],
    ],
    ['a value of a Map', new Map([['bob', { score: 1 }]]), new Map([['bob', { score: 2 }]]), ["get('bob').score"]],
    ['a missing property', { a: { b: 1 } }, { a: {} }, ['-a.b']],
    ['an extra property', { a: {} }, { a: { b: 1 } }, ['+a.b']],
    ['null where something is', { a: null }, { a: 1 }, ['a']],
    ['an empty list and none', { list: [] }, {}, ['-list']],
    ['1 and "1"', { a: 1 }, { a: '1' }, ['a']],
    ['false and 0', { a: false }, { a: 0 }, ['a']],
    ['a fraction and a bigint', [1.5, 2], [1n, 3n], ['[0]', '[1]']],
    ['an array and an object', { a: [1] }, { a: { 0: 1 } }, ['a']],
    ['an array and bytes', { a: [1] }, { a: Uint8Array.of(1) }, ['a']],
    ['a Map and an object', { a: new Map([['x', 1]]) }, { a: { x: 1 } }, ['a']],
    ['a byte', { log: Uint8Array.of(1, 2, 3) }, { log: Uint8Array.of(1, 9, 3) }, ['log[1]']],
    ['a missing byte', { log: Uint8Array.of(1, 2, 3) }, { log: Uint8Array.of(1, 3) }, ['-log[1]']],
    ['the byte of a buffer', Uint8Array.of(1, 2).buffer, Uint8Array.of(1, 3).buffer, ['[1]']],
    ['a missing element', [1, 2, 3, 4], [1, 3, 4], ['-[1]']],
    ['two extra elements', ['a', 'd'], ['a', 'b', 'c', 'd'], ['+[1]', '+[2]']],
    ['a missing last element', [{ x: 1 }, { x: 2 }], [{ x: 1 }], ['-[1]']],
    ['an extra undefined element', [1], [1, undefined], ['+[1]']],
    ['elements that changed, and a missing one', [1, 2, 3], [1, 9], ['[1]', '-[2]']],
    ['an entry of a Map', new Map([['a', 1]]), new Map([['b', 1]]), ["-get('a')", "+get('b')"]],
    ['an entry without a value', new Map([['a', undefined]]), new Map(), ["-get('a')"]],
    ['the value for an object', new Map([[{ x: 1 }, 1]]), new Map([[{ x: 1 }, 2]]), ['get(key 0)']],
    ['a key that is an object', new Map([[{ x: 1 }, 1]]), new Map([[{ x: 2 }, 1]]), ['-get(key 0)', '+get(key 0)']],
    ['a member of a Set', { a: new Set(['x', 'y']) }, { a: new Set(['x', 'z']) }, ["-a.has('y')", "+a.has('z')"]],
    [
      'inside a member',
      new Set([
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ]),
      new Set([
        { x: 2, y: 3 },
        { x: 1, y: 1 },
      ]),
      ['member(1).y'],
    ],
    ['members that occur twice', new Set([{ x: 1 }, { x: 1 }]), new Set([{ x: 1 }, { x: 2 }]), ['member(1).x']],
    ['dates', { at: new Date(5) }, { at: new Date(6) }, ['at']],
    ['regular expressions', /a/g, /a/i, ['']],
    ['errors', new Error('x'), new Error('y'), ['message']],
    ['URLs', { a: new URL('ws://a/') }, { a: new URL('ws://b/') }, ['a']],
    ['a getter of a class', new Player(3), { score: 4 }, ['score']],
    ['functions', { run: () => 1 }, { run: () => 1 }, ['run']],
    ['odd names', { 'odd name': { '0x': 1 } }, { 'odd name': { '0x': 2 } }, ["['odd name']['0x']"]],
    ['a name of every object', { toString: 1, constructor: 2 }, {}, ['-toString', '-constructor']],
    ['the name __proto__', JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":2}'), ['__proto__']],
    ['symbols', { [Symbol.iterator]: 1 }, { [Symbol.iterator]: 2 }, ['[Symbol(Symbol.iterator)]']],
  ]
  test.each(cases)('%s', (_what, expected, actual, paths) => {
    expect(pathsOf(expected, actual)).toEqual(paths)
  })

  test('objects of a class that hides everything', () => {
    expect(pathsOf(new Player(3), new Player(4))).toEqual([])
  })

  test('two sessions, although they look alike', () => {
    const world = startWorld()
    const [anna, ben] = [world.enter().session, world.enter().session]
    expect(pathsOf({ owner: anna }, { owner: anna })).toEqual([])
    expect(pathsOf({ owner: anna }, { owner: ben })).toEqual(['owner'])
    expect(describeDifferences(differences({ owner: anna }, { owner: ben.id }))).toEqual([
      `owner: expected session ${anna.id}, actual ${ben.id}`,
    ])
  })

  test('in cycles', () => {
    const make = (name: string): object => {
      const a: { b?: object; name: string } = { name }
      a.b = { a, members: new Set([a]), keys: new Map([[a, 1]]) }
      return a
    }
    expect(pathsOf(make('x'), make('x'))).toEqual([])
    expect(pathsOf(make('x'), make('y'))).toEqual(['name'])
  })

  test('at most so many, the nearest first', () => {
    const many = { list: Array.from({ length: 50 }, (_, index) => index), z: 1 }
    const others = { list: many.list.map((each) => each + 1), z: 2 }
    expect(pathsOf(many, others)).toEqual(['z', ...Array.from({ length: 9 }, (_, index) => `list[${index}]`)])
    expect(pathsOf(many, others, { max: 1 })).toEqual(['z'])
    expect(pathsOf(many, others, { max: 99 })).toHaveLength(51)
  })

  test('deep down, and in wide structures, without trouble', () => {
    const chain = (end: number): unknown => {
      let list: unknown = end
      for (let length = 0; length < 20_000; length++) list = { next: list }
      return list
    }
    expect(pathsOf(chain(1), chain(1))).toEqual([])
    expect(pathsOf(chain(1), chain(2))).toEqual([Array.from({ length: 20_000 }, () => 'next').join('.')])
    let [one, other]: [unknown, unknown] = [1, 2]
    for (let depth = 0; depth < 40; depth++)
      [one, other] = [
        [one, one],
        [other, other],
      ]
    expect(differences(one, other)).toHaveLength(2)
    let [short, long]: [unknown[], unknown[]] = [[1], [2]]
    for (let depth = 0; depth < 30; depth++) [short, long] = [[short], [long, long, long]]
    expect(differences(short, long).length).toBeGreaterThan(2)
  })
})

test('lines for people', () => {
  const expected = {
    hand: [{ suit: 'hearts', rank: 3 }],
    turn: 'alice',
    log: 'x'.repeat(500),
    deck: new Map([['a', [1]]]),
  }
  const actual = { hand: [], turn: 'bob', log: '', deck: new Set([1]), left: [1n, -0, Uint8Array.of(1), null] }
  expect(describeDifferences(differences(expected, actual))).toEqual([
    "turn: expected 'alice', actual 'bob'",
    `log: expected '${'x'.repeat(79)}…, actual ''`,
    "deck: expected Map(1) { 'a' => [1] }, actual Set(1) { 1 }",
    'left: expected nothing, actual [1n, -0, Uint8Array(1) [1], null]',
    "hand[0]: expected { suit: 'hearts', rank: 3 }, actual nothing",
  ])
  const words = { expected: 'true is', actual: 'alice sees', lengthMax: 10 }
  expect(describeDifferences(differences(['a long, long text'], [{ n: [1, 2, 3] }]), words)).toEqual([
    "[0]: true is 'a long, l…, alice sees { n: [1, 2…",
  ])
  expect(describeDifferences(differences(1, 2))).toEqual(['the whole: expected 1, actual 2'])
})

describe('laws', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.double(), fc.bigInt())
  const { state } = fc.letrec<{ state: unknown }>((tie) => ({
    state: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(tie('state')),
      fc.dictionary(fc.string(), tie('state')),
      fc.array(fc.tuple(leaf, tie('state'))).map((entries) => new Map(entries)),
      fc.array(tie('state')).map((members) => new Set(members)),
      fc.uint8Array({ maxLength: 5 }),
      fc.date(),
    ),
  }))
  const twins = fc.clone(state, 2)

  test('equal structures have no differences', () => {
    fc.assert(
      fc.property(twins, ([one, other]) => {
        expect(differences(one, other)).toEqual([])
        expect(differences(readOnly(one), other)).toEqual([])
      }),
    )
  })

  test('one change gives exactly its path', () => {
    fc.assert(
      fc.property(twins, fc.nat(), ([one, other], choice) => {
        const spots = spotsIn(other)
        fc.pre(spots.length > 0)
        const spot = spots[choice % spots.length] as Spot
        spot.change()
        expect(differences(one, other).map(({ path }) => path)).toEqual([spot.path])
      }),
    )
  })

  test('what differs one way differs the other way, at the same paths but for members of Sets', () => {
    fc.assert(
      fc.property(state, state, (one, other) => {
        const [there, back] = [differences(one, other, { max: 1_000 }), differences(other, one, { max: 1_000 })]
        expect(back.length).toBe(there.length)
      }),
    )
  })
})

interface Spot {
  readonly path: string
  change(): void
}

const CHANGED = 'changed'

/** Everything in a structure that can be changed without changing what a Set's member is equal to. */
function spotsIn(root: unknown): Spot[] {
  const spots: Spot[] = []
  visit(root, '')
  return spots

  function visit(value: unknown, path: string): void {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        spots.push({ path: `${path}[${index}]`, change: () => (value[index] = CHANGED) })
        visit(item, `${path}[${index}]`)
      }
      spots.push({ path: `${path}[${value.length}]`, change: () => value.push(CHANGED) })
    } else if (value instanceof Uint8Array) {
      for (const index of value.keys())
        spots.push({ path: `${path}[${index}]`, change: () => (value[index] = (value[index] ?? 0) ^ 1) })
    } else if (value instanceof Map) {
      for (const [key, item] of value as Map<unknown, unknown>) {
        if (typeof key !== 'number') continue
        const inside = `${path}${path === '' ? '' : '.'}get(${key})`
        spots.push({ path: inside, change: () => value.set(key, CHANGED) })
        visit(item, inside)
      }
    } else if (value instanceof Set) {
      spots.push({ path: `${path}${path === '' ? '' : '.'}has('${CHANGED}')`, change: () => value.add(CHANGED) })
    } else if (value instanceof Date) {
      if (path !== '' && !Number.isNaN(value.getTime())) spots.push({ path, change: () => value.setTime(NaN) })
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        if (!/^[a-z]+$/i.test(name)) continue
        const inside = `${path}${path === '' ? '' : '.'}${name}`
        spots.push({ path: inside, change: () => Object.assign(value, { [name]: CHANGED }) })
        visit(item, inside)
      }
    }
  }
}
