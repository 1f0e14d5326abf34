/** The bans of design section 3 can fail, and have no false alarms. That the sources obey is part of `npm run check`. */
import { expect, test } from 'vitest'
import { countRealSetImmediates, findBans } from '../../tools/bans.ts'

const banned: readonly (readonly [code: string, name: string])[] = [
  ['const t = Date.now()', '`Date`'],
  ['const d = new Date(0)', '`Date`'],
  ['let d: Date | undefined', '`Date`'],
  ['Math.random()', '`Math.random`'],
  ["Math['random']()", '`Math.random`'],
  ['Math.log(2)', '`Math.log`'],
  ['const { x } = y; x ** y', '`**`'],
  ['performance.now()', '`performance`'],
  ['setTimeout(() => {}, 1)', '`setTimeout`'],
  ['const later = setTimeout', '`setTimeout`'],
  ['setInterval(f, 1)', '`setInterval`'],
  ['setImmediate(f)', '`setImmediate`'],
  ['queueMicrotask(f)', '`queueMicrotask`'],
  ['process.env', '`process`'],
  ['const all = { process }', '`process`'],
  ['Buffer.from([])', '`Buffer`'],
  ['function f(bytes: Buffer): void {}', '`Buffer`'],
  ["import { Buffer } from 'node:buffer'", '`Buffer`'],
  ["import { Buffer as Bytes } from 'node:buffer'", '`Buffer`'],
  ['crypto.getRandomValues(bytes)', '`crypto`'],
  ["import crypto from 'node:crypto'", '`crypto`'],
  ["import * as process from 'node:process'", '`process`'],
  ['new Intl.Collator()', '`Intl`'],
  ['a.localeCompare(b)', '`localeCompare`'],
  ["a['localeCompare'](b)", '`localeCompare`'],
  ['n.toLocaleString()', '`toLocaleString`'],
  ['Promise.resolve()', '`Promise`'],
  ['let p: Promise<void>', '`Promise`'],
  ['async function f() {}', '`async`'],
  ['const f = async () => {}', '`async`'],
  ['class A { async f() {} }', '`async`'],
  ['await f()', '`await`'],
  ["import('./x.ts')", '`import()`'],
  ['globalThis.setTimeout(f, 1)', '`globalThis`'],
  ['for (const key in map) f(key)', '`for … in`'],
  ["console.log('x')", '`console`'],
  ["require('ws')", '`require`'],
  ["eval('1')", '`eval`'],
]

test.each(banned)('`%s` is found in the core and in the simulator', (code, name) => {
  for (const file of ['core/session/session.ts', 'sim/clock.ts']) {
    expect(findBans(file, code).map(({ message }) => message)).toContainEqual(expect.stringContaining(name))
  }
})

const allowed = [
  '// Date.now(), setTimeout and Math.random are banned',
  "const text = 'setTimeout'",
  'const text = `Promise`',
  'server.process(frame)',
  'const o = { process: 1, Date: 2 }',
  'const { process: renamed } = options',
  'interface Server { process(frame: Frame): void; readonly crypto: string }',
  'class Server { process(): void {} }',
  'type Handler = (process: Turn) => void',
  'import type { X } from "./date.ts"',
  "type X = import('./x.ts').X",
  'Math.floor(Math.sqrt(x)) + Math.imul(3, 4)',
  'const big = 2 ** 53 - 1',
  'for (const [key, value] of map) f(key, value)',
]

test.each(allowed)('`%s` is no false alarm', (code) => {
  expect(findBans('core/x.ts', code)).toEqual([])
})

test('a ban says where it is', () => {
  expect(findBans('core/x.ts', 'const a = 1\nconst b = Date.now()')).toMatchObject([{ line: 2, column: 11 }])
})

test('sim/wire/ may use Buffer and setImmediate, and nothing else', () => {
  expect(findBans('sim/wire/tcp.ts', 'const b = Buffer.alloc(1); setImmediate(f)')).toEqual([])
  expect(findBans('sim/tcp.ts', 'const b = Buffer.alloc(1); setImmediate(f)')).toHaveLength(2)
  expect(findBans('sim/wire/tcp.ts', 'Date.now(); await setTimeout(f)')).toHaveLength(3)
})

test('every real setImmediate of sim/wire/ is counted', () => {
  expect(countRealSetImmediates('sim/wire/a.ts', '// setImmediate\nconst real = setImmediate\nreal(f)')).toBe(1)
  expect(countRealSetImmediates('sim/wire/a.ts', 'setImmediate(f)\nsetImmediate(g)\nx.setImmediate(h)')).toBe(2)
})
