/** A few seconds of what `npm run hostile` does with a million datagrams. */
import { expect, test } from 'vitest'
import { besiegeEnet } from '../../scenarios/hostile/enet-siege.ts'
import { recordEnetCorpus } from '../../scenarios/hostile/enet-corpus.ts'
import { DatagramMutator } from '../../scenarios/hostile/mutate-datagram.ts'
import { RandomStream } from '../../sim/index.ts'

test('mutated conversations and floods of connects disturb nobody, and memory stays where it is', async () => {
  const report = await besiegeEnet({ datagrams: 20_000, seed: 1 })
  expect(report.errors).toEqual([])
  expect(report.friend.said).toBeGreaterThan(20)
  expect(report.friend).toMatchObject({ heard: report.friend.said, lost: 0 })
  expect(report.newcomers.in).toBe(report.newcomers.dialled)
  expect(report.memory.enet).toBe(16)
  for (const counter of [
    'enetDatagramsMalformedTotal',
    'enetDatagramsRefusedTotal',
    'enetMessagesTooLongTotal',
    'enetConnectsDeferredTotal',
  ]) {
    expect([counter, report.adapter[counter]]).toEqual([counter, expect.any(Number)])
    expect(report.adapter[counter]).toBeGreaterThan(100)
  }
})

test('the corpus has every command of ENet that a conversation has, and is the same each time', async () => {
  const corpus = await recordEnetCorpus(3)
  expect(new Set(corpus.flatMap(commandsIn))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]))
  expect((await recordEnetCorpus(3)).map(hex)).toEqual(corpus.map(hex))
})

test('mutations are the same for the same seed, and hardly ever what they were made of', async () => {
  const corpus = await recordEnetCorpus(3)
  const make = (seed: number): string[] => {
    const mutator = new DatagramMutator(corpus, new RandomStream(seed, 'mutations'))
    return Array.from({ length: 2000 }, () => hex(mutator.next()))
  }
  const mutations = make(1)
  expect(make(1)).toEqual(mutations)
  expect(make(2)).not.toEqual(mutations)
  const originals = new Set(corpus.map(hex))
  const unchanged = mutations.filter((mutation) => originals.has(mutation))
  expect(unchanged.length).toBeGreaterThan(20)
  expect(unchanged.length).toBeLessThan(500)
})

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function commandsIn(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fixed = [0, 8, 48, 44, 8, 4, 6, 8, 24, 8, 12, 16, 24]
  const commands: number[] = []
  let at = (view.getUint16(0) & 0x8000) === 0 ? 2 : 4
  while (at < bytes.length) {
    const command = view.getUint8(at) & 0x0f
    commands.push(command)
    const lengthAt = command === 6 ? 4 : [7, 8, 9, 12].includes(command) ? 6 : undefined
    at += (fixed[command] ?? 0) + (lengthAt === undefined ? 0 : view.getUint16(at + lengthAt))
  }
  return commands
}
