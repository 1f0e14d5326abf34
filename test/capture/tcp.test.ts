/** What networks and captures do to TCP: order, repetitions, gaps, a beginning that is missing, packets cut short. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frame } from '../../cli/capture/websocket-writer.ts'
import { TcpWriter } from '../../cli/capture/tcp-writer.ts'
import { conversationsOf } from './conversations.ts'
import { importBytes } from './import-bytes.ts'
import { isTcp, packetsOf, pcap, Script, someBytes, tcpPayload, type TestPacket } from './made-up.ts'

const MESSAGES = 12
/** SYN, SYN and ACK, ACK, the request, the answer: whoever does not see these sees another beginning. */
const HANDSHAKE_PACKETS = 5

function oneConversation(): Script {
  const script = new Script()
  const connection = script.accept('websocket', '192.0.2.7')
  for (let number = 0; number < MESSAGES; number++) {
    script.hear(connection, someBytes(5 + 400 * number, number))
    script.say(connection, someBytes(7 + 300 * number, number))
  }
  script.wait(3_000)
  script.hear(connection, someBytes(9, 200))
  script.closed(connection, 4000)
  return script
}

const { entries } = oneConversation()
const packets = packetsOf(entries)
const [expected] = conversationsOf(entries)

/** The index of the nth packet that carries something from the client (or the server), after the handshake. */
function indexOfData(nth: number, isFromServer = false): number {
  const indices = packets.flatMap(({ bytes }, index) => {
    const isData = index >= HANDSHAKE_PACKETS && isTcp(bytes) && tcpPayload(bytes).length > 0
    return isData && (bytes[20] === 4433 >> 8 && bytes[21] === (4433 & 0xff)) === isFromServer ? [index] : []
  })
  return indices[nth] ?? NaN
}

function without(index: number): readonly TestPacket[] {
  return packets.filter((_, at) => at !== index)
}

describe('segments', () => {
  it('that come late, twice or in parts are put in order', () => {
    const middle = packets.slice(HANDSHAKE_PACKETS, -6)
    const disorder = fc.record({
      shifts: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: middle.length, maxLength: middle.length }),
      doubles: fc.array(fc.boolean(), { minLength: middle.length, maxLength: middle.length }),
    })
    fc.assert(
      fc.property(disorder, ({ shifts, doubles }) => {
        const placed = middle.flatMap((packet, index) => {
          const at = index + (shifts[index] ?? 0)
          return doubles[index] === true
            ? [
                { packet, at },
                { packet, at: index + 9 },
              ]
            : [{ packet, at }]
        })
        placed.sort((a, b) => a.at - b.at)
        const times = placed.map((_, index) => middle[Math.min(index, middle.length - 1)]?.atMs ?? 0)
        const changed = [
          ...packets.slice(0, HANDSHAKE_PACKETS),
          ...placed.map(({ packet }, index) => ({ ...packet, atMs: times[index] ?? 0 })),
          ...packets.slice(-6),
        ]
        const { entries: found, findings } = importBytes(pcap(changed))
        expect(conversationsOf(found)).toEqual([expected])
        expect(Object.keys(findings).filter((kind) => kind !== 'tcp_out_of_order' && kind !== 'tcp_repeated')).toEqual(
          [],
        )
      }),
      { numRuns: 100 },
    )
  })

  it('that overlap are taken once', () => {
    const at = indexOfData(MESSAGES)
    const [one, two] = [packets[at], packets[at + 1]]
    if (one === undefined || two === undefined) throw new Error('there are no such packets')
    // The second is sent again together with the end of the first.
    const [first, second] = [tcpPayload(one.bytes), tcpPayload(two.bytes)]
    const both = new Uint8Array(Buffer.concat([two.bytes.subarray(0, 40), first.subarray(-100), second]))
    const view = new DataView(both.buffer)
    view.setUint16(2, both.length)
    view.setUint32(24, view.getUint32(24) - 100)
    const changed = [...packets.slice(0, at + 1), { ...two, bytes: both }, ...packets.slice(at + 1)]
    const { entries: found, findings } = importBytes(pcap(changed))
    expect(conversationsOf(found)).toEqual([expected])
    expect(findings).toEqual({ tcp_repeated: 1 })
  })

  it('that were lost on the way and sent again make no gap, however late', () => {
    const at = indexOfData(5)
    const lost = packets[at]
    if (lost === undefined) throw new Error('there is no such packet')
    const later = packets.length - 8
    // Its receiver has acknowledged nothing after it either.
    const acknowledged = new DataView(lost.bytes.buffer, lost.bytes.byteOffset).getUint32(24)
    const changed: TestPacket[] = packets.map(({ atMs, bytes }, index) => {
      const copy = bytes.slice()
      const isFromServer = bytes[20] === 4433 >> 8 && bytes[21] === (4433 & 0xff)
      if (index > at && index < later && isFromServer) new DataView(copy.buffer).setUint32(28, acknowledged)
      return { atMs, bytes: copy }
    })
    changed.splice(at, 1)
    changed.splice(later, 0, { ...lost, atMs: packets[later]?.atMs ?? 0 })
    const { entries: found, findings } = importBytes(pcap(changed))
    expect(conversationsOf(found)[0]?.heard).toEqual(expected?.heard)
    expect(Object.keys(findings)).toEqual(['tcp_out_of_order'])
  })
})

