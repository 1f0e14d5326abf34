import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Session, SessionId, ZoneView } from 'overworld'
import { chat, chatZone } from 'overworld/scenarios'
import { startWorld } from '../../core/support/server-world.ts'
import { findSession } from '../../../scenarios/state/find-session.ts'
import { Place } from '../../../scenarios/state/place.ts'
import { readOnly } from '../../../scenarios/state/read-only.ts'
import { findReachable, walk } from '../../../scenarios/state/walk.ts'

function pathTo(state: unknown, sought: unknown): string | undefined {
  return findReachable(state, (value) => value === sought).path
}

function pathsIn(state: unknown): string[] {
  const paths: string[] = []
  walk(state, (_value, place) => {
    paths.push(place.inWords())
    return false
  })
  return paths
}

class Table {
  readonly name = 'oak'
  readonly owner: object
  readonly #secret: object
  constructor(owner: object, secret: object) {
    this.owner = owner
    this.#secret = secret
  }
  get secret(): object {
    return this.#secret
  }
}

describe('a walk', () => {
  test('sees properties, elements, keys and values of Maps, members of Sets, symbols, objects of classes', () => {
    const sought = { x: 1 }
    const tag = Symbol('tag')
    expect(pathTo({ seats: new Map([[17, { owner: sought }]]) }, sought)).toBe('seats.get(17).owner')
    expect(pathTo({ players: new Map([['bob', [1, sought]]]) }, sought)).toBe("players.get('bob')[1]")
    expect(pathTo({ a: new Map([[sought, 1]]) }, sought)).toBe('a.key(0)')
    expect(pathTo({ a: new Map([[{ sought }, 1]]) }, sought)).toBe('a.key(0).sought')
    expect(
      pathTo(
        {
          a: new Map<object, unknown>([
            [{}, 1],
            [{}, { sought }],
          ]),
        },
        sought,
      ),
    ).toBe('a.get(key 1).sought')
    expect(pathTo({ a: new Set([1, sought]) }, sought)).toBe('a.member(1)')
    expect(pathTo({ a: new Set([1, { b: sought }]) }, sought)).toBe('a.member(1).b')
    expect(pathTo({ [tag]: { 'odd name': sought } }, sought)).toBe("[Symbol(tag)]['odd name']")
    expect(pathTo({ table: new Table(sought, {}) }, sought)).toBe('table.owner')
    expect(pathTo([[], [sought]], sought)).toBe('[1][0]')
    expect(pathTo(new Map([["o'b\n", sought]]), sought)).toBe("get('o\\'b\\u000a')")
    expect(pathTo(Object.assign([1], { extra: sought }), sought)).toBe('extra')
    expect(pathTo(Object.assign(new Map(), { extra: sought }), sought)).toBe('extra')
    expect(findReachable({ a: sought }, (value) => value === sought, { root: 'state' }).path).toBe('state.a')
  })

  test('finds values that are not objects, and keys', () => {
    expect(pathTo({ a: [{ b: 7 }] }, 7)).toBe('a[0].b')
    expect(findReachable(new Map([[5n, 1]]), (value, { kind }) => kind === 'key' && value === 5n).path).toBe('has(5n)')
    expect(findReachable({ a: new Set(['x']) }, (value) => value === 'x').path).toBe("a.has('x')")
    expect(findReachable({ a: { b: 1 } }, (_value, { key }) => key === 'b').path).toBe('a.b')
  })

  test('cannot see private fields, closures, accessors, what is not enumerable, and WeakMaps', () => {
    const sought = { x: 1 }
    const around = [
      new Table({}, sought),
      () => sought,
      Object.assign(() => 1, { sought }),
      {
        get it(): object {
          throw new Error('called')
        },
      },
      Object.defineProperty({}, 'hidden', { value: sought }),
      new WeakMap([[sought, sought]]),
    ]
    expect(pathTo(around, sought)).toBe(undefined)
  })

  test('visits each place once, the nearest first, in their order', () => {
    const shared = { z: 1 }
    const state = { b: shared, a: { deep: shared }, self: undefined as unknown }
    state.self = state
    expect(pathsIn(state)).toEqual(['b', 'a', 'self', 'b.z', 'a.deep'])
    expect(pathTo({ far: { far: { it: shared } }, near: { it: shared } }, shared)).toBe('near.it')
    expect(
      pathsIn(
        new Map<unknown, unknown>([
          ['k', { v: 1 }],
          [2, new Set(['m'])],
        ]),
      ),
    ).toEqual(["has('k')", "get('k')", 'has(2)', 'get(2)', "get('k').v", "get(2).has('m')"])
  })

  test('gives up after `max` visits, and says so', () => {
    const state = { first: Array.from({ length: 100 }, () => ({ x: 1 })), last: 1 }
    expect(walk(state, () => false)).toEqual({ visits: 202, gaveUp: false })
    expect(walk(state, () => false, { max: 202 })).toEqual({ visits: 202, gaveUp: false })
    expect(walk(state, () => false, { max: 201 })).toEqual({ visits: 201, gaveUp: true })
    expect(findReachable(state, (_value, { key }) => key === 'x', { max: 50 })).toEqual({
      path: undefined,
      visits: 50,
      gaveUp: true,
    })
    expect(findReachable(state, (_value, { key }) => key === 'last')).toEqual({
      path: 'last',
      visits: 2,
      gaveUp: false,
    })
  })

  test('enters long lists, sparse arrays and byte arrays without trouble', () => {
    let list: unknown = undefined
    for (let length = 0; length < 20_000; length++) list = { next: list }
    expect(walk(list, () => false).visits).toBe(20_000)
    const sparse: unknown[] = []
    sparse[1_000_017] = 'bob'
    expect(pathsIn({ sparse })).toEqual(['sparse', 'sparse[1000017]'])
    expect(walk({ bytes: new Uint8Array(1_000) }, () => false).visits).toBe(1)
  })

  test('is blind for what `isOpaque` says', () => {
    const clock = { inner: { x: 1 } }
    expect(pathTo({ clock }, clock.inner)).toBe('clock.inner')
    const isOpaque = (value: object): boolean => value === clock
    expect(findReachable({ clock }, (value) => value === clock.inner, { isOpaque }).path).toBe(undefined)
    expect(findReachable({ clock }, (value) => value === clock, { isOpaque }).path).toBe('clock')
  })

  test('leads to places that resolve to what was found there', () => {
    const arbitrary = fc.object({ withMap: true, withSet: true, withNullPrototype: true, withSparseArray: true })
    fc.assert(
      fc.property(arbitrary, (state) => {
        walk(state, (value, place) => {
          // What is undefined is not told from what is missing.
          expect(place.resolve(state)).toBe(value)
          return false
        })
      }),
    )
  })
})

