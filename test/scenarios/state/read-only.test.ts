import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OverworldError } from 'overworld'
import { readOnly } from '../../../scenarios/state/read-only.ts'

interface Card {
  suit: string
  rank: number
}

class Deck {
  readonly #cards: Card[]
  label = 'oak'
  constructor(cards: Card[]) {
    this.#cards = cards
  }
  get size(): number {
    return this.#cards.length
  }
  get cards(): Card[] {
    return this.#cards
  }
  top(): Card | undefined {
    return this.#cards.at(-1)
  }
  has(card: Card): boolean {
    return this.#cards.includes(card)
  }
  each(look: (card: Card) => void): void {
    this.#cards.forEach(look)
  }
  *downwards(): Generator<Card> {
    for (let index = this.#cards.length - 1; index >= 0; index--) yield this.#cards[index] as Card
  }
}

class Hand extends Array<Card> {
  points(): number {
    return this.reduce((sum, { rank }) => sum + rank, 0)
  }
}

function card(suit: string, rank: number): Card {
  return { suit, rank }
}

function makeState() {
  const ace = card('spades', 14)
  const ten = card('hearts', 10)
  const two = card('clubs', 2)
  return {
    ace,
    hands: new Map([
      ['alice', [ten, ace, two]],
      ['bob', [two]],
    ]),
    ready: new Set<unknown>(['alice', ace]),
    deck: new Deck([ten, two, ace]),
    hand: Hand.from([ten, two]) as Hand,
    bytes: Uint8Array.of(3, 1, 2),
    since: new Date(1_000_003),
    scores: { alice: 3, bob: 1 } as Record<string, number>,
    'odd name': { x: 1 },
    nothing: null,
    seats: Object.freeze([card('spades', 1)]),
  }
}

function firstOf<T>(items: readonly T[] = []): T {
  const [first] = items
  if (first === undefined) throw new Error('there is none')
  return first
}

/** What would change, as the error of an attempt to change it says. */
function refusalOf(change: () => unknown): string {
  try {
    change()
  } catch (error) {
    const isRefusal = error instanceof OverworldError && error.code === 'read_only'
    const [, what] = /^a judge cannot change the state: (.*)\. Change a copy/.exec(isRefusal ? error.message : '') ?? []
    if (what === undefined) throw error
    return what
  }
  throw new Error('it was changed')
}

describe('a view shows what its state is', () => {
  test('primitive values, and nothing', () => {
    expect(readOnly(3)).toBe(3)
    expect(readOnly(undefined)).toBe(undefined)
    expect(readOnly(null)).toBe(null)
    const view = readOnly(makeState())
    expect(view.nothing).toBe(null)
    expect(view.scores['alice']).toBe(3)
    expect('bob' in view.scores).toBe(true)
    expect('carol' in view.scores).toBe(false)
  })

  test('equal reads give the same view; a view of a view is itself a view of the state', () => {
    const state = makeState()
    const view = readOnly(state)
    expect(view.deck === view.deck).toBe(true)
    expect(view.hands.get('alice') === view.hands.get('alice')).toBe(true)
    expect(view.hands.get('alice')?.[1] === view.ace).toBe(true)
    expect([...view.hands.values()][0]?.[1] === view.ace).toBe(true)
    expect(view.deck.top() === view.ace).toBe(true)
    expect(view.ace === state.ace).toBe(false)
    expect(readOnly(view.ace).suit).toBe('spades')
    expect(view.deck.top === view.deck.top).toBe(true)
    expect(view.hands.get === view.hands.get).toBe(true)
  })

  test('it follows the state', () => {
    const state = makeState()
    const view = readOnly(state)
    const { hands } = view
    state.hands.set('carol', [card('spades', 3)])
    state.ace.rank = 1
    expect(hands.get('carol')?.[0]?.rank).toBe(3)
    expect(view.ace.rank).toBe(1)
    expect(hands.size).toBe(3)
    Object.freeze(state.scores)
    Object.freeze(state.hands.get('alice'))
    expect(view.hands.get('alice')?.[0]?.rank).toBe(10)
    expect({ ...view.scores }).toEqual({ alice: 3, bob: 1 })
  })

  test('kinds are told as for the state', () => {
    const view = readOnly(makeState())
    expect(Array.isArray(view.hands.get('alice'))).toBe(true)
    expect(view.hands instanceof Map).toBe(true)
    expect(view.ready instanceof Set).toBe(true)
    expect(view.deck instanceof Deck).toBe(true)
    expect(view.hand instanceof Hand).toBe(true)
    expect(view.bytes instanceof Uint8Array).toBe(true)
    expect(view.since instanceof Date).toBe(true)
    expect(view.deck.constructor).toBe(Deck)
    expect(Object.prototype.toString.call(view.hands)).toBe('[object Map]')
  })

  test('iteration, spread, destructuring', () => {
    const view = readOnly(makeState())
    const [first, ...rest] = view.hands.get('alice') ?? []
    expect([first?.rank, rest.length]).toEqual([10, 2])
    const { scores, ...others } = view
    expect({ ...scores, carol: 9 }).toEqual({ alice: 3, bob: 1, carol: 9 })
    expect(Object.keys(others)).toEqual(Object.keys(makeState()).filter((name) => name !== 'scores'))
    expect(Object.entries(view.scores)).toEqual([
      ['alice', 3],
      ['bob', 1],
    ])
    const named: string[] = []
    for (const [name, hand] of view.hands) named.push(`${name} ${hand.length}`)
    for (const name in view.scores) named.push(name)
    expect(named).toEqual(['alice 3', 'bob 1', 'alice', 'bob'])
    expect([...view.ready][0]).toBe('alice')
    expect([...view.hands.keys()]).toEqual(['alice', 'bob'])
    expect([...view.ready.entries()].length).toBe(2)
    expect([...view.bytes]).toEqual([3, 1, 2])
    expect(new Map(view.hands).get('bob')?.[0]?.rank).toBe(2)
    expect(new Set(view.ready).size).toBe(2)
    expect(Array.from(view.hands.values(), (hand) => hand.length)).toEqual([3, 1])
  })

  test('methods of arrays, whose results belong to the judge', () => {
    const view = readOnly(makeState())
    const hand = view.hands.get('alice') ?? []
    const ranks = (cards: readonly Card[]): number[] => cards.map(({ rank }) => rank)
    expect(ranks([...hand].sort((a, b) => a.rank - b.rank))).toEqual([2, 10, 14])
    expect(ranks(hand.filter(({ rank }) => rank > 5).sort((a, b) => a.rank - b.rank))).toEqual([10, 14])
    expect(ranks(hand.toSorted((a, b) => b.rank - a.rank))).toEqual([14, 10, 2])
    expect(ranks(hand.slice(1).reverse())).toEqual([2, 14])
    expect(hand.reduce((sum, { rank }) => sum + rank, 0)).toBe(26)
    expect(ranks([card('x', 0)].concat(hand))).toEqual([0, 10, 14, 2])
    expect([hand, hand].flat().length).toBe(6)
    expect(hand.find(({ suit }) => suit === 'clubs')?.rank).toBe(2)
    expect(hand.at(-1)?.rank).toBe(2)
    expect([...hand.entries()].map(([index, { rank }]) => index + rank)).toEqual([10, 15, 4])
    hand.forEach((each, index, all) => expect(all[index] === each).toBe(true))
    expect([1, 2].map(String).join()).toBe(readOnly([1, 2]).join())
    expect(hand.some((each) => each === view.ace)).toBe(true)
  })

  test('what is searched for may be a view, or the object itself', () => {
    const state = makeState()
    const view = readOnly(state)
    const hand = view.hands.get('alice') ?? []
    expect(hand.includes(view.ace) && hand.includes(state.ace)).toBe(true)
    expect([hand.indexOf(view.ace), hand.indexOf(state.ace), hand.lastIndexOf(state.ace)]).toEqual([1, 1, 1])
    expect(hand.includes(card('spades', 14))).toBe(false)
    expect(view.ready.has(view.ace) && view.ready.has(state.ace)).toBe(true)
    expect(view.deck.has(view.ace) && view.deck.has(state.ace)).toBe(true)
    const owners = new Map([[state.ace, 'alice']])
    const ownersView = readOnly(owners)
    expect([ownersView.get(view.ace), ownersView.get(state.ace)]).toEqual(['alice', 'alice'])
    expect(owners.get([...ownersView.keys()][0] as Card)).toBe(undefined)
    expect(ownersView.get([...ownersView.keys()][0] as Card)).toBe('alice')
  })

  test('functions and classes can be keys', () => {
    const deal = (): number => 1
    const view = readOnly({
      counts: new Map<unknown, number>([
        [deal, 1],
        [Deck, 2],
      ]),
      deal,
      Deck,
    })
    expect([view.counts.get(deal), view.counts.get(view.deal), view.counts.get(Deck)]).toEqual([1, 1, 2])
    expect(view.Deck).toBe(Deck)
    expect(new view.Deck([]).size).toBe(0)
    expect(view.deal()).toBe(1)
    expect(view.deal.name).toBe('deal')
  })

  test('classes with private fields: methods, getters, callbacks, generators', () => {
    const view = readOnly(makeState())
    expect(view.deck.size).toBe(3)
    expect(view.deck.cards[2] === view.ace).toBe(true)
    const seen: Card[] = []
    view.deck.each((each) => seen.push(each))
    expect(seen.map(({ rank }) => rank)).toEqual([10, 2, 14])
    expect(seen[2] === view.ace).toBe(true)
    expect([...view.deck.downwards()].map(({ rank }) => rank)).toEqual([14, 2, 10])
    expect([...view.deck.downwards()][0] === view.ace).toBe(true)
    expect(view.hand.points()).toBe(12)
    expect((view.hand.filter(({ rank }) => rank > 5) as Hand).points()).toBe(10)
  })

  test('frozen objects, whose contents are views, and constants that are passed on', () => {
    const suits = Object.freeze({ hearts: Object.freeze({ sign: '♥' }), all: Object.freeze(['♥']) })
    const state = { suits, top: suits.hearts, half: Object.freeze({ deck: new Deck([]), list: [1] }) }
    const view = readOnly(state)
    expect(view.top === suits.hearts).toBe(true)
    expect(view.suits === suits).toBe(true)
    expect(view.half.deck.size).toBe(0)
    expect(view.half === state.half).toBe(false)
    expect(refusalOf(() => view.half.list.push(1))).toBe('state.half.list.push(…)')
    const fixed = Object.defineProperty({}, 'list', { value: [1], enumerable: true }) as { list: number[] }
    const fixedView = readOnly(fixed)
    expect(fixedView.list[0]).toBe(1)
    expect({ ...fixedView }.list).toBe(fixedView.list)
    expect(refusalOf(() => fixedView.list.pop())).toBe('state.list.pop(…)')
  })

  test('bytes and dates', () => {
    const view = readOnly(makeState())
    expect(view.bytes[0]).toBe(3)
    expect(view.bytes.slice().sort().join()).toBe('1,2,3')
    expect(Uint8Array.from(view.bytes)).toEqual(Uint8Array.of(3, 1, 2))
    expect(new Uint8Array(view.bytes)).toEqual(Uint8Array.of(3, 1, 2))
    expect(new Uint8Array(view.bytes.buffer)[0]).toBe(3)
    expect(Buffer.from(view.bytes).toString('hex')).toBe('030102')
    expect(view.bytes.subarray(1)[0]).toBe(1)
    expect(view.since.getTime()).toBe(1_000_003)
    expect(+view.since).toBe(1_000_003)
    expect(view.since > new Date(0)).toBe(true)
    expect(JSON.stringify(view.since)).toBe(JSON.stringify(makeState().since))
  })

  test('JSON, toEqual and console.log show the state', () => {
    const view = readOnly(makeState())
    expect(JSON.stringify(view)).toBe(JSON.stringify(makeState()))
    expect(view.hands.get('alice')).toEqual(makeState().hands.get('alice'))
    expect(view.hands).toEqual(makeState().hands)
    expect(view.scores).toStrictEqual({ alice: 3, bob: 1 })
    expect(inspect(view, { depth: 9 })).toBe(inspect(makeState(), { depth: 9 }))
    expect(inspect([view.hands.get('bob')])).toBe("[ [ { suit: 'clubs', rank: 2 } ] ]")
  })

  test('cycles, symbols, objects without a prototype, promises', async () => {
    const tag = Symbol('tag')
    const state = {
      [tag]: { x: 1 },
      self: undefined as unknown,
      bare: Object.create(null) as object,
      soon: Promise.resolve([1]),
    }
    state.self = state
    const view = readOnly(state)
    expect(view.self === view).toBe(true)
    expect(view[tag].x).toBe(1)
    expect(Object.getPrototypeOf(view.bare)).toBe(null)
    expect((await view.soon)[0]).toBe(1)
    expect(refusalOf(() => (view[tag].x = 2))).toBe('state[Symbol(tag)].x = …')
  })
})

describe('a change is refused, and its place is named', () => {
  const cases: readonly (readonly [string, (state: ReturnType<typeof makeState>) => unknown])[] = [
    ["state.hands.get('alice')[0].rank = …", (state) => (firstOf(state.hands.get('alice')).rank = 3)],
    ["state.hands.get('alice')[3] = …", (state) => ((state.hands.get('alice') as Card[])[3] = card('x', 1))],
    ["state.hands.get('alice').sort(…)", (state) => state.hands.get('alice')?.sort()],
    ["state.hands.get('alice').push(…)", (state) => state.hands.get('alice')?.push(card('x', 1))],
    ["state.hands.get('alice').length = …", (state) => ((state.hands.get('alice') as Card[]).length = 0)],
    ['state.hands.set(…)', (state) => state.hands.set('carol', [])],
    ['state.hands.delete(…)', (state) => state.hands.delete('alice')],
    ['state.hands.clear(…)', (state) => state.hands.clear()],
    ['state.ready.add(…)', (state) => state.ready.add('bob')],
    ['state.ready.delete(…)', (state) => state.ready.delete('alice')],
    ['state.bytes[0] = …', (state) => (state.bytes[0] = 1)],
    ['state.bytes.sort(…)', (state) => state.bytes.sort()],
    ['state.bytes.set(…)', (state) => state.bytes.set([1])],
    ['state.bytes.subarray().fill(…)', (state) => state.bytes.subarray(1).fill(0)],
    ['state.since.setTime(…)', (state) => state.since.setTime(0)],
    ['delete state.scores.bob', (state) => delete state.scores['bob']],
    ['state.scores.carol = …', (state) => Object.assign(state.scores, { carol: 1 })],
    ["state['odd name'].x = …", (state) => (state['odd name'].x = 2)],
    ['defining state.scores.x', (state) => Object.defineProperty(state.scores, 'x', { value: 1 })],
    ['another prototype of state.scores', (state) => Object.setPrototypeOf(state.scores, null) as unknown],
    ['freezing state.scores', (state) => Object.freeze(state.scores)],
    ['state.deck.label = …', (state) => (state.deck.label = 'elm')],
    // Behind a private field: the way on which it was found.
    ['state.deck.cards.pop(…)', (state) => state.deck.cards.pop()],
    ['state.deck.cards[1].suit = …', (state) => ((state.deck.cards[1] as Card).suit = 'x')],
    ['state.deck.top().rank = …', (state) => ((state.deck.top() as Card).rank = 1)],
    ['state.seats[0].rank = …', (state) => ((state.seats[0] as Card).rank = 2)],
    ['state.deck.cards[0].rank = …', (state) => state.deck.cards.forEach((each) => (each.rank = 0))],
  ]

  test.each(cases)('%s', (place, change) => {
    // Cards that are in one place only.
    const make = (): ReturnType<typeof makeState> => ({ ...makeState(), deck: new Deck([card('a', 1), card('b', 2)]) })
    const state = make()
    expect(refusalOf(() => change(readOnly(state)))).toBe(place)
    expect(state).toEqual(make())
  })

  test('in callbacks, and through iterators', () => {
    const state = makeState()
    const view = readOnly(state)
    expect(refusalOf(() => view.hands.forEach((hand) => hand.pop()))).toBe("state.hands.get('alice').pop(…)")
    expect(refusalOf(() => [...view.hands.values()][1]?.pop())).toBe("state.hands.get('bob').pop(…)")
    expect(refusalOf(() => view.deck.each((each) => (each.rank = 0)))).toBe('state.hand[0].rank = …')
    expect(refusalOf(() => (firstOf(view.seats).rank = 2))).toBe('state.seats[0].rank = …')
    expect(refusalOf(() => (([...view.ready][1] as Card).rank = 0))).toBe('state.ace.rank = …')
    expect(state).toEqual(makeState())
  })

  test('with the place where it is now', () => {
    const state: { pile: Card[]; hand: Card[] } = { pile: [card('hearts', 3)], hand: [] }
    const view = readOnly(state, 'table')
    const mine = view.pile[0] as Card
    state.hand.push(...state.pile.splice(0))
    expect(() => (mine.rank = 4)).toThrow('a judge cannot change table: table.hand[0].rank = …. Change a copy')
  })

  test('a state that is a Map or an array itself', () => {
    expect(refusalOf(() => readOnly(new Map([['bob', { x: 1 }]])).clear())).toBe('state.clear(…)')
    expect(refusalOf(() => ((readOnly(new Map([['bob', { x: 1 }]])).get('bob') as { x: number }).x = 2))).toBe(
      "state.get('bob').x = …",
    )
    expect(refusalOf(() => readOnly([1]).push(2))).toBe('state.push(…)')
  })
})

describe('laws', () => {
  const arbitrary = fc.clone(fc.object({ withMap: true, withSet: true, withDate: true, withTypedArray: true }), 2)

  test('a view reads like its state', () => {
    fc.assert(
      fc.property(arbitrary, ([state]) => {
        const view = readOnly(state)
        expect(view).toEqual(state)
        expect(inspect(view)).toBe(inspect(state))
        expect(JSON.stringify(view)).toBe(JSON.stringify(state))
      }),
    )
  })

  test('nothing that is reached through a view can be changed', () => {
    fc.assert(
      fc.property(arbitrary, ([state, copy]) => {
        for (const view of viewsIn(readOnly(state))) {
          for (const change of changesOf(view)) expect(change).toThrow(OverworldError)
        }
        expect(state).toEqual(copy)
      }),
    )
  })
})

/** Every object that can be reached by reading. */
function viewsIn(root: object): ReadonlySet<object> {
  const views = new Set([root])
  for (const view of views) {
    const inside: unknown[] = Object.values(view)
    if (view instanceof Map)
      inside.push(...(view as Map<unknown, unknown>).keys(), ...(view as Map<unknown, unknown>).values())
    if (view instanceof Set) inside.push(...(view as Set<unknown>))
    for (const each of inside) if (typeof each === 'object' && each !== null) views.add(each)
  }
  return views
}

function changesOf(view: object): (() => unknown)[] {
  const changes = [
    () => Object.assign(view, { x: 1 }),
    () => Object.assign(view, { 0: 1 }),
    () => Object.defineProperty(view, 'x', { value: 1 }),
    () => Reflect.deleteProperty(view, 'x'),
    () => Object.freeze(view),
    () => Object.setPrototypeOf(view, null) as unknown,
  ]
  if (Array.isArray(view))
    changes.push(
      () => view.pop() as unknown,
      () => view.fill(1) as unknown,
      () => view.reverse() as unknown,
    )
  if (view instanceof Map)
    changes.push(
      () => view.set(1, 1),
      () => view.delete(1),
      () => view.clear(),
    )
  if (view instanceof Set)
    changes.push(
      () => view.add(1),
      () => view.delete(1),
      () => view.clear(),
    )
  if (view instanceof Date)
    changes.push(
      () => view.setTime(1),
      () => view.setFullYear(1),
    )
  if (view instanceof Uint8Array)
    changes.push(
      () => view.fill(1),
      () => view.set([1]),
      () => view.reverse(),
    )
  return changes
}