describe('a gap', () => {
  it('is named, in the findings and in the recording, and reading goes on with the next whole frame', () => {
    for (const isFromServer of [false, true]) {
      const { entries: found, findings, result } = importBytes(pcap(without(indexOfData(2, isFromServer))))
      const [only] = conversationsOf(found)
      const side = isFromServer ? 'server' : 'client'
      expect(findings['tcp_missing']).toBe(1)
      const where = result.findings.find(({ kind }) => kind === 'tcp_missing')?.where
      expect(where).toEqual([
        expect.stringMatching(new RegExp(`^192\\.0\\.2\\.7:\\d+ at \\d+\\.\\d{3} s, from the ${side}$`)),
      ])
      expect(only?.heard).toContain(`missing bytes that are not in the capture from the ${side}`)
      const [before = [], after = []] = [expected, only].map((each) => (isFromServer ? each?.said : each?.heard))
      const lost = before.filter((text) => !after.includes(text))
      expect(lost.length).toBe(1)
      expect(only?.heard.at(-1)).toBe('closed 4000')
    }
  })

  it('within a long message costs that message alone', () => {
    // The last message of the client has four segments; the second one is missing.
    const at =
      indexOfData(0) + packets.slice(indexOfData(0)).findIndex(({ bytes }) => tcpPayload(bytes).length === 1440) + 1
    const { entries: found, findings } = importBytes(pcap(without(at)))
    const heard = conversationsOf(found)[0]?.heard ?? []
    expect(findings['tcp_missing']).toBe(1)
    expect(heard.filter((text) => text.startsWith('message')).length).toBeGreaterThanOrEqual(MESSAGES)
    expect(heard.at(-1)).toBe('closed 4000')
  })

  it('in a capture of one direction is given up after a while', () => {
    const at = indexOfData(2)
    const fromClient = without(at).filter(({ bytes }) => bytes[22] === 4433 >> 8 && bytes[23] === (4433 & 0xff))
    const { entries: found, findings } = importBytes(pcap(fromClient))
    expect(findings).toMatchObject({ tcp_missing: 1 })
    const heard = conversationsOf(found)[0]?.heard ?? []
    expect(heard.filter((text) => text.startsWith('message')).length).toBe(MESSAGES)
  })

  it('before the end is named', () => {
    const until = indexOfData(MESSAGES * 2)
    const changed = packets.filter((_, index) => index < until - 8 || index > until)
    const { findings } = importBytes(pcap(changed.slice(0, until - 7)))
    expect(findings['open_at_end']).toBe(1)
  })
})

describe('a capture that begins in the middle of a connection', () => {
  it('has its later messages, and says that it had begun before', () => {
    for (let from = HANDSHAKE_PACKETS - 1; from < 25; from++) {
      const { entries: found, findings, result } = importBytes(pcap(packets.slice(from)))
      expect(findings['tcp_began_before']).toBe(1)
      expect(result.findings.find(({ kind }) => kind === 'tcp_began_before')?.where[0]).toMatch(/^192\.0\.2\.7:\d+ at /)
      const heard = conversationsOf(found)[0]?.heard ?? []
      expect(heard.at(-1)).toBe('closed 4000')
      const messages = heard.filter((text) => text.startsWith('message'))
      expect(messages).toEqual(expected?.heard.filter((text) => text.startsWith('message')).slice(-messages.length))
      expect(messages.length).toBeGreaterThan(4)
    }
  })
})

describe('packets that were cut short', () => {
  it('are named, and the messages that fit are there', () => {
    const cut = packets.map(({ atMs, bytes }) => ({ atMs, bytes: bytes.slice(0, 300), length: bytes.length }))
    const { entries: found, findings } = importBytes(pcap(cut))
    expect(findings['packets_cut']).toBeGreaterThan(10)
    expect(findings['tcp_missing']).toBeGreaterThan(5)
    const messages = conversationsOf(found)[0]?.heard.filter((text) => text.startsWith('message')) ?? []
    const whole = expected?.heard.filter((text) => text.startsWith('message')) ?? []
    expect(messages).toEqual([whole[0], whole.at(-1)])
  })
})

