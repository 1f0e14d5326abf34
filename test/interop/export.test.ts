/** What `overworld export` writes, as Wireshark's own dissectors see it. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProcess } from '../cli/support/in-process.ts'
import { conversationsOf, entriesIn } from '../capture/conversations.ts'
import { Script, someBytes, STARTED_AT } from '../capture/made-up.ts'
import { recordingOf } from '../capture/recording-of.ts'
import { missingForCaptures, tshark } from './capture-tools.ts'

const missing = missingForCaptures('tshark')
if (missing !== undefined) console.log(`skipped: ${missing}`)

const base = mkdtempSync(path.join(tmpdir(), 'overworld-export-'))
const recording = path.join(base, 'made.owrec')
const capture = path.join(base, 'made.pcapng')
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** The status of a checksum, as Wireshark writes it. */
const GOOD = '1'

/** Lengths at which a frame's header, a segment and a window change. */
const LENGTHS = [0, 1, 125, 126, 1_432, 1_440, 5_000, 65_535, 65_536, 200_000]

function say(): Script {
  const script = new Script()
  const connections = [
    script.accept('websocket', '192.0.2.7'),
    script.accept('websocket', '2001:db8::7'),
    script.accept('websocket', '::ffff:192.0.2.8'),
    script.accept('websocket', 'not an address'),
  ]
  const enet = script.accept('enet', '192.0.2.9')
  for (const [index, connection] of connections.entries()) {
    for (const length of LENGTHS) {
      script.hear(connection, someBytes(length, index))
      script.say(connection, someBytes(length, index + 10))
      script.hear(enet, someBytes(length, index))
    }
  }
  const [first = 0, second = 0, third = 0, fourth = 0] = connections
  script.hearText(first)
  script.closed(first, 4000, 'I have had énough')
  script.close(second, 4501, 'taken over')
  script.closed(second, 4501, 'taken over')
  script.closed(third, 1006)
  script.closed(fourth, 1009)
  script.close(enet, 4500)
  script.closed(enet, 4500)
  return script
}

const { entries } = say()

describe.skipIf(missing !== undefined)('a capture that was exported', () => {
  beforeAll(async () => {
    writeFileSync(recording, recordingOf(entries))
    await inProcess(['export', recording, '--pcapng', capture])
  })

  it('has each message in Wireshark, by its own WebSocket dissector', () => {
    const messages = tshark(capture, 'websocket && !(websocket.opcode == 8)', [
      'tcp.stream',
      'websocket.mask',
      'websocket.opcode',
      'websocket.fin',
      'data.data',
    ])
    for (const stream of [0, 1, 2, 3]) {
      const seen = messages.filter(([number]) => number === String(stream)).map(([, ...rest]) => rest.join(' ').trim())
      const expected = entries.flatMap((entry) => {
        if (!('connection' in entry) || entry.connection !== stream + 1) return []
        if (entry.kind === 'ignored') return ['1 1 1']
        if (entry.kind !== 'message' && entry.kind !== 'sent') return []
        const isMasked = entry.kind === 'message' ? 1 : 0
        return [`${isMasked} 2 1 ${Buffer.from(entry.bytes).toString('hex')}`.trim()]
      })
      expect(expected.length).toBeGreaterThan(2 * LENGTHS.length - 1)
      expect(seen).toEqual(expected)
    }
  })

  it('has the close codes and reasons', () => {
    const fields = [
      'tcp.stream',
      'websocket.mask',
      'websocket.payload.close.status_code',
      'websocket.payload.close.reason',
    ]
    expect(tshark(capture, 'websocket.opcode == 8', fields).map((line) => line.join(' ').trim())).toEqual([
      '0 1 4000 I have had énough',
      '0 0 4000',
      '1 0 4501 taken over',
      '1 1 4501',
      '3 0 1009',
      '3 1 1009',
    ])
  })

  it('has valid checksums, nothing that Wireshark warns of, and the times of the recording', () => {
    const checked = ['ip', 'tcp', 'udp'].flatMap((name) => ['-o', `${name}.check_checksum:TRUE`])
    const checksums = tshark(
      capture,
      'frame',
      ['ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status'],
      checked,
    )
    expect(checksums.flat().filter((status) => status !== '' && status !== GOOD)).toEqual([])
    // TCP's column, and UDP's.
    for (const column of [1, 2]) {
      expect(checksums.filter((statuses) => statuses[column] === GOOD).length).toBeGreaterThan(500)
    }
    expect(
      tshark(capture, '_ws.expert.severity >= 6291456 || tcp.analysis.flags || _ws.malformed', ['frame.number']),
    ).toEqual([])
    const [first] = tshark(capture, 'frame.number == 1', ['frame.time_epoch', 'ip.src', 'ip.dst', 'tcp.dstport'])
    const [accepted] = entries
    expect(Number(first?.[0]) * 1000).toBeCloseTo(STARTED_AT + (accepted?.kind === 'accepted' ? accepted.atMs : 0), 1)
    expect(first?.slice(1)).toEqual(['192.0.2.7', '127.0.0.1', '8080'])
    const upgrades = tshark(capture, 'http.request', ['http.request.uri', 'http.upgrade'])
    expect(upgrades).toEqual(Array.from({ length: 4 }, () => ['/game', 'websocket']))
  })

  it('is readable by its owner alone, replaces nothing, and is imported as what it was', async () => {
    expect(statSync(capture).mode & 0o777).toBe(0o600)
    const again = await inProcess(['export', recording, '--pcapng', capture])
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') as string })
    const out = path.join(base, 'again.owrec')
    const args = ['import', capture, '--ws-port', '8080', '--enet-port', '7777', '--out', out]
    expect(await inProcess(args)).toMatchObject({ code: 0 })
    const [expected, found] = [conversationsOf(entries), conversationsOf(entriesIn([out]))]
    for (const [index, { transport, heard, said }] of expected.entries()) {
      expect(found[index]).toMatchObject({ transport, heard, said })
    }
    expect(found.map(({ address }) => address)).toEqual([
      '192.0.2.7',
      '2001:db8::7',
      '192.0.2.8',
      '10.0.0.4',
      '192.0.2.9',
    ])
  })

  it('has what is intact of a damaged recording, with exit code 4', async () => {
    const damaged = path.join(base, 'damaged.owrec')
    writeFileSync(damaged, recordingOf(entries).slice(0, -5))
    const file = path.join(base, 'damaged.pcapng')
    const { code, stdout, stderr } = await inProcess(['export', damaged, '--pcapng', file])
    expect(code).toBe(4)
    expect(stderr).toMatch(/is damaged: it ends within a block/)
    expect(stdout).toMatch(/damaged\.pcapng: [\d,]+ packets of 4 connections over WebSocket and 1 over ENet/)
    expect(tshark(file, 'websocket', ['frame.number']).length).toBeGreaterThan(50)
  })
})
