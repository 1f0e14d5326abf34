/** Bytes to messages and back: what is decoded is plain, whatever protobufjs makes of it. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCodec, readPrefix } from '../../../core/app/codec.ts'
import { frozenCopy } from '../../../core/app/plain.ts'
import { defineApp } from '../../../core/define-app.ts'
import { protocol } from '../../../core/protocol.ts'
import { arena } from '../../../scenarios/apps/arena.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { olderChat } from '../support/older-code.ts'

/** `run` gets the schema of `code` with a protobufjs of its own. */
async function withCopy(code: string, run: (schema: typeof chat.schema) => void): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'overworld-copy-'))
  try {
    cpSync('node_modules/protobufjs', path.join(folder, 'node_modules/protobufjs'), { recursive: true })
    cpSync(code, path.join(folder, 'chat.mjs'))
    const file = pathToFileURL(path.join(folder, 'chat.mjs')).href
    const { chat_app } = (await import(/* @vite-ignore */ file)) as { chat_app: { chat: typeof chat.schema } }
    run(chat_app.chat)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const bad = (code: string): Error => expect.objectContaining({ code }) as Error

describe('a prefix', () => {
  test('is 16 bits, big-endian', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff }).filter((prefix) => prefix !== 100),
        (prefix) => {
          const { codec } = defineApp({ name: 'x', prefix, schema: chat.schema })
          expect(readPrefix(codec.encode('join', {}))).toBe(prefix)
        },
      ),
    )
    expect(readPrefix(new Uint8Array(0))).toBeUndefined()
    expect(readPrefix(new Uint8Array(1))).toBeUndefined()
  })

  test.each([-1, 65_536, 1.5, NaN, 100])('%s is refused', (prefix) => {
    expect(() => defineApp({ name: 'x', prefix, schema: chat.schema })).toThrow(bad('bad_app'))
  })

  test('a schema that is no generated class is refused', () => {
    const schema = chat.schema.decode(new Uint8Array(0)) as unknown as typeof chat.schema
    expect(() => defineApp({ name: 'x', prefix: 5, schema })).toThrow(bad('bad_app'))
  })

  test('generated code with a copy of protobufjs of its own works all the same', async () => {
    await withCopy('scenarios/apps/generated/chat.js', (schema) => {
      const { codec } = defineApp({ name: 'x', prefix: 5, schema })
      const message = { handle: 'a', text: 'b' }
      expect(codec.decode(codec.encode('channel_msg', message))).toEqual({ type: 'channel_msg', message })
    })
  })

  test('older generated code with such a copy is refused, and not every message later', async () => {
    await withCopy(olderChat(), (schema) => {
      expect(() => defineApp({ name: 'x', prefix: 5, schema })).toThrow('npm ls protobufjs')
    })
  })

  test('a channel beyond the four is refused', () => {
    expect(() => defineApp({ name: 'x', prefix: 5, schema: chat.schema, messages: { sync: { channel: 4 } } })).toThrow(
      bad('bad_app'),
    )
  })
})