describe('on a port for WebSocket', () => {
  const client = { address: Uint8Array.of(192, 0, 2, 7), port: 50_000 }
  const server = { address: Uint8Array.of(192, 0, 2, 1), port: 4433 }

  function exchange(...said: readonly (readonly ['client' | 'server', Uint8Array | string])[]): Uint8Array {
    const made: TestPacket[] = []
    const tcp = new TcpWriter(client, server, 0xffff_fff0, (bytes) => made.push({ atMs: made.length, bytes }))
    tcp.open()
    for (const [side, bytes] of said) tcp.send(side, typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    tcp.end('client')
    return pcap(made)
  }

  const REQUEST = 'GET /ws HTTP/1.1\r\nHost: a\r\nupgrade: WebSocket\r\n\r\n'
  const ANSWER = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'
  const mask = Uint8Array.of(1, 2, 3, 4)

  it('TLS, other protocols, plain requests and refusals are named, and are no connections', () => {
    const cases = [
      [exchange(['client', Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc)]), { tls: 1 }],
      [exchange(['client', Uint8Array.of(0, 1, 2, 3)]), { no_websocket: 1 }],
      [
        exchange(['client', 'GET /metrics HTTP/1.1\r\n\r\n'], ['server', 'HTTP/1.1 200 OK\r\n\r\nx']),
        { http_requests: 1 },
      ],
      [exchange(['client', REQUEST], ['server', 'HTTP/1.1 503 Full\r\n\r\n']), { upgrades_refused: 1 }],
    ] as const
    for (const [capture, expectedFindings] of cases) {
      const { entries: found, findings } = importBytes(capture)
      expect(findings).toEqual(expectedFindings)
      expect(conversationsOf(found)).toEqual([])
    }
  })

  it('compressed messages are named, and the others are there', () => {
    const compressed = frame(2, someBytes(20, 1), mask)
    compressed[0] = (compressed[0] ?? 0) | 0x40
    const { entries: found, findings } = importBytes(
      exchange(
        ['client', REQUEST],
        ['server', ANSWER],
        ['client', compressed],
        ['client', frame(2, someBytes(4, 2), mask)],
      ),
    )
    expect(findings).toEqual({ websocket_compressed: 1 })
    expect(conversationsOf(found)[0]?.heard).toEqual([
      'opened',
      'missing a compressed message from the client',
      `message reliable 0 ${Buffer.from(someBytes(4, 2)).toString('hex')}`,
      'closed 1006',
    ])
  })

  it('bytes that are no frame are named, and what is whole after them is there', () => {
    for (const wrong of [
      frame(2, someBytes(9, 1), undefined),
      frame(3, someBytes(9, 1), mask),
      frame(0, someBytes(9, 1), mask),
    ]) {
      const { entries: found, findings } = importBytes(
        exchange(
          ['client', REQUEST],
          ['server', ANSWER],
          ['client', wrong],
          ['client', frame(2, someBytes(4, 2), mask)],
        ),
      )
      expect(findings).toEqual({ websocket_unreadable: 1 })
      expect(conversationsOf(found)[0]?.heard.slice(1, 3)).toEqual([
        'missing bytes that are no WebSocket frame from the client',
        `message reliable 0 ${Buffer.from(someBytes(4, 2)).toString('hex')}`,
      ])
    }
  })

  it('a frame that claims more than 16 MiB is left out, and named', () => {
    const long = frame(2, new Uint8Array(17 * 1024 * 1024), mask)
    const { findings, result } = importBytes(
      exchange(['client', REQUEST], ['server', ANSWER], ['client', long], ['client', frame(2, someBytes(4, 2), mask)]),
    )
    expect(findings).toEqual({ messages_too_long: 1 })
    expect(result.messages.heard).toBe(1)
  })

  it('a port that is used again is another connection', () => {
    const made: TestPacket[] = []
    for (const sequence of [5, 1_000_000]) {
      const tcp = new TcpWriter(client, server, sequence, (bytes) => made.push({ atMs: made.length, bytes }))
      tcp.open()
      tcp.send('client', Buffer.from(REQUEST))
      tcp.send('server', Buffer.from(ANSWER))
      tcp.send('client', frame(2, someBytes(4, sequence), mask))
    }
    const { entries: found } = importBytes(pcap(made))
    expect(conversationsOf(found).map(({ heard }) => heard.length)).toEqual([3, 2])
    expect(conversationsOf(found)[0]?.heard.at(-1)).toBe('closed 1006')
  })
})
