/** One conversation, in every format and over every kind of link, is read as the same. */
import { describe, expect, it } from 'vitest'
import { conversationsOf } from './conversations.ts'
import { importBytes } from './import-bytes.ts'
import { framed, isIpv6, packetsOf, pcap, pcapng, STARTED_AT, talk } from './made-up.ts'

const entries = talk()
const packets = packetsOf(entries)
const expected = conversationsOf(entries)
const ethernet = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
const etherType = (packet: Uint8Array): number[] => (isIpv6(packet) ? [0x86, 0xdd] : [0x08, 0x00])

/** A packet of another protocol, which is nobody's concern. */
const arp = {
  atMs: packets[0]?.atMs ?? 0,
  bytes: Uint8Array.from([...ethernet, 0x08, 0x06, ...Array.from({ length: 28 }, () => 1)]),
}

const captures: readonly (readonly [string, Uint8Array])[] = [
  ['pcap', pcap(packets)],
  ['pcap, big-endian', pcap(packets, { isLittleEndian: false })],
  ['pcap, nanoseconds', pcap(packets, { isNano: true })],
  ['pcap, big-endian, nanoseconds', pcap(packets, { isLittleEndian: false, isNano: true })],
  ['pcapng', pcapng(packets)],
  ['pcapng, big-endian', pcapng(packets, { isLittleEndian: false })],
  ['pcapng, nanoseconds', pcapng(packets, { timeUnit: 9 })],
  ['pcapng, 2^-20 s', pcapng(packets, { timeUnit: 0x94 })],
  ['pcapng, with blocks of other kinds', pcapng(packets, { withOthers: true })],
  ['pcapng, packets without times', pcapng(packets, { kind: 'simple' })],
  [
    'pcapng, sections in both byte orders',
    Buffer.concat([
      pcapng(packets.slice(0, 30), { timeUnit: 9 }),
      pcapng(packets.slice(30, 60), { isLittleEndian: false }),
      pcapng(packets.slice(60)),
    ]),
  ],
  [
    'Ethernet',
    pcap([arp, ...framed(packets, (packet) => Uint8Array.from([...ethernet, ...etherType(packet)]))], { linkType: 1 }),
  ],
  [
    'Ethernet with a VLAN tag within another, padded to the least length of a frame',
    pcap(
      framed(packets, (packet) =>
        Uint8Array.from([...ethernet, 0x88, 0xa8, 0, 5, 0x81, 0, 0, 7, ...etherType(packet)]),
      ).map(({ atMs, bytes }) => ({ atMs, bytes: new Uint8Array(Buffer.concat([bytes, Buffer.alloc(18, 0xaa)])) })),
      { linkType: 1 },
    ),
  ],
  [
    "Linux' any interface",
    pcap(
      framed(packets, (packet) =>
        Uint8Array.from([0, 0, 0, 1, 0, 6, ...ethernet.slice(0, 6), 0, 0, ...etherType(packet)]),
      ),
      { linkType: 113 },
    ),
  ],
  [
    "Linux' any interface, version 2",
    pcap(
      framed(packets, (packet) => Uint8Array.from([...etherType(packet), ...Array.from({ length: 18 }, () => 0)])),
      { linkType: 276 },
    ),
  ],
  [
    'BSD loopback',
    pcap(
      framed(packets, () => Uint8Array.of(2, 0, 0, 0)),
      { linkType: 0 },
    ),
  ],
  [
    'OpenBSD loopback',
    pcap(
      framed(packets, () => Uint8Array.of(0, 0, 0, 2)),
      { linkType: 108 },
    ),
  ],
]

describe('a conversation is read the same', () => {
  it.each(captures)('%s', (name, capture) => {
    for (const pieceBytes of [capture.length, 1_000, 17]) {
      const { entries: found, findings, result, header } = importBytes(capture, { pieceBytes })
      expect(result.damage).toBeUndefined()
      expect(result.bytesRead).toBe(capture.length)
      expect(findings).toEqual({ text_frames: 1 })
      expect(conversationsOf(found)).toEqual(expected)
      expect(header).toMatchObject({ importedFrom: 'test.pcap', part: 0 })
      if (name.includes('without times')) continue
      expect(header?.startedAt).toBeCloseTo(STARTED_AT + (packets[0]?.atMs ?? 0), 1)
      const closed = found.findLast((entry) => entry.kind === 'closed')
      expect(closed?.atMs).toBeCloseTo((packets.at(-1)?.atMs ?? 0) - (packets[0]?.atMs ?? 0), 1)
    }
  })

  it('IPv6', () => {
    const spoken = talk('2001:db8::7')
    const { entries: found, findings } = importBytes(pcap(packetsOf(spoken)))
    expect(findings).toEqual({ text_frames: 1 })
    expect(conversationsOf(found)).toEqual(conversationsOf(spoken))
  })

  it('IPv6 with extension headers', () => {
    const spoken = talk('2001:db8::7')
    const extended = packetsOf(spoken).map(({ atMs, bytes }) => {
      const extensions = Uint8Array.of(60, 0, 1, 4, 0, 0, 0, 0, bytes[6] ?? 0, 0, 1, 4, 0, 0, 0, 0)
      const longer = new Uint8Array(Buffer.concat([bytes.subarray(0, 40), extensions, bytes.subarray(40)]))
      longer[6] = 0
      const view = new DataView(longer.buffer)
      view.setUint16(4, view.getUint16(4) + extensions.length)
      return { atMs, bytes: longer }
    })
    expect(conversationsOf(importBytes(pcap(extended)).entries)).toEqual(conversationsOf(spoken))
  })

  it('segments that a network card was to cut up have no length in their IP header', () => {
    const without = packets.map(({ atMs, bytes }) => {
      const changed = bytes.slice()
      changed[2] = 0
      changed[3] = 0
      return { atMs, bytes: changed }
    })
    expect(conversationsOf(importBytes(pcap(without)).entries)).toEqual(expected)
  })

  it('a kind of link that is not known is named', () => {
    const { findings } = importBytes(pcap(packets.slice(0, 3), { linkType: 147 }))
    expect(findings).toEqual({ links_unknown: 3 })
  })
})
