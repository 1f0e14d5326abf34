/** Captures that are damaged, or none at all: what was read up to where, and everything before it is used. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { lastJson } from '../cli/support/command.ts'
import { inProcess } from '../cli/support/in-process.ts'
import { conversationsOf } from './conversations.ts'
import { importBytes } from './import-bytes.ts'
import { packetsOf, pcap, pcapng, Script, someBytes, talk } from './made-up.ts'

const base = mkdtempSync(path.join(tmpdir(), 'overworld-broken-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

function smallTalk(): Script {
  const script = new Script()
  const [first, second] = [script.accept('websocket', '192.0.2.7'), script.accept('enet', '192.0.2.7')]
  script.hear(first, someBytes(4, 1))
  script.hear(second, someBytes(4, 2))
  script.say(first, someBytes(4, 3))
  script.closed(second, 4000)
  script.closed(first, 4000)
  return script
}

const packets = packetsOf(smallTalk().entries)
const captures = [
  ['pcap', pcap(packets)],
  ['pcapng', pcapng(packets, { timeUnit: 9 })],
] as const

describe.each(captures)('a capture in the format %s', (_, capture) => {
  const whole = conversationsOf(importBytes(capture).entries)

  it('that was cut off anywhere is used up to there', () => {
    let packetsBefore = 0
    for (let length = 0; length < capture.length; length++) {
      const { result, entries } = importBytes(capture.slice(0, length))
      const { damage } = result
      // Between two packets nothing is wrong.
      const { kind = 'none', at = 0, message = 'none' } = damage ?? {}
      expect(['none', 'empty', 'no_capture', 'cut_off']).toContain(kind)
      expect(at).toBeLessThanOrEqual(length)
      expect(message).not.toBe('')
      expect(result.packets).toBeGreaterThanOrEqual(packetsBefore)
      expect(result.packets).toBeLessThanOrEqual(packetsBefore + 1)
      packetsBefore = result.packets
      for (const [index, { heard }] of conversationsOf(entries).entries()) {
        expect(heard).toEqual(whole[index]?.heard.slice(0, heard.length))
      }
    }
    expect(packetsBefore).toBe(packets.length - 1)
  })

  it('with any one bit flipped is read, or refused with a reason', () => {
    const kinds = new Set<string>()
    for (let bit = 0; bit < capture.length * 8; bit++) {
      const flipped = capture.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const { result } = importBytes(flipped)
      if (result.damage !== undefined) kinds.add(result.damage.kind)
      for (const { kind } of result.findings) kinds.add(kind)
    }
    for (const kind of [
      'no_capture',
      'cut_off',
      'nonsense',
      'links_unknown',
      'packets_unreadable',
      'enet_unreadable',
    ]) {
      expect(kinds).toContain(kind)
    }
  })
})

describe('overworld import', () => {
  let number = 0

  async function importFile(bytes: Uint8Array | string, ...options: string[]): ReturnType<typeof inProcess> {
    const file = path.join(base, `capture-${++number}`)
    writeFileSync(file, bytes)
    return inProcess(['import', file, '--out', `${file}.owrec`, ...options])
  }

  it('of what is no capture says so, with exit code 4, and writes nothing', async () => {
    for (const [bytes, why] of [
      ['', /: it is empty/],
      ['ab', /too short/],
      ['this is a letter', /it is no packet capture: it begins neither as pcap nor as pcapng/],
      [Uint8Array.of(0x1f, 0x8b, 8, 0, 0), /it cannot be read: it cannot be unpacked: /],
      [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0), /compressed: unpack it first/],
      [Uint8Array.of(0x34, 0xcd, 0xb2, 0xa1, 0, 0), /editcap -F pcapng/],
    ] as const) {
      const { code, stderr, stdout } = await importFile(bytes)
      expect(code).toBe(4)
      expect(stderr).toMatch(why)
      expect(stdout).not.toContain('written')
    }
  })

  it('of a damaged capture says up to where it was used, with exit code 4', async () => {
    const capture = pcap(packets)
    const { code, stderr, stdout } = await importFile(capture.slice(0, -3))
    expect(code).toBe(4)
    const lastAt = capture.length - 16 - (packets.at(-1)?.bytes.length ?? 0)
    expect(stderr).toContain(
      `is damaged: it ends within packet ${packets.length}, which begins at byte ${lastAt}; the ${lastAt.toLocaleString('en-US')} bytes before it were used`,
    )
    expect(stdout).toMatch(/1 connection over WebSocket and 1 over ENet/)
    expect(stdout).toContain('written to')
  })

  it('of a capture without the ports says which others there are, with exit code 4', async () => {
    const { code, stderr, stdout } = await importFile(
      pcap(packetsOf(talk())),
      '--ws-port',
      '80,8080',
      '--enet-port',
      '7777',
    )
    expect(code).toBe(4)
    expect(stderr).toMatch(
      /packets \([\d,]+ bytes\) read, and none of them is of TCP port 80 or TCP port 8080 or UDP port 7777; there are packets of (TCP port 4433, UDP port 4483|UDP port 4483, TCP port 4433): say --ws-port and --enet-port/,
    )
    expect(stdout).not.toContain('written')
  })

  it('writes a recording that can be inspected, and names what it found', async () => {
    const all = packetsOf(talk())
    const lacking = all.filter((_, index) => index !== 44)
    const { code, stdout } = await importFile(pcap(lacking))
    expect(code).toBe(0)
    const [, file = ''] = /written to (\S+)/.exec(stdout) ?? []
    expect(stdout).toMatch(/^ +\d+ {2}(gaps in TCP streams|times something of ENet)/m)
    const inspected = await inProcess(['inspect', file])
    expect(inspected.code).toBe(0)
    expect(inspected.stdout).toMatch(/imported from capture-\d+, which begins 2026-/)
    expect(inspected.stdout).toContain('connection 1 comes from 192.0.2.7 (websocket, id 1)')
    const again = await inProcess(['import', file.replace('.owrec', ''), '--out', file])
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') as string })
    const json = lastJson<{ findings: object[]; damage: null; files: string[] }>(
      await inProcess(['import', file.replace('.owrec', ''), '--out', path.join(base, 'folder'), '--json']),
    )
    expect(json).toMatchObject({ damage: null, connections: { websocket: 2, enet: 1 } })
    expect(json.files).toEqual([expect.stringMatching(/folder\/capture-\d+-0001\.owrec$/)])
    // Another recording whose name begins the same is none of it.
    const [made = ''] = json.files
    renameSync(made, made.replace('-0001.owrec', '-2-0001.owrec'))
    const beside = ['import', file.replace('.owrec', ''), '--out', path.join(base, 'folder')]
    expect(await inProcess(beside)).toMatchObject({ code: 0 })
    expect(await inProcess(beside)).toMatchObject({ code: 2 })
  })

  it('redacts where it is asked to', async () => {
    const { stdout } = await importFile(pcap(packetsOf(talk())), '--redact')
    const [, file = ''] = /written to (\S+)/.exec(stdout) ?? []
    const inspected = await inProcess(['inspect', file])
    expect(inspected.stdout).toMatch(/redacted/)
    const exported = await inProcess(['export', file, '--pcapng', `${file}.pcapng`])
    expect(exported).toMatchObject({ code: 2, stderr: expect.stringContaining('is redacted') as string })
  })

  it('and export say so where they cannot write, with exit code 1', async () => {
    const { stdout } = await importFile(pcap(packets))
    const [, recording = ''] = /written to (\S+)/.exec(stdout) ?? []
    const place = path.join(recording, 'a-file-is-no-folder')
    const imported = await inProcess(['import', recording.replace('.owrec', ''), '--out', `${place}.owrec`])
    expect(imported).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: it could not be written: E/) as string,
    })
    const exported = await inProcess(['export', recording, '--pcapng', `${place}.pcapng`])
    expect(exported).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: \S+ could not be written: E/) as string,
    })
  })
})
