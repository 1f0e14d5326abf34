/** `overworld proto` for every name and every form that protobuf allows: the types compile, and messages arrive. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, describe, expect, test } from 'vitest'
import { defineApp, type AnyApp, type Schema } from '../../core/index.ts'
import { inProcess } from './support/in-process.ts'

// Inside the checkout, where the generated code finds protobufjs.
const folder = mkdtempSync(path.resolve('node_modules/.cache/overworld-names-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const RESERVED =
  'abstract arguments await boolean break byte case catch char class const continue debugger default delete do double else enum eval export extends false final finally float for function goto if implements import in instanceof int interface let long native new null package private protected public return short static super switch synchronized this throw throws transient true try typeof undefined var void volatile while with yield async of get set as from type declare namespace module any never unknown string number object symbol bigint readonly keyof infer is asserts abstract global'
const INHERITED =
  'constructor toString hasOwnProperty prototype length name isPrototypeOf propertyIsEnumerable valueOf toLocaleString __defineGetter__ caller apply call bind then toJSON'
const LIBRARY =
  'encode decode create verify fromObject toObject encodeDelimited decodeDelimited getTypeUrl util Reader Writer Long Object Error RangeError Uint8Array Map Set Array Number String Symbol Math JSON Promise Buffer root roots protobuf k l m n r t v w d e g i o0 msg app join_ Properties'
const ALL = [...new Set(`${RESERVED} ${INHERITED} ${LIBRARY}`.split(' '))]

/** Writes, generates and imports; `name.proto` in a folder of its own. */
async function generated(
  name: string,
  text: string,
): Promise<{ readonly file: string; readonly module: Module; readonly stderr: string }> {
  const place = mkdtempSync(path.join(folder, 'schema-'))
  const proto = path.join(place, `${name}.proto`)
  writeFileSync(proto, text)
  writeFileSync(path.join(place, 'package.json'), '{"type":"module"}')
  const { code, stderr } = await inProcess(['proto', proto])
  expect({ code, stderr: stderr.replace(/.*warning: .*\n/g, '') }).toEqual({ code: 0, stderr: '' })
  const file = path.join(place, name)
  return { file, stderr, module: (await import(pathToFileURL(`${file}.js`).href)) as Module }
}

type Module = Readonly<Record<string, Readonly<Record<string, Schema>>>>

function appOf(schema: Schema | undefined): AnyApp {
  if (schema === undefined) throw new Error('no schema')
  return defineApp({ name: 'names', prefix: 9, schema })
}

/** What the compiler says of the types, and of `code` that uses them as `./name.js`. */
function complaints(file: string, code = ''): readonly string[] {
  const user = `${file}-user.ts`
  writeFileSync(user, `import * as all from './${path.basename(file)}.js'\nexport const used = all\n${code}`)
  const program = ts.createProgram([user], {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    exactOptionalPropertyTypes: true,
    types: [],
    paths: { overworld: [path.resolve('core/index.ts')] },
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: false,
  })
  return [`${file}.d.ts`, user].flatMap((each) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(each))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  )
}

function roundTrip(app: AnyApp, type: string, message: object): object {
  const decoded = app.codec.decode(app.codec.encode(type, message))
  return typeof decoded === 'string' ? { decoded } : decoded
}

/** The envelope's own, protobuf's types, and a word that protobufjs loses as a type. */
const NOT_MESSAGES = new Set(['join', 'part', 'msg', 'float', 'double', 'string', 'undefined'])