describe('the way there and back', () => {
  test('keeps strings, and leaves out what is not set', () => {
    const field = fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined })
    fc.assert(
      fc.property(field, field, (handle, text) => {
        const message = { ...(handle === undefined ? {} : { handle }), ...(text === undefined ? {} : { text }) }
        const decoded = chat.codec.decode(chat.codec.encode('channel_msg', { handle, text }))
        expect(decoded).toEqual({ type: 'channel_msg', message })
      }),
    )
  })

  test('keeps every integer up to 2^53−1 as a number, in nested lists too', () => {
    const entity = fc.record({
      id: fc.maxSafeNat(),
      x: fc.integer(),
      y: fc.integer(),
      last_seq: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.array(entity), (frame, entities) => {
        const message = { frame, entities }
        expect(arena.codec.decode(arena.codec.encode('snapshot', message))).toEqual({ type: 'snapshot', message })
      }),
    )
  })

  test('keeps bytes, as a Uint8Array and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (token) => {
        const decoded = protocol.codec.decode(protocol.codec.encode('session_request', { reconnect_token: token }))
        const message = typeof decoded === 'object' ? decoded.message : {}
        expect(message).toEqual({ reconnect_token: token, schemas: [] })
        expect((message['reconnect_token'] as Uint8Array).constructor).toBe(Uint8Array)
      }),
    )
  })

  test('an integer beyond 2^53−1 is malformed, wherever it stands', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(64), (high, shift) => {
        const value = high >> BigInt(shift)
        const id = Uint8Array.of(0x08, ...varint(value))
        const entity = Uint8Array.of(...id, 0x10, 0, 0x18, 0)
        const direct = protocol.codec.decode(Uint8Array.of(0, 100, 0x22, id.length, ...id))
        const snapshot = Uint8Array.of(0x08, 1, 0x12, entity.length, ...entity)
        const nested = arena.codec.decode(Uint8Array.of(0, 1, 0x22, snapshot.length, ...snapshot))
        const id53 = Number(value)
        const read = [
          { type: 'session_ping', message: { id: id53 } },
          { type: 'snapshot', message: { frame: 1, entities: [{ id: id53, x: 0, y: 0 }] } },
        ]
        expect([direct, nested]).toEqual(value <= BigInt(Number.MAX_SAFE_INTEGER) ? read : ['malformed', 'malformed'])
      }),
    )
  })

  test('no decoded message holds a Long, inherits anything or has a field that was not sent', () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((tail) => Uint8Array.of(0, 1, ...tail))
    fc.assert(
      fc.property(bytes, (frame) => {
        const decoded = arena.codec.decode(frame)
        if (typeof decoded === 'object') expectPlain(decoded.message)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a list that is not there is empty', () => {
    expect(chat.codec.decode(chat.codec.encode('sync', {}))).toEqual({ type: 'sync', message: { handles: [] } })
  })

  test('unknown fields are skipped', () => {
    const frame = Uint8Array.of(...chat.codec.encode('join', { handle: 'a' }), 0xf8, 0x01, 0x2a)
    expect(chat.codec.decode(frame)).toEqual({ type: 'join', message: { handle: 'a' } })
  })

  test('a part of a larger buffer is read from its own beginning', () => {
    const frame = chat.codec.encode('join', { handle: 'a' })
    const larger = Buffer.concat([Buffer.from([9, 9, 9]), frame, Buffer.from([9])])
    const expected = { type: 'join', message: { handle: 'a' } }
    expect(chat.codec.decode(larger.subarray(3, -1))).toEqual(expected)
    expect(chat.codec.decode(new Uint8Array(larger).subarray(3, -1))).toEqual(expected)
  })
})

describe('what cannot be encoded throws bad_message', () => {
  test('a type that the schema does not have', () => {
    expect(() => chat.codec.encode('nonsense', {})).toThrow(bad('bad_message'))
    expect(() => chat.codec.encode('toString', {})).toThrow(bad('bad_message'))
  })

  test('a required field that is missing', () => {
    expect(() => protocol.codec.encode('session_new', {})).toThrow(bad('bad_message'))
  })
})

describe('a key that a peer chooses', () => {
  /** As generated code hands out a protobuf map. */
  const hostile = JSON.parse('{"join": {"map": {"__proto__": {"isAdmin": true}, "a": 1}}}') as object
  const codec = createCodec('map', 7, { encode: chat.schema.encode, decode: () => hostile })

  test('becomes no prototype, neither when decoded nor when copied for a receiver', () => {
    const decoded = codec.decode(Uint8Array.of(0, 7))
    const message = typeof decoded === 'object' ? decoded.message : {}
    for (const { map } of [message, frozenCopy(message)] as { map: Record<string, unknown> }[]) {
      expect(Object.getPrototypeOf(map)).toBe(Object.prototype)
      expect(Object.keys(map)).toEqual(['__proto__', 'a'])
      expect(map['isAdmin']).toBeUndefined()
    }
  })
})

function varint(value: bigint): number[] {
  const low = Number(value & 0x7fn)
  return value < 0x80n ? [low] : [low | 0x80, ...varint(value >> 7n)]
}

function expectPlain(value: unknown): void {
  if (typeof value !== 'object') return
  if (value instanceof Uint8Array) return
  expect(value).not.toBeNull()
  expect(value).not.toHaveProperty('__isLong__')
  if (Array.isArray(value)) return value.forEach(expectPlain)
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect(value).not.toHaveProperty('$unknowns')
  for (const item of Object.values(value as object)) expectPlain(item)
}
