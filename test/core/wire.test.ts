/** The bytes of design section 7, in hex: a change of one of these breaks every client out there. */
import { describe, expect, test } from 'vitest'
import { defineApp } from '../../core/define-app.ts'
import {
  encodeBeacon,
  encodeDenied,
  encodePong,
  encodeSessionNew,
  protocol,
  type DenialReason,
} from '../../core/protocol.ts'
import { chat, chatZone } from '../../scenarios/apps/chat.ts'
import { startWorld, type FakeClient } from './support/server-world.ts'

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/(..)(?!$)/g, '$1 ')
const bytes = (spaced: string): Uint8Array => Uint8Array.from(Buffer.from(spaced.replaceAll(' ', ''), 'hex'))

describe('Overworld’s own messages', () => {
  const token = Uint8Array.of(0xaa, 0xbb)

  test.each([
    ['session_request without a token', protocol.codec.encode('session_request', {}), '00 64 0a 00'],
    [
      'session_request with a token',
      protocol.codec.encode('session_request', { reconnect_token: token }),
      '00 64 0a 04 0a 02 aa bb',
    ],
    [
      'session_request with an attempt',
      protocol.codec.encode('session_request', { reconnect_token: token, attempt: 300 }),
      '00 64 0a 07 0a 02 aa bb 10 ac 02',
    ],
    ['session_new', encodeSessionNew(1, token).bytes, '00 64 12 06 08 01 12 02 aa bb'],
    ['session_beacon', encodeBeacon(0x42).bytes, '00 64 1a 02 08 42'],
    ['session_ping', protocol.codec.encode('session_ping', { id: 0x42 }), '00 64 22 02 08 42'],
    ['session_pong', encodePong(5).bytes, '00 64 2a 02 08 05'],
  ])('%s', (_name, encoded, expected) => {
    expect(hex(encoded)).toBe(expected)
  })

  test.each<[DenialReason, number]>([
    ['no_session', 1],
    ['bad_token', 2],
    ['already_in_session', 3],
    ['no_zone', 4],
    ['already_joined', 5],
    ['unknown_zone', 6],
  ])('session_denied %s', (reason, number) => {
    expect(hex(encodeDenied(reason).bytes)).toBe(`00 64 32 02 08 0${number}`)
  })
})

test('an app’s join', () => {
  expect(hex(chat.codec.encode('join', { handle: 'alice' }))).toBe('00 00 0a 07 0a 05 61 6c 69 63 65')
})

test('a conversation with an original client, byte for byte', () => {
  const world = startWorld()
  world.server.zones.start(chatZone)
  const client = world.connect()
  const say = (spaced: string): readonly string[] => {
    client.connection.receive(bytes(spaced))
    return client.connection.take().map((sent) => hex(sent.bytes))
  }

  const [sessionNew = '', beacon] = say('00 64 0a 00')
  expect(sessionNew).toMatch(/^00 64 12 1c 08 01 12 18( [0-9a-f]{2}){24}$/)
  expect(beacon).toBe('00 64 1a 02 08 01')
  world.clock.advance(5)
  expect(say('00 64 22 02 08 01')).toEqual(['00 64 2a 02 08 05'])
  expect(say('00 00 0a 07 0a 05 61 6c 69 63 65')).toEqual(['00 00 22 07 0a 05 61 6c 69 63 65'])
  // A spoofed handle is overwritten: `mallory` comes back as `alice`.
  expect(say('00 00 1a 0d 0a 07 6d 61 6c 6c 6f 72 79 12 02 68 69')).toEqual([
    '00 00 1a 0b 0a 05 61 6c 69 63 65 12 02 68 69',
  ])
  expect(say('00 00 12 00')).toEqual([])
  expect(say('00 00 12 00')).toEqual(['00 64 32 02 08 04'])

  const token = sessionNew.slice(-24 * 3 + 1)
  client.close()
  const back: FakeClient = world.connect()
  back.connection.receive(bytes(`00 64 0a 1a 0a 18 ${token}`))
  const [again = ''] = back.connection.take().map((sent) => hex(sent.bytes))
  expect(again.slice(0, 23)).toBe('00 64 12 1c 08 01 12 18')
  expect(again).not.toContain(token)
})