describe('names', () => {
  test('of fields', async () => {
    const fields = ALL.map((name, index) => `optional uint32 ${name} = ${index + 1};`).join('\n')
    const { file, module } = await generated(
      'fields',
      `syntax = "proto2"; package p; message g { oneof msg { join join = 1; part part = 2; } } message join { ${fields} } message part { required string constructor = 1; }`,
    )
    const app = appOf(module['p']?.['g'])
    const message = Object.fromEntries(ALL.map((name, index) => [name, index]))
    expect(roundTrip(app, 'join', message)).toEqual({ type: 'join', message })
    expect(roundTrip(app, 'join', {})).toEqual({ type: 'join', message: {} })
    expect(() => app.codec.encode('part', {})).toThrow('part.constructor: is missing')
    expect(
      complaints(file, 'export const number: number | undefined = all.p.join.decode(new Uint8Array(0)).constructor'),
    ).toEqual([])
  })

  test('of messages, of members of the oneof, and of what is nested', async () => {
    const names = ALL.filter((name) => !NOT_MESSAGES.has(name))
    const members = names.map((name, index) => `.p.${name} ${name} = ${index + 3};`).join('\n')
    const messages = names.map(
      (name) =>
        `message ${name} { required uint32 x = 1; optional ${name} nested = 2; message ${name} { optional uint32 y = 1; } }`,
    )
    const { file, module } = await generated(
      'messages',
      `syntax = "proto2"; package p; message envelope { oneof msg { .p.join join = 1; .p.part part = 2; ${members} } } message join {} message part {} ${messages.join('\n')}`,
    )
    const app = appOf(module['p']?.['envelope'])
    for (const name of names) {
      const message = { x: 7, nested: { y: 8 } }
      expect(roundTrip(app, name, message)).toEqual({ type: name, message })
      expect(Object.hasOwn(module['p'] ?? {}, name)).toBe(true)
    }
    expect(() => app.codec.encode('isPrototypeOf2', {})).toThrow('has no message')
    expect(complaints(file, 'export const x: number = all.p.await.decode(new Uint8Array(0)).x')).toEqual([])
  })

  test('of enums and their values', async () => {
    const values = ALL.map((name, index) => `${name} = ${index - 5};`).join(' ')
    const { file, module } = await generated(
      'enums',
      `syntax = "proto2"; package p; message g { oneof msg { join join = 1; part part = 2; } } enum await { ${values} } message join { optional await a = 1; optional class c = 2; enum class { option allow_alias = true; one = 1; uno = 1; minus = -3; } } message part {}`,
    )
    const app = appOf(module['p']?.['g'])
    expect(roundTrip(app, 'join', { a: -5, c: -3 })).toEqual({ type: 'join', message: { a: -5, c: -3 } })
    const uses =
      'export const one: all.p.join.class = all.p.join.class.uno\nexport const two: all.p.await = all.p.await.constructor'
    expect(complaints(file, uses)).toEqual([])
  })

  test.each([
    'await',
    'class',
    'default',
    'constructor',
    'encode',
    'lobby',
    'Object',
    'a.b.c',
    'p.encode.lobby',
    'import',
  ])('of the package: %s', async (name) => {
    const { file, module } = await generated(
      'lobby',
      `syntax = "proto2"; package ${name}; message lobby { oneof msg { join join = 1; part part = 2; } } message join { optional string lobby = 1; } message part {}`,
    )
    let namespace: unknown = module
    for (const part of name.split('.')) namespace = (namespace as Module)[part]
    const app = appOf((namespace as Record<string, Schema>)['lobby'])
    expect(roundTrip(app, 'join', { lobby: 'x' })).toEqual({ type: 'join', message: { lobby: 'x' } })
    expect(complaints(file)).toEqual([])
  })

  test('no package at all, and a oneof named like a field elsewhere', async () => {
    const { file, module } = await generated(
      'bare',
      `syntax = "proto2"; message await { oneof msg { join join = 1; part part = 2; } } message join { oneof choice { string left = 1; choice right = 2; } } message choice { optional uint32 choice = 1; } message part {}`,
    )
    const app = appOf((module as unknown as Record<string, Schema>)['await'])
    expect(roundTrip(app, 'join', { right: { choice: 1 } })).toEqual({
      type: 'join',
      message: { right: { choice: 1 } },
    })
    expect(complaints(file)).toEqual([])
  })
})

test.each(['optional uint32 __proto__ = 1;', 'enum __proto__ { a = 1; }', 'message __proto__ {}'])(
  'the one name that cannot be is refused by its line: %s',
  async (declaration) => {
    const proto = path.join(folder, 'dunder.proto')
    writeFileSync(proto, `syntax = "proto2";\n// not __proto__ here\nmessage join {\n${declaration}\n}`)
    const { code, stderr } = await inProcess(['proto', proto])
    expect(stderr).toContain('dunder.proto:4: the name __proto__ cannot be used')
    expect(code).toBe(2)
  },
)

