/** What `overworld inspect` says of a recording that is not whole. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { packetsOf, pcap, Script, someBytes, type TestPacket } from '../capture/made-up.ts'
import { partsOf } from '../capture/recording-of.ts'
import { inProcess } from '../cli/support/in-process.ts'

const base = mkdtempSync(path.join(tmpdir(), 'overworld-incomplete-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const script = new Script()
const [first, second] = [script.accept('websocket', '192.0.2.7'), script.accept('enet', '192.0.2.8')]
for (let round = 0; round < 40; round++) {
  script.hear(first, someBytes(1_000, round))
  script.hear(second, someBytes(1_000, round))
  script.say(second, someBytes(1_000, round))
}
script.closed(second, 4000)
script.closed(first, 4000)
const packets = packetsOf(script.entries)

let number = 0
async function inspectImport(taken: readonly TestPacket[], ...options: string[]): Promise<string> {
  const capture = path.join(base, `${++number}.pcap`)
  writeFileSync(capture, pcap(taken))
  await inProcess(['import', capture, '--out', `${capture}.owrec`])
  const { stdout, stderr } = await inProcess(['inspect', `${capture}.owrec`, ...options])
  return `${stdout}${stderr}`
}

it('a whole recording is not said to lack anything', async () => {
  expect(await inspectImport(packets)).not.toContain('not whole')
})

it('connections that end after it are counted', async () => {
  expect(await inspectImport(packets.slice(0, 60))).toMatch(/^not whole: 2 connections had not ended when it ends$/m)
})

it('connections that begin before it are counted, and say so', async () => {
  const text = await inspectImport(packets.slice(40))
  expect(text).toMatch(/^not whole: \d+ times something is missing in it$/m)
  expect(text.match(/its beginning, which was before the capture/g)?.length).toBe(2)
})

it('packets that were cut short are counted, for programs on standard error', async () => {
  const cut = packets.map(({ atMs, bytes }) => ({ atMs, bytes: bytes.slice(0, 300), length: bytes.length }))
  expect(await inspectImport(cut, '--json')).toMatch(/^not whole: .*\d+ times something is missing in it$/m)
})

it('the connections of a recording without its first file had begun before it', async () => {
  const parts = partsOf(script.entries, 50_000)
  expect(parts.length).toBeGreaterThan(1)
  const file = path.join(base, 'rec-0002.owrec')
  writeFileSync(file, parts.at(-1) ?? new Uint8Array())
  const { stdout } = await inProcess(['inspect', file])
  expect(stdout).toMatch(/^not whole: 2 connections had begun before it$/m)
})
