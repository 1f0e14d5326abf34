/** Recordings that no server made: how an import is written, shown, and refused by a replay. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BlockReader, RecordingWriter, RELIABLE, type Entry } from 'overworld'
import { afterAll, expect, it } from 'vitest'
import { inProcess } from '../cli/support/in-process.ts'
import { entriesOf } from './recorded-run.ts'

const base = mkdtempSync(path.join(tmpdir(), 'overworld-imported-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

function importSomething(): Uint8Array {
  const blocks: Uint8Array[] = []
  const writer = new RecordingWriter({
    clock: { now: () => 0 },
    sink: { append: (bytes) => void blocks.push(bytes) },
    apps: [],
    recording: 'some',
    importedFrom: 'some.pcap',
  })
  const bytes = Uint8Array.of(0, 100, 0x1a, 2, 8, 1)
  const entries: Entry[] = [
    { kind: 'boot', atMs: 0 },
    { kind: 'listened', address: 'ws://0.0.0.0:4433/ws' },
    { kind: 'accepted', atMs: 0, connection: 1, listener: 1, id: 1, transport: 'websocket', address: '192.0.2.7' },
    { kind: 'opened', atMs: 0, connection: 1 },
    { kind: 'elapsed', atMs: 1_000 },
    { kind: 'sent', connection: 1, bytes, delivery: RELIABLE, length: bytes.length },
    { kind: 'missing', atMs: 2_000, connection: 1, what: 'three messages are not in the capture' },
  ]
  for (const entry of entries) writer.write(entry)
  expect(writer.isReplayable).toBe(false)
  writer.stop()
  return new Uint8Array(Buffer.concat(blocks))
}

it('an import has what went out at its own time, and says what is missing', () => {
  const reader = new BlockReader()
  const entries: Entry[] = []
  let importedFrom: string | undefined
  for (const block of reader.push(importSomething())) {
    entries.push(...block.entries)
    importedFrom ??= block.header?.importedFrom
  }
  expect(importedFrom).toBe('some.pcap')
  expect(entries.slice(4)).toMatchObject([
    { kind: 'elapsed', atMs: 1_000 },
    { kind: 'sent', connection: 1, bytes: Uint8Array.of(0, 100, 0x1a, 2, 8, 1) },
    { kind: 'missing', atMs: 2_000, connection: 1, what: 'three messages are not in the capture' },
    { kind: 'ended' },
  ])
})

it('an import is shown, and not replayed', async () => {
  const file = path.join(base, 'some.owrec')
  writeFileSync(file, importSomething())
  expect([...entriesOf([importSomething()])].length).toBe(8)
  const { code, stdout } = await inProcess(['inspect', file])
  expect(code).toBe(0)
  expect(stdout).toContain('some.owrec, imported from some.pcap, which begins 1970-01-01T00:00:00.000Z, by version ')
  expect(stdout).toContain('connection 1: three messages are not in the capture')
  expect(stdout).not.toContain('nothing is known')
  const refused = await inProcess(['replay', file])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toMatch(/some\.owrec was imported from some\.pcap: .* cannot be replayed/)
})
