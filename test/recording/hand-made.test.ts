/** Recordings that no recorder has made: their checksums are right, and their contents are not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chat } from 'overworld/scenarios'
import { afterAll, describe, expect, test } from 'vitest'
import { frameBlock, SIGNATURE } from '../../recording/block.ts'
import { overworld_recording } from '../../recording/generated/recording.js'
import { inProcess } from '../cli/support/in-process.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-hand-made-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { block, kind } = overworld_recording
const configuration = JSON.stringify({ addresses: ['ws://127.0.0.1:1/ws'], server: {} })
const boot = { kind: kind.boot, time: 0 }
const listened = { kind: kind.listened, text: 'ws://127.0.0.1:1/ws' }
const accepted = { kind: kind.accepted, time: 1, connection: 1, listener: 1, id: 1, transport: 0, text: '192.0.2.1' }

let made = 0

/** Generated code does not write NaN: its place is taken by another number, until the bytes are there. */
const NOT_A_NUMBER = 1234.5678

function withNaN(payload: Uint8Array): Buffer {
  const [instead, nan] = [NOT_A_NUMBER, Number.NaN].map((number) => Buffer.from(Float64Array.of(number).buffer))
  const bytes = Buffer.from(payload)
  for (let at = bytes.indexOf(instead ?? ''); at >= 0; at = bytes.indexOf(instead ?? '')) nan?.copy(bytes, at)
  return bytes
}

function write(header: object, records: readonly object[], first: object = {}): string {
  const all = { recording: 'r', part: 0, version: '', started_at: 1.7e12, configuration, apps: [], ...header }
  const payload = withNaN(block.encode({ number: 0, header: all, records: records as never, ...first }).finish())
  const file = path.join(folder, `${++made}.owrec`)
  writeFileSync(file, Buffer.concat([SIGNATURE, frameBlock(payload)]))
  return file
}

function nested(levels: number): object {
  let value: object = { number: 1 }
  for (let i = 0; i < levels; i++) value = { list: { items: [value] } }
  return value
}

const call = { kind: kind.called, time: 1 }
const nonsense: Readonly<Record<string, string>> = {
  'a time that is no number': write({}, [boot, { ...accepted, time: NOT_A_NUMBER }]),
  'an infinite time': write({}, [boot, { ...accepted, time: Infinity }]),
  'a time beyond all calendars': write({}, [boot, { ...accepted, time: 1e308 }]),
  'a beginning that is no date': write({ started_at: NOT_A_NUMBER }, [boot, listened]),
  'a beginning beyond all calendars': write({ started_at: -1e300 }, [boot, listened]),
  'a clock that is no number': write({ clock: NOT_A_NUMBER }, [boot, listened]),
  'a configuration that is not JSON': write({ configuration: '{' }, [boot]),
  'no configuration': write({ configuration: 'null' }, [boot]),
  'a configuration that is a number': write({ configuration: '5' }, [boot]),
  'a configuration that is a list': write({ configuration: '[]' }, [boot]),
  'a boot with what is not JSON': write({}, [{ ...boot, text: '{' }]),
  'a boot with a list': write({}, [{ ...boot, text: '[]' }]),
  'a boot with addresses that are none': write({}, [{ ...boot, text: '{"addresses":[5]}' }]),
  'a boot with options that are none': write({}, [{ ...boot, text: '{"options":"all"}' }]),
  'a call of nothing': write({}, [boot, listened, call]),
  'an argument that is no bigint': write({}, [
    boot,
    { ...call, call: { on: { place: 'server' }, method: 'stop', args: [{ bigint: 'x' }] } },
  ]),
  'an argument with too many levels': write({}, [
    boot,
    { ...call, call: { on: { place: 'server' }, method: 'stop', args: [nested(46)] } },
  ]),
  'a buffer of no size': write({}, [boot, { kind: kind.buffered, connection: 1, number: NOT_A_NUMBER }]),
  'a timer of no length': write({}, [boot, { kind: kind.set_timer, number: NOT_A_NUMBER }]),
}

