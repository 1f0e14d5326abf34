/** `overworld chat` against `overworld serve`, on pipes: what two people see, and connections broken on purpose. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overworld, RunningCommand } from './support/command.ts'
import { startServing, type Serving } from './support/serving.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-chat-'))
let serving: Serving
beforeAll(async () => {
  // A busy machine may need a while to start a process; the grace must not be what is tested here.
  serving = await startServing('--disconnect-timeout', '1m')
})
afterAll(() => {
  serving.command.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const SESSION = /session (\d+) over/

test('two people talk, one over WebSocket and one over ENet', async () => {
  const alice = new RunningCommand(['chat', serving.ws, '--name', 'alice'])
  await alice.printed(/^\* here: .*alice/m)
  const bob = await overworld(['chat', serving.enet, '--name', 'bob'], { input: 'hello from enet\n/who\n' })
  expect(bob.code).toBe(0)
  expect(bob.stdout).toMatch(/^\* here: alice, bob$/m)
  expect(bob.stdout).toMatch(/^<bob> hello from enet$/m)
  expect(bob.stdout).toMatch(/^\* here: alice, bob \(enet:/m)
  await alice.printed(/^<bob> hello from enet$/m)
  await alice.printed(/^\* here: alice$\s+^\* here: alice, bob$[^]*^\* here: alice$/m)
  alice.type('/quit')
  expect((await alice.finished).code).toBe(0)
})

test('a dropped connection is resumed over the other transport, in the same session', async () => {
  const input = `one\n/drop\nlost\n/resume ${serving.enet}\ntwo\n/drop\n/resume ${serving.ws}\nthree\n`
  const { code, stdout } = await overworld(['chat', serving.ws, '--name', 'carol'], { input })
  expect(code).toBe(0)
  const ids = [...stdout.matchAll(/^\* (new|back in) session (\d+) over (\w+):/gm)].map(([, ...what]) => what)
  const [, id] = SESSION.exec(stdout) ?? []
  expect(ids).toEqual([
    ['new', id, 'ws'],
    ['back in', id, 'enet'],
    ['back in', id, 'ws'],
  ])
  expect(stdout.match(/^<carol> \w+$/gm)).toEqual(['<carol> one', '<carol> two', '<carol> three'])
  expect(stdout).toContain('nobody heard that')
})

test.each(['ws', 'enet'] as const)('a silenced connection over %s is taken over at once', async (scheme) => {
  const dave = new RunningCommand(['chat', serving[scheme], '--name', 'dave'])
  await dave.printed(/^\* here: .*dave/m)
  dave.type('/silence')
  dave.type('into the void')
  dave.type('/resume')
  await dave.printed(/back in session/)
  dave.type('heard')
  await dave.printed(/^<dave> heard$/m)
  dave.end()
  const { code, stdout } = await dave.finished
  expect(code).toBe(0)
  expect(stdout).not.toContain('<dave> into the void')
  // Neither waited for a timeout nor lost its place.
  expect(stdout).not.toContain('not connected')
})

test('who was killed takes the session up again from --session-file, over the other transport', async () => {
  const file = path.join(folder, 'erin.json')
  const killed = new RunningCommand(['chat', serving.ws, '--name', 'erin', '--session-file', file])
  await killed.printed(/^\* here: .*erin/m)
  const [, id] = await killed.printed(SESSION)
  killed.kill('SIGKILL')
  await killed.finished
  expect(statSync(file).mode & 0o077).toBe(0)
  expect(readFileSync(file, 'utf8')).toContain(`"sessionId":${id}`)
  const { stdout } = await overworld(['chat', serving.enet, '--session-file', file], { input: 'it is me\n' })
  expect(stdout).toMatch(new RegExp(`^\\* back in session ${id} over enet:`, 'm'))
  expect(stdout).toMatch(/^<erin> it is me$/m)
})

test('what others say cannot steer the terminal', async () => {
  const { stdout } = await overworld(['chat', serving.ws, '--name', 'mal'], { input: 'a\u001b[2Jb\n' })
  expect(stdout).toContain('<mal> a\u{fffd}[2Jb')
})

test('an unknown command, and an address that is none, are told and change nothing', async () => {
  const input = '/dorp\n/resume ftp://127.0.0.1\nstill here\n'
  const { code, stdout } = await overworld(['chat', serving.ws, '--name', 'fay'], { input })
  expect(code).toBe(0)
  expect(stdout).toContain('there is no /dorp')
  expect(stdout).toContain('ftp://127.0.0.1')
  expect(stdout).toContain('<fay> still here')
})
