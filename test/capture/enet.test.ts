/** What networks and captures do to ENet: order, repetitions, gaps, a beginning that is missing, fragments of IP. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEnetDatagram } from '../../cli/capture/enet-datagram.ts'
import { udpPacket } from '../../cli/capture/ip-writer.ts'
import { conversationsOf } from './conversations.ts'
import { importBytes } from './import-bytes.ts'
import { isIpv6, packetsOf, pcap, Script, someBytes, type TestPacket } from './made-up.ts'

const ROUNDS = 10
/** Connect, its answer, and the acknowledgement of that. */
const HANDSHAKE_PACKETS = 3

function oneConversation(address = '192.0.2.7'): Script {
  const script = new Script()
  const connection = script.accept('enet', address)
  for (let number = 0; number < ROUNDS; number++) {
    script.hear(connection, someBytes(5 + 400 * number, number), { mode: 'reliable', channel: number % 2 })
    script.hear(connection, someBytes(8, 40 + number), { mode: 'unreliable', channel: 1 })
    script.hear(connection, someBytes(9, 80 + number), { mode: 'unsequenced', channel: 2 })
    script.say(connection, someBytes(7 + 300 * number, number), { mode: 'reliable', channel: 0 })
  }
  script.wait(3_000)
  script.hear(connection, someBytes(9, 200))
  script.closed(connection, 4000)
  return script
}

const { entries } = oneConversation()
const packets = packetsOf(entries)
const [expected] = conversationsOf(entries)

const messages = (heard: readonly string[] = []): readonly string[] =>
  heard.filter((text) => text.startsWith('message'))
const onChannel = (heard: readonly string[], channel: number): readonly string[] =>
  heard.filter((text) => text.startsWith(`message reliable ${channel} `))

function isFromClient({ bytes }: TestPacket): boolean {
  return bytes[22] === 4483 >> 8 && bytes[23] === (4483 & 0xff)
}

/** The index of the nth datagram of the client that carries something of this kind. */
function indexOf(kind: string, nth: number): number {
  const indices = packets.flatMap((packet, index) => {
    const payload = packet.bytes.subarray(28)
    const datagram = readEnetDatagram(payload, payload.length)
    if (typeof datagram === 'string' || !isFromClient(packet)) return []
    return datagram.commands.some((command) => command.kind === kind) ? [index] : []
  })
  return indices[nth] ?? NaN
}

