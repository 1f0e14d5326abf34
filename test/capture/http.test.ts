/** HTTP before a WebSocket on the same TCP connection: requests, bodies, refusals, pipelines, and what it is instead. */
import { describe, expect, it } from 'vitest'
import { frame } from '../../cli/capture/websocket-writer.ts'
import { conversationsOf } from './conversations.ts'
import { exchange, MASK, packetsOfExchange, SWITCHING, UPGRADE, type Said } from './exchange.ts'
import { importBytes } from './import-bytes.ts'
import { pcap, someBytes } from './made-up.ts'

const GET = 'GET /page HTTP/1.1\r\nHost: a\r\n\r\n'
const PAGE = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
const REFUSED = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno'
const FRAMES: readonly Said[] = [
  ['client', frame(2, someBytes(6, 1), MASK)],
  ['server', frame(2, someBytes(7, 2), undefined)],
]
const heard = ['opened', `message reliable 0 ${Buffer.from(someBytes(6, 1)).toString('hex')}`, 'closed 1006']
const said = [`sent reliable 0 ${Buffer.from(someBytes(7, 2)).toString('hex')}`]
const OPENED: readonly Said[] = [['client', UPGRADE], ['server', SWITCHING], ...FRAMES]

const before: readonly (readonly [name: string, said: readonly Said[], findings: Record<string, number>])[] = [
  [
    'a plain request',
    [
      ['client', GET],
      ['server', PAGE],
    ],
    { http_requests: 1 },
  ],
  [
    'several of them in a pipeline',
    [
      ['client', GET + GET],
      ['server', PAGE + PAGE],
    ],
    { http_requests: 2 },
  ],
  [
    'an upgrade that was refused',
    [
      ['client', UPGRADE],
      ['server', REFUSED],
    ],
    { upgrades_refused: 1 },
  ],
  [
    'a body in chunks with a trailer, and one of a request',
    [
      ['client', 'POST /a HTTP/1.1\r\nContent-Length: 12\r\n\r\nGET / HTTP/1'],
      ['server', 'HTTP/1.1 100 Continue\r\n\r\n'],
      [
        'server',
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\na\r\n0123456789\r\n0\r\nA: b\r\n\r\n',
      ],
    ],
    { http_requests: 1 },
  ],
  [
    'answers without a body, whatever length they claim',
    [
      ['client', 'HEAD / HTTP/1.1\r\n\r\n'],
      ['server', 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n'],
      ['client', GET],
      ['server', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n'],
      ['client', GET],
      ['server', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ],
    { http_requests: 3 },
  ],
]

describe('a WebSocket is read', () => {
  for (const [name, first, findings] of before) {
    it(`after ${name}, in segments of any length`, () => {
      for (const piece of [Infinity, 17, 1]) {
        const imported = importBytes(pcap(packetsOfExchange([...first, ...OPENED], piece)))
        expect(imported.findings).toEqual(findings)
        expect(conversationsOf(imported.entries)).toMatchObject([{ heard, said }])
      }
    })
  }

  it('where its first frames come together with the requests and the answers', () => {
    const [[, fromClient] = [], [, fromServer] = []] = FRAMES as readonly (readonly [string, Uint8Array])[]
    const join = (text: string, bytes: Uint8Array = new Uint8Array()): Uint8Array =>
      new Uint8Array(Buffer.concat([Buffer.from(text), bytes]))
    const { entries } = importBytes(
      exchange(['client', join(GET + UPGRADE, fromClient)], ['server', join(PAGE + SWITCHING, fromServer)]),
    )
    expect(conversationsOf(entries)).toMatchObject([{ heard, said }])
  })

  it('where the answer was captured before the request', () => {
    const packets = packetsOfExchange(OPENED)
    const { entries } = importBytes(
      pcap(
        [...packets.slice(0, 3), ...[4, 3].flatMap((at) => packets[at] ?? []), ...packets.slice(5)].map(
          ({ bytes }, atMs) => ({ bytes, atMs }),
        ),
      ),
    )
    expect(conversationsOf(entries)).toMatchObject([{ heard, said }])
  })

  it('where the capture begins within the requests before it', () => {
    const packets = packetsOfExchange([['client', GET], ['server', PAGE], ['client', GET], ['server', PAGE], ...OPENED])
    for (const from of [3, 4, 5]) {
      const { entries, findings } = importBytes(pcap(packets.slice(from)))
      expect(findings).toMatchObject({ tcp_began_before: 1 })
      expect(conversationsOf(entries)).toMatchObject([{ heard, said }])
    }
  })

  it('after a gap in a plain answer', () => {
    const long = `HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${'x'.repeat(5_000)}`
    const packets = packetsOfExchange([['client', GET], ['server', long], ...OPENED])
    for (const at of [5, 6]) {
      const { entries, findings } = importBytes(pcap(packets.filter((_, index) => index !== at)))
      expect(findings['tcp_missing']).toBeUndefined()
      expect(conversationsOf(entries)).toMatchObject([{ heard, said }])
    }
  })
})

describe('what is no WebSocket is named', () => {
  it('HTTP/2, other upgrades, requests without an answer, requests that were refused, other protocols in plain text', () => {
    const cases: readonly (readonly [Uint8Array, Record<string, number>])[] = [
      [exchange(['client', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], ['server', Uint8Array.of(0, 0, 0, 4)]), { http2: 1 }],
      [
        exchange(
          ['client', 'GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n'],
          ['server', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n'],
          ['server', Uint8Array.of(0, 0, 0, 4)],
        ),
        { http_requests: 1, no_websocket: 1 },
      ],
      [exchange(['client', UPGRADE]), { upgrades_unanswered: 1 }],
      [exchange(['client', UPGRADE.slice(0, 30)]), { requests_unfinished: 1 }],
      [exchange(['client', UPGRADE], ['server', REFUSED], ...FRAMES), { upgrades_refused: 1, no_websocket: 1 }],
      [exchange(['client', 'HELO there\r\n\r\n'], ['server', '220 hello\r\n\r\n']), { no_websocket: 1 }],
    ]
    for (const [capture, expected] of cases) {
      const { entries, findings } = importBytes(capture)
      expect(findings).toEqual(expected)
      expect(conversationsOf(entries)).toEqual([])
    }
  })

  it('and so are text frames of both sides, and an agreed compression', () => {
    const { entries, findings, result } = importBytes(
      exchange(
        ['client', UPGRADE],
        ['server', SWITCHING.replace('\r\n\r\n', '\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n')],
        ['server', frame(1, Buffer.from('hello'), undefined)],
        ['client', frame(1, Buffer.from('hello'), MASK)],
        ['server', frame(1, Buffer.from('again'), undefined)],
      ),
    )
    expect(findings).toEqual({ text_frames: 3, deflate_agreed: 1 })
    expect(result.findings.find(({ kind }) => kind === 'text_frames')?.where).toEqual([
      expect.stringMatching(/^192\.0\.2\.7:50000 at 0\.\d{3} s, from the server$/),
      expect.stringMatching(/, from the client$/),
      expect.stringMatching(/, from the server$/),
    ])
    expect(conversationsOf(entries)[0]?.heard).toEqual([
      'opened',
      'missing a text frame from the server',
      'ignored text_frame',
      'missing a text frame from the server',
      'closed 1006',
    ])
  })
})
