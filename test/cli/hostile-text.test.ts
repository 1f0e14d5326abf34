/** What others have chosen steers no terminal: texts in a recording, through each command that prints them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chat, NAMED_SCENARIOS } from 'overworld/scenarios'
import { afterAll, expect, test } from 'vitest'
import { toJunit } from '../../cli/fuzz/junit.ts'
import { frameBlock, SIGNATURE } from '../../recording/block.ts'
import { overworld_recording } from '../../recording/generated/recording.js'
import { inProcess } from './support/in-process.ts'

const EVIL = '\u001b]0;PWNED\u0007\u009b2K\r\nforged: all held\u2028\u202e\u200b\ud800'
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-hostile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { kind, block } = overworld_recording
const evilJoin = chat.codec.encode('join', { handle: 'ev\u001b[31mil\n' })

function write(file: string, header: object): string {
  const records = [
    { kind: kind.boot, time: 0 },
    { kind: kind.listened, text: EVIL },
    { kind: kind.accepted, time: 1, connection: 1, listener: 1, id: 1, transport: 0, text: EVIL },
    { kind: kind.opened, connection: 1 },
    { kind: kind.message, time: 2, connection: 1, bytes: Uint8Array.of(0, 100, 0x0a, 0) },
    { kind: kind.message, time: 3, connection: 1, bytes: evilJoin },
    { kind: kind.ignored, connection: 1, text: EVIL },
    { kind: kind.missing, connection: 1, text: EVIL },
    {
      kind: kind.called,
      call: {
        on: { zone: { app: 0, name: EVIL } },
        method: EVIL,
        args: [{ object: { names: [EVIL], values: [{ text: EVIL }] } }],
      },
    },
    { kind: kind.closed, time: 4, connection: 1, code: 4000, text: EVIL },
    { kind: kind.unrecordable, text: EVIL },
    { kind: kind.ended, text: EVIL },
  ]
  const all = { recording: `r${EVIL}`, version: EVIL, commit: EVIL, started_at: 1.7e12, configuration: '{}', ...header }
  const place = path.join(folder, file)
  writeFileSync(
    place,
    Buffer.concat([SIGNATURE, frameBlock(block.encode({ number: 0, header: all, records }).finish())]),
  )
  return place
}

const recorded = write('recorded.owrec', {
  configuration: JSON.stringify({ addresses: ['ws://127.0.0.1:1/ws'], server: { [EVIL]: 1 } }),
})
const imported = write('imported.owrec', { imported_from: EVIL, part: 1 })
const foreign = write('foreign.owrec', { apps: [{ name: EVIL, prefix: 77, schema_hash: EVIL }] })
const scenario = path.join(folder, 'evil.json')
const drawn = NAMED_SCENARIOS.find(({ name }) => name === 'tunnel')
writeFileSync(
  scenario,
  JSON.stringify({ ...drawn, name: EVIL, description: EVIL, breaks: { invariant: EVIL, message: EVIL } }),
)
const resume = path.join(folder, 'evil.resume')
writeFileSync(resume, JSON.stringify({ kind: EVIL, version: EVIL }))

const places = [recorded, imported, foreign]
const commands: readonly (readonly string[])[] = [
  ...places.flatMap((place) => [
    ['inspect', place],
    ['inspect', '--all', '--json', place],
    ['replay', place],
    ['replay', '--json', place],
    ['replay', '--as-scenario', '--trace', place],
    ['fuzz', '--from', place, '--runs', '2', '--seed', '1', '--out', path.join(folder, 'out')],
    ['export', place, '--pcapng', path.join(folder, `${path.basename(place)}.pcapng`)],
  ]),
  ['run', scenario],
  ['run', scenario, '--trace'],
  ['run', EVIL],
  ['fuzz', '--from', scenario, '--runs', '1', '--seed', '1', '--out', path.join(folder, 'out')],
  ['fuzz', '--resume', resume],
  ['import', recorded],
  ['mutants', EVIL],
]

test.each(commands)('overworld %s %s prints nothing that steers a terminal', async (...args) => {
  const { stdout, stderr, code } = await inProcess(args)
  const lines = `${stdout}${stderr}`.split('\n')
  expect(lines.filter((line) => UNPRINTABLE.test(line))).toEqual([])
  expect(lines.filter((line) => line.startsWith('forged'))).toEqual([])
  expect(`${stdout}${stderr}`).not.toMatch(/\n {4}at /)
  expect([0, 1, 2, 4]).toContain(code)
})

test('JUnit XML has the same texts, escaped', () => {
  const failure = { invariant: EVIL, message: EVIL, seed: 1, scenario: { ...drawn, name: EVIL } }
  const result = { invariants: new Map([[EVIL, 1]]), goals: new Map(), failure, seed: 1, runs: 1, fingerprint: '' }
  const report = { result, wallSeconds: 1, code: { version: EVIL, commit: EVIL }, shard: null }
  const xml = toJunit(report as never, { requireGoals: false, at: new Date(0) })
  expect(xml.split('\n').filter((line) => UNPRINTABLE.test(line))).toEqual([])
  expect(xml).toContain('\\u001b]0;PWNED')
})
