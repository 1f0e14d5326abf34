/** What is exported as a capture and imported again is what was recorded. */
import { BlockReader, type Entry } from 'overworld'
import { NAMED_SCENARIOS, type Scenario } from 'overworld/scenarios'
import { describe, expect, it } from 'vitest'
import { RecordingExport } from '../../cli/capture/export-recording.ts'
import { filesOf, recordScenario, type RecordedLife } from '../recording/recorded-run.ts'
import { conversationsOf } from './conversations.ts'
import { importBytes } from './import-bytes.ts'

interface Exported {
  readonly entries: readonly Entry[]
  readonly capture: Uint8Array
}

function exportLife(life: RecordedLife): Exported {
  const parts: Uint8Array[] = []
  const exported = new RecordingExport('test', (bytes) => void parts.push(bytes))
  const reader = new BlockReader()
  const entries: Entry[] = []
  let isFirst = true
  for (const file of filesOf(life)) {
    for (const block of reader.push(file)) {
      if (isFirst && block.header !== undefined) exported.begin(block.header)
      isFirst = false
      for (const entry of block.entries) exported.handle(entry)
      entries.push(...block.entries)
    }
    reader.endOfFile()
  }
  return { entries, capture: new Uint8Array(Buffer.concat(parts)) }
}

function timesOf(entries: readonly Entry[]): readonly number[] {
  const messages = entries.filter((entry) => entry.kind === 'message' || entry.kind === 'accepted')
  const first = messages[0]?.atMs ?? 0
  return messages.map(({ atMs }) => atMs - first)
}

describe('a recording that is exported and imported', () => {
  it.each(NAMED_SCENARIOS.map((scenario: Scenario) => [scenario.name, scenario] as const))(
    'is what it was: %s',
    (_, scenario) => {
      for (const life of recordScenario(scenario).lives) {
        const { entries, capture } = exportLife(life)
        const imported = importBytes(capture)
        expect(imported.result.damage).toBeUndefined()
        const [expected, found] = [conversationsOf(entries), conversationsOf(imported.entries)]
        expect(found.map(({ heard }) => heard)).toEqual(expected.map(({ heard }) => heard))
        expect(found.map(({ said }) => said)).toEqual(expected.map(({ said }) => said))
        const [then, now] = [timesOf(entries), timesOf(imported.entries)]
        expect(now.length).toBe(then.length)
        for (const [index, atMs] of now.entries()) expect(atMs).toBeCloseTo(then[index] ?? NaN, 3)
        const { open_at_end: _open, ...others } = imported.findings
        expect(others).toEqual({})
      }
    },
  )
})
