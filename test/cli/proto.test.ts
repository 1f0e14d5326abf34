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
  expect(stderr).toMatch(/^error: .*broken\.proto: .*line 2/)
  expect(code).toBe(2)
})

test('a package named like a message, of which no types could be made, is refused', async () => {
  const file = path.join(folder, 'clash.proto')
  writeFileSync(file, 'syntax = "proto2";\npackage lobby;\nmessage lobby {}\n')
  const { code, stderr } = await inProcess(['proto', file])
  expect(stderr).toContain('rename the package')
  expect(code).toBe(2)
})
