/**
 * Each named scenario on real sockets, recorded and replayed. All run at the same time, for nothing here is about how
 * fast they are. OVERWORLD_LOOPBACK=full runs them at their full length.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { Entry } from 'overworld'
import { NAMED_SCENARIOS } from 'overworld/scenarios'
import { replay } from 'overworld/sim'
import { findRecordings, RecordingFileReader } from 'overworld/transports'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runOnLoopback, type LoopbackLife } from './loopback-run.ts'

const isFull = process.env['OVERWORLD_LOOPBACK'] === 'full'
const SHORTER = isFull ? 1 : 10
const AT_ONCE = 8

describe('a named scenario on real loopback sockets replays identically', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'overworld-loopback-'))
  const lives = new Map<string, readonly LoopbackLife[]>()

  beforeAll(
    async () => {
      const waiting = [...NAMED_SCENARIOS]
      const runSome = async (): Promise<void> => {
        for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
          lives.set(scenario.name, await runOnLoopback(scenario, folder, SHORTER))
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, runSome))
    },
    isFull ? 600_000 : 180_000,
  )
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(NAMED_SCENARIOS.map(({ name }) => name))('%s', (name) => {
    const recorded = lives.get(name) ?? []
    expect(recorded.length).toBeGreaterThan(0)
    let sessions = 0
    for (const life of recorded) {
      const [source] = findRecordings(life.folder)
      const reader = new RecordingFileReader(source?.files ?? [])
      const result = replay(entriesOf(reader), life.program, {
        onInput: (_input, server) => (sessions = Math.max(sessions, server?.stats().sessionsStartedTotal ?? 0)),
      })
      expect(result.divergence).toBeUndefined()
      expect(result).toMatchObject({ identical: true, end: 'ended' })
      expect(reader.damage).toBeUndefined()
    }
    expect(sessions).toBeGreaterThan(0)
  })
})

function* entriesOf(reader: RecordingFileReader): Generator<Entry> {
  for (const { entries } of reader.blocks()) yield* entries
}
