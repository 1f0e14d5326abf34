/**
 * Hostile packets in every layer, among those of a session that is well: none of them makes an import throw, and none
 * of them costs the session anything. `OVERWORLD_CAPTURE_INPUTS=20000` makes so many inputs of each kind.
 */
import process from 'node:process'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { tcpPacket, udpPacket } from '../../cli/capture/ip-writer.ts'
import { TcpTraffic } from '../../cli/capture/tcp-traffic.ts'
import { frame } from '../../cli/capture/websocket-writer.ts'
import { conversationsOf } from './conversations.ts'
import { importBytes, type Imported } from './import-bytes.ts'
import { isTcp, packetsOf, pcap, pcapng, Script, someBytes, talk, type TestPacket } from './made-up.ts'

const INPUTS = Number(process.env['OVERWORLD_CAPTURE_INPUTS'] ?? 250)

function smallTalk(): Script {
  const script = new Script()
  const [first, second] = [script.accept('websocket', '192.0.2.7'), script.accept('enet', '192.0.2.8')]
  for (let round = 0; round < 4; round++) {
    script.hear(first, someBytes(6 + 900 * round, round))
    script.say(first, someBytes(5, round))
    script.hear(second, someBytes(7 + 900 * round, round))
    script.say(second, someBytes(8, round))
  }
  script.closed(second, 4000)
  script.closed(first, 4000)
  return script
}

const good = packetsOf(smallTalk().entries)
const expected = conversationsOf(smallTalk().entries)

/** Numbers at which lengths, offsets and counts go wrong. */
const hostileNumber = fc.constantFrom(
  0,
  1,
  7,
  8,
  19,
  20,
  0x7f,
  0x80,
  0xff,
  0x1fff,
  0x2000,
  0x7fff,
  0x8000,
  0xfff8,
  0xffff,
)

/** From addresses that the good session does not have. */
const stranger = fc.constantFrom(
  { address: Uint8Array.of(203, 0, 113, 9), port: 50_001 },
  { address: Uint8Array.of(203, 0, 113, 9), port: 4433 },
  { address: Uint8Array.of(203, 0, 113, 9), port: 0 },
)
const server = { address: Uint8Array.of(192, 0, 2, 1), port: 4433 }
const enetServer = { address: Uint8Array.of(192, 0, 2, 1), port: 4483 }

const HEADS = ['GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n', 'HTTP/1.1 101 A\r\n\r\n', 'POST / HTTP/1.1\r\n'].map(
  (text) => new TextEncoder().encode(text),
)
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom(...HEADS),
  fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 130 }), fc.boolean())
    .map(([opcode, bytes, isMasked]) => frame(opcode, bytes, isMasked ? Uint8Array.of(1, 2, 3, 4) : undefined)),
  // A frame with a length of eight bytes.
  fc.uint8Array({ minLength: 8, maxLength: 20 }).map((rest) => Uint8Array.of(0x82, 0xff, ...rest)),
)

const tcp = fc
  .record({
    from: stranger,
    isToServer: fc.boolean(),
    sequence: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(0x7fff_ffff, 0x8000_0000, 0xffff_fff0)),
    acknowledged: fc.option(fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(0x8000_0000, 0xffff_ffff)), {
      nil: undefined,
    }),
    isSyn: fc.boolean(),
    isFin: fc.boolean(),
    payload,
  })
  .map(({ from, isToServer, ...segment }) =>
    isToServer ? tcpPacket(from, server, segment) : tcpPacket(server, from, segment),
  )

const enetCommand = fc
  .tuple(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0, 1, 255),
    hostileNumber,
    fc.array(hostileNumber, { minLength: 2, maxLength: 24 }),
  )
  .map(([command, channel, sequence, rest]) =>
    Uint8Array.of(command, channel, sequence >> 8, sequence, ...rest.flatMap((number) => [number >> 8, number])),
  )
const udp = fc
  .record({
    from: stranger,
    isToServer: fc.boolean(),
    head: fc.constantFrom([0, 0], [0x8f, 0xff, 0, 0], [0x80, 1, 0, 0], [0x40, 0]),
    commands: fc.array(enetCommand, { maxLength: 4 }),
  })
  .map(({ from, isToServer, head, commands }) => {
    const bytes = new Uint8Array(Buffer.concat([Uint8Array.from(head), ...commands]))
    return isToServer ? udpPacket(from, enetServer, bytes) : udpPacket(enetServer, from, bytes)
  })

/** Fragments that overlap, end early, claim more than there may be. */
const fragmentOf = (packet: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.integer({ min: 0, max: 12 }), fc.boolean(), fc.integer({ min: 1, max: 3 }), fc.nat(80))
    .map(([offset, hasMore, id, length]) => {
      const bytes = packet.slice(0, 20 + length)
      const view = new DataView(bytes.buffer)
      view.setUint16(2, bytes.length)
      view.setUint16(4, id)
      view.setUint16(6, offset | (hasMore ? 0x2000 : 0))
      return bytes
    })

const hostilePacket = fc
  .oneof(tcp, udp, tcp.chain(fragmentOf), udp.chain(fragmentOf), fc.uint8Array({ maxLength: 90 }))
  .chain((bytes) =>
    fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }).map((changes) => {
      const changed = bytes.slice()
      // The addresses stay a stranger's.
      for (const [at, byte] of changes) if (at < changed.length && (at < 12 || at >= 24)) changed[at] = byte
      return changed
    }),
  )

