/** What `overworld export` makes of recordings that are not whole, and of addresses of all kinds. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { CaptureReader } from '../../cli/capture/capture-reader.ts'
import { parseListened } from '../../cli/capture/addresses.ts'
import { inProcess } from '../cli/support/in-process.ts'
import { conversationsOf, entriesIn } from './conversations.ts'
import { Script, someBytes } from './made-up.ts'
import { partsOf, recordingOf } from './recording-of.ts'

const base = mkdtempSync(path.join(tmpdir(), 'overworld-export-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

describe('the address that a server listened on', () => {
  it.each([
    ['ws://0.0.0.0:80/ws', 80],
    ['wss://0.0.0.0:443/ws', 443],
    ['ws://127.0.0.1:443', 443],
    ['wss://[::1]:80/game?a=b', 80],
    ['enet://0.0.0.0:80', 80],
    ['ws://0.0.0.0:0/ws', 4433],
    ['wss://0.0.0.0/ws', 4434],
    ['enet://0.0.0.0:0', 4483],
    ['unix:/tmp/socket', 4433],
  ])('%s has port %i', (text, port) => {
    expect(parseListened(text).port).toBe(port)
  })

  it('is in the capture with port 80, which is imported by that port', async () => {
    const script = new Script()
    const connection = script.accept('websocket', '192.0.2.7')
    script.hear(connection, someBytes(5, 1))
    script.closed(connection, 4000)
    const file = path.join(base, 'port80.owrec')
    writeFileSync(file, recordingOf(script.entries, ['ws://0.0.0.0:80/ws']))
    const capture = path.join(base, 'port80.pcapng')
    expect(await inProcess(['export', file, '--pcapng', capture])).toMatchObject({ code: 0 })
    const again = path.join(base, 'again80.owrec')
    expect(await inProcess(['import', capture, '--ws-port', '80', '--out', again])).toMatchObject({ code: 0 })
    expect(conversationsOf(entriesIn([again]))).toMatchObject([
      { heard: expect.arrayContaining(['closed 4000']) as string[] },
    ])
  })
})

describe('a recording without its first file', () => {
  const script = new Script()
  const [first, second] = [script.accept('websocket', '192.0.2.7'), script.accept('enet', '192.0.2.8')]
  for (let round = 0; round < 60; round++) {
    script.hear(first, someBytes(2_000, round))
    script.say(first, someBytes(2_000, round))
    script.hear(second, someBytes(2_000, round), { mode: round % 2 === 0 ? 'unreliable' : 'reliable', channel: 1 })
  }
  const third = script.accept('websocket', '192.0.2.9')
  script.hear(third, someBytes(4, 1))
  script.closed(third, 4000)
  script.closed(first, 4000)
  script.closed(second, 4000)
  const parts = partsOf(script.entries, 100_000)

  it('is exported from what is there: connections that had begun before are named, nothing is left out', async () => {
    expect(parts.length).toBeGreaterThan(2)
    const folder = path.join(base, 'headless')
    mkdirSync(folder)
    for (const [index, part] of parts.entries()) {
      if (index > 0) writeFileSync(path.join(folder, `rec-000${index + 1}.owrec`), part)
    }
    const capture = path.join(base, 'headless.pcapng')
    const { code, stdout, stderr } = await inProcess(['export', folder, '--pcapng', capture])
    expect(code).toBe(4)
    expect(stderr).toMatch(/: its first file is missing, it begins with its file 2/)
    expect(stdout).toMatch(/packets of 2 connections over WebSocket and 1 over ENet\n2 connections had begun before/)
    const again = path.join(base, 'headless.owrec')
    const args = ['import', capture, '--ws-port', '8080', '--enet-port', '7777', '--out', again]
    expect(await inProcess(args)).toMatchObject({ code: 0 })
    const whole = conversationsOf(script.entries)
    const found = conversationsOf(entriesIn([again]))
    // The order is that in which they speak.
    for (const { transport, heard, said } of found) {
      const before = whole.find((each) => each.transport === transport && each.heard.at(-2) === heard.at(-2))
      expect(heard.length).toBeGreaterThan(2)
      expect(heard.slice(1)).toEqual(before?.heard.slice(1 - heard.length))
      expect(said).toEqual(before?.said.slice(before.said.length - said.length))
    }
    const messages = found
      .flatMap(({ heard, said }) => [...heard, ...said])
      .filter((text) => /^(message|sent)/.test(text))
    const all = parts.slice(1).reduce((sum, part) => sum + part.length, 0)
    expect(messages.length).toBeGreaterThan(all / 2_500)
  })

  it('and where nothing at all can be read, no capture is left that holds the next try up', async () => {
    const folder = path.join(base, 'unreadable')
    mkdirSync(path.join(folder, 'a.owrec'), { recursive: true })
    writeFileSync(path.join(folder, 'b.owrec'), 'this is a letter')
    const capture = path.join(base, 'nothing.pcapng')
    const refused = await inProcess(['export', folder, '--pcapng', capture])
    expect(refused).toMatchObject({ code: 4, stdout: '' })
    expect(refused.stderr).toMatch(/a\.owrec cannot be read[\s\S]*error: \S+ was not written: nothing could be read\n$/)
    expect(existsSync(capture)).toBe(false)
    writeFileSync(path.join(folder, 'c.owrec'), recordingOf(script.entries))
    expect(await inProcess(['export', folder, '--pcapng', capture])).toMatchObject({ code: 4 })
    expect(existsSync(capture)).toBe(true)
  })

  it('and with it has all connections', async () => {
    const file = path.join(base, 'whole.owrec')
    writeFileSync(file, recordingOf(script.entries))
    const capture = path.join(base, 'whole.pcapng')
    const { code, stdout } = await inProcess(['export', file, '--pcapng', capture])
    expect({ code, lines: stdout.trim().split('\n').length }).toEqual({ code: 0, lines: 1 })
    expect([...new CaptureReader([new Uint8Array(readFileSync(capture))]).packets()].length).toBeGreaterThan(180)
  })
})
