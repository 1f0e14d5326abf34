import { describe, expect, test } from 'vitest'
import { chat, chatZone } from 'overworld/scenarios'
import { containerSizes, growingContainers } from '../../../scenarios/state/container-sizes.ts'
import { startWorld } from '../../core/support/server-world.ts'

function sizesOf(state: unknown): Record<string, number> {
  return Object.fromEntries(containerSizes(state).sizes)
}

class Table {
  readonly hands: Map<string, string[]>
  constructor(hands: Map<string, string[]>) {
    this.hands = hands
  }
}

describe('sizes', () => {
  test('of arrays, Maps, Sets, plain objects, bytes', () => {
    const state = {
      list: [1, 2, 3],
      map: new Map([['a', 1]]),
      set: new Set([1, 2]),
      record: { x: 1, y: 2 },
      bare: Object.assign(Object.create(null) as object, { x: 1 }),
      bytes: new Uint8Array(9),
      floats: new Float64Array(2),
      buffer: new ArrayBuffer(5),
      text: 'is no container',
      empty: [],
    }
    expect(sizesOf(state)).toEqual({
      '': 10,
      list: 3,
      map: 1,
      set: 2,
      record: 2,
      bare: 1,
      bytes: 9,
      floats: 2,
      buffer: 5,
      empty: 0,
    })
    expect(sizesOf(new Map([[1, [2]]]))).toEqual({ '': 1, '*': 1 })
    expect(sizesOf(7)).toEqual({})
  })

  test('of siblings are added up', () => {
    const state = {
      tables: new Map([
        ['oak', new Table(new Map([['alice', ['a', 'b']]]))],
        [
          'elm',
          new Table(
            new Map([
              ['bob', ['c']],
              ['carol', []],
            ]),
          ),
        ],
      ]),
      rounds: [{ moves: [1] }, { moves: [2, 3] }],
      groups: new Set([[1, 2], [3]]),
      tags: new Map([[[1, 2, 3], 'x']]),
    }
    expect(sizesOf(state)).toEqual({
      '': 4,
      tables: 2,
      'tables.*.hands': 3,
      'tables.*.hands.*': 3,
      rounds: 2,
      'rounds.*': 2,
      'rounds.*.moves': 3,
      groups: 2,
      'groups.*': 3,
      tags: 1,
      'tags.keys.*': 3,
    })
  })

  test('names that are made at run time are collapsed, those of the program are not', () => {
    const state = {
      byId: { 1000017: { log: [1] }, 1000018: { log: [2, 3] }, 7: { log: [4] } },
      byKey: { 'p-1': { log: [1] }, player1000017: { log: [2] }, ['a'.repeat(33)]: { log: [3] } },
      seat1: [1],
      seat2: [1, 2],
      [Symbol('hidden')]: [1],
    }
    const sizes = sizesOf(state)
    expect(sizes).toMatchObject({ byId: 3, 'byId.*.log': 4, byKey: 3, 'byKey.*.log': 3, seat1: 1, seat2: 2 })
    expect(sizes['Symbol(hidden)']).toBe(1)
  })

  test('cycles and shared objects count once, on the shortest way', () => {
    const shared = [1, 2]
    const state = { deep: { deep: { shared } }, near: { shared }, self: undefined as unknown }
    state.self = state
    expect(sizesOf(state)).toEqual({ '': 3, deep: 1, near: 1, 'near.shared': 2, 'deep.deep': 1 })
  })

  test('holes of an array do not count', () => {
    const seats: unknown[] = []
    seats[1_000_017] = [1]
    expect(sizesOf({ seats })).toEqual({ '': 1, seats: 1, 'seats.*': 1 })
    Reflect.deleteProperty(seats, 1_000_017)
    expect(sizesOf({ seats })).toEqual({ '': 1, seats: 0 })
  })

  test('sessions and zones are not looked into', () => {
    const world = startWorld()
    const zone = world.server.zones.start(chatZone)
    const { session } = world.enter()
    session.join(chat, { handle: 'parrot' })
    session.gameData = { list: [1] }
    expect(sizesOf({ zone, app: chat, players: new Map([[session, { hand: [1, 2] }]]) })).toEqual({
      '': 3,
      players: 1,
      'players.*': 1,
      'players.*.hand': 2,
    })
  })

  test('nor is what `isOpaque` says', () => {
    const clock = { timers: [1] }
    const { sizes } = containerSizes({ clock, list: [] }, { isOpaque: (value) => value === clock })
    expect([...sizes.keys()]).toEqual(['', 'list'])
  })

  test('outer containers come first, in the order of the state; a walk that gives up says so', () => {
    const state = { b: { c: [1] }, a: [[2]] }
    expect([...containerSizes(state).sizes.keys()]).toEqual(['', 'b', 'a', 'b.c', 'a.*'])
    expect(containerSizes(state)).toMatchObject({ gaveUp: false, visits: 6 })
    expect(containerSizes({ long: Array.from({ length: 500 }, () => [1]) }, { max: 100 })).toMatchObject({
      gaveUp: true,
      visits: 100,
      sizes: new Map([
        ['', 1],
        ['long', 500],
        ['long.*', 99],
      ]),
    })
  })
})

describe('growth', () => {
  test('is to be larger each time', () => {
    const times = [50, 100, 200].map((joins) => {
      const leaked = Array.from({ length: joins }, (_, index) => index)
      const state = {
        left: leaked,
        byId: Object.fromEntries(leaked.map((id) => [1_000_000 + id, { log: [] }])),
        recent: leaked.slice(-60),
        steady: [1],
        late: joins > 50 ? [...leaked] : undefined,
        log: Uint8Array.from(leaked),
      }
      return containerSizes(state).sizes
    })
    expect(growingContainers(times)).toEqual([
      { path: 'left', sizes: [50, 100, 200] },
      { path: 'byId', sizes: [50, 100, 200] },
      { path: 'log', sizes: [50, 100, 200] },
      { path: 'byId.*', sizes: [50, 100, 200] },
      { path: 'late', sizes: [0, 100, 200] },
    ])
  })

  test('does not exist for one time, or for none', () => {
    expect(growingContainers([])).toEqual([])
    expect(growingContainers([new Map([['a', 1]])])).toEqual([])
    expect(growingContainers([new Map([['a', 1]]), new Map()])).toEqual([])
  })
})
