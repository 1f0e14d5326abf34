/** The import rules of design section 3 can fail. That the sources obey them is part of `npm run check`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import config from '../../.dependency-cruiser.mjs'

/** Each file imports one thing; `rule` is what must complain, undefined where nothing may. */
const imports: readonly { readonly from: string; readonly to: string; readonly rule: string | undefined }[] = [
  { from: 'core/session.ts', to: './turns.ts', rule: undefined },
  { from: 'core/codec.ts', to: 'protobufjs/minimal.js', rule: undefined },
  { from: 'core/reflection.ts', to: 'protobufjs/light.js', rule: 'core-is-alone' },
  { from: 'core/sim.ts', to: '../sim/clock.ts', rule: 'core-is-alone' },
  { from: 'core/events.ts', to: 'node:events', rule: 'core-is-alone' },
  { from: 'core/ws.ts', to: 'ws', rule: 'core-is-alone' },
  { from: 'core/recorder.ts', to: '../recording/recorder.ts', rule: 'core-is-alone' },
  { from: 'recording/turns.ts', to: '../core/turns.ts', rule: undefined },
  { from: 'recording/codec.ts', to: 'protobufjs/minimal.js', rule: undefined },
  { from: 'recording/sim.ts', to: '../sim/clock.ts', rule: 'recording-imports-core' },
  { from: 'recording/files.ts', to: 'node:fs', rule: 'recording-imports-core' },
  { from: 'recording/entry.ts', to: '../index.ts', rule: 'nothing-published-imports-entry' },
  { from: 'transports/recorder.ts', to: '../recording/recorder.ts', rule: undefined },
  { from: 'sim/recorder.ts', to: '../recording/recorder.ts', rule: undefined },
  { from: 'index.ts', to: './core/turns.ts', rule: 'entry-re-exports' },
  { from: 'transports/websocket.ts', to: 'ws', rule: undefined },
  { from: 'transports/http.ts', to: 'node:http', rule: undefined },
  { from: 'transports/core.ts', to: '../core/turns.ts', rule: undefined },
  { from: 'transports/sim.ts', to: '../sim/clock.ts', rule: 'transports-import-core' },
  { from: 'transports/scenarios.ts', to: '../scenarios/named.ts', rule: 'transports-import-core' },
  { from: 'sim/streams.ts', to: 'pure-rand', rule: undefined },
  { from: 'sim/transports.ts', to: '../transports/clock.ts', rule: 'sim-imports-core' },
  { from: 'sim/ws.ts', to: 'ws', rule: 'sim-imports-core' },
  { from: 'sim/stream.ts', to: 'node:stream', rule: 'sim-without-node' },
  { from: 'sim/wire/tcp.ts', to: 'node:stream', rule: undefined },
  { from: 'sim/wire/net.ts', to: 'node:net', rule: 'sim-wire-streams-only' },
  { from: 'scenarios/worlds.ts', to: '../sim/clock.ts', rule: undefined },
  { from: 'scenarios/cli.ts', to: '../cli/main.ts', rule: 'nothing-imports-cli' },
  { from: 'cli/fuzz.ts', to: '../scenarios/named.ts', rule: undefined },
  { from: 'cli/tools.ts', to: '../tools/check.ts', rule: 'nothing-published-imports-tools' },
  { from: 'scenarios/example.ts', to: '../examples/game.ts', rule: 'nothing-imports-examples-test-bench' },
  { from: 'core/missing.ts', to: './nowhere.ts', rule: 'resolvable' },
  { from: 'core/ping.ts', to: './pong.ts', rule: 'no-cycles' },
  { from: 'core/moon.ts', to: './sun.ts', rule: 'core-without-cycles' },
  { from: 'core/app/app.ts', to: '../session/session.ts', rule: 'apps-stay-below' },
  { from: 'core/session/slot.ts', to: '../zone/zone.ts', rule: 'sessions-know-no-zones' },
  { from: 'core/zone/zones.ts', to: '../session/session.ts', rule: undefined },
]

const targets = [
  'core/turns.ts',
  'core/session/session.ts',
  'core/zone/zone.ts',
  'recording/recorder.ts',
  'sim/clock.ts',
  'transports/clock.ts',
  'scenarios/named.ts',
  'cli/main.ts',
]
const folder = mkdtempSync(path.join(tmpdir(), 'overworld-imports-'))
const broken = new Map<string, string[]>()

beforeAll(async () => {
  for (const file of [...targets, 'tools/check.ts', 'examples/game.ts']) write(file, 'export const here = 1\n')
  for (const { from, to } of imports) write(from, `import * as imported from '${to}'\nexport const there = imported\n`)
  write('core/pong.ts', "export * from './ping.ts'\n")
  write('core/sun.ts', "import type { there } from './moon.ts'\nexport type There = typeof there\n")
  for (const name of ['ws', 'pure-rand', 'protobufjs']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
    for (const file of ['index.js', 'minimal.js', 'light.js']) write(`node_modules/${name}/${file}`, 'exports.x = 1\n')
  }
  const dependencies = { ws: '*', 'pure-rand': '*', protobufjs: '*' }
  write('package.json', JSON.stringify({ name: 'fixture', type: 'module', dependencies }))

  const { options, ...ruleSet } = config
  const { tsConfig: _, ...rest } = options ?? {}
  const folders = ['index.ts', 'core', 'recording', 'sim', 'transports', 'scenarios', 'cli', 'tools', 'examples']
  const { output } = await cruise(folders, { ...rest, baseDir: folder, validate: true, ruleSet })
  for (const { from, rule } of (output as ICruiseResult).summary.violations) {
    broken.set(from, [...(broken.get(from) ?? []), rule.name])
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(imports)('$from importing $to: $rule', ({ from, rule }) => {
  const rules = broken.get(from) ?? []
  expect(rule === undefined ? rules : rules.includes(rule)).toEqual(rule === undefined ? [] : true)
})

function write(file: string, text: string): void {
  const target = path.join(folder, file)
  mkdirSync(path.dirname(target), { recursive: true })
  writeFileSync(target, text)
}