function expectSound({ result }: Imported): void {
  const failed = result.findings.find(({ kind }) => kind === 'packets_failed')
  expect(failed?.where).toBeUndefined()
}

it('hostile packets in any layer cost a session among them nothing', { timeout: 60_000 + INPUTS * 20 }, () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(hostilePacket, fc.nat(good.length - 1)), { minLength: 1, maxLength: 60 }),
      fc.option(fc.nat(0xffff_ffff), { nil: undefined }),
      (hostile, length) => {
        const packets: TestPacket[] = good.flatMap((packet, index) => [
          ...hostile
            .filter(([, at]) => at === index)
            .map(([bytes]) => ({
              atMs: packet.atMs,
              bytes,
              ...(length === undefined ? {} : { length: Math.max(length, bytes.length) }),
            })),
          packet,
        ])
        const imported = importBytes(pcap(packets))
        expectSound(imported)
        const found = conversationsOf(imported.entries)
        for (const each of expected) expect(found).toContainEqual(each)
      },
    ),
    { numRuns: INPUTS },
  )
})

const whole = packetsOf(talk())
const captures = [pcap(whole), pcapng(whole, { timeUnit: 9, withOthers: true }), pcap(whole, { isLittleEndian: false })]
const change = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  how: fc.constantFrom('over', 'insert', 'remove', 'repeat'),
})

it('a file that is changed anywhere is read without a mistake', { timeout: 60_000 + INPUTS * 20 }, () => {
  fc.assert(
    fc.property(fc.constantFrom(...captures), fc.array(change, { minLength: 1, maxLength: 20 }), (capture, changes) => {
      let bytes: Uint8Array = capture
      for (const { at, bytes: changed, how } of changes) {
        const from = Math.floor(at * bytes.length)
        const to = how === 'insert' ? from : from + changed.length
        const middle =
          how === 'remove' ? changed.subarray(0, 0) : how === 'repeat' ? bytes.slice(from, from + 500) : changed
        bytes = Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(how === 'repeat' ? from : to)])
      }
      expectSound(importBytes(bytes, { pieceBytes: 1_000 }))
    }),
    { numRuns: INPUTS },
  )
})

it(
  'packets of a session whose fields are changed are read without a mistake',
  { timeout: 60_000 + INPUTS * 20 },
  () => {
    const field = fc.tuple(fc.nat(whole.length - 1), fc.nat(100), hostileNumber)
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 30 }), (changes) => {
        const packets = whole.map(({ atMs, bytes }) => ({ atMs, bytes: bytes.slice() }))
        for (const [index, at, number] of changes) {
          const bytes = packets[index]?.bytes ?? new Uint8Array(2)
          if (at + 2 <= bytes.length) new DataView(bytes.buffer).setUint16(at, number)
        }
        const imported = importBytes(pcap(packets))
        expectSound(imported)
        expect(imported.result.packets).toBe(packets.length)
      }),
      { numRuns: INPUTS },
    )
  },
)

it('three fragments that overlap beyond the end that the last one sets are no packet', () => {
  const make = (offset: number, length: number, hasMore: boolean): Uint8Array => {
    const bytes = new Uint8Array(20 + length)
    bytes.set(
      udpPacket({ address: Uint8Array.of(203, 0, 113, 9), port: 9 }, enetServer, new Uint8Array(4)).subarray(0, 20),
    )
    const view = new DataView(bytes.buffer)
    view.setUint16(2, bytes.length)
    view.setUint16(4, 77)
    view.setUint16(6, (offset / 8) | (hasMore ? 0x2000 : 0))
    return bytes
  }
  const fragments = [make(0, 64, true), make(32, 16, true), make(16, 8, false)].map((bytes) => ({ atMs: 0, bytes }))
  const imported = importBytes(pcap([...fragments, ...good]))
  expectSound(imported)
  expect(imported.findings).toEqual({ fragments_incomplete: 1 })
  expect(conversationsOf(imported.entries)).toEqual(expected)
})

it('a mistake of the importer costs one packet, is named, and what was read and what follows are kept', () => {
  const { segment } = TcpTraffic.prototype
  let calls = 0
  const spy = vi.spyOn(TcpTraffic.prototype, 'segment').mockImplementation(function (this: TcpTraffic, ...args) {
    // The tenth segment carries a message.
    if (++calls === 10) throw new RangeError('offset is out of bounds')
    segment.apply(this, args)
  })
  try {
    const { result, entries, findings } = importBytes(pcap(good))
    expect(findings['packets_failed']).toBe(1)
    const failed = result.findings.find(({ kind }) => kind === 'packets_failed')
    expect(failed?.where).toEqual([expect.stringMatching(/^packet \d+ at \d\.\d{3} s: RangeError: offset is out/)])
    expect(result.packets).toBe(good.length)
    const [websocket, enet] = conversationsOf(entries)
    expect(enet).toEqual(expected[1])
    expect(websocket?.heard.at(-1)).toBe('closed 4000')
    expect(calls).toBe(good.filter(({ bytes }) => isTcp(bytes)).length)
  } finally {
    spy.mockRestore()
  }
})
