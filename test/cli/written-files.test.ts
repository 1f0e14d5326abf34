/** Files that the command writes, on a disk that is full or takes only a part: played by `node:fs`, otherwise the real one. */
import type * as Fs from 'node:fs'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CommandError } from '../../cli/exit-codes.ts'
import { writeWhole } from '../../cli/kept-file.ts'
import { NewFile } from '../../cli/new-file.ts'
import { makeFolder } from '../../transports/make-folder.ts'

const disk = vi.hoisted(() => ({ room: Infinity, atOnce: Infinity }))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>()
  return {
    ...fs,
    writeSync(descriptor: number, bytes: Uint8Array | string, at = 0): number {
      const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
      const part = all.subarray(at, at + Math.min(disk.atOnce, disk.room))
      if (part.length === 0 && all.length > at) {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' })
      }
      disk.room -= part.length
      return fs.writeSync(descriptor, part)
    },
  }
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'overworld-written-'))
})
afterEach(() => {
  disk.room = Infinity
  disk.atOnce = Infinity
  rmSync(folder, { recursive: true, force: true })
})

test('a write that takes only a part is followed by one of the rest', () => {
  disk.atOnce = 7
  const file = path.join(folder, 'a', 'b', 'kept.json')
  writeWhole(file, 'ä'.repeat(1_000))
  expect(readFileSync(file, 'utf8')).toBe('ä'.repeat(1_000))
})

test('where the disk has room for a part only, the old text stays and nothing is left beside it', () => {
  const file = path.join(folder, 'kept.json')
  writeWhole(file, 'old')
  disk.room = 100
  expect(() => writeWhole(file, 'new'.repeat(100))).toThrow(/kept\.json could not be written: ENOSPC: no space left/)
  expect(readFileSync(file, 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['kept.json'])
})

test('a link stays a link, a mode stays as it was, and a device is not replaced by a file', () => {
  const target = path.join(folder, 'target.json')
  writeFileSync(target, 'old', { mode: 0o600 })
  const link = path.join(folder, 'link.json')
  symlinkSync(target, link)
  writeWhole(link, 'new')
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(readFileSync(target, 'utf8')).toBe('new')
  expect(statSync(target).mode & 0o777).toBe(0o600)
  writeWhole('/dev/null', 'nothing')
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  expect(() => writeWhole(folder, 'x')).toThrow(CommandError)
})

test('a new file is gone again once writing it has failed, so that the next try finds its place free', () => {
  const file = path.join(folder, 'day.pcapng')
  disk.room = 1_000
  const first = new NewFile(file)
  expect(() => {
    for (let i = 0; i < 100; i++) first.write(new Uint8Array(10_000))
    first.close()
  }).toThrow(/day\.pcapng could not be written: ENOSPC/)
  expect(existsSync(file)).toBe(false)
  disk.room = Infinity
  const second = new NewFile(file)
  second.write(Uint8Array.of(1, 2, 3))
  second.close()
  expect([...readFileSync(file)]).toEqual([1, 2, 3])
  expect(() => new NewFile(file)).toThrow(/day\.pcapng could not be written: EEXIST/)
  second.remove()
  expect(existsSync(file)).toBe(false)
})

test('a folder is made with those above it; where the system refuses that, it is said and not tried for ever', () => {
  makeFolder(path.join(folder, 'x', 'y', 'z'))
  makeFolder(path.join(folder, 'x', 'y', 'z'))
  expect(statSync(path.join(folder, 'x', 'y', 'z')).isDirectory()).toBe(true)
  writeFileSync(path.join(folder, 'file'), '')
  expect(() => makeFolder(path.join(folder, 'file', 'below'))).toThrow(/ENOTDIR|EEXIST/)
  mkdirSync(path.join(folder, 'there'))
  makeFolder(path.join(folder, 'there'))
})

test.runIf(existsSync('/proc/self'))('a folder that the system does not make is not tried forever', () => {
  expect(() => makeFolder('/proc/overworld/recordings')).toThrow(/ENOENT|EACCES/)
})
