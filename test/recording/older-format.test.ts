/** Recordings of format 1, which had no names of timers, are read and replayed. */
import { readFileSync } from 'node:fs'
import { BlockReader, type Entry } from 'overworld'
import { chat } from 'overworld/scenarios'
import { describeEntry, replay } from 'overworld/sim'
import { expect, it } from 'vitest'
import { eventfulProgram, liveEventfully } from './eventful-life.ts'

function read(file: string): Entry[] {
  const reader = new BlockReader()
  const entries = [...reader.push(readFileSync(file))].flatMap((block) => block.entries)
  expect(reader.damage).toBeUndefined()
  return entries
}

it('a recording of format 1 is replayed, output by output: timers have the same numbers', () => {
  const entries = read('test/recording/format-1.owrec')
  expect(replay(entries, eventfulProgram)).toMatchObject({
    divergence: undefined,
    end: 'ended',
    inputs: 57,
    outputs: 88,
  })
})

it('the same life recorded now has the same inputs, reads and outputs, and names', () => {
  const now = [...new BlockReader().push(Buffer.concat(liveEventfully().chunks))].flatMap((block) => block.entries)
  const nameless = now.map((entry) => {
    const { owner: _, ...rest } = { owner: undefined, ...entry }
    return rest.kind === 'set_timer' ? { ...rest, timer: 0 } : rest
  })
  // The program cancelled a timer that had fired: nothing came of it.
  const before = read('test/recording/format-1.owrec').filter((entry, index, all) => {
    return entry.kind !== 'cancelled' || !all.slice(0, index).some((e) => e.kind === 'fired' && e.timer === entry.timer)
  })
  expect(nameless).toEqual(before)
})

it('a redacted recording of format 1 can be shown', () => {
  const lines = read('test/recording/format-1-redacted.owrec').map((entry) => describeEntry(entry, [chat]))
  expect(lines).toContain('timer 18 fires')
  expect(lines).toContain('sets a timer of 2000 ms')
  expect(lines).toContain('connection 1 comes from address 1 (websocket, id 1)')
})
