/** What a recording says of timers: which one was set, fired, was cancelled, and in which words. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BlockReader, type Entry } from 'overworld'
import { chat } from 'overworld/scenarios'
import { describeEntry, replay } from 'overworld/sim'
import { afterAll, expect, it } from 'vitest'
import { inProcess } from '../cli/support/in-process.ts'
import { eventfulProgram, liveEventfully } from './eventful-life.ts'
import { entriesOf } from './recorded-run.ts'

const base = mkdtempSync(path.join(tmpdir(), 'overworld-timers-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

function record(settings: Parameters<typeof liveEventfully>[0] = {}): { bytes: Uint8Array; entries: Entry[] } {
  const bytes = new Uint8Array(Buffer.concat(liveEventfully(settings).chunks))
  return { bytes, entries: [...new BlockReader().push(bytes)].flatMap((block) => block.entries) }
}

function linesOf(entries: readonly Entry[]): readonly string[] {
  return entries.map((entry) => describeEntry(entry, [chat]))
}

it('names each timer where it is set, fires and is cancelled', () => {
  const lines = linesOf(record().entries)
  expect(lines).toEqual(
    expect.arrayContaining([
      "sets timer 1, tick of zone 'lobby', to 400 ms",
      "timer 1: tick of zone 'lobby' is due",
      'sets timer 5, request of session 1, to 5000 ms',
      'cancels timer 5, request of session 1',
      'timer 6: beacon of session 1 is due',
      "timer 11: timer 1 of zone 'lobby' is due",
      'timer 18: grace of session 1 is over',
      'cancels timer 19, grace of session 2',
      'timer 2: timer of the program is over',
      'timer 38: drain is over',
    ]),
  )
  expect(lines.filter((line) => /timer \d+ fires|sets a timer of/.test(line))).toEqual([])
})

it('a redacted recording has no name of a zone or an app in its timers', () => {
  const { bytes, entries } = record({ isRedacted: true })
  const text = Buffer.from(bytes).toString('latin1')
  expect(Buffer.from(record().bytes).toString('latin1').split('lobby').length).toBeGreaterThan(10)
  // The call from outside has named the zone as before.
  expect(text.split('lobby').length - 1).toBe(1)
  expect(linesOf(entries)).toEqual(
    expect.arrayContaining(['timer 18: grace of session 1 is over', "timer 1: tick of zone '' is due"]),
  )
})

it('a timer has its name in later blocks and files, and none where the file in which it was set is missing', () => {
  const parts: Uint8Array[][] = []
  liveEventfully({
    partBytesMax: 700,
    sink: {
      append(bytes, startsPart) {
        if (startsPart) parts.push([])
        parts.at(-1)?.push(bytes)
      },
    },
  })
  const files = parts.map((blocks) => new Uint8Array(Buffer.concat(blocks)))
  expect(files.length).toBeGreaterThan(2)
  expect(linesOf([...entriesOf(files)])).toEqual(linesOf(record().entries))
  const headless = linesOf([...entriesOf(files.slice(1))])
  expect(headless.some((line) => /^timer \d+ fires$/.test(line))).toBe(true)
  expect(headless).toContain('timer 18: grace of session 1 is over')
})

it('`overworld inspect` shows deadlines of sessions, and all timers with --all', async () => {
  const file = path.join(base, 'eventful.owrec')
  writeFileSync(file, record().bytes)
  const plain = await inProcess(['inspect', file])
  expect(plain.stdout).toMatch(/3\.100 s {2}session 1 {4}timer 18: grace of session 1 is over/)
  expect(plain.stdout).not.toContain('tick of zone')
  const ofSession = await inProcess(['inspect', file, '--session', '2', '--all'])
  expect(ofSession.stdout).toContain('sets timer 19, grace of session 2, to 2000 ms')
  expect(ofSession.stdout).not.toContain('grace of session 1')
})

it('a divergence names the timer, its session, and what led to it', () => {
  const { entries } = record()
  const longer = entries.map((entry): Entry =>
    entry.kind === 'set_timer' && entry.owner?.name === 'grace' && entry.timer === 19
      ? { ...entry, delayMs: 2_001 }
      : entry,
  )
  const { divergence } = replay(longer, eventfulProgram)
  expect(divergence).toMatchObject({
    recorded: 'sets timer 19, grace of session 2, to 2001 ms',
    now: 'sets timer 19, grace of session 2, to 2000 ms',
    session: 2,
  })
  expect(divergence?.ledTo.join('\n')).toContain('cancels timer 12, beacon of session 2')
  // The same delay for something else is a difference, too.
  const renamed = entries.map((entry): Entry =>
    entry.kind === 'set_timer' && entry.timer === 18 ? { ...entry, owner: { name: 'grace', session: 2 } } : entry,
  )
  expect(replay(renamed, eventfulProgram).divergence?.now).toBe('sets timer 18, grace of session 1, to 2000 ms')
})
