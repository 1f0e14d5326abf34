/** Captures that somebody has tampered with: nothing in them throws, hangs, or costs memory without end. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { importBytes } from './import-bytes.ts'
import { packetsOf, pcap, pcapng, talk } from './made-up.ts'

const packets = packetsOf(talk())
const captures = [pcap(packets), pcapng(packets, { timeUnit: 9, withOthers: true })]

const change = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  how: fc.constantFrom('over', 'insert', 'remove', 'repeat'),
})

it('whatever is changed in a capture, it is read to an end', () => {
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
      const { result } = importBytes(bytes)
      expect(result.bytesRead).toBeLessThanOrEqual(bytes.length)
      expect(result.damage?.at ?? 0).toBeLessThanOrEqual(bytes.length)
    }),
    { numRuns: 200 },
  )
})

it('whatever is changed in its packets alone, it is read to its end', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), (changes) => {
      const changed = packets.map(({ atMs, bytes }) => ({ atMs, bytes: bytes.slice() }))
      for (const { at, bytes, how } of changes) {
        const index = Math.floor(at * changed.length)
        const packet = changed[index]
        if (packet === undefined) continue
        if (how === 'remove') changed.splice(index, 1)
        else if (how === 'repeat') changed.splice(index, 0, packet)
        else {
          const from = Math.floor(((at * changed.length) % 1) * Math.max(0, packet.bytes.length - bytes.length))
          packet.bytes.set(bytes.subarray(0, packet.bytes.length), from)
        }
      }
      const { result } = importBytes(pcap(changed))
      expect(result.damage).toBeUndefined()
      expect(result.packets).toBe(changed.length)
    }),
    { numRuns: 200 },
  )
})
