/** Captures whose times and lengths are odd, that are damaged in the middle, of several files, and packed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { LABELS } from '../../cli/capture/findings.ts'
import { lastJson } from '../cli/support/command.ts'
import { inProcess } from '../cli/support/in-process.ts'
import { conversationsOf, entriesIn } from './conversations.ts'
import { importBytes } from './import-bytes.ts'
import { packetsOf, pcap, pcapng, talk, type TestPacket } from './made-up.ts'

const base = mkdtempSync(path.join(tmpdir(), 'overworld-odd-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const entries = talk()
const packets = packetsOf(entries)
const expected = conversationsOf(entries)
const HOUR_MS = 3_600_000

/** Where each packet begins in `pcap(packets)`. */
const offsets: readonly number[] = packets.map((_, index) =>
  packets.slice(0, index).reduce((at, { bytes }) => at + 16 + bytes.length, 24),
)

function moved(by: (index: number) => number): readonly TestPacket[] {
  return packets.map(({ atMs, bytes }, index) => ({ atMs: atMs + by(index), bytes }))
}

describe('odd times', () => {
  it('a second or more within the fraction is carried over', () => {
    const capture = pcap(packets)
    const view = new DataView(capture.buffer)
    const at = offsets[20] ?? 0
    view.setUint32(at, view.getUint32(at, true) - 2, true)
    view.setUint32(at + 4, view.getUint32(at + 4, true) + 2_000_000, true)
    const { entries: found, findings, result } = importBytes(capture)
    expect(result.damage).toBeUndefined()
    expect(findings).toEqual({ times_carried: 1, text_frames: 1 })
    expect(found).toEqual(importBytes(pcap(packets)).entries)
  })

  it('of a single packet are those of the packet before', () => {
    for (const ms of [400 * 24 * HOUR_MS, -400 * 24 * HOUR_MS]) {
      for (const odd of [0, 30]) {
        const { entries: found, findings, result } = importBytes(pcap(moved((index) => (index === odd ? ms : 0))))
        expect(findings).toEqual({ times_impossible: 1, text_frames: 1 })
        expect(conversationsOf(found)).toEqual(expected)
        expect(result.seconds).toBeLessThan(10)
      }
    }
  })

  it('that no clock has are left out of pcapng', () => {
    const capture = pcapng(packets, { timeUnit: 9 })
    const view = new DataView(capture.buffer)
    let at = 0
    for (let blocks = 0; blocks < 20; blocks++) at += view.getUint32(at + 4, true)
    view.setUint32(at + 12, 0xffff_ffff, true)
    const { entries: found, findings, result } = importBytes(capture)
    expect(result.damage).toBeUndefined()
    expect(findings).toEqual({ times_impossible: 1, text_frames: 1 })
    expect(conversationsOf(found)).toEqual(expected)
  })

  it('a clock that is set back goes on from there', () => {
    const { entries: found, findings, result } = importBytes(pcap(moved((index) => (index < 40 ? 0 : -HOUR_MS))))
    expect(findings).toEqual({ clock_set_back: 1, text_frames: 1 })
    expect(result.findings[0]?.where).toEqual([expect.stringMatching(/^at \d\.\d{3} s: 3\d{3}\.\d s earlier$/)])
    expect(conversationsOf(found)).toEqual(expected)
    const times = found.flatMap((entry) => ('atMs' in entry ? [entry.atMs] : []))
    expect(new Set(times).size).toBeGreaterThan(50)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  it('a year without a packet is named', () => {
    const { findings, result } = importBytes(pcap(moved((index) => (index < 40 ? 0 : 365 * 24 * HOUR_MS))))
    expect(findings).toMatchObject({ clock_jumped: 1 })
    expect(result.findings.find(({ kind }) => kind === 'clock_jumped')?.where).toEqual([
      expect.stringMatching(/^at \d\.\d{3} s: 365\.0 days later$/),
    ])
  })
})

describe('damage in the middle', () => {
  it('of pcap costs the packets that it hits, and reading goes on behind it', () => {
    for (const broken of [
      [0xff, 0xff, 0xff, 0xff],
      [0x00, 0x00, 0x08, 0x00],
    ]) {
      const capture = pcap(packets)
      capture.set(broken, (offsets[30] ?? 0) + 8)
      const { findings, result } = importBytes(capture)
      expect(result.packets).toBe(packets.length - 1)
      expect(findings['damaged']).toBe(1)
      expect(result.damage).toMatchObject({ at: offsets[30], resumedAt: offsets[31] })
    }
  })

  it('of pcapng too, and a block that is wrong only within is left out', () => {
    const capture = pcapng(packets, { timeUnit: 9 })
    const view = new DataView(capture.buffer)
    const blocks: number[] = []
    for (let at = 0; at < capture.length; at += view.getUint32(at + 4, true)) blocks.push(at)
    for (const [field, value] of [
      [4, 0x4000_0000],
      [4, 13],
      [8, 77],
      [20, 0xffff],
    ] as const) {
      const changed = capture.slice()
      new DataView(changed.buffer).setUint32((blocks[30] ?? 0) + field, value, true)
      const { findings, result } = importBytes(changed)
      expect(result.packets).toBe(packets.length - 1)
      expect(findings['damaged']).toBe(1)
      expect(result.damage).toMatchObject({ kind: 'nonsense', at: blocks[30], resumedAt: blocks[31] })
    }
  })

  it('lengths of blocks that are no multiple of four are rounded up', () => {
    const odd = packets.map(({ atMs, bytes }) => ({ atMs, bytes }))
    const capture = pcapng(odd)
    const view = new DataView(capture.buffer)
    let count = 0
    for (let at = 0; at < capture.length;) {
      const length = view.getUint32(at + 4, true)
      const padding = view.getUint32(at, true) === 6 ? length - 32 - view.getUint32(at + 20, true) : 0
      if (padding > 0) {
        count++
        view.setUint32(at + 4, length - padding, true)
        view.setUint32(at + length - 4, length - padding, true)
      }
      at += length
    }
    const { entries: found, findings, result } = importBytes(capture)
    expect(count).toBeGreaterThan(10)
    expect(result.damage).toBeUndefined()
    expect(findings).toEqual({ lengths_rounded: count, text_frames: 1 })
    expect(conversationsOf(found)).toEqual(expected)
  })
})

describe('overworld import', () => {
  let number = 0
  async function importFiles(
    ...files: readonly (Uint8Array | readonly [string, Uint8Array])[]
  ): ReturnType<typeof inProcess> {
    const folder = path.join(base, String(++number))
    const names = files.map((file, index) => {
      const [name, bytes] = file instanceof Uint8Array ? [`part${index}`, file] : file
      writeFileSync(path.join(base, `${number}-${name}`), bytes)
      return path.join(base, `${number}-${name}`)
    })
    return inProcess(['import', ...names, '--out', `${folder}.owrec`, '--json'])
  }
  const result = (run: Awaited<ReturnType<typeof inProcess>>): Imported => lastJson<Imported>(run)
  interface Imported {
    readonly files: string[]
    readonly packets: number
    readonly captures: readonly {
      readonly name: string
      readonly packets: number
      readonly damage?: { message: string }
    }[]
    readonly findings: readonly { readonly kind: string }[]
  }

  it('joins rotated files in the order of their times: a connection that spans them is one', async () => {
    const thirds = [packets.slice(0, 40), packets.slice(40, 80), packets.slice(80)]
    const [first = [], second = [], third = []] = thirds
    const run = await importFiles(pcap(third), gzipSync(pcap(first)), pcapng(second, { timeUnit: 9 }))
    expect(run.code).toBe(0)
    const { files, captures } = result(run)
    expect(conversationsOf(entriesIn(files))).toEqual(expected)
    expect(captures.map(({ packets: count }) => count)).toEqual([40, 40, packets.length - 80])
  })

  it('merges captures that were taken at the same time', async () => {
    const [even, odd] = [0, 1].map((rest) => pcap(packets.filter((_, index) => index % 2 === rest)))
    const { files } = result(await importFiles(['even', even ?? new Uint8Array()], ['odd', odd ?? new Uint8Array()]))
    expect(conversationsOf(entriesIn(files))).toEqual(expected)
  })

  it('reads gzip, of several members, and of one that is cut off or damaged what is there', async () => {
    const capture = pcap(packets)
    const members = Buffer.concat([gzipSync(capture.subarray(0, 5_000)), gzipSync(capture.subarray(5_000))])
    expect(conversationsOf(entriesIn(result(await importFiles(['a.pcap.gz', members])).files))).toEqual(expected)
    const packed = gzipSync(capture, { level: 1 })
    const cut = await importFiles(packed.subarray(0, Math.floor(packed.length / 2)))
    expect(cut.code).toBe(4)
    expect(result(cut).packets).toBeGreaterThan(20)
    expect(cut.stderr).toMatch(
      /is damaged: it cannot be read further: it cannot be unpacked: unexpected end of file; the [\d,]+ bytes/,
    )
    const damaged = members.slice()
    damaged.fill(0xff, members.length - 3_000)
    const run = await importFiles(damaged)
    expect(run.code).toBe(4)
    expect(result(run).packets).toBeGreaterThan(10)
  })

  it('uses the others where one of several captures is none', async () => {
    const run = await importFiles(pcap(packets), Buffer.from('no capture'))
    expect(run.code).toBe(4)
    expect(run.stderr).toMatch(/part1: it is no packet capture/)
    expect(conversationsOf(entriesIn(result(run).files))).toEqual(expected)
  })

  it('names what it did not read where nothing came of it, and gives no advice about ports', async () => {
    for (const [capture, why] of [
      [
        pcap(packets, { linkType: 127 }),
        /packets are of a kind of link that is not read here \(link type 127 \(IEEE 802\.11/,
      ],
      [
        pcap(packets.map(({ atMs, bytes }) => ({ atMs, bytes: bytes.slice(0, 20), length: bytes.length }))),
        /were cut short/,
      ],
      [pcap([]), /there is no TCP and no UDP in it/],
    ] as const) {
      const { code, stderr } = await importFiles(capture)
      expect(code).toBe(4)
      expect(stderr).toMatch(why)
      expect(stderr).not.toContain('--ws-port')
    }
  })
})

it('every kind of finding is in docs/errors.md, with its words', () => {
  const rows = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8').matchAll(
    /^\| `(\w+)` +\| (.*?) +\|$/gm,
  )
  const documented = new Map([...rows].map(([, kind = '', text = '']) => [kind, text]))
  for (const [kind, text] of Object.entries(LABELS)) expect(documented.get(kind)).toBe(text)
})
