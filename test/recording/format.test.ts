import fc from 'fast-check'
import { BlockReader, type Damage, type Entry } from 'overworld'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../recording/checksum.ts'
import { overworld_recording } from '../../recording/generated/recording.js'
import { RecordWriter } from '../../recording/record-writer.ts'
import { NAMED_SCENARIOS } from 'overworld/scenarios'
import { entriesOf, filesOf, recordScenario } from './recorded-run.ts'

describe('the checksum', () => {
  it('is CRC-32, also where it is taken in pieces', () => {
    const bytes = new TextEncoder().encode('123456789')
    expect(crc32(bytes)).toBe(0xcbf4_3926)
    for (let at = 0; at <= bytes.length; at++) {
      expect(crc32(bytes.subarray(at), crc32(bytes.subarray(0, at)))).toBe(0xcbf4_3926)
    }
  })
})

describe('the record writer', () => {
  it('writes what the generated code reads', () => {
    const record = fc.record({
      connection: fc.integer({ min: 0, max: 0xffff_ffff }),
      id: fc.maxSafeNat(),
      number: fc.double({ noNaN: true }),
      bytes: fc.uint8Array({ maxLength: 40_000 }),
      text: fc.string({ unit: 'binary', maxLength: 300 }),
    })
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const writer = new RecordWriter()
        for (const { connection, id, number, bytes, text } of records) {
          writer.begin(overworld_recording.kind.sent, bytes.length + 3 * text.length)
          writer.uint(3, connection)
          writer.uint(12, id)
          writer.double(13, number)
          writer.blob(6, bytes)
          writer.text(10, text)
          writer.end()
        }
        const read = overworld_recording.block.decode(writer.bytes.slice()).records ?? []
        expect(read.length).toBe(records.length)
        for (const [index, { connection, id, number, bytes, text }] of records.entries()) {
          expect(read[index]).toMatchObject({ kind: overworld_recording.kind.sent, connection, number })
          expect(Number(read[index]?.id)).toBe(id)
          expect([...(read[index]?.bytes ?? [])]).toEqual([...bytes])
          // Lone surrogates cannot be written in UTF-8.
          expect(read[index]?.text).toBe(Buffer.from(text, 'utf8').toString('utf8'))
        }
      }),
      { numRuns: 100 },
    )
  })
})

function read(file: Uint8Array, pieceBytes = file.length): { entries: Entry[]; damage: Damage | undefined } {
  const reader = new BlockReader()
  const entries: Entry[] = []
  for (let at = 0; at < file.length; at += pieceBytes) {
    for (const block of reader.push(file.subarray(at, at + pieceBytes))) entries.push(...block.entries)
  }
  reader.endOfFile()
  return { entries, damage: reader.damage }
}

it('the record writer writes a short record as it writes any other', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 127 }),
      fc.integer({ min: 2, max: 15 }),
      fc.maxSafeNat(),
      (kind, field, value) => {
        const [short, plain] = [new RecordWriter(), new RecordWriter()]
        short.short(kind, field, value)
        plain.begin(kind, 0)
        plain.uint(field, value)
        plain.end()
        expect([...short.bytes]).toEqual([...plain.bytes])
      },
    ),
  )
})

describe('a damaged file', () => {
  const scenario = NAMED_SCENARIOS.find(({ name }) => name === 'tunnel')
  if (scenario === undefined) throw new Error('there is no tunnel any more')
  const [life] = recordScenario(scenario).lives
  const [whole = new Uint8Array(0)] = filesOf(life ?? { program: { apps: [], boot: () => expect.fail() }, parts: [] })
  const all = read(whole).entries
  // A few blocks are enough, and each of their bits is to be tried.
  const file = whole.subarray(0, endOfBlock(whole, 2))
  const intact = read(file)

  it('reads the same in pieces of any size', () => {
    expect(all.length).toBeGreaterThan(500)
    expect(intact.damage).toBeUndefined()
    for (const size of [1, 3, 7, 64, 1000]) expect(read(file, size)).toEqual(intact)
  })

  it('is found whichever byte is flipped, and what was before it is used', () => {
    for (let at = 0; at < file.length; at++) {
      const flipped = file.slice()
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      const { entries, damage } = read(flipped)
      expect(damage, `byte ${at}`).toBeDefined()
      expect(damage?.at ?? 0).toBeLessThanOrEqual(at)
      expect(entries).toEqual(intact.entries.slice(0, entries.length))
    }
  })

  it('is used up to its last whole block, wherever it is cut off', () => {
    const ends = [1, 2].map((count) => endOfBlock(file, count))
    for (let length = 0; length < file.length; length++) {
      const { entries, damage } = read(file.slice(0, length))
      expect(entries).toEqual(intact.entries.slice(0, entries.length))
      const isBetweenBlocks = ends.includes(length)
      expect(damage?.kind, `cut after ${length} bytes`).toBe(
        isBetweenBlocks ? undefined : length === 0 ? 'empty' : length < 8 ? 'no_recording' : 'cut_off',
      )
    }
  })

  it('is told apart from what is no recording, or one of another version', () => {
    expect(read(new TextEncoder().encode('{"name": "tunnel"}')).damage?.kind).toBe('no_recording')
    const future = file.slice()
    future[7] = 3
    expect(read(future).damage).toMatchObject({
      kind: 'wrong_version',
      at: 0,
      message: 'it is a recording of format version 3; this program reads versions 1 to 2',
    })
  })

  it('is told apart from one whose file before it is missing', () => {
    const lives = recordScenario(scenario, { partBytesMax: 2_000 }).lives.map((each) => filesOf(each))
    const [parts = []] = lives
    expect(parts.length).toBeGreaterThan(3)
    expect([...entriesOf(parts)].length).toBe(all.length)
    const reader = new BlockReader()
    const [first, , third] = parts as [Uint8Array, Uint8Array, Uint8Array]
    expect([...entriesOf([first, third], reader)]).toEqual([...entriesOf([first])])
    expect(reader.damage?.kind).toBe('out_of_order')
  })
})

function endOfBlock(file: Uint8Array, count: number): number {
  let at = 8
  for (let block = 0; block < count; block++) {
    at += 8 + new DataView(file.buffer, file.byteOffset + at).getUint32(0, true)
  }
  return at
}