describe('a client that announces its schemas', () => {
  const { $app } = chat.schema as unknown as { readonly $app: object }
  const schema = Object.assign(Object.create(chat.schema) as typeof chat.schema, {
    $app: { ...$app, hash: '0123456789abcdef' },
  })
  const own = defineApp({ name: 'chat', prefix: 0, schema })
  /** `session_request` with the schemas of these bytes. */
  const request = (...schemas: readonly string[]): string => {
    const body = schemas.map((each) => `22 ${hex(Uint8Array.of(bytes(each).length))} ${each}`).join(' ')
    return `00 64 0a ${hex(Uint8Array.of(bytes(body).length))} ${body}`
  }
  const EQUAL = '08 00 11 ef cd ab 89 67 45 23 01'
  const OTHER = '08 00 11 ef cd ab 89 67 45 23 02'
  const UNKNOWN = '08 07 11 01 00 00 00 00 00 00 00'

  const start = (): { readonly client: FakeClient; readonly say: (spaced: string) => readonly string[] } => {
    const world = startWorld({ apps: [own] })
    world.server.zones.start(own.defineZone({ init: () => ({}) }), { name: 'hall' })
    const client = world.connect()
    return {
      client,
      say: (spaced) => {
        client.connection.receive(bytes(spaced))
        return client.connection.take().map((sent) => hex(sent.bytes))
      },
    }
  }

  test.each([
    ['an equal schema', request(EQUAL), '00 64 3a 00'],
    ['a schema that differs in the highest byte of its hash', request(OTHER), '00 64 3a 02 18 00'],
    ['an app that the server does not have', request(UNKNOWN), '00 64 3a 00'],
    ['several entries, of which the last counts', request(OTHER, UNKNOWN, EQUAL), '00 64 3a 00'],
    ['a field of a newer version in an entry', request(`${EQUAL} 18 01`), '00 64 3a 00'],
  ])('gets session_state between session_new and the beacon: %s', (_name, asked, state) => {
    const [sessionNew = '', ...rest] = start().say(asked)
    expect(sessionNew.slice(0, 11)).toBe('00 64 12 1c')
    expect(rest).toEqual([state, '00 64 1a 02 08 01'])
  })

  test('is told the zone, in the answer to a repeated request as well, with or without schemas', () => {
    const { say } = start()
    say(request(EQUAL))
    say('00 00 0a 00')
    expect(say(request(EQUAL)).slice(1)).toEqual(['00 64 3a 08 08 00 12 04 68 61 6c 6c'])
    expect(say(request(OTHER)).slice(1)).toEqual(['00 64 3a 0a 08 00 12 04 68 61 6c 6c 18 00'])
    expect(say('00 64 0a 00').slice(1)).toEqual(['00 64 3a 0a 08 00 12 04 68 61 6c 6c 18 00'])
  })

  test('with an entry that is no Schema is closed with 4506', () => {
    for (const schema of ['08 00', '11 01 00 00 00 00 00 00 00', '08 00 11 01 02', 'ff']) {
      const { client, say } = start()
      say(request(schema))
      expect(client.connection.closedWith).toBe(4506)
    }
  })

  test('on another connection changes nothing for a client that announces nothing', () => {
    const { client, say } = start()
    say(request(EQUAL))
    client.close()
    const world = startWorld({ apps: [own] })
    const old = world.connect()
    old.connection.receive(bytes('00 64 0a 00'))
    expect(old.hearTypes()).toEqual(['session_new', 'session_beacon'])
    old.connection.receive(bytes('00 64 0a 00'))
    expect(old.hearTypes()).toEqual(['session_new'])
  })
})

test('two members of one oneof: the last one counts', () => {
  const world = startWorld()
  const client = world.connect()
  client.connection.receive(bytes('00 64 22 02 08 01 0a 00'))
  expect(client.hearTypes()).toEqual(['session_new', 'session_beacon'])
})