describe('forms', () => {
  const envelope = 'message g { oneof msg { join join = 1; part part = 2; } } message part {}'

  test('[default = x] is what an absent field reads as, and its type has no undefined', async () => {
    const { file, module } = await generated(
      'defaults',
      `syntax = "proto2"; package p; ${envelope} enum E { A = 1; B = -2; } message join { optional int32 i = 1 [default = 100]; optional E e = 2 [default = B]; optional string s = 3 [default = "a\\"b"]; optional bool b = 4 [default = true]; optional uint64 u = 5 [default = 5000000000]; optional bytes y = 6 [default = "\\001\\377"]; optional double inf = 7 [default = -inf]; optional float f = 8 [default = 0.5]; optional E plain = 9; oneof o { int32 in_oneof = 10 [default = 4]; } }`,
    )
    const app = appOf(module['p']?.['g'])
    const read = {
      i: 100,
      e: -2,
      s: 'a"b',
      b: true,
      u: 5_000_000_000,
      y: Uint8Array.of(1, 255),
      inf: -Infinity,
      f: 0.5,
    }
    expect(roundTrip(app, 'join', {})).toEqual({ type: 'join', message: read })
    expect(roundTrip(app, 'join', { i: 0, b: false, s: '' })).toMatchObject({ message: { i: 0, b: false, s: '' } })
    const uses = `
      import { defineApp, type Received, type Sendable } from 'overworld'
      export const app = defineApp({ name: 'x', prefix: 1, schema: all.p.g })
      export function read(join: Received<typeof all.p.g, 'join'>): number { return join.i + join.u + join.s.length }
      export const empty: Sendable<typeof all.p.g, 'join'> = {}
      // @ts-expect-error it has no default
      export function plain(join: Received<typeof all.p.g, 'join'>): number { return join.plain }
    `
    expect(complaints(file, uses)).toEqual([])
  })

  test('proto3: zero and absent are one, which is said, and handlers get the zero', async () => {
    const { file, module, stderr } = await generated(
      'three',
      `syntax = "proto3"; package p; ${envelope} enum E { NONE = 0; ONE = 1; } message join { int32 hp = 1; bool alive = 2; string name = 3; E e = 4; repeated int32 xs = 5; optional int32 opt = 6; bytes by = 7; part sub = 8; map<string, int32> m = 9; oneof choice { string left = 10; uint32 right = 11; } double d = 12; }`,
    )
    expect(stderr).toMatch(/three\.proto:1: warning: join\.hp and 5 more: .*zero/)
    const app = appOf(module['p']?.['g'])
    const zero = { hp: 0, alive: false, name: '', e: 0, xs: [], by: new Uint8Array(0), m: {}, d: 0 }
    expect(roundTrip(app, 'join', {})).toEqual({ type: 'join', message: zero })
    expect(app.codec.encode('join', { hp: 0, alive: false, name: '', e: 0 })).toEqual(app.codec.encode('join', {}))
    expect(roundTrip(app, 'join', { opt: 0, left: '', e: 77, xs: [0, -1], d: -0 })).toEqual({
      type: 'join',
      message: { ...zero, opt: 0, left: '', e: 77, xs: [0, -1], d: -0 },
    })
    expect(() => app.codec.encode('join', { hp: 1.5 })).toThrow('join.hp')
    expect(complaints(file, 'export const hp: number = all.p.join.decode(new Uint8Array(0)).hp')).toEqual([])
  })

  test('editions: presence, encoding and required as their features say', async () => {
    const { module } = await generated(
      'edition',
      `edition = "2023"; package p; ${envelope} message join { int32 explicit = 1; int32 implicit = 2 [features.field_presence = IMPLICIT]; int32 needed = 3 [features.field_presence = LEGACY_REQUIRED]; part sub = 4 [features.message_encoding = DELIMITED]; }`,
    )
    const app = appOf(module['p']?.['g'])
    expect(roundTrip(app, 'join', { needed: 0, sub: {} })).toEqual({
      type: 'join',
      message: { implicit: 0, needed: 0, sub: {} },
    })
    expect(() => app.codec.encode('join', {})).toThrow('join.needed: is missing')
  })

  test('maps, groups, extensions, services, nested types and imports', async () => {
    mkdirSync(path.join(folder, 'shared/types'), { recursive: true })
    writeFileSync(
      path.join(folder, 'shared/types/common.proto'),
      'syntax = "proto2"; package common; message point { required sint32 x = 1; }',
    )
    const { file, module } = await generated(
      'forms',
      `syntax = "proto2"; package p; import "../shared/types/common.proto"; import "google/protobuf/timestamp.proto"; ${envelope}
      message join { map<int64, common.point> at = 1; repeated group Team = 2 { required string name = 1; } optional inner in = 3; message inner { optional inner again = 1; enum kind { a = 1; } } extensions 100 to 200; optional google.protobuf.Timestamp when = 4; }
      extend join { optional uint32 extra = 100; } service s { rpc call (join) returns (part); }`,
    )
    const app = appOf(module['p']?.['g'])
    const message = {
      at: { '-7': { x: -1 } },
      team: [{ name: 'a' }, { name: 'b' }],
      in: { again: { again: {} } },
      when: { seconds: 5, nanos: 0 },
    }
    expect(roundTrip(app, 'join', message)).toEqual({ type: 'join', message })
    expect(complaints(file)).toEqual([])
  })

  test('two schemas of one file name and package do not know of each other', async () => {
    const schema = (join: string): string => `syntax = "proto2"; package p; ${envelope} message join { ${join} }`
    const one = await generated('messages', schema('required string name = 1;'))
    const two = await generated('messages', schema('required uint32 team = 1;'))
    const [first, second] = [one, two].map(({ module }) => appOf(module['p']?.['g']))
    expect(first && roundTrip(first, 'join', { name: 'ann' })).toEqual({ type: 'join', message: { name: 'ann' } })
    expect(second && roundTrip(second, 'join', { team: 3 })).toEqual({ type: 'join', message: { team: 3 } })
    expect(first?.schemaHash).not.toBe(second?.schemaHash)
  })

  test('a comment of the schema is in the types, and ends none', async () => {
    const { file } = await generated(
      'comments',
      `syntax = "proto2"; package p; ${envelope}\n// Who */ joins.\nmessage join {\n  optional string name = 1; // as others see it\n}\n`,
    )
    expect(readFileSync(`${file}.d.ts`, 'utf8')).toContain('/** as others see it */')
    expect(complaints(file)).toEqual([])
  })
})
