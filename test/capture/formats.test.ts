/** One conversation, in every format and over every kind of link, is read as the same. */
import { describe, expect, it } from 'vitest'
import { conversationsOf } from './conversations.ts'
import { importBytes } from './import-bytes.ts'
import { framed, isIpv6, packetsOf, pcap, pcapng, STARTED_AT, talk, type TestPacket } from './made-up.ts'

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
  ...tunneled(),
]

/** Over links and in tunnels of all kinds. */
function tunneled(): readonly (readonly [string, Uint8Array])[] {
  const over = (linkType: number, head: (packet: Uint8Array) => readonly number[]): Uint8Array =>
    pcap(
      framed(packets, (packet) => Uint8Array.from(head(packet))),
      { linkType },
    )
  const inEthernet = (...after: readonly number[]): Uint8Array => over(1, () => [...ethernet, ...after])
  const ip =
    (protocol: number, ...rest: readonly number[]): ((packet: Uint8Array) => number[]) =>
    (packet) => {
      const length = 20 + rest.length + packet.length
      return [0x45, 0, length >> 8, length & 0xff, 0, 1, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, ...rest]
    }
  const udp =
    (port: number, ...rest: readonly number[]): ((packet: Uint8Array) => number[]) =>
    (packet) => {
      const length = 8 + rest.length + packet.length
      return ip(17, 200, 0, port >> 8, port & 0xff, length >> 8, length & 0xff, 0, 0, ...rest)(packet)
    }
  const nflog = (packet: Uint8Array): number[] => {
    const length = packet.length + 4
    return [2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 0, 0, 5, 0, 10, 0, 65, 0, 0, 0, length & 0xff, length >> 8, 9, 0]
  }
  return [
    ["Linux' any interface, version 2, with a VLAN tag", over(276, () => [0x81, 0, ...zeros(18), 0, 5, 8, 0])],
    [
      "Linux' any interface, version 2, with two VLAN tags",
      over(276, () => [0x88, 0xa8, ...zeros(18), 0, 5, 0x81, 0, 0, 6, 8, 0]),
    ],
    ["Linux' any interface with a VLAN tag", over(113, () => [...zeros(14), 0x81, 0, 0, 5, 8, 0])],
    ['LLC and SNAP', inEthernet(1, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0)],
    ['PPPoE', inEthernet(0x88, 0x64, 0x11, 0, 0, 1, 0, 62, 0, 0x21)],
    ['MPLS with two labels', inEthernet(0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64)],
    ['PPP', over(9, () => [0xff, 3, 0, 0x21])],
    ['PPP with a short protocol', over(9, () => [0x21])],
    ['Cisco HDLC', over(104, () => [0x0f, 0, 8, 0])],
    ['nflog', over(239, nflog)],
    ['pktap', over(258, () => [16, 0, 0, 0, 1, 0, 0, 0, 101, 0, 0, 0, 0, 0, 0, 0])],
    ['IP in IP', over(101, ip(4))],
    ['GRE', over(101, ip(47, 0, 0, 8, 0))],
    ['GRE with a key and a sequence number', over(101, ip(47, 0x30, 0, 8, 0, 0, 0, 0, 1, 0, 0, 0, 2))],
    ['Ethernet in GRE', over(101, ip(47, 0, 0, 0x65, 0x58, ...ethernet, 8, 0))],
    ['PPTP', over(101, ip(47, 0x30, 1, 0x88, 0x0b, 0, 60, 0, 1, 0, 0, 0, 2, 0xff, 3, 0, 0x21))],
    ['VXLAN', over(101, udp(4789, 8, 0, 0, 0, 0, 0, 5, 0, ...ethernet, 8, 0))],
    ['Geneve with an option', over(101, udp(6081, 1, 0, 0x65, 0x58, 0, 0, 5, 0, 1, 2, 3, 4, ...ethernet, 8, 0))],
    ['VXLAN in GRE in IP in IP', over(101, nested)],
  ]

  function nested(packet: Uint8Array): number[] {
    const inner = udp(4789, 8, 0, 0, 0, 0, 0, 5, 0, ...ethernet, 8, 0)(packet)
    const gre = ip(47, 0, 0, 8, 0)(new Uint8Array(inner.length + packet.length))
    return [...ip(4)(new Uint8Array(gre.length + inner.length + packet.length)), ...gre, ...inner]
  }
}

function zeros(count: number): readonly number[] {
  return Array.from({ length: count }, () => 0)
}

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

  it('what is not read is named, with how often it came', () => {
    const with3 = (linkType: number, head: readonly number[]): Uint8Array =>
      pcap(
        framed(packets.slice(0, 3), () => Uint8Array.from(head)),
        { linkType },
      )
    const esp: TestPacket = {
      atMs: 0,
      bytes: Uint8Array.from([0x45, 0, 0, 24, 0, 1, 0, 0, 64, 50, 0, 0, ...zeros(12)]),
    }
    const cases: readonly (readonly [Uint8Array, string, number, string])[] = [
      [with3(147, []), 'links_unknown', 3, 'link type 147'],
      [with3(127, []), 'links_unknown', 3, 'link type 127 (IEEE 802.11 with a radiotap header)'],
      [with3(1, [...ethernet, 0x88, 0xe5]), 'not_read', 3, 'MACsec, which is encrypted'],
      [with3(1, [...ethernet, 0x12, 0x34]), 'not_read', 3, 'EtherType 0x1234'],
      [pcap([esp, esp]), 'not_read', 2, 'IPsec (ESP), which is encrypted'],
      [pcap([arp, arp], { linkType: 1 }), 'nothing', 0, ''],
    ]
    for (const [capture, kind, count, where] of cases) {
      const { result } = importBytes(capture)
      const found = result.findings.map((finding) => [finding.kind, finding.count, finding.where])
      expect(found).toEqual(count === 0 ? [] : [[kind, count, [where]]])
    }
  })

  it('packets that were cut within their headers are named', () => {
    const cut = packets
      .slice(0, 3)
      .map(({ atMs, bytes }) => ({ atMs, bytes: bytes.slice(0, 20), length: bytes.length }))
    expect(importBytes(pcap(cut)).findings).toEqual({ packets_cut: 3 })
  })
})
