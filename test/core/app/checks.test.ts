/** What cannot be sent is refused where it is made, and the error names the field. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSchema } from '../../../cli/proto/schema.ts'
import { generateStaticCode } from '../../../cli/proto/static-code.ts'
import { defineApp, type AnyApp, type Schema } from '../../../core/index.ts'
import { olderCode } from '../support/older-code.ts'

const SCHEMA = `
syntax = "proto2";
package all_app;
message app { oneof msg { join join = 1; part part = 2; all all = 3; needy needy = 4; } }
message join {}
message part {}
enum color { RED = 0; GREEN = 1; LIME = -2; }
message needy { required int32 number = 1; required string text = 2; required bytes raw = 3; required color color = 4; required join inner = 5; }
message all {
  optional int32 i32 = 1; optional uint32 u32 = 2; optional sint32 s32 = 3; optional fixed32 f32 = 4; optional sfixed32 sf32 = 5;
  optional int64 i64 = 6; optional uint64 u64 = 7; optional sint64 s64 = 8; optional fixed64 f64 = 9; optional sfixed64 sf64 = 10;
  optional float f = 11; optional double d = 12; optional bool b = 13; optional string s = 14; optional bytes by = 15;
  optional color c = 16; repeated color cs = 17; repeated int64 longs = 18 [packed = true]; map<string, int32> m = 19;
  map<int64, all> deep = 20; map<bool, color> mb = 21; oneof choice { string left = 22; uint32 right = 23; }
  optional all in = 24; repeated all list = 25; repeated string strings = 26; repeated bytes byteses = 27; optional group Team = 28 { required uint32 size = 1; }
  optional double any = 29 [default = nan];
}
`
const folder = mkdtempSync(path.resolve('node_modules/.cache/overworld-checks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let app: AnyApp
let older: AnyApp

beforeAll(async () => {
  const proto = path.join(folder, 'all.proto')
  writeFileSync(proto, SCHEMA)
  const file = path.join(folder, 'all.mjs')
  writeFileSync(file, generateStaticCode(readSchema(proto).root, 'made by a test').js)
  app = await appOf(file)
  older = await appOf(olderCode(proto))
})

async function appOf(file: string): Promise<AnyApp> {
  const { all_app } = (await import(pathToFileURL(file).href)) as { all_app: { app: Schema } }
  return defineApp({ name: 'all', prefix: 1, schema: all_app.app })
}

const INT32 = 'an integer from -2147483648 to 2147483647'
const UINT32 = 'an integer from 0 to 4294967295'
const UINT64 = 'an integer from 0 to 2^53-1'

describe('what arrives otherwise than it was sent, or not at all, is refused by its path', () => {
  test.each<[object, string]>([
    [{ i32: 2 ** 31 }, `all.i32: must be ${INT32}, not 2147483648`],
    [{ i32: 1.5 }, `all.i32: must be ${INT32}, not 1.5`],
    [{ i32: NaN }, `all.i32: must be ${INT32}, not NaN`],
    [{ i32: '12' }, `all.i32: must be ${INT32}, not "12"`],
    [{ i32: 5n }, `all.i32: must be ${INT32}, not 5n`],
    [{ i32: Symbol('x') }, `all.i32: must be ${INT32}, not Symbol(x)`],
    [{ s32: -(2 ** 31) - 1 }, `all.s32: must be ${INT32}`],
    [{ sf32: 2 ** 31 }, `all.sf32: must be ${INT32}`],
    [{ u32: -1 }, `all.u32: must be ${UINT32}, not -1`],
    [{ u32: 2 ** 32 }, `all.u32: must be ${UINT32}`],
    [{ f32: -1 }, `all.f32: must be ${UINT32}`],
    [{ i64: 2 ** 53 }, 'all.i64: must be an integer from -(2^53-1) to 2^53-1, not 9007199254740992'],
    [{ s64: Infinity }, 'all.s64: must be an integer'],
    [{ sf64: -0.5 }, 'all.sf64: must be an integer'],
    [{ u64: 76_561_198_012_345_680 }, `all.u64: must be ${UINT64}`],
    [{ u64: -1 }, `all.u64: must be ${UINT64}, not -1`],
    [{ f64: {} }, `all.f64: must be ${UINT64}, not an object`],
    [{ f: NaN }, 'all.f: must be a number that a float can hold, not NaN'],
    [{ f: 1e300 }, 'all.f: must be a number that a float can hold'],
    [{ d: NaN }, 'all.d: must be a number, not NaN'],
    [{ d: '1' }, 'all.d: must be a number, not "1"'],
    [{ b: 1 }, 'all.b: must be true or false, not 1'],
    [{ s: 42 }, 'all.s: must be a string, not 42'],
    [{ s: () => 1 }, 'all.s: must be a string, not a function'],
    [{ by: 'abc' }, 'all.by: must be a Uint8Array, not "abc"'],
    [{ by: [1, 2] }, 'all.by: must be a Uint8Array, not an array'],
    [{ c: 7 }, 'all.c: must be one of RED (0), GREEN (1), LIME (-2), not 7'],
    [{ c: 'RED' }, 'all.c: must be one of'],
    [{ cs: [0, 1, 9] }, 'all.cs[2]: must be one of'],
    [{ cs: 1 }, 'all.cs: must be an array, not 1'],
    [{ longs: [1, NaN] }, 'all.longs[1]: must be an integer'],
    [{ longs: new Float64Array(2) }, 'all.longs: must be an array'],
    [{ strings: ['a', undefined] }, 'all.strings[1]: is missing'],
    // A hole.
    [{ strings: Array.from({ length: 3 }) }, 'all.strings[0]: is missing'],
    [{ byteses: [new Uint8Array(1), 'x'] }, 'all.byteses[1]: must be a Uint8Array'],
    [{ m: { a: 1, 'b"c': 1.5 } }, String.raw`all.m["b\"c"]: must be ${INT32}`],
    [{ m: new Map([['a', 1]]) }, 'all.m: must be an object with a property for each key'],
    [{ m: 'ab' }, 'all.m: must be an object with a property for each key'],
    [{ deep: { 5: { u32: -1 } } }, 'all.deep["5"].u32: must be'],
    [{ deep: { x: {} } }, 'all.deep["x"]: must be an integer'],
    [{ mb: { yes: 1 } }, 'all.mb["yes"]: must be true or false'],
    [{ left: 'a', right: 1 }, 'all.right: is set beside left'],
    [{ in: 5 }, 'all.in: must be an object, not 5'],
    [{ in: [] }, 'all.in: must be an object, not an array'],
    [{ in: { list: [{}, { in: { s: 1 } }] } }, 'all.in.list[1].in.s: must be a string'],
    [{ list: [null] }, 'all.list[0]: is missing'],
    [{ team: {} }, 'all.team.size: is missing, and must be an integer from 0'],
    [{ typo: 1 }, 'all.typo: is no field of this message; it has i32, u32'],
    [{ in: { list: [{ nope: false }] } }, 'all.in.list[0].nope: is no field of this message'],
  ])('%# %o', (message, error) => {
    expect(() => app.codec.encode('all', message)).toThrow(error)
    expect(() => app.codec.encode('all', message)).toThrow(expect.objectContaining({ code: 'bad_message' }))
  })

  test.each([
    ['number', { text: 'a', raw: new Uint8Array(0), color: 1, inner: {} }],
    ['text', { number: 1, raw: new Uint8Array(0), color: 1, inner: {} }],
    ['raw', { number: 1, text: 'a', color: 1, inner: {} }],
    ['color', { number: 1, text: 'a', raw: new Uint8Array(0), inner: {} }],
    ['inner', { number: 1, text: 'a', raw: new Uint8Array(0), color: 0 }],
  ])('a message without its required field %s', (field, message) => {
    expect(() => app.codec.encode('needy', message)).toThrow(`needy.${field}: is missing`)
    expect(() => older.codec.encode('needy', message)).toThrow(expect.objectContaining({ code: 'bad_message' }))
  })

  test.each([null, undefined, 5, 'text', []])('%j for a message', (message) => {
    expect(() => app.codec.encode('all', message as never)).toThrow(expect.objectContaining({ code: 'bad_message' }))
  })

  test('a message that contains itself', () => {
    const message: { in?: object } = {}
    message.in = message
    expect(() => app.codec.encode('all', message)).toThrow('nested more than 100 deep')
  })

  test('a getter that throws, and a revoked proxy', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const throwing = Object.defineProperty({}, 's', { enumerable: true, get: () => never() })
    for (const message of [throwing, proxy, { in: proxy }]) {
      expect(() => app.codec.encode('all', message)).toThrow(expect.objectContaining({ code: 'bad_message' }))
    }
  })

  test('and what comes after it is not spoilt', () => {
    expect(() => app.codec.encode('all', { s: 'x'.repeat(300), u32: -1 })).toThrow('all.u32')
    expect(app.codec.encode('join', {})).toEqual(Uint8Array.of(0, 1, 0x0a, 0))
  })
})

function never(): never {
  throw new Error('no')
}

describe('what fits arrives as it was', () => {
  test.each<object>([
    { i32: -(2 ** 31), u32: 2 ** 32 - 1, s32: -5, f32: 0, sf32: -1 },
    { i64: -(2 ** 53) + 1, u64: 2 ** 53 - 1, s64: -1, f64: 2 ** 53 - 1, sf64: -(2 ** 40) },
    { f: 0.5, d: -1e300, b: false, s: '', by: Uint8Array.of(1, 2), c: -2 },
    { f: Infinity, d: -Infinity },
    { any: 5 },
    { left: '' },
    { right: 0 },
    { in: { in: {} } },
    { team: { size: 0 } },
  ])('%j', (message) => {
    expect(app.codec.decode(app.codec.encode('all', message))).toMatchObject({ type: 'all', message })
    expect(older.codec.decode(older.codec.encode('all', message))).toMatchObject({ type: 'all', message })
  })

  test('lists and maps, which are always there, and nothing that is not set', () => {
    const empty = { cs: [], longs: [], m: {}, deep: {}, mb: {}, list: [], strings: [], byteses: [], any: NaN }
    const many = {
      cs: [0, -2],
      longs: [1, -(2 ** 53) + 1],
      m: { a: 1, ['__proto__']: 7, constructor: 2 },
      deep: { '-5': empty },
      mb: { true: 1, false: 0 },
      list: [empty],
      strings: ['', 'b'],
      byteses: [new Uint8Array(0)],
      any: 0,
    }
    expect(app.codec.decode(app.codec.encode('all', { s: undefined, b: null }))).toEqual({
      type: 'all',
      message: empty,
    })
    expect(app.codec.decode(app.codec.encode('all', many))).toEqual({ type: 'all', message: many })
  })

  test('of a class with getters, what they give', () => {
    class Point {
      get s(): string {
        return 'here'
      }
    }
    expect(app.codec.decode(app.codec.encode('all', new Point()))).toMatchObject({ message: { s: 'here' } })
  })
})

describe('code that tests nothing itself (of earlier versions, of pbjs)', () => {
  test.each<[object, string]>([
    [{ u32: -1 }, 'all.u32: -1 is out of range or no such number: it would arrive as 4294967295'],
    [{ i32: NaN }, 'all.i32'],
    [{ i32: 1.9 }, 'all.i32'],
    [{ d: NaN }, 'all.d'],
    [{ typo: 1 }, 'all.typo: is no field of this message'],
    [{ in: { list: [{ u32: 2 ** 32 }] } }, 'all.in.list[0].u32'],
    [{ b: 1 }, 'all.b: must be a boolean, not a number'],
    [{ u64: 2 ** 53 }, '2^53'],
  ])('refuses %j by reading it back', (message, error) => {
    expect(() => older.codec.encode('all', message)).toThrow(error)
  })

  test('has no hash', () => {
    expect(older.schemaHash).toBeUndefined()
  })
})
