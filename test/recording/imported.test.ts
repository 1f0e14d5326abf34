/** Recordings that no server made: what a recorder writes for who imports traffic, and who refuses it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BlockReader, Recorder, type Accept, type Connection, type Entry } from 'overworld'
import { afterAll, expect, it } from 'vitest'
import { inProcess } from '../cli/support/in-process.ts'
import { entriesOf } from './recorded-run.ts'

const base = mkdtempSync(path.join(tmpdir(), 'overworld-imported-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

function importSomething(): Uint8Array {
  const blocks: Uint8Array[] = []
  let nowMs = 0
  const recorder = new Recorder({
    clock: { now: () => nowMs, setTimer: () => ({ cancel: () => undefined }) },
    random: { fill: () => undefined, uint32: () => 0 },
    sink: { append: (bytes) => void blocks.push(bytes) },
    apps: [],
    recording: 'some',
    importedFrom: 'some.pcap',
  })
  let accept: Accept | undefined
  const network = recorder.network({
    listen(address, accepting) {
      accept = accepting
      return { address, close: () => undefined }
    },
    connect: () => {
      throw new Error('nobody dials')
    },
  })
  let connection: Connection | undefined
  recorder.boot(() => {
    network.listen('ws://0.0.0.0:4433/ws', (accepted) => {
      connection = accepted
      return { opened: () => undefined, message: () => undefined, closed: () => undefined }
    })
  })
  const handler = accept?.({
    id: 1,
    transport: 'websocket',
    remoteAddress: '192.0.2.7',
    bufferedBytes: 0,
    send: () => undefined,
    close: () => undefined,
  })
  if (handler === undefined || connection === undefined) throw new Error('nobody listened')
  const accepted = connection
  handler.opened()
  nowMs = 1_000
  recorder.elapsed(() => accepted.send(Uint8Array.of(0, 100, 0x1a, 2, 8, 1)))
  nowMs = 2_000
  recorder.missing(accepted, 'three messages are not in the capture')
  expect(recorder.isReplayable).toBe(false)
  recorder.stop()
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