/** Read whole, and still not what a server does. */
const odd: Readonly<Record<string, string>> = {
  'options that no server takes': write(
    { configuration: JSON.stringify({ addresses: ['ws://127.0.0.1:1/ws'], server: { limits: { sessions: 'evil' } } }) },
    [boot, listened],
  ),
  'limits that are none': write(
    { configuration: JSON.stringify({ addresses: ['ws://127.0.0.1:1/ws'], server: { limits: null } }) },
    [boot, listened],
  ),
  'a boot with options that no server takes': write({}, [
    { ...boot, text: '{"addresses":["\u0000"],"options":{"limits":null,"__proto__":{"evil":1}}}' },
    listened,
  ]),
  'a program whose name is none': write(
    {
      configuration: JSON.stringify({ addresses: ['ws://127.0.0.1:1/ws'], server: {}, program: { evil: '\u001b[2J' } }),
    },
    [boot, listened],
  ),
  'an address of another kind': write(
    { configuration: JSON.stringify({ addresses: ['file:///etc/passwd', 5, null], server: { __proto__: null } }) },
    [boot],
  ),
  'no boot': write({}, [accepted]),
  'nothing at all': write({}, []),
  'a method of every object': write({}, [
    boot,
    listened,
    { ...call, call: { on: { place: 'server' }, method: 'constructor', args: [] } },
  ]),
}

const commands: readonly (readonly string[])[] = [
  ['inspect'],
  ['inspect', '--all', '--json'],
  ['replay'],
  ['replay', '--as-scenario'],
  ['fuzz', '--runs', '1', '--seed', '1', '--out', path.join(folder, 'out'), '--from'],
]

describe.each(commands)('overworld %s %s', (...command) => {
  test.each(Object.entries(nonsense))('finds %s, and says so', async (_, file) => {
    const { code, stdout, stderr } = await inProcess([...command, file])
    expect(`${stdout}${stderr}`).toMatch(/is damaged: the block at byte 8 cannot be read: /)
    expect(`${stdout}${stderr}`).not.toMatch(/\n {4}at /)
    expect(code).toBe(4)
  })

  test.each(Object.entries(odd))('takes %s without a stack', async (_, file) => {
    const { code, stdout, stderr } = await inProcess([...command, file])
    expect(`${stdout}${stderr}`).not.toMatch(/\n {4}at /)
    expect([0, 1, 2, 4]).toContain(code)
  })
})

test('a configuration that boots no server is damage of the file', async () => {
  const { code, stderr } = await inProcess(['replay', odd['options that no server takes'] ?? ''])
  expect(stderr).toMatch(/the recorded configuration boots no server: .*sessions/)
  expect(code).toBe(4)
})

describe('overworld inspect without --program', () => {
  const join = { kind: kind.message, time: 2, connection: 1, bytes: chat.codec.encode('join', { handle: 'alice' }) }
  const opened = { kind: kind.opened, connection: 1 }
  const see = (apps: readonly object[], header: object = {}): ReturnType<typeof inProcess> =>
    inProcess(['inspect', write({ apps, ...header }, [boot, listened, accepted, opened, join])])

  test('decodes messages of the schema that it has', async () => {
    const { stdout, stderr } = await see([{ name: 'chat', prefix: 0, schema: chat.schemaHash }])
    expect(stdout).toContain('chat join {"handle":"alice"}')
    expect(stderr).toBe('')
  })

  test.each([
    [
      'another schema',
      [{ name: 'lobby', prefix: 0, schema: '0123456789abcdef' }],
      {},
      /'lobby' \(prefix 0\) are shown/,
    ],
    [
      'an unknown schema',
      [{ name: 'chat', prefix: 0 }],
      {},
      /'chat' \(prefix 0\) are shown as bytes: say with --program/,
    ],
    ['an import, which knows none', [], { imported_from: 'day.pcap' }, /messages of all apps are shown as bytes/],
  ])('shows bytes for %s', async (_, apps, header, hint) => {
    const { stdout, stderr, code } = await see(apps, header)
    expect(stdout).not.toContain('alice')
    expect(stdout).toMatch(/<- 11 bytes for prefix 0, which no app has: 00 00 0a 07 0a 05 61 6c 69 63 65\n/)
    expect(stderr).toMatch(hint)
    expect(code).toBe(0)
  })
})
