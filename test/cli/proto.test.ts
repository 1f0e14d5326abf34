/** `overworld proto`: a user's schema becomes code that an app can be defined with. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { defineApp, type Schema } from '../../core/index.ts'
import { overworld } from './support/command.ts'
import { inProcess } from './support/in-process.ts'

// Inside the checkout, where the generated code finds protobufjs.
const folder = mkdtempSync(path.resolve('node_modules/.cache/overworld-proto-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what it writes makes an app whose messages survive the way there and back', async () => {
  copyFileSync('scenarios/apps/chat.proto', path.join(folder, 'lobby.proto'))
  const { code, stdout } = await overworld(['proto', 'lobby.proto', '--out', 'generated'], { cwd: folder })
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'generated/lobby.js\ngenerated/lobby.d.ts\n' })
  const generated = path.join(folder, 'generated', 'lobby')
  const { chat_app } = (await import(pathToFileURL(`${generated}.js`).href)) as { chat_app: { chat: Schema } }
  const lobby = defineApp({ name: 'lobby', prefix: 9, schema: chat_app.chat })
  const bytes = lobby.codec.encode('channel_msg', { text: 'hello' })
  expect(lobby.codec.decode(bytes)).toMatchObject({ type: 'channel_msg', message: { text: 'hello' } })
  expect(readFileSync(`${generated}.d.ts`, 'utf8')).not.toMatch(/\bLong\b/)
  expect(readFileSync(`${generated}.js`, 'utf8')).not.toMatch(/\beval\b|new Function/)
})

test('a schema that cannot be read is told by line, and exits with 2', async () => {
  const file = path.join(folder, 'broken.proto')
  writeFileSync(file, 'syntax = "proto2";\nmessage {\n')
  const { code, stderr } = await inProcess(['proto', file])
  expect(stderr).toMatch(/^error: .*broken\.proto:2: illegal type name/)
  expect(code).toBe(2)
})

const HEAD = 'syntax = "proto2";\npackage p;\n'
const REST = 'message join {}\nmessage part {}\n'

test.each([
  ['no oneof', `${HEAD}message g { optional join join = 1; }\n${REST}`, /x\.proto:3: no message with a `oneof msg`/],
  [
    'another oneof',
    `${HEAD}${REST}message g {\n oneof payload { join join = 1; part part = 2; } }\n`,
    /x\.proto:5: no message with a `oneof msg` \(g has `oneof payload`: it must be named msg\)/,
  ],
  ['no part', `${HEAD}message g { oneof msg { join join = 1; } }\n${REST}`, /x\.proto:3: .*has no part: they are how/],
  ['neither', `${HEAD}message g { oneof msg { join a = 1; } }\n${REST}`, /x\.proto:3: .*has no join and no part/],
  [
    'a scalar member',
    `${HEAD}${REST}message g { oneof msg { join join = 1; part part = 2; string ping = 3; } }\n`,
    /x\.proto:5: .*has ping, which is of type string: its members must be messages/,
  ],
  [
    'a field outside',
    `${HEAD}${REST}message g { optional int32 x = 9; oneof msg { join join = 1; part part = 2; } }\n`,
    /x\.proto:5: g has the field x outside of its `oneof msg`/,
  ],
  [
    'an unknown type',
    `${HEAD}${REST}message g { oneof msg { join join = 1; part part = 2; nope nope = 3; } }\n`,
    /x\.proto:5: no such Type or Enum 'nope'/,
  ],
  [
    'two fields of one number',
    `${HEAD}message join { optional int32 a = 1;\n optional int32 b = 1; }`,
    /x\.proto:\d: duplicate id 1/,
  ],
  ['an import that is not there', `${HEAD}import "y.proto";\n`, /x\.proto:3: there is no file y\.proto to import/],
  [
    'a field number out of range',
    `${HEAD}message join {\n optional int32 a = 0; }`,
    /x\.proto:4: field join\.a: its number must be 1 to 536870911, not 0/,
  ],
  [
    'a default that is no value of the enum',
    `${HEAD}message join { enum E { a = 1; }\n optional E e = 1 [default = b]; }`,
    /x\.proto:4: field join\.e: its default b is none of a/,
  ],
  ['an empty file', '', /x\.proto: no message with a `oneof msg`/],
])('a schema that makes no app is refused by its place: %s', async (_what, text, error) => {
  const file = path.join(folder, 'x.proto')
  writeFileSync(file, text)
  const { code, stderr } = await inProcess(['proto', file])
  expect(stderr).toMatch(error)
  expect(code).toBe(2)
})