test('words of a place', () => {
  const inside = new Place(new Place(undefined, 'property', 'a'), 'value', undefined)
  expect(inside.inWords()).toBe('a.get(undefined)')
  expect(new Place(undefined, 'value', 'x'.repeat(99)).inWords('state')).toBe(`state.get('${'x'.repeat(40)}…')`)
  expect(new Place(inside, 'result', 'top').inWords('state')).toBe('state.a.get(undefined).top()')
  expect(new Place(undefined, 'property', '01').inWords()).toBe("['01']")
})

describe('sessions and zones', () => {
  function enterChat(): { session: Session; zone: ZoneView } {
    const world = startWorld()
    const zone = world.server.zones.start(chatZone, { name: 'oak' })
    const { session } = world.enter()
    session.join(chat, { handle: 'parrot' })
    return { session, zone }
  }

  test('are found, not entered', () => {
    const { session, zone } = enterChat()
    session.gameData = { sought: true }
    const state = { zone, players: new Map([[session, { name: 'bob' }]]), app: chat }
    expect(pathTo(state, session)).toBe(`players.has(session ${session.id})`)
    expect(pathTo(state, 'bob')).toBe(`players.get(session ${session.id}).name`)
    expect(pathTo({ byZone: new Map([[zone, { x: session }]]) }, session)).toBe("byZone.get(zone 'oak').x")
    expect(pathTo(state, session.gameData)).toBe(undefined)
    expect(pathTo({ zone, app: chat }, session)).toBe(undefined)
    expect(pathTo({ app: chat }, chat.codec)).toBe(undefined)
  })

  test('are passed on by views as they are', () => {
    const { session, zone } = enterChat()
    const state = { zone, app: chat, players: new Map([[session, { name: 'bob' }]]) }
    const view = readOnly(state)
    expect(view.zone).toBe(zone)
    expect(view.app).toBe(chat)
    expect([...view.players.keys()]).toEqual([session])
    expect([...view.players.keys()][0]).toBe(session)
    expect(view.players.get(session)?.name).toBe('bob')
    expect(() => ((view.players.get(session) as { name: string }).name = 'x')).toThrow(
      `state.players.get(session ${session.id}).name = …`,
    )
  })

  test('a session is found by itself, and by keys equal to its id', () => {
    const { session } = enterChat()
    const gone = { id: 1_000_017 as SessionId }
    const pathOf = (state: unknown, sought: Pick<Session, 'id'> = gone): string | undefined =>
      findSession(state, sought).path
    expect(pathOf({ last: { by: session } }, session)).toBe('last.by')
    expect(pathOf({ log: [1, session] }, session)).toBe('log[1]')
    expect(pathOf({ names: new Map([[1_000_017, 'bob']]) })).toBe('names.has(1000017)')
    expect(pathOf({ names: new Map([['1000017', 'bob']]) })).toBe("names.has('1000017')")
    expect(pathOf({ names: new Map([[1_000_017n, 'bob']]) })).toBe('names.has(1000017n)')
    expect(pathOf({ ready: new Set([1_000_017]) })).toBe('ready.has(1000017)')
    expect(pathOf({ scores: { 1000017: 3 } })).toBe('scores[1000017]')
    const seats: unknown[] = []
    seats[1_000_017] = {}
    expect(pathOf({ seats })).toBe('seats[1000017]')
    expect(pathOf({ score: 1_000_017, list: [1_000_017], names: new Map([[1, 1_000_017]]), text: '1000017' })).toBe(
      undefined,
    )
    expect(pathOf({ names: new Map([[1_000_018, 'bob']]) })).toBe(undefined)
  })
})