describe('commands', () => {
  it('that come late or twice are put in order per channel, as ENet does', () => {
    const middle = packets.slice(HANDSHAKE_PACKETS, -2)
    const disorder = fc.record({
      shifts: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: middle.length, maxLength: middle.length }),
      doubles: fc.array(fc.boolean(), { minLength: middle.length, maxLength: middle.length }),
    })
    fc.assert(
      fc.property(disorder, ({ shifts, doubles }) => {
        const placed = middle.flatMap((packet, index) => {
          const at = index + (shifts[index] ?? 0)
          return doubles[index] === true
            ? [
                { packet, at },
                { packet, at: index + 20 },
              ]
            : [{ packet, at }]
        })
        placed.sort((a, b) => a.at - b.at)
        const changed = [
          ...packets.slice(0, HANDSHAKE_PACKETS),
          ...placed.map(({ packet }, index) => ({ ...packet, atMs: 20 + (index * 400) / placed.length })),
          ...packets.slice(-2),
        ]
        const { entries: found, findings } = importBytes(pcap(changed))
        const [only] = conversationsOf(found)
        const [then, now] = [expected?.heard ?? [], only?.heard ?? []]
        for (const channel of [0, 1]) expect(onChannel(now, channel)).toEqual(onChannel(then, channel))
        expect(only?.said).toEqual(expected?.said)
        expect(now.at(-1)).toBe('closed 4000')
        // What is unreliable: a part, in order; what is unsequenced: all, once.
        const unreliable = then.filter((text) => text.startsWith('message unreliable'))
        const heardUnreliable = now.filter((text) => text.startsWith('message unreliable'))
        expect(heardUnreliable).toEqual(unreliable.filter((text) => heardUnreliable.includes(text)))
        const unsequenced = now.filter((text) => text.startsWith('message unsequenced'))
        expect([...unsequenced].sort()).toEqual(then.filter((text) => text.startsWith('message unsequenced')).sort())
        expect(Object.keys(findings).filter((kind) => kind !== 'enet_repeated' && kind !== 'enet_late')).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('of which the capture lacks some, which were acknowledged, are passed over and named', () => {
    for (const [kind, nth] of [
      ['send_reliable', 2],
      ['send_fragment', 1],
    ] as const) {
      const at = indexOf(kind, nth)
      const { entries: found, findings, result } = importBytes(pcap(packets.filter((_, index) => index !== at)))
      expect(findings).toMatchObject({ enet_missing: 1 })
      const [place = ''] = result.findings.find((finding) => finding.kind === 'enet_missing')?.where ?? []
      expect(place).toMatch(
        /^192\.0\.2\.7:\d+ at \d+\.\d{3} s, from the client: a reliable message(, for 1 of its fragments,)? on channel \d$/,
      )
      const heard = conversationsOf(found)[0]?.heard ?? []
      expect(heard.filter((text) => text.startsWith('missing')).length).toBe(1)
      const reliable = (all: readonly string[]): readonly string[] => [...onChannel(all, 0), ...onChannel(all, 1)]
      expect(reliable(heard).length).toBe(reliable(expected?.heard ?? []).length - 1)
      expect(heard.at(-1)).toBe('closed 4000')
    }
  })

  it('that were lost on the way and sent again are in their place', () => {
    const at = indexOf('send_reliable', 2)
    const again = {
      ...packets[at + 10],
      bytes: packets[at]?.bytes ?? new Uint8Array(0),
      atMs: packets[at + 10]?.atMs ?? 0,
    }
    // The server has acknowledged only what was sent again.
    const changed = packets.filter((_, index) => index !== at && index !== at + 1)
    changed.splice(at + 8, 0, again, {
      ...packets[at + 1],
      bytes: packets[at + 1]?.bytes ?? again.bytes,
      atMs: again.atMs,
    })
    const { entries: found, findings } = importBytes(pcap(changed))
    expect(findings).toEqual({})
    const heard = conversationsOf(found)[0]?.heard ?? []
    for (const channel of [0, 1]) expect(onChannel(heard, channel)).toEqual(onChannel(expected?.heard ?? [], channel))
  })
})

describe('a capture', () => {
  it('of one direction has that direction', () => {
    const [fromClient, fromServer] = [packets.filter(isFromClient), packets.filter((packet) => !isFromClient(packet))]
    const client = importBytes(pcap(fromClient))
    expect(conversationsOf(client.entries)[0]?.heard).toEqual(expected?.heard)
    expect(client.result.findings).toMatchObject([{ kind: 'one_direction', where: ['only UDP to the server'] }])
    const server = importBytes(pcap(fromServer))
    expect(conversationsOf(server.entries)[0]?.said).toEqual(expected?.said)
  })

  it('that begins in the middle has what is later, and says that it had begun before', () => {
    for (let from = HANDSHAKE_PACKETS; from < 40; from++) {
      const { entries: found, findings } = importBytes(pcap(packets.slice(from)))
      expect(findings['enet_began_before']).toBe(1)
      const conversations = conversationsOf(found)
      expect(conversations.length).toBe(1)
      const heard = messages(conversations[0]?.heard)
      expect(heard.length).toBeGreaterThan(10)
      // Of what was sent in fragments the last ones alone say nothing.
      expect(heard.slice(1)).toEqual(messages(expected?.heard).slice(-heard.length + 1))
      expect(conversations[0]?.heard.at(-1)).toBe('closed 4000')
    }
  })

  it('with packets cut short has the messages that fit, and names the others', () => {
    const cut = packets.map(({ atMs, bytes }) => ({ atMs, bytes: bytes.slice(0, 100), length: bytes.length }))
    const { entries: found, findings } = importBytes(pcap(cut))
    expect(findings['packets_cut']).toBeGreaterThan(10)
    expect(findings['enet_missing']).toBeGreaterThan(5)
    const [only] = conversationsOf(found)
    const short = messages(expected?.heard).filter((text) => !text.includes('…'))
    expect(messages(only?.heard)).toEqual(short)
    expect(only?.heard).toContain(
      'missing a message that was cut short when it was captured (reliable) on channel 1 from the client: not in the capture',
    )
  })

  it('with clients that fall silent has them closed after 30 s, unless only the clock was set', () => {
    const others = packetsOf(oneConversation('192.0.2.8').entries)
    const begun = packets.slice(0, 40)
    const clock = Array.from({ length: 60 }, (_, second) => ({
      ...others[40 + (second % 4)],
      atMs: 1_000 * second + 2_000,
    }))
    const going = clock.map(({ atMs }) => ({ atMs, bytes: others[40]?.bytes ?? new Uint8Array(0) }))
    const { entries: found, findings } = importBytes(pcap([...begun, ...others.slice(0, 40), ...going]))
    expect(findings['enet_timed_out']).toBe(1)
    const closed = found.filter((entry) => entry.kind === 'closed')
    expect(closed).toMatchObject([{ code: 1006 }])
    expect(closed[0]?.atMs).toBeGreaterThan(30_000)
    const leapt = packets.map(({ atMs, bytes }, index) => ({ atMs: atMs + (index > 60 ? 3_600_000 : 0), bytes }))
    expect(conversationsOf(importBytes(pcap(leapt)).entries)).toEqual([expected])
  })

  it('with datagrams of other kinds names them', () => {
    const client = { address: Uint8Array.of(192, 0, 2, 9), port: 5_000 }
    const server = { address: Uint8Array.of(192, 0, 2, 1), port: 4483 }
    const odd = (bytes: readonly number[]): TestPacket => ({
      atMs: packets[19]?.atMs ?? 0,
      bytes: udpPacket(client, server, Uint8Array.from(bytes)),
    })
    const capture = pcap([
      ...packets.slice(0, 20),
      odd([1]),
      odd([0, 0, 7, 7, 7]),
      odd([0, 0, 0x0d, 0, 0, 1]),
      odd([0x40, 0, 1, 2, 3]),
      ...packets.slice(20),
    ])
    const { entries: found, findings } = importBytes(capture)
    expect(findings).toEqual({ enet_unreadable: 3, enet_compressed: 1 })
    expect(conversationsOf(found)).toEqual([expected])
  })
})

describe('IP fragments', () => {
  /** Each packet that carries more than 400 bytes in two or more. */
  function fragmented(all: readonly TestPacket[]): readonly TestPacket[] {
    let id = 0
    return all.flatMap(({ atMs, bytes }) => {
      const headerBytes = isIpv6(bytes) ? 40 : 20
      const payload = bytes.subarray(headerBytes)
      if (payload.length <= 400) return [{ atMs, bytes }]
      id++
      const parts = Array.from({ length: Math.ceil(payload.length / 400) }, (_, index) => index)
      // The last one first, as some systems send them.
      return parts.reverse().map((index) => {
        const part = payload.subarray(400 * index, 400 * (index + 1))
        const isLast = 400 * (index + 1) >= payload.length
        const head = isIpv6(bytes) ? ipv6Head(bytes, id, index * 400, isLast) : ipv4Head(bytes, id, index * 400, isLast)
        const whole = new Uint8Array(Buffer.concat([head, part]))
        const length = isIpv6(bytes) ? whole.length - 40 : whole.length
        new DataView(whole.buffer).setUint16(isIpv6(bytes) ? 4 : 2, length)
        return { atMs, bytes: whole }
      })
    })
  }

  function ipv4Head(packet: Uint8Array, id: number, offset: number, isLast: boolean): Uint8Array {
    const head = packet.slice(0, 20)
    const view = new DataView(head.buffer)
    view.setUint16(4, id)
    view.setUint16(6, (isLast ? 0 : 0x2000) | (offset / 8))
    return head
  }

  function ipv6Head(packet: Uint8Array, id: number, offset: number, isLast: boolean): Uint8Array {
    const head = new Uint8Array(48)
    head.set(packet.subarray(0, 40))
    head[6] = 44
    head[40] = packet[6] ?? 0
    const view = new DataView(head.buffer)
    view.setUint16(42, offset | (isLast ? 0 : 1))
    view.setUint32(44, id)
    return head
  }

  it.each(['192.0.2.7', '2001:db8::7'])('from %s are put together', (address) => {
    const script = oneConversation(address)
    const capture = pcap(fragmented(packetsOf(script.entries)))
    const { entries: found, findings, result } = importBytes(capture)
    expect(findings).toEqual({})
    expect(result.packets).toBeGreaterThan(packets.length + 20)
    expect(conversationsOf(found)).toEqual(conversationsOf(script.entries))
  })

  it('that never become whole are named', () => {
    const all = fragmented(packets)
    const first = all.findIndex(({ bytes }) => ((bytes[6] ?? 0) & 0x20) !== 0)
    const { findings } = importBytes(pcap(all.filter((_, index) => index !== first)))
    expect(findings).toMatchObject({ fragments_incomplete: 1, enet_missing: 1 })
  })
})
