/** What takes long stops soon after a signal, and says how far it came: here on a recording that spans weeks. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { NAMED_SCENARIOS, runScenario, runScenarioPatiently, referenceApps } from 'overworld/scenarios'
import { afterAll, expect, test } from 'vitest'
import { frameBlock, SIGNATURE } from '../../recording/block.ts'
import { overworld_recording } from '../../recording/generated/recording.js'
import { RunningCommand } from './support/command.ts'
import { inProcess } from './support/in-process.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-signals-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { block, kind } = overworld_recording
const weeks = path.join(folder, 'weeks.owrec')
const records = [
  { kind: kind.boot, time: 0 },
  { kind: kind.listened, text: 'ws://127.0.0.1:1/ws' },
  { kind: kind.accepted, time: 1, connection: 1, listener: 1, id: 1, transport: 0, text: '192.0.2.1' },
  { kind: kind.opened, connection: 1 },
  { kind: kind.message, time: 2, connection: 1, bytes: Uint8Array.of(0, 100, 0x0a, 0) },
  // Something happens all the time: longer pauses are cut.
  ...Array.from({ length: 24 * 20 }, (_, hour) => ({
    kind: kind.message,
    time: 10 + hour * 3_000_000,
    connection: 1,
    bytes: Uint8Array.of(9, 9),
  })),
  { kind: kind.closed, time: 24 * 20 * 3_000_000, connection: 1, code: 1000 },
]
const header = { recording: 'weeks', part: 0, started_at: 1.7e12, configuration: '{}', apps: [] }
writeFileSync(weeks, Buffer.concat([SIGNATURE, frameBlock(block.encode({ number: 0, header, records }).finish())]))

test.each([
  ['replay', '--as-scenario', weeks],
  ['fuzz', '--seed', '1', '--from', weeks],
])('overworld %s %s of weeks is refused without --until', async (...args) => {
  const { code, stderr } = await inProcess(args)
  expect(stderr).toMatch(/weeks\S* spans 16\.7 days: say with --until/)
  expect(code).toBe(2)
})

test.each([
  [['replay', '--as-scenario', weeks, '--until', '2000h'], 'SIGTERM', 143],
  [['fuzz', '--seed', '1', '--out', folder, '--from', weeks, '--until', '2000h'], 'SIGINT', 130],
] as const)('overworld %j hears %s', async (args, signal, exitCode) => {
  const command = new RunningCommand(args)
  await command.printed(/ s of [\d,.]+ s /)
  const fromMs = performance.now()
  command.kill(signal)
  const { code, stdout, stderr } = await command.finished
  expect(`${stdout}${stderr}`).toMatch(new RegExp(`stopped by ${signal}`))
  expect(code).toBe(exitCode)
  // A second on a machine that does nothing else.
  expect(performance.now() - fromMs).toBeLessThan(20_000)
})

test('a run with pauses is the run without', async () => {
  for (const scenario of NAMED_SCENARIOS.slice(0, 6)) {
    const options = { apps: referenceApps(scenario.server.tickMs ?? 100) }
    let pauses = 0
    const patient = await runScenarioPatiently(scenario, options, async () => {
      pauses++
      await Promise.resolve()
    })
    expect(patient.fingerprint).toBe(runScenario(scenario, options).fingerprint)
    expect(pauses).toBeGreaterThan(5)
  }
})
