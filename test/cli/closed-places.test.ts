/** Files behind what the system does not let through: no command says that they are not there, or shows a stack. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inProcess } from './support/in-process.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-closed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A link to itself is refused to everybody, as a folder of another user's is to all but the administrator. */
const closed = (name: string): string => {
  const link = path.join(folder, name)
  symlinkSync(link, link)
  return link
}
const folderNamed = (name: string): string => {
  const made = path.join(folder, name)
  mkdirSync(made)
  return made
}

test.each([
  ['inspect', [closed('a.owrec')]],
  ['replay', [closed('b.owrec')]],
  ['export', [closed('c.owrec'), '--pcapng', path.join(folder, 'c.pcapng')]],
  ['fuzz', ['--from', closed('d.owrec')]],
  ['fuzz', ['--app', closed('e.mjs')]],
  ['fuzz', ['--resume', closed('f.resume')]],
  ['import', [closed('g.pcap')]],
  ['import', [closed('h.pcap.gz')]],
  ['run', [closed('i.json')]],
  ['shrink', [closed('j.json')]],
  ['proto', [closed('k.proto')]],
])('overworld %s %j', async (command, args) => {
  const { code, stderr } = await inProcess([command, ...args])
  expect(stderr).toMatch(/^error: \S+ (cannot be read|could not be written): ELOOP: too many symbolic links[^\n]*\n$/)
  expect(code).toBe(2)
})

test('a module that is a folder', async () => {
  const { code, stderr } = await inProcess(['fuzz', '--app', folderNamed('app.mjs')])
  expect(stderr).toMatch(/^error: \S+app\.mjs cannot be read: EISDIR: it is a folder\n$/)
  expect(code).toBe(2)
})
