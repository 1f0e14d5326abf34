/** A recording in which a clock was set, or nobody came for days, makes a scenario that can be run. */
import { describe, expect, it } from 'vitest'
import { BlockReader, type Entry, type RecordingHeader } from 'overworld'
import { NAMED_SCENARIOS, runScenario, scenarioOfRecording, simulatedArena, simulatedChat } from 'overworld/scenarios'
import { findQuietTimes, QUIET_MS_MAX } from '../../scenarios/recorded/quiet-times.ts'
import { entriesOf, filesOf, recordingBoot, type RecordedLife } from './recorded-run.ts'

const YEAR_MS = 365 * 24 * 3_600_000
const apps = [simulatedChat, simulatedArena(100)]

describe('quiet times', () => {
  it('that are long are cut to the bound, each, and what comes between keeps its distance', () => {
    const { shorten, omission } = findQuietTimes([0, 10, YEAR_MS, YEAR_MS + 5, 2 * YEAR_MS], 1_000)
    expect([0, 10, 11, YEAR_MS, YEAR_MS + 5, 2 * YEAR_MS].map(shorten)).toEqual([
      0,
      10,
      expect.any(Number),
      1_010,
      1_015,
      2_015,
    ])
    expect(omission).toMatch(/^17520 h in which nothing happens/)
  })

  it('that are shorter stay', () => {
    const { shorten, omission } = findQuietTimes([0, 900, 1_900], 1_000)
    expect([0, 900, 1_900].map(shorten)).toEqual([0, 900, 1_900])
    expect(omission).toBeUndefined()
  })
})

it('a recording whose clock jumps by a year is a scenario of little more than an hour, which says so', () => {
  const scenario = NAMED_SCENARIOS.find(
    ({ name, steps }) => name !== '' && steps.length > 3 && !steps.some(({ do: what }) => what === 'crash'),
  )
  if (scenario === undefined) throw new Error('there is none')
  const lives: RecordedLife[] = []
  runScenario(scenario, { apps, boot: recordingBoot(lives) })
  const [life] = lives
  if (life === undefined) throw new Error('nothing was recorded')
  const files = filesOf(life)
  const reader = new BlockReader()
  let header: RecordingHeader | undefined
  for (const file of files) for (const block of reader.push(file)) header ??= block.header
  if (header === undefined) throw new Error('a recording without a header')
  const entries = [...entriesOf(files)]
  const middle = entries.findIndex((entry) => entry.kind === 'message' && entry.atMs > 2_000)
  expect(middle).toBeGreaterThan(0)
  const jumped = entries.map((entry, index): Entry =>
    index >= middle && 'atMs' in entry ? { ...entry, atMs: entry.atMs + YEAR_MS } : entry,
  )
  const codecs = apps.map(({ app }) => app)
  const made = scenarioOfRecording({ header, entries: jumped, apps: codecs })
  expect(made.scenario.durationMs).toBeLessThan(1.5 * QUIET_MS_MAX)
  expect(made.scenario.durationMs).toBeGreaterThan(QUIET_MS_MAX)
  expect(made.omissions.join()).toMatch(
    /8759(\.\d)? h in which nothing happens: a pause that is longer than 1 h is cut to that/,
  )
  expect(made.scenario.steps.length).toBe(scenarioOfRecording({ header, entries, apps: codecs }).scenario.steps.length)
})
