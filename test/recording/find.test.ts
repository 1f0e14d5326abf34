/** Which files make up a recording: what their headers say, whatever they are called. */
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findRecordings, RecordingFileReader } from 'overworld/transports'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { frameBlock, SIGNATURE } from '../../recording/block.ts'
import { overworld_recording } from '../../recording/generated/recording.js'
import { inProcess } from '../cli/support/in-process.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overworld-find-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const { kind } = overworld_recording

/** A file with one block, which says which recording and which part of it this is. */
function write(file: string, recording: string, part: number, address = `${recording} ${part}`): void {
  const header = { recording, part, started_at: 1_700_000_000_000, configuration: '{}', apps: [] }
  const records = [...(part === 0 ? [{ kind: kind.boot, time: 0 }] : []), { kind: kind.listened, text: address }]
  const payload = overworld_recording.block.encode({ number: part, header, records }).finish()
  writeFileSync(path.join(folder, file), Buffer.concat([SIGNATURE, frameBlock(payload)]))
}

/** For each recording: its name, and its files. */
function found(): Record<string, readonly string[]> {
  const all = findRecordings(folder).map(({ name, files }) => [name, files.map((file) => path.basename(file))] as const)
  expect(new Set(all.map(([name]) => name)).size).toBe(all.length)
  return Object.fromEntries(all)
}

function damageOf(files: readonly string[]): string | undefined {
  const reader = new RecordingFileReader(files)
  for (const _ of reader.blocks());
  return reader.damage?.message
}

test('files whose names end in a number are recordings of their own where their headers say so', async () => {
  write('cap-1.owrec', 'cap-1-aa', 0)
  write('cap-2.owrec', 'cap-2-bb', 0)
  write('2024-05-0001.owrec', 'may', 0)
  write('2024-05-0002.owrec', 'june', 0)
  expect(found()).toEqual({
    'cap-1': ['cap-1.owrec'],
    'cap-2': ['cap-2.owrec'],
    '2024-05-0001': ['2024-05-0001.owrec'],
    '2024-05-0002': ['2024-05-0002.owrec'],
  })
  const { code, stdout } = await inProcess(['inspect', folder])
  expect(code).toBe(0)
  for (const address of ['cap-1-aa 0', 'cap-2-bb 0', 'may 0', 'june 0']) expect(stdout).toContain(address)
})

test('parts are in the order of their numbers, also where one more digit begins', () => {
  for (const part of [9_998, 9_999, 10_000]) write(`day-${part + 1}.owrec`, 'day', part)
  const [recording] = findRecordings(folder)
  expect(recording?.files.map((file) => path.basename(file))).toEqual([
    'day-9999.owrec',
    'day-10000.owrec',
    'day-10001.owrec',
  ])
  expect(damageOf(recording?.files ?? [])).toBeUndefined()
})

test('two recordings with files that lie between each other, and files that were renamed, are put together', () => {
  write('a.owrec', 'one', 1)
  write('b.owrec', 'two', 0)
  write('c.owrec', 'one', 0)
  write('d.owrec', 'two', 1)
  expect(found()).toEqual({ c: ['c.owrec', 'a.owrec'], b: ['b.owrec', 'd.owrec'] })
})

test('a missing file is named, and everything before it is used', async () => {
  for (const part of [0, 1, 3]) write(`day-000${part + 1}.owrec`, 'day', part)
  const { code, stdout, stderr } = await inProcess(['inspect', folder])
  expect(stdout).toContain('day 1')
  expect(stdout).not.toContain('day 3')
  expect(stderr).toMatch(/day-0004\.owrec is damaged: it is file 4 of its recording, and file 3 should come here/)
  expect(code).toBe(4)
})

test('a copy of one file is not read twice, and a copy of a whole recording is one of its own', async () => {
  for (const part of [0, 1, 2]) write(`day-000${part + 1}.owrec`, 'day', part)
  copyFileSync(path.join(folder, 'day-0002.owrec'), path.join(folder, 'day-0002 copy.owrec'))
  expect(Object.keys(found())).toEqual(['day'])
  const { code, stderr, stdout } = await inProcess(['inspect', folder])
  expect(stderr).toMatch(/day-0002.*\.owrec has what other files of the recording day have: it is not read\n/)
  expect(stdout.match(/listens on/g)).toHaveLength(3)
  expect(code).toBe(0)
  for (const part of [1, 2, 3]) {
    copyFileSync(path.join(folder, `day-000${part}.owrec`), path.join(folder, `old-000${part}.owrec`))
  }
  const { day, old } = found()
  expect([day?.length, old?.length]).toEqual([3, 3])
})

test('what cannot be read is said, and the other recordings are shown', async () => {
  write('good-0001.owrec', 'good', 0)
  write('last-0001.owrec', 'last', 0)
  writeFileSync(path.join(folder, 'last-0002.owrec'), '')
  mkdirSync(path.join(folder, 'folder.owrec'))
  symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'dangling.owrec'))
  symlinkSync(path.join(folder, 'circle.owrec'), path.join(folder, 'circle.owrec'))
  writeFileSync(path.join(folder, 'letter.owrec'), 'this is a letter')
  const shown = await inProcess(['inspect', folder])
  expect(shown.stdout).toContain('good 0')
  expect(shown.stderr).toMatch(/folder\.owrec cannot be read: EISDIR: it is a folder\n/)
  expect(shown.stderr).toMatch(/dangling\.owrec cannot be read: ENOENT: no such file or directory\n/)
  expect(shown.stderr).toMatch(/circle\.owrec cannot be read: ELOOP/)
  expect(shown.stderr).toMatch(/letter\.owrec: it is not a recording/)
  expect(shown.stderr).toMatch(/last-0002\.owrec: it is empty/)
  expect(shown.code).toBe(4)
  const replayed = await inProcess(['replay', folder])
  expect(replayed.stdout).toMatch(/folder\.owrec cannot be read: EISDIR: it is a folder\n/)
  expect(replayed.stderr).toMatch(/^error: good: this recording was not made by/m)
  expect(replayed.stderr).not.toMatch(/\n {4}at /)
  expect(replayed.code).toBe(4)
})

test('files of two recordings that are read as one are told apart', () => {
  write('a-0001.owrec', 'one', 0)
  write('b-0002.owrec', 'two', 1)
  const files = ['a-0001.owrec', 'b-0002.owrec'].map((file) => path.join(folder, file))
  expect(damageOf(files)).toBe('it belongs to another recording: two, not one')
  renameSync(path.join(folder, 'b-0002.owrec'), path.join(folder, 'a-0002.owrec'))
  expect(Object.values(found())).toEqual([['a-0001.owrec'], ['a-0002.owrec']])
})
